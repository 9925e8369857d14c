"""Why a building goes where it goes: each nearer shelter compared with its own, by numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.binding import left_over
from civdef.evacuate.execution import Execution, execute
from civdef.evacuate.objectives import Measures, Objective, key, measure
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.result import LeftReason
from civdef.evacuate.routes import Routes, route
from civdef.evacuate.solve import Solution
from civdef.evacuate.why.result import Alternative, BuildingWhy, Reason, Verdict

_EPS_M = 0.05


@dataclass(frozen=True)
class _Case:
    """A plan with what is asked of it again and again."""

    solution: Solution

    @property
    def problem(self) -> Problem:
        return self.solution.asked.problem

    @property
    def objective(self) -> Objective:
        return self.solution.asked.question.objective

    @cached_property
    def free(self) -> NDArray[np.int64]:
        """Places that the plan leaves free, shape (S,)."""
        shelter = self.solution.plan.assignment.shelter
        placed = shelter != NOWHERE
        used = np.bincount(
            shelter[placed], weights=self.problem.persons[placed], minlength=len(self.problem.places)
        )
        return self.problem.places - used.astype(np.int64)

    @cached_property
    def walk_m(self) -> NDArray[np.float64]:
        """Shortest way to every shelter, those that may not be used too, shape (B, S) [m of level walking]."""
        problem = self.problem
        net = problem.network
        others = dataclasses.replace(
            problem, places=np.ones_like(problem.places), allowed=np.ones_like(problem.allowed),
            trapped=np.zeros_like(problem.trapped), network=net,
        )  # fmt: skip
        found = others.shelter_cost_m
        found[problem.trapped] = np.inf
        return found

    @cached_property
    def measures(self) -> Measures:
        """The plan as it is."""
        return self.measured(self.solution.plan.assignment.shelter, self.solution.plan.routes, self.execution)

    @cached_property
    def execution(self) -> Execution:
        """The plan carried out, everybody leaving at once."""
        return execute(self.problem, self.solution.stepped, self.solution.plan.routes)

    @cached_property
    def left(self) -> dict[int, LeftReason]:
        """Row of the problem → why it is left over."""
        shelter = self.solution.plan.assignment.shelter
        rows = np.flatnonzero(shelter < 0).tolist()
        return {i: row.reason for i, row in zip(rows, left_over(self.problem, shelter), strict=True)}

    def measured(self, shelter: NDArray[np.int32], routes: Routes, execution: Execution) -> Measures:
        return measure(self.problem, shelter, routes, execution, self.solution.stepped.step_s)

    def moved(self, row: int, shelter: int) -> tuple[NDArray[np.int32], Routes, Execution]:
        """Return the plan carried out with one building in another shelter, by the shortest way there."""
        plan = self.solution.plan
        only = np.full_like(plan.assignment.shelter, NOWHERE)
        only[row] = shelter
        alone = route(self.problem, only)
        changed: dict[str, Any] = {}
        for field in dataclasses.fields(Routes):
            before, other = getattr(plan.routes, field.name), getattr(alone, field.name)
            if isinstance(before, tuple):
                changed[field.name] = (*before[:row], other[row], *before[row + 1 :])
            else:
                changed[field.name] = before.copy()
                changed[field.name][row] = other[row]
        routes = Routes(**changed)
        where = plan.assignment.shelter.copy()
        where[row] = shelter
        return where, routes, execute(self.problem, self.solution.stepped, routes)


def why_buildings(solution: Solution, rows: Iterable[int]) -> tuple[BuildingWhy, ...]:
    """Return why the buildings of these rows of the problem go where they go."""
    case = _Case(solution)
    return tuple(_why(case, i) for i in rows)


def _why(case: _Case, i: int) -> BuildingWhy:
    problem, plan = case.problem, case.solution.plan
    own = int(plan.assignment.shelter[i])
    walk_m = case.walk_m[i]
    here_m = float(walk_m[own]) if own != NOWHERE else np.inf
    order = np.lexsort((np.arange(len(walk_m)), walk_m)).tolist()
    nearer = [s for s in order if s != own and walk_m[s] < here_m - _EPS_M]
    farther = next((s for s in order if s != own and s not in nearer and np.isfinite(walk_m[s])), None)
    shown = [*nearer, farther] if farther is not None else nearer
    found = tuple(_alternative(case, i, s) for s in shown)
    usable = [
        a for a, s in zip(found, shown, strict=True) if s in nearer and a.verdict not in ("refused", "no_way")
    ]
    reason: Reason = (
        "left_over" if own == NOWHERE
        else "nearest" if not usable
        else "nearer_shelters_full" if all(a.verdict == "full" for a in usable)
        else "better_for_all"
    )  # fmt: skip
    step_s = case.solution.stepped.step_s
    return BuildingWhy(
        building=problem.buildings[i],
        part=int(problem.part[i]),
        persons=int(problem.persons[i]),
        shelter=problem.shelters[own] if own != NOWHERE else None,
        walk_m=round(float(plan.routes.cost_m[i]), 1) if own != NOWHERE else None,
        shortest_m=round(here_m, 1) if own != NOWHERE else None,
        inside_s=float(case.execution.done[i] * step_s) if own != NOWHERE else None,
        reason=reason,
        left_reason=case.left.get(i),
        alternatives=found,
    )


def _alternative(case: _Case, i: int, s: int) -> Alternative:
    problem, plan = case.problem, case.solution.plan
    own = int(plan.assignment.shelter[i])
    refused = problem.refused.get(problem.shelters[s])
    walk_m = float(case.walk_m[i, s])
    free, persons = int(case.free[s]), int(problem.persons[i])
    verdict: Verdict
    change: tuple[float, float, int] | None = None
    exchange: tuple[int, float] | None = None
    if refused is not None or not problem.allowed[i, s]:
        verdict = "refused"
    elif not np.isfinite(problem.shelter_cost_m[i, s]):
        verdict = "no_way"
    elif free < persons:
        verdict = "full"
        exchange = _exchange(case, i, s) if own != NOWHERE else None
    else:
        verdict, change = _compared(case, i, s)
    return Alternative(
        shelter=problem.shelters[s],
        walk_m=round(walk_m, 1) if np.isfinite(walk_m) else None,
        free_places=max(free, 0),
        verdict=verdict,
        refused_zh=refused.zh if refused is not None else None,
        refused_en=refused.en if refused is not None else None,
        clearance_change_s=change[0] if change else None,
        inside_change_s=change[1] if change else None,
        late_change_persons=change[2] if change else None,
        exchange_building=problem.buildings[exchange[0]] if exchange else None,
        exchange_person_m=exchange[1] if exchange else None,
    )


def _compared(case: _Case, i: int, s: int) -> tuple[Verdict, tuple[float, float, int] | None]:
    """Send one building to a shelter that has room, carry the plan out again and say what is worse."""
    step_s = case.solution.stepped.step_s
    where, routes, execution = case.moved(i, s)
    before, after = case.measures, case.measured(where, routes, execution)
    change = (
        float((after.steps - before.steps) * step_s),
        float((execution.done[i] - case.execution.done[i]) * step_s),
        after.late_persons - before.late_persons,
    )
    ours, theirs = key(case.objective, before), key(case.objective, after)
    if theirs < ours:
        return "better", change
    if theirs == ours:
        return "same", change
    if after.late_persons > before.late_persons:
        return "more_late", change
    if after.steps > before.steps or after.person_steps > before.person_steps:
        return "later", change
    return "longer", change


def _exchange(case: _Case, i: int, s: int) -> tuple[int, float] | None:
    """Return the building of shelter s with which i could change places at least extra walking; None: none fits."""
    problem, shelter = case.problem, case.solution.plan.assignment.shelter
    own = int(shelter[i])
    cost, persons = problem.shelter_cost_m, problem.persons
    there = np.flatnonzero(shelter == s)
    fits = (persons[there] + case.free[s] >= persons[i]) & (case.free[own] + persons[i] >= persons[there])
    there = there[fits & np.isfinite(cost[there, own])]
    if len(there) == 0:
        return None
    more = persons[i] * (cost[i, s] - cost[i, own]) + persons[there] * (cost[there, own] - cost[there, s])
    at = int(more.argmin())
    return int(there[at]), round(float(more[at]), 1)
