"""The quickest flow: hand-worked cases, networkx, trying everything, the proof taken apart, published answers."""

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

from civdef.evacuate.flow import StepNetwork, quickest
from civdef.evacuate.flow.check import flow_fault
from civdef.evacuate.flow.cut import Cut
from civdef.evacuate.flow.reach import first_cut
from tests.evacuate.flow.networks import fits, fits_by_trying, make, random_network


def optimum(network: StepNetwork, low: int = 0) -> int:
    """Return the optimum of a network, its flow and its proof checked."""
    found = quickest(network, low)
    assert found.steps is not None
    assert found.flow is not None
    assert flow_fault(network, found.flow, found.steps) == ""
    assert found.flow.left.sum() == 0
    if found.steps:
        assert found.certificate is not None
        assert found.certificate.steps == found.steps - 1
        assert found.certificate.fault(network) == ""
    return found.steps


@pytest.mark.parametrize(
    ("units", "steps", "width", "door", "expected"),
    [(1, 0, 1, 1, 1), (10, 0, 10, 10, 1), (10, 3, 2, 9, 8), (10, 3, 9, 1, 13), (7, 5, 3, 3, 8)],
)
def test_a_corridor_by_hand(units: int, steps: int, width: int, door: int, expected: int) -> None:
    # the first is inside after the walk and one step at the door, then as many per step as the narrower lets through
    network = make(2, [(0, 1, steps, width)], [(units, [(0, 0)])], [(1, 0, door, 0)], [units])
    assert optimum(network) == expected


def test_the_near_give_way_to_the_far() -> None:
    # 10 near the small shelter can also go far, 10 others cannot: a greedy would fill the small one with the near
    network = make(
        3,
        [(0, 1, 1, 10), (0, 2, 4, 10)],
        [(10, [(0, 0)]), (10, [(1, 3)])],
        [(1, 0, 10, 0), (2, 0, 10, 1)],
        [10, 10],
    )
    assert optimum(network) == 5


def test_a_source_with_two_ways_in_uses_both() -> None:
    network = make(2, [], [(8, [(0, 0), (1, 1)])], [(0, 0, 1, 0), (1, 0, 1, 0)], [8])
    assert optimum(network) == 5  # five steps at one door, four at the other: 9 ≥ 8


def test_arcs_of_no_travel_time_in_a_circle() -> None:
    ring = [(0, 1, 0, 2), (1, 2, 0, 2), (2, 0, 0, 2), (1, 0, 0, 2), (2, 1, 0, 2), (0, 2, 0, 2)]
    network = make(4, [*ring, (2, 3, 0, 3)], [(9, [(0, 0)])], [(3, 0, 5, 0)], [9])
    assert optimum(network) == 3


def test_nobody_at_home() -> None:
    found = quickest(make(1, [], [(0, [(0, 0)])], [(0, 0, 1, 0)], [0]))
    assert (found.steps, found.certificate, found.shortage) == (0, None, None)
    assert quickest(make(0, [], [], [], [])).steps == 0


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_optimum_equals_networkx_with_waiting_anywhere_or_at_the_sources(seed: int, whole: bool) -> None:
    network = random_network(seed, whole=whole)
    found = quickest(network)
    if found.steps is None:
        assert found.shortage is not None
        assert found.shortage.fault(network) == ""
        assert not fits(network, 4 + 3 * 8 + network.total + 4)  # a longest walk, and one unit a step
        return
    best = optimum(network)
    if network.total:
        assert fits(network, best)
        assert fits(network, best, wait=False)
        assert not fits(network, best - 1)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_optimum_equals_trying_everything_on_tiny_networks(seed: int) -> None:
    network = random_network(seed, largest=3, units=3)
    found = quickest(network)
    if found.steps is None or network.total > 4 or found.steps > 5:
        return
    assert fits_by_trying(network, found.steps)
    assert found.steps == 0 or not fits_by_trying(network, found.steps - 1)


