"""Distances along the streets: by hand on the toy town, equal to networkx everywhere, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.coverage.distance import NONE, Walks, k_nearest, quantile
from civdef.coverage.shelters import coverage
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.shelter import ShelterClass
from civdef.model.town import Compound, Gate
from civdef.model.workspace import Workspace
from tests import toy_town
from tests.evacuate import towns


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load_workspace(toy_town.write(tmp_path_factory.mktemp("toy")))


def by_networkx(network: StreetNetwork, sources: list[int]) -> np.ndarray:
    """Return the walk from every node to the nearest source, by networkx on the reversed view."""
    graph = network.to_networkx(mode="walk").reverse()
    found = np.full(network.nodes, np.inf)
    if sources:
        for node, distance in nx.multi_source_dijkstra_path_length(
            graph, set(sources), weight="length_m"
        ).items():
            found[node] = distance
    return found


def check_against_networkx(ws: Workspace) -> None:
    network = build_street_network(ws)
    sources = network.entrance_node.tolist()
    distance, root = Walks.of(network).nearest(sources)
    assert np.allclose(distance, by_networkx(network, sources), rtol=0, atol=1e-6)
    assert ((root == NONE) == np.isinf(distance)).all()
    each = Walks.of(network).to_each(
        [network.entrance_node[[e]] for e in range(len(sources))], network.building_node
    )
    if len(sources):
        assert np.allclose(each.min(axis=1), distance[network.building_node], atol=1e-6)
        chosen = root[network.building_node]
        reached = np.flatnonzero(chosen >= 0)
        assert np.allclose(
            each[reached, chosen[reached]], distance[network.building_node][reached], atol=1e-6
        )


def test_toy_town_by_hand(toy: Workspace) -> None:
    found = coverage(toy, build_street_network(toy), hazard="earthquake")
    rows = {b.building: b for b in found.buildings}
    assert {b: r.walk_m for b, r in rows.items()} == pytest.approx(
        {"building/h1": 140, "building/h2": 40, "building/h3": 140, "building/h4": 40}, abs=0.11
    )
    assert {b: r.shelter for b, r in rows.items()} == {
        "building/h1": "shelter/north", "building/h2": "shelter/north",
        "building/h3": "shelter/south", "building/h4": "shelter/south",
    }  # fmt: skip
    total = found.shelters
    # persons by distance: 40 m: 3 + 2, 140 m: 4 + 5 → the median person walks 140 m
    assert (total.median_walk_m, total.p95_walk_m) == (
        pytest.approx(140, abs=0.1),
        pytest.approx(140, abs=0.1),
    )
    assert (total.persons, total.covered_persons, total.uncovered_persons) == (14, 14, 0)
    assert (total.places, total.short_of_places) == (16, 0)
    assert {s.shelter: (s.nearest_persons, s.places_short) for s in found.sites} == {
        "shelter/north": (7, 0),
        "shelter/south": (7, 1),
    }


def test_toy_town_in_a_flood_has_one_shelter(toy: Workspace) -> None:
    found = coverage(toy, build_street_network(toy), hazard="flood")
    assert {b.building: b.walk_m for b in found.buildings} == pytest.approx(
        {"building/h1": 180, "building/h2": 180, "building/h3": 140, "building/h4": 40}, abs=0.11
    )
    assert found.shelters.short_of_places == 8


def test_toy_town_equals_networkx(toy: Workspace) -> None:
    check_against_networkx(toy)


@given(st.integers(0, 100_000), st.floats(0, 0.6))
@settings(max_examples=60, deadline=None)
def test_random_towns_equal_networkx(seed: int, gaps: float) -> None:
    check_against_networkx(towns.grid(seed, gaps=gaps))


def test_parallel_streets_and_streets_of_no_length() -> None:
    ws = towns.town(
        towns.road("long", (0, 0), (100, 50), (200, 0)),
        towns.road("short", (0, 0), (200, 0)),
        towns.house("on", 0, 0),
        towns.household("1", "on", 1),
        towns.shelter("s", 200, 0, 5),
        towns.entrance("s", "s", 200, 0),
    )
    check_against_networkx(ws)
    found = coverage(ws, build_street_network(ws))
    assert found.buildings[0].walk_m == pytest.approx(200, abs=0.1)


def test_each_class_has_its_own_reach() -> None:
    ws = towns.town(
        towns.road("one", (0, 0), (1000, 0)),
        towns.house("near", 150, 0),
        towns.house("far", 900, 0),
        towns.household("1", "near", 2),
        towns.household("2", "far", 3),
        towns.shelter("e", 0, 0, 5),
        towns.entrance("e", "e", 0, 0),
        towns.shelter("raid", 300, 0, 5, shelter_class=ShelterClass.AIR_RAID, hazards=("air_raid",)),
        towns.entrance("raid", "raid", 300, 0),
    )
    net = build_street_network(ws)
    found = coverage(ws, net)
    rows = {c.shelter_class: c for c in found.classes}
    assert rows[ShelterClass.EMERGENCY].covered_persons == 2  # 900 m > 500 m
    assert rows[ShelterClass.AIR_RAID].covered_persons == 2  # 150 m <= 200 m, 600 m > 200 m
    assert found.shelters.too_far_persons == 3
    assert [b.building for b in found.uncovered()] == ["building/far"]
    only = coverage(ws, net, classes=[ShelterClass.AIR_RAID])
    assert [c.shelter_class for c in only.classes] == [ShelterClass.AIR_RAID]
    assert coverage(ws, net, hazard="air_raid").shelters.shelters == 1


def test_a_locked_gate_counts_as_closed() -> None:
    def gated(locked: bool) -> Workspace:
        import shapely

        ground = Compound(
            id="compound/k", name=towns.name("k"), community="community/c",
            **towns.placed(shapely.box(50, -30, 150, 30)),
        )  # fmt: skip
        gate = Gate(
            id="gate/g", name=towns.name("g"), compound="compound/k", width_m=3, locked=locked,
            **towns.placed(shapely.Point(50, 0)),
        )  # fmt: skip
        return towns.town(
            ground, gate,
            towns.road("out", (0, 0), (50, 0)), towns.road("in", (50, 0), (140, 0), compound="compound/k"),
            towns.house("a", 100, 10, compound="compound/k"), towns.household("1", "a", 4),
            towns.shelter("s", 0, 0, 9), towns.entrance("s", "s", 0, 0),
        )  # fmt: skip

    open_, shut = (coverage(w, build_street_network(w)) for w in (gated(False), gated(True)))
    assert open_.shelters.uncovered_persons == 0
    assert shut.shelters.cut_off_persons == 4
    assert shut.locked_gates == ("gate/g",)
    assert shut.buildings[0].shelter is None
    assert shut.buildings[0].walk_m is None


def test_no_shelters_no_streets_nobody() -> None:
    none = towns.town(
        towns.road("one", (0, 0), (100, 0)), towns.house("a", 0, 10), towns.household("1", "a", 4)
    )
    found = coverage(none, build_street_network(none))
    assert (found.shelters.shelters, found.shelters.uncovered_persons) == (0, 4)
    assert found.shelters.median_walk_m is None
    lost = towns.town(towns.house("a", 0, 10), towns.household("1", "a", 4), towns.shelter("s", 5, 5, 9))
    assert coverage(lost, build_street_network(lost)).shelters.cut_off_persons == 4
    empty = towns.town(towns.road("one", (0, 0), (100, 0)), towns.shelter("s", 5, 5, 9))
    found = coverage(empty, build_street_network(empty))
    assert (found.shelters.persons, found.buildings) == (0, ())
    json.loads(found.to_json())


def test_unknown_hazard(toy: Workspace) -> None:
    with pytest.raises(KeyError):
        coverage(toy, build_street_network(toy), hazard="meteor")


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 9)), min_size=1, max_size=30), st.floats(0.01, 1)
)
def test_quantile_is_the_person_in_that_place_of_the_queue(rows: list[tuple[int, int]], share: float) -> None:
    values, weights = np.array([float(v) for v, _ in rows]), np.array([w for _, w in rows])
    queue = np.repeat(values, weights)
    found = quantile(values, weights, share)
    if len(queue) == 0:
        assert found is None
    else:
        assert found == np.sort(queue)[int(np.ceil(share * len(queue))) - 1]


def test_k_nearest_orders_and_breaks_ties_by_column() -> None:
    order, distance = k_nearest(np.array([[3.0, 1.0, 1.0, np.inf]]), 3)
    assert order.tolist() == [[1, 2, 0]]
    assert distance.tolist() == [[1.0, 1.0, 3.0]]


def test_the_sample_street_equals_networkx(sample_root: Path) -> None:
    check_against_networkx(load_workspace(sample_root))


def test_json_keys(toy: Workspace) -> None:
    data = json.loads(coverage(toy, build_street_network(toy)).to_json())
    assert {"uncovered_persons", "median_walk_m", "p95_walk_m"} <= set(data["shelters"])
    assert data["classes"][0]["class"] == "emergency"
    assert data["schema"] == "civdef.coverage/1"
