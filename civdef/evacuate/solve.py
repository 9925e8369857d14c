"""The whole question answered: problem → plan, bound and optimum, waves, simulation → result."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.binding import binding, left_over
from civdef.evacuate.bounds import Certified, certified
from civdef.evacuate.parts import by_community, by_zone, late
from civdef.evacuate.plainer import Bent, why_bent
from civdef.evacuate.planning import make_plan
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Asked, Question, ask
from civdef.evacuate.result import (
    AssignmentRow,
    EvacuationResult,
    LeftOver,
    LeftReason,
    OneWay,
    RouteException,
    ShelterLoad,
    SplitBuilding,
    Wave,
)
from civdef.evacuate.routes import DETOUR_FACTOR, MOST_TURNS
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.simulate import Walked, simulate
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped, contract
from civdef.evacuate.streams import opposed
from civdef.evacuate.together import divided
from civdef.evacuate.waves import Waves, stage
from civdef.graph.roads import StreetNetwork
from civdef.model.workspace import Workspace

Ints = NDArray[np.int64]


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
        Shelter, entrance and arcs of each row of the problem, and when they arrive.
    optimum_steps
        Fewest steps any flow of the same people takes in that network; None: nobody could be placed.
    compounds
        Rows with the same number belong together, shape (B,); None: planned by building.
    """

    asked: Asked
    stepped: Stepped
    plan: Plan
    optimum_steps: int | None
    compounds: Ints | None = None


