"""The whole question answered: problem → assignment and routes, spread → bound, simulation → result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.binding import binding, left_over
from civdef.evacuate.bounds import optimum_steps, quick_bound_s
from civdef.evacuate.parts import by_community, by_zone, late
from civdef.evacuate.question import Asked, Question, ask
from civdef.evacuate.result import (
    AssignmentRow,
    EvacuationResult,
    LeftOver,
    LeftReason,
    OneWay,
    ShelterLoad,
)
from civdef.evacuate.simulate import Walked, simulate
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import Stepped, contract
from civdef.graph.roads import StreetNetwork
from civdef.model.workspace import Workspace

BoundKind = Literal["none", "quick", "flow"]


@dataclass(frozen=True)
class Solution:
    """A plan in arrays, for those who go on computing with it.

    Attributes
    ----------
    asked
        The question and its problem.
    stepped
        The time-expanded network it was carried out in.
    plan
        Shelter, entrance and arcs of each building of the problem, and when they arrive.
    """

    asked: Asked
    stepped: Stepped
    plan: Plan


def solve(
    workspace: Workspace, network: StreetNetwork, question: Question, *, step_s: int | None = None
) -> Solution:
    """Assign and route every building. Raises as :func:`civdef.evacuate.question.ask`.

    Parameters
    ----------
    workspace, network
        The town and its streets.
    question
        What is asked.
    step_s
        Time step; None: the setting [s].
    """
    asked = ask(workspace, network, question)
    problem = asked.problem
    stepped = contract(problem, step_s or workspace.settings.evacuation.step_s)
    return Solution(asked, stepped, spread(problem, stepped, objective=asked.question.objective))


def evacuate(
    workspace: Workspace,
    network: StreetNetwork,
    question: Question,
    *,
    bound: BoundKind = "quick",
    step_s: int | None = None,
) -> EvacuationResult:
    """Answer an evacuation question.

    Parameters
    ----------
    workspace, network
        The town and its streets.
    question
        What is asked.
    bound
        ``none``: no lower bound; ``quick``: doors, places and free walks; ``flow``: also the optimum of the
        time-expanded network.
    step_s
        Time step; None: the setting (a coarser one with ``flow``) [s].

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask`.
    """
    step = step_s or step_of(workspace, bound)
    return report(workspace, solve(workspace, network, question, step_s=step), bound=bound)


def step_of(workspace: Workspace, bound: BoundKind) -> int:
    """Return the time step of the settings: a coarser one where the optimum is asked for [s]."""
    settings = workspace.settings.evacuation
    return settings.optimum_step_s if bound == "flow" else settings.step_s


def report(workspace: Workspace, solution: Solution, *, bound: BoundKind = "quick") -> EvacuationResult:
    """Let the movement engine carry a solution out, bound it and write it down."""
    problem, stepped, plan = solution.asked.problem, solution.stepped, solution.plan
    walked = simulate(problem, solution.asked.demand, plan.routes)
    placed = plan.assignment.shelter >= 0
    low = quick_bound_s(problem, placed) if bound != "none" and placed.any() else None
    best: int | None = None
    if bound == "flow" and placed.any():
        steps = plan.execution.steps
        first = int(np.ceil((low or 0.0) / stepped.step_s - 1e-9))
        best = optimum_steps(problem, stepped, placed, min(first, steps))
    return _result(workspace, solution, walked, low, best)


def _result(
    workspace: Workspace,
    solution: Solution,
    walked: Walked,
    low: float | None,
    best: int | None,
) -> EvacuationResult:
    asked, problem, routes = solution.asked, solution.asked.problem, solution.plan.routes
    step_s = solution.stepped.step_s
    shelter = solution.plan.assignment.shelter
    placed = np.flatnonzero(shelter >= 0)
    left = left_over(problem, shelter)
    inside_scope = asked.question.scope == "street"
    if asked.demand.lost_persons and inside_scope:
        left = (
            *left,
            LeftOver(building=None, persons=asked.demand.lost_persons, reason=LeftReason.NO_BUILDING),
        )
    left_persons = sum(r.persons for r in left)
    placed_persons = int(problem.persons[placed].sum())
    assert placed_persons + sum(r.persons for r in left if r.building) == int(problem.persons.sum())
    place = {b: i for i, b in enumerate(asked.demand.building_ids)}
    rows = [place[b] for b in problem.buildings]
    lost = asked.demand.lost_persons if inside_scope else 0
    clearance = solution.plan.execution.steps * step_s if len(placed) else None
    optimum = best * step_s if best is not None else None
    weights = problem.persons[placed]
    lengths = routes.length_m[placed]
    return EvacuationResult(
        inputs=dict(workspace.inputs),
        plan=asked.plan.id,
        time=asked.question.time,
        scope=asked.question.scope or "street",
        hazards=asked.hazards,
        footprints=asked.question.footprints or (),
        closed_roads=asked.question.closed_roads,
        without_shelters=asked.question.without_shelters,
        one_way=tuple(
            OneWay(road=w.road, direction=w.direction, whole_width=w.whole_width)
            for w in asked.question.one_way
        ),
        changes=workspace.changes,
        objective=asked.question.objective,
        demand_persons=int(problem.persons.sum()) + lost,
        residents_persons=int(asked.demand.residents[rows].sum()),
        visitors_persons=int(asked.demand.visitors[rows].sum()) + lost,
        assisted_persons=int(problem.by_kind[:, 3].sum()),
        fetched_persons=sum(n for _, n in asked.question.fetched.households),
        buildings=len(problem.buildings),
        placed_persons=placed_persons,
        left_over_persons=left_persons,
        places_persons=int(problem.places.sum()),
        clearance_s=clearance,
        optimum_s=optimum,
        bound_s=None if low is None else round(low, 1),
        gap=None if not optimum or clearance is None else round(clearance / optimum - 1, 4),
        step_s=step_s,
        simulated_clearance_s=_second(walked.clearance_s) if len(placed) else None,
        simulated_p50_s=_second(walked.p50_s),
        simulated_p95_s=_second(walked.p95_s),
        speed_mps=round(problem.speed_mps, 3),
        nearest_clearance_s=solution.plan.nearest_steps * step_s if len(placed) else None,
        person_m=round(float((weights * routes.cost_m[placed]).sum()), 1),
        relaxed_person_m=round(solution.plan.relaxed_person_m, 1),
        mean_walk_m=_metre((weights * lengths).sum() / weights.sum()) if len(placed) else None,
        longest_walk_m=_metre(lengths.max()) if len(placed) else None,
        late_persons=int(problem.persons[late(solution, walked)].sum()),
        through_hazard_persons=int(problem.persons[_through_hazard(solution)].sum()),
        moved_units=asked.demand.moved_units,
        communities=by_community(solution, walked),
        zones=by_zone(solution, walked),
        binding=binding(problem, shelter, left, asked.question.footprints or ()),
        left_over=left,
        shelters=_loads(solution),
        assignments=tuple(_row(solution, walked, int(i)) for i in placed),
    )


def _through_hazard(solution: Solution) -> NDArray[np.bool_]:
    """Return whether each building's people, safe at home, walk through a hazard area because no other way leads out."""
    asked, problem = solution.asked, solution.asked.problem
    forbidden = np.isfinite(asked.arcs.forbidden_min)
    return np.array(
        [
            b not in asked.effects.unsafe_buildings and bool(forbidden[a].any())
            for b, a in zip(problem.buildings, solution.plan.routes.arcs, strict=True)
        ],
        dtype=np.bool_,
    )


def _row(solution: Solution, walked: Walked, i: int) -> AssignmentRow:
    problem, routes = solution.asked.problem, solution.plan.routes
    deadline = float(problem.deadline_s[i])
    return AssignmentRow(
        building=problem.buildings[i],
        shelter=problem.shelters[solution.plan.assignment.shelter[i]],
        entrance=problem.network.entrance_ids[routes.entrance[i]],
        persons=int(problem.persons[i]),
        assisted_persons=int(problem.by_kind[i, 3]),
        walk_m=_metre(routes.length_m[i]),
        walk_s=round(float(routes.cost_m[i]) / problem.speed_mps, 1),
        roads=tuple(problem.network.road_ids[r] for r in routes.roads[i]),
        turns=int(routes.turns[i]),
        arrival_first_s=_second(walked.first_s[i]),
        arrival_last_s=_second(walked.last_s[i]),
        deadline_s=deadline if np.isfinite(deadline) else None,
    )


def _loads(solution: Solution) -> tuple[ShelterLoad, ...]:
    problem, shelter = solution.asked.problem, solution.plan.assignment.shelter
    found = []
    for s, name in enumerate(problem.shelters):
        mine: NDArray[np.bool_] = shelter == s
        refused = problem.refused.get(name)
        persons = int(problem.persons[mine].sum())
        found.append(
            ShelterLoad(
                shelter=name,
                usable=refused is None,
                refused=refused.en if refused else None,
                places=int(problem.places[s]),
                assigned_persons=persons,
                buildings=int(mine.sum()),
                door_s=_second(_slowest_door(solution, mine)) if persons else None,
            )
        )
    return tuple(found)


def _slowest_door(solution: Solution, mine: NDArray[np.bool_]) -> float:
    problem, routes = solution.asked.problem, solution.plan.routes
    width = problem.network.entrance_width_m
    load = np.bincount(routes.entrance[mine], weights=problem.persons[mine], minlength=len(width))
    used = load > 0
    return float((load[used] / (width[used] * problem.door_flow_p_m_s)).max())


def _metre(value: float) -> float:
    return round(float(value), 1)


def _second(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 1)