@given(st.integers(0, 10**6), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_the_answer_does_not_depend_on_the_guess_or_the_order_of_arcs(seed: int, low: int) -> None:
    network = random_network(seed, whole=True, units=60)
    found = quickest(network)
    if found.steps is None:
        return
    assert optimum(network, low) == found.steps
    order = np.random.default_rng(seed).permutation(network.arcs)
    columns = {k: getattr(network, k)[order] for k in ("tail", "head", "steps", "units")}
    assert optimum(dataclasses.replace(network, **columns)) == found.steps


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_rounding_travel_down_is_never_later_and_more_room_never_hurts(seed: int) -> None:
    network = random_network(seed, whole=True, units=40)
    found = quickest(network).steps
    if found is None:
        return
    sooner = dataclasses.replace(network, steps=np.maximum(network.steps - 1, 0))
    wider = dataclasses.replace(network, units=network.units + 1)
    assert optimum(sooner) <= found
    assert optimum(wider) <= found


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_a_false_proof_is_found_out(seed: int, change: int) -> None:
    # no cut may pass for a horizon in which networkx gets everybody in
    network = random_network(seed, whole=True)
    found = quickest(network)
    if not found.steps or found.certificate is None:
        return
    rng = np.random.default_rng(change)
    cut = found.certificate
    assert dataclasses.replace(cut, steps=found.steps).fault(network) != ""
    since = np.clip(cut.since + rng.integers(-1, 2, len(cut.since)), 0, found.steps)
    other = Cut(found.steps, since, rng.random(len(cut.sources)) < 0.7, rng.random(len(cut.full)) < 0.3)
    assert other.fault(network) != ""


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_first_bound_is_a_proof(seed: int) -> None:
    network = random_network(seed, whole=True)
    found = quickest(network)
    if found.steps:
        cut = first_cut(network)
        assert cut.fault(network) == ""
        assert cut.steps < found.steps


def test_too_few_places_names_the_full_shelters() -> None:
    network = make(
        4,
        [(0, 1, 1, 5), (2, 3, 1, 5)],
        [(10, [(0, 0)]), (3, [(2, 0)])],
        [(1, 0, 5, 0), (3, 0, 5, 1)],
        [7, 100],
    )
    found = quickest(network)
    assert found.steps is None
    assert found.shortage is not None
    assert found.shortage.sources.tolist() == [True, False]
    assert found.shortage.full.tolist() == [True, False]
    assert found.shortage.units == 3


@pytest.mark.parametrize("how", ["island", "closed arc", "closed door", "no way in"])
def test_those_cut_off_are_named(how: str) -> None:
    arcs = [] if how == "island" else [(0, 1, 1, 0 if how == "closed arc" else 5)]
    door = 0 if how == "closed door" else 5
    way: list[tuple[int, int]] = [] if how == "no way in" else [(0, 0)]
    found = quickest(make(2, arcs, [(10, way)], [(1, 0, door, 0)], [100]))
    assert found.steps is None
    assert found.shortage is not None
    assert found.shortage.units == 10
    assert not found.shortage.full.any()


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="points to something"):
        make(1, [(0, 1, 1, 1)], [], [], [])
    with pytest.raises(ValueError, match="must lie between"):
        make(2, [(0, 1, -1, 1)], [], [], [])
    with pytest.raises(ValueError, match="must have 1 entries"):
        dataclasses.replace(make(2, [(0, 1, 1, 1)], [], [], []), head=np.array([1, 1]))
    with pytest.raises(ValueError, match="units in all"):
        make(1, [], [(2**30, [(0, 0)]), (2**30, [(0, 0)])], [], [])


@pytest.mark.real_data
def test_the_published_building_takes_28(real_data: Path) -> None:
    case = json.loads((real_data / "benchmarks" / "ccrp_building" / "instance.json").read_text("utf-8"))
    rows = case["edges[from,to,travel_time,capacity_per_step]"]
    people = {int(k): n for k, n in case["evacuees"].items()}
    exits = [13, 14]
    for both_ways in (False, True):
        arcs = [tuple(r) for r in rows]
        if both_ways:
            arcs += [(b, a, t, c) for a, b, t, c in rows]
        network = make(
            15,
            arcs,
            [(n, [(v, 0)]) for v, n in people.items()],
            [(v, 0, 1000, k) for k, v in enumerate(exits)],
            [1000, 1000],
        )
        # arriving at an exit at time 28 is passing it in step 28, the 29th
        assert optimum(network) - 1 == case["exact_quickest_egress_time_computed"]["directed"] == 28


@pytest.mark.real_data
def test_a_published_maximum_flow_is_a_quickest_flow_of_one_step(real_data: Path) -> None:
    folder = real_data / "benchmarks" / "flow"
    with gzip.open(folder / "gl1_edges.csv.gz", "rt", encoding="utf-8") as file:
        rows = [tuple(map(int, r[:3])) for r in csv.reader(file) if r[0].isdigit()]
    best = json.loads((folder / "gl1_expected.json").read_text("utf-8"))["optimum"]
    assert best == 156545
    last = max(max(a, b) for a, b, _ in rows)
    arcs = [(a, b, 0, c) for a, b, c in rows]
    for units, steps in ((best, 1), (best + 1, 2)):
        network = make(last + 1, arcs, [(units, [(1, 0)])], [(last, 0, 10**8, 0)], [10**8])
        assert optimum(network) == steps
