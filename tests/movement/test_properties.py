"""What must hold for every input: nobody vanishes, more people are never faster, rows and cuts of time do not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.movement import FREE, RELATIONS, Engine, People, Reroute, Shelters, WalkNetwork
from tests.movement.nets import assert_conserved, crowd, line, run, wide_open

SEEDS = st.integers(0, 2**32 - 1)


def town(seed: int) -> tuple[WalkNetwork, Shelters, People, np.random.Generator]:
    """A random, often disconnected town with full shelters, shut doors, large groups and zero-length streets."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(1, 14))
    half = int(rng.integers(0, 3 * nodes))
    a, b = rng.integers(0, nodes, half), rng.integers(0, nodes, half)
    length = rng.choice([0.0, 1.0, 7.3, 25.0], half)
    width = rng.choice([0.4, 1.0, 3.0], half)
    network = WalkNetwork.from_arrays(
        np.concatenate([a, b]), np.concatenate([b, a]), np.tile(length, 2), np.tile(width, 2), nodes
    )
    shelter_count = int(rng.integers(0, 4))
    doors = int(rng.integers(0, 5)) if shelter_count else 0
    shelters = Shelters.from_arrays(
        rng.integers(0, nodes, doors),
        rng.integers(0, max(shelter_count, 1), doors),
        rng.choice([0.0, 0.3, 2.0], doors),
        rng.integers(0, 80, shelter_count),
        open=rng.random(shelter_count) < 0.8,
        forecourt_persons=rng.choice([0.0, 5.0, np.inf], doors),
    )
    count = int(rng.integers(0, 60))
    people = People.from_arrays(
        rng.integers(0, nodes, count),
        persons=rng.choice([1, 2, 5, 30], count, p=[0.5, 0.3, 0.15, 0.05]),
        kind=rng.integers(0, 4, count),
        shelter=rng.integers(-1, shelter_count, count),
        departure_s=np.where(rng.random(count) < 0.1, np.inf, rng.uniform(0, 60, count)),
        access_s=rng.choice([0.0, 9.0], count),
    )
    return network, shelters, people, rng


