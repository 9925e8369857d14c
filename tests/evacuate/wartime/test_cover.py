"""Doors, the 200 m rule and the siren's minutes, by hand; places in reach against networkx; who leaves when."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.errors import UsageError
from civdef.evacuate.question import Question
from civdef.evacuate.wartime.cover import cover, households_gone, places_within
from civdef.evacuate.wartime.doors import doors
from civdef.evacuate.wartime.report import wartime
from civdef.evacuate.wartime.result import WartimeResult
from civdef.evacuate.wartime.stages import Stage, leaving
from civdef.graph.roads import build_street_network
from civdef.model.base import figure
from civdef.model.shelter import ShelterClass
from civdef.model.town import DayPart
from civdef.model.wartime import Destination, VehicleLot, WartimeSettings
from civdef.model.workspace import Workspace
from tests.evacuate import towns
from tests.evacuate.assist.town import assisted, person, post, town, vehicle
from tests.evacuate.towns import entrance, house, household, plan, road, unit

RAID = plan(hazards=("air_raid",), shelter_classes=(ShelterClass.AIR_RAID,))
PLAIN = WartimeSettings()


def works(n: str, x: float, places: int, *widths_m: float) -> list[Any]:
    """Return a personnel shelter whose entrances stand on the street at `x`."""
    made = towns.shelter(n, x, 30, places, shelter_class=ShelterClass.AIR_RAID, hazards=("air_raid",))
    return [made, *(entrance(f"{n}-{k}", n, x, 0, w) for k, w in enumerate(widths_m))]


def street(*things: Any, **wartime: Any) -> Workspace:
    return town(RAID, road("main", (0, 0), (2000, 0)), *things, wartime=WartimeSettings(**wartime))


def run(ws: Workspace, gone: Stage | None = None, time: DayPart = DayPart.NIGHT) -> WartimeResult:
    return wartime(ws, build_street_network(ws), Question("p", time), gone=gone)


@pytest.mark.parametrize(
    ("widths", "places", "allowed", "needed_width", "needed_doors"),
    [
        ((1.5,), 400, 500, 1.2, 1),  # 1.5 m / 0.30 m x 100
        ((3.0,), 1000, 700, 3.0, 2),  # wide enough, but one door serves 700
        ((1.5, 1.5), 1000, 1000, 3.0, 2),  # just enough
        ((1.2, 1.2), 1000, 800, 3.0, 2),  # too narrow
        ((2.1, 2.1, 2.1), 2100, 2100, 6.3, 3),  # three doors of 700
        ((0.9,), 300, 300, 0.9, 1),  # 0.9 / 0.30 is no whole number in binary
        ((), 100, 0, 0.3, 1),
        ((2.0,), 0, 666, 0.0, 0),
    ],
)
def test_doors_by_hand(
    widths: tuple[float, ...], places: int, allowed: int, needed_width: float, needed_doors: int
) -> None:
    found = doors(widths, places, PLAIN)
    assert found.door_persons == allowed
    assert found.usable_persons == min(places, allowed)
    assert found.needed_width_m == pytest.approx(needed_width)
    assert found.needed_doors == needed_doors


def test_two_hundred_metres_along_the_street_by_hand() -> None:
    """Doors of houses are 10 m off the street, the shelter's entrance on it: 190 m along it is just within 200 m."""
    ws = street(
        house("in", 310, 10), house("out", 309, -10), household("1", "in", 3), household("2", "out", 2),
        *works("s", 500, 10, 2.0),
    )  # fmt: skip
    found = run(ws)
    near, far = found.buildings
    assert (near.nearest_m, near.within_radius) == (200.0, True)
    assert (far.nearest_m, far.within_radius) == (201.0, False)
    assert (found.within_radius_persons, found.place_within_radius_persons) == (3, 3)
    assert (found.planned_persons, found.left_over_persons, found.present_persons) == (5, 0, 5)


def test_a_straight_line_is_no_way() -> None:
    """60 m apart across a wall, 440 m round by the street."""
    ws = town(
        RAID, road("a", (0, 0), (200, 0)), road("b", (200, 0), (200, 60)), road("c", (200, 60), (0, 60)),
        house("h", 10, -10), household("1", "h", 3),
        towns.shelter("s", 10, 70, 10, shelter_class=ShelterClass.AIR_RAID, hazards=("air_raid",)), entrance("s", "s", 10, 60),
    )  # fmt: skip
    [one] = run(ws).buildings
    assert one.nearest_m == 450.0
    assert not one.within_radius


