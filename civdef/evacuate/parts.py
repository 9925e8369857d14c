"""What a plan means for each community and for each front of a hazard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.result import CommunityPart, ZonePart
from civdef.evacuate.simulate import Walked

if TYPE_CHECKING:
    from civdef.evacuate.solve import Solution

Bools = NDArray[np.bool_]


def late(solution: Solution, walked: Walked) -> Bools:
    """Return whether each building's last person is inside after its deadline, by the movement engine, shape (B,)."""
    return np.asarray(np.nan_to_num(walked.last_s, nan=0.0) > solution.asked.problem.deadline_s)


def by_community(solution: Solution, walked: Walked) -> tuple[CommunityPart, ...]:
    """Return the plan for each community with somebody to evacuate, in id order."""
    problem, plan = solution.asked.problem, solution.plan
    placed = plan.assignment.shelter != NOWHERE
    too_late = late(solution, walked)
    found = []
    for c, community in enumerate(problem.communities):
        mine = problem.community == c
        going = mine & placed
        persons = problem.persons[going]
        if not mine.any():
            continue
        walk_m = plan.routes.length_m[going]
        last_s = walked.last_s[going]
        arrived = last_s[np.isfinite(last_s)]
        found.append(
            CommunityPart(
                community=community,
                persons=int(problem.persons[mine].sum()),
                placed_persons=int(persons.sum()),
                left_over_persons=int(problem.persons[mine & ~placed].sum()),
                late_persons=int(problem.persons[going & too_late].sum()),
                clearance_s=float(plan.execution.done[going].max() * solution.stepped.step_s)
                if going.any()
                else None,
                simulated_clearance_s=round(float(arrived.max()), 1) if len(arrived) else None,
                mean_walk_m=round(float((walk_m * persons).sum() / persons.sum()), 1)
                if going.any()
                else None,
                longest_walk_m=round(float(walk_m.max()), 1) if going.any() else None,
            )
        )
    return tuple(found)


def by_zone(solution: Solution, walked: Walked) -> tuple[ZonePart, ...]:
    """Return the plan for the buildings of each deadline, earliest first."""
    asked, problem = solution.asked, solution.asked.problem
    placed = solution.plan.assignment.shelter != NOWHERE
    too_late = late(solution, walked)
    found = []
    for deadline_s in sorted(set(problem.deadline_s[np.isfinite(problem.deadline_s)].tolist())):
        mine = (problem.deadline_s == deadline_s) & placed
        last_s = walked.last_s[mine]
        last = float(np.nanmax(last_s)) if np.isfinite(last_s).any() else None
        found.append(
            ZonePart(
                deadline_s=deadline_s,
                footprints=tuple(
                    sorted({z.footprint for z in asked.effects.zones if z.from_min * 60 == deadline_s})
                ),
                buildings=int(mine.sum()),
                persons=int(problem.persons[mine].sum()),
                late_persons=int(problem.persons[mine & too_late].sum()),
                simulated_last_s=None if last is None else round(last, 1),
                margin_s=None if last is None else round(deadline_s - last, 1),
            )
        )
    return tuple(found)
