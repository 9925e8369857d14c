"""How names are set among Chinese characters."""

from __future__ import annotations

import pytest

from civdef.text import apart


@pytest.mark.parametrize(
    ("name", "set_"),
    [
        ("人民路", "人民路"),
        ("Bulevardi", " Bulevardi "),
        ("Ålandsgatan 5", " Ålandsgatan 5 "),
        ("A座", " A座"),
        ("", ""),
    ],
)
def test_latin_ends_stand_apart(name: str, set_: str) -> None:
    assert apart(name) == set_
