"""Plain routes: the search against every simple way there is; plans made plain end no later; reasons are true."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from civdef.evacuate.execution import execute
from civdef.evacuate.plainer import Bent, Streets, straightened, why_bent
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import bearings, turns_of
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.spread import Plan, spread
from civdef.evacuate.stepped import Stepped, contract
from civdef.graph.roads import build_street_network
from civdef.model.workspace import Workspace
from tests.evacuate import towns

Front = dict[int, list[tuple[int, float]]]
"""Door → its ways that no other betters, as turns and metres, fewest turns first."""


def question(ws: Workspace) -> tuple[Problem, Stepped, Plan]:
    problem = ask(ws, build_street_network(ws), Question("p")).problem
    stepped = contract(problem, 10)
    return problem, stepped, spread(problem, stepped, rounds=0)


def simple_ways(problem: Problem, row: int, shelter: int, limit_m: float) -> Iterator[tuple[int, int, float]]:
    """Yield door, turns and metres of every way over the open arcs that comes to no node twice."""
    net = problem.network
    begin, end = bearings(problem)
    doors = {
        int(net.entrance_node[e]): column
        for column, e in enumerate(problem.entrances)
        if net.entrance_shelter[e] == shelter
    }
    out: dict[int, list[int]] = {}
    for arc in np.flatnonzero(problem.open).tolist():
        out.setdefault(int(net.tail[arc]), []).append(arc)
    stack: list[tuple[int, tuple[int, ...], float, frozenset[int]]] = [
        (int(problem.node[row]), (), 0.0, frozenset([int(problem.node[row])]))
    ]
    while stack:
        node, arcs, metres, passed = stack.pop()
        if node in doors:
            yield doors[node], turns_of(problem, np.array(arcs, dtype=np.int32), begin, end), metres
            continue
        for arc in out.get(node, ()):
            head, far = int(net.head[arc]), metres + float(problem.cost_m[arc])
            if head not in passed and far <= limit_m + 1e-6:
                stack.append((head, (*arcs, arc), far, passed | {head}))


def front(ways: Iterator[tuple[int, int, float]], turns: int) -> Front:
    """Return what `Streets.ways` should: no way of more turns than asked, unless none has so few."""
    found: Front = {}
    every = sorted(ways)
    fewest = min((t for _, t, _ in every), default=0)
    for door, bent, metres in every:
        mine = found.setdefault(door, [])
        if bent <= max(turns, fewest) and (not mine or metres < mine[-1][1] - 1e-6):
            mine.append((bent, metres))
    return {d: ways for d, ways in found.items() if ways}


def same(ours: Front, theirs: Front) -> None:
    assert ours.keys() == theirs.keys()
    for door, ways in ours.items():
        assert [t for t, _ in ways] == [t for t, _ in theirs[door]]
        assert [m for _, m in ways] == pytest.approx([m for _, m in theirs[door]])


def ours(streets: Streets, row: int, shelter: int, limit_m: float, turns: int) -> Front:
    found: Front = {}
    for way in streets.ways(row, shelter, limit_m, turns):
        found.setdefault(way.door, []).append((way.turns, way.metres))
    return found


@given(st.integers(0, 10_000), st.sampled_from([0, 2, 4, 12]), st.sampled_from([1.0, 1.5, 2.0]))
@settings(max_examples=40, deadline=None)
def test_the_plainest_ways_are_those_of_exhaustive_search(seed: int, turns: int, detour: float) -> None:
    problem, stepped, plan = question(towns.grid(seed, side=3, houses=5))
    streets = Streets(Arrays.of(problem, stepped, plan.routes))
    for row, shelter in np.argwhere(np.isfinite(problem.shelter_cost_m)).tolist():
        limit_m = detour * float(problem.shelter_cost_m[row, shelter])
        theirs = front(simple_ways(problem, row, shelter, limit_m), turns)
        same(ours(streets, row, shelter, limit_m, turns), theirs)
        event(f"fewest turns {min(t for ways in theirs.values() for t, _ in ways)}")


def loop_town() -> Workspace:
    """A street with a corner of a right angle, and at the corner a round-about way of gentle bends that would avoid it."""
    points = [
        (200.0 + 80 * np.sin(a), 80 - 80 * np.cos(a)) for a in np.radians(np.arange(20, 271, 25)).tolist()
    ]
    ring = [(200.0, 0.0), *points, (200.0, 0.0)]
    return towns.town(
        towns.plan(), towns.road("a", (0, 0), (200, 0)), towns.road("b", (200, 0), (200, -200)), towns.road("ring", *ring),
        towns.house("h", 10, 5), towns.household("h", "h", 4), towns.shelter("s", 200, -190, 10),
        towns.entrance("s", "s", 200, -190),
    )  # fmt: skip


def test_a_way_that_comes_to_a_corner_twice_is_none() -> None:
    problem, stepped, plan = question(loop_town())
    streets = Streets(Arrays.of(problem, stepped, plan.routes))
    (way,) = streets.ways(0, 0, 10_000.0)
    assert way.turns == 1
    assert way.metres == pytest.approx(problem.shelter_cost_m[0, 0])
    same(ours(streets, 0, 0, 10_000.0, 12), front(simple_ways(problem, 0, 0, 10_000.0), 12))


def test_the_loop_would_save_the_turn() -> None:
    from civdef.evacuate.search.plain import front as labels_of

    problem, stepped, plan = question(loop_town())
    arrays = Arrays.of(problem, stepped, plan.routes)
    nothing = np.zeros(len(arrays.town.out_ptr) - 1)
    ends, labels = labels_of(arrays.town, arrays.rows, 0, 0, 10_000.0, 12, nothing, nothing.astype(np.int64))
    assert labels[ends[0, 0], 3] == 0


FAR = (towns.road("far", (-250, 0), (0, 0)), towns.house("z", -245, 5), towns.household("z", "z", 9))
"""A house farther away, which sets the time."""


def stairs(*more: object, width_m: float | None) -> Workspace:
    """A way of fifteen turns to the only shelter for two houses of 40, and, with a width, a way of two turns round it."""
    corners = [(0.0, 0.0)]
    for _ in range(8):
        x, y = corners[-1]
        corners += [(x + 20, y), (x + 20, y + 20)]
    end = corners[-1]
    roads = [
        towns.road(f"step{k:02}", *pair, width_m=3.0) for k, pair in enumerate(itertools.pairwise(corners))
    ]
    if width_m is not None:
        round_ = [(0.0, 0.0), (0.0, -30.0), (190.0, -30.0), (190.0, 160.0), end]
        roads += [
            towns.road(f"round{k}", *pair, width_m=width_m)
            for k, pair in enumerate(itertools.pairwise(round_))
        ]
    return towns.town(
        towns.plan(), *roads, towns.house("h", 3, 4), towns.household("h", "h", 40), towns.house("k", 3, -4),
        towns.household("k", "k", 40), *more, towns.shelter("s", *end, 100), towns.entrance("s", "s", *end, 6.0),
    )  # fmt: skip


def test_where_there_is_no_plain_way_the_reason_says_how_many_turns_the_plainest_has() -> None:
    problem, stepped, plan = question(stairs(width_m=None))
    assert plan.routes.turns.tolist() == [15, 15]
    assert straightened(problem, stepped, plan) is plan
    assert list(why_bent(problem, stepped, plan).values()) == [Bent(15, None), Bent(15, None)]


def test_a_plain_way_is_taken_where_that_makes_nobody_late() -> None:
    problem, stepped, plan = question(stairs(*FAR, width_m=6.0))
    assert plan.routes.turns.tolist() == [15, 16, 15]
    plain = straightened(problem, stepped, plan)
    assert plain.routes.turns.tolist() == [4, 3, 15]  # the farthest house sets the time and keeps its way
    assert plain.routes.cost_m.tolist() == pytest.approx([447, 439, 570], abs=0.1)
    assert plain.execution.steps == plan.execution.steps
    assert (execute(problem, stepped, plain.routes).done == plain.execution.done).all()
    why = why_bent(problem, stepped, plain)
    assert list(why) == [2]
    assert why[2].fewest == 4
    (way,) = [w for w in Streets(Arrays.of(problem, stepped, plan.routes)).ways(2, 0, 1e9) if w.turns == 4]
    slower = int(np.ceil((way.metres - 570) / (problem.speed_mps * stepped.step_s) - 1e-9))
    assert why[2].later_s == slower * stepped.step_s


def test_a_plain_way_is_not_taken_where_somebody_would_miss_a_deadline_for_it() -> None:
    problem, stepped, plan = question(stairs(*FAR, width_m=6.0))
    due = dataclasses.replace(problem, deadline_s=np.array([300.0, 365.0, np.inf]))
    plain = straightened(due, stepped, plan)
    assert plain.routes.turns.tolist() == [15, 3, 15]
    why = why_bent(due, stepped, plain)
    assert why[0] == Bent(4, 70.0)  # inside after 37 steps, not within 300 s
    assert why[2].later_s == 90.0


@given(st.integers(0, 10_000), st.floats(1.0, 2.0))
@settings(max_examples=15, deadline=None)
def test_a_plan_made_plain_keeps_its_shelters_and_is_never_later(seed: int, tightness: float) -> None:
    problem, stepped, plan = question(towns.grid(seed, side=5, houses=12, tightness=tightness))
    most = 2
    plain = straightened(problem, stepped, plan, most)
    assert plain.execution.steps <= plan.execution.steps
    assert (plain.assignment.shelter == plan.assignment.shelter).all()
    assert (plain.routes.turns <= np.maximum(plan.routes.turns, most)).all()
    why = why_bent(problem, stepped, plain, most)
    assert set(why) == set(np.flatnonzero(plain.routes.turns > most).tolist())
    for row, bent in why.items():
        event("a plainer way is later" if bent.later_s is not None else "there is no plainer way")
        assert bent.fewest <= plain.routes.turns[row]
        assert (bent.later_s is None) == (bent.fewest > most)
        assert bent.later_s is None or bent.later_s > 0
