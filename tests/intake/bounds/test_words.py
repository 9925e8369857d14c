"""Texts of bounds, as offices write them."""

from __future__ import annotations

import pytest
from shapely.geometry import LineString, Point, box

from civdef.intake.bounds.names import Names
from civdef.intake.bounds.ring import enclose
from civdef.intake.bounds.words import names_of, parse_text, sides_of


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        (
            "东至A路，南至B街，西至C巷，北至D河",
            {"east": "A路", "south": "B街", "west": "C巷", "north": "D河"},
        ),
        ("东到东风路、南京路；西邻西湖", {"east": "东风路、南京路", "west": "西湖"}),
        ("北：北清路。南面：南环", {"north": "北清路", "south": "南环"}),
        ("East to A Road; north: middle of B Street", {"east": "A Road", "north": "middle of B Street"}),
        ("辖区共两条街", {}),
        ("", {}),
    ],
)
def test_text(text: str, sides: dict[str, str]) -> None:
    assert parse_text(text) == sides


def test_cells() -> None:
    assert sides_of({"east": "东至东风路", "west": "西湖"}) == {"east": "东风路", "west": "西湖"}
    assert [w[-1] for w in names_of("和平路中心线、人民路西侧和A街路中")] == ["和平路", "人民路", "A街"]
    assert names_of("the middle of Unity Road")[0][-1] == "Unity Road"


def test_names() -> None:
    line = LineString([(0, 0), (1, 0)])
    names = Names(
        [
            (["和平路", "Peace Road"], line),
            (["和平路北段"], line),
            (["解放大街"], line),
            (["胜利路"], line),
            (["胜利街"], line),
        ]
    )
    found = names.find(["和平路"])
    assert found is not None
    assert len(found.shapes) == 2
    assert not found.told
    like = names.find(["解放路"])
    assert like is not None
    assert like.name == "解放大街"
    assert like.told
    assert names.find(["胜利大道"]) is None  # two are alike: the user says which
    assert names.find(["peace rd."]) is not None
    assert names.near(["和平道路"])[0] == "和平路"


def test_carriageways_are_halved_and_gaps_told() -> None:
    west, north, south = (
        LineString([(0, -50), (0, 350)]),
        LineString([(-50, 300), (450, 300)]),
        LineString([(-50, 0), (450, 0)]),
    )
    east = [LineString([(400, -50), (400, 350)]), LineString([(420, -50), (420, 350)])]
    ring = enclose([("E", east), ("S", [south]), ("W", [west]), ("N", [north])], 30)
    assert ring.area is not None
    assert ring.area.symmetric_difference(box(0, 0, 410, 300)).area < 0.02 * 410 * 300
    short = LineString([(-50, 0), (380, 0)])
    ring = enclose([("E", east), ("S", [short]), ("W", [west]), ("N", [north])], 30)
    assert ring.area is not None
    assert [round(g.distance_m) for g in ring.bridged] == [20]
    ring = enclose([("E", east), ("S", [short]), ("W", [west]), ("N", [north])], 10)
    assert ring.area is None
    assert [(g.first, g.second, round(g.distance_m)) for g in ring.gaps] == [("E", "S", 20)]
    assert ring.gaps[0].at.distance(Point(390, 0)) < 1
