"""Each shelter's people evened out over its doors, so that no door gets more than it may pass where that can be helped.

The plan chooses doors by the time they take. Whether a door gets more than its own limit is another question: here each shelter
with such a door has its rows divided anew over its doors (:mod:`civdef.evacuate.wartime.divide`), within the limits that a route
has elsewhere. Nobody who is inside by one of the times that count may walk so much farther that it is missed. Then the movement
engine shows who is late all the same: a row that is late by its new door may not take it, one that makes others late by coming
before them takes another if there is one, and the shelters concerned are divided again, as long as anything new is learned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.demand import Demand
from civdef.evacuate.execution import execute
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import (
    MOST_TURNS,
    Choice,
    bearings,
    described,
    longest_m,
    shortest,
    turns_of,
)
from civdef.evacuate.simulate import Walked, simulate
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped
from civdef.evacuate.wartime.divide import beyond, divided
from civdef.evacuate.wartime.result import BeyondLimit

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 6
"""Divisions that are carried out; on the sample street by night the third finds nothing to mend, by day the fifth (a choice
between seconds and persons)."""

_EPS_M = 1e-6
_EPS_S = 1e-6


@dataclass(frozen=True)
class Evened:
    """A plan with its doors evened out.

    Attributes
    ----------
    plan, walked
        Shelters as before; doors, routes and times of the evened-out plan.
    reasons
        Entrance of the network that still gets more than it may pass → what stands in the way.
    """

    plan: Plan
    walked: Walked
    reasons: dict[int, BeyondLimit] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Shelter:
    """A shelter some of whose doors get more than they may pass: R rows, D doors.

    Attributes
    ----------
    rows, columns
        Rows of the problem, rising; columns of ``problem.entrances``, rising.
    cost_m, ways
        Level metres to each door, infinite where there is no way, and the arcs, for each door, shape (R, D) and D lists of R.
    near
        Whether the way keeps the limits of a route, shape (R, D).
    soon
        Whether the row misses no time by that door that it kept before, as far as is known: grows less, shape (R, D).
    ahead
        Whether the row is known to make others late by that door: grows more, shape (R, D).
    start
        Door of each row by the plan, shape (R,).
    """

    rows: Ints
    columns: Ints
    persons: Ints
    limit: Ints
    cost_m: Floats
    ways: tuple[tuple[Choice, ...], ...]
    near: Bools
    soon: Bools
    ahead: Bools
    start: Ints

    def divided(self) -> Ints:
        """Return the best door for each row, shape (R,); as it was, if no fewer persons are beyond a limit by it."""
        cost_dm = np.rint(np.where(np.isfinite(self.cost_m), self.cost_m, 0.0) * 10).astype(np.int64)
        found = divided(self.persons, cost_dm, self.near & self.soon, self.limit, self.start, self.ahead)
        return found if self.over(found) < self.over(self.start) else self.start

    def learn(self, door: Ints, late: Bools, first_s: Floats, inside_s: Floats) -> bool:
        """Take down who is late by a division, and through whom; return whether anything was not known before.

        Parameters
        ----------
        door
            The division, shape (R,).
        late
            Whether the row misses a time that it kept before, shape (R,).
        first_s, inside_s
            When the row's first and last person are inside, shape (R,) [s].
        """
        known = int(self.ahead.sum() - self.soon.sum())
        moved = door != self.start
        self.soon[late & moved, door[late & moved]] = False
        for i in np.flatnonzero(late & ~moved).tolist():
            before = moved & (door == door[i]) & (first_s <= inside_s[i])
            self.ahead[before, door[before]] = True
        return int(self.ahead.sum() - self.soon.sum()) > known

    def over(self, door: Ints) -> int:
        """Return how many persons are beyond a limit."""
        return beyond(self.persons, door, self.limit)

    def reason(self, door: Ints, share: Floats) -> BeyondLimit:
        """Return what keeps a division from having fewer persons beyond a limit.

        Parameters
        ----------
        door
            The division, shape (R,).
        share
            Persons that each door may pass, in fractions, shape (D,).
        """
        over, everybody = self.over(door), int(self.persons.sum())
        if over <= everybody - int(self.limit.sum()):
            rounded = everybody <= float(share.sum()) + 1e-6
            return BeyondLimit.ROUNDING if rounded else BeyondLimit.OTHER_DOORS_FULL
        nothing = np.zeros(self.near.shape, dtype=np.int64)
        for may, reason in (
            (self.near, BeyondLimit.OTHERWISE_LATE),
            (np.ones_like(self.near), BeyondLimit.OTHER_DOORS_FAR),
        ):
            if self.over(divided(self.persons, nothing, may, self.limit, door)) < over:
                return reason
        return BeyondLimit.NONE_FITS_WHOLE


def evened(
    problem: Problem,
    demand: Demand,
    stepped: Stepped,
    plan: Plan,
    walked: Walked,
    share: Floats,
    start_s: Floats,
    times_s: Sequence[float],
) -> Evened:
    """Even the doors of a plan out, and carry it out again.

    Parameters
    ----------
    problem, demand, stepped, plan, walked
        The plan and how it goes.
    share
        Persons that each entrance of the network may pass, in fractions, shape (E,).
    start_s
        When each row's last household is at the building's door, shape (B,) [s].
    times_s
        Times by which people are counted [s].
    """
    limit = np.floor(share + 1e-9).astype(np.int64)
    before_s = start_s + _seconds(walked)
    shelters = _shelters(problem, plan, limit, before_s, times_s)
    doors = chosen = [one.start for one in shelters]
    best, fewest = Evened(plan, walked), _worth(problem, plan, plan, limit, before_s, before_s, times_s)
    waiting = list(range(len(shelters)))
    for _ in range(ROUNDS):
        if not waiting:
            break
        doors = [one.divided() if k in waiting else doors[k] for k, one in enumerate(shelters)]
        other = _with_doors(problem, stepped, plan, shelters, doors)
        then = simulate(problem, demand, other.routes)
        now_s = start_s + _seconds(then)
        worth = _worth(problem, plan, other, limit, before_s, now_s, times_s)
        if worth < fewest:
            fewest, best, chosen = worth, Evened(other, then), doors
        late = _misses(before_s, now_s, times_s)
        learned = [
            one.learn(door, late[one.rows], (start_s + then.first_s)[one.rows], now_s[one.rows])
            for one, door in zip(shelters, doors, strict=True)
        ]
        waiting = [k for k, new in enumerate(learned) if new]
    for one, door in zip(shelters, chosen, strict=True):
        load = np.bincount(door, weights=one.persons, minlength=len(one.limit))
        crowded = problem.entrances[one.columns[load > one.limit]]
        if len(crowded):
            reason = one.reason(door, share[problem.entrances[one.columns]])
            best.reasons.update(dict.fromkeys(crowded.tolist(), reason))
    return best


def _seconds(walked: Walked) -> Floats:
    """Return when each row is inside, infinite for those that never are, shape (B,) [s]."""
    return np.where(np.isfinite(walked.last_s), walked.last_s, np.inf)


def _misses(before_s: Floats, now_s: Floats, times_s: Sequence[float]) -> Bools:
    """Return which rows now miss a time that they kept before."""
    found = np.zeros(len(before_s), dtype=np.bool_)
    for time in times_s:
        found |= (before_s <= time) & (now_s > time + _EPS_S)
    return found


def _worth(
    problem: Problem, plan: Plan, other: Plan, limit: Ints, before_s: Floats, now_s: Floats, times_s: Sequence[float]
) -> tuple[int, int, float]:  # fmt: skip
    """Return how bad another plan is: persons beyond a limit or late by a new door, persons who miss a time, person-metres."""
    entrance, persons = other.routes.entrance, problem.persons
    going = entrance >= 0
    late = (entrance != plan.routes.entrance) & _misses(before_s, now_s, times_s)
    missed = sum(int(persons[going & (now_s > time)].sum()) for time in times_s)
    return (
        beyond(persons[going], entrance[going].astype(np.int64), limit) + int(persons[late].sum()),
        missed,
        float((persons * other.routes.cost_m)[going].sum()),
    )


def _shelters(
    problem: Problem, plan: Plan, limit: Ints, inside_s: Floats, times_s: Sequence[float]
) -> list[_Shelter]:
    """Return the shelters some of whose doors get more than they may pass."""
    shelter, entrance = plan.assignment.shelter, plan.routes.entrance
    going = np.flatnonzero(entrance >= 0)
    load = np.bincount(entrance[going], weights=problem.persons[going], minlength=len(limit))
    of = problem.network.entrance_shelter
    crowded = np.unique(of[load > limit])
    rows = {int(s): going[shelter[going] == s] for s in crowded}
    columns = {int(s): np.flatnonzero(of[problem.entrances] == s) for s in crowded}
    ways = _ways(problem, rows, columns)
    begin, end = bearings(problem)
    found = []
    for s, mine in rows.items():
        doors = columns[s]
        cost_m = problem.entrance_cost_m[np.ix_(mine, doors)]
        start = np.searchsorted(problem.entrances[doors], entrance[mine]).astype(np.int64)
        least = problem.shelter_cost_m[mine, s][:, None]
        near = cost_m <= longest_m(least) + _EPS_M
        most = np.maximum(plan.routes.turns[mine], MOST_TURNS)
        for i, k in np.argwhere(near).tolist():
            near[i, k] = turns_of(problem, ways[s][k][i], begin, end) <= most[i]
        here = np.arange(len(mine))
        near[here, start] = True
        cost_m[here, start] = plan.routes.cost_m[mine]
        farther_s = (
            np.maximum(cost_m - cost_m[here, start][:, None], 0.0) / problem.slowest_mps[mine][:, None]
        )
        soon = np.ones_like(near)
        for k in range(len(doors)):
            soon[:, k] = ~_misses(inside_s[mine], inside_s[mine] + farther_s[:, k], times_s)
        limits, ahead = limit[problem.entrances[doors]], np.zeros_like(near)
        found.append(
            _Shelter(mine, doors, problem.persons[mine], limits, cost_m, ways[s], near, soon, ahead, start)
        )
    return found


def _ways(
    problem: Problem, rows: dict[int, Ints], columns: dict[int, Ints]
) -> dict[int, tuple[tuple[Choice, ...], ...]]:
    """Return the shortest open ways: for each shelter and each of its doors those of the shelter's rows."""
    found: dict[int, list[tuple[Choice, ...]]] = {s: [] for s in rows}
    for k in range(max((len(c) for c in columns.values()), default=0)):
        chosen = np.full(len(problem.buildings), -1, dtype=np.int32)
        some = [s for s in rows if k < len(columns[s])]
        for s in some:
            chosen[rows[s]] = columns[s][k]
        arcs = shortest(problem, chosen, problem.walk_network)
        for s in some:
            found[s].append(tuple(arcs[i] for i in rows[s].tolist()))
    return {s: tuple(w) for s, w in found.items()}


def _with_doors(
    problem: Problem, stepped: Stepped, plan: Plan, shelters: Sequence[_Shelter], doors: Sequence[Ints]
) -> Plan:
    """Return the plan with other doors for the rows of some shelters, carried out; rows that keep theirs keep their way."""
    entrance, arcs = plan.routes.entrance.copy(), list(plan.routes.arcs)
    for one, door in zip(shelters, doors, strict=True):
        for i in np.flatnonzero(door != one.start).tolist():
            entrance[one.rows[i]] = problem.entrances[one.columns[door[i]]]
            arcs[one.rows[i]] = one.ways[int(door[i])][i]
    routes = described(problem, entrance, tuple(arcs))
    return dataclasses.replace(plan, routes=routes, execution=execute(problem, stepped, routes))
