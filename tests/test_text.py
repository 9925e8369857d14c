"""How names are set among Chinese characters."""

from __future__ import annotations

import pytest

from civdef.text import Text, apart, listing, nearest, percent


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


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (100.0, "100%"), (99.996, "99.99%"), (99.98, "99.98%"), (99.9, "99.9%"), (95.0, "95%"), (0.004, "0.01%"), (0.0, "0%"),
        (112.4, "112%"),
    ],
)  # fmt: skip
def test_a_share_is_0_or_100_only_if_it_is(value: float, said: str) -> None:
    assert percent(value) == said


def test_a_kind_makes_no_two_names_alike() -> None:
    known = ["building/h4", "building/wanghai-tower"]
    assert nearest("building/wanghai-towr", known) == "building/wanghai-tower"
    assert nearest("building/zzz", known) is None
    assert nearest("bilding/h4", known) == "building/h4"


def test_items_that_hold_commas_are_told_apart_by_semicolons() -> None:
    areas = [Text("内涝区、甲", "flood, over 1 m"), Text("乙", "0.5 to 1 m")]
    assert listing(areas) == Text("内涝区、甲；乙", "flood, over 1 m; 0.5 to 1 m")
    assert listing(["a", "b"]) == Text("a、b", "a, b")


def test_what_was_cut_stands_apart_from_a_latin_name() -> None:
    assert listing(["人民路", "plan/flood", "c"], 2).zh == "人民路、plan/flood 等 3 项"
    assert listing(["a", "人民路", "c"], 2) == Text("a、人民路等 3 项", "a, 人民路 and 1 more")
