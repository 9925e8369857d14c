"""Opposed streams kept apart: single buildings go by another street, where that makes nobody late.

What counts is the metres that the persons of the smaller stream of each street walk against the larger one. A building's
share of that is known exactly, so the street network is priced with it, a shortest way is looked for, and each way found is
judged by carrying the whole plan out with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, Ways, way_of, ways_of
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import (
    DETOUR_FACTOR,
    MOST_TURNS,
    bearings,
    described,
    followed,
    slowest_walk_s,
    turns_of,
)
from civdef.evacuate.search.improve import rerouted
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped
from civdef.evacuate.streams import loads
from civdef.graph.roads import CONNECTOR

Arcs = NDArray[np.int32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MORE_TIME = 0.01
"""By this share all people together may take longer for it (a planning choice)."""

PRICES = (1.0, 4.0, 16.0)
"""What a metre against the stream costs in metres: the higher, the longer the way round."""

WORK = 1e8
"""Persons times chains of street in all trials (a choice between seconds and metres)."""

_FEWEST_TRIALS = 8

SEARCH_WORK = 2e7
"""Arcs of the network in all searches for a way: thousands of searches in a street, some hundred in a large city (the same choice)."""

_SWEEPS = 4
"""Times that every building in an opposed stream is asked."""


def _grown(others: Ints, facing: Ints, persons: int) -> Ints:
    """Return by how much the smaller streams grow if so many more walk along arcs, given who walks there and who against them."""
    grown: Ints = np.minimum(others + persons, facing) - np.minimum(others, facing)
    return grown


class _Trials:
    """A plan in which single rows go by other ways."""

    def __init__(self, problem: Problem, stepped: Stepped, plan: Plan, more_time: float) -> None:
        self.problem, self.stepped = problem, stepped
        self.arcs = list(plan.routes.arcs)
        self.entrance = plan.routes.entrance.copy()
        self.turns = plan.routes.turns.copy()
        self.shelter = plan.assignment.shelter
        self.load = loads(problem, plan.routes)
        self.ways = ways_of(problem, stepped, plan.routes)
        self.network = Network(stepped)
        self.bearings = bearings(problem)
        net = problem.network
        self.street = net.road != CONNECTOR
        self.walk = problem.walk_network
        self.of = net.entrance_shelter[problem.entrances]
        self.slowest_s = slowest_walk_s(problem, plan.routes, float(plan.execution.steps * stepped.step_s))
        self.limit_m = plan.routes.cost_m.copy()
        placed = np.flatnonzero(self.shelter >= 0)
        shortest = problem.shelter_cost_m[placed, self.shelter[placed]]
        self.limit_m[placed] = np.maximum(self.limit_m[placed], DETOUR_FACTOR * shortest) + 1e-6
        self.left = max(_FEWEST_TRIALS, int(WORK / max(self.ways.work, 1.0)))
        self.searches = int(SEARCH_WORK / max(net.arcs, 1))
        self.done = plan.execution.done
        self.most = (1 + more_time) * float((problem.persons * self.done).sum())

    @property
    def spent(self) -> bool:
        """Whether all trials or searches are used up."""
        return self.left <= 0 or self.searches <= 0

    def against(self, row: int) -> Ints:
        """Return by how many persons the smaller streams grow if a row walks along each arc, shape (M,)."""
        persons, reverse = int(self.problem.persons[row]), self.problem.network.reverse
        others = self.load.copy()
        others[self.arcs[row]] -= np.where(self.street[self.arcs[row]], persons, 0)
        return np.where(self.street, _grown(others, others[reverse], persons), 0)

    def share_m(self, against: Ints, arcs: Arcs) -> float:
        """Return the person-metres of opposed streams that are due to a row on this way."""
        return float((against[arcs] * self.problem.network.length_m[arcs]).sum())

    def rows(self) -> list[int]:
        """Return the rows in opposed streams, those with the largest share first."""
        net, persons = self.problem.network, self.problem.persons
        share: dict[int, float] = {}
        for b in np.flatnonzero(self.shelter >= 0).tolist():
            arcs = self.arcs[b][self.street[self.arcs[b]]]
            grown = _grown(self.load[arcs] - persons[b], self.load[net.reverse[arcs]], int(persons[b]))
            share[b] = float((grown * net.length_m[arcs]).sum())
        return sorted((b for b, m in share.items() if m > 0), key=lambda b: (-share[b], b))

    def offers(self, row: int) -> Iterator[tuple[int, Arcs, int]]:
        """Yield entrance, arcs and turns of ways of a row with a smaller share, within the limits, the smallest share first."""
        against = self.against(row)
        now = self.share_m(against, self.arcs[row])
        part = against / max(int(self.problem.persons[row]), 1)
        found: dict[tuple[int, ...], tuple[float, int, Arcs, int]] = {}
        for price in PRICES:
            if self.searches <= 0:
                break
            self.searches -= 1
            entrance, arcs = self._shortest(row, 1.0 + price * part)
            share_m = self.share_m(against, arcs)
            cost_m = float(self.problem.cost_m[arcs].sum())
            turns = turns_of(self.problem, arcs, *self.bearings)
            slow_s = cost_m / float(self.problem.slowest_mps[row])
            if (
                share_m < now - 1e-6
                and cost_m <= self.limit_m[row]
                and turns <= max(MOST_TURNS, int(self.turns[row]))
                and slow_s <= self.slowest_s
            ):
                found.setdefault(tuple(arcs.tolist()), (share_m, entrance, arcs, turns))
        for _, entrance, arcs, turns in sorted(found.values(), key=lambda f: f[0]):
            yield entrance, arcs, turns

    def _shortest(self, row: int, factor: Floats) -> tuple[int, Arcs]:
        """Return entrance and arcs of the cheapest way of a row to its shelter, the metres of each arc times a factor."""
        from civdef.movement.routing import next_arcs

        net, walk = self.problem.network, self.walk
        columns = np.flatnonzero(self.of == self.shelter[row])
        nodes = net.entrance_node[self.problem.entrances[columns]]
        priced = dataclasses.replace(walk, length_m=walk.length_m * factor[self.problem.walk_arcs])
        table, _ = next_arcs(priced, np.array([0, len(nodes)], dtype=np.int32), nodes)
        arcs, end = followed(self.problem, walk, table[0].tolist(), row)
        return int(self.problem.entrances[columns[np.flatnonzero(nodes == end)[0]]]), arcs

    def take(self, row: int, entrance: int, arcs: Arcs, turns: int) -> bool:
        """Let a row go by another way if nobody is late for it; return whether it does."""
        self.left -= 1
        ways = self._changed(row, entrance, arcs)
        done = self.network.carry(ways)[0]
        persons, due_s = self.problem.persons, self.problem.deadline_s
        late, was = (np.maximum(d * self.stepped.step_s - due_s, 0.0) for d in (done, self.done))
        if (
            int(done.max(initial=0)) > int(self.done.max(initial=0))
            or (late > was + 1e-9).any()
            or float((persons * done).sum()) > self.most
        ):
            return False
        own = int(persons[row])
        for way, sign in ((self.arcs[row], -1), (arcs, 1)):
            np.add.at(self.load, way, np.where(self.street[way], sign * own, 0))
        self.ways, self.done = ways, done
        self.arcs[row], self.entrance[row], self.turns[row] = arcs, entrance, turns
        return True

    def _changed(self, row: int, entrance: int, arcs: Arcs) -> Ways:
        place, step, chains, door = way_of(self.problem, self.stepped, row, entrance, arcs)
        now = self.ways
        made = dataclasses.replace(
            now, place=now.place.copy(), step=now.step.copy(), begin=now.begin.copy(), end=now.end.copy(),
            door=now.door.copy(), chains=np.concatenate([now.chains, np.array(chains, dtype=np.int64)]),
        )  # fmt: skip
        made.place[row], made.step[row], made.door[row] = min(place, self.stepped.chains), step, door
        made.begin[row], made.end[row] = len(now.chains), len(made.chains)
        return made


def apart(problem: Problem, stepped: Stepped, plan: Plan, more_time: float = MORE_TIME) -> Plan:
    """Return the plan with fewer people walking against a stream: no later, to the same shelters, in about the same time.

    Nobody with a deadline is later after it than before. No way is made longer than `DETOUR_FACTOR` times the shortest to
    its shelter, nor has it more than `MOST_TURNS` turns, unless it did before.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        The plan; shelters stay as they are.
    more_time
        By this share all people together may take longer.
    """
    trials = _Trials(problem, stepped, plan, more_time)
    changed = False
    for _ in range(_SWEEPS):
        again = False
        for row in trials.rows():
            if trials.spent:
                break
            for entrance, arcs, turns in trials.offers(row):
                if trials.take(row, entrance, arcs, turns):
                    again = changed = True
                    break
        if not again or trials.spent:
            break
    if not changed:
        return plan
    return rerouted(problem, stepped, plan, described(problem, trials.entrance, tuple(trials.arcs)))
