"""Writing the war-time plan down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from civdef.evacuate.assist.streets import ways_of
from civdef.evacuate.fetched import ASSISTED
from civdef.evacuate.question import Question
from civdef.evacuate.wartime.cover import Bools, Cover, cover, households_gone, limits_s, question_of
from civdef.evacuate.wartime.doors import share, whole
from civdef.evacuate.wartime.gathering import gathering
from civdef.evacuate.wartime.result import (
    AssemblyPoint,
    BuildingCover,
    CommunityCover,
    DestinationLoad,
    DoorCheck,
    EntranceLoad,
    InTime,
    StageTransport,
    WartimeResult,
)
from civdef.evacuate.wartime.stages import Leaving, Stage, leaving
from civdef.evacuate.wartime.transport import column_vehicles, transport
from civdef.graph.roads import StreetNetwork
from civdef.model.workspace import Workspace


def wartime(
    workspace: Workspace, network: StreetNetwork, question: Question, *, gone: Stage | None = None
) -> WartimeResult:
    """Plan the stages and the cover nearby.

    Parameters
    ----------
    workspace, network
        The town and its streets.
    question
        A plan against air raids, time of day, what-ifs.
    gone
        The siren sounds when this stage is over; None: before anybody has left.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.wartime.cover.cover`; for an unknown key target.
    """
    asked = question_of(workspace, network, question)
    away = asked.problem.shelter_cost_m.min(axis=1, initial=np.inf)
    households = leaving(workspace, dict(zip(asked.problem.buildings, away.tolist(), strict=True)))
    gather = gathering(workspace, ways_of(workspace, asked))
    settings = workspace.settings.wartime
    room = [d.places for d in settings.destinations]
    stages: list[StageTransport] = []
    points: list[AssemblyPoint] = []
    received: list[dict[Stage, int]] = [{} for _ in room]
    for stage in (Stage.EARLY, Stage.IMMINENT):
        one, at, came = transport(workspace, gather, households, stage, room)
        stages.append(one)
        points += at
        for d, n in enumerate(came):
            received[d][stage] = n
            room[d] -= n
    stay = households_gone(workspace, households.until(gone))
    found = cover(stay, network, question)
    result = _result(workspace, found, gone, households, stages, points, received)
    assert result.planned_persons + result.left_over_persons == result.present_persons
    assert all(
        s.carried_persons + s.without_destination_persons + s.without_vehicle_persons + s.without_assembly_point_persons
        == s.persons <= s.ordered_persons
        for s in result.stages
    )  # fmt: skip
    return result


def _result(
    workspace: Workspace,
    found: Cover,
    gone: Stage | None,
    households: Leaving,
    stages: list[StageTransport],
    points: list[AssemblyPoint],
    received: list[dict[Stage, int]],
) -> WartimeResult:
    asked, problem = found.solution.asked, found.problem
    settings = workspace.settings.wartime
    shelter = found.solution.plan.assignment.shelter
    persons = problem.persons
    lost = asked.demand.lost_persons if asked.question.scope == "street" else 0
    within = found.nearest_m <= settings.radius_m
    arrived = np.isfinite(found.planned_s).all() and not lost
    assigned = np.bincount(
        shelter[shelter >= 0], weights=persons[shelter >= 0], minlength=len(problem.shelters)
    )
    loads = _entrances(workspace, found)
    checked = tuple(
        DoorCheck(
            shelter=s,
            places=int(workspace.shelters[s].places.whole),
            doors=d.doors,
            width_m=d.width_m,
            needed_width_m=d.needed_width_m,
            needed_doors=d.needed_doors,
            door_persons=d.door_persons,
            usable_persons=d.usable_persons,
            assigned_persons=int(assigned[problem.shelters.index(s)]),
            enough=d.usable_persons == workspace.shelters[s].places.whole,
            entrances=tuple(loads.get(s, ())),
        )
        for s, d in sorted(found.doors.items())
    )
    placed = int(persons[shelter >= 0].sum())
    return WartimeResult(
        inputs=dict(workspace.inputs),
        plan=asked.plan.id,
        time=asked.question.time,
        closed_roads=asked.question.closed_roads,
        without_shelters=asked.question.without_shelters,
        footprints=asked.question.footprints or (),
        changes=workspace.changes,
        gone=gone,
        residents_persons=sum(h.residents for h in workspace.households.values()),
        stages=tuple(stages),
        fleet=column_vehicles(workspace),
        assembly_points=tuple(points),
        destinations=tuple(
            DestinationLoad(
                number=k,
                name_zh=d.name.in_("zh"),
                name_en=d.name.in_("en"),
                distance_km=d.distance_km,
                places=d.places,
                road_zh=None if d.road is None else d.road.in_("zh"),
                road_en=None if d.road is None else d.road.in_("en"),
                persons=received[k - 1],
            )
            for k, d in enumerate(settings.destinations, start=1)
        ),
        present_persons=int(persons.sum()) + lost,
        radius_m=settings.radius_m,
        within_radius_persons=int(persons[within].sum()),
        place_within_radius_persons=int(found.within_persons.sum()),
        planned_persons=placed,
        left_over_persons=int(persons[shelter < 0].sum()) + lost,
        all_inside_s=round(float(found.planned_s.max(initial=0.0)), 1) if arrived else None,
        in_time=tuple(_in_time(found, limit) for limit in limits_s(workspace.settings)),
        doors=checked,
        lost_to_doors_persons=sum(d.places - d.usable_persons for d in checked),
        communities=_communities(found, within),
        buildings=tuple(_building(found, i, bool(within[i])) for i in range(len(problem.buildings))),
    )


def _entrances(workspace: Workspace, found: Cover) -> dict[str, list[EntranceLoad]]:
    """Return shelter → its doors, what each allows by itself, and who comes through it by the plan."""
    problem, routes = found.problem, found.solution.plan.routes
    net = problem.network
    through = np.bincount(
        routes.entrance[routes.entrance >= 0],
        weights=problem.persons[routes.entrance >= 0],
        minlength=len(net.entrance_ids),
    )
    settings = workspace.settings.wartime
    loads: dict[str, list[EntranceLoad]] = {}
    for e, entrance in enumerate(net.entrance_ids):
        width = float(net.entrance_width_m[e])
        loads.setdefault(problem.shelters[int(net.entrance_shelter[e])], []).append(
            EntranceLoad(
                entrance=entrance,
                width_m=round(width, 3),
                door_persons=whole(share(width, settings)),
                assigned_persons=int(through[e]),
                beyond=found.beyond.get(e),
            )
        )
    return loads


def _in_time(found: Cover, limit_s: float) -> InTime:
    problem = found.problem
    best, planned = found.best_s <= limit_s, found.planned_s <= limit_s
    return InTime(
        limit_min=limit_s / 60,
        best_persons=int(problem.persons[best].sum()),
        planned_persons=int(problem.persons[planned].sum()),
        late_buildings=_missing(problem.buildings, planned),
        hopeless_buildings=_missing(problem.buildings, best),
    )


def _missing(buildings: Sequence[str], there: Bools) -> tuple[str, ...]:
    """Return the buildings of which some part is not there, each once."""
    return tuple(dict.fromkeys(b for b, ok in zip(buildings, there, strict=True) if not ok))


def _communities(found: Cover, within: Bools) -> tuple[CommunityCover, ...]:
    problem, shelter = found.problem, found.solution.plan.assignment.shelter
    rows = []
    for c, community in enumerate(problem.communities):
        mine = problem.community == c
        if not mine.any():
            continue
        rows.append(
            CommunityCover(
                community=community,
                persons=int(problem.persons[mine].sum()),
                within_radius_persons=int(problem.persons[mine & within].sum()),
                place_within_radius_persons=int(found.within_persons[mine].sum()),
                planned_persons=int(problem.persons[mine & (shelter >= 0)].sum()),
            )
        )
    return tuple(rows)


def _building(found: Cover, i: int, within: bool) -> BuildingCover:
    problem = found.problem
    shelter = int(found.solution.plan.assignment.shelter[i])
    routes = found.solution.plan.routes
    near = int(found.nearest[i])
    planned = float(found.planned_s[i])
    return BuildingCover(
        building=problem.buildings[i],
        part=int(problem.part[i]),
        persons=int(problem.persons[i]),
        assisted_persons=int(problem.by_kind[i, ASSISTED]),
        nearest=problem.shelters[near] if near >= 0 else None,
        nearest_m=round(float(found.nearest_m[i]), 1) if near >= 0 else None,
        within_radius=within,
        place_within_radius_persons=int(found.within_persons[i]),
        best_s=round(float(found.best_s[i]), 1) if near >= 0 else None,
        shelter=problem.shelters[shelter] if shelter >= 0 else None,
        entrance=problem.network.entrance_ids[int(routes.entrance[i])] if shelter >= 0 else None,
        walk_m=round(float(routes.length_m[i]), 1) if shelter >= 0 else None,
        farther_m=round(_farther_m(found, i), 1) if shelter >= 0 else None,
        planned_s=round(planned, 1) if np.isfinite(planned) else None,
    )


def _farther_m(found: Cover, i: int) -> float:
    problem, plan = found.problem, found.solution.plan
    door = int(np.searchsorted(problem.entrances, plan.routes.entrance[i]))
    nearest_m = problem.shelter_cost_m[i, plan.assignment.shelter[i]]
    return float(problem.entrance_cost_m[i, door] - nearest_m)
