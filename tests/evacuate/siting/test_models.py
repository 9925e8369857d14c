"""The location models against exhaustive search and against published answers."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.siting.instance import Instance
from civdef.evacuate.siting.lscp import lscp
from civdef.evacuate.siting.mclp import mclp
from civdef.evacuate.siting.p_median import p_median
from civdef.evacuate.siting.transport import transport


def best_flow(instance: Instance, chosen: tuple[int, ...], reach: np.ndarray) -> tuple[int, int]:
    """Return (persons served, least person-metres for as many) with some sites open, by networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for b, n in enumerate(instance.persons.tolist()):
        graph.add_edge("source", ("b", b), capacity=n, weight=0)
    for s in range(instance.size[1]):
        if instance.open[s] or s in chosen:
            if instance.places is None:
                graph.add_edge(("s", s), "sink", weight=0)
            else:
                graph.add_edge(("s", s), "sink", capacity=int(instance.places[s]), weight=0)
            for b in np.flatnonzero(reach[:, s] & np.isfinite(instance.distance[:, s])).tolist():
                graph.add_edge(("b", b), ("s", s), weight=int(instance.distance[b, s]))
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    return sum(flow["source"].values()), int(nx.cost_of_flow(graph, flow))


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    b, s = int(rng.integers(1, 9)), int(rng.integers(1, 7))
    distance = np.floor(rng.uniform(0, 1000, (b, s)))
    distance[rng.random((b, s)) < 0.15] = np.inf
    places = None if rng.random() < 0.3 else rng.integers(0, 60, s)
    return Instance(rng.integers(0, 30, b), distance, rng.random(s) < 0.3, places)


def subsets(instance: Instance, most: int) -> list[tuple[int, ...]]:
    new = np.flatnonzero(~instance.open).tolist()
    return [c for k in range(min(most, len(new)) + 1) for c in itertools.combinations(new, k)]


@settings(max_examples=60)
@given(instances(), st.integers(0, 4))
def test_p_median_equals_exhaustive_search(instance: Instance, p: int) -> None:
    found = p_median(instance, p)
    everywhere = np.ones(instance.size, dtype=np.bool_)
    answers = [best_flow(instance, c, everywhere) for c in subsets(instance, p)]
    served, metres = min((-n, m) for n, m in answers)
    assert found.served_persons == -served
    assert found.person_m == pytest.approx(metres, abs=1e-3)
    assert found.served_persons + found.left_persons == instance.persons.sum()
    assert len(found.sites) <= p
    assert best_flow(instance, found.sites, everywhere) == (-served, metres)


@settings(max_examples=60)
@given(instances(), st.integers(0, 4), st.floats(50, 900))
def test_mclp_equals_exhaustive_search(instance: Instance, p: int, radius_m: float) -> None:
    found = mclp(instance, p, radius_m)
    reach = instance.distance <= radius_m
    assert found.served_persons == max(best_flow(instance, c, reach)[0] for c in subsets(instance, p))
    assert best_flow(instance, found.sites, reach)[0] == found.served_persons


@settings(max_examples=60)
@given(instances(), st.floats(50, 900))
def test_lscp_equals_exhaustive_search(instance: Instance, radius_m: float) -> None:
    found = lscp(instance, radius_m)
    reach = instance.distance <= radius_m
    answers = [(best_flow(instance, c, reach)[0], c) for c in subsets(instance, 7)]
    most = max(n for n, _ in answers)
    assert found.served_persons == most
    assert len(found.sites) == min(len(c) for n, c in answers if n == most)
    assert best_flow(instance, found.sites, reach)[0] == most


def test_instances_that_do_not_fit_together_are_refused() -> None:
    good = np.ones((2, 2))
    with pytest.raises(ValueError, match="do not fit"):
        Instance(np.ones(3, dtype=np.int64), good, np.zeros(2, dtype=np.bool_))
    with pytest.raises(ValueError, match="places"):
        Instance(np.ones(2, dtype=np.int64), good, np.zeros(2, dtype=np.bool_), np.ones(1, dtype=np.int64))
    with pytest.raises(ValueError, match="negative"):
        p_median(Instance(np.ones(2, dtype=np.int64), good, np.zeros(2, dtype=np.bool_)), -1)