def test_the_sirens_minutes_by_hand() -> None:
    """A minute to leave, 15 s a floor, then along the street: adults 1.34 m/s, the elderly more slowly."""
    ws = street(
        house("a", 410, 10), house("b", 300, 10), house("c", 1500, 10),
        household("1", "a", 2, floor=1), household("2", "b", 2, floor=5), household("3", "c", 2, elderly=1),
        *works("s", 500, 10, 2.0),
    )  # fmt: skip
    found = run(ws)
    a, b, c = found.buildings
    assert a.best_s == pytest.approx(60 + 100 / 1.34, abs=0.1)
    assert b.best_s == pytest.approx(60 + 4 * 15 + 210 / 1.34, abs=0.1)
    speed = ws.settings.walking.elderly
    assert c.best_s == pytest.approx(60 + 1010 / speed, abs=0.1)
    three, ten, thirty = found.in_time
    assert (three.limit_min, three.best_persons, three.hopeless_buildings) == (
        3,
        2,
        ("building/b", "building/c"),
    )
    assert (ten.best_persons, ten.hopeless_buildings) == (4, ("building/c",))
    assert (thirty.best_persons, thirty.planned_persons) == (6, 6)
    for row in found.buildings:
        assert row.planned_s is not None
        assert row.best_s is not None
        assert row.planned_s >= row.best_s - 15
    for t in found.in_time:
        assert set(t.hopeless_buildings) <= set(t.late_buildings)


def test_doors_cut_the_places_down() -> None:
    ws = street(
        house("h", 490, 10), *(household(str(k), "h", 40) for k in range(10)), *works("s", 500, 1000, 0.9)
    )
    found = run(ws)
    [door] = found.doors
    assert (door.places, door.door_persons, door.usable_persons, door.enough) == (1000, 300, 300, False)
    assert found.lost_to_doors_persons == 700
    assert found.planned_persons + found.left_over_persons == 400
    assert found.planned_persons <= 300
    assert found.place_within_radius_persons == 300
    assert not found.feasible
    wide = street(
        house("h", 490, 10), *(household(str(k), "h", 40) for k in range(10)), *works("s", 500, 1000, 1.2)
    )
    assert run(wide).left_over_persons == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(50, 600))
def test_places_in_reach_equal_networkx(seed: int, radius: float) -> None:
    rng = np.random.default_rng(seed)
    things: list[Any] = []
    for h in range(int(rng.integers(1, 6))):
        things += [
            house(f"h{h}", float(rng.uniform(0, 2000)), 10),
            household(str(h), f"h{h}", int(rng.integers(1, 50))),
        ]
    for s in range(int(rng.integers(0, 4))):
        things += works(f"s{s}", float(rng.uniform(0, 2000)), int(rng.integers(0, 60)), 2.0)
    ws = street(*things, radius_m=radius)
    found = cover(ws, build_street_network(ws), Question("p"))
    problem = found.problem
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for b, n in enumerate(problem.persons.tolist()):
        graph.add_edge("source", ("b", b), capacity=n)
        for s in np.flatnonzero(problem.shelter_cost_m[b] <= radius).tolist():
            graph.add_edge(("b", b), ("s", s))
            graph.add_edge(("s", s), "sink", capacity=int(problem.places[s]))
    assert int(found.within_persons.sum()) == nx.maximum_flow_value(graph, "source", "sink")
    assert (found.within_persons <= problem.persons).all()
    wider = places_within(problem, radius * 2)
    assert wider.sum() >= found.within_persons.sum()
    assert wider.sum() <= found.solution.asked.problem.places.sum()


TWO = (
    house("near", 490, 10), house("far", 1500, 10), house("target", 900, 10),
    household("1", "near", 4), household("2", "far", 3), household("3", "target", 2), household("4", "near", 3, children=1),
    household("5", "near", 1, elderly=1), household("6", "far", 2), assisted("w", "6", "wheelchair"),
    post("key", 900, 20, "command_room"), *works("s", 500, 50, 2.0),
)  # fmt: skip


