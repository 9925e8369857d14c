"""Whole questions: the toy town by hand, what-ifs, hazards, infeasible and odd cases, people conserved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.errors import UsageError
from civdef.evacuate.question import Question
from civdef.evacuate.result import EvacuationResult, LeftReason
from civdef.evacuate.solve import evacuate
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.shelter import ShelterClass
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from tests import toy_town
from tests.evacuate import towns


def answer(ws: Workspace, question: Question | None = None, **options: object) -> EvacuationResult:
    found = evacuate(ws, build_street_network(ws), question or Question("plan/p"), **options)  # type: ignore[arg-type]
    conserved(found)
    return found


def conserved(found: EvacuationResult) -> None:
    """People in = people placed + people named as left over; places kept; times in order."""
    placed = sum(a.persons for a in found.assignments)
    left = sum(r.persons for r in found.left_over)
    assert placed == found.placed_persons
    assert left == found.left_over_persons
    assert placed + left == found.demand_persons
    names = [(a.building, a.part) for a in found.assignments]
    names += [(r.building, r.part) for r in found.left_over if r.building]
    assert len(names) == len(set(names))
    parts: dict[str, set[int]] = {}
    for name, part in names:
        parts.setdefault(name, set()).add(part)
    assert len(parts) == found.buildings
    split = {b.building: b.parts for b in found.split}
    assert all(p == (set(range(1, split[b] + 1)) if b in split else {0}) for b, p in parts.items())
    assert sum(w.persons for w in found.waves) == found.placed_persons
    assert found.standing_person_min <= found.at_once_standing_person_min
    for a in found.assignments:
        none, later = (
            f"more_turns_because_{x}" in a.exceptions
            for x in ("no_plainer_way_exists", "plainer_ways_are_later")
        )
        assert (a.turns > 12) == (none or later)
        assert (a.fewest_turns is not None) == (a.turns > 12)
        assert none == (a.fewest_turns is not None and a.fewest_turns > 12)
        assert later == ((a.plainer_later_s or 0.0) > 0)
        longer = "longer_because_the_short_way_is_full" in a.exceptions
        assert a.times_shortest >= (1.5 if longer else 1.0)
        assert longer or a.times_shortest <= 1.5
    for s in found.shelters:
        assert s.assigned_persons == sum(a.persons for a in found.assignments if a.shelter == s.shelter)
        assert s.assigned_persons <= s.places
    if found.placed_persons:
        assert found.clearance_s is not None
        assert found.simulated_clearance_s is not None
        if found.bound_s is not None:
            assert found.bound_s <= found.clearance_s
            if found.optimum_s is not None:
                assert found.bound_s <= found.optimum_s <= found.clearance_s
    assert bool(found.left_over) == bool(found.binding)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load_workspace(toy_town.write(tmp_path_factory.mktemp("toy")))


def test_toy_town_by_hand(toy: Workspace) -> None:
    # Walks [m]: h1 north 140 south 180; h2 40/180; h3 180/140; h4 240/40. Places 10 and 6; persons 4, 3, 5, 2.
    # h3 and h4 do not fit in the south together (7 > 6), so h1 goes south: 720 + 120 + 900 + 80 = 1820 person-metres.
    found = answer(toy, Question("plan/toy"), step_s=10)
    to = {a.building: a for a in found.assignments}
    assert {b: a.shelter for b, a in to.items()} == {
        "building/h1": "shelter/south",
        "building/h2": "shelter/north",
        "building/h3": "shelter/north",
        "building/h4": "shelter/south",
    }
    assert found.person_m == pytest.approx(1820, abs=0.5)
    assert [a.walk_m for a in found.assignments] == pytest.approx([180, 40, 180, 40], abs=0.1)
    assert to["building/h1"].roads == ("road/main", "road/west", "road/lane")
    assert to["building/h1"].turns == 2
    assert to["building/h2"].roads == ("road/main",)
    assert to["building/h2"].turns == 0
    assert to["building/h1"].entrance == "entrance/south"
    # mean pace: (11 adults at 1.34, 2 children at 1.07, 1 elderly at 0.85)
    pace = (11 / 1.34 + 2 / 1.07 + 1 / 0.85) / 14
    assert found.speed_mps == pytest.approx(1 / pace, abs=1e-3)
    # the farthest walk whose shelter has a nearer alternative is h1's or h3's 140 m; +1 s resolution; the two doors are wide
    assert found.bound_s == pytest.approx(180 * pace, abs=1.1)
    # h1 walks at its children's 1.07 m/s; arriving last
    assert to["building/h1"].arrival_last_s == pytest.approx(180 / 1.07 + 4 / 2.6, abs=3)
    assert found.simulated_clearance_s == to["building/h1"].arrival_last_s
    assert found.gap == 0.0


def test_a_closed_road_sends_people_round(toy: Workspace) -> None:
    found = answer(toy, Question("plan/toy", closed_roads=("west",)))
    assert "road/west" not in {r for a in found.assignments for r in a.roads}
    assert found.closed_roads == ("road/west",)
    assert found.feasible


def test_without_a_shelter_the_others_bind(toy: Workspace) -> None:
    found = answer(toy, Question("plan/toy", without_shelters=("shelter/south",)))
    assert found.left_over_persons == 4
    assert [b.kind for b in found.binding] == ["places"]
    assert found.binding[0].objects == ("shelter/north",)
    assert {r.reason for r in found.left_over} == {LeftReason.NO_ROOM}
    refused = {s.shelter: s.refused for s in found.shelters}
    assert refused["shelter/south"] == "left out of this question"


def test_unknown_names_offer_the_nearest(toy: Workspace) -> None:
    for question, hint in (
        (Question("plan/toi"), "plan/toy"),
        (Question("toy", closed_roads=("road/wast",)), "road/west"),
        (Question("toy", without_shelters=("nort",)), "shelter/north"),
    ):
        with pytest.raises(UsageError) as error:
            answer(toy, question)
        assert error.value.hint is not None
        assert hint in error.value.hint.en
    with pytest.raises(UsageError):
        answer(toy, Question("toy", footprints=("hazard/x",)))


def test_the_same_question_gives_the_same_bytes(toy: Workspace) -> None:
    assert answer(toy, Question("toy")).to_json() == answer(toy, Question("toy")).to_json()


def line_town(*more: object, **settings: object) -> Workspace:
    """A single street 300 m long: house a at 0 m, house b at 100 m, shelter at 300 m with room for all."""
    return towns.town(
        towns.road("one", (0, 0), (300, 0)),
        towns.house("a", 0, 10),
        towns.house("b", 100, 10),
        towns.household("1", "a", 4),
        towns.household("2", "b", 6),
        towns.shelter("s", 300, 20, 10),
        towns.entrance("s", "s", 300, 0),
        *more,
        **settings,  # type: ignore[arg-type]
    )


def test_flood_of_unknown_depth_is_walked_out_of_but_not_into() -> None:
    flood = towns.footprint("f", "flood", (-20, -20, 50, 30))
    ws = line_town(towns.plan(hazards=("flood",), scope="footprint", footprint=("hazard/f",)), flood)
    found = answer(ws)
    assert [a.building for a in found.assignments] == ["building/a"]
    assert found.hazards == ("flood",)
    # the other way round the shelter lies beyond the water: nobody from b may cross it
    beyond = towns.footprint("f", "flood", (150, -20, 200, 30))
    ws = line_town(towns.plan(hazards=("flood",), footprint=("hazard/f",)), beyond)
    found = answer(ws)
    assert found.placed_persons == 0
    assert {r.reason for r in found.left_over} == {LeftReason.UNREACHABLE}
    assert found.binding[0].kind == "road"
    assert found.binding[0].objects == ("road/one",)


def test_deep_water_traps_those_inside() -> None:
    deep = towns.footprint("f", "flood", (-20, -20, 50, 30), depth_m=1.2)
    ws = line_town(towns.plan(hazards=("flood",), footprint=("hazard/f",)), deep)
    found = answer(ws)
    assert [(r.building, r.reason) for r in found.left_over] == [("building/a", LeftReason.INSIDE_HAZARD)]
    assert found.binding[0].kind == "hazard"
    assert found.binding[0].objects == ("hazard/f",)


def test_deep_water_that_comes_later_is_a_deadline() -> None:
    for minutes, late in ((60, 0), (2, 4)):
        deep = towns.footprint("f", "flood", (-20, -20, 50, 30), depth_m=1.2, from_min=minutes)
        ws = line_town(towns.plan(hazards=("flood",), footprint=("hazard/f",)), deep)
        found = answer(ws)
        assert found.feasible
        assert found.late_persons == late  # 300 m at 1.34 m/s take 224 s
        assert {a.building: a.deadline_s for a in found.assignments} == {
            "building/a": minutes * 60,
            "building/b": None,
        }


def test_a_shelter_inside_the_footprint_is_not_used() -> None:
    fire = towns.footprint("f", "urban_fire", (280, -10, 320, 30))
    ws = line_town(
        towns.plan(hazards=("urban_fire",), footprint=("hazard/f",)),
        fire,
        towns.shelter("far", 0, -30, 20, hazards=("urban_fire",)),
    )
    found = answer(ws)
    assert {a.shelter for a in found.assignments} == {"shelter/far"}


def test_classes_hazards_and_exclusions_of_the_plan_are_respected() -> None:
    ws = line_town(
        towns.plan(exclude_shelters=("shelter/s",)),
        towns.shelter("raid", 100, -10, 50, shelter_class=ShelterClass.AIR_RAID),
        towns.shelter("wet", 120, -10, 50, hazards=("flood",)),
        towns.shelter("good", 200, -10, 50),
    )
    found = answer(ws)
    assert {a.shelter for a in found.assignments} == {"shelter/good"}
    assert {s.shelter for s in found.shelters if not s.usable} == {
        "shelter/s",
        "shelter/raid",
        "shelter/wet",
    }


def test_no_shelter_at_all() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("one", (0, 0), (300, 0)),
        towns.house("a", 0, 10),
        towns.household("1", "a", 4),
    )
    found = answer(ws)
    assert found.left_over[0].reason is LeftReason.NO_ALLOWED_SHELTER
    assert found.binding[0].kind == "policy"
    assert found.clearance_s is None


def test_no_streets() -> None:
    ws = towns.town(
        towns.plan(), towns.house("a", 0, 10), towns.household("1", "a", 4), towns.shelter("s", 100, 0, 50)
    )
    found = answer(ws)
    assert found.left_over[0].reason is LeftReason.UNREACHABLE
    assert found.binding[0].kind == "network"


def test_an_island_is_named_and_the_rest_is_placed() -> None:
    ws = line_town(
        towns.plan(),
        towns.road("island", (0, 900), (100, 900)),
        towns.house("c", 50, 910),
        towns.household("3", "c", 5),
    )
    found = answer(ws)
    assert [(r.building, r.reason) for r in found.left_over] == [("building/c", LeftReason.UNREACHABLE)]
    assert found.placed_persons == 10


def test_a_building_too_big_for_any_shelter_is_said_so() -> None:
    ws = line_town(towns.plan(), towns.house("big", 200, 10), towns.household("3", "big", 20))
    found = answer(ws)
    assert [(r.building, r.reason) for r in found.left_over] == [("building/big", LeftReason.TOO_BIG)]


def test_everything_closed() -> None:
    found = answer(line_town(towns.plan()), Question("p", closed_roads=("one",)))
    assert found.left_over_persons == 10
    assert found.binding[0].kind == "road"
    assert found.binding[0].objects == ("road/one",)


def test_nobody_at_home() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("one", (0, 0), (300, 0)),
        towns.house("a", 0, 10),
        towns.shelter("s", 50, 5, 9),
    )
    found = answer(ws)
    assert found.feasible
    assert found.demand_persons == 0
    assert found.clearance_s is None


def test_two_buildings_on_one_point_and_a_house_on_the_shelter() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("one", (0, 0), (300, 0)),
        towns.house("a", 100, 0),
        towns.house("b", 100, 0),
        towns.household("1", "a", 3),
        towns.household("2", "b", 3),
        towns.shelter("s", 100, 0, 6),
        towns.entrance("s", "s", 100, 0),
    )
    found = answer(ws, step_s=5)
    assert found.feasible
    assert found.longest_walk_m == pytest.approx(0, abs=0.1)


def test_a_plan_without_evacuation_is_refused() -> None:
    from civdef.model.plan import Plan

    bare = towns.plan().model_copy(update={"evacuation": None})
    assert isinstance(bare, Plan)
    with pytest.raises(UsageError, match="no evacuation policy"):
        answer(line_town(bare))


def test_a_plan_for_a_footprint_without_one_is_refused() -> None:
    with pytest.raises(UsageError, match="none is named"):
        answer(line_town(towns.plan(scope="footprint")))


def test_doors_of_one_shelter_share_the_load() -> None:
    # 400 people at the west end; both doors stand at the east end, 20 m apart: two doors finish in half the time of one
    things = [
        towns.plan(), towns.road("one", (0, 0), (300, 0), width_m=60), towns.shelter("s", 300, 20, 400),
        towns.entrance("s1", "s", 280, 0, 0.5), towns.entrance("s2", "s", 300, 0, 0.5),
    ]  # fmt: skip
    for k in range(8):
        things += [towns.house(f"h{k}", 10.0 * k, 10), towns.household(f"{k}", f"h{k}", 50)]
    found = answer(towns.town(*things))
    load = {
        e: sum(a.persons for a in found.assignments if a.entrance == e)
        for e in ("entrance/s1", "entrance/s2")
    }
    assert load == {"entrance/s1": 200, "entrance/s2": 200}


def test_workday_and_night_differ() -> None:
    ws = line_town(towns.plan(), towns.unit("u", 100, 10, building="building/b", workday_persons=3))
    assert answer(ws, Question("p", DayPart.NIGHT)).demand_persons == 10
    assert answer(ws, Question("p", DayPart.WORKDAY)).demand_persons == 8  # half of 10 adults, and 3 at work


@given(st.integers(0, 10_000), st.floats(0.4, 2.0))
@settings(max_examples=40, deadline=None)
def test_random_towns_conserve_people_and_order_their_times(seed: int, tightness: float) -> None:
    ws = towns.grid(seed, tightness=tightness)
    found = answer(ws, step_s=10)
    for a in found.assignments:
        assert a.arrival_last_s is not None
        assert a.arrival_first_s is not None
        assert a.arrival_first_s <= a.arrival_last_s


def test_json_is_plain_and_complete(toy: Workspace, tmp_path: Path) -> None:
    data = json.loads(answer(toy, Question("toy")).to_json())
    assert data["schema"] == "civdef.evacuation/2"
    for key in (
        "clearance_s", "optimum_s", "bound_s", "gap", "simulated_clearance_s", "step_s", "placed_persons",
        "demand_persons", "left_over", "assignments", "shelters", "binding",
    ):  # fmt: skip
        assert key in data
    assert not [v for v in data["inputs"] if v.startswith("/")]


def test_zones_that_grow_are_left_outwards_and_a_shut_in_corner_may_cross_later_water() -> None:
    # nested zones along the street: deep at the west end, shallow round it; the house in the deep one walks out through both
    deep = towns.footprint("deep", "flood", (-20, -20, 50, 30), depth_m=1.0, from_min=60)
    wide = towns.footprint("wide", "flood", (-20, -20, 150, 30), depth_m=0.5, from_min=90)
    ws = line_town(
        towns.plan(hazards=("flood",), scope="footprint", footprint=("hazard/deep", "hazard/wide")),
        deep,
        wide,
    )
    found = answer(ws)
    assert found.placed_persons == 10
    assert found.through_hazard_persons == 0
    # a house west of the water, safe itself, has no other way: it may cross before the water comes, not after
    for minutes, reason in ((30, None), (0, LeftReason.UNREACHABLE)):
        water = towns.footprint("f", "flood", (40, -20, 80, 30), depth_m=0.2, from_min=minutes)
        ws = line_town(towns.plan(hazards=("flood",), footprint=("hazard/f",)), water)
        found = answer(ws)
        assert [r.reason for r in found.left_over] == ([reason] if reason else [])
        assert found.through_hazard_persons == (0 if reason else 4)


def test_parts_cut_off_by_different_roads_are_named_apart() -> None:
    ws = line_town(
        towns.plan(),
        towns.road("north-lane", (300, 0), (300, 100)),
        towns.road("north-end", (300, 100), (400, 100)),
        towns.house("c", 350, 110),
        towns.household("3", "c", 5),
        towns.road("south-lane", (300, 0), (300, -100)),
        towns.road("south-end", (300, -100), (400, -100)),
        towns.house("d", 350, -110),
        towns.household("4", "d", 3),
        towns.shelter("t", 250, 10, 20),
    )
    found = answer(ws, Question("p", closed_roads=("north-lane", "south-lane")))
    assert [(b.objects, b.persons) for b in found.binding] == [
        (("road/north-lane",), 5),
        (("road/south-lane",), 3),
    ]
