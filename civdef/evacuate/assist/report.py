"""Writing the plan down."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping

import numpy as np

from civdef.evacuate.assist.check import faults
from civdef.evacuate.assist.fleet import carries_people
from civdef.evacuate.assist.people import Needy
from civdef.evacuate.assist.plan import Assistance, plan_assistance
from civdef.evacuate.assist.reasons import not_helped, shortfall
from civdef.evacuate.assist.reserves import Service, reserves, services
from civdef.evacuate.assist.result import (
    AssistanceResult,
    HavenLoad,
    HelpedPerson,
    Stop,
    Trip,
    VehicleDuty,
)
from civdef.evacuate.assist.rounds import last_bound_s
from civdef.evacuate.fetched import Fetched
from civdef.evacuate.question import Asked, Question, ask
from civdef.graph.roads import StreetNetwork
from civdef.model.workspace import Workspace


def assist(
    workspace: Workspace, network: StreetNetwork, question: Question, *, absent: Collection[str] = ()
) -> AssistanceResult:
    """Plan for everybody on the assistance register.

    Parameters
    ----------
    workspace, network
        The town and its streets.
    question
        What is asked.
    absent
        Ids of people who are not there to help or drive.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask`.
    """
    asked = ask(workspace, network, question)
    result = report(workspace, plan_assistance(workspace, asked, absent), absent)
    wrong = faults(workspace, asked, result)
    assert not wrong, wrong
    return result


def brought(result: AssistanceResult) -> Fetched:
    """Return whom the plan brings in, for a question about everybody else (`Question.fetched`)."""
    households = Counter(p.household for p in result.persons)
    places = Counter(p.shelter for p in result.persons)
    return Fetched(tuple(sorted(households.items())), tuple(sorted(places.items())))


def report(workspace: Workspace, plan: Assistance, absent: Collection[str] = ()) -> AssistanceResult:
    """Write a plan down."""
    times = services(workspace, plan)
    stand_by = reserves(plan, times)
    trips = _trips(workspace, plan)
    trip_of = {s.person: (t.vehicle, t.trip) for t in trips for s in t.stops}
    helped = sorted(
        (_person(workspace, plan, row, times[row], stand_by.get(row), trip_of) for row in times),
        key=lambda p: p.person,
    )
    left = tuple(not_helped(workspace, plan, row) for row in plan.left)
    asked: Asked = plan.asked
    kept: dict[str, int] = {}
    for person in helped:
        kept[person.shelter] = kept.get(person.shelter, 0) + 1
    assert len(helped) + len(left) == len(plan.people)
    return AssistanceResult(
        inputs=dict(workspace.inputs),
        plan=asked.plan.id,
        time=asked.question.time,
        footprints=asked.question.footprints or (),
        closed_roads=asked.question.closed_roads,
        without_shelters=asked.question.without_shelters,
        changes=workspace.changes,
        absent=tuple(sorted(absent)),
        register_persons=len(plan.people),
        helped_persons=len(helped),
        walking_persons=sum(p.mode == "walk" for p in helped),
        riding_persons=sum(p.mode == "vehicle" for p in helped),
        left_over_persons=len(left),
        late_persons=sum(p.late for p in helped),
        without_reserve_persons=sum(p.reserve is None for p in helped),
        last_inside_s=max((p.inside_s for p in helped), default=None),
        last_riding_s=plan.times.last_s if plan.rows else None,
        last_riding_bound_s=last_bound_s(plan.rounds) if plan.rows else None,
        drive_s=plan.times.drive_s,
        proven_most_helped=plan.most_proven,
        proven_best_rounds=plan.proven,
        persons=tuple(helped),
        left_over=left,
        trips=trips,
        vehicles=_duties(workspace, plan, trips),
        havens=tuple(
            HavenLoad(shelter=h.id, barrier_free_places=h.places, kept=kept.get(h.id, 0))
            for h in plan.found.havens
        ),
        shortfall=shortfall(workspace, plan, [p for p in helped if p.late]),
    )


def _person(
    workspace: Workspace,
    plan: Assistance,
    row: int,
    service: Service,
    reserve: str | None,
    trip_of: Mapping[str, tuple[str, int]],
) -> HelpedPerson:
    needy: Needy = plan.people[row]
    promise = plan.promises[row]
    haven = plan.found.havens[promise.haven]
    pair = (plan.helpers.ids[promise.pair[0]], plan.helpers.ids[promise.pair[1]])
    pick_up = plan.found.pick_up[needy.id] if promise.rides else None
    vehicle, trip = trip_of[needy.id] if promise.rides else (None, None)
    return HelpedPerson(
        person=needy.id,
        household=needy.person.household,
        building=needy.building,
        community=workspace.buildings[needy.building].community,
        mobility=needy.mobility,
        mode="vehicle" if promise.rides else "walk",
        helpers=pair,
        named_helpers=set(pair) == {needy.person.helper_1, needy.person.helper_2},
        reserve=reserve,
        leave_s=service.leave_s,
        door_s=service.door_s,
        ready_s=service.ready_s,
        way_m=round(pick_up.way_m if pick_up else float(plan.found.walk_m[row, promise.haven]), 1),
        carried_over_steps=pick_up.carried if pick_up else False,
        pick_up_post=pick_up.post if pick_up else None,
        pick_up_road=_road(plan, pick_up.node) if pick_up else None,
        pick_up_lonlat=_lonlat(plan, pick_up.node) if pick_up else None,
        vehicle=vehicle,
        trip=trip,
        load_from_s=service.load_s[0] if service.load_s else None,
        load_until_s=service.load_s[1] if service.load_s else None,
        release_s=service.release_s,
        shelter=haven.id,
        entrance=haven.entrance,
        inside_s=service.inside_s,
        deadline_s=None if math.isinf(needy.deadline_s) else needy.deadline_s,
        late=service.inside_s > needy.deadline_s,
    )


def _road(plan: Assistance, node: int) -> str | None:
    """Return the widest street at a kerb, the first in order of several."""
    network = plan.ways.network
    arcs = np.flatnonzero((network.tail == node) & network.drive)
    if len(arcs) == 0:
        return None
    best = arcs[np.lexsort((network.road[arcs], -network.width_m[arcs]))[0]]
    return network.road_ids[int(network.road[best])]


def _lonlat(plan: Assistance, node: int) -> tuple[float, float]:
    network = plan.ways.network
    return (round(float(network.lon[node]), 6), round(float(network.lat[node]), 6))


def _trips(workspace: Workspace, plan: Assistance) -> tuple[Trip, ...]:
    found: list[Trip] = []
    for v, route in enumerate(plan.routes):
        begin = 0
        aboard = [0, 0, 0]
        for k, stop in enumerate(route):
            job = plan.rounds.jobs[stop if stop >= 0 else ~stop]
            aboard[job.kind] += 1 if stop >= 0 else -1
            if any(aboard):
                continue
            found.append(
                _trip(plan, v, begin, k + 1, sum(t.vehicle == plan.fleet.ready[v].id for t in found) + 1)
            )
            begin = k + 1
        assert begin == len(route), "a vehicle ends its day empty"
    return tuple(found)


def _trip(plan: Assistance, v: int, begin: int, end: int, number: int) -> Trip:
    route, times, jobs = plan.routes[v], plan.times, plan.rounds.jobs
    point = plan.rounds.cars[v].start if begin == 0 else jobs[~route[begin - 1]].drop
    leave = plan.rounds.cars[v].from_s if begin == 0 else times.end_s[v][begin - 1]
    stops: list[Stop] = []
    most, aboard, driving = [0, 0, 0], [0, 0, 0], 0
    for k in range(begin, end):
        stop = route[k]
        j = stop if stop >= 0 else ~stop
        row = plan.rows[j]
        person, haven = plan.people[row], plan.found.havens[plan.promises[row].haven]
        pick_up = plan.found.pick_up[person.id]
        there = jobs[j].pick_up if stop >= 0 else jobs[j].drop
        driving += int(plan.rounds.drive_s[point, there])
        point = there
        aboard[jobs[j].kind] += 1 if stop >= 0 else -1
        most = [max(a, b) for a, b in zip(most, aboard, strict=True)]
        node = pick_up.node if stop >= 0 else haven.drop
        stops.append(
            Stop(
                action="load" if stop >= 0 else "unload",
                person=person.id,
                place=pick_up.post if stop >= 0 else haven.id,
                road=_road(plan, node),
                lonlat=_lonlat(plan, node),
                arrive_s=times.arrive_s[v][k],
                begin_s=times.begin_s[v][k],
                end_s=times.end_s[v][k],
            )
        )
    vehicle = plan.fleet.ready[v]
    return Trip(
        vehicle=vehicle.id,
        trip=number,
        driver=vehicle.driver,
        leave_s=leave,
        end_s=stops[-1].end_s,
        drive_s=driving,
        persons=len({s.person for s in stops}),
        most_seats=most[0],
        most_wheelchairs=most[1],
        most_stretchers=most[2],
        stops=tuple(stops),
    )


def _duties(workspace: Workspace, plan: Assistance, trips: tuple[Trip, ...]) -> tuple[VehicleDuty, ...]:
    limit_s = workspace.settings.assistance.driving_limit_min * 60
    ready = {v.id: v for v in plan.fleet.ready}
    found = []
    for vehicle in sorted(workspace.vehicles.values(), key=lambda v: v.id):
        mine = [t for t in trips if t.vehicle == vehicle.id]
        one = ready.get(vehicle.id)
        why = plan.fleet.refused.get(vehicle.id)
        until = mine[-1].end_s if mine else None
        found.append(
            VehicleDuty(
                vehicle=vehicle.id,
                used=bool(mine),
                driver=one.driver if one else None,
                relief_driver_drives=one.relief if one else False,
                reason_zh=why.zh if why else None,
                reason_en=why.en if why else None,
                carries_people=carries_people(vehicle),
                seats=vehicle.seats,
                wheelchair_places=vehicle.wheelchair_places,
                stretcher_places=vehicle.stretcher_places,
                ready_s=one.from_s if one else None,
                trips=len(mine),
                persons=sum(t.persons for t in mine),
                drive_s=sum(t.drive_s for t in mine),
                until_s=until,
                relief_due=until is not None and one is not None and until - one.from_s > limit_s,
            )
        )
    return tuple(found)