def test_who_leaves_when_by_hand() -> None:
    away = {"building/near": 20.0, "building/far": 1010.0, "building/target": 410.0}
    ws = street(*TWO, early_share=0.4, imminent_share=0.4, key_targets=("fixed-post/key",))
    found = leaving(ws, away)
    # 15 residents: 6 leave early: the one with the wheelchair (2), the child's (3), the elderly person (1)
    assert found.households[Stage.EARLY] == ("household/4", "household/5", "household/6")
    # 6 more: near the target (2), then the farthest (3); the next household of 4 does not fit the one that is left
    assert found.households[Stage.IMMINENT] == ("household/2", "household/3")
    assert found.ordered_persons == {Stage.EARLY: 6, Stage.IMMINENT: 6}
    assert found.until(None) == frozenset()
    assert found.until(Stage.EARLY) == set(found.households[Stage.EARLY])
    assert len(found.until(Stage.IMMINENT)) == 5
    with pytest.raises(UsageError, match="no key target"):
        leaving(street(*TWO, key_targets=("fixed-post/kez",)), away)


def test_those_who_left_are_not_there_on_the_siren() -> None:
    shares = {"early_share": 0.4, "imminent_share": 0.4}
    ws = street(*TWO, **shares)
    nobody, early, imminent = run(ws), run(ws, Stage.EARLY), run(ws, Stage.IMMINENT)
    assert (nobody.present_persons, early.present_persons, imminent.present_persons) == (15, 9, 4)
    declared = [
        t.model_copy(update={"persons_declared": figure(99)}) if t.id == "building/far" else t for t in TWO
    ]
    assert run(street(*declared, **shares), Stage.IMMINENT).present_persons == 4
    assert households_gone(ws, frozenset()) is ws


def test_a_stage_leaves_from_its_communitys_assembly_point() -> None:
    moving = [
        *TWO, post("square", 1000, 5, "assembly"), post("yard", 0, 0), person("d"),
        vehicle("bus", "yard", "d", kind="bus", seats=20), vehicle("car", "yard", "d", kind="car", seats=4),
        vehicle("truck", "yard", "d", kind="truck", seats=30),
    ]  # fmt: skip
    there = Destination(name=towns.name("hill"), distance_km=30, places=8)
    found = run(street(*moving, early_share=0.4, imminent_share=0.4, destinations=(there,)))
    early, imminent = found.stages
    assert (early.persons, early.carried_persons, early.without_destination_persons) == (6, 6, 0)
    assert (imminent.persons, imminent.carried_persons, imminent.without_destination_persons) == (5, 2, 3)
    [march] = early.marches
    assert (march.assembly_point, march.vehicles, march.seats) == ("fixed-post/square", ("vehicle/bus",), 20)
    assert early.finished_h == pytest.approx((20 + 1 + 60 + 20) / 60, abs=0.01)
    assert not found.feasible
    assert found.destinations[0].persons == {Stage.EARLY: 6, Stage.IMMINENT: 2}
    lots = (VehicleLot(name=towns.name("coach"), seats=3, vehicles=2),)
    walk = [t for t in moving if t.KIND != "vehicle"]
    big = there.model_copy(update={"places": 99})
    [early, _] = run(
        street(*walk, early_share=0.4, imminent_share=0.0, destinations=(big,), requisitioned=lots)
    ).stages
    assert [m.persons for m in early.marches] == [6]
    assert len(early.marches[0].vehicles) == 2
    none = run(street(*walk, early_share=0.4, imminent_share=0.0, destinations=(big,)))
    assert none.stages[0].without_vehicle_persons == 6
    assert none.stages[0].late
    assert none.stages[0].more_vehicles == 1


def test_odd_questions() -> None:
    empty = run(street(*works("s", 500, 50, 2.0)))
    assert (empty.present_persons, empty.all_inside_s, empty.feasible) == (0, 0.0, True)
    bare = run(street(house("h", 490, 10), household("1", "h", 4)))
    assert (bare.left_over_persons, bare.all_inside_s) == (4, None)
    assert bare.buildings[0].nearest is None
    day = run(
        street(house("h", 490, 10), unit("u", 480, 20, workday_persons=30), *works("s", 500, 50, 2.0)),
        None,
        DayPart.WORKDAY,
    )
    assert (day.present_persons, day.residents_persons) == (30, 0)
    quake = town(plan(), road("main", (0, 0), (100, 0)))
    with pytest.raises(UsageError, match="not a plan against air raids"):
        run(quake)
