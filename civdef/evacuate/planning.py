"""The practical plan: spread over shelters and streets, then searched for an earlier end, judged by the objective asked."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.aims import made_for
from civdef.evacuate.apart import apart
from civdef.evacuate.bounds import optimum_steps
from civdef.evacuate.execution import execute, ways_of
from civdef.evacuate.objectives import Objective, key, measure
from civdef.evacuate.packing.exchange import exchanged
from civdef.evacuate.packing.pack import WITHIN, ways_for
from civdef.evacuate.packing.turns import take_turns
from civdef.evacuate.plainer import straightened
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.routes import DETOUR_FACTOR, route, slowest_walk_s
from civdef.evacuate.search.improve import Effort, improve
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import Stepped
from civdef.evacuate.together import assign_together

Ints = NDArray[np.int64]

SEARCHED = (Objective.CLEARANCE, Objective.DEADLINE)
"""Objectives that an earlier end serves; the others are plans of least walking of some kind."""

NEAR_SHARE = 0.8
"""Walks up to this share of the optimum leave time for queues; longer ones count `FAR_PRICE` times what is beyond (found by
trial on the sample street)."""

FAR_PRICE = 20.0

FULL_WORK = 250_000
"""Persons times chains of street that the rounds of the effort are meant for; larger plans get fewer rounds, smaller ones up
to `_MOST` times as many."""

_MOST = 3.0

_TRIES = 2
"""Plans with single buildings exchanged that are tried, in rounds of the search (a choice between seconds and steps)."""

_ROUNDS_PER_ROW = 25
"""A hamlet needs no more rounds than that for each building."""


def make_plan(
    problem: Problem,
    stepped: Stepped,
    objective: Objective = Objective.CLEARANCE,
    effort: Effort | None = None,
    group: Ints | None = None,
) -> tuple[Plan, int | None]:
    """Return the plan, and the fewest steps any flow of the same people takes (None: nobody can be placed).

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    objective
        Which of the plans found is kept.
    effort
        How hard to search; None: as `Effort` says.
    group
        Rows with the same number go to the same shelter, shape (B,); None: each by itself.
    """
    effort = effort or Effort()
    best = spread(problem, stepped, objective=objective, group=group)
    if not (best.assignment.shelter >= 0).any():
        return best, None
    goal = optimum_steps(problem, stepped, best.assignment.shelter >= 0)
    if objective in SEARCHED and effort.rounds + effort.polish > 0:
        start = best
        if best.execution.steps > goal:
            near = _near(problem, stepped, best, goal, group)
            start = near if _places_as_many(problem, near, best) else best
        slowest_s = slowest_walk_s(problem, best.routes, float(goal * stepped.step_s))
        work = _within(problem, stepped, start, effort)
        found = improve(problem, stepped, start, goal, work, group, slowest_s)
        found = _exchanged(problem, stepped, found, (start, best), goal, work, group, slowest_s)
        if effort.packing and found.execution.steps > goal * (1 + WITHIN):
            plans = [p for p in (found, start, best) if _same_rows(p, found)]
            packed = take_turns(problem, stepped, plans, goal, work, group, slowest_s)
            found = min(found, packed, key=lambda p: _worth(problem, stepped, objective, p))
        if _worth(problem, stepped, objective, found) < _worth(problem, stepped, objective, best):
            changed = bool(((found.assignment.shelter < 0) != (best.assignment.shelter < 0)).any())
            best = found
            if changed:
                goal = optimum_steps(problem, stepped, best.assignment.shelter >= 0)
    best = straightened(problem, stepped, best)
    if objective is not Objective.CLEARANCE:
        return _served(problem, stepped, objective, effort, group, best, goal)
    if effort.rounds + effort.polish > 0:
        best = apart(problem, stepped, best)
    return best, goal


def _served(
    problem: Problem,
    stepped: Stepped,
    objective: Objective,
    effort: Effort,
    group: Ints | None,
    plan: Plan,
    goal: int,
) -> tuple[Plan, int]:
    """Return the best by the objective of a plan, those made for it, and the plan of earliest clearance."""
    best = plan
    early, _ = make_plan(problem, stepped, Objective.CLEARANCE, effort, group)
    made = made_for(problem, stepped, early, objective, group)
    for other in (early, *(straightened(problem, stepped, p) for p in made)):
        if _worth(problem, stepped, objective, other) < _worth(problem, stepped, objective, best):
            best = other
    if ((best.assignment.shelter < 0) != (plan.assignment.shelter < 0)).any():
        goal = optimum_steps(problem, stepped, best.assignment.shelter >= 0)
    return best, goal


def _near(problem: Problem, stepped: Stepped, plan: Plan, goal: int, group: Ints | None) -> Plan:
    """Return the plan whose walks leave time for queues within the goal, where shelters within such a walk have room."""
    walk_m = problem.shelter_cost_m
    free_m = NEAR_SHARE * goal * stepped.step_s * problem.speed_mps
    dear = walk_m + FAR_PRICE * np.maximum(walk_m - free_m, 0.0)
    found = assign_together(problem.persons, problem.places, dear, group)
    placed = np.flatnonzero(found.shelter != NOWHERE)
    person_m = float((problem.persons[placed] * walk_m[placed, found.shelter[placed]]).sum())
    routes = route(problem, found.shelter)
    carried = execute(problem, stepped, routes)
    assignment = dataclasses.replace(found, person_m=person_m)
    return dataclasses.replace(plan, assignment=assignment, routes=routes, execution=carried)


def _exchanged(
    problem: Problem,
    stepped: Stepped,
    found: Plan,
    others: tuple[Plan, ...],
    goal: int,
    work: Effort,
    group: Ints | None,
    slowest_s: float,
) -> Plan:
    """Return the plan with single buildings exchanged, where it is nearly as early as can be: elsewhere trying is too slow."""
    if not goal < found.execution.steps <= goal * (1 + WITHIN):
        return found
    plans = [p for p in (found, *others) if _same_rows(p, found)]
    pool = ways_for(
        problem, stepped, plans, found.execution.steps - 1, slowest_s, detour=DETOUR_FACTOR, of_flow=False
    )  # fmt: skip
    tries = _TRIES * work.rounds
    other = exchanged(problem, stepped, found, pool, goal, tries, work.seed, group, by_last=True)
    if other.execution.steps >= found.execution.steps:
        return found
    polish = dataclasses.replace(work, rounds=0)
    return improve(problem, stepped, other, other.execution.steps, polish, group, slowest_s)


def _same_rows(plan: Plan, other: Plan) -> bool:
    return bool(((plan.assignment.shelter >= 0) == (other.assignment.shelter >= 0)).all())


def _places_as_many(problem: Problem, plan: Plan, other: Plan) -> bool:
    persons = problem.persons
    return int(persons[plan.assignment.shelter >= 0].sum()) >= int(
        persons[other.assignment.shelter >= 0].sum()
    )


def _within(problem: Problem, stepped: Stepped, plan: Plan, effort: Effort) -> Effort:
    """Return the effort for a plan of this size: about as much work in all, however large the town."""
    ways = ways_of(problem, stepped, plan.routes)
    share = min(_MOST, FULL_WORK / max(ways.work, 1.0))
    most = _ROUNDS_PER_ROW * int((ways.units > 0).sum())
    return dataclasses.replace(
        effort, rounds=min(int(effort.rounds * share), most), polish=min(int(effort.polish * share), most)
    )


def _worth(problem: Problem, stepped: Stepped, objective: Objective, plan: Plan) -> tuple[float, ...]:
    measured = measure(problem, plan.assignment.shelter, plan.routes, plan.execution, stepped.step_s)
    return (*key(objective, measured), float(plan.routes.turns.sum()))
