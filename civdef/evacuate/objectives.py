"""What a plan is judged by, and which of two plans is better under each objective.

Every plan is measured after it was carried out in the time-expanded network. An objective is a key: of two plans the one
with the smaller key is better. Nobody left over comes first under every objective, and the earlier clearance, then the
shorter person-time decide between equals, so that two objectives never disagree without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Execution
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.routes import Routes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Objective(StrEnum):
    """What is made as small as possible once nobody is left over who could be placed."""

    CLEARANCE = "clearance"
    WALKING = "walking"
    LONGEST_WALK = "longest-walk"
    DEADLINE = "deadline"
    FAIRNESS = "fairness"


Key = tuple[float, ...]


@dataclass(frozen=True)
class Measures:
    """A carried-out plan in numbers.

    Attributes
    ----------
    left_persons
        Persons without a place.
    steps
        Steps until the last person is inside.
    person_steps
        Sum over persons of the step in which their building's last person is inside.
    person_m
        Persons times metres of level walking.
    longest_m
        Longest walk of anybody [m of level walking].
    late_persons, late_person_s
        Persons inside after their building's deadline; the same times the seconds they are late.
    worst_mean_m
        Mean walk of the community that has it longest [m of level walking]. Fairness lowers this, not the difference
        between communities, which could also be lowered by making the best-off walk farther.
    """

    left_persons: int
    steps: int
    person_steps: int
    person_m: float
    longest_m: float
    late_persons: int
    late_person_s: float
    worst_mean_m: float


def measure(
    problem: Problem,
    shelter: NDArray[np.int32],
    routes: Routes,
    execution: Execution,
    step_s: int,
) -> Measures:
    """Measure a plan that was carried out in steps of `step_s` seconds."""
    placed = shelter != NOWHERE
    persons = problem.persons
    weight = np.where(placed, persons, 0)
    walk_m = np.where(placed, routes.cost_m, 0.0)
    late_s = np.where(placed, np.maximum(execution.done * step_s - problem.deadline_s, 0.0), 0.0)
    return Measures(
        left_persons=int(persons[~placed].sum()),
        steps=execution.steps,
        person_steps=int((execution.done * weight).sum()),
        person_m=float((walk_m * weight).sum()),
        longest_m=float(walk_m.max(initial=0.0)),
        late_persons=int(weight[late_s > 0].sum()),
        late_person_s=float((late_s * weight).sum()),
        worst_mean_m=float(mean_by_community(problem, walk_m, weight).max(initial=0.0)),
    )


def mean_by_community(problem: Problem, value: Floats, weight: Ints) -> Floats:
    """Return the mean of a value over the persons of each community, 0 where nobody counts, shape (communities,)."""
    n = len(problem.communities)
    total = np.bincount(problem.community, weights=value * weight, minlength=n)
    persons = np.bincount(problem.community, weights=weight, minlength=n)
    found: Floats = total / np.maximum(persons, 1)
    return found


_KEYS: Mapping[Objective, Callable[[Measures], Key]] = {
    Objective.CLEARANCE: lambda m: (m.left_persons, m.steps, m.person_steps),
    Objective.WALKING: lambda m: (m.left_persons, round(m.person_m, 3), m.steps, m.person_steps),
    Objective.LONGEST_WALK: lambda m: (m.left_persons, round(m.longest_m, 3), m.steps, m.person_steps),
    Objective.DEADLINE: lambda m: (m.left_persons, m.late_persons, m.late_person_s, m.steps, m.person_steps),
    Objective.FAIRNESS: lambda m: (m.left_persons, round(m.worst_mean_m, 3), m.steps, m.person_steps),
}


def key(objective: Objective, measures: Measures) -> Key:
    """Return the key of a plan: smaller is better."""
    return _KEYS[objective](measures)
