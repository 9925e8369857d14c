"""A stage leaves the street: from homes to assembly points, into columns, to destinations outside."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

from civdef.evacuate.assist.fleet import CARRY_GOODS
from civdef.evacuate.wartime import columns
from civdef.evacuate.wartime.columns import Column, Party
from civdef.evacuate.wartime.gathering import Gathering, boarding
from civdef.evacuate.wartime.result import AssemblyPoint, ColumnVehicle, March, StageTransport
from civdef.evacuate.wartime.stages import Leaving, Stage
from civdef.model.workspace import Workspace


def own_vehicles(workspace: Workspace) -> list[tuple[str, int]]:
    """Return the street's vehicles that join a column: enough seats, somebody to drive them."""
    least = workspace.settings.wartime.least_seats
    return [
        (v.id, v.seats)
        for v in sorted(workspace.vehicles.values(), key=lambda v: v.id)
        if v.seats >= least and v.kind not in CARRY_GOODS and (v.driver or v.relief_driver)
    ]


def fleet(workspace: Workspace) -> list[tuple[str, int]]:
    """Return all vehicles: the street's own, then the requisitioned ones, numbered."""
    found = own_vehicles(workspace)
    for lot in workspace.settings.wartime.requisitioned:
        found += [(_requisitioned(lot.name.in_("zh"), n), lot.seats) for n in range(1, lot.vehicles + 1)]
    return found


def column_vehicles(workspace: Workspace) -> tuple[ColumnVehicle, ...]:
    """Return every vehicle with its column, names in both languages and driver, in the order in which a column fills them."""
    names = {
        _requisitioned(lot.name.in_("zh"), n): (_requisitioned(lot.name.in_("zh"), n), _requisitioned(lot.name.in_("en"), n))
        for lot in workspace.settings.wartime.requisitioned
        for n in range(1, lot.vehicles + 1)
    }  # fmt: skip
    found = []
    for k, column in enumerate(columns.columns_of(fleet(workspace), workspace.settings.wartime), start=1):
        for vehicle, seats in zip(column.vehicles, column.seats, strict=True):
            own = workspace.vehicles.get(vehicle)
            name = workspace.name(vehicle)
            zh, en = names[vehicle] if own is None else (name.in_("zh"), name.in_("en"))
            found.append(
                ColumnVehicle(
                    vehicle=vehicle, column=k, name_zh=zh, name_en=en, seats=seats, own=own is not None,
                    driver=None if own is None else own.driver or own.relief_driver,
                )
            )  # fmt: skip
    return tuple(found)


def _requisitioned(name: str, number: int) -> str:
    return f"{name} {number}"


def transport(
    workspace: Workspace, gather: Gathering, leaving: Leaving, stage: Stage, room: Sequence[int]
) -> tuple[StageTransport, tuple[AssemblyPoint, ...], list[int]]:
    """Plan one stage.

    Parameters
    ----------
    workspace, gather
        The town, and where its people gather.
    leaving, stage
        Who leaves.
    room
        Places left at each destination.

    Returns
    -------
    The stage, who gathers where, and how many each destination receives.
    """
    settings = workspace.settings.wartime
    households = [workspace.households[h] for h in leaving.households[stage]]
    at: Counter[tuple[str, str]] = Counter()
    nowhere = 0
    for h in households:
        point = gather.point_of.get(h.building)
        if point is None:
            nowhere += h.residents
        else:
            at[workspace.buildings[h.building].community, point] += h.residents
    by_community: Counter[str] = Counter()
    for (community, _), n in at.items():
        by_community[community] += n
    distance = [d.distance_km for d in settings.destinations]
    sent, without = columns.send(by_community, room, distance)
    received = [sum(n for (_, k), n in sent.items() if k == d) for d in range(len(room))]
    of, parties = _parties(at, sent)
    vehicles = fleet(workspace)
    groups = columns.columns_of(vehicles, settings)
    planned = columns.marches(parties, groups, distance, settings)
    carried = sum(m.persons for m in planned)
    wanted = sum(p.persons for p in parties)
    persons = sum(h.residents for h in households)
    limit = settings.early_limit_h if stage is Stage.EARLY else settings.imminent_limit_h
    end = columns.finished(planned)
    late = wanted > 0 and (carried < wanted or end > limit * 60)
    seats = max((s for _, s in vehicles), default=DEFAULT_SEATS)
    helped = Counter(p.household for p in workspace.assisted.values())
    marches = tuple(_march(m, of[m.party], groups) for m in planned)
    rides: Counter[tuple[str, str]] = Counter()
    for m in marches:
        rides[m.community, m.assembly_point] += m.persons
    unmoved: Counter[tuple[str, str]] = Counter()
    for community, party in zip(of, parties, strict=True):
        unmoved[community, party.point] += party.persons
    unmoved.subtract(rides)
    return (
        StageTransport(
            stage=stage,
            share=settings.early_share if stage is Stage.EARLY else settings.imminent_share,
            ordered_persons=leaving.ordered_persons[stage],
            households=len(households),
            persons=persons,
            assisted_persons=sum(helped[h.id] for h in households),
            near_key_targets_persons=sum(h.residents for h in households if h.building in leaving.near_target),
            carried_persons=carried,
            without_destination_persons=sum(without.values()),
            without_vehicle_persons=wanted - carried,
            without_assembly_point_persons=nowhere,
            limit_h=limit,
            finished_h=round(end / 60, 2) if persons and carried == persons else None,
            late=late,
            more_vehicles=columns.more_needed(parties, vehicles, distance, settings, limit * 60, seats) if late else None,
            more_seats=seats if late else None,
            marches=marches,
            boarding=boarding(workspace, gather, households, marches, unmoved),
        ),
        tuple(
            AssemblyPoint(
                stage=stage, community=c, assembly_point=p, persons=n, carried_persons=rides[c, p],
                without_destination_persons=n - rides[c, p] - unmoved[c, p], without_vehicle_persons=unmoved[c, p],
            )
            for (c, p), n in sorted(at.items())
        ),
        received,
    )  # fmt: skip


DEFAULT_SEATS = 45
"""Seats of a coach, where the workspace has no vehicle to take as a pattern (a planning choice)."""


def _parties(
    at: Mapping[tuple[str, str], int], sent: Mapping[tuple[str, int], int]
) -> tuple[list[str], list[Party]]:
    """Return who goes from which point where, and of which community: its points in order fill its destinations in order."""
    of: list[str] = []
    found: list[Party] = []
    for community, parts in itertools.groupby(sorted(sent.items()), key=lambda p: p[0][0]):
        waiting = {p: n for (c, p), n in sorted(at.items()) if c == community}
        for (_, destination), persons in parts:
            rest = persons
            for point, n in waiting.items():
                part = min(rest, n)
                if part:
                    found.append(Party(point, destination, part))
                    of.append(community)
                    waiting[point] = n - part
                    rest -= part
    return of, found


def _march(m: columns.March, community: str, groups: Sequence[Column]) -> March:
    column = groups[m.column]
    return March(
        column=m.column + 1,
        march=m.number,
        assembly_point=m.point,
        community=community,
        destination=m.destination + 1,
        persons=m.persons,
        vehicles=column.vehicles[: m.vehicles],
        seats=sum(column.seats[: m.vehicles]),
        length_m=m.length_m,
        load_from_min=m.load_from,
        leave_min=m.leave,
        clear_min=m.clear,
        arrive_min=m.arrive,
        done_min=m.done,
        back_min=m.back,
    )