def solve(
    workspace: Workspace,
    network: StreetNetwork,
    question: Question,
    *,
    step_s: int | None = None,
    effort: Effort | None = None,
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
    effort
        How hard to search; None: the setting. `Effort.none()` keeps the first plan that is spread over shelters.
    """
    settings = workspace.settings.evacuation
    asked = ask(workspace, network, question)
    problem = asked.problem
    stepped = contract(problem, step_s or settings.step_s)
    compounds = _compounds(workspace, asked) if asked.question.by == "compound" else None
    effort = effort or Effort.of(settings)
    plan, best = make_plan(problem, stepped, asked.question.objective, effort, compounds)
    return Solution(asked, stepped, plan, best, compounds)


def evacuate(
    workspace: Workspace,
    network: StreetNetwork,
    question: Question,
    *,
    step_s: int | None = None,
    effort: Effort | None = None,
) -> EvacuationResult:
    """Answer an evacuation question. Parameters and errors as of :func:`solve`."""
    return report(workspace, solve(workspace, network, question, step_s=step_s, effort=effort))


def report(workspace: Workspace, solution: Solution) -> EvacuationResult:
    """Let the movement engine carry a solution out, stage it where that helps, bound it and write it down."""
    settings = workspace.settings.evacuation
    asked, stepped = solution.asked, solution.stepped
    problem, routes = asked.problem, solution.plan.routes
    placed = solution.plan.assignment.shelter >= 0
    waves = stage(problem, stepped, routes, round(settings.wave_min * 60), solution.compounds)
    walked = at_once = simulate(problem, asked.demand, routes)
    if waves.staged:
        walked = simulate(problem, asked.demand, routes, waves.delay_steps * stepped.step_s)
        if _time(walked) > _time(at_once):
            walked, waves = at_once, waves.given_up()
    steps = int(waves.done.max(initial=0))
    carried = dataclasses.replace(solution.plan.execution, steps=steps, done=waves.done)
    solution = dataclasses.replace(solution, plan=dataclasses.replace(solution.plan, execution=carried))
    best = solution.optimum_steps
    fine = None
    if placed.any() and best is not None:
        fine = certified(
            problem, stepped, placed, flow_s=float(best * stepped.step_s), step_s=settings.bound_step_s,
            cells=settings.bound_cells, searches=settings.bound_searches,
        )  # fmt: skip
    assert best is None or fine is None or fine.bound_s <= best * stepped.step_s <= steps * stepped.step_s
    return _result(workspace, solution, waves, walked, at_once, fine)


def _time(walked: Walked) -> float:
    return np.inf if walked.clearance_s is None else walked.clearance_s


def _compounds(workspace: Workspace, asked: Asked) -> Ints:
    """Return the compound of each row as a number; rows outside compounds, and parts of split buildings, alone, shape (B,)."""
    names = {c: i for i, c in enumerate(workspace.compounds)}
    problem = asked.problem
    found = len(names) + np.arange(len(problem.buildings), dtype=np.int64)
    for i, b in enumerate(problem.buildings):
        compound = workspace.buildings[b].compound
        if compound is not None and problem.part[i] == 0:
            found[i] = names[compound]
    return found


def _result(
    workspace: Workspace,
    solution: Solution,
    waves: Waves,
    walked: Walked,
    at_once: Walked,
    fine: Certified | None,
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
            LeftOver(building=None, part=0, persons=asked.demand.lost_persons, reason=LeftReason.NO_BUILDING),
        )
    left_persons = sum(r.persons for r in left)
    placed_persons = int(problem.persons[placed].sum())
    assert placed_persons + sum(r.persons for r in left if r.building) == int(problem.persons.sum())
    place = {b: i for i, b in enumerate(asked.demand.building_ids)}
    rows = sorted({place[b] for b in problem.buildings})
    lost = asked.demand.lost_persons if inside_scope else 0
    clearance = solution.plan.execution.steps * step_s if len(placed) else None
    best = solution.optimum_steps
    optimum = best * step_s if best is not None else None
    weights = problem.persons[placed]
    lengths = routes.length_m[placed]
    streams = opposed(problem, routes)
    bent = why_bent(problem, solution.stepped, solution.plan)
    exceptions = _exceptions(problem, solution.plan, bent)
    return EvacuationResult(
        inputs=dict(workspace.inputs),
        plan=asked.plan.id,
        time=asked.question.time,
        scope=asked.question.scope or "street",
        by=asked.question.by,
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
        buildings=len(rows),
        placed_persons=placed_persons,
        left_over_persons=left_persons,
        places_persons=int(problem.places.sum()),
        clearance_s=clearance,
        optimum_s=optimum,
        bound_s=None if fine is None else fine.bound_s,
        bound_step_s=None if fine is None else fine.step_s,
        bound_exact=fine is None or fine.exact,
        fine_optimum_s=None if fine is None else fine.flow_s,
        gap=None if not optimum or clearance is None else round(clearance / optimum - 1, 4),
        bracket=None if fine is None or not fine.bound_s else round(fine.flow_s / fine.bound_s, 4),
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
        waves=_waves(solution, waves),
        standing_person_min=round(waves.standing_person_s / 60, 1),
        at_once_standing_person_min=round(waves.at_once_person_s / 60, 1),
        at_once_simulated_clearance_s=_second(at_once.clearance_s) if len(placed) else None,
        exceptions=sum(bool(e) for e in exceptions),
        opposed_m=_metre(streams.length_m),
        opposed_persons=streams.persons,
        opposed_person_m=_metre(streams.person_m),
        split=_split(problem),
        divided_compounds=_divided(workspace, solution),
        communities=by_community(solution, walked),
        zones=by_zone(solution, walked),
        binding=binding(problem, shelter, left, asked.question.footprints or ()),
        left_over=left,
        shelters=_loads(solution),
        assignments=tuple(
            _row(solution, waves, walked, exceptions[i], bent.get(i), i) for i in placed.tolist()
        ),
    )


def _exceptions(problem: Problem, plan: Plan, bent: dict[int, Bent]) -> list[tuple[RouteException, ...]]:
    """Return for each row what its route does that a marshal's route should not."""
    found: list[tuple[RouteException, ...]] = []
    for i, s in enumerate(plan.assignment.shelter.tolist()):
        mine: list[RouteException] = []
        if s >= 0:
            shortest = float(problem.shelter_cost_m[i, s])
            if plan.routes.cost_m[i] > shortest * DETOUR_FACTOR + 1e-6:
                mine.append("longer_because_the_short_way_is_full")
            if i in bent and bent[i].fewest > MOST_TURNS:
                mine.append("more_turns_because_no_plainer_way_exists")
            elif i in bent and bent[i].later_s is not None:
                mine.append("more_turns_because_plainer_ways_are_later")
            elif i in bent:
                mine.append("more_turns_because_not_every_plainer_way_was_tried")
        found.append(tuple(mine))
    return found


def _waves(solution: Solution, waves: Waves) -> tuple[Wave, ...]:
    problem = solution.asked.problem
    placed = solution.plan.assignment.shelter >= 0
    found = []
    for number, steps in enumerate(np.unique(waves.delay_steps[placed]).tolist(), start=1):
        mine = placed & (waves.delay_steps == steps)
        found.append(
            Wave(
                wave=number,
                departure_s=float(steps * solution.stepped.step_s),
                buildings=len({problem.buildings[i] for i in np.flatnonzero(mine)}),
                persons=int(problem.persons[mine].sum()),
            )
        )
    return tuple(found)


def _split(problem: Problem) -> tuple[SplitBuilding, ...]:
    found: dict[str, list[int]] = {}
    for i in np.flatnonzero(problem.part > 0).tolist():
        found.setdefault(problem.buildings[i], []).append(int(problem.persons[i]))
    room = int(problem.places.max(initial=0))
    return tuple(
        SplitBuilding(
            building=b,
            parts=len(persons),
            persons=sum(persons),
            reason="too_big_for_any_shelter" if sum(persons) > room else "street_too_narrow",
        )
        for b, persons in found.items()
    )


def _divided(workspace: Workspace, solution: Solution) -> tuple[str, ...]:
    if solution.compounds is None:
        return ()
    names = tuple(workspace.compounds)
    return tuple(names[g] for g in divided(solution.plan.assignment.shelter, solution.compounds).tolist())


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


def _row(
    solution: Solution,
    waves: Waves,
    walked: Walked,
    exceptions: tuple[RouteException, ...],
    bent: Bent | None,
    i: int,
) -> AssignmentRow:
    problem, routes = solution.asked.problem, solution.plan.routes
    deadline, shelter = float(problem.deadline_s[i]), solution.plan.assignment.shelter[i]
    return AssignmentRow(
        building=problem.buildings[i],
        part=int(problem.part[i]),
        shelter=problem.shelters[shelter],
        entrance=problem.network.entrance_ids[routes.entrance[i]],
        persons=int(problem.persons[i]),
        assisted_persons=int(problem.by_kind[i, 3]),
        walk_m=_metre(routes.length_m[i]),
        walk_s=round(float(routes.cost_m[i]) / problem.speed_mps, 1),
        times_shortest=_times(float(routes.cost_m[i]), float(problem.shelter_cost_m[i, shelter])),
        roads=tuple(problem.network.road_ids[r] for r in routes.roads[i]),
        turns=int(routes.turns[i]),
        exceptions=exceptions,
        fewest_turns=None if bent is None else bent.fewest,
        plainer_later_s=None if bent is None else bent.later_s,
        departure_s=float(waves.delay_steps[i] * solution.stepped.step_s),
        arrival_first_s=_second(walked.first_s[i]),
        arrival_last_s=_second(walked.last_s[i]),
        deadline_s=deadline if np.isfinite(deadline) else None,
    )


def _times(route_m: float, shortest_m: float) -> float:
    """Return how many times as long as the shortest a route is; 1 for who is there already."""
    return round(route_m / shortest_m, 2) if shortest_m > 0 else 1.0


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
