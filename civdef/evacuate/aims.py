"""Plans made for an objective other than an early end: nobody walks far, or no community farther than another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import execute
from civdef.evacuate.objectives import Objective, mean_by_community
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.routes import route
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped
from civdef.evacuate.together import assign_together

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FAIR_ROUNDS = 8
"""Rounds in which the community that walks farthest counts more (a choice between time and metres)."""

_MORE = 1.5


def made_for(
    problem: Problem, stepped: Stepped, plan: Plan, objective: Objective, group: Ints | None
) -> Iterator[Plan]:
    """Yield plans that place as many people as `plan` and serve the objective; whether they are better, the caller judges.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        The plan to better.
    objective
        What for; nothing is yielded for objectives that need no plans of their own.
    group
        Rows with the same number go to the same shelter, shape (B,); None: each by itself.
    """
    if objective is Objective.LONGEST_WALK:
        yield from _nobody_far(problem, stepped, plan, group)
    elif objective is Objective.FAIRNESS:
        yield from _fair(problem, stepped, plan, group)


def _nobody_far(problem: Problem, stepped: Stepped, plan: Plan, group: Ints | None) -> Iterator[Plan]:
    """Halve between walks: the shortest within which as many people still have a place."""
    cost_m = problem.shelter_cost_m
    placed = plan.assignment.shelter != NOWHERE
    wanted = int(problem.persons[placed].sum())
    walks = np.unique(cost_m[np.isfinite(cost_m)])
    least = float(cost_m.min(axis=1)[placed].max(initial=0.0))
    low, high = int(np.searchsorted(walks, least)), len(walks) - 1
    while low <= high:
        middle = (low + high) // 2
        found = _assigned(problem, stepped, plan, np.where(cost_m <= walks[middle], cost_m, np.inf), group)
        if _placed(problem, found) >= wanted:
            yield found
            high = middle - 1
        else:
            low = middle + 1


def _fair(problem: Problem, stepped: Stepped, plan: Plan, group: Ints | None) -> Iterator[Plan]:
    """Let the metres of the community that walks farthest count more and more."""
    cost_m, wanted = problem.shelter_cost_m, _placed(problem, plan)
    weight = np.ones(len(problem.communities))
    for _ in range(FAIR_ROUNDS):
        found = _assigned(problem, stepped, plan, cost_m * weight[problem.community][:, None], group)
        if _placed(problem, found) >= wanted:
            yield found
        placed = found.assignment.shelter != NOWHERE
        walk_m: Floats = np.where(placed, found.routes.cost_m, 0.0)
        mean = mean_by_community(problem, walk_m, np.where(placed, problem.persons, 0))
        weight[int(mean.argmax())] *= _MORE


def _assigned(problem: Problem, stepped: Stepped, plan: Plan, cost_m: Floats, group: Ints | None) -> Plan:
    found = assign_together(problem.persons, problem.places, cost_m, group)
    placed = np.flatnonzero(found.shelter != NOWHERE)
    person_m = float((problem.persons[placed] * problem.shelter_cost_m[placed, found.shelter[placed]]).sum())
    routes = route(problem, found.shelter)
    return dataclasses.replace(
        plan,
        assignment=dataclasses.replace(found, person_m=person_m),
        routes=routes,
        execution=execute(problem, stepped, routes),
    )


def _placed(problem: Problem, plan: Plan) -> int:
    return int(problem.persons[plan.assignment.shelter != NOWHERE].sum())
