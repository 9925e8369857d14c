"""Each objective is served: no worse than the default plan by its own key, and the longest walk as short as trying everything finds."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from civdef.evacuate.objectives import Measures, Objective, key, measure
from civdef.evacuate.question import Question
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.solve import Solution, solve
from civdef.graph.roads import build_street_network
from civdef.model.workspace import Workspace
from tests.evacuate import towns


def measured(found: Solution) -> Measures:
    plan = found.plan
    return measure(
        found.asked.problem, plan.assignment.shelter, plan.routes, plan.execution, found.stepped.step_s
    )


@pytest.mark.parametrize("seed", [5, 9, 13])
def test_no_objective_is_served_worse_than_by_the_default_plan(seed: int) -> None:
    ws = towns.grid(seed, tightness=1.3)
    net = build_street_network(ws)
    default = measured(solve(ws, net, Question("plan/p"), step_s=10))
    for objective in Objective:
        found = measured(solve(ws, net, Question("plan/p", objective=objective), step_s=10))
        assert key(objective, found) <= key(objective, default), objective


def street(seed: int) -> Workspace:
    """Six houses and three shelters of one door along one street, places for all but few more."""
    rng = np.random.default_rng(seed)
    things: list[object] = [towns.plan(), towns.road("one", (0, 0), (1000, 0), width_m=8)]
    persons = rng.integers(2, 12, 6)
    for k, n in enumerate(persons.tolist()):
        things += [towns.house(f"h{k}", float(rng.uniform(0, 1000)), 10), towns.household(f"{k}", f"h{k}", n)]
    share = rng.dirichlet([2, 2, 2]) * persons.sum() * 1.4
    for k, places in enumerate(np.ceil(share).astype(int).tolist()):
        x = float(rng.uniform(0, 1000))
        things += [towns.shelter(f"s{k}", x, 20, max(places, 1)), towns.entrance(f"e{k}", f"s{k}", x, 0)]
    return towns.town(*things)


@pytest.mark.parametrize("seed", range(8))
def test_the_longest_walk_is_as_short_as_can_be(seed: int) -> None:
    ws = street(seed)
    found = solve(
        ws,
        build_street_network(ws),
        Question("plan/p", objective=Objective.LONGEST_WALK),
        step_s=10,
        effort=Effort.none(),
    )
    problem, got = found.asked.problem, measured(found)
    best = (np.inf, np.inf)
    b, s = problem.size
    for choice in itertools.product(range(-1, s), repeat=b):
        where = np.array(choice)
        placed = where >= 0
        load = np.bincount(where[placed], weights=problem.persons[placed], minlength=s)
        if (load <= problem.places).all():
            walks = problem.shelter_cost_m[np.flatnonzero(placed), where[placed]]
            best = min(best, (float(problem.persons[~placed].sum()), float(walks.max(initial=0.0))))
    assert got.left_persons == best[0]
    assert got.longest_m == pytest.approx(best[1], abs=0.01)


def test_fairness_brings_the_worst_off_community_nearer() -> None:
    """Two communities at one near shelter with room for one: the larger total walk is not the fairer one."""
    ws = towns.grid(3, side=5, houses=14, shelters=4, tightness=1.2)
    west, east = (
        towns.Community(
            id=f"community/{n}", name=towns.name(n), **towns.placed(towns.shapely.box(x, -500, x + 700, 2000))
        )
        for n, x in (("c", -500), ("d", 200))
    )
    halves = {
        k: h.model_copy(
            update={"community": "community/c" if h.shape_m.centroid.x < towns.EAST + 200 else "community/d"}
        )
        for k, h in ws.buildings.items()
    }
    ws = dataclasses.replace(ws, communities={west.id: west, east.id: east}, buildings=halves)
    net = build_street_network(ws)
    fair = measured(solve(ws, net, Question("plan/p", objective=Objective.FAIRNESS), step_s=10))
    others = [measured(solve(ws, net, Question("plan/p", objective=o), step_s=10)) for o in Objective]
    assert fair.left_persons == 0
    assert all(fair.worst_mean_m <= o.worst_mean_m + 1e-6 for o in others if o.left_persons == 0)
