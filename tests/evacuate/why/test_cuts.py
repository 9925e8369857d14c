"""What is said to set the time does: nothing elsewhere helps, and without it everybody is inside sooner."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.bounds import bracket
from civdef.evacuate.changes import Changes, changed
from civdef.evacuate.flow import Cut, StepNetwork, quickest
from civdef.evacuate.question import Question
from civdef.evacuate.solve import evacuate, solve
from civdef.evacuate.why import explain
from civdef.evacuate.why.cuts import empty, lifted, peel
from civdef.graph.roads import build_street_network
from civdef.model.workspace import Workspace
from tests.evacuate import towns
from tests.evacuate.flow.networks import fits, random_network


def elsewhere(network: StepNetwork, cut: Cut) -> StepNetwork:
    """Return the network with everything that is not part of a cut let everybody through."""
    much = network.total + 1
    return dataclasses.replace(
        network,
        units=np.where(cut.arc_steps(network) > 0, network.units, much),
        door_units=np.where(cut.door_steps(network) > 0, network.door_units, much),
        places=np.where(cut.full, network.places, much),
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_the_named_cut_sets_the_time_and_nothing_else_does(seed: int) -> None:
    network = random_network(seed, whole=True)
    optimum = quickest(network)
    if not optimum.steps:
        return
    found = peel(network, optimum)
    together = [one for one in found if one.cut.steps == optimum.steps - 1]
    assert together
    assert found[: len(together)] == together
    for one in together:
        assert one.cut.fault(one.network) == ""
        assert not fits(elsewhere(one.network, one.cut), optimum.steps - 1), "more room elsewhere helped"
    last = together[-1]
    if empty(last.network, last.cut):
        much = np.full_like(network.units, network.total)
        open_wide = dataclasses.replace(
            network, units=np.where(network.units > 0, much, 0),
            door_units=np.where(network.door_units > 0, network.total, 0),
        )  # fmt: skip
        assert last is found[-1]
        assert not fits(open_wide, optimum.steps - 1), "they are too far, yet width helped"
        assert last.after.steps == optimum.steps
    else:
        without = lifted(last.network, last.cut)
        assert last.after.steps is not None
        assert fits(without, optimum.steps - 1), "all cuts gone, yet no sooner"
        assert fits(without, last.after.steps)
        assert last.after.steps < optimum.steps


def test_two_cuts_of_one_time_are_both_told() -> None:
    """A lane and a door after it, as narrow as each other: to widen one alone gains nothing."""
    from tests.evacuate.flow.networks import make

    network = make(3, [(0, 1, 1, 2), (1, 2, 1, 9)], [(20, [(0, 0)])], [(2, 0, 2, 0)], [20])
    optimum = quickest(network)
    assert optimum.steps == 12
    found = peel(network, optimum)
    parts = [
        ((c.cut.arc_steps(c.network) > 0).tolist(), (c.cut.door_steps(c.network) > 0).tolist())
        for c in found[:2]
    ]
    assert sorted(parts) == [([False, False], [True]), ([True, False], [False])]
    assert found[0].after.steps == 12
    assert found[1].after.steps == 5, "then the wide lane: 20 persons in 3 steps, 2 steps of walking"
    assert [c.cut.steps for c in found] == [11, 11, 4, 2]
    assert empty(found[-1].network, found[-1].cut), "two steps of walking are left"


def lane(**more: Any) -> Workspace:
    """Four hundred persons behind a narrow lane; ten beside the shelter, whose doors are wide."""
    return towns.town(
        towns.plan(),
        towns.road("home", (0, 0), (100, 0), width_m=6), towns.road("lane", (100, 0), (150, 0), width_m=more.get("lane", 1.0)),
        towns.road("far", (150, 0), (300, 0), width_m=6),
        towns.house("a", 10, 10), *(towns.household(f"a{k}", "a", 50) for k in range(8)), towns.house("b", 280, 10), towns.household("2", "b", 10),
        towns.shelter("s", 300, 20, more.get("places", 500)), towns.entrance("e", "s", 300, 0, more.get("door", 4.0)),
    )  # fmt: skip


def test_a_narrow_lane_sets_the_time() -> None:
    ws = lane()
    why = explain(ws, Question("plan/p"), step_s=5)
    (first, *_) = why.cuts
    assert first.sets_time
    assert first.buildings == ("building/a",)
    assert first.persons == 400
    assert first.room_persons < 400
    (part,) = first.parts
    assert (part.kind, part.object, part.direction, part.compass) == ("street", "road/lane", "forward", "e")
    assert part.width_m == 0.5, "half of it for each direction"
    assert why.optimum_s is not None
    assert first.too_early_s == why.optimum_s - 5
    wide = explain(lane(lane=6.0), Question("plan/p"), step_s=5, verify=0)
    assert wide.optimum_s is not None
    assert wide.optimum_s < why.optimum_s - 60
    door = explain(lane(door=8.0), Question("plan/p"), step_s=5, verify=0)
    assert door.optimum_s == why.optimum_s
    best = why.reliefs[0]
    assert best.change == "--contraflow road/lane:forward"
    assert best.in_cut
    assert best.optimum_gain_s is not None
    assert best.optimum_gain_s > 60


def test_a_narrow_door_sets_the_time() -> None:
    ws = lane(door=0.6, lane=6.0)
    why = explain(ws, Question("plan/p"), step_s=5)
    (part,) = why.cuts[0].parts
    assert (part.kind, part.object, part.shelter, part.width_m) == ("door", "entrance/e", "shelter/s", 0.6)
    assert why.reliefs[0].change == "--door shelter/s=2"
    assert (why.reliefs[0].optimum_gain_s or 0) > 60
    assert (why.reliefs[0].clearance_gain_s or 0) > 60


def test_distance_sets_the_time() -> None:
    ws = towns.town(
        towns.plan(), towns.road("one", (0, 0), (900, 0), width_m=6), towns.house("a", 5, 10), towns.household("1", "a", 3),
        towns.house("b", 800, 10), towns.household("2", "b", 3),
        towns.shelter("s", 900, 20, 10), towns.entrance("e", "s", 900, 0, 4.0),
    )  # fmt: skip
    why = explain(ws, Question("plan/p"), step_s=5)
    (cut,) = why.cuts
    assert cut.parts == ()
    assert cut.buildings == ("building/a",)
    assert (cut.persons, cut.room_persons) == (3, 0)
    assert cut.optimum_without_s == why.optimum_s
    assert all((r.optimum_gain_s or 0) <= 0 for r in why.reliefs)


def test_full_places_set_the_time() -> None:
    """Twelve persons beside a shelter of ten places: two must walk to the far one."""
    ws = towns.town(
        towns.plan(), towns.road("one", (0, 0), (900, 0), width_m=6),
        towns.house("a", 5, 10), towns.household("1", "a", 6), towns.house("b", 15, 10), towns.household("2", "b", 6),
        towns.shelter("near", 30, 20, 10), towns.entrance("n", "near", 30, 0, 4.0),
        towns.shelter("far", 900, 20, 10), towns.entrance("f", "far", 900, 0, 4.0),
    )  # fmt: skip
    why = explain(ws, Question("plan/p"), step_s=5)
    first = why.cuts[0]
    assert [(p.kind, p.object, p.persons) for p in first.parts] == [("places", "shelter/near", 10)]
    assert (first.persons, first.room_persons) == (12, 10)
    assert why.reliefs[0].change == "--places shelter/near=20"
    assert (why.reliefs[0].clearance_gain_s or 0) > 300
    assert why.reliefs[0].optimum_s == first.optimum_without_s


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_on_random_towns_the_cut_is_true_for_the_town(seed: int) -> None:
    """Doors and places outside the cut are widened in the workspace itself: the optimum stays."""
    ws = towns.grid(seed, tightness=1.8)
    question = Question("plan/p")
    solution = solve(ws, build_street_network(ws), question, step_s=10)
    placed = solution.plan.assignment.shelter >= 0
    if not placed.all():
        return
    why = explain(ws, question, step_s=10, verify=0)
    first = why.cuts[0]
    doors = {p.object for p in first.parts if p.kind == "door"}
    full = {p.object for p in first.parts if p.kind == "places"}
    entrances = {
        e.id: e if e.id in doors else e.model_copy(update={"width_m": e.width_m * 4})
        for e in ws.entrances.values()
    }
    more = Changes(places=tuple((s, 10_000) for s in ws.shelters if s not in full))
    town = changed(dataclasses.replace(ws, entrances=entrances), more)
    problem_solution = solve(town, build_street_network(town), question, step_s=10)
    again = bracket(
        problem_solution.asked.problem, problem_solution.stepped, np.ones(len(placed), dtype=np.bool_)
    )
    assert again.optimum_s == why.optimum_s


def test_a_relief_is_what_a_fresh_run_gives() -> None:
    ws = towns.grid(7, tightness=1.3)
    why = explain(ws, Question("plan/p"), step_s=10, verify=20)
    assert why.reliefs
    for relief in why.reliefs:
        if relief.kind == "street":
            continue
        name, _, value = relief.change.split()[1].partition("=")
        changes = (
            Changes(doors=((name, float(value)),))
            if relief.kind == "door"
            else Changes(places=((name, int(value)),))
        )
        town = changed(ws, changes)
        network = build_street_network(town)
        fresh = evacuate(town, network, Question("plan/p"), step_s=10)
        if fresh.left_over_persons == why.left_over_persons:
            assert relief.clearance_s == fresh.clearance_s
            if fresh.left_over_persons == 0:
                found = solve(town, network, Question("plan/p"), step_s=10)
                everybody = np.ones(len(found.asked.problem.buildings), dtype=np.bool_)
                assert relief.optimum_s == bracket(found.asked.problem, found.stepped, everybody).optimum_s


@pytest.mark.parametrize("verify", [0, 3])
def test_the_same_twice(verify: int) -> None:
    ws = towns.grid(3)
    assert (
        explain(ws, Question("plan/p"), buildings=None, verify=verify).to_json()
        == explain(ws, Question("plan/p"), buildings=None, verify=verify).to_json()
    )
