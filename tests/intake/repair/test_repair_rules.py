"""Street repair, rule by rule: each fault is drawn by hand and its mending is known."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.repair import Repaired, repair_streets
from civdef.model.settings import StreetRepair

LON, LAT = 123.0, 28.5
M_LON, M_LAT = 1 / 97_870, 1 / 110_830
"""Degrees in a metre there, near enough for drawing; the tests measure what they need on the ellipsoid."""

Feature = tuple[dict[str, Any], BaseGeometry]


def road(name: str, *points: tuple[float, float], **more: Any) -> Feature:
    """Return a road drawn through points given in metres east and north of a corner."""
    line = shapely.LineString([(round(LON + x * M_LON, 7), round(LAT + y * M_LAT, 7)) for x, y in points])
    return {"id": f"road/{name}", "kind": "residential", "walk": True, "drive": "both", **more}, line


def mend(*roads: Feature, **more: Any) -> Repaired:
    """Repair with the default tolerances, and see that a second run changes nothing."""
    walls, gates = more.pop("walls", ()), more.pop("gates", ())
    tolerances = StreetRepair(**more)
    out = repair_streets(roads, tolerances, walls=walls, gates=gates)
    again = repair_streets(out.features, tolerances, walls=walls, gates=gates)
    assert [(p, s.wkt) for p, s in again.features] == [(p, s.wkt) for p, s in out.features]
    assert all(r.action == "noted" for r in again.repairs)
    return out


def drawn(out: Repaired, name: str) -> list[tuple[float, float]]:
    """Return a road's vertices in metres, rounded to 10 cm."""
    shape = next(s for p, s in out.features if p["id"] == f"road/{name}")
    return [(round((x - LON) / M_LON, 1), round((y - LAT) / M_LAT, 1)) for x, y in shape.coords]


def test_a_crossing_gets_one_vertex_on_both_lines() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, -30), (40, 50)))
    assert drawn(out, "a") == [(0, 0), (40, 0), (100, 0)]
    assert drawn(out, "b") == [(40, -30), (40, 0), (40, 50)]
    spots = [set(s.coords) for _, s in out.features]
    assert len(spots[0] & spots[1]) == 1, "the vertex is the same to the last digit"
    assert (out.before.components, out.after.components) == (2, 1)
    assert out.counts() == {"crossing": 1}


@pytest.mark.parametrize(
    ("above", "told"),
    [
        ({"layer": 1, "bridge": True}, {}),
        ({"layer": -1, "tunnel": True}, {}),
        ({"bridge": True}, {"implied-layer": 1}),
        ({"tunnel": True}, {"implied-layer": 1}),
    ],
)
def test_bridges_and_tunnels_stay_apart_from_what_they_cross(
    above: dict[str, Any], told: dict[str, int]
) -> None:
    ramp = road("ramp", (40, 50), (40, 90))
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, -30), (40, 50), **above), ramp)
    assert len(drawn(out, "a")) == 2
    assert out.after.components == 2, "the bridge hangs together with its ramp, not with the street below"
    assert {k: v for k, v in out.counts().items() if k != "island"} == told


def test_a_layer_that_is_stated_is_believed() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, -30), (40, 50), bridge=True, layer=0))
    assert out.after.components == 1


def test_an_expressway_that_crosses_on_one_level_is_left_alone_and_told() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("e", (40, -30), (40, 50), walk=False, kind="primary"))
    assert (len(drawn(out, "a")), len(drawn(out, "e"))) == (2, 2)
    assert [(r.rule, r.action, r.road_id, r.other_id) for r in out.repairs] == [
        ("expressway", "noted", "road/a", "road/e")
    ]


@pytest.mark.parametrize("name", [{"name_zh": "东风路立交桥"}, {"name_en": "Kebayoran Lama Flyover"}])
def test_a_name_that_says_viaduct_is_believed_until_a_layer_is_stated(name: dict[str, str]) -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("f", (40, -30), (40, 50), **name))
    assert [(r.rule, r.action) for r in out.repairs if r.rule != "island"] == [("raised", "noted")]
    assert len(drawn(out, "a")) == 2
    joined = mend(road("a", (0, 0), (40, 0), (100, 0)), road("f", (40, 0), (40, 50), **name))
    assert joined.after.components == 1, "a viaduct whose end meets a street still does"


