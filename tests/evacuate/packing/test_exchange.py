"""Single buildings exchanged: against every choice there is, and what a plan must keep."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.exchange import exchanged
from civdef.evacuate.packing.pack import late_beyond, ways_for
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.question import Question, ask
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.spread import spread
from civdef.evacuate.stepped import contract
from civdef.graph.roads import build_street_network
from tests.evacuate import towns
from tests.evacuate.packing.test_packing import question


@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.sampled_from([1, 6]))
@settings(max_examples=25, deadline=None)
def test_an_exchanged_plan_is_never_worse_and_keeps_all_that_a_plan_must(
    seed: int, tied: bool, by_last: bool, rivals: int
) -> None:
    problem, stepped, plan = question(seed, tightness=1.1)
    placed = plan.assignment.shelter >= 0
    assume(plan.execution.steps > 1)
    goal = plan.execution.steps - 1
    group = np.zeros(len(problem.persons), dtype=np.int64) if tied else None

    def made() -> Pool:
        return ways_for(problem, stepped, [plan], goal, np.inf)

    pool = made()
    first, again = (
        exchanged(
            problem, stepped, plan, p, goal, 200, group=group, by_last=by_last, worse=2.0, rivals=rivals
        )
        for p in (pool, made())
    )
    shelter = first.assignment.shelter
    event("another plan" if (first.execution.done != plan.execution.done).any() else "the same plan")
    assert first.execution.steps <= plan.execution.steps
    if not by_last:
        assert late_beyond(problem, first, goal)[1] <= plan.execution.steps
    assert ((shelter >= 0) == placed).all()
    load = np.bincount(shelter[placed], weights=problem.persons[placed], minlength=len(problem.places))
    assert (load <= problem.places).all()
    if tied:
        assert (shelter == plan.assignment.shelter).all()
    for way in pool.add_plan(ways_of(problem, stepped, first.routes)):
        if way not in pool.add_plan(ways_of(problem, stepped, plan.routes)):
            assert pool.allowed(pool.row[way], pool.option[way], pool.chains[way], pool.door[way])
    assert (first.execution.done == Network(stepped).carry(ways_of(problem, stepped, first.routes))[0]).all()
    assert (first.execution.done == again.execution.done).all()


@given(st.integers(0, 10_000), st.sampled_from([1, 6]))
@settings(max_examples=60, deadline=None)
def test_a_few_buildings_are_exchanged_as_well_as_by_trying_every_choice(seed: int, rivals: int) -> None:
    """Three rows have up to four ways each, and every shelter has room for all."""
    ws = towns.grid(seed, tightness=20.0)
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 10)
    plan = spread(problem, stepped, rounds=0)
    goal = plan.execution.steps - 1
    rich = ways_for(problem, stepped, [plan], goal, np.inf)
    alone = rich.visits().alone
    pool = Pool(Arrays.of(problem, stepped, plan.routes))
    own = pool.add_plan(ways_of(problem, stepped, plan.routes))
    rng = np.random.default_rng(seed)
    free = set(rng.permutation([pool.row[i] for i in own])[:3].tolist())
    offered = pool.visits().alone.max() - 1  # later ways are not taken, as the exchange says
    for i in np.argsort(alone, kind="stable").tolist():
        if rich.row[i] in free and pool.row.count(rich.row[i]) < 4 and alone[i] <= min(goal, offered):
            pool.add(rich.row[i], rich.option[i], rich.chains[i], rich.door[i])
    network, choices = Network(stepped), [[i for i in range(len(pool.row)) if pool.row[i] == r] for r in free]
    kept = [i for i in own if pool.row[i] not in free]
    assume(goal > 0 and np.prod([len(c) for c in choices]) > 1)
    steps = [
        int(network.carry(pool.ways(np.array([*kept, *chosen], dtype=np.int64)))[0].max())
        for chosen in itertools.product(*choices)
    ]
    found = exchanged(problem, stepped, plan, pool, goal, 3000, heat=1.0, rivals=rivals)
    event("can be earlier" if min(steps) <= goal else "cannot")
    assert (found.execution.steps <= goal) == (min(steps) <= goal)
    assert found.execution.steps in steps
    earliest = exchanged(problem, stepped, plan, pool, 0, 3000, heat=1.0, by_last=True, rivals=rivals)
    assert earliest.execution.steps == min(steps)
