"""Streets: who may use them, how wide, on which level, and shared vertices that stay shared."""

from __future__ import annotations

import pytest

from civdef.intake.osm import streets
from civdef.model.town import Drive, RoadKind
from tests.intake.osm.drawing import Drawing


def one(**tags: str) -> dict[str, object] | None:
    town = Drawing()
    town.way([(0, 0), (50, 0)], **tags)
    found = streets.streets(town.extract(), None)
    assert found.read == 1
    return found.features[0][0] if found.features else None


@pytest.mark.parametrize(
    ("tags", "walk", "drive"),
    [
        ({"highway": "residential"}, True, "both"),
        ({"highway": "residential", "oneway": "yes"}, True, "forward"),
        ({"highway": "residential", "oneway": "-1"}, True, "backward"),
        ({"highway": "residential", "junction": "roundabout"}, True, "forward"),
        ({"highway": "residential", "junction": "roundabout", "oneway": "no"}, True, "both"),
        ({"highway": "motorway"}, False, "forward"),
        ({"highway": "trunk", "motorroad": "yes"}, False, "both"),
        ({"highway": "trunk", "name": "南北高架路", "oneway": "yes"}, False, "forward"),
        ({"highway": "trunk", "name": "北环大道"}, True, "both"),
        ({"highway": "trunk_link", "bridge": "yes"}, False, "both"),
        ({"highway": "trunk", "name": "南北高架路", "foot": "yes"}, True, "both"),
        ({"highway": "steps"}, True, "none"),
        ({"highway": "footway"}, True, "none"),
        ({"highway": "pedestrian", "motor_vehicle": "destination"}, True, "both"),
        ({"highway": "service", "access": "private"}, True, "both"),
        ({"highway": "service", "access": "no", "foot": "yes"}, True, "none"),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, False, "both"),
        ({"highway": "primary", "foot": "use_sidepath"}, True, "both"),
        ({"highway": "cycleway", "foot": "no", "motor_vehicle": "yes"}, False, "both"),
        ({"highway": "track", "vehicle": "no"}, True, "none"),
    ],
)
def test_permissions(tags: dict[str, str], walk: bool, drive: str) -> None:
    found = one(**tags)
    assert found is not None
    assert (found["walk"], found["drive"]) == (walk, drive)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "platform"}, {"highway": "corridor"}, {"highway": "construction"}, {"highway": "proposed"},
        {"highway": "elevator"}, {"highway": "footway", "indoor": "yes"}, {"highway": "service", "access": "no"},
        {"highway": "cycleway", "foot": "no"}, {"highway": "path", "abandoned": "yes"}, {"highway": "raceway"},
    ],
)  # fmt: skip
def test_no_street_is_left_out_with_a_reason(tags: dict[str, str]) -> None:
    town = Drawing()
    town.way([(0, 0), (50, 0)], **tags)
    found = streets.streets(town.extract(), None)
    assert found.features == []
    assert (found.read, found.dropped, found.repaired) == (1, 1, 0)
    (change,) = found.changes
    assert (change.ref, change.action) == ("way/1", "dropped")
    assert change.reason.zh
    assert change.reason.en


def test_an_unknown_class_is_residential_and_said() -> None:
    town = Drawing()
    town.way([(0, 0), (50, 0)], highway="hoverlane")
    found = streets.streets(town.extract(), None)
    assert found.features[0][0]["kind"] == RoadKind.RESIDENTIAL.value
    assert "hoverlane" in found.changes[0].reason.zh


@pytest.mark.parametrize(
    ("tags", "metres"),
    [
        ({"highway": "residential"}, 4.0), ({"highway": "residential", "width": "6.5 m"}, 6.5),
        ({"highway": "primary", "lanes": "6"}, 18.0), ({"highway": "primary", "lanes": "2"}, 8.0),
        ({"highway": "service", "lanes": "1"}, 3.0), ({"highway": "steps", "lanes": "4"}, 2.0),
        ({"highway": "residential", "width": "900"}, 4.0), ({"highway": "footway", "width": "-3"}, 2.5),
    ],
)  # fmt: skip
def test_widths(tags: dict[str, str], metres: float) -> None:
    found = one(**tags)
    assert found is not None
    assert found["width_m"] == pytest.approx(metres)


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ({}, (0, False, False)), ({"bridge": "yes"}, (1, True, False)), ({"bridge": "viaduct", "layer": "2"}, (2, True, False)),
        ({"tunnel": "yes"}, (-1, False, True)), ({"tunnel": "culvert", "layer": "-3"}, (-3, False, True)),
        ({"tunnel": "building_passage"}, (0, False, False)), ({"layer": "9"}, (5, False, False)),
        ({"layer": "0", "bridge": "yes"}, (1, True, False)), ({"bridge": "no"}, (0, False, False)),
        ({"layer": "ground"}, (0, False, False)),
    ],
)  # fmt: skip
def test_levels(tags: dict[str, str], level: tuple[int, bool, bool]) -> None:
    assert streets.level(tags) == level


def test_ways_that_share_a_node_share_its_vertex_to_the_digit() -> None:
    town = Drawing()
    town.way([(0.123, 0.456), (33.333, 7.777), (80.1, 12.9)], highway="residential")
    town.way([(33.333, 7.777), (30.2, 90.4)], highway="service")
    found = streets.streets(town.extract(), None)
    first, second = (s for _, s in found.features)
    assert first.coords[1] == second.coords[0]
    assert all(round(c, 7) == c for p in first.coords for c in p)


def test_a_street_that_leaves_the_area_is_cut_at_a_node() -> None:
    town = Drawing()
    town.way([(0, 0), (100, 0), (400, 0), (700, 0), (5000, 0)], highway="residential")
    town.way([(3000, 0), (4000, 0)], highway="residential")
    extract = town.extract((0, -100, 200, 100))
    found = streets.streets(extract, extract.bounds)
    assert [p["id"] for p, _ in found.features] == ["road/w1"]
    assert len(found.features[0][1].coords) == 3, "one node beyond the margin is kept"
    assert (found.dropped, found.repaired) == (1, 1)


def test_missing_nodes_split_a_street_and_ids_stay_apart() -> None:
    town = Drawing()
    town.way([(0, 0), (10, 0), (20, 0), (30, 0), (40, 0)], missing=[2], highway="residential")
    town.way([(0, 9), (10, 9)], missing=[0], highway="residential")
    found = streets.streets(town.extract(), None)
    assert [p["id"] for p, _ in found.features] == ["road/w1", "road/w1-2"]
    assert (found.dropped, found.repaired) == (1, 1)


def test_the_edge_of_a_plaza_is_walked() -> None:
    town = Drawing()
    edge = town.square(0, 0, 40)
    town.relation([(edge, "outer")], highway="pedestrian", name="人民广场")
    town.square(100, 0, 40, highway="pedestrian")
    found = streets.streets(town.extract(), None)
    assert [p["id"] for p, _ in found.features] == ["road/w1", "road/w2"]
    assert found.features[0][0]["name_zh"] == "人民广场"
    assert found.read == 1, "only ways that are streets themselves are counted as read"
    assert all("边线" in c.reason.zh for c in found.changes)


def test_permission_of_every_kind_is_known() -> None:
    for value, kind in streets.MORE_KINDS.items():
        walk, drive = streets.permission({"highway": value}, kind)
        assert walk or drive is not Drive.NONE