def test_a_road_that_a_plan_names_is_never_merged_into_another() -> None:
    roads = road("a", (0, 0), (100, 0)), road("b", (0, 0.2), (100, 0.2))
    out = repair_streets(roads, StreetRepair(), keep=["road/b"])
    assert [p["id"] for p, _ in out.features] == ["road/b"]
    both = repair_streets(roads, StreetRepair(), keep=["road/a", "road/b"])
    assert {p["id"] for p, _ in both.features} == {"road/a", "road/b"}
    cut = road("c", (30, 0), (60, 0))
    whole = road("d", (0, 0), (30, 0), (60, 0), (100, 0))
    kept = repair_streets([whole, cut], StreetRepair(), keep=["road/c"])
    assert "road/c" in {p["id"] for p, _ in kept.features}
    assert kept.after.components == 1


def test_an_end_that_nearly_meets_a_street_is_drawn_on_to_it() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, 60), (40, 1.6)))
    assert drawn(out, "b") == [(40, 60), (40, 1.6), (40, 0)]
    assert drawn(out, "a") == [(0, 0), (40, 0), (100, 0)]
    (found,) = out.repairs
    assert (found.rule, found.feature, found.road_id, found.other_id) == ("near-miss", 1, "road/b", "road/a")
    assert "1.60" in found.reason.zh
    assert "1.60" in found.before.en


def test_a_small_gap_is_closed_by_moving_the_end() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, 60), (40, 0.5)))
    assert drawn(out, "b") == [(40, 60), (40, 0)]


def test_two_ends_meet_and_a_wider_gap_stays() -> None:
    out = mend(
        road("a", (0, 0), (50, 0)),
        road("b", (51, 0.5), (100, 0)),
        road("c", (100, 2.5), (100, 60)),
        island_gap_m=0,
    )
    assert out.after.components == 2
    assert out.counts() == {"near-miss": 1, "island": 1}
    assert next(r for r in out.repairs if r.rule == "island").action == "noted"


def test_an_end_inside_tolerance_of_two_streets_takes_the_nearer() -> None:
    out = mend(
        road("a", (0, 0), (100, 0)), road("z", (0, 3), (100, 3)), road("b", (40, 60), (40, 4.2), (40, 1.2), layer=0),
        duplicate_m=0,
    )  # fmt: skip
    assert drawn(out, "b")[-1] == (40, 0)


def test_a_short_stub_beyond_a_crossing_is_cut_a_long_one_stays() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("b", (40, 60), (40, -1.5)), road("c", (70, 60), (70, -9)))
    assert drawn(out, "b") == [(40, 60), (40, 0)]
    assert drawn(out, "c") == [(70, 60), (70, 0), (70, -9)]
    assert out.counts() == {"crossing": 2, "overshoot": 1}


@pytest.mark.parametrize("turned", [False, True])
def test_a_street_drawn_twice_stays_once_with_every_permission(turned: bool) -> None:
    points = [(0.0, 0.0), (50.0, 5.0), (100.0, 0.0)]
    twin = [(x, y + 0.4) for x, y in (points[::-1] if turned else points)]
    out = mend(
        road("a", *points, drive="forward"),
        road("b", *twin, drive="forward", name_zh="安定路"),
        road("side", (100, 0.4), (100, 80)),
    )
    assert [p["id"] for p, _ in out.features] == ["road/a", "road/side"]
    kept = out.features[0][0]
    assert kept["drive"] == ("both" if turned else "forward")
    assert kept["name_zh"] == "安定路"
    assert out.after.components == 1, "what met the twin now meets the one that stays"


def test_a_part_that_permits_more_than_the_line_it_runs_along_stays() -> None:
    out = mend(
        road("e", (0, 0), (300, 0), walk=False, kind="primary"), road("path", (50, 0.5), (120, 0.5), kind="footway", drive="none"),
        near_miss_m=0, island_gap_m=0,
    )  # fmt: skip
    assert len(out.features) == 2


def test_steps_are_never_merged_into_a_level_way() -> None:
    steps = road("s", (0, 0), (30, 0), kind="steps", drive="none")
    out = mend(
        steps, road("p", (0, 0.3), (30, 0.3), kind="footway", drive="none"), near_miss_m=0, island_gap_m=0
    )
    assert len(out.features) == 2