@pytest.fixture(scope="module")
def san_francisco(real_data: Path) -> tuple[Instance, list[str], dict[str, object]]:
    folder = real_data / "benchmarks" / "sf_location"
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open(
        encoding="utf-8"
    ) as f:
        rows = list(csv.DictReader(f))
    names = sorted({r["name"] for r in rows})
    tracts = sorted({r["DestinationName"] for r in rows})
    with (folder / "SF_demand_205_centroid_uniform_weight.csv").open(encoding="utf-8") as f:
        persons = {r["NAME"]: int(r["POP2000"]) for r in csv.DictReader(f)}
    distance = np.full((len(tracts), len(names)), np.inf)
    for r in rows:
        distance[tracts.index(r["DestinationName"]), names.index(r["name"])] = float(r["distance"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    weights = np.array([persons[t] for t in tracts], dtype=np.int64)
    return Instance(weights, distance, np.zeros(len(names), dtype=np.bool_)), names, expected["milp_computed"]


@pytest.mark.real_data
@pytest.mark.parametrize("p", [1, 2, 3, 4, 5, 6])
def test_san_francisco_mclp(san_francisco: tuple[Instance, list[str], dict], p: int) -> None:
    instance, names, expected = san_francisco
    found, wanted = mclp(instance, p, 5000), expected[f"mclp_p{p}_r5000"]
    assert found.served_persons == wanted["covered_population"]
    assert sorted(names[s] for s in found.sites) == wanted["sites"]
    uncovered = ~(instance.distance[:, list(found.sites)] <= 5000).any(axis=1)
    assert uncovered.sum() == wanted["uncovered_clients"]


@pytest.mark.real_data
@pytest.mark.parametrize("p", [2, 4, 6])
def test_san_francisco_p_median(san_francisco: tuple[Instance, list[str], dict], p: int) -> None:
    instance, names, expected = san_francisco
    found, wanted = p_median(instance, p), expected[f"pmedian_p{p}"]
    assert found.person_m == pytest.approx(wanted["objective"], rel=1e-9)
    assert found.person_m / instance.persons.sum() == pytest.approx(wanted["mean_distance"], rel=1e-9)
    assert sorted(names[s] for s in found.sites) == wanted["sites"]


@pytest.mark.real_data
def test_san_francisco_capacitated_p_median(san_francisco: tuple[Instance, list[str], dict]) -> None:
    instance, names, expected = san_francisco
    wanted = expected["capacitated_pmedian_split_p4_cap250000"]
    tight = Instance(instance.persons, instance.distance, instance.open, np.full(16, 250_000))
    found = p_median(tight, 4)
    assert found.left_persons == 0
    assert found.person_m == pytest.approx(wanted["objective"], rel=1e-9)
    assert sorted(names[s] for s in found.sites) == wanted["sites"]
    short = p_median(Instance(instance.persons, instance.distance, instance.open, np.full(16, 200_000)), 4)
    assert short.served_persons == 800_000, "four sites of 200,000 are too few: as many as there is room for"


@pytest.mark.real_data
@pytest.mark.parametrize(("radius_m", "fewest"), [(5000, 8), (8000, 3)])
def test_san_francisco_lscp(
    san_francisco: tuple[Instance, list[str], dict], radius_m: int, fewest: int
) -> None:
    instance, _, expected = san_francisco
    found = lscp(instance, radius_m)
    assert len(found.sites) == fewest == expected[f"lscp_r{radius_m}"][0]
    assert found.left_persons == 0


def test_at_street_scale_no_exchange_of_a_site_is_better() -> None:
    rng = np.random.default_rng(5)
    where, site = rng.uniform(0, 2000, (150, 2)), rng.uniform(0, 2000, (30, 2))
    distance = np.abs(where[:, None, :] - site[None, :, :]).sum(axis=2).round()
    persons = rng.integers(20, 200, 150)
    places = rng.integers(1000, 6000, 30)
    instance = Instance(persons, distance, np.arange(30) < 2, places)
    found = p_median(instance, 5)
    assert found.left_persons == max(
        0, int(persons.sum() - np.sort(places[2:])[-5:].sum() - places[:2].sum())
    )
    for out in found.sites:
        for other in set(range(2, 30)) - set(found.sites):
            swapped = transport(instance, [s for s in found.sites if s != out] + [other])
            assert (swapped.left_persons, swapped.person_m) >= (found.left_persons, found.person_m)
