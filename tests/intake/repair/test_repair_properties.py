"""Street repair on random drawings: done once is done for good, nothing is lost, and networkx counts the same parts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from civdef.intake.repair import repair_streets
from civdef.intake.repair.connect import components
from civdef.intake.repair.lines import Streets
from civdef.model.settings import StreetRepair

LON, LAT = 116.3, 39.9
UNIT = 1e-7

Feature = tuple[dict[str, Any], BaseGeometry]

coordinate = st.integers(
    0, 4000
)  # about 30 by 45 m in units of about a centimetre: everything is near everything
coarse = st.integers(0, 12).map(lambda k: k * 300)  # shared vertices, overlaps and folds come often
point = st.tuples(coordinate, coordinate) | st.tuples(coarse, coarse)


@st.composite
def drawings(draw: st.DrawFn, most: int = 9) -> list[Feature]:
    """Return streets with every kind of fault at once."""
    out: list[Feature] = []
    for k in range(draw(st.integers(1, most))):
        points = draw(st.lists(point, min_size=2, max_size=6))
        line = shapely.LineString([(round(LON + x * UNIT, 7), round(LAT + y * UNIT, 7)) for x, y in points])
        kind = draw(st.sampled_from(["residential", "residential", "footway", "steps"]))
        more: dict[str, Any] = {"layer": draw(st.sampled_from([0, 0, 0, 1, -1]))}
        if draw(st.integers(0, 9)) == 0:
            more = {"bridge": True}
        out.append(
            (
                {
                    "id": f"road/r{k}",
                    "kind": kind,
                    "walk": draw(st.integers(0, 9)) > 0,
                    "drive": draw(st.sampled_from(["both", "forward", "backward", "none"])),
                    **more,
                },
                line,
            )
        )
    return out


def _farthest(line: BaseGeometry, other: BaseGeometry) -> float:
    """Return how far a line gets from another drawing, sampled every half metre [degrees]."""
    samples = shapely.points(shapely.get_coordinates(shapely.segmentize(line, 5e-6)))
    return float(shapely.distance(samples, other).max())


QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(drawings(), st.sampled_from([0.0, 0.5, 2.0]), st.sampled_from([0.0, 1.0]))
def test_a_second_run_changes_nothing(roads: list[Feature], near_m: float, same_m: float) -> None:
    tolerances = StreetRepair(near_miss_m=near_m, island_gap_m=2 * near_m, duplicate_m=same_m)
    once = repair_streets(roads, tolerances)
    twice = repair_streets(once.features, tolerances)
    assert [r for r in twice.repairs if r.action != "noted"] == []
    assert [(p, s.wkt) for p, s in twice.features] == [(p, s.wkt) for p, s in once.features]
    assert twice.before == twice.after == once.after


@QUICK
@given(drawings())
def test_repair_never_takes_a_place_off_the_map_nor_invents_one(roads: list[Feature]) -> None:
    tolerances = StreetRepair()
    out = repair_streets(roads, tolerances)
    most = (tolerances.island_gap_m + 2 * tolerances.near_miss_m + 4 * tolerances.duplicate_m) / 80_000
    before = shapely.union_all([s for _, s in roads])
    after = shapely.union_all([s for _, s in out.features])
    assert all(_farthest(s, before) <= most for _, s in out.features)
    assert all(_farthest(s, after) <= most for _, s in roads if s.length > 0)
    ids = [p["id"] for p, _ in out.features]
    assert len(ids) == len(set(ids))
    assert all(s.is_valid and s.length > 0 for _, s in out.features)
    assert {r.feature for r in out.repairs} <= set(range(len(roads)))


@QUICK
@given(drawings())
def test_bridges_steps_and_permissions_are_never_given_away(roads: list[Feature]) -> None:
    out = repair_streets(roads, StreetRepair())
    given_ = {p["id"]: p for p, _ in roads}
    for kept, _ in out.features:
        source = given_[kept["id"].split("-")[0]]
        assert kept["kind"] == source["kind"]
        assert kept.get("layer", 0) == source.get("layer", 1 if source.get("bridge") else 0)
        assert kept["walk"] or not source["walk"]
        assert kept["drive"] in (source["drive"], "both") or source["drive"] == "none"


@QUICK
@example(lines=[[(0, 0), (0, 3)], [(0, 1), (1, 0)]])  # touches to within 2e-18 m: the error of the arithmetic
@given(st.lists(st.lists(point, min_size=2, max_size=5), min_size=1, max_size=8))
def test_with_no_tolerance_parts_are_those_of_the_planar_drawing(lines: list[list[tuple[int, int]]]) -> None:
    """Oracle: shapely nodes the whole drawing, networkx counts its parts."""
    shapes = [shapely.LineString([(LON + x * UNIT, LAT + y * UNIT) for x, y in p]) for p in lines]
    roads = [
        ({"id": f"road/{k}", "kind": "residential", "walk": True, "drive": "both"}, s)
        for k, s in enumerate(shapes)
    ]
    out = repair_streets(roads, StreetRepair(near_miss_m=0, island_gap_m=0, duplicate_m=0))
    drawn = [np.array(p, dtype=float) for p in lines if len(set(p)) > 1]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(drawn)))
    solid = [shapely.LineString(d) for d in drawn]
    for i in range(len(drawn)):
        for j in range(i):
            away = solid[i].distance(solid[j])  # in units of about a centimetre
            if away == 0:
                graph.add_edge(i, j)
            elif away < 12:
                return  # within the weld distance: either answer is right
    assert out.after.components == nx.number_connected_components(graph)


@QUICK
@given(drawings())
def test_components_agree_with_networkx_on_what_was_written(roads: list[Feature]) -> None:
    """Oracle: a graph of (spot, layer) nodes, ends joining ends of any layer, lonely ends joining what passes."""
    out = repair_streets(roads, StreetRepair())
    streets = Streets(out.features)
    part = components(streets)
    graph = nx.Graph()
    uses: dict[tuple[int, int], list[tuple[int, int, bool]]] = {}
    for i in range(len(streets)):
        if not streets.walk(i):
            continue
        graph.add_node(("line", i))
    for i in range(len(streets)):
        spots = [tuple(s) for s in streets.spots[i].tolist()]
        for at, spot in enumerate(spots):
            uses.setdefault(spot, []).append((streets.level(i), i, at in (0, len(spots) - 1)))
    for members in uses.values():
        groups: dict[Any, list[tuple[int, int, bool]]] = {}
        for use in members:
            groups.setdefault(use[0], []).append(use)
        with_end = [k for k, g in groups.items() if any(u[2] for u in g)]
        if len(with_end) > 1:
            groups["ends"] = [u for k in with_end for u in groups.pop(k)]
        lonely = [k for k, g in groups.items() if len(g) == 1 and g[0][2]]
        if lonely and len(groups) > 1:
            other = min((k for k in groups if k not in lonely), key=str)
            for k in lonely:
                groups[other] += groups.pop(k)
        for group in groups.values():
            walked = [u[1] for u in group if streets.walk(u[1])]
            for a, b in pairwise(walked):
                graph.add_edge(("line", a), ("line", b))
    parts = list(nx.connected_components(graph))
    assert len(parts) == out.after.components
    for members_ in parts:
        assert len({int(part[i]) for _, i in members_}) == 1
