"""Vehicles' rounds: by hand, against exhaustive search, and never worse for searching."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from civdef.evacuate.assist.anneal import anneal
from civdef.evacuate.assist.construct import construct
from civdef.evacuate.assist.exact import exact
from civdef.evacuate.assist.rounds import FAR_S, Car, Cost, Job, Rounds, Route, last_bound_s, timed
from civdef.evacuate.assist.vehicles import more_needed, plan_rounds


def rounds(seed: int, jobs: int, cars: int) -> Rounds:
    """Return a random case: a plane, three kinds of places, people waiting for helpers of others, some deadlines."""
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 600, (6, 2))
    drive = np.ceil(np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))).astype(np.int64)
    drive[~np.eye(6, dtype=bool)] += rng.integers(0, 60, 30)
    fleet = [Car(tuple(rng.integers(0, 3, 3).tolist()), int(rng.integers(6)), int(rng.integers(0, 300))) for _ in range(cars)]  # type: ignore[arg-type] # fmt: skip
    fleet[0] = Car((1, 1, 1), fleet[0].start, fleet[0].from_s)
    made: list[Job] = []
    for j in range(jobs):
        after = tuple(
            (int(k), int(rng.integers(10, 400)))
            for k in rng.choice(j, min(j, int(rng.integers(0, 2))), replace=False)
        )
        due = int(rng.integers(300, 1500)) if rng.random() < 0.4 else -1
        pick, drop = rng.choice(6, 2, replace=False).tolist()
        made.append(
            Job(int(rng.integers(3)), pick, drop, int(rng.integers(10, 200)), int(rng.integers(10, 100)),
                int(rng.integers(0, 600)), after, due)
        )  # fmt: skip
    return Rounds(tuple(made), tuple(fleet), drive)


def orders(mine: tuple[int, ...]) -> Iterator[Route]:
    """Yield every order of loading and unloading some people, each loaded before being unloaded."""
    for order in itertools.permutations([*mine, *(~j for j in mine)]):
        if all(order.index(j) < order.index(~j) for j in mine):
            yield list(order)


def best(problem: Rounds) -> Cost:
    """Return the least cost by trying everything."""
    return min(every(problem))


def every(problem: Rounds) -> list[Cost]:
    """Return the costs of all routes there are."""
    n, m = len(problem.jobs), len(problem.cars)
    found: list[Cost] = []
    for given_to in itertools.product(range(m), repeat=n):
        parts = [tuple(j for j in range(n) if given_to[j] == v) for v in range(m)]
        if any(problem.cars[v].places[problem.jobs[j].kind] == 0 for j, v in enumerate(given_to)):
            continue
        for routes in itertools.product(*(list(orders(p)) for p in parts)):
            one = timed(problem, routes)
            if one is not None:
                found.append(one.cost)
    return found


def test_by_hand() -> None:
    """Points on a line at 0, 100, 200 s. The van at 0 leaves at 50 with one wheelchair place and a seat."""
    drive = np.abs(np.subtract.outer([0, 100, 200], [0, 100, 200]))
    a = Job(kind=1, pick_up=1, drop=2, load_s=40, unload_s=30, ready_s=200)
    b = Job(kind=1, pick_up=0, drop=2, load_s=40, unload_s=30, ready_s=0, after=((0, 500),), due_s=900)
    c = Job(kind=0, pick_up=1, drop=2, load_s=10, unload_s=5, ready_s=0)
    problem = Rounds((a, b, c), (Car((1, 1, 0), 0, 50),), drive)
    found = timed(problem, [[2, 0, ~2, ~0, 1, ~1]])
    assert found is not None
    # at a's and c's corner at 150: c loads to 160, a is there at 200 and loads to 240; 100 s on, c until 345, a until 375
    # back 200 s, there at 575; b's helpers loaded a at 240 and need 500 s: 740, loads to 780, 200 s on, inside at 1010
    assert found.arrive_s == ((150, 160, 340, 345, 575, 980),)
    assert found.begin_s == ((150, 200, 340, 345, 740, 980),)
    assert found.end_s == ((160, 240, 345, 375, 780, 1010),)
    assert found.cost == (1, 110, 1010, 100 + 0 + 100 + 0 + 200 + 200)
    assert found.late == (1,)
    assert timed(problem, [[0, 1, ~0, ~1, 2, ~2]]) is None  # two wheelchairs at once
    assert timed(problem, [[1, ~1, 0, ~0, 2, ~2]]) is None  # waits for a person it is to fetch later
    assert timed(problem, [[0, ~0]]) is not None
    assert timed(problem, [[~0, 0]]) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 2))
@example(482, 2, 1)  # by way of the other's stop it is nearer than the table says
def test_a_handful_is_routed_as_well_as_can_be(seed: int, jobs: int, cars: int) -> None:
    problem = rounds(seed, jobs, cars)
    routes, proven = plan_rounds(problem, 50)
    found = timed(problem, routes)
    assert found is not None
    assert proven
    assert found.cost == best(problem)
    assert last_bound_s(problem) <= min(c[2] for c in every(problem))


@pytest.mark.parametrize("seed", range(150))
def test_no_rounds_are_over_before_the_bound(seed: int) -> None:
    """Also where a vehicle may leave so late that the rounds are over without it."""
    problem = rounds(seed, 1 + seed % 3, 2)
    late = dataclasses.replace(problem.cars[1], from_s=5000 * (seed % 2) + problem.cars[1].from_s)
    problem = Rounds(problem.jobs, (problem.cars[0], late), problem.drive_s)
    assert last_bound_s(problem) <= min(c[2] for c in every(problem))


@pytest.mark.parametrize("seed", range(4))
def test_four_people_and_two_vehicles_as_well_as_can_be(seed: int) -> None:
    problem = rounds(seed, 4, 2)
    routes, undone = construct(problem)
    assert not undone
    found, proven = exact(problem, routes)
    one = timed(problem, found)
    assert one is not None
    assert proven
    assert one.cost == best(problem)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 25), st.integers(1, 5))
def test_everybody_is_fetched_and_searching_never_harms(seed: int, jobs: int, cars: int) -> None:
    problem = rounds(seed, jobs, cars)
    first, undone = construct(problem)
    assert not undone
    before = timed(problem, first)
    assert before is not None
    routes = anneal(problem, first, 300)
    after = timed(problem, routes)
    assert after is not None
    assert after.cost <= before.cost
    assert sorted(s for r in routes for s in r if s >= 0) == list(range(jobs))
    assert anneal(problem, first, 300) == routes


def test_searching_finds_what_trying_everything_finds() -> None:
    """On small cases the search alone, without the exact one, is at most a few per cent from the best."""
    gaps = []
    for seed in range(12):
        problem = rounds(seed, 3, 2)
        first, _ = construct(problem)
        found = timed(problem, anneal(problem, first, 3000))
        assert found is not None
        wanted = best(problem)
        assert found.cost >= wanted
        gaps.append((len(found.late) - wanted[0], (found.worst_s + found.last_s) / (wanted[1] + wanted[2])))
    assert sum(late for late, _ in gaps) <= 1
    assert float(np.mean([ratio for _, ratio in gaps])) < 1.02


def test_the_bound_by_hand() -> None:
    drive = np.array([[0, 100], [100, 0]], dtype=np.int64)
    one = Job(0, 1, 0, 60, 40, 500)
    assert last_bound_s(Rounds((one,), (Car((1, 0, 0), 0, 0),), drive)) == 500 + 60 + 100 + 40
    late = Rounds((one,), (Car((1, 0, 0), 0, 900), Car((0, 1, 0), 0, 0)), drive)
    assert last_bound_s(late) == 900 + 100 + 60 + 100 + 40
    many = Rounds((one,) * 20, (Car((9, 0, 0), 0, 0), Car((9, 0, 0), 0, 200)), drive)
    assert last_bound_s(many) == (20 * 100 + 200) // 2
    chain = Rounds((one, Job(0, 1, 0, 60, 40, 0, ((0, 300),))), (Car((1, 0, 0), 0, 0),), drive)
    assert last_bound_s(chain) == 560 + 300 + 60 + 100 + 40
    assert last_bound_s(Rounds((), (), drive)) == 0


def test_what_no_vehicle_can_do_is_told() -> None:
    drive = np.array([[0, 10, FAR_S], [10, 0, FAR_S], [FAR_S, FAR_S, 0]], dtype=np.int64)
    job = Job(0, 1, 0, 10, 10, 0)
    far = Job(0, 2, 2, 10, 10, 0)
    chair = Job(1, 1, 0, 10, 10, 0)
    assert construct(Rounds((job, far, chair), (Car((1, 0, 0), 0, 0),), drive))[1] == (1, 2)
    assert construct(Rounds((), (), drive)) == ([], ())


def test_more_vehicles_are_as_few_as_do() -> None:
    """Ten people a kilometre out, one seat: each trip takes 200 s, all are due at 420 s, so five vehicles are needed."""
    drive = np.array([[0, 100], [100, 0]], dtype=np.int64)
    jobs = tuple(Job(0, 1, 0, 0, 0, 0, (), 420) for _ in range(10))
    problem = Rounds(jobs, (Car((1, 0, 0), 0, 0),), drive)
    routes, _ = plan_rounds(problem, 20)
    late = timed(problem, routes)
    assert late is not None
    more = more_needed(problem, late.late)
    assert more is not None
    assert more.count == (4,)
    assert more.busy_s == (400,)
    hopeless = Rounds((Job(0, 1, 0, 0, 0, 0, (), 150),), problem.cars, drive)
    assert more_needed(hopeless, (0,)) is None
