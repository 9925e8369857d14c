"""Where a group goes next: the told road, else the shortest way to its shelter, else another shelter."""

from __future__ import annotations

import numpy as np

from civdef.movement.compiled import shared
from civdef.movement.routing import clear_table, fill_table
from civdef.movement.state import (
    HERE,
    NO_ROOM,
    NO_ROUTE,
    NO_SHELTER,
    OPEN,
    ROAD_CUT,
    SHUT,
    UNREACHABLE,
    World,
)


@shared
def follow_table(w: World, shelter: int, node: int) -> int:
    """Return the arc or entrance that leads from `node` to `shelter`, -1 if there is none.

    The table of a shelter is made when it is first asked for, and again after closures.
    """
    if w.shelters[shelter].table_ready == 0:
        clear_table(w.tables[shelter])
        for a in range(w.shelters[shelter].first_door, w.shelters[shelter].end_door):
            if w.arcs[a].flow > 0.0:
                w.tables[shelter, w.arcs[a].tail].arc = HERE
                w.tables[shelter, w.arcs[a].tail].distance = 0.0
        fill_table(w.arcs, w.nodes, w.tables[shelter])
        w.shelters[shelter].table_ready = 1
    b = w.tables[shelter, node].arc
    if b == HERE:
        for a in range(w.shelters[shelter].first_door, w.shelters[shelter].end_door):
            if w.arcs[a].tail == node:
                return int(a)
    return int(b)


@shared
def nearest_with_room(w: World, group: int, node: int, not_this: int) -> int:
    """Return the nearest shelter that has places promised to nobody else, or the negative reason why there is none.

    Open shelters come before those that are still shut but expected to open; ties go to the smaller number.
    """
    persons = w.groups[group].persons
    best = -1
    best_distance = np.inf
    any_usable = False
    any_room = False
    for wanted in (OPEN, SHUT):
        for x in range(w.shelters.size):
            if x == not_this or w.shelters[x].state != wanted:
                continue
            any_usable = True
            if w.shelters[x].promised + persons > w.shelters[x].places:
                continue
            any_room = True
            follow_table(w, x, node)
            if w.tables[x, node].distance < best_distance:
                best_distance = w.tables[x, node].distance
                best = x
        if best >= 0:
            return best
    if not any_usable:
        return -NO_SHELTER
    if not any_room:
        return -NO_ROOM
    return -NO_ROUTE


@shared
def promise(w: World, group: int, shelter: int) -> None:
    """Move the promise of places from the group's shelter to another; -1: to none."""
    old = w.groups[group].target
    if old >= 0:
        w.shelters[old].promised -= w.groups[group].persons
    if shelter >= 0:
        w.shelters[shelter].promised += w.groups[group].persons
    w.groups[group].target = shelter


@shared
def choose_next(w: World, group: int, node: int) -> int:
    """Return the arc or entrance a group at `node` goes to next, or the negative reason why it is stuck.

    The told route is followed until it ends or its next arc is closed; from there the shortest way, by the closures known
    now, to the same shelter; and if there is none, to the nearest other shelter with room.
    """
    g = w.groups[group]
    if g.cursor >= 0:
        if g.cursor < g.route_end:
            b = w.route_arcs[g.cursor]
            if w.arcs[b].closed == 0:
                return int(b)
            if not w.town[0].reroute:
                return -ROAD_CUT
            g.reroutes += 1
        g.cursor = -1
    target = g.target
    if target >= 0:
        b2 = follow_table(w, target, node)
        if b2 != UNREACHABLE:
            return b2
        if not w.town[0].redirect:
            return -NO_ROUTE
    other = nearest_with_room(w, group, node, target)
    if other < 0:
        if target >= 0:
            return -NO_ROUTE
        return other
    if target >= 0:
        g.redirects += 1
    promise(w, group, other)
    return follow_table(w, other, node)
