"""Carrying a plan out in the time-expanded network: first come, first served, waiting allowed, no building split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.evacuate.stepped import UNITS, Stepped
from civdef.graph.roads import CONNECTOR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Execution:
    """When everybody is inside.

    Attributes
    ----------
    steps
        Steps until the last person is through a door; 0 if nobody goes.
    done
        The same for each building, 0 for those that send nobody, shape (B,).
    entry_wait, leave_wait, door_wait
        Mean wait before entering and before leaving each chain, shape (C,), and before each door, shape (E'), in steps.
    """

    steps: int
    done: Ints
    entry_wait: Floats
    leave_wait: Floats
    door_wait: Floats


@dataclass(frozen=True, eq=False)
class Ways:
    """The routes of B buildings as the network sees them.

    Attributes
    ----------
    place, step
        Where each building joins the streets, a chain (its far end) or ``C`` for a junction, and the first step, (B,).
    begin, end, chains
        Chains still to be entered: those of building b are ``chains[begin[b]:end[b]]``.
    door
        Column of ``problem.entrances``, 0 for buildings that send nobody, shape (B,).
    units
        Units of persons, 0 for buildings that send nobody, shape (B,).
    """

    place: Ints
    step: Ints
    begin: Ints
    end: Ints
    chains: Ints
    door: Ints
    units: Ints

    @property
    def work(self) -> float:
        """Persons times chains they walk: about what carrying the plan out takes."""
        return float((self.units / UNITS * (self.end - self.begin + 1)).sum())


@dataclass(frozen=True, eq=False)
class Network:
    """The time-expanded network as the kernel wants it; made once and used for many plans."""

    stepped: Stepped

    @cached_property
    def order(self) -> Ints:
        """Queues from far to near, shape (2C + E',)."""
        s = self.stepped
        lead = np.concatenate(
            [s.lead_s[s.chain_tail], s.lead_s[s.chain_head], np.full(len(s.door_units), -1.0)]
        )
        kind = np.repeat([1, 0, 2], [s.chains, s.chains, len(s.door_units)])
        return np.lexsort((np.arange(len(lead)), kind, -lead)).astype(np.int64)

    @cached_property
    def units(self) -> Ints:
        """Units per step of every queue, shape (2C + E',)."""
        s = self.stepped
        return np.concatenate([s.chain_units, s.chain_units, s.door_units])

    def carry(self, ways: Ways, delay: Ints | None = None) -> tuple[Ints, Ints, Ints]:
        """Carry a plan out.

        Parameters
        ----------
        ways
            The routes.
        delay
            Steps that each building waits at home, shape (B,); None: nobody waits.

        Returns
        -------
        done, waited, served
            See :func:`civdef.evacuate.carrying.carry`.
        """
        from civdef.evacuate.carrying import NEVER, carry

        s = self.stepped
        start = ways.step if delay is None else ways.step + delay
        none = np.zeros((0, 0), dtype=np.int32)
        done, waited, served, _ = carry(
            self.order, s.chain_steps, self.units, s.door_steps, ways.place, start, ways.units, ways.begin, ways.end,
            ways.chains, ways.door, NEVER, NEVER, none, np.zeros(0, dtype=np.bool_), none,
        )  # fmt: skip
        return done, waited, served


def ways_of(problem: Problem, stepped: Stepped, routes: Routes) -> Ways:
    """Return routes as chains and doors.

    Raises
    ------
    ValueError
        For a route that does not run along the open streets.
    """
    b = len(problem.buildings)
    place, step, door = np.zeros(b, np.int64), np.zeros(b, np.int64), np.zeros(b, np.int64)
    units = np.where(routes.entrance >= 0, problem.persons * UNITS, 0).astype(np.int64)
    begin, end = np.zeros(b, np.int64), np.zeros(b, np.int64)
    chains: list[int] = []
    for i in range(b):
        begin[i] = len(chains)
        if routes.entrance[i] >= 0:
            first, step[i], way, door[i] = way_of(
                problem, stepped, i, int(routes.entrance[i]), routes.arcs[i]
            )
            place[i] = min(first, stepped.chains)
            chains.extend(way)
        end[i] = len(chains)
    return Ways(place, step, begin, end, np.array(chains, dtype=np.int64), door, units)


def execute(problem: Problem, stepped: Stepped, routes: Routes, delay: Ints | None = None) -> Execution:
    """Send everybody off along the routes: at once, or after the steps of `delay`.

    The result is a feasible flow of the time-expanded network, so its clearance is never below the optimum of the same
    step. At every queue parcels are served in order of arrival.

    Raises
    ------
    ValueError
        For a route that does not run along the open streets.
    """
    done, waited, served = Network(stepped).carry(ways_of(problem, stepped, routes), delay)
    mean = waited / np.maximum(served, 1)
    c = stepped.chains
    return Execution(int(done.max(initial=0)), done, mean[:c], mean[c : 2 * c], mean[2 * c :])


def way_of(
    problem: Problem, stepped: Stepped, building: int, entrance: int, arcs: NDArray[np.int32]
) -> tuple[int, int, list[int], int]:
    """Return the first place, the step there, the chains still to enter and the door of one route: see :class:`Ways`.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    building
        Row of the building.
    entrance, arcs
        Entrance and arcs of the network from the building's door to it.

    Raises
    ------
    ValueError
        If the route does not run along the open streets.
    """
    street = arcs[problem.network.road[arcs] != CONNECTOR]
    way: list[int] = []
    for chain in stepped.arc_chain[street].tolist():
        if not way or way[-1] != chain:
            way.append(chain)
    door = int(np.searchsorted(problem.entrances, entrance))
    starts = dict(stepped.start[building])
    at_junction = next((p for p in starts if p >= stepped.chains), None)
    if -1 in way or (at_junction is None and (not way or way[0] not in starts)):
        raise ValueError(f"the route of {problem.buildings[building]} leaves the open streets")
    if at_junction is not None:
        return at_junction, starts[at_junction], way, door
    return way[0], starts[way[0]], way[1:], door
