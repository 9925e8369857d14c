"""The whole plan on small streets: by hand, what is short is named, and the checker catches every broken promise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.assist.check import faults
from civdef.evacuate.assist.lists import community_lists, left_over_list, minute, vehicle_lists
from civdef.evacuate.assist.report import assist, report
from civdef.evacuate.assist.result import AssistanceResult, AssistReason
from civdef.evacuate.question import Question
from civdef.graph.roads import build_street_network
from civdef.model.assistance import AssistanceSettings
from civdef.model.organisation import Post
from civdef.model.town import DayPart, Drive, RoadKind
from civdef.model.workspace import Workspace
from tests.evacuate.assist.town import assisted, haven, person, planned, post, street, town, vehicle
from tests.evacuate.towns import entrance, footprint, house, household, plan, road, shelter


def run(ws: Workspace, question: Question | None = None, absent: tuple[str, ...] = ()) -> AssistanceResult:
    return assist(ws, build_street_network(ws), question or Question("p"), absent=absent)


def only(found: AssistanceResult) -> tuple[AssistReason, str, str]:
    assert not found.persons
    [one] = found.left_over
    return one.reason, one.message_en, one.fix_en


ONE = (
    house("h1", 100, 10), house("h2", 300, 10), household("1", "h1", 2, floor=3), household("2", "h2", 3),
    assisted("w", "1", "wheelchair", "a", "b"), person("a", "h1"), person("b", "h2"), person("r", "h2"),
    person("d", travel_night_min=5), vehicle("van", "yard", "d", seats=4, wheelchair_places=1), *haven("s", 500, 2),
)  # fmt: skip
"""A wheelchair user on the third floor at 100 m, helpers at 100 m and 300 m, a van at 1000 m, a shelter at 500 m."""


def without(*ids: str) -> list[Any]:
    return [t for t in ONE if t.id.split("/")[1] not in ids]


def test_one_wheelchair_by_hand() -> None:
    found = run(street(*ONE))
    [p] = found.persons
    # both helpers set out after 6 min; b walks 10 + 200 + 10 m at 1.34 m/s: 164.2 s
    assert (p.helpers, p.leave_s, p.door_s) == (("person/a", "person/b"), (360, 360), 360 + 165)
    # 6 min to get ready, two floors of 1 min, 10 m to the kerb at 0.7 m/s
    assert p.ready_s == 525 + 480 + 15
    # the van is manned after 6 + 5 min, comes 900 m at 10 km/h (half of 20 km/h), is there first; 4 min of loading
    [trip] = found.trips
    assert (trip.leave_s, trip.stops[0].arrive_s) == (660, 660 + 324)
    assert (p.load_from_s, p.load_until_s, p.release_s) == (1020, 1260, 1260)
    # 400 m on, 2 min of unloading, a second to the door
    assert (trip.stops[1].arrive_s, p.inside_s) == (1260 + 144, 1260 + 144 + 120 + 1)
    assert (trip.drive_s, trip.most_wheelchairs, trip.most_seats) == (324 + 144, 1, 0)
    assert (p.shelter, p.reserve, p.way_m, p.late) == ("shelter/s", "person/r", 10.0, False)
    assert found.proven_best_rounds
    [duty] = found.vehicles
    assert (duty.used, duty.driver, duty.trips, duty.persons) == (True, "person/d", 1, 1)
    assert [(h.barrier_free_places, h.kept) for h in found.havens] == [(2, 1)]


def test_those_who_walk_with_help_walk_if_it_is_near() -> None:
    near = [*without("w", "h1"), house("h1", 300, -10), assisted("k", "1", "walks_with_help", "a", "b")]
    found = run(street(*near))
    [p] = found.persons
    assert (p.mode, p.vehicle, p.way_m) == ("walk", None, 210.0)
    # both at the door at once (b lives across the street, 20 m), 3 min to get ready, two floors of 30 s; 0.6 m/s
    assert p.ready_s == 360 + 15 + 180 + 60
    assert p.inside_s == p.ready_s + 351  # rounded up
    assert not found.trips
    far = AssistanceSettings(walk_limit_m=200)
    [p] = run(street(*near, assistance=far)).persons
    assert (p.mode, p.vehicle) == ("vehicle", "vehicle/van")


def test_a_van_makes_two_rounds_and_helpers_take_two_turns() -> None:
    more = [*ONE, household("3", "h2", 1), assisted("x", "3", "wheelchair", "a", "b")]
    found = run(street(*more))
    assert found.helped_persons == 2
    first, second = sorted(found.persons, key=lambda p: p.inside_s)
    assert first.trip == 1
    assert second.trip == 2
    assert second.door_s >= first.release_s
    one_turn = run(street(*more, assistance=AssistanceSettings(helper_turns=1, helper_reach_m=0)))
    assert one_turn.helped_persons == 1
    assert [p.reason for p in one_turn.left_over] == [AssistReason.NO_HELPER_PAIR]
    assert "turns already" in one_turn.left_over[0].message_en


def test_second_turns_are_avoided_where_they_make_people_late() -> None:
    """The register names a and b for both; r and s live there too. Half an hour is enough for one turn only."""
    more = [*ONE, household("3", "h2", 1), assisted("x", "3", "wheelchair", "a", "b"), person("s", "h1")]
    more += [person("e", travel_night_min=5), vehicle("van2", "yard", "e", wheelchair_places=1)]
    calm = run(street(*more))
    assert {h for p in calm.persons for h in p.helpers} == {"person/a", "person/b"}
    hurried = run(street(*more, plan=plan(deadline_min=30)))
    assert hurried.late_persons == 0
    assert {h for p in hurried.persons for h in p.helpers} == {"person/a", "person/b", "person/r", "person/s"}


def test_what_is_short_is_named() -> None:
    reason, message, fix = only(run(street(*without("van"))))
    assert reason is AssistReason.NO_VEHICLE
    assert "wheelchair place" in fix
    reason, message, fix = only(run(street(*without("d"), person("d")), absent=("person/d",)))
    assert reason is AssistReason.NO_VEHICLE
    assert "van is not used: its driver, d, is absent" in fix
    reason, message, fix = only(run(street(*without("r")), absent=("person/b",)))
    assert reason is AssistReason.NO_HELPER_PAIR
    assert message == "helper 2, b, is absent"
    assert fix == "find 1 more helper(s) within 500 m"
    far = [house("far", 900, 10), person("b", "far"), assisted("w", "1", "wheelchair", "a")]
    reason, message, fix = only(run(street(*without("w", "b", "r"), *far)))
    assert reason is AssistReason.NO_HELPER_PAIR
    assert message == "helper 2 is not named"
    assert fix.endswith("nearest who is free: b, 820 m")
    reason, message, fix = only(run(street(*without("s"), shelter("s", 500, 30, 10))))
    assert reason is AssistReason.NO_BARRIER_FREE_SHELTER
    steps = [t for t in ONE if t.KIND != "entrance"]
    stairs = entrance("s", "s", 500, 0).model_copy(update={"step_free": False})
    assert only(run(street(*steps, stairs)))[0] is AssistReason.NO_BARRIER_FREE_SHELTER


def test_streets_decide_where_a_vehicle_gets() -> None:
    yard, main = post("yard", 1000, 0), road("main", (0, 0), (1000, 0))
    path = road("path", (0, 0), (700, 0), drive=Drive.NONE, kind=RoadKind.FOOTWAY)
    rest = road("rest", (700, 0), (1000, 0))
    assert run(town(plan(), main, yard, *ONE)).helped_persons == 1
    reason, message, _ = only(
        run(town(plan(), path, rest, yard, *ONE, assistance=AssistanceSettings(kerb_reach_m=400)))
    )
    assert reason is AssistReason.NO_KERB
    assert "400 m" in message
    [p] = run(town(plan(), path, rest, yard, *ONE)).persons
    assert p.way_m == 610  # pushed to the first kerb
    closed = run(
        town(plan(), road("a", (0, 0), (400, 0)), road("b", (400, 0), (1000, 0)), yard, *ONE),
        Question("p", closed_roads=("a",)),
    )
    assert only(closed)[0] is AssistReason.NO_KERB
    one_way = town(plan(), road("main", (0, 0), (1000, 0), drive=Drive.FORWARD), yard, *ONE)
    assert only(run(one_way))[0] in (AssistReason.NO_KERB, AssistReason.NO_VEHICLE)


def test_places_go_to_those_who_can_do_least() -> None:
    crowd = [
        house("h1", 100, 10), *(household(str(i), "h1", 1) for i in range(4)), *haven("s", 900, 2), person("d"),
        assisted("0", "0", "walks_with_help"), assisted("1", "1", "wheelchair"), assisted("2", "2", "stretcher"),
        assisted("3", "3", "walks_with_help"), *(person(f"h{i}", "h1") for i in range(8)),
        vehicle("van", "yard", "d", seats=4, wheelchair_places=1, stretcher_places=1),
    ]  # fmt: skip
    found = run(street(*crowd))
    assert {p.person for p in found.persons} == {"assisted/1", "assisted/2"}
    assert {p.reason for p in found.left_over} == {AssistReason.NO_BARRIER_FREE_PLACE}
    assert all("2 are missing in all" in p.fix_en for p in found.left_over)


def test_helpers_with_another_task_do_not_help() -> None:
    busy = plan().model_copy(update={"lead": "post/chief"})
    chief = Post(id="post/chief", name=person("x").name, holder="person/b")
    [p] = run(street(*ONE, chief, plan=busy)).persons
    assert p.helpers == ("person/a", "person/r")
    assert not p.named_helpers
    assert p.reserve is None


def test_a_flood_that_comes_later_sets_a_deadline() -> None:
    late = footprint("f", "flood", (50, -5, 150, 50), from_min=20)
    found = run(street(*ONE, late, plan=plan(hazards=("flood",), footprint=("hazard/f",))))
    [p] = found.persons
    assert p.deadline_s == 1200
    assert p.late
    assert found.shortfall is not None
    assert found.shortfall.more == ()
    soon = footprint("f", "flood", (50, -5, 150, 50), from_min=30)
    assert run(street(*ONE, soon, plan=plan(hazards=("flood",), footprint=("hazard/f",)))).late_persons == 0


def test_nobody_on_the_register_is_no_error() -> None:
    found = run(street(*without("w")))
    assert found.register_persons == 0
    assert found.feasible
    assert found.last_inside_s is None
    assert not vehicle_lists(street(*without("w")), found)


def test_work_lists_say_it_in_both_languages() -> None:
    ws = street(*ONE)
    found = run(ws)
    [sheet] = vehicle_lists(ws, found)
    assert [r[1] for r in sheet.rows] == ["0:16", "0:23"]
    assert len(sheet.columns) == len(sheet.rows[0])
    [sheet] = community_lists(ws, found)
    assert sheet.rows[0][0] == "0:08"
    assert len(sheet.columns) == len(sheet.rows[0])
    left = left_over_list(ws, run(street(*without("van"))))
    assert len(left.rows) == 1
    assert len(left.columns) == len(left.rows[0])
    assert minute(3659) == "1:00"


def random_street(seed: int) -> Workspace:
    rng = np.random.default_rng(seed)
    things: list[Any] = []
    houses = int(rng.integers(1, 7))
    for h in range(houses):
        things.append(house(f"h{h}", float(rng.uniform(0, 1000)), 10.0 + 20 * (h % 3)))
        things.append(household(str(h), f"h{h}", 5, floor=int(rng.integers(1, 8))))
    helpers = [f"p{i}" for i in range(int(rng.integers(0, 10)))]
    things += [person(p, f"h{rng.integers(houses)}") for p in helpers]
    named = [*helpers, None]
    for k in range(int(rng.integers(0, 8))):
        kind = str(rng.choice(["walks_with_help", "wheelchair", "stretcher"]))
        names = rng.permutation(np.array(named, dtype=object))[:3].tolist()
        things.append(assisted(str(k), str(rng.integers(houses)), kind, *names))
    for v in range(int(rng.integers(0, 4))):
        things.append(person(f"d{v}", travel_night_min=float(rng.integers(5, 30))))
        places = {"wheelchair_places": int(rng.integers(0, 3)), "stretcher_places": int(rng.integers(0, 2))}
        things.append(vehicle(f"v{v}", "yard", f"d{v}", seats=int(rng.integers(0, 6)), **places))
    for s in range(int(rng.integers(0, 3))):
        things += haven(f"s{s}", float(rng.uniform(0, 1000)), int(rng.integers(0, 5)))
    if rng.random() < 0.4:
        lo = float(rng.uniform(0, 800))
        things.append(footprint("f", "flood", (lo, -60, lo + 200, 60), from_min=float(rng.integers(0, 60))))
        return street(
            *things,
            plan=plan(hazards=("flood",), footprint=("hazard/f",)),
            assistance=AssistanceSettings(search_moves=50),
        )
    return street(
        *things, assistance=AssistanceSettings(helper_turns=int(rng.integers(1, 3)), search_moves=50)
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(DayPart)))
def test_everyone_is_served_or_named_and_no_promise_is_broken(seed: int, time: DayPart) -> None:
    ws = random_street(seed)
    asked, found = planned(ws, Question("p", time, scope="street"))
    result = report(ws, found)
    assert faults(ws, asked, result) == []
    assert result.register_persons == len(ws.assisted)
    assert report(ws, planned(ws, Question("p", time, scope="street"))[1]).to_json() == result.to_json()


def _first(result: AssistanceResult, **changed: Any) -> AssistanceResult:
    persons = (result.persons[0].model_copy(update=changed), *result.persons[1:])
    return result.model_copy(update={"persons": persons})


def _stop(result: AssistanceResult, k: int, **changed: Any) -> AssistanceResult:
    trip = result.trips[0]
    stops = tuple(s.model_copy(update=changed) if i == k else s for i, s in enumerate(trip.stops))
    return result.model_copy(update={"trips": (trip.model_copy(update={"stops": stops}), *result.trips[1:])})


def _trip(result: AssistanceResult, **changed: Any) -> AssistanceResult:
    return result.model_copy(
        update={"trips": (result.trips[0].model_copy(update=changed), *result.trips[1:])}
    )


BROKEN: list[tuple[str, Callable[[AssistanceResult], AssistanceResult]]] = [
    ("neither helped nor left over", lambda r: r.model_copy(update={"persons": r.persons[1:]})),
    ("appears 2 times", lambda r: r.model_copy(update={"persons": (*r.persons, r.persons[0])})),
    ("two different helpers", lambda r: _first(r, helpers=("person/a", "person/a"))),
    ("not on the roster", lambda r: _first(r, helpers=("person/a", "person/nobody"))),
    ("drives and helps", lambda r: _first(r, helpers=("person/a", "person/d"))),
    ("at once", lambda r: _first(r, release_s=r.persons[0].release_s + 3600)),
    ("the reserve is one of the pair", lambda r: _first(r, reserve=r.persons[0].helpers[0])),
    ("cannot walk", lambda r: _first(r, mode="walk")),
    ("too early", lambda r: _first(r, ready_s=r.persons[0].door_s)),
    ("late is", lambda r: _first(r, late=True)),
    ("may not be used", lambda r: _first(r, shelter="shelter/plain")),
    ("barrier-free places", lambda r: r.model_copy(update={"persons": tuple(p.model_copy(update={"shelter": "shelter/s"}) for p in (*r.persons, *r.persons))})),
    ("disagree about the arrival", lambda r: _first(r, inside_s=r.persons[0].inside_s - 100)),
    ("loaded before being there", lambda r: _stop(r, 0, begin_s=r.trips[0].stops[0].begin_s - 600)),
    ("loaded too fast", lambda r: _stop(r, 0, end_s=r.trips[0].stops[0].begin_s + 1)),
    ("too fast on its way", lambda r: _stop(r, 1, arrive_s=r.trips[0].stops[0].end_s + 1)),
    ("carries too many", lambda r: _trip(r, stops=(r.trips[0].stops[0], *r.trips[0].stops))),
    ("somebody on board", lambda r: _trip(r, stops=r.trips[0].stops[:1])),
    ("is to be fetched and is not", lambda r: r.model_copy(update={"trips": r.trips[1:]})),
    ("is not a driver of", lambda r: _trip(r, driver="person/a")),
    ("is absent and helps", lambda r: r.model_copy(update={"absent": ("person/a",)})),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> tuple[Workspace, Any, AssistanceResult]:
    ws = street(
        *ONE,
        household("3", "h2", 1),
        assisted("x", "3", "wheelchair", "a", "b"),
        shelter("plain", 700, 30, 10),
    )
    asked, found = planned(ws)
    return ws, asked, report(ws, found)


@pytest.mark.parametrize(("words", "broken"), BROKEN, ids=[w for w, _ in BROKEN])
def test_the_checker_sees_every_broken_promise(
    sound: tuple[Workspace, Any, AssistanceResult],
    words: str,
    broken: Callable[[AssistanceResult], AssistanceResult],
) -> None:
    ws, asked, result = sound
    assert faults(ws, asked, result) == []
    assert any(words in f for f in faults(ws, asked, broken(result)))


def test_the_checker_sees_a_helper_with_a_task(sound: tuple[Workspace, Any, AssistanceResult]) -> None:
    ws, asked, result = sound
    chief = Post(id="post/chief", name=person("x").name, holder="person/a")
    tasked = dataclasses.replace(ws, posts={"post/chief": chief})
    told = dataclasses.replace(asked, plan=asked.plan.model_copy(update={"lead": "post/chief"}))
    assert any("has a task" in f for f in faults(tasked, told, result))
