"""From a first plan to a better one by search: how hard, from where, and what comes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import execute
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.routes import DETOUR_FACTOR, Routes
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.search.records import Trail
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import UNITS, Stepped
from civdef.model.settings import EvacuationSettings

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

Way = tuple[int, int, tuple[int, ...], int]
"""A row, its way onto the streets (an index of the options), the chains to enter after that, its door."""

_NOTED = 4
"""Ways noted of a search that is asked for them, at most, in its rounds."""

FULL = 0.1
"""A shelter counts as full with less than this share of its places left."""

FULL_PRICE = 2.0
"""Price of a unit in a full shelter, in hundreds of unit-steps (found by trial on central Beijing)."""


@dataclass(frozen=True)
class Effort:
    """How hard to search; the same effort gives the same plan on every machine.

    Attributes
    ----------
    rounds
        Rounds of taking some buildings out and putting them back while the goal is not reached.
    polish
        Rounds for shorter walks after that, the plan being done no later.
    seed
        Of the search's random choices.
    packing
        Rounds of the integer programme where the search ends far above the optimum; see :mod:`civdef.evacuate.packing`.
    heat
        By up to which share a plan may be worse and yet be gone on from when the search begins (annealing).
    clears
        Whether people are drawn out of full shelters into those with room, so that others have places near by.
    """

    rounds: int = 1000
    polish: int = 200
    seed: int = 1
    packing: int = 8
    heat: float = 0.3
    clears: bool = False

    @classmethod
    def of(cls, settings: EvacuationSettings, share: float = 1.0) -> Effort:
        """Return the settings' effort, or a share of its rounds; below 1 tight places are not packed."""
        rounds, polish = round(settings.search_rounds * share), round(settings.polish_rounds * share)
        return cls(rounds, polish, packing=settings.packing_rounds if share >= 1 else 0)

    @classmethod
    def none(cls) -> Effort:
        """Return no effort: the plan as it is."""
        return cls(0, 0, packing=0)


@dataclass(frozen=True, eq=False)
class Held:
    """What a search may not undo.

    Attributes
    ----------
    shelter
        Rows that stay in their shelter, shape (B,).
    way
        Rows that keep their way, shape (B,).
    due
        No row takes a way on which its last person would be inside later than this if nobody else walked, if it has another.
    """

    shelter: Bools
    way: Bools
    due: int


def improve(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    goal: int,
    effort: Effort,
    group: Ints | None = None,
    slowest_s: float = np.inf,
    detour: float = DETOUR_FACTOR,
    held: Held | None = None,
    seen: list[Way] | None = None,
) -> Plan:
    """Return a plan that places the same people and is done earlier, or the same plan.

    Every route stays within `detour` times the shortest way to its shelter and `MOST_TURNS` turns, or has no more turns
    than it had.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        Where to start from; its buildings left over stay so.
    goal
        Steps that are good enough.
    effort
        How hard to search.
    group
        Rows with the same number go to the same shelter, shape (B,); None: each by itself.
    slowest_s
        Nobody is moved so far that the slowest walker of the row would take longer alone in the street, unless no shelter
        is nearer: the plan is timed at the mean pace, people have their own. Rows of mean pace are free to go [s].
    detour
        No route is longer than this times the shortest to the same shelter, but for `EXCEPTION_M`.
    held
        What the search may not undo; None: nothing.
    seen
        Filled with the ways that rows took in plans gone on from; None: nobody wants to know.
    """
    if plan.execution.steps == 0:
        return plan
    arrays = Arrays.of(problem, stepped, plan.routes, slowest_s, detour)
    if held is not None:
        _hold(problem, arrays, plan.assignment.shelter, held)
    members = np.arange(len(problem.buildings)) if group is None else group
    trail = _trail(effort.rounds * _NOTED if seen is not None else 0, arrays.plan.way.shape[1])
    _search(problem, stepped, arrays, members.astype(np.int64), goal, effort, plan.execution.steps, trail)
    if seen is not None:
        seen.extend(_ways(trail))
    return rerouted(problem, stepped, plan, arrays.routes(problem, stepped, plan.routes))