def disturb(engine: Engine, rng: np.random.Generator) -> None:
    """Give one random order."""
    arcs, shelters, groups = engine.network.arc_count, engine.shelters.count, engine.people.count
    what = rng.integers(0, 7)
    if what == 0 and arcs:
        engine.close_arcs(rng.integers(0, arcs, 1 + arcs // 3))
    elif what == 1 and arcs:
        engine.open_arcs(rng.integers(0, arcs, 1 + arcs // 2))
    elif what in {2, 3} and shelters:
        engine.close_shelter(int(rng.integers(0, shelters)), wait=what == 2)
    elif what == 4 and shelters:
        engine.open_shelter(int(rng.integers(0, shelters)))
    elif what == 5 and groups:
        engine.reassign(rng.integers(0, groups, 3), rng.integers(-1, shelters, 3))
    elif groups:
        engine.release(rng.integers(0, groups, 3), engine.time_s + 5.0)


@settings(max_examples=250, deadline=None)
@given(SEEDS, st.sampled_from(sorted(RELATIONS)), st.booleans(), st.booleans(), st.booleans())
def test_nobody_vanishes_whatever_happens(
    seed: int, relation: str, around: bool, other: bool, tell: bool
) -> None:
    network, shelters, people, rng = town(seed)
    rules = Reroute(around_closures=around, to_other_shelters=other, tell_at_once=tell)
    engine = Engine(network, shelters, people, relation=RELATIONS[relation], reroute=rules)
    for until in (0.0, 3.0, 20.0, 20.0, 45.0, 70.0, 150.0, 400.0):
        engine.advance(until)
        assert_conserved(engine)
        disturb(engine, rng)
        assert_conserved(engine)
    engine.advance(math.inf)
    assert_conserved(engine)
    counts = engine.counts()
    assert counts.waiting == people.persons[np.isinf(engine.departure_s)].sum()
    if counts.walking:
        assert counts.at_doors, "who still walks when nothing moves stands behind a shut door"
    done = np.isfinite(engine.arrival_s)
    assert (engine.arrival_s[done] >= engine.departure_s[done] + people.access_s[done]).all()
    assert ((engine.reason > 0) == (engine.status == 4)).all()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_order_of_rows_does_not_matter(seed: int) -> None:
    network, shelters, people, rng = town(seed)
    engine = run(network, shelters, people)
    shuffle = rng.permutation(people.count)
    mixed = People.from_arrays(
        people.origin[shuffle],
        persons=people.persons[shuffle],
        kind=people.kind[shuffle],
        shelter=people.shelter[shuffle],
        departure_s=people.departure_s[shuffle],
        access_s=people.access_s[shuffle],
    )
    arcs = rng.permutation(network.arc_count)
    streets = WalkNetwork.from_arrays(
        network.tail[arcs],
        network.head[arcs],
        network.length_m[arcs],
        network.width_m[arcs],
        network.node_count,
    )
    again = run(streets, shelters, mixed)
    assert again.counts() == engine.counts()
    assert again.clearance_s == engine.clearance_s
    assert sorted(again.arrival_s) == sorted(engine.arrival_s)
    assert (again.arc_passed == engine.arc_passed).all()


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.lists(st.floats(0, 300), max_size=8))
def test_cutting_time_into_pieces_changes_nothing(seed: int, times: list[float]) -> None:
    network, shelters, people, _ = town(seed)
    whole = run(network, shelters, people)
    pieces = Engine(network, shelters, people, relation=FREE)
    for until in sorted(times):
        pieces.advance(until)
    pieces.advance(math.inf)
    assert (pieces.arrival_s == whole.arrival_s).all()
    assert (pieces.status == whole.status).all()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_restore_and_fork_continue_alike(seed: int) -> None:
    network, shelters, people, rng = town(seed)
    engine = Engine(network, shelters, people)
    engine.advance(15)
    kept = engine.snapshot()
    twin = engine.fork()
    if network.arc_count:
        engine.close_arcs(np.arange(network.arc_count))
    engine.advance(math.inf)
    twin.advance(math.inf)
    engine.restore(kept)
    assert engine.time_s == 15
    engine.advance(math.inf)
    assert (engine.arrival_s == twin.arrival_s).all()
    assert (engine.arc_passed == twin.arc_passed).all()
    assert engine.counts() == twin.counts()
    del rng


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.5, 40), st.floats(0.2, 3)), min_size=1, max_size=5),
    st.lists(st.floats(0, 60), min_size=1, max_size=40),
    st.floats(0, 60),
    st.floats(0.1, 3),
)
def test_more_people_never_clear_a_line_sooner(
    streets: list[tuple[float, float]], departures: list[float], one_more: float, door: float
) -> None:
    network = line([s[0] for s in streets], [s[1] for s in streets])
    shelters = Shelters.from_arrays([len(streets)], [0], door, [1000])
    few = run(network, shelters, crowd(len(departures), departure_s=departures))
    many = run(network, shelters, crowd(len(departures) + 1, departure_s=[*departures, one_more]))
    assert many.clearance_s >= few.clearance_s - 1e-9
    assert (np.sort(many.arrival_s)[-len(departures) :] >= np.sort(few.arrival_s) - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.floats(0, 80), st.floats(1, 200), st.integers(0, 2))
def test_a_closure_never_helps_on_a_single_path(count: int, close: float, lasts: float, which: int) -> None:
    network = line([20.0, 15.0, 25.0], [1.0, 0.6, 1.5])
    free = run(network, wide_open(3), crowd(count))
    cut = Engine(network, wide_open(3), crowd(count), relation=FREE)
    cut.advance(close)
    cut.close_arcs([which])
    cut.advance(close + lasts)
    cut.open_arcs([which])
    cut.advance(math.inf)
    assert_conserved(cut)
    assert cut.counts().arrived == count
    assert (np.sort(cut.arrival_s) >= np.sort(free.arrival_s) - 1e-9).all()


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_a_larger_crowd_takes_longer_by_the_bottleneck(name: str) -> None:
    relation = RELATIONS[name]
    network = line([50.0, 50.0], [2.0, 0.7])
    small, large = (run(network, wide_open(2), crowd(n), relation=relation).clearance_s for n in (300, 500))
    assert large - small == pytest.approx(200 / (0.7 * relation.max_flow_p_m_s), rel=0.02)
