"""Where each person is picked up and which barrier-free place is kept for them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.assist.fleet import PLACES, Ready
from civdef.evacuate.assist.people import URGENCY, Needy, by_mobility
from civdef.evacuate.assist.streets import Ways
from civdef.evacuate.question import Asked
from civdef.model.resident import Mobility
from civdef.model.town import FixedPostKind
from civdef.model.workspace import Workspace

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BY_VEHICLE_S = 3600
"""Added to the time of those who could walk but are driven, so that vehicles are left to those who cannot [s]."""

WITHOUT, LESS_URGENT = 100_000_000, 100_000
"""Costs of leaving a person without a place, and of leaving out one who can do less for themselves than another: far
above any time on the way, so that the number of people comes first, then urgency, then time."""


@dataclass(frozen=True)
class Haven:
    """A shelter with barrier-free places.

    Attributes
    ----------
    id, places
        The shelter and how many barrier-free places it offers.
    entrance, entrance_node
        Step-free entrance that vehicles get nearest to.
    drop
        Kerb there, -1 where no vehicle gets near.
    drop_m
        From the kerb to the entrance [m].
    """

    id: str
    places: int
    entrance: str
    entrance_node: int
    drop: int
    drop_m: float


@dataclass(frozen=True)
class PickUp:
    """Where a vehicle meets a person.

    Attributes
    ----------
    node
        Kerb.
    post
        Registered pick-up point, None for the nearest kerb.
    way_m
        From the building's door [m].
    carried
        Whether the way has steps, over which a wheelchair is carried.
    """

    node: int
    post: str | None
    way_m: float
    carried: bool


@dataclass(frozen=True, eq=False)
class Options:
    """What is possible for each needy person, before anybody is promised anything.

    Attributes
    ----------
    havens
        Shelters with barrier-free places, in id order, H.
    pick_up
        Person → where a vehicle can meet them; missing: nowhere.
    walk_m
        Way on foot to each haven's nearest step-free entrance, infinite beyond the limit or for those who cannot walk, shape (P, H).
    drive_s
        By vehicle from pick-up to drop, infinite without a way, shape (P, H).
    """

    havens: tuple[Haven, ...]
    pick_up: Mapping[str, PickUp]
    walk_m: Floats
    drive_s: Floats


def options(
    workspace: Workspace, asked: Asked, ways: Ways, people: Sequence[Needy], vehicles: Sequence[Ready]
) -> Options:
    """Find pick-up points, drops and ways for everybody."""
    kerb = _kerbs(ways, vehicles)
    havens = _havens(workspace, asked, ways, np.asarray(kerb.any(axis=0)))
    drops = np.array([h.drop for h in havens], dtype=np.int32)
    to_drop = np.full((len(havens), ways.network.nodes), np.inf)
    some = drops >= 0
    to_drop[some] = ways.to("drive", drops[some])
    to_drop[some] = np.where(ways.component[drops[some], None] == ways.component, to_drop[some], np.inf)
    pick_up = _pick_ups(workspace, ways, people, kerb)
    walk = np.full((len(people), len(havens)), np.inf)
    drive = np.full((len(people), len(havens)), np.inf)
    if havens:
        on_foot = ways.to("walk", np.array([h.entrance_node for h in havens], dtype=np.int32))
        limit = workspace.settings.assistance.walk_limit_m
        for i, person in enumerate(people):
            if person.mobility is Mobility.WALKS_WITH_HELP:
                way = on_foot[:, person.node]
                walk[i] = np.where(way <= limit, way, np.inf)
            at = pick_up.get(person.id)
            if at is not None:
                drive[i] = to_drop[:, at.node]
    return Options(havens, pick_up, walk, drive)


def _kerbs(ways: Ways, vehicles: Sequence[Ready]) -> Bools:
    """Return the nodes that a vehicle with each kind of place can come to and leave again, shape (3, N)."""
    kerb = np.zeros((len(PLACES), ways.network.nodes), dtype=np.bool_)
    for kind in range(len(PLACES)):
        parts = sorted({int(ways.component[v.node]) for v in vehicles if v.places[kind] > 0})
        kerb[kind, ways.kerbs] = np.isin(ways.component[ways.kerbs], parts)
    return kerb


def _havens(workspace: Workspace, asked: Asked, ways: Ways, kerb: Bools) -> tuple[Haven, ...]:
    problem, network = asked.problem, ways.network
    found = []
    for s, shelter_id in enumerate(problem.shelters):
        shelter = workspace.shelters[shelter_id]
        places = min(shelter.barrier_free_places, int(problem.places[s]))
        if not shelter.barrier_free or places <= 0:
            continue
        doors = []
        for e in problem.entrances:
            if network.entrance_shelter[e] == s:
                drawn = workspace.entrances.get(network.entrance_ids[e])
                if drawn is None or drawn.step_free:
                    doors.append(int(e))
        if not doors:
            continue
        nodes = network.entrance_node[doors]
        away = ways.to("push", nodes, workspace.settings.assistance.kerb_reach_m)
        away[:, ~kerb] = np.inf
        best = int(np.argmin(away))
        door, drop = divmod(best, away.shape[1])
        reach = float(away[door, drop])
        if not math.isfinite(reach):
            door, drop, reach = 0, -1, 0.0
        found.append(
            Haven(shelter_id, places, network.entrance_ids[doors[door]], int(nodes[door]), int(drop), reach)
        )
    return tuple(found)


def _pick_ups(workspace: Workspace, ways: Ways, people: Sequence[Needy], kerb: Bools) -> dict[str, PickUp]:
    settings = workspace.settings.assistance
    posts: list[tuple[str, int]] = []
    for post in sorted(workspace.fixed_posts.values(), key=lambda p: p.id):
        if post.kind is FixedPostKind.PICK_UP:
            at = post.shape_m.centroid
            node = ways.nearest_kerb(at.x, at.y)
            if node >= 0:
                posts.append((post.id, node))
    nodes = np.array([p.node for p in people], dtype=np.int32)
    limit = settings.kerb_reach_m
    on_wheels = ways.from_("push", nodes, limit)
    on_foot = ways.from_("walk", nodes, limit)
    found: dict[str, PickUp] = {}
    for i, person in enumerate(people):
        mine = kerb[PLACES.index(person.mobility)]
        walks = person.mobility is Mobility.WALKS_WITH_HELP
        for away, carried in ((on_wheels[i], False), (on_foot[i], not walks)):
            near = [
                (float(away[n]), post, n)
                for post, n in posts
                if mine[n] and away[n] <= settings.pick_up_post_m
            ]
            if near:
                way, name, node = min(near)
                found[person.id] = PickUp(node, name, way, carried)
                break
            reachable = np.where(mine, away, np.inf)
            node = int(np.argmin(reachable)) if len(reachable) else -1
            if node >= 0 and math.isfinite(reachable[node]):
                found[person.id] = PickUp(node, None, float(away[node]), carried)
                break
    return found


def reachable(people: Sequence[Needy], found: Options, vehicles: Sequence[Ready]) -> Bools:
    """Return which haven each person can be brought to, on foot or by one of the vehicles, shape (P, H)."""
    rides = [any(v.places[PLACES.index(p.mobility)] > 0 for v in vehicles) for p in people]
    by_vehicle = np.isfinite(found.drive_s) & np.array(rides, dtype=np.bool_)[:, None]
    return np.asarray(np.isfinite(found.walk_m) | by_vehicle)


def keep_places(
    workspace: Workspace,
    people: Sequence[Needy],
    found: Options,
    vehicles: Sequence[Ready],
    wanted: Iterable[str],
) -> Mapping[str, tuple[int, bool]]:
    """Give each wanted person a barrier-free place: as many people as possible, then the least time on the way.

    A minimum-cost flow: whoever walks with help within the limit walks, everybody else rides.

    Parameters
    ----------
    people, found
        All needy people and what is possible for them, row by row.
    vehicles
        Those that fetch.
    wanted
        Ids of the people who are to get a place.

    Returns
    -------
    Mapping
        Person → (index of the haven, whether they ride). People who get none are missing.
    """
    from ortools.graph.python import min_cost_flow

    settings = workspace.settings.assistance
    chosen = set(wanted)
    rows = [i for i, p in enumerate(people) if p.id in chosen]
    rides = {k: any(v.places[n] > 0 for v in vehicles) for n, k in enumerate(PLACES)}
    solver = min_cost_flow.SimpleMinCostFlow()
    source, sink, first_haven = 0, 1, 2 + len(rows)
    meaning: dict[int, tuple[int, int, bool]] = {}
    for k, i in enumerate(rows):
        person = people[i]
        solver.add_arc_with_capacity_and_unit_cost(source, 2 + k, 1, 0)
        without = WITHOUT + (2 - URGENCY[person.mobility]) * LESS_URGENT
        solver.add_arc_with_capacity_and_unit_cost(2 + k, sink, 1, without)
        mps = by_mobility(settings.push_mps, person.mobility)
        for h, haven in enumerate(found.havens):
            walk, drive = float(found.walk_m[i, h]), float(found.drive_s[i, h])
            if math.isfinite(walk):
                cost, riding = walk / mps, False
            elif math.isfinite(drive) and rides[person.mobility]:
                cost, riding = drive + haven.drop_m / mps, True
                if person.mobility is Mobility.WALKS_WITH_HELP:
                    cost += BY_VEHICLE_S
            else:
                continue
            cost = min(round(cost), LESS_URGENT // 2)
            arc = solver.add_arc_with_capacity_and_unit_cost(2 + k, first_haven + h, 1, cost)
            meaning[arc] = (i, h, riding)
    for h, haven in enumerate(found.havens):
        solver.add_arc_with_capacity_and_unit_cost(first_haven + h, sink, haven.places, 0)
    solver.set_node_supply(source, len(rows))
    solver.set_node_supply(sink, -len(rows))
    status = solver.solve()
    assert status == solver.OPTIMAL
    return {people[i].id: (h, riding) for arc, (i, h, riding) in meaning.items() if solver.flow(arc) > 0}
