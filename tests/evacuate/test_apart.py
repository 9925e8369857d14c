"""Opposed streams kept apart: by hand where two buildings meet, and on random towns never later and never more of them."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from civdef.evacuate.apart import MORE_TIME, apart
from civdef.evacuate.execution import execute
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import DETOUR_FACTOR, MOST_TURNS, Routes, route
from civdef.evacuate.search.improve import rerouted
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import Stepped, contract
from civdef.evacuate.streams import opposed
from civdef.graph.roads import CONNECTOR, build_street_network
from tests.evacuate import towns


def meeting(*more: object, places: int = 100) -> tuple[Problem, Stepped, Plan]:
    """a (10 persons) goes east past b, b (6) goes west past a: on 100 m of street they meet, and a lane of 160 m leads round it."""
    ws = towns.town(
        towns.plan(), towns.road("main", (0, 0), (100, 0), (200, 0), (300, 0)),
        towns.road("lane", (100, 0), (100, -30), (200, -30), (200, 0)),
        towns.house("a", 100, 3), towns.house("b", 200, 3), towns.household("1", "a", 10), towns.household("2", "b", 6),
        towns.shelter("w", 0, 0, places), towns.entrance("w", "w", 0, 0), towns.shelter("e", 300, 0, places),
        towns.entrance("e", "e", 300, 0), *more,
    )  # fmt: skip
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 10)
    names = list(problem.shelters)
    to = {"a": "e", "b": "w", "far": "w"}
    goal = [names.index(f"shelter/{to[b.removeprefix('building/')]}") for b in problem.buildings]
    plan = spread(problem, stepped, rounds=0)
    return problem, stepped, rerouted(problem, stepped, plan, route(problem, np.array(goal, np.int32)))


MUCH = 0.3
"""In so small a town one way round is a large share of all walking."""

FAR = (towns.road("far", (-300, 0), (0, 0)), towns.house("far", -290, 3), towns.household("3", "far", 2))
"""A house farther away, which sets the time."""


def naive(problem: Problem, routes: Routes) -> tuple[float, float]:
    """Return metres walked both ways and person-metres of the smaller streams, counted person by person."""
    net = problem.network
    load: Counter[tuple[int, bool]] = Counter()
    metres: dict[int, float] = {}
    for b in range(len(problem.buildings)):
        for arc in routes.arcs[b].tolist():
            if net.road[arc] != CONNECTOR:
                load[int(net.line[arc]), bool(net.forward[arc])] += int(problem.persons[b])
                metres[int(net.line[arc])] = float(net.length_m[arc])
    smaller = {line: min(load[line, True], load[line, False]) for line in metres}
    return sum(metres[x] for x, n in smaller.items() if n), sum(metres[x] * n for x, n in smaller.items())


def test_two_that_meet_go_by_different_streets_where_there_is_time() -> None:
    problem, stepped, plan = meeting(*FAR)
    before = opposed(problem, plan.routes)
    assert (before.length_m, before.person_m) == pytest.approx((100, 600), abs=6)
    found = apart(problem, stepped, plan, MUCH)
    assert opposed(problem, found.routes).person_m == 0
    assert found.execution.steps == plan.execution.steps
    gone_round = [problem.buildings[b] for b in np.flatnonzero(found.routes.cost_m > plan.routes.cost_m + 1)]
    assert gone_round in (["building/a"], ["building/b"])
    assert (found.routes.cost_m - plan.routes.cost_m).max() == pytest.approx(60, abs=1)


def test_who_sets_the_time_does_not_go_round() -> None:
    problem, stepped, plan = meeting()
    assert opposed(problem, plan.routes).person_m > 0
    assert apart(problem, stepped, plan, MUCH) is plan


def test_all_together_take_little_longer() -> None:
    problem, stepped, plan = meeting(*FAR)
    assert apart(problem, stepped, plan) is plan


def test_who_has_a_deadline_is_no_later_for_it() -> None:
    problem, stepped, plan = meeting(*FAR)
    at = {b.removeprefix("building/"): i for i, b in enumerate(problem.buildings)}
    due = np.full(len(at), np.inf)
    for b in ("a", "b"):
        due[at[b]] = plan.execution.done[at[b]] * stepped.step_s
    assert apart(dataclasses.replace(problem, deadline_s=due), stepped, plan, MUCH) is plan
    due[at["b"]] = np.inf
    found = apart(dataclasses.replace(problem, deadline_s=due), stepped, plan, MUCH)
    assert found.execution.done[at["a"]] == plan.execution.done[at["a"]]
    assert opposed(problem, found.routes).person_m == 0


@given(st.integers(0, 10_000), st.floats(1.0, 2.0))
@settings(max_examples=40, deadline=None)
def test_on_random_towns_never_later_and_never_more_opposed(seed: int, tightness: float) -> None:
    ws = towns.grid(seed, side=5, houses=16, tightness=tightness, gaps=0.1)
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 5)
    plan = spread(problem, stepped, rounds=2)
    found = apart(problem, stepped, plan)
    for p in (plan, found):
        now = opposed(problem, p.routes)
        assert (now.length_m, now.person_m) == pytest.approx(naive(problem, p.routes))
    before, after = opposed(problem, plan.routes), opposed(problem, found.routes)
    assert (after.person_m < before.person_m - 1e-9) == (found is not plan)
    event(
        "fewer against the stream"
        if found is not plan
        else "nothing to mend"
        if not before.person_m
        else "as before"
    )
    assert (found.assignment.shelter == plan.assignment.shelter).all()
    assert (execute(problem, stepped, found.routes).done == found.execution.done).all()
    assert found.execution.steps <= plan.execution.steps
    spent = [(problem.persons * p.execution.done).sum() for p in (plan, found)]
    assert spent[1] <= (1 + MORE_TIME) * spent[0] + 1e-6
    placed = np.flatnonzero(plan.assignment.shelter >= 0)
    shortest = problem.shelter_cost_m[placed, plan.assignment.shelter[placed]]
    limit = np.maximum(DETOUR_FACTOR * shortest, plan.routes.cost_m[placed]) + 1e-5
    assert (found.routes.cost_m[placed] <= limit).all()
    assert (found.routes.turns <= np.maximum(plan.routes.turns, MOST_TURNS)).all()
