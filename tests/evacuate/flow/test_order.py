"""Bound ≤ optimum ≤ every plan, on hundreds of random networks in true time; what is nearly the quickest; the peers of the benchmarks."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.ccrp import ccrp
from benchmarks.cities import city, on_steps
from benchmarks.expanded import fits, quickest_by_bisection
from civdef.evacuate.flow import StepNetwork, near, quickest
from civdef.evacuate.flow.check import flow_fault
from civdef.evacuate.flow.greedy import greedy
from civdef.evacuate.flow.nearly import proved
from civdef.evacuate.flow.state import graph_of, no_flow
from tests.evacuate.flow.networks import fits as fits_by_networkx
from tests.evacuate.flow.networks import make, random_network


def both_roundings(seed: int, step_s: float) -> tuple[StepNetwork, StepNetwork]:
    """Return a random network in true time on steps, rounded down and up, each place's clock ahead by a distance or not at all."""
    plain = random_network(seed, whole=True, units=40)
    rng = np.random.default_rng(seed + 1)
    seconds = rng.uniform(0, 30, plain.arcs) * (rng.random(plain.arcs) < 0.9)
    rate = rng.uniform(0.3, 4, plain.arcs)
    door_s, door_rate = rng.uniform(0, 15, plain.doors), rng.uniform(0.3, 4, plain.doors)
    start_s = rng.uniform(0, 20, len(plain.release_source))
    lead = np.zeros(plain.nodes)
    if rng.random() < 0.7:  # Bellman–Ford, written out: the way to the nearest door
        lead = np.full(plain.nodes, np.inf)
        np.minimum.at(lead, plain.door_node, door_s)
        for _ in range(plain.nodes):
            np.minimum.at(lead, plain.tail, seconds + lead[plain.head])
        lead[np.isinf(lead)] = lead[np.isfinite(lead)].max()

    def on(up: bool) -> StepNetwork:
        whole, other, nudge = (np.ceil, np.floor, -1e-9) if up else (np.floor, np.ceil, 1e-9)

        def steps(time_s: np.ndarray) -> np.ndarray:
            return np.maximum(whole(time_s / step_s + nudge), 0).astype(np.int64)

        def units(per_s: np.ndarray) -> np.ndarray:
            return other(per_s * step_s * 10 - nudge).astype(np.int64)

        return dataclasses.replace(
            plain,
            steps=steps(seconds + lead[plain.head] - lead[plain.tail]),
            units=units(rate),
            supply=plain.supply * 10,
            release_step=steps(start_s + lead[plain.release_node]),
            door_steps=steps(door_s - lead[plain.door_node]),
            door_units=units(door_rate),
            places=plain.places * 10,
        )

    return on(False), on(True)


@given(st.integers(0, 10**6), st.sampled_from([3.0, 10.0, 25.0]))
@settings(max_examples=250, deadline=None)
def test_bound_optimum_and_plans_stand_in_order(seed: int, step_s: float) -> None:
    low, high = both_roundings(seed, step_s)
    bound, best = quickest(low), quickest(high)
    if best.steps is None or bound.steps is None:
        assert best.shortage is not None
        assert ccrp(high, 50).steps is None
        return
    assert bound.steps <= best.steps
    again = quickest(high, proof=bound.certificate)
    assert again.steps == best.steps
    plan = ccrp(high)
    assert plan.steps is not None
    assert plan.steps >= best.steps
    assert plan.shelter_units.sum() == high.total
    assert (plan.shelter_units <= high.places).all()
    room = 4 * plan.steps + 4
    flow = no_flow(high, room)
    done = greedy(graph_of(high), flow, room)
    if done >= 0:
        assert done >= best.steps
        assert flow_fault(high, flow, max(done, 1)) == ""


@given(st.integers(0, 10**6), st.sampled_from([2.0, 7.0]), st.sampled_from([11.0, 30.0, 60.0]))
@settings(max_examples=100, deadline=None)
def test_a_coarse_bound_holds_for_a_fine_plan(seed: int, fine_s: float, coarse_s: float) -> None:
    coarse, _ = both_roundings(seed, coarse_s)
    _, fine = both_roundings(seed, fine_s)
    bound, plan = quickest(coarse), ccrp(fine, 4000)
    if bound.steps and plan.steps:
        assert (bound.steps - 1) * coarse_s <= plan.steps * fine_s


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_nearly_the_quickest_is_a_bound_and_a_flow(seed: int, searches: int, patience: int) -> None:
    low, high = both_roundings(seed, 10.0)
    best = quickest(high).steps
    found = near(low, high, searches, patience)
    if best is None:
        assert found.steps is None
        assert found.shortage is not None
        return
    assert found.steps is not None
    assert found.flow is not None
    assert found.steps >= best
    if best == 0:
        return
    assert flow_fault(high, found.flow, found.steps) == ""
    assert found.flow.left.sum() == 0
    assert found.certificate is not None
    assert found.certificate.fault(low) == ""
    assert found.certificate.steps < best


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_with_searches_enough_the_bound_is_the_optimum(seed: int) -> None:
    network = random_network(seed, whole=True, units=60)
    found = quickest(network)
    if found.steps:
        assert proved(network, 10**6)[0].steps == found.steps - 1


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_reference_equals_networkx(seed: int) -> None:
    network = random_network(seed, whole=True)
    best = quickest(network).steps
    for steps in {1, 3, best or 5, (best or 5) + 1}:
        assert fits(network, steps) == fits_by_networkx(network, steps)


@pytest.mark.parametrize(("mode", "tight", "expected"), [("drive", True, 52), ("walk", True, 90)])
def test_a_street_equals_the_reference(mode: str, tight: bool, expected: int) -> None:
    # 48,000 people on 3,023 nodes in steps of a minute, times rounded up without leads
    network = on_steps(city("S"), mode, 60, tight=tight)
    assert network.nodes == 3023
    found = quickest(network)
    assert found.steps == expected
    assert quickest_by_bisection(network, expected + 4)[0] == expected


def test_the_planner_queues_by_hand() -> None:
    # a corridor of 3 steps, 2 a step: 10 people pass in steps 3 … 7
    network = make(2, [(0, 1, 3, 2)], [(10, [(0, 0)])], [(1, 0, 9, 0)], [10])
    plan = ccrp(network)
    assert (plan.steps, plan.ways) == (8, 5)
    assert plan.unit_steps == 2 * (4 + 5 + 6 + 7 + 8)


@pytest.mark.real_data
def test_the_solver_of_least_walking_reproduces_a_published_answer(real_data: Path) -> None:
    from ortools.graph.python import min_cost_flow

    folder = real_data / "benchmarks" / "flow"
    with gzip.open(folder / "netgen-2_edges.csv.gz", "rt", encoding="utf-8") as file:
        arcs = np.array([r for r in csv.reader(file) if r[0].isdigit()], dtype=np.int64)
    demand = json.loads((folder / "netgen-2_demand.json").read_text("utf-8"))
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(*arcs.T)
    for node, units in demand.items():
        solver.set_node_supply(int(node), -units)
    assert solver.solve() == solver.OPTIMAL
    assert solver.optimal_cost() == 6749969302
