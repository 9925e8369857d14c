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

Floats = NDArray[np.float64]

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
    entry_wait, leave_wait, door_wait
        Mean wait before entering and before leaving each chain, shape (C,), and before each door, shape (E'), in steps.
    """

    steps: int
    done: NDArray[np.int64]
    entry_wait: Floats
    leave_wait: Floats
    door_wait: Floats


class _Queues:
    """First-in-first-out queues that let a number of units through per step."""

    def __init__(self, units: NDArray[np.int64]) -> None:
        self.units: list[int] = units.tolist()
        self.lines: list[deque[Parcel]] = [deque() for _ in self.units]
        self.inside = [0] * len(self.units)
        self.waited = [0] * len(self.units)
        self.served = [0] * len(self.units)
        self.busy: set[int] = set()

    def join(self, queue: int, parcel: Parcel) -> None:
        line = self.lines[queue]
        self.inside[queue] += parcel[1]
        if line and line[-1][0] == parcel[0]:
            line[-1][1] += parcel[1]
        else:
            line.append(parcel)
            self.busy.add(queue)

    def step(self) -> list[tuple[int, Parcel]]:
        """Serve every queue once; return (queue, parcel) in order of queues."""
        found: list[tuple[int, Parcel]] = []
        for queue in sorted(self.busy):
            line, units = self.lines[queue], self.units[queue]
            through = min(units, self.inside[queue])
            while line and units > 0:
                parcel = line[0]
                if parcel[1] <= units:
                    units -= parcel[1]
                    found.append((queue, line.popleft()))
                else:
                    parcel[1] -= units
                    found.append((queue, [parcel[0], units, parcel[2]]))
                    units = 0
            self.served[queue] += through
            self.inside[queue] -= through
            self.waited[queue] += self.inside[queue]
            if not line:
                self.busy.discard(queue)
        return found

    def mean_wait(self) -> Floats:
        """Return the mean wait in each queue [steps]."""
        return np.array(self.waited, dtype=np.float64) / np.maximum(self.served, 1)


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
    entry, leave = _Queues(stepped.chain_units), _Queues(stepped.chain_units)
    doors = _Queues(stepped.door_units)
    arriving: dict[int, list[tuple[int, Parcel]]] = {}
    going = 0
    for i, plan in enumerate(plans):
        if plan is not None:
            arriving.setdefault(plan[1], []).append((plan[0], [i, int(problem.persons[i]) * UNITS, 0]))
            going += int(problem.persons[i]) * UNITS
    chain_steps, door_steps = stepped.chain_steps.tolist(), stepped.door_steps.tolist()
    step = 0

    def onward(parcel: Parcel) -> None:
        """Bring a parcel that stands at a junction to its next queue."""
        plan = plans[parcel[0]]
        assert plan is not None
        _, _, way, door = plan
        if parcel[2] < len(way):
            entry.join(way[parcel[2]], parcel)
        elif door_steps[door] == 0:
            doors.join(door, parcel)
        else:
            arriving.setdefault(step + door_steps[door], []).append((-1 - door, parcel))

    while going:
        for place, parcel in arriving.pop(step, ()):
            if place < 0:
                doors.join(-1 - place, parcel)
            elif place < chains:
                leave.join(place, parcel)
            else:
                onward(parcel)
        for _, parcel in leave.step():
            onward(parcel)
        for chain, parcel in entry.step():
            parcel[2] += 1
            arriving.setdefault(step + chain_steps[chain], []).append((chain, parcel))
        for _, parcel in doors.step():
            going -= parcel[1]
            done[parcel[0]] = step + 1
        step += 1
    return Execution(
        int(done.max()) if b else 0, done, entry.mean_wait(), leave.mean_wait(), doors.mean_wait()
    )


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
