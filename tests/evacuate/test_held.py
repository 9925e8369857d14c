"""What a search may not undo, the ways it tells of, and the earliest ways in empty streets."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.search.earliest import earliest_alone
from civdef.evacuate.search.improve import Effort, Held, Way, improve
from civdef.evacuate.stepped import UNITS
from tests.evacuate.packing.test_packing import question


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_search_leaves_what_is_held_where_it_is(seed: int) -> None:
    problem, stepped, plan = question(seed, tightness=1.2)
    rng = np.random.default_rng(seed)
    b = len(problem.persons)
    steps = plan.execution.steps
    assume(steps > 1)
    held = Held(rng.random(b) < 0.3, rng.random(b) < 0.3, steps - 1)
    seen: list[Way] = []
    found = improve(problem, stepped, plan, 0, Effort(80, 0, seed), held=held, seen=seen)
    shelter, way = plan.assignment.shelter, plan.routes.arcs
    event("changed" if (found.execution.done != plan.execution.done).any() else "as it was")
    assert (found.assignment.shelter[held.shelter] == shelter[held.shelter]).all()
    for i in np.flatnonzero(held.way).tolist():
        assert found.routes.arcs[i].tolist() == way[i].tolist()
    arrays = Arrays.of(problem, stepped, plan.routes)
    pool = Pool(arrays)
    before = pool.add_plan(ways_of(problem, stepped, plan.routes))
    after = pool.add_plan(ways_of(problem, stepped, found.routes))
    alone = pool.visits().alone
    earliest = earliest_alone(arrays, problem.places * UNITS, held.due, 1)
    for i in set(after) - set(before):
        can = earliest.option[pool.row[i], 0] >= 0 and not held.shelter[pool.row[i]]
        assert alone[i] <= held.due or not can
    assert all(pool.allowed(row, option, chains, door) for row, option, chains, door in seen)
    assert not {row for row, *_ in seen} & set(np.flatnonzero(held.way).tolist())
    if len(seen) < 4 * 80:
        told = {pool.add(*way) for way in seen} | set(before)
        assert set(after) <= told, "a way of the plan found was never told of"


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_earliest_way_of_all_is_the_earliest_of_both_directions(seed: int) -> None:
    problem, stepped, plan = question(seed, tightness=1.2)
    arrays = Arrays.of(problem, stepped, plan.routes)
    rows, places, shelters = arrays.rows, problem.places * UNITS, len(problem.places)
    pool, network = Pool(arrays), Network(stepped)
    most = int(np.diff(rows.opt_ptr).max(initial=0))

    def found(start: int | None) -> dict[tuple[int, int], int]:
        earliest = earliest_alone(arrays, places, 10_000, shelters, start)
        when: dict[tuple[int, int], int] = {}
        for b, w in np.argwhere(earliest.option >= 0).tolist():
            option, door = int(earliest.option[b, w]), int(earliest.door[b, w])
            chains = tuple(earliest.way[b, w, : earliest.length[b, w]].tolist())
            assert pool.allowed(b, option, chains, door)
            assert start is None or option == rows.opt_ptr[b] + start
            ways = pool.ways(np.array([pool.add(b, option, chains, door)], dtype=np.int64))
            when[b, int(arrays.town.door_shelter[door])] = int(network.carry(ways)[0][b])
        return when

    whole = found(None)
    parts = [found(start) for start in range(most)]
    assert set(whole) >= {key for part in parts for key in part}
    for key, step in whole.items():
        assert step <= min(part[key] for part in parts if key in part)
