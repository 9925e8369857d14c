"""A stage leaves the street: from homes to assembly points, into columns, to destinations outside."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.assist.fleet import CARRY_GOODS
from civdef.evacuate.assist.streets import Ways
from civdef.evacuate.wartime import columns
from civdef.evacuate.wartime.columns import Column, Party
from civdef.evacuate.wartime.result import AssemblyPoint, March, StageTransport
from civdef.evacuate.wartime.stages import Leaving, Stage
from civdef.model.town import FixedPostKind
from civdef.model.workspace import Workspace


@dataclass(frozen=True)
class Gathering:
    """Where the people of each building gather; None where there is no assembly point to get to."""

    point_of: Mapping[str, str | None]


def gathering(workspace: Workspace, ways: Ways) -> Gathering:
    """Send each building to the nearest assembly point of its own community, or of any where that has none.

    Ways are on foot along the streets; an assembly point stands at the nearest node of the network.
    """
    network = ways.network
    posts = sorted(
        (p for p in workspace.fixed_posts.values() if p.kind is FixedPostKind.ASSEMBLY), key=lambda p: p.id
    )
    if not posts or network.nodes == 0:
        return Gathering(dict.fromkeys(workspace.buildings))
    joined = np.unique(np.concatenate([network.tail[network.walk], network.head[network.walk]]))
    spots = [p.shape_m.centroid for p in posts]
    nodes = np.array(
        [joined[np.argmin((network.x_m[joined] - s.x) ** 2 + (network.y_m[joined] - s.y) ** 2)] for s in spots],
        dtype=np.int32,
    ) if len(joined) else np.zeros(len(posts), dtype=np.int32)  # fmt: skip
    way = ways.to("walk", nodes)
    found: dict[str, str | None] = {}
    for b, building in workspace.buildings.items():
        mine = [k for k, p in enumerate(posts) if p.community == building.community] or list(
            range(len(posts))
        )
        node = int(network.building_node[network.building_index[b]])
        k = min(mine, key=lambda k: (float(way[k, node]), k))
        found[b] = posts[k].id if np.isfinite(way[k, node]) else None
    return Gathering(found)


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
        found += [(f"{lot.name.in_('zh')} {n}", lot.seats) for n in range(1, lot.vehicles + 1)]
    return found


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
    parties = _parties(at, sent)
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
            marches=tuple(_march(m, groups) for m in planned),
        ),
        tuple(
            AssemblyPoint(stage=stage, community=c, assembly_point=p, persons=n) for (c, p), n in sorted(at.items())
        ),
        received,
    )  # fmt: skip


DEFAULT_SEATS = 45
"""Seats of a coach, where the workspace has no vehicle to take as a pattern (a planning choice)."""


def _parties(at: Mapping[tuple[str, str], int], sent: Mapping[tuple[str, int], int]) -> list[Party]:
    """Return who goes from which point where: the points of a community in order fill its destinations in order."""
    found: list[Party] = []
    for community, parts in itertools.groupby(sorted(sent.items()), key=lambda p: p[0][0]):
        waiting = {p: n for (c, p), n in sorted(at.items()) if c == community}
        for (_, destination), persons in parts:
            rest = persons
            for point, n in waiting.items():
                part = min(rest, n)
                if part:
                    found.append(Party(point, destination, part))
                    waiting[point] = n - part
                    rest -= part
    return found


def _march(m: columns.March, groups: Sequence[Column]) -> March:
    column = groups[m.column]
    return March(
        column=m.column + 1,
        march=m.number,
        assembly_point=m.point,
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
    )
