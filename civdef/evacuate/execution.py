"""Carrying a plan out in the time-expanded network: first come, first served, waiting allowed, no building split."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.evacuate.stepped import UNITS, Stepped
from civdef.graph.roads import CONNECTOR

Parcel = list[int]
"""[building, units, how many elements of its route lie behind it]"""


@dataclass(frozen=True)
class Execution:
    """When everybody is inside.

    Attributes
    ----------
    steps
        Steps until the last person is through a door; 0 if nobody goes.
    done
        The same for each building, 0 for those that send nobody, shape (B,).
    """

    steps: int
    done: NDArray[np.int64]


def execute(problem: Problem, stepped: Stepped, routes: Routes) -> Execution:
    """Send everybody off at step 0 along the routes.

    The result is a feasible flow of the time-expanded network, so its clearance is never below the optimum of the same
    step. At every queue parcels are served in order of arrival; those that arrive in the same step by chain, then
    building.

    Raises
    ------
    ValueError
        For a route that does not run along the open streets.
    """
    b = len(problem.buildings)
    done = np.zeros(b, dtype=np.int64)
    plans = [_elements(problem, stepped, routes, i) for i in range(b)]
    chains = stepped.chains
    entry: list[deque[Parcel]] = [deque() for _ in range(chains)]
    leave: list[deque[Parcel]] = [deque() for _ in range(chains)]
    doors: list[deque[Parcel]] = [deque() for _ in stepped.door_units]
    arriving: dict[int, list[tuple[int, Parcel]]] = {}
    busy_entry: set[int] = set()
    busy_leave: set[int] = set()
    busy_door: set[int] = set()
    going = 0
    for i, plan in enumerate(plans):
        if plan is not None:
            first, steps, _, _ = plan
            arriving.setdefault(steps, []).append((first, [i, int(problem.persons[i]) * UNITS, 0]))
            going += int(problem.persons[i]) * UNITS
    chain_units, door_units = stepped.chain_units.tolist(), stepped.door_units.tolist()
    chain_steps, door_steps = stepped.chain_steps.tolist(), stepped.door_steps.tolist()
    step = 0

    def onward(parcel: Parcel) -> None:
        """Bring a parcel that stands at a junction to its next queue."""
        plan = plans[parcel[0]]
        assert plan is not None
        _, _, way, door = plan
        if parcel[2] < len(way):
            _join(entry[way[parcel[2]]], parcel)
            busy_entry.add(way[parcel[2]])
        elif door_steps[door] == 0:
            _join(doors[door], parcel)
            busy_door.add(door)
        else:
            arriving.setdefault(step + door_steps[door], []).append((-1 - door, parcel))

    while going:
        for place, parcel in arriving.pop(step, ()):
            if place < 0:
                _join(doors[-1 - place], parcel)
                busy_door.add(-1 - place)
            elif place < chains:
                _join(leave[place], parcel)
                busy_leave.add(place)
            else:
                onward(parcel)
        for c in sorted(busy_leave):
            for parcel in _serve(leave[c], chain_units[c]):
                onward(parcel)
            if not leave[c]:
                busy_leave.discard(c)
        for c in sorted(busy_entry):
            for parcel in _serve(entry[c], chain_units[c]):
                parcel[2] += 1
                arriving.setdefault(step + chain_steps[c], []).append((c, parcel))
            if not entry[c]:
                busy_entry.discard(c)
        for d in sorted(busy_door):
            for parcel in _serve(doors[d], door_units[d]):
                going -= parcel[1]
                done[parcel[0]] = step + 1
            if not doors[d]:
                busy_door.discard(d)
        step += 1
    return Execution(int(done.max()) if b else 0, done)


def _join(queue: deque[Parcel], parcel: Parcel) -> None:
    if queue and queue[-1][0] == parcel[0]:
        queue[-1][1] += parcel[1]
    else:
        queue.append(parcel)


def _serve(queue: deque[Parcel], units: int) -> list[Parcel]:
    served: list[Parcel] = []
    while queue and units > 0:
        parcel = queue[0]
        if parcel[1] <= units:
            units -= parcel[1]
            served.append(queue.popleft())
        else:
            parcel[1] -= units
            served.append([parcel[0], units, parcel[2]])
            units = 0
    return served


def _elements(
    problem: Problem, stepped: Stepped, routes: Routes, building: int
) -> tuple[int, int, list[int], int] | None:
    """Return (first place, steps to it, chains still to enter, door) of a building's route."""
    if routes.entrance[building] < 0:
        return None
    arcs = routes.arcs[building]
    street = arcs[problem.network.road[arcs] != CONNECTOR]
    way: list[int] = []
    for chain in stepped.arc_chain[street].tolist():
        if not way or way[-1] != chain:
            way.append(chain)
    door = int(np.searchsorted(problem.entrances, routes.entrance[building]))
    starts = dict(stepped.start[building])
    at_junction = next((p for p in starts if p >= stepped.chains), None)
    if -1 in way or (at_junction is None and (not way or way[0] not in starts)):
        raise ValueError(f"the route of {problem.buildings[building]} leaves the open streets")
    if at_junction is not None:
        return at_junction, starts[at_junction], way, door
    return way[0], starts[way[0]], way[1:], door
