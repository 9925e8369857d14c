"""Values of tags as people write them."""

from __future__ import annotations

import pytest

from civdef.intake.osm import tags


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.5", 3.5), ("3,5 m", 3.5), ("350 cm", 3.5), ("10'", 3.048), ("10'6\"", 3.2004), ("12 ft", 3.6576),
        ("4;6", 4.0), ("wide", None), ("", None), (None, None), ("1e400", None), ("3 furlongs", None),
    ],
)  # fmt: skip
def test_lengths(text: str | None, metres: float | None) -> None:
    found = tags.length_m(text)
    assert found == (pytest.approx(metres) if metres is not None else None)


@pytest.mark.parametrize(
    ("text", "kmh"), [("50", 50), ("30 mph", 48.28032), ("CN:urban", None), ("walk", None)]
)
def test_speeds(text: str, kmh: float | None) -> None:
    assert tags.speed_kmh(text) == (pytest.approx(kmh) if kmh is not None else None)


def test_half_floors_are_walked_down_too() -> None:
    assert tags.whole("5.5", 1, 200) == 6
    assert tags.whole("0", 1, 200) is None
    assert tags.whole("-3", 1, 200) is None


def test_a_plain_name_goes_where_its_script_says() -> None:
    assert tags.names({"name": "清华路"}) == {"name_zh": "清华路"}
    assert tags.names({"name": "Fabianinkatu", "name:zh": "法比安街"}) == {
        "name_zh": "法比安街",
        "name_en": "Fabianinkatu",
    }
    assert tags.names({"name": "至善路", "name:en": "Zhishan Road"}) == {
        "name_zh": "至善路",
        "name_en": "Zhishan Road",
    }
    assert tags.names({"name": " \t\u202e "}) == {}
    assert tags.names({}) == {}


def test_names_keep_rare_characters_and_lose_what_cannot_be_printed() -> None:
    assert tags.names({"name": "䶮𠮷\u0000路\u202e"}) == {"name_zh": "䶮𠮷 路"}
    assert len(tags.names({"name": "长" * 5000})["name_zh"]) == tags.LONGEST_NAME


def test_addresses() -> None:
    assert tags.address({"addr:street": "清华西路", "addr:housenumber": "28"}) == {"name_zh": "清华西路28号"}
    assert tags.address({"addr:street": "清华西路", "addr:housenumber": "28號"}) == {
        "name_zh": "清华西路28號"
    }
    assert tags.address({"addr:street": "Fabianinkatu", "addr:housenumber": "12 b"}) == {
        "name_en": "Fabianinkatu 12 b"
    }
    assert tags.address({"addr:street": "清华西路"}) == {}


@pytest.mark.parametrize(
    ("text", "year"), [("1985", 1985), ("1985-04", 1985), ("C19", None), ("19850", None), ("0900", None)]
)
def test_years(text: str, year: int | None) -> None:
    assert tags.year(text) == year
