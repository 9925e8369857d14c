"""Areas from ways and relations: against areas known by construction, and what a cut leaves of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.osm import rings
from civdef.intake.osm.records import Extract
from tests.intake.osm.drawing import METRIC, Drawing


def _size(extract: Extract, key: str) -> list[float | None]:
    return [None if a.shape is None else METRIC.of([a.shape])[0].area for a in rings.areas(extract, (key,))]


def test_a_closed_way_is_an_area() -> None:
    town = Drawing()
    town.square(0, 0, 20, building="yes")
    assert _size(town.extract(), "building") == [pytest.approx(400, abs=1)]


def test_an_open_way_with_the_key_is_no_area() -> None:
    town = Drawing()
    town.way([(0, 0), (20, 0), (20, 20)], building="yes")
    assert rings.areas(town.extract(), ("building",)) == []


@given(order=st.permutations(range(4)), turned=st.lists(st.booleans(), min_size=4, max_size=4))
def test_rings_are_joined_whatever_the_order_and_direction_of_the_ways(
    order: list[int], turned: list[bool]
) -> None:
    town = Drawing()
    corners = [(0.0, 0.0), (60.0, 0.0), (60.0, 40.0), (0.0, 40.0)]
    sides = [[corners[i], corners[(i + 1) % 4]] for i in range(4)]
    ways = [town.way(sides[i][::-1] if turned[i] else sides[i]) for i in order]
    hole = town.square(10, 10, 20)
    island = town.square(15, 15, 5)
    town.relation([*[(w, "outer") for w in ways], (hole, "inner"), (island, "outer")], landuse="grass")
    assert _size(town.extract(), "landuse") == [pytest.approx(60 * 40 - 400 + 25, abs=2)]


def test_a_relation_takes_the_place_of_its_tagged_outline() -> None:
    town = Drawing()
    outline = town.square(0, 0, 30, building="yes")
    hole = town.square(10, 10, 10)
    town.relation([(outline, "outer"), (hole, "inner")], building="yes")
    found = rings.areas(town.extract(), ("building",))
    assert [a.osm for a in found] == ["relation/1"]
    assert _size(town.extract(), "building") == [pytest.approx(800, abs=2)]


def test_what_a_cut_leaves_is_used_and_said() -> None:
    town = Drawing()
    whole = town.square(0, 0, 30)
    broken = town.way([(100, 0), (130, 0), (130, 30)])
    hole = town.square(10, 10, 10)
    town.relation([(whole, "outer"), (broken, "outer")], natural="water")
    town.relation([(whole, "outer"), (hole, "inner"), (999, "inner")], leisure="park")
    town.relation([(broken, "outer")], landuse="forest")
    extract = town.extract()
    (water,) = rings.areas(extract, ("natural",))
    assert water.problem is rings.PARTLY
    assert _size(extract, "natural") == [pytest.approx(900, abs=2)]
    (park,) = rings.areas(extract, ("leisure",))
    assert park.problem is rings.HOLES
    assert _size(extract, "leisure") == [pytest.approx(800, abs=2)]
    (forest,) = rings.areas(extract, ("landuse",))
    assert forest.shape is None
    assert forest.problem is rings.CUT


def test_missing_nodes_and_flat_and_crossing_outlines() -> None:
    town = Drawing()
    town.way([(0, 0), (20, 0), (20, 20), (0, 0)], missing=[1], building="yes")
    town.way([(0, 0), (20, 0), (20, 0), (0, 0)], building="yes")
    town.way([(0, 0), (20, 20), (20, 0), (0, 20), (0, 0)], building="yes")
    cut, flat, crossed = rings.areas(town.extract(), ("building",))
    assert (cut.shape, cut.problem) == (None, rings.CUT)
    assert (flat.shape, flat.problem) == (None, rings.FLAT)
    assert crossed.problem is rings.CROSSED
    assert crossed.shape is not None
    assert crossed.shape.is_valid
    assert METRIC.of([crossed.shape])[0].area == pytest.approx(200, abs=2)


def test_relations_without_rings_do_no_harm() -> None:
    town = Drawing()
    town.relation([], building="yes")
    town.relation([(5, "outer")], building="yes")
    assert [a.shape for a in rings.areas(town.extract(), ("building",))] == [None, None]
