"""Where a group goes next: the told road, else the shortest way to its shelter, else another shelter."""

from __future__ import annotations

import numpy as np

from civdef.movement.compiled import inner, shared
from civdef.movement.routing import fill_table
from civdef.movement.state import (
    HERE,
    NO_ROOM,
    NO_ROUTE,
    NO_SHELTER,
    OPEN,
    ROAD_CUT,
    SHUT,
    UNREACHABLE,
    Fixed,
    State,
)


@shared
def need_table(f: Fixed, s: State, shelter: int) -> None:
    """Make the next-arc table of a shelter if closures have made it stale."""
    if s.table_ready[shelter] != 0:
        return
    m = f.in_arcs.size
    first, last = f.entrance_indptr[shelter], f.entrance_indptr[shelter + 1]
    sources = np.empty(last - first, dtype=np.int32)
    count = 0
    for e in range(first, last):
        if f.arcs[m + e].flow > 0.0:
            sources[count] = f.entrance_node[e]
            count += 1
    fill_table(
        f.arcs["tail"],
        f.arcs["cost"],
        f.in_indptr,
        f.in_arcs,
        s.arcs["closed"],
        sources[:count],
        s.next_arc[shelter],
        s.distance_m[shelter],
    )
    s.table_ready[shelter] = 1


@inner
def follow_table(f: Fixed, s: State, shelter: int, node: int) -> int:
    """Return the arc or entrance that leads from `node` to `shelter`, -1 if there is none."""
    need_table(f, s, shelter)
    b = s.next_arc[shelter, node]
    if b == HERE:
        m = f.in_arcs.size
        for e in range(f.entrance_indptr[shelter], f.entrance_indptr[shelter + 1]):
            if f.entrance_node[e] == node:
                return int(m + e)
    return int(b)


@shared
def nearest_with_room(f: Fixed, s: State, group: int, node: int, not_this: int) -> int:
    """Return the nearest shelter that has places promised to nobody else, or the negative reason why there is none.

    Open shelters come before those that are still shut but expected to open; ties go to the smaller number.
    """
    persons = f.groups[group].persons
    best = -1
    best_distance = np.inf
    any_usable = False
    any_room = False
    for wanted in (OPEN, SHUT):
        for x in range(f.places.size):
            if x == not_this or s.shelters[x].state != wanted:
                continue
            any_usable = True
            if s.shelters[x].promised + persons > f.places[x]:
                continue
            any_room = True
            need_table(f, s, x)
            if s.distance_m[x, node] < best_distance:
                best_distance = s.distance_m[x, node]
                best = x
        if best >= 0:
            return best
    if not any_usable:
        return -NO_SHELTER
    if not any_room:
        return -NO_ROOM
    return -NO_ROUTE


@inner
def promise(f: Fixed, s: State, group: int, shelter: int) -> None:
    """Move the promise of places from the group's shelter to another; -1: to none."""
    old = s.groups[group].target
    if old >= 0:
        s.shelters[old].promised -= f.groups[group].persons
    if shelter >= 0:
        s.shelters[shelter].promised += f.groups[group].persons
    s.groups[group].target = shelter


@shared
def choose_next(f: Fixed, s: State, group: int, node: int) -> int:
    """Return the arc or entrance a group at `node` goes to next, or the negative reason why it is stuck.

    The told route is followed until it ends or its next arc is closed; from there the shortest way, by the closures known
    now, to the same shelter; and if there is none, to the nearest other shelter with room.
    """
    g = s.groups[group]
    if g.cursor >= 0:
        if g.cursor < g.route_end:
            b = f.route_arcs[g.cursor]
            if s.arcs[b].closed == 0:
                return int(b)
            if not f.reroute:
                return -ROAD_CUT
            g.reroutes += 1
        g.cursor = -1
    target = g.target
    if target >= 0:
        b2 = follow_table(f, s, target, node)
        if b2 != UNREACHABLE:
            return b2
        if not f.redirect:
            return -NO_ROUTE
    other = nearest_with_room(f, s, group, node, target)
    if other < 0:
        if target >= 0:
            return -NO_ROUTE
        return other
    if target >= 0:
        g.redirects += 1
    promise(f, s, group, other)
    return follow_table(f, s, other, node)
