"""Clocks set by use: what rounding takes shrinks, and the flow can be walked in seconds, which is checked without steps."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.flow import StepNetwork, near, quickest
from civdef.evacuate.flow.check import flow_fault
from civdef.evacuate.flow.clocks import Floats, set_clocks, steps_up
from civdef.evacuate.flow.nearly import brought_in, passing
from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.state import Flow
from civdef.evacuate.flow.true_time import Seconds, walked_fault


class Town(NamedTuple):
    """Streets in seconds, people at nodes, shelters at nodes."""

    nodes: int
    tail: Ints
    head: Ints
    along_s: Floats
    per_second: Ints
    people: Ints
    doors: Ints
    places: Ints

    def lead_s(self) -> Floats:
        """Return the free walk to the nearest shelter, by networkx."""
        back = nx.MultiDiGraph()
        back.add_nodes_from(range(self.nodes))
        back.add_weighted_edges_from(
            zip(self.head.tolist(), self.tail.tolist(), self.along_s.tolist(), strict=True)
        )
        found = nx.multi_source_dijkstra_path_length(back, set(self.doors.tolist()))
        return np.array([found[v] for v in range(self.nodes)])

    def network(self, lead_s: Floats, step_s: int, *, up: bool = True) -> StepNetwork:
        """Return it on steps, with clocks of these leads."""
        source = np.flatnonzero(self.people)
        doors = np.arange(len(self.doors))
        exact = (self.along_s + lead_s[self.head] - lead_s[self.tail]) / step_s
        up_steps = steps_up(self.along_s, self.tail, self.head, lead_s, step_s)
        whole = np.ceil if up else np.floor
        return StepNetwork(
            nodes=self.nodes, tail=self.tail, head=self.head,
            steps=up_steps if up else np.floor(exact + 1e-9).astype(np.int64),
            units=self.per_second * step_s, supply=self.people[source],
            release_source=np.arange(len(source)), release_node=source,
            release_step=np.maximum(whole(lead_s[source] / step_s), 0).astype(np.int64),
            door_node=self.doors, door_steps=np.zeros(len(doors), dtype=np.int64),
            door_units=np.full(len(doors), self.people.sum()), door_shelter=doors, places=self.places,
        )  # fmt: skip


def town(seed: int) -> Town:
    """Return a ring of streets with others across it, people everywhere, and two shelters with hardly more places than people."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 12))
    ring = [(v, (v + 1) % n) for v in range(n)]
    across = [(int(u), int(v)) for u, v in rng.integers(0, n, (n, 2)) if u != v]
    ends = np.array([(u, v) for a, b in ring + across for u, v in ((a, b), (b, a))], dtype=np.int64)
    people = rng.integers(0, 40, n)
    people[0] += 1
    doors = rng.choice(n, 2, replace=False)
    first = int(rng.integers(0, people.sum() + 1))
    return Town(
        n, ends[:, 0], ends[:, 1], np.repeat(np.round(rng.uniform(3, 40, len(ends) // 2), 2), 2),
        np.repeat(rng.integers(1, 4, len(ends) // 2), 2), people, doors,
        np.array([first, people.sum() - first + 3]),
    )  # fmt: skip


def answer(where: Town, lead_s: Floats, step_s: int) -> tuple[StepNetwork, Flow, float]:
    """Return the network, the quickest flow and its time [s]."""
    network = where.network(lead_s, step_s)
    found = quickest(network)
    assert found.flow is not None
    assert found.steps is not None
    return network, found.flow, float(found.steps * step_s)


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 10**6), step_s=st.integers(1, 25))
def test_a_flow_by_clocks_set_anew_can_be_walked_and_no_bound_is_above_it(seed: int, step_s: int) -> None:
    where = town(seed)
    plain = where.lead_s()
    low = where.network(plain, step_s, up=False)
    used = passing(where.network(plain, step_s), 40, 3).astype(np.float64)
    fixed = np.isin(np.arange(where.nodes), where.doors)
    lead = set_clocks(where.tail, where.head, where.along_s, plain, used, fixed, step_s)
    assert (lead[fixed] == 0).all()

    def lost(lead_s: Floats) -> float:
        exact = (where.along_s + lead_s[where.head] - lead_s[where.tail]) / step_s
        return float((used * (steps_up(where.along_s, where.tail, where.head, lead_s, step_s) - exact)).sum())

    assert lost(lead) <= lost(plain) + 1e-6
    bound = quickest(low)
    assert bound.steps is not None
    for clocks in (plain, lead):
        network, flow, end_s = answer(where, clocks, step_s)
        true = Seconds(where.along_s, where.per_second, clocks, step_s)
        assert walked_fault(network, flow, true, end_s) == ""
        assert (bound.steps - 1) * step_s <= end_s
    nearly = near(low, where.network(lead, step_s), 10)
    assert nearly.steps is not None
    assert nearly.flow is not None
    true = Seconds(where.along_s, where.per_second, lead, step_s)
    assert walked_fault(where.network(lead, step_s), nearly.flow, true, float(nearly.steps * step_s)) == ""


def test_what_cannot_be_walked_is_told() -> None:
    where = town(3)
    lead = where.lead_s()
    network, flow, end_s = answer(where, lead, 5)
    true = Seconds(where.along_s, where.per_second, lead, 5)
    wrong = {
        "too late": (network, flow, true, end_s - 5),
        "before having come": (network, flow, dataclasses.replace(true, along_s=where.along_s + 6), end_s),
        "more enter a street": (
            network,
            flow,
            dataclasses.replace(true, per_second=where.per_second * 0.5),
            end_s,
        ),
        "the clock of a door": (network, flow, dataclasses.replace(true, lead_s=lead + 1), end_s),
        "has not set out": (network, flow._replace(left=flow.left + 1), true, end_s),
        "fewer places": (dataclasses.replace(network, places=network.places * 0), flow, true, end_s),
        "stays on the way": (network, flow._replace(entry=flow.entry + 1), true, end_s),
    }
    assert walked_fault(network, flow, true, end_s) == ""
    for words, case in wrong.items():
        assert words in walked_fault(*case)


def test_clocks_take_out_what_a_parallel_way_loses() -> None:
    # Two ways of four streets to a shelter at 4, by 1, 2, 3 and by 5, 6, 7, where a street takes 4 s longer; one may change over in 2 s.
    # By the lead of the nearest way each street of the slower loses up to a step, though everybody there goes on along it.
    tail = np.array([0, 1, 2, 3, 0, 5, 6, 7, 5, 6, 7])
    head = np.array([1, 2, 3, 4, 5, 6, 7, 4, 1, 2, 3])
    along = np.array([10.0] * 4 + [14.0] * 4 + [2.0] * 3)
    plain = np.array([40.0, 30, 20, 10, 0, 32, 22, 12])
    assert steps_up(along, tail, head, plain, 10.0).tolist() == [0] * 4 + [1] * 4 + [0] * 3
    used = np.array([1.0] * 8 + [0.0] * 3)
    lead = set_clocks(tail, head, along, plain, used, np.arange(8) == 4, 10.0)
    steps = steps_up(along, tail, head, lead, 10.0)
    assert steps[:4].sum() == 0
    assert steps[4:8].sum() <= 2  # 16 s more than the other way


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_a_first_horizon_that_is_too_long_is_shortened(seed: int) -> None:
    where = town(seed)
    network = where.network(where.lead_s(), 2)
    best = quickest(network)
    assert best.steps is not None
    for first in (best.steps, best.steps + 1, 4 * best.steps):
        steps, flow, _ = brought_in(network, first, too_few=best.steps - 1)
        assert best.steps <= steps <= first
        assert flow_fault(network, flow, steps) == ""
        assert flow.left.sum() == 0
    assert brought_in(network, 4 * best.steps, 10**6, best.steps - 1)[0] == best.steps
