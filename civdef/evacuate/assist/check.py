"""An independent checker: reads the result, the register and the map, and shares nothing with the planner but their words.

It walks through the timetable and asks, of every person, helper, vehicle, driver and place: is it promised once, is there
time for it, is it allowed? Ways are checked against what no street can beat: the straight line at the highest speed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from civdef.evacuate.assist.people import by_mobility
from civdef.evacuate.assist.result import AssistanceResult, AssistReason, HelpedPerson, Stop
from civdef.evacuate.question import Asked
from civdef.model.resident import Mobility
from civdef.model.workspace import Workspace

SLACK_S = 1.0
"""Tolerance for rounding to whole seconds [s]."""


def faults(workspace: Workspace, asked: Asked, result: AssistanceResult) -> list[str]:
    """Return everything that is wrong with a result, in English, for developers; empty: sound."""
    return [
        *_everyone(workspace, asked, result),
        *_persons(workspace, asked, result),
        *_helpers(workspace, asked, result),
        *_vehicles(workspace, asked, result),
        *_places(workspace, asked, result),
        *_left(workspace, asked, result),
    ]


def _everyone(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    scope = set(asked.problem.buildings)
    wanted = {
        p.id for p in workspace.assisted.values() if workspace.households[p.household].building in scope
    }
    helped = Counter(p.person for p in result.persons)
    left = Counter(p.person for p in result.left_over)
    both = helped + left
    yield from (f"{p} appears {n} times" for p, n in sorted(both.items()) if n > 1)
    yield from (f"{p} is neither helped nor left over" for p in sorted(wanted - set(both)))
    yield from (f"{p} is not in the question" for p in sorted(set(both) - wanted))
    if result.register_persons != len(wanted) or result.helped_persons + result.left_over_persons != len(
        wanted
    ):
        yield "the totals do not add up"
    if result.late_persons != sum(p.late for p in result.persons):
        yield "the number of late people is wrong"


def _persons(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    settings = workspace.settings.assistance
    deadline = dict(zip(asked.problem.buildings, asked.problem.deadline_s.tolist(), strict=True))
    for p in result.persons:
        entry = workspace.assisted[p.person]
        home = workspace.households[entry.household]
        if (p.building, p.mobility, p.household) != (home.building, entry.mobility, entry.household):
            yield f"{p.person}: not as in the register"
        if p.mobility is not Mobility.WALKS_WITH_HELP and p.mode == "walk":
            yield f"{p.person} cannot walk"
        prepare = by_mobility(settings.prepare_min, p.mobility)
        building = workspace.buildings[home.building]
        if not (building.lift and settings.lifts_run):
            prepare += abs(home.floor - (1 if home.floor > 0 else 0)) * by_mobility(
                settings.floor_min, p.mobility
            )
        mps = by_mobility(settings.push_mps, p.mobility)
        if p.mode == "walk":
            if p.ready_s < p.door_s + prepare * 60 - SLACK_S:
                yield f"{p.person} leaves before being ready"
            if p.way_m > settings.walk_limit_m + 0.1:
                yield f"{p.person} walks too far"
            if p.inside_s < p.ready_s + p.way_m / mps - SLACK_S:
                yield f"{p.person} walks too fast"
        elif p.ready_s < p.door_s + prepare * 60 + p.way_m / mps - SLACK_S:
            yield f"{p.person} is at the pick-up point too early"
        late = p.inside_s > deadline[p.building]
        if late != p.late:
            yield f"{p.person}: late is {p.late}, should be {late}"


def _tasked(workspace: Workspace, asked: Asked) -> set[str]:
    """Return everybody whom the plan's tasks name, and who holds a key that is needed; read off the model once more."""
    plan = asked.plan
    bodies = {plan.lead, *plan.support, *(t.who for t in plan.tasks), *(b for t in plan.tasks for b in t.to)}
    posts: set[str] = bodies & set(workspace.posts)
    found: set[str] = set()
    for team in workspace.teams.values():
        if team.id in bodies:
            found |= set(team.people())
    for group in workspace.groups.values():
        if group.id in bodies:
            found |= set(group.members)
            posts |= {group.head, *filter(None, [group.deputy])}
    if workspace.headquarters is not None:
        staff = workspace.headquarters
        posts |= {*staff.commanders, *staff.deputies, *staff.members}
    posts |= {
        s.key_holder
        for s in workspace.shelters.values()
        if s.key_holder and s.id not in asked.problem.refused
    }
    posts |= {g.key_holder for g in workspace.gates.values() if g.key_holder and g.locked}
    held = {workspace.posts[p].holder if p in workspace.posts else p for p in posts}
    return found | {h for h in held if h is not None}