def test_a_shared_stretch_stays_once_and_the_rest_goes_on() -> None:
    out = mend(
        road("a", (0, 0), (30, 0), (60, 0), (100, 0)),
        road("b", (30, 40), (30, 0), (60, 0), (60, -40)),
    )
    assert drawn(out, "a") == [(0, 0), (30, 0), (60, 0), (100, 0)]
    assert drawn(out, "b") == [(30, 40), (30, 0)]
    assert drawn(out, "b-2") == [(60, 0), (60, -40)]
    assert out.counts() == {"overlap": 1}
    assert out.after.components == 1


def test_a_line_folded_back_on_itself_is_drawn_once() -> None:
    out = mend(road("a", (0, 0), (50, 0), (80, 0), (50, 0), (50, 40)))
    assert sum(s.length for _, s in out.features) < 1.01 * (120 * M_LON)
    assert out.counts() == {"folded": 1}
    assert out.after.components == 1


def test_a_line_that_crosses_itself_gets_a_vertex_there_twice() -> None:
    out = mend(road("a", (0, 0), (60, 0), (60, 40), (30, 40), (30, -40)))
    assert drawn(out, "a").count((30, 0)) == 2


def test_no_length_and_repeated_vertices() -> None:
    out = mend(
        road("a", (0, 0), (50, 0), (50, 0), (90, 0)),
        road("b", (10, 10), (10, 10)),
        road("c", (90, 0), (90, 40)),
    )
    assert [p["id"] for p, _ in out.features] == ["road/a", "road/c"]
    assert out.counts() == {"no-length": 1, "repeated-vertex": 1}
    assert [r.action for r in out.repairs] == ["dropped", "repaired"]


def test_an_island_is_joined_across_a_gap_that_explains_it_else_told() -> None:
    out = mend(
        road("a", (0, 0), (100, 0)), road("b", (40, 60), (40, 4)), road("far", (0, 200), (50, 200)), near_miss_m=2
    )  # fmt: skip
    joined, left = [r for r in out.repairs if r.rule == "island"]
    assert (joined.road_id, joined.action) == ("road/b", "repaired")
    assert (left.road_id, left.action) == ("road/far", "noted")
    assert "140" in left.reason.zh
    assert (out.before.components, out.after.components) == (3, 2)
    assert out.after.largest_share == pytest.approx(160 / 210, abs=0.01)


def test_only_as_many_gaps_of_an_island_are_closed_as_it_takes() -> None:
    out = mend(road("a", (0, 0), (100, 0)), road("u", (20, 4), (20, 50), (80, 50), (80, 4)))
    assert out.counts() == {"island": 1}


def test_a_gap_is_not_closed_through_a_wall_unless_there_is_a_gate() -> None:
    area = shapely.box(LON - 10 * M_LON, LAT + 0.8 * M_LAT, LON + 200 * M_LON, LAT + 90 * M_LAT)
    roads = road("a", (0, 0), (100, 0)), road("b", (40, 60), (40, 1.6))
    out = mend(*roads, walls=[area])
    assert out.after.components == 2
    assert {r.rule for r in out.repairs} == {"wall", "island"}
    gate = shapely.Point(LON + 40 * M_LON, LAT + 0.8 * M_LAT)
    assert mend(*roads, walls=[area], gates=[gate]).after.components == 1


def test_one_way_streets_and_steps_keep_their_way() -> None:
    out = mend(
        road("a", (0, 0), (100, 0), drive="backward"),
        road("b", (40, 60), (40, 1), kind="steps", drive="none"),
    )
    kept = {p["id"]: p for p, _ in out.features}
    assert kept["road/a"]["drive"] == "backward"
    assert (kept["road/b"]["kind"], kept["road/b"]["drive"]) == ("steps", "none")
    assert drawn(out, "a")[0] == (0, 0), "drawn in the same direction"


def test_names_with_braces_are_text() -> None:
    out = mend(road("a", (0, 0), (100, 0), name_zh="{o}{x}"), road("b", (40, 60), (40, 1)))
    assert "{o}{x}" in out.repairs[0].reason.zh


def test_nothing_drawn_nothing_done() -> None:
    out = repair_streets([], StreetRepair())
    assert (out.features, out.repairs, out.after.largest_share) == ([], [], 1.0)