def _hold(problem: Problem, arrays: Arrays, shelter: NDArray[np.int32], held: Held) -> None:
    """Write what is held into the records of the rows."""
    from civdef.evacuate.search.earliest import earliest_alone

    rows = arrays.rows
    stay = np.flatnonzero(held.shelter & (shelter >= 0))
    reach_m = rows.reach_m[stay, shelter[stay]]
    rows.reach_m[stay] = -1.0
    rows.reach_m[stay, shelter[stay]] = reach_m
    rows.pinned[:] = held.way
    found = earliest_alone(arrays, problem.places * UNITS, held.due, 1)
    rows.due[found.option[:, 0] >= 0] = held.due


def rerouted(problem: Problem, stepped: Stepped, plan: Plan, routes: Routes) -> Plan:
    """Return the plan with other routes, and the shelters they lead to, carried out."""
    carried = execute(problem, stepped, routes)
    of = problem.network.entrance_shelter
    shelter = np.where(routes.entrance >= 0, of[routes.entrance], NOWHERE).astype(np.int32)
    placed = np.flatnonzero(shelter >= 0)
    person_m = float((problem.persons[placed] * routes.cost_m[placed]).sum())
    assignment = dataclasses.replace(plan.assignment, shelter=shelter, person_m=person_m)
    return dataclasses.replace(plan, assignment=assignment, routes=routes, execution=carried)


def _search(
    problem: Problem,
    stepped: Stepped,
    arrays: Arrays,
    group: Ints,
    goal: int,
    effort: Effort,
    steps: int,
    trail: Trail,
) -> None:
    """Search; the plan of the arrays is changed in place."""
    from civdef.evacuate.search.kernel import improve as search

    _, number = np.unique(group, return_inverse=True)
    number = number.reshape(-1).astype(np.int64)
    going = arrays.rows.people > 0
    number = np.where(going, number, number.max(initial=0) + 1 + np.arange(len(number)))
    _, number = np.unique(number, return_inverse=True)
    number = number.reshape(-1).astype(np.int64)
    members = np.argsort(number, kind="stable").astype(np.int64)
    pointer = np.searchsorted(number[members], np.arange(int(number.max(initial=-1)) + 2)).astype(np.int64)
    rows = arrays.rows._replace(group=number)
    pace_m, seed, horizon = problem.speed_mps * stepped.step_s, np.uint64(effort.seed), steps * 3 // 2 + 30
    room, places = arrays.plan.room, problem.places * UNITS
    dear = np.where(effort.clears & (room < FULL * places), FULL_PRICE, 0.0)
    reached = steps

    def searched(until: int, rounds: int, heat: float) -> int:
        return int(
            search(arrays.town, rows, arrays.plan, pointer, members, until, pace_m, rounds, heat, dear, seed, horizon, trail)
        )  # fmt: skip

    half = effort.rounds // 2
    for rounds, heat in ((effort.rounds - half, effort.heat), (half, effort.heat / 3)):
        if reached > goal:
            reached = searched(goal, rounds, heat)
    searched(max(goal, reached), effort.polish, 0.0)


def _trail(most: int, width: int) -> Trail:
    """Return a trail with room for so many ways of so many chains."""
    row, option, door, length = (np.zeros(most, dtype=np.int64) for _ in range(4))
    return Trail(
        row, option, door, length, np.zeros((most, width), dtype=np.int32), np.zeros(1, dtype=np.int64)
    )


def _ways(trail: Trail) -> Iterator[Way]:
    """Yield the ways of a trail, as often as they were taken."""
    for n in range(int(trail.filled[0])):
        chains = tuple(trail.way[n, : trail.length[n]].tolist())
        yield int(trail.row[n]), int(trail.option[n]), chains, int(trail.door[n])