def _helpers(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    drivers = {t.driver for t in result.trips}
    tasked = _tasked(workspace, asked)
    absent = set(result.absent)
    by_helper: dict[str, list[tuple[float, float, HelpedPerson, bool]]] = {}
    for p in result.persons:
        if len(set(p.helpers)) != 2:
            yield f"{p.person} has not two different helpers"
        for helper, leave in zip(p.helpers, p.leave_s, strict=True):
            by_helper.setdefault(helper, []).append((leave, p.release_s, p, True))
        if p.reserve is not None:
            by_helper.setdefault(p.reserve, []).append((min(p.leave_s), p.release_s, p, False))
            if p.reserve in p.helpers:
                yield f"{p.person}: the reserve is one of the pair"
    turns = workspace.settings.assistance.helper_turns
    speed = workspace.settings.walking.adult
    for helper, work in sorted(by_helper.items()):
        if helper not in workspace.people:
            yield f"{helper} is not on the roster"
        if helper in drivers:
            yield f"{helper} drives and helps"
        if helper in absent:
            yield f"{helper} is absent and helps"
        if helper in tasked:
            yield f"{helper} has a task in the plan and helps"
        own = sorted((w for w in work if w[3]), key=lambda w: (w[2].door_s, w[1]))
        if len(own) > turns:
            yield f"{helper} has {len(own)} turns"
        for before, after in pairwise(own):
            one, two = before[2], after[2]
            if after[0] < before[1] - SLACK_S:
                yield f"{helper} is with {one.person} and {two.person} at once"
            gap = _apart(workspace, one, two.building)
            if gap is not None and two.door_s < one.release_s + gap / speed - SLACK_S:
                yield f"{helper} cannot get from {one.person} to {two.person} in time"
        for stand_by in (w for w in work if not w[3]):
            for other in work:
                if (
                    other is not stand_by
                    and max(stand_by[0], other[0]) < min(stand_by[1], other[1]) - SLACK_S
                ):
                    yield f"{helper} is reserve for {stand_by[2].person} and busy with {other[2].person}"


def _apart(workspace: Workspace, one: HelpedPerson, building: str) -> float | None:
    """Return the straight distance from where a person was handed over to a building [m]; None where that is unknown."""
    from shapely.geometry import Point

    home = workspace.buildings[building].shape_m
    if one.mode == "walk":
        drawn = workspace.entrances.get(one.entrance)
        return None if drawn is None else float(home.distance(drawn.shape_m)) - ACCESS_M
    if one.pick_up_lonlat is None:
        return None
    return float(home.distance(Point(*_to_metres(workspace.crs).transform(*one.pick_up_lonlat)))) - ACCESS_M


@cache
def _to_metres(crs: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


ACCESS_M = 60.0
"""Buildings and entrances are tied to a street by their middle: the straight line may be longer than the way by this [m]."""


def _vehicles(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    settings = workspace.settings.assistance
    drivers: dict[str, str] = {}
    at: dict[str, float] = {}
    loaded: dict[str, Stop] = {}
    unloaded: Counter[str] = Counter()
    persons = {p.person: p for p in result.persons}
    ready = {d.vehicle: d for d in result.vehicles}
    for trip in result.trips:
        vehicle = workspace.vehicles[trip.vehicle]
        if drivers.setdefault(trip.driver, trip.vehicle) != trip.vehicle:
            yield f"{trip.driver} drives two vehicles"
        if trip.driver not in (vehicle.driver, vehicle.relief_driver):
            yield f"{trip.driver} is not a driver of {trip.vehicle}"
        duty = ready[trip.vehicle]
        clock = at.get(trip.vehicle, duty.ready_s or 0.0)
        if trip.leave_s < clock - SLACK_S:
            yield f"{trip.vehicle} leaves before its last trip is over"
        free = [vehicle.seats, vehicle.wheelchair_places, vehicle.stretcher_places]
        clock = trip.leave_s
        driven = 0.0
        spot: tuple[float, float] | None = None
        for stop in trip.stops:
            p = persons.get(stop.person)
            if p is None:
                yield f"{trip.vehicle} fetches {stop.person}, who is not helped"
                continue
            kind = (Mobility.WALKS_WITH_HELP, Mobility.WHEELCHAIR, Mobility.STRETCHER).index(p.mobility)
            leg = stop.arrive_s - clock
            driven += leg
            if leg < 0 or (
                spot is not None and leg < _crow_m(spot, stop.lonlat) / (settings.top_kmh / 3.6) - SLACK_S
            ):
                yield f"{trip.vehicle} is too fast on its way to {stop.person}"
            spot = stop.lonlat
            if stop.begin_s < stop.arrive_s or stop.end_s <= stop.begin_s:
                yield f"{trip.vehicle}: times of {stop.person} run backwards"
            clock = stop.end_s
            span = stop.end_s - stop.begin_s
            if stop.action == "load":
                free[kind] -= 1
                if stop.person in loaded:
                    yield f"{stop.person} is loaded twice"
                loaded[stop.person] = stop
                if stop.begin_s < p.ready_s - SLACK_S:
                    yield f"{stop.person} is loaded before being there"
                if (p.load_from_s, p.load_until_s) != (stop.begin_s, stop.end_s) or p.release_s != stop.end_s:
                    yield f"{stop.person}: the two lists disagree about loading"
                if span < by_mobility(settings.load_min, p.mobility) * 60 - SLACK_S:
                    yield f"{stop.person} is loaded too fast"
            else:
                free[kind] += 1
                unloaded[stop.person] += 1
                if (p.vehicle, p.trip, p.shelter, p.inside_s) != (
                    trip.vehicle,
                    trip.trip,
                    stop.place,
                    stop.end_s,
                ):
                    yield f"{stop.person}: the two lists disagree about the arrival"
                if span < by_mobility(settings.unload_min, p.mobility) * 60 - SLACK_S:
                    yield f"{stop.person} is unloaded too fast"
            if min(free) < 0:
                yield f"{trip.vehicle} carries too many"
        if free != [vehicle.seats, vehicle.wheelchair_places, vehicle.stretcher_places]:
            yield f"{trip.vehicle} ends a trip with somebody on board"
        if driven > trip.drive_s + SLACK_S:
            yield f"{trip.vehicle}: the driving time does not add up"
        at[trip.vehicle] = trip.end_s
    for p in result.persons:
        if p.mode == "vehicle" and (p.person not in loaded or unloaded[p.person] != 1):
            yield f"{p.person} is to be fetched and is not"
        if p.mode == "walk" and p.person in loaded:
            yield f"{p.person} walks and rides"


def _crow_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return a distance that no street can be shorter than [m]: the straight line, a hundredth less."""
    lat = math.radians((a[1] + b[1]) / 2)
    dx, dy = (b[0] - a[0]) * math.cos(lat) * 111_320, (b[1] - a[1]) * 110_574
    return 0.99 * math.hypot(dx, dy) - 1.0


def _places(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    kept = Counter(p.shelter for p in result.persons)
    places = dict(zip(asked.problem.shelters, asked.problem.places.tolist(), strict=True))
    for shelter_id, persons in sorted(kept.items()):
        shelter = workspace.shelters[shelter_id]
        if not shelter.barrier_free or shelter_id in asked.problem.refused:
            yield f"{shelter_id} may not be used"
        if persons > min(shelter.barrier_free_places, places[shelter_id]):
            yield f"{shelter_id} takes {persons} people on {shelter.barrier_free_places} barrier-free places"
    for p in result.persons:
        drawn = workspace.entrances.get(p.entrance)
        if drawn is not None and (drawn.shelter != p.shelter or not drawn.step_free):
            yield f"{p.person}: {p.entrance} is not a step-free entrance of {p.shelter}"


def _left(workspace: Workspace, asked: Asked, result: AssistanceResult) -> Iterator[str]:
    """Whoever is left over is told why; for want of helpers only where fewer than two of those named could still help."""
    turns = workspace.settings.assistance.helper_turns
    load = Counter(h for p in result.persons for h in p.helpers)
    gone = {d.driver for d in result.vehicles if d.driver} | set(result.absent) | _tasked(workspace, asked)
    for one in result.left_over:
        if not one.message_zh or not one.message_en or not one.fix_zh or not one.fix_en:
            yield f"{one.person} is left over without a word"
        if one.reason is AssistReason.NO_HELPER_PAIR:
            entry = workspace.assisted[one.person]
            named = {
                h for h in (entry.helper_1, entry.helper_2, entry.reserve_helper) if h is not None
            } - gone
            free = [h for h in sorted(named) if load[h] < turns]
            if len(free) >= 2:
                yield f"{one.person} is left over though {free} have turns left"
