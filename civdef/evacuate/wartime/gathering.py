"""Who gathers at which assembly point, and in which march the people of each building ride."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.assist.streets import Ways
from civdef.evacuate.wartime.boarding import Group, Ride, board
from civdef.evacuate.wartime.result import Boarding, LeftBehind, March
from civdef.model.resident import Household, Mobility
from civdef.model.town import FixedPostKind
from civdef.model.workspace import Workspace


@dataclass(frozen=True)
class Gathering:
    """Where the people of each building gather; None where there is no assembly point to get to.

    Attributes
    ----------
    point_of
        Building → assembly point.
    way_m
        Building → way to it along the streets, steps counted longer [m].
    """

    point_of: Mapping[str, str | None]
    way_m: Mapping[str, float | None]


def gathering(workspace: Workspace, ways: Ways) -> Gathering:
    """Send each building to the nearest assembly point of its own community, or of any where that has none.

    Ways are on foot along the streets; an assembly point stands at the nearest node of the network.
    """
    network = ways.network
    posts = sorted(
        (p for p in workspace.fixed_posts.values() if p.kind is FixedPostKind.ASSEMBLY), key=lambda p: p.id
    )
    if not posts or network.nodes == 0:
        return Gathering(dict.fromkeys(workspace.buildings), dict.fromkeys(workspace.buildings))
    joined = np.unique(np.concatenate([network.tail[network.walk], network.head[network.walk]]))
    spots = [p.shape_m.centroid for p in posts]
    nodes = np.array(
        [joined[np.argmin((network.x_m[joined] - s.x) ** 2 + (network.y_m[joined] - s.y) ** 2)] for s in spots],
        dtype=np.int32,
    ) if len(joined) else np.zeros(len(posts), dtype=np.int32)  # fmt: skip
    way = ways.to("walk", nodes)
    found: dict[str, str | None] = {}
    far: dict[str, float | None] = {}
    for b, building in workspace.buildings.items():
        mine = [k for k, p in enumerate(posts) if p.community == building.community] or list(
            range(len(posts))
        )
        node = int(network.building_node[network.building_index[b]])
        k = min(mine, key=lambda k: (float(way[k, node]), k))
        there = bool(np.isfinite(way[k, node]))
        found[b], far[b] = (posts[k].id, round(float(way[k, node]), 1)) if there else (None, None)
    return Gathering(found, far)


def boarding(
    workspace: Workspace,
    gather: Gathering,
    households: Iterable[Household],
    marches: Sequence[March],
    without_vehicle: Mapping[tuple[str, str], int],
) -> tuple[Boarding, ...]:
    """Say for each building of a stage who of it rides in which march, and who in none and why.

    Parameters
    ----------
    workspace, gather
        The town, and where its people gather.
    households
        Those who leave.
    marches
        All of the stage.
    without_vehicle
        (community, assembly point) → persons who have a destination and no vehicle; whoever else has no march has no destination.

    Returns
    -------
    Rows by assembly point, in the order in which the marches load there; those without an assembly point last.
    """

    def where(h: Household) -> tuple[str, str]:
        return gather.point_of.get(h.building) or "", workspace.buildings[h.building].community

    def neighbours(h: Household) -> tuple[str, str, str]:
        return workspace.buildings[h.building].compound or "", h.building, h.id

    helped = _helped(workspace)
    found: list[Boarding] = []
    ordered = sorted(households, key=lambda h: (where(h), neighbours(h)))
    for (point, community), some in itertools.groupby(ordered, key=where):
        groups = [Group(h.building, h.id, h.residents) for h in some]
        mine = [m for m in marches if (m.assembly_point, m.community) == (point, community)]
        mine.sort(key=lambda m: (m.load_from_min, m.leave_min))
        rooms = [m.persons for m in mine]
        rides = board(groups, [*rooms, without_vehicle.get((community, point), 0)])
        for (k, building), each in itertools.groupby(rides, key=lambda r: (r.march, r.group.building)):
            march = mine[k] if k is not None and k < len(mine) else None
            left = LeftBehind.NO_DESTINATION if k is None else LeftBehind.NO_VEHICLE
            if not point:
                left = LeftBehind.NO_ASSEMBLY_POINT
            found.append(_row(building, community, point, gather, march, left, list(each), helped))
    return tuple(sorted(found, key=lambda b: b.assembly_point is None))


def _row(
    building: str,
    community: str,
    point: str,
    gather: Gathering,
    march: March | None,
    left: LeftBehind,
    rides: Sequence[Ride],
    helped: Mapping[str, Counter[Mobility]],
) -> Boarding:
    kinds: Counter[Mobility] = Counter()
    for ride in rides:
        if ride.first:
            kinds += helped.get(ride.group.household, Counter())
    return Boarding(
        building=building,
        community=community,
        assembly_point=point or None,
        walk_m=gather.way_m.get(building),
        households=sum(r.first for r in rides),
        persons=sum(r.persons for r in rides),
        assisted_persons=kinds.total(),
        wheelchair_persons=kinds[Mobility.WHEELCHAIR],
        stretcher_persons=kinds[Mobility.STRETCHER],
        column=march.column if march is not None else None,
        march=march.march if march is not None else None,
        left=None if march is not None else left,
    )


def _helped(workspace: Workspace) -> dict[str, Counter[Mobility]]:
    """Return household → how many of it are on the assistance register, by what they need."""
    found: dict[str, Counter[Mobility]] = {}
    for person in workspace.assisted.values():
        found.setdefault(person.household, Counter())[person.mobility] += 1
    return found
