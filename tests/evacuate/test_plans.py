"""The practical plan: search, split buildings, compounds together, waves, opposed streams."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from civdef.evacuate.bounds import optimum_steps
from civdef.evacuate.execution import execute, ways_of
from civdef.evacuate.planning import make_plan
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import DETOUR_FACTOR, EXCEPTION_M, MOST_TURNS, route
from civdef.evacuate.search.improve import Effort, improve
from civdef.evacuate.solve import evacuate, solve
from civdef.evacuate.split import household_rows
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import contract
from civdef.evacuate.streams import opposed
from civdef.evacuate.together import assign_together, divided
from civdef.evacuate.waves import alone, stage
from civdef.graph.roads import CONNECTOR, build_street_network
from civdef.model.settings import EvacuationSettings, WalkingSpeeds
from civdef.model.town import BuildingUse, Compound
from civdef.model.workspace import Workspace
from tests.evacuate import towns

LITTLE = Effort(60, 20, packing=0)
SLOW = {
    "walking": WalkingSpeeds(adult=1.0, child=1.0, elderly=1.0, assisted=1.0),
    "evacuation": EvacuationSettings(width_share=0.5, street_flow_p_m_s=1.0, door_flow_p_m_s=1.0),
}


def frozen(ws: Workspace) -> Problem:
    return ask(ws, build_street_network(ws), Question("p")).problem


def fair(problem: Problem, plan: Plan) -> None:
    """Everything that a plan must keep: places, open streets, simple routes, the rules for routes."""
    shelter, routes = plan.assignment.shelter, plan.routes
    net = problem.network
    load = np.zeros(len(problem.places), dtype=np.int64)
    for i, s in enumerate(shelter.tolist()):
        arcs = routes.arcs[i]
        if s < 0:
            assert routes.entrance[i] < 0
            continue
        load[s] += problem.persons[i]
        assert problem.allowed[i, s]
        assert net.entrance_shelter[routes.entrance[i]] == s
        assert problem.open[arcs].all()
        nodes = [int(net.tail[arcs[0]]), *net.head[arcs].tolist()]
        assert nodes[0] == problem.node[i]
        assert nodes[-1] == net.entrance_node[routes.entrance[i]]
        assert all(int(net.head[a]) == int(net.tail[b]) for a, b in itertools.pairwise(arcs.tolist()))
        assert len(set(nodes)) == len(nodes)
        shortest = problem.shelter_cost_m[i, s]
        assert routes.cost_m[i] <= max(shortest * DETOUR_FACTOR, shortest + EXCEPTION_M) + 1e-6
    assert (load <= problem.places).all()


@given(st.integers(0, 10_000), st.floats(0.6, 2.0))
@settings(max_examples=25, deadline=None)
def test_the_search_keeps_the_rules_and_is_never_later(seed: int, tightness: float) -> None:
    problem = frozen(towns.grid(seed, tightness=tightness))
    stepped = contract(problem, 10)
    first = spread(problem, stepped)
    plan, best = make_plan(problem, stepped, effort=LITTLE)
    if best is None:
        assert not (plan.assignment.shelter >= 0).any()
        return
    fair(problem, plan)
    assert best <= plan.execution.steps <= first.execution.steps
    assert best == optimum_steps(problem, stepped, plan.assignment.shelter >= 0)
    again = execute(problem, stepped, plan.routes)
    assert again.steps == plan.execution.steps
    assert (again.done == plan.execution.done).all()
    left = [int(problem.persons[p.assignment.shelter < 0].sum()) for p in (plan, first)]
    assert left[0] <= left[1]


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_the_search_finds_the_best_assignment_of_a_hamlet(seed: int) -> None:
    # every assignment of four houses to two shelters by shortest ways, carried out one by one
    problem = frozen(towns.grid(seed, side=3, houses=4, shelters=2, tightness=1.5))
    stepped = contract(problem, 10)
    able = np.isfinite(problem.shelter_cost_m)
    best = None
    for chosen in itertools.product(range(len(problem.places)), repeat=len(problem.buildings)):
        shelter = np.array(chosen, dtype=np.int32)
        load = np.bincount(shelter, weights=problem.persons, minlength=len(problem.places))
        if not able[np.arange(len(shelter)), shelter].all() or (load > problem.places).any():
            continue
        steps = execute(problem, stepped, route(problem, shelter)).steps
        best = steps if best is None else min(best, steps)
    if best is None:
        return
    plan, _ = make_plan(problem, stepped, effort=Effort(400, 0, packing=0))
    assert plan.execution.steps <= best  # other ways than the shortest may be earlier still


def test_the_same_effort_gives_the_same_plan() -> None:
    problem = frozen(towns.grid(7, tightness=1.1))
    stepped = contract(problem, 5)
    one, two = (make_plan(problem, stepped, effort=LITTLE)[0] for _ in range(2))
    assert (one.assignment.shelter == two.assignment.shelter).all()
    assert all((a == b).all() for a, b in zip(one.routes.arcs, two.routes.arcs, strict=True))


def narrow_school(pupils: int, *, width_m: float = 2.0) -> Workspace:
    """A school in the middle of a narrow street, a shelter 100 m to the west and one 120 m to the east."""
    return towns.town(
        towns.plan(),
        towns.road("s", (-100, 0), (0, 0), (120, 0), width_m=width_m),
        towns.house("school", 0, 8, use=BuildingUse.SCHOOL, stairwells=1),
        towns.unit("u", 0, 8, kind="school", building="building/school", night_persons=pupils),
        towns.shelter("w", -100, 0, 5000),
        towns.entrance("w", "w", -100, 0, 20),
        towns.shelter("e", 120, 0, 5000),
        towns.entrance("e", "e", 120, 0, 20),
        **SLOW,
    )


def test_a_school_on_a_narrow_street_leaves_in_both_directions() -> None:
    # 1 m of street lets 1 person through a second: 600 pupils stream past for 600 s one way, 300 s both ways
    ws = narrow_school(600)
    found = evacuate(ws, build_street_network(ws), Question("p"), step_s=5)
    assert [s.building for s in found.split] == ["building/school"]
    assert found.split[0].reason == "street_too_narrow"
    assert found.split[0].persons == sum(a.persons for a in found.assignments) == 600
    assert {a.shelter for a in found.assignments} == {"shelter/w", "shelter/e"}
    west = sum(a.persons for a in found.assignments if a.shelter == "shelter/w")
    assert west == pytest.approx(310, abs=45)  # 100 + w = 120 + (600 - w)
    assert found.gap is not None
    assert found.gap <= 0.15  # whole parts, as 9 : 7 : 5
    whole = dataclasses.replace(
        ws, settings=ws.settings.model_copy(update={"evacuation": SLOW["evacuation"].model_copy(update={"split_passage_min": 0})})
    )  # fmt: skip
    alone_ = evacuate(whole, build_street_network(whole), Question("p"), step_s=5)
    assert not alone_.split
    assert alone_.clearance_s is not None
    assert alone_.clearance_s >= 700


def test_a_building_too_big_for_any_shelter_is_split_and_nobody_is_lost() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("s", (-100, 0), (0, 0), (100, 0), width_m=20),
        towns.house("tower", 0, 8, stairwells=3),
        *(towns.household(str(i), "tower", 4, stairwell=i % 3 + 1) for i in range(60)),
        towns.shelter("w", -100, 0, 130),
        towns.entrance("w", "w", -100, 0, 20),
        towns.shelter("e", 100, 0, 130),
        towns.entrance("e", "e", 100, 0, 20),
    )
    net = build_street_network(ws)
    asked = ask(ws, net, Question("p"))
    problem = asked.problem
    assert problem.persons.sum() == 240
    assert problem.persons.max() <= 130
    rows = household_rows(problem, asked.demand)
    homes = np.zeros_like(problem.by_kind)
    np.add.at(homes, rows, asked.demand.household_persons)
    assert (homes == problem.by_kind).all()  # every household is whole in one part
    found = evacuate(ws, net, Question("p"))
    assert found.split[0].reason == "too_big_for_any_shelter"
    assert found.placed_persons + found.left_over_persons == 240


@given(st.integers(1, 5000), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_parts_add_up_to_the_building(pupils: int, width: int) -> None:
    problem = frozen(narrow_school(pupils, width_m=(1.0, 2.0, 6.0, 20.0)[width]))
    assert problem.persons.sum() == pupils
    assert (problem.persons > 0).all()
    n = len(problem.buildings)
    assert problem.part.tolist() == ([0] if n == 1 else list(range(1, n + 1)))
    if n > 1:
        assert problem.persons.max() <= 3 * problem.persons.min() + 3


def test_compounds_stay_together_and_a_compound_too_big_is_named() -> None:
    box = towns.placed(towns.shapely.box(-60, -10, 60, 40))
    both = Compound(id="compound/k", name=towns.name("k"), community="community/c", **box)
    ws = towns.town(
        towns.plan(),
        both,
        towns.road("s", (-100, 0), (-40, 0), (40, 0), (100, 0), width_m=8),
        towns.house("a", -40, 8, compound="compound/k"),
        towns.house("b", 40, 8, compound="compound/k"),
        towns.household("1", "a", 30),
        towns.household("2", "b", 20),
        towns.shelter("w", -100, 0, 60),
        towns.entrance("w", "w", -100, 0),
        towns.shelter("e", 100, 0, 60),
        towns.entrance("e", "e", 100, 0),
    )
    net = build_street_network(ws)
    single = evacuate(ws, net, Question("p"))
    assert {a.shelter for a in single.assignments} == {"shelter/w", "shelter/e"}
    together = evacuate(ws, net, Question("p", by="compound"))
    assert {a.shelter for a in together.assignments} == {"shelter/w"}
    assert together.divided_compounds == ()
    small = dataclasses.replace(
        ws, shelters={k: s.model_copy(update={"places": towns.figure(35)}) for k, s in ws.shelters.items()}
    )
    apart = evacuate(small, net, Question("p", by="compound"))
    assert apart.divided_compounds == ("compound/k",)
    assert apart.left_over_persons == 0


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_groups_are_whole_wherever_they_fit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    persons = rng.integers(1, 20, 12)
    group = rng.integers(0, 4, 12)
    places = rng.integers(0, 80, 3)
    cost = rng.uniform(10, 500, (12, 3))
    found = assign_together(persons, places, cost, group)
    load = np.bincount(found.shelter[found.shelter >= 0], persons[found.shelter >= 0], 3)
    assert (load <= places).all()
    apart = divided(found.shelter, group)
    for g in np.unique(group):
        chosen = set(found.shelter[group == g].tolist())
        assert (len(chosen) > 1) == (g in apart)
    if (np.bincount(group, persons, 4) <= places.max()).all() and persons.sum() <= places.max():
        assert len(apart) == 0


def queueing(waves_min: float) -> Workspace:
    """Six houses along a wide street, all to one door that lets one person through a second."""
    evacuation = SLOW["evacuation"].model_copy(update={"wave_min": waves_min})
    return towns.town(
        towns.plan(),
        towns.road("s", (0, 0), *((20 * i, 0) for i in range(1, 8)), width_m=40),
        *(towns.house(str(i), 20 * i, 8) for i in range(1, 7)),
        *(towns.household(f"{i}-{k}", str(i), 20) for i in range(1, 7) for k in range(5)),
        towns.shelter("s", 0, 0, 1000),
        towns.entrance("s", "s", 0, 0, 1.0),
        **{**SLOW, "evacuation": evacuation},
    )


def test_waves_shorten_the_standing_and_not_the_plan() -> None:
    ws = queueing(1)
    found = evacuate(ws, build_street_network(ws), Question("p"), step_s=5)
    assert len(found.waves) > 1
    assert found.standing_person_min < 0.9 * found.at_once_standing_person_min
    still = evacuate(queueing(0), build_street_network(queueing(0)), Question("p"), step_s=5)
    assert len(still.waves) == 1
    assert found.clearance_s == still.clearance_s
    assert found.simulated_clearance_s is not None
    assert still.simulated_clearance_s is not None
    assert found.simulated_clearance_s <= still.simulated_clearance_s
    assert found.at_once_simulated_clearance_s == still.simulated_clearance_s


@given(st.integers(0, 10_000), st.sampled_from([30, 60, 300]))
@settings(max_examples=20, deadline=None)
def test_staging_never_makes_a_plan_later(seed: int, wave_s: int) -> None:
    problem = frozen(towns.grid(seed, tightness=1.3))
    stepped = contract(problem, 10)
    plan = spread(problem, stepped, rounds=0)
    found = stage(problem, stepped, plan.routes, wave_s)
    again = execute(problem, stepped, plan.routes, found.delay_steps)
    assert (again.done == found.done).all()
    assert int(found.done.max(initial=0)) <= plan.execution.steps
    assert (found.delay_steps % -(-wave_s // 10) == 0).all()
    assert (alone(stepped, ways_of(problem, stepped, plan.routes)) <= plan.execution.done).all()
    if found.staged:
        assert found.standing_person_s < found.at_once_person_s


def test_people_with_little_time_never_wait_at_home() -> None:
    ws = queueing(1)
    late = dataclasses.replace(ws, plans={"plan/p": towns.plan(deadline_min=15)})
    found = evacuate(late, build_street_network(late), Question("p"), step_s=5)
    assert {a.departure_s for a in found.assignments} == {0.0}


def test_opposed_streams_by_hand() -> None:
    # a goes east past b, b goes west past a: they meet on the street between them
    ws = towns.town(
        towns.plan(),
        towns.road("s", (0, 0), (100, 0), (200, 0), (300, 0)),
        towns.house("a", 100, 8),
        towns.house("b", 200, 8),
        towns.household("1", "a", 10),
        towns.household("2", "b", 6),
        towns.shelter("w", 0, 0, 100),
        towns.entrance("w", "w", 0, 0),
        towns.shelter("e", 300, 0, 100),
        towns.entrance("e", "e", 300, 0),
    )
    problem = frozen(ws)
    names = list(problem.shelters)
    crossing = np.array([names.index("shelter/e"), names.index("shelter/w")], dtype=np.int32)
    met = opposed(problem, route(problem, crossing))
    assert met.persons == 6
    assert met.length_m == pytest.approx(100, abs=1)
    apart = opposed(problem, route(problem, crossing[::-1].copy()))
    assert (met.persons, apart.persons, apart.length_m) == (6, 0, 0.0)


def test_nobody_at_home_and_two_houses_on_one_point() -> None:
    empty = towns.grid(1)
    nobody = dataclasses.replace(empty, households={})
    found = evacuate(nobody, build_street_network(nobody), Question("p"))
    assert (found.demand_persons, found.clearance_s, found.optimum_s, found.bound_s) == (0, None, None, None)
    ws = towns.town(
        towns.plan(),
        towns.road("s", (0, 0), (100, 0)),
        towns.house("a", 50, 8),
        towns.house("b", 50, 8),
        towns.household("1", "a", 3),
        towns.household("2", "b", 4),
        towns.shelter("w", 0, 0, 100),
        towns.entrance("w", "w", 0, 0),
    )
    both = evacuate(ws, build_street_network(ws), Question("p"))
    assert both.placed_persons == 7


def test_improving_a_plan_by_hand_leaves_those_left_over_at_home() -> None:
    problem = frozen(towns.grid(11, tightness=0.6))
    stepped = contract(problem, 10)
    plan = spread(problem, stepped, rounds=0)
    found = improve(problem, stepped, plan, 0, LITTLE)
    assert ((found.assignment.shelter < 0) == (plan.assignment.shelter < 0)).all()
    fair(problem, found)
    assert found.execution.steps <= plan.execution.steps


def test_a_solution_knows_its_optimum_and_its_turns() -> None:
    ws = towns.grid(3, tightness=1.2)
    found = solve(ws, build_street_network(ws), Question("p"), effort=LITTLE)
    assert found.optimum_steps is not None
    assert found.optimum_steps <= found.plan.execution.steps
    most: NDArray[np.int64] = found.plan.routes.turns
    assert (
        most <= np.maximum(MOST_TURNS, route(found.asked.problem, found.plan.assignment.shelter).turns)
    ).all()
    assert (found.asked.problem.network.road[np.concatenate(found.plan.routes.arcs)] != CONNECTOR).any()
