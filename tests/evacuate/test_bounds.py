"""Clearance, optimum and bound: hand-worked queues, an independent time-expanded network, and their order."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.assignment import assign
from civdef.evacuate.bounds import bracket, certified, optimum_steps, too_few
from civdef.evacuate.execution import execute
from civdef.evacuate.flow import quickest, step_network
from civdef.evacuate.flow.reach import first_cut
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import route
from civdef.evacuate.spread import spread
from civdef.evacuate.stepped import UNITS, Rounding, Stepped, contract
from civdef.graph.roads import build_street_network
from civdef.model.settings import EvacuationSettings, WalkingSpeeds
from civdef.model.workspace import Workspace
from tests.evacuate import towns

ONE = {
    "walking": WalkingSpeeds(adult=1.0, child=1.0, elderly=1.0, assisted=1.0),
    "evacuation": EvacuationSettings(width_share=0.5, street_flow_p_m_s=1.0, door_flow_p_m_s=1.0),
}


def frozen(ws: Workspace) -> Problem:
    return ask(ws, build_street_network(ws), Question("p")).problem


def corridor(persons: int, street_m: float, door_m: float) -> Workspace:
    """A house 100 m of street from a door; everybody walks 1 m/s; flows are 1 person per metre and second."""
    return towns.town(
        towns.plan(),
        towns.road("one", (0, 0), (50, 0), (100, 0), width_m=street_m),
        towns.house("a", 0, 0),
        towns.household("1", "a", min(persons, 60)),
        towns.shelter("s", 100, 0, 1000),
        towns.entrance("s", "s", 100, 0, door_m),
        **ONE,
    )


@pytest.mark.parametrize(
    ("street_m", "door_m", "seconds"),
    [
        # 60 persons after 100 s of walking; the narrower of half the street and the door lets so many through per second
        (4.0, 1.0, 100 + 60 / 1.0),
        (1.0, 3.0, 100 + 60 / 0.5),
        (120.0, 60.0, 100 + 1),
    ],
)
def test_a_corridor_by_hand(street_m: float, door_m: float, seconds: float) -> None:
    problem = frozen(corridor(60, street_m, door_m))
    stepped = contract(problem, 1)
    routes = route(problem, np.zeros(1, dtype=np.int32))
    assert stepped.junctions == 2
    assert stepped.chains == 2
    done = execute(problem, stepped, routes)
    assert done.steps == pytest.approx(seconds, abs=1)
    placed = np.array([True])
    assert optimum_steps(problem, stepped, placed) == done.steps
    bound = bracket(problem, stepped, placed).bound_s
    assert bound <= done.steps
    assert bound == pytest.approx(seconds, abs=2)


def test_capacities_are_not_rounded_to_whole_persons() -> None:
    # half a person a second through a door of 0.5 m: 60 persons take 120 s, not 60 and not for ever
    problem = frozen(corridor(60, 40, 0.5))
    done = execute(problem, contract(problem, 1), route(problem, np.zeros(1, dtype=np.int32)))
    assert done.steps == pytest.approx(220, abs=1)


def test_streams_share_a_street_first_come_first_served() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("one", (0, 0), (100, 0), (200, 0), width_m=2),
        towns.house("far", 0, 0),
        towns.house("near", 100, 0),
        towns.household("1", "far", 30),
        towns.household("2", "near", 30),
        towns.shelter("s", 200, 0, 1000),
        towns.entrance("s", "s", 200, 0, 50),
        **ONE,
    )
    problem = frozen(ws)
    done = execute(problem, contract(problem, 1), route(problem, np.zeros(2, dtype=np.int32)))
    near, far = problem.buildings.index("building/near"), problem.buildings.index("building/far")
    assert done.done[near] == pytest.approx(130, abs=1)  # 100 s walk, 30 persons at 1 per second
    assert done.done[far] == pytest.approx(230, abs=1)  # 200 s walk, 30 more


def independent(problem: Problem, stepped: Stepped, placed: np.ndarray, steps: int) -> bool:
    """Build the whole time-expanded network, nothing pruned, and ask networkx."""
    graph = nx.DiGraph()
    c = stepped.chains

    def add(tail: object, head: object, units: int) -> None:
        old = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        graph.add_edge(tail, head, capacity=old + units)

    graph.add_node("source")
    graph.add_node("sink")
    every = int(problem.persons.sum()) * UNITS
    for t in range(steps):
        for place in range(c + stepped.junctions):
            if t + 1 < steps:
                add((place, t), (place, t + 1), every)
        for k in range(c):
            there = t + int(stepped.chain_steps[k])
            if there < steps:
                add((c + int(stepped.chain_tail[k]), t), (k, there), int(stepped.chain_units[k]))
            add((k, t), (c + int(stepped.chain_head[k]), t), int(stepped.chain_units[k]))
        for e, junction in enumerate(stepped.door_junction.tolist()):
            if junction >= 0 and t + stepped.door_steps[e] < steps:
                shelter = int(problem.network.entrance_shelter[problem.entrances[e]])
                add((c + junction, t), ("shelter", shelter), int(stepped.door_units[e]))
    for s, n in enumerate(problem.places.tolist()):
        add(("shelter", s), "sink", n * UNITS)
    for i in np.flatnonzero(placed).tolist():
        add("source", ("house", i), int(problem.persons[i]) * UNITS)
        for place, t in stepped.start[i]:
            if t < steps:
                add(("house", i), (place, t), every)
    value = nx.maximum_flow_value(graph, "source", "sink")
    return bool(value >= int(problem.persons[placed].sum()) * UNITS)


@given(st.integers(0, 10_000))
@settings(max_examples=12, deadline=None)
def test_the_optimum_equals_an_unpruned_network_solved_by_networkx(seed: int) -> None:
    problem = frozen(towns.grid(seed, side=3, houses=4, shelters=2, tightness=1.6))
    found = assign(problem.persons, problem.places, problem.shelter_cost_m)
    placed = found.shelter >= 0
    if not placed.any():
        return
    stepped = contract(problem, 40)
    done = execute(problem, stepped, route(problem, found.shelter))
    best = optimum_steps(problem, stepped, placed)
    assert best <= done.steps
    assert independent(problem, stepped, placed, best)
    assert best == 1 or not independent(problem, stepped, placed, best - 1)


@given(st.integers(0, 10_000), st.floats(0.5, 2.0), st.sampled_from([5, 10, 30]))
@settings(max_examples=200, deadline=None)
def test_bound_optimum_and_plan_stand_in_order(seed: int, tightness: float, step_s: int) -> None:
    problem = frozen(towns.grid(seed, tightness=tightness))
    stepped = contract(problem, step_s)
    plan = spread(problem, stepped)
    placed = plan.assignment.shelter >= 0
    assert plan.execution.steps <= plan.nearest_steps or not placed.any()
    if not placed.any():
        return
    both = bracket(problem, stepped, placed)
    assert bracket(problem, contract(problem, 2), placed).bound_s <= both.optimum_s
    assert both.bound_s <= both.optimum_s
    assert both.optimum.steps == optimum_steps(problem, stepped, placed)
    assert both.optimum.steps <= plan.execution.steps
    for found, net in ((both.low, both.low_network), (both.optimum, both.optimum_network)):
        assert found.certificate is not None
        assert found.certificate.fault(net.network) == ""
        assert found.certificate.fault(both.optimum_network.network) == ""


@given(st.integers(0, 10_000), st.floats(0.5, 2.0))
@settings(max_examples=25, deadline=None)
def test_a_coarse_bound_is_not_above_a_fine_optimum(seed: int, tightness: float) -> None:
    # the bound of any step holds for walks in true time, of which every step's optimum is one
    problem = frozen(towns.grid(seed, tightness=tightness))
    plan = spread(problem, contract(problem, 30))
    placed = plan.assignment.shelter >= 0
    if not placed.any():
        return
    found = {step: bracket(problem, contract(problem, step), placed) for step in (3, 7, 30, 61)}
    least = min(b.optimum_s for b in found.values())
    assert max(b.bound_s for b in found.values()) <= least


@given(st.integers(0, 10_000), st.floats(0.5, 2.0), st.sampled_from(list(Rounding)))
@settings(max_examples=25, deadline=None)
def test_what_coarser_steps_say_is_too_few_is_too_few(
    seed: int, tightness: float, rounding: Rounding
) -> None:
    problem = frozen(towns.grid(seed, tightness=tightness))
    placed = spread(problem, contract(problem, 30)).assignment.shelter >= 0
    if not placed.any():
        return
    network = step_network(problem, contract(problem, 1, rounding), placed).network
    few = too_few(problem, step_s=1, placed=placed, network=network)
    whole = quickest(network)
    assert whole.steps is not None
    assert few < whole.steps
    begun = quickest(network, few)
    assert begun.steps == whole.steps
    assert begun.certificate is not None
    assert begun.certificate.fault(network) == ""


@given(st.integers(0, 10_000), st.integers(1, 30), st.sampled_from([1, 300, 3000]))
@settings(max_examples=60, deadline=None)
def test_a_bound_not_searched_to_the_end_is_a_bound(seed: int, searches: int, cells: int) -> None:
    problem = frozen(towns.grid(seed, tightness=1.2))
    stepped = contract(problem, 10)
    placed = spread(problem, stepped).assignment.shelter >= 0
    if not placed.any():
        return
    flow_s = 10.0 * optimum_steps(problem, stepped, placed)
    found = certified(problem, stepped, placed, flow_s=flow_s, step_s=2, cells=cells, searches=searches)
    best = bracket(problem, contract(problem, 2), placed)
    if found.exact:
        assert (found.step_s, found.bound_s, found.flow_s) == (2, best.bound_s, best.optimum_s)
    else:
        assert found.step_s > 2
        assert found.flow_s == flow_s
    assert found.bound_s <= best.optimum_s
    assert found.bound_s <= found.flow_s
    whole = certified(problem, stepped, placed, flow_s=flow_s, step_s=2, cells=2**60, searches=1)
    assert whole.exact
    assert whole.bound_s == best.bound_s
    again = certified(problem, stepped, placed, flow_s=flow_s, step_s=2, cells=cells, searches=searches)
    assert found == again
    assert found.exact == (stepped.chains * flow_s / 2 <= cells or flow_s < 4)


def test_coarser_steps_are_worth_asking() -> None:
    # not every coarse cut stands in the fine network; where it does not, the search begins as if nothing were known
    asked, near = 0, 0
    for seed in range(24):
        problem = frozen(towns.grid(seed, tightness=1.0))
        placed = spread(problem, contract(problem, 30)).assignment.shelter >= 0
        if not placed.any():
            continue
        network = step_network(problem, contract(problem, 1, Rounding.DOWN), placed).network
        if first_cut(network).steps < 100:
            continue
        steps = quickest(network).steps
        assert steps is not None
        asked += 1
        near += too_few(problem, step_s=1, placed=placed, network=network) >= steps - max(30, steps // 5)
    assert asked >= 10
    assert near >= 0.75 * asked


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_contraction_keeps_every_walk(seed: int) -> None:
    # with steps of 1 s and nobody in the way, a building is done when its people have walked, door and rounding apart
    ws = towns.grid(seed, tightness=5, gaps=0.3)
    problem = frozen(ws)
    stepped = contract(problem, 1)
    found = assign(problem.persons, problem.places, problem.shelter_cost_m)
    routes = route(problem, found.shelter)
    done = execute(problem, stepped, routes)
    for i in np.flatnonzero(found.shelter >= 0):
        assert done.done[i] >= routes.cost_m[i] / problem.speed_mps - 1e-6
    street = problem.open & (problem.network.road >= 0)
    assert (stepped.arc_chain[street] >= 0).all()
    lengths = [problem.network.length_m[a].sum() for a in stepped.chain_arcs]
    assert sum(lengths) == pytest.approx(problem.network.length_m[street].sum())


def test_a_ring_without_junctions() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("ring", (0, 0), (100, 0), (100, 100), (0, 100), (0, 0)),
        towns.house("a", 50, 105),
        towns.household("1", "a", 5),
        towns.shelter("s", 50, -5, 10),
        **ONE,
    )
    problem = frozen(ws)
    plan = spread(problem, contract(problem, 1))
    assert plan.assignment.shelter.tolist() == [0]
    assert plan.execution.steps == pytest.approx(200 + 5 + 5, abs=8)


def test_steps_must_be_positive() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        contract(frozen(corridor(5, 4, 1)), 0)
