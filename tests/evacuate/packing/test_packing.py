"""Packing: ways of the quickest flow, limits that no plan escapes, the programme against every choice there is."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from civdef.evacuate.bounds import optimum_steps
from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.flow import quickest, step_network
from civdef.evacuate.packing.limits import Limit, broken, members, room
from civdef.evacuate.packing.mend import mend
from civdef.evacuate.packing.pack import TIGHT_DETOURS, WITHIN, late_beyond, pack
from civdef.evacuate.packing.paths import paths_of
from civdef.evacuate.packing.pool import Pool, Visits
from civdef.evacuate.packing.programme import relaxed, usable, whole
from civdef.evacuate.packing.turns import take_turns
from civdef.evacuate.plainer import straightened
from civdef.evacuate.planning import make_plan
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import EXCEPTION_M
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.search.improve import Effort, rerouted
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import UNITS, Stepped, contract
from civdef.graph.roads import build_street_network
from tests.evacuate import towns

Ints = NDArray[np.int64]


def question(seed: int, **how: float) -> tuple[Problem, Stepped, Plan]:
    ws = towns.grid(seed, **how)  # type: ignore[arg-type]
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 10)
    return problem, stepped, spread(problem, stepped)


def alone_visits(people: Ints, shelters: Ints, rows: Ints, queue: Ints) -> Visits:
    """Ways of one visit each: `queue` lets one unit through a step, everybody there at once and with no way after it."""
    n = len(rows)
    order = np.argsort(queue, kind="stable")
    zeros = np.zeros(n, dtype=np.int64)
    return Visits(
        rows, shelters, people, people.copy(), queue[order], order, zeros, zeros, np.ones(9, dtype=np.int64)
    )


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_ways_of_a_flow_carry_everybody_along_connected_streets(seed: int) -> None:
    problem, stepped, plan = question(seed, tightness=1.2)
    placed = plan.assignment.shelter >= 0
    if not placed.any():
        return
    adapted = step_network(problem, stepped, placed)
    flow = quickest(adapted.network).flow
    assert flow is not None
    ways = paths_of(adapted, stepped, flow)
    net, gone, inside = adapted.network, Counter[int](), Counter[int]()
    used: Counter[int] = Counter()
    for (release, chains, door), units in ways.items():
        gone[int(net.release_source[release])] += units
        inside[int(problem.network.entrance_shelter[problem.entrances[door]])] += units
        node = int(net.release_node[release])
        at = node if node < stepped.junctions else None
        for c in chains:
            assert at is None or at == stepped.chain_tail[c]
            at = int(stepped.chain_head[c])
            used[c] += units
        assert at is None or at == stepped.door_junction[door]
    assert gone == Counter(dict(enumerate(net.supply.tolist())))
    assert all(n <= problem.places[s] * UNITS for s, n in inside.items())
    through = flow.arc[: stepped.chains].sum(axis=1, dtype=np.int64)
    assert all(n == through[c] for c, n in used.items())


@given(st.integers(0, 10_000), st.floats(0.9, 2.0))
@settings(max_examples=25, deadline=None)
def test_no_plan_is_done_before_the_limits_of_its_ways(seed: int, tightness: float) -> None:
    problem, stepped, plan = question(seed, tightness=tightness)
    if not (plan.assignment.shelter >= 0).any():
        return
    pool = Pool(Arrays.of(problem, stepped, plan.routes))
    picks = pool.add_plan(ways_of(problem, stepped, plan.routes))
    assert len(picks) == int((plan.assignment.shelter >= 0).sum())
    visits = pool.visits()
    _, takes = broken(visits, np.ones(len(picks)), 1)
    assert takes <= plan.execution.steps + 1e-6
    assert visits.alone.max() <= plan.execution.steps
    done, _, _ = Network(stepped).carry(pool.ways(np.array(picks, dtype=np.int64)))
    assert (done == plan.execution.done).all()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=6))
def test_the_limit_found_is_the_hardest_of_all(jobs: list[tuple[int, int, int]]) -> None:
    head, tail, people = (np.array(x, dtype=np.int64) for x in zip(*jobs, strict=True))
    n = len(jobs)
    every = np.arange(n)
    visits = Visits(
        every, every, people, people, np.zeros(n, dtype=np.int64), every, head, tail, np.array([2])
    )
    hardest = max(
        min(head[list(some)]) + people[list(some)].sum() / 2 + min(tail[list(some)])
        for k in range(1, n + 1)
        for some in itertools.combinations(range(n), k)
    )
    found, takes = broken(visits, np.ones(n), 0)
    assert takes == pytest.approx(hardest)
    limit = found[0]
    counted = members(visits, limit)
    assert (limit.head + people[counted].sum() / 2 + limit.tail) == pytest.approx(hardest)
    assert room(visits, limit, int(hardest) + 1) == 2 * (int(hardest) + 1 - limit.head - limit.tail)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whole_buildings_are_chosen_as_well_as_by_trying_every_choice(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 5))
    size = data.draw(st.lists(st.integers(1, 6), min_size=rows, max_size=rows))
    row = np.repeat(np.arange(rows), 3)
    shelter, queue = np.tile(np.arange(3), rows), np.tile(np.arange(3), rows)
    visits = alone_visits(np.repeat(np.array(size, dtype=np.int64), 3), shelter, row, queue)
    places = np.array(data.draw(st.lists(st.integers(3, 12), min_size=3, max_size=3)), dtype=np.int64)
    group = np.array(data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)), dtype=np.int64)
    steps = data.draw(st.integers(6, 10))
    limits = [Limit(q, 0, 0) for q in range(3)]
    best = None
    for chosen in itertools.product(range(3), repeat=rows):
        load = np.bincount(chosen, weights=size, minlength=3)
        together = all(chosen[i] == chosen[k] for i in range(rows) for k in range(i) if group[i] == group[k])
        if together and (load <= places).all():
            over = float(np.maximum(load - steps, 0).sum())
            best = over if best is None else min(best, over)
    found = list(whole(visits, places, steps, limits, np.full(3 * rows, 1 / 3), group, 1))
    if best is None:
        assert not found
        return
    load = np.bincount(shelter[found[0]], weights=visits.people[found[0]], minlength=3)
    assert (row[found[0]] == np.arange(rows)).all()
    assert (load <= places).all()
    assert float(np.maximum(load - steps, 0).sum()) == best


def test_buildings_may_be_divided_in_the_relaxation_and_are_if_that_helps() -> None:
    # three households of 4 through two streets that let 6 through: only halves fit
    row, shelter = np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3)
    visits = alone_visits(np.full(6, 4, dtype=np.int64), shelter, row, shelter.copy())
    share, limits = relaxed(visits, np.array([6, 6]), 6)
    assert np.bincount(row, weights=share) == pytest.approx(np.ones(3))
    assert np.bincount(shelter, weights=share * 4) == pytest.approx([6.0, 6.0])
    assert broken(visits, share, 6)[0] == []
    assert all(limit.queue in (0, 1) for limit in limits)


def test_a_row_too_late_on_every_way_keeps_its_earliest() -> None:
    row = np.array([0, 0, 1])
    visits = alone_visits(np.array([9, 8, 2]), np.array([0, 1, 0]), row, np.array([0, 1, 2]))
    assert usable(visits, 5).tolist() == [False, True, True]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_packing_keeps_places_and_limits_and_leaves_the_same_people_over(seed: int) -> None:
    problem, stepped, plan = question(seed, tightness=1.1)
    placed = plan.assignment.shelter >= 0
    if not placed.any():
        return
    group = np.arange(len(problem.buildings)) // 2
    for together in (None, group):
        found, best = make_plan(problem, stepped, effort=Effort(20, 0, packing=2), group=together)
        none, _ = make_plan(problem, stepped, effort=Effort(20, 0, packing=0), group=together)
        assert best is not None
        assert best <= found.execution.steps <= none.execution.steps
        assert (found.assignment.shelter >= 0).sum() == (none.assignment.shelter >= 0).sum()
    packed = pack(problem, stepped, [plan], optimum_steps(problem, stepped, placed), 2)
    if packed is None:
        return
    event("packed")
    shelter = packed.assignment.shelter
    assert ((shelter >= 0) == placed).all()
    load = np.bincount(shelter[placed], weights=problem.persons[placed], minlength=len(problem.places))
    assert (load <= problem.places).all()
    cost = problem.shelter_cost_m[np.flatnonzero(placed), shelter[placed]]
    longest = np.maximum(cost * TIGHT_DETOURS[0], cost + EXCEPTION_M)
    before = plan.routes.cost_m[placed]
    assert (packed.routes.cost_m[placed] <= np.maximum(longest, before) + 1e-6).all()


def test_packing_is_the_same_every_time() -> None:
    problem, stepped, plan = question(3, tightness=1.1)
    best = optimum_steps(problem, stepped, plan.assignment.shelter >= 0)
    first, again = (pack(problem, stepped, [plan], best, 3) for _ in range(2))
    assert first is not None
    assert again is not None
    assert (first.assignment.shelter == again.assignment.shelter).all()
    assert (first.execution.done == again.execution.done).all()


def test_rows_leave_their_way_only_for_more_than_it_costs() -> None:
    # two households of 4 in a street that lets 6 through, another stands empty: one must move for 2 to be in time
    row, shelter = np.repeat(np.arange(2), 2), np.tile(np.arange(2), 2)
    visits = alone_visits(np.full(4, 4, dtype=np.int64), shelter, row, shelter.copy())
    start, limits = np.array([1.0, 0.0, 1.0, 0.0]), [Limit(0, 0, 0), Limit(1, 0, 0)]
    for price, moved in ((1.0, 1), (3.0, 0)):
        picks = next(whole(visits, np.array([9, 9]), 6, limits, start, np.arange(2), 1, price))
        assert int((start[picks] < 1).sum()) == moved


def test_a_row_late_when_alone_has_to_leave_its_way_unless_it_may_stay() -> None:
    # one household at home in a way of 9 steps, another way takes 4; moving costs more than all limits
    visits = alone_visits(np.array([9, 4]), np.array([0, 1]), np.zeros(2, np.int64), np.array([0, 1]))
    start = np.array([1.0, 0.0])
    for stays, way in ((True, 0), (False, 1)):
        answers = whole(visits, np.array([9, 9]), 5, [], start, np.arange(1), 1, 50.0, stays=stays)
        assert next(answers).tolist() == [way]


def test_a_dear_way_is_taken_only_where_the_other_is_dearer() -> None:
    visits = alone_visits(np.array([4, 4]), np.array([0, 1]), np.zeros(2, np.int64), np.array([0, 1]))
    for dear, way in (([3.0, 2.0], 1), ([2.0, 3.0], 0)):
        answers = whole(
            visits, np.array([9, 9]), 5, [], np.array([0.5, 0.5]), np.arange(1), 1, dear=np.array(dear)
        )
        assert next(answers).tolist() == [way]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_mended_plan_is_never_worse_and_keeps_all_that_a_plan_must(seed: int) -> None:
    problem, stepped, plan = question(seed, tightness=1.1)
    placed = plan.assignment.shelter >= 0
    if not placed.any():
        return
    best = optimum_steps(problem, stepped, placed)
    goal, effort = int(best * (1 + WITHIN)), Effort(20, 0, packing=2)
    makers: list[Callable[[], Plan]] = [
        lambda: mend(problem, stepped, plan, best, effort, 3),
        lambda: take_turns(problem, stepped, [plan], best, effort),
    ]
    for made in makers:
        _holds(problem, stepped, plan, made(), made(), best, goal)


def _holds(
    problem: Problem, stepped: Stepped, plan: Plan, first: Plan, again: Plan, best: int, goal: int
) -> None:
    placed = plan.assignment.shelter >= 0
    late = [late_beyond(problem, p, goal) for p in (first, plan)]
    event("mended" if late[0] < late[1] else "as it was")
    assert late[0] <= late[1]
    assert best <= first.execution.steps
    shelter = first.assignment.shelter
    assert ((shelter >= 0) == placed).all()
    load = np.bincount(shelter[placed], weights=problem.persons[placed], minlength=len(problem.places))
    assert (load <= problem.places).all()
    assert (first.execution.done == Network(stepped).carry(ways_of(problem, stepped, first.routes))[0]).all()
    assert (first.execution.done == again.execution.done).all()


def two_ways(round_by: float) -> tuple[Problem, Stepped, Plan]:
    """1,500 people before a narrow street of 400 m, and a way round so many times as long."""
    out = (round_by - 1) * 200.0
    ws = towns.town(
        towns.plan(), towns.road("stub", (-20, 0), (0, 0), width_m=12), towns.road("main", (0, 0), (400, 0), width_m=1.5),
        towns.road("lane", (0, 0), (0, -out), (400, -out), (400, 0), width_m=1.5), towns.shelter("s", 400, 0, 2000),
        towns.entrance("s", "s", 400, 0, width_m=12),
        *(towns.house(f"{i:02}", -20.0 * i / 30, 3) for i in range(30)),
        *(towns.household(f"{i:02}", f"{i:02}", 50) for i in range(30)),
    )  # fmt: skip
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 10)
    return problem, stepped, spread(problem, stepped)


def times_the_shortest(problem: Problem, plan: Plan) -> float:
    return float((plan.routes.cost_m / problem.shelter_cost_m[:, 0]).max())


@pytest.mark.parametrize(("round_by", "longest"), [(1.8, 1.8), (2.6, 2.6), (3.4, 1.0)])
def test_routes_are_as_long_as_they_must_be_and_no_longer(round_by: float, longest: float) -> None:
    """The way round is within the first limit, only within the second, or beyond both."""
    problem, stepped, plan = two_ways(round_by)
    best = optimum_steps(problem, stepped, plan.assignment.shelter >= 0)
    found = take_turns(problem, stepped, [plan], best, Effort(60, 0, packing=2))
    assert times_the_shortest(problem, found) == pytest.approx(longest, rel=0.05)
    assert (found.execution.steps <= best * (1 + WITHIN)) == (round_by < TIGHT_DETOURS[-1])


def test_nobody_goes_round_who_might_as_well_go_straight() -> None:
    problem, stepped, plan = two_ways(2.6)
    best = optimum_steps(problem, stepped, plan.assignment.shelter >= 0)
    found = take_turns(problem, stepped, [plan], best, Effort(60, 0, packing=2))
    kept = straightened(problem, stepped, found)
    assert kept.execution.steps <= found.execution.steps
    assert times_the_shortest(problem, kept) == pytest.approx(2.6, rel=0.05)  # the street is full
    fewer = dataclasses.replace(problem, by_kind=np.minimum(problem.by_kind, 1))
    alone = straightened(fewer, stepped, rerouted(fewer, stepped, found, found.routes))
    assert times_the_shortest(fewer, alone) == pytest.approx(1.0, rel=0.05)
