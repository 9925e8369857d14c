"""The compiled entry point: orders from outside, and the loop over the calendar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.movement.choice import nearest_with_room, promise
from civdef.movement.compiled import digest, entry, shared
from civdef.movement.gridlock import check
from civdef.movement.heap import pop, push
from civdef.movement.queues import (
    call_exit,
    exit_door,
    exit_street,
    leave_wait,
    serve,
    start_at,
    take_head,
    vacate,
)
from civdef.movement.state import (
    ARRIVED,
    AT_DOOR,
    LANES,
    STRANDED,
    STRIDE,
    WAITING,
    WALKING,
    World,
)

ADVANCE, RELEASE, CLOSE_ARCS, OPEN_ARCS, WAKE_SHELTERS, RETRY, RETELL, REASSIGN = range(8)
"""Orders that :data:`run` takes."""


@shared
def group_event(w: World, group: int, now: float) -> None:
    """Let a group leave its building, step onto the street, or ask again whether it can go on."""
    g = w.groups[group]
    if g.status == WAITING:
        g.status = WALKING
        if w.groups[group].access > 0.0:
            push(w.heap, w.town, group, now + w.groups[group].access)
            return
    start_at(w, group, g.node, now)


@shared
def advance(w: World, until_s: float) -> None:
    """Run all events up to and including `until_s`."""
    p, b, m = w.groups.size, w.arcs.size, w.town[0].streets
    now = w.town[0].clock
    while w.town[0].heap_size > 0 and w.heap[0].time <= until_s:
        now = w.heap[0].time
        x = pop(w.heap, w.town)
        w.town[0].events += 1
        if x < p:
            group_event(w, x, now)
            continue
        x -= p
        if x < m:
            exit_street(w, x, now)
        elif x < b:
            exit_door(w, x, now)
        elif x < 2 * b:
            serve(w, x - b, now)
        else:
            check(w, x - 2 * b, now)
    w.town[0].clock = now if until_s == np.inf else until_s


@shared
def release(w: World, who: NDArray[np.int64], when: NDArray[np.float64]) -> None:
    """Set departures of groups that still wait; an earlier departure already set stands."""
    for i in range(who.size):
        g = w.groups[who[i]]
        if g.status == WAITING and when[i] < g.departure:
            g.departure = when[i]
            push(w.heap, w.town, who[i], when[i])


@shared
def kick(w: World, arc: int, now: float) -> None:
    """Make everybody who waits for `arc` choose again."""
    flush = False
    while w.arcs[arc].waiters >= 0:
        lane = w.arcs[arc].waiters
        leave_wait(w, lane)
        if lane % STRIDE == LANES:
            flush = True
        else:
            call_exit(w, lane // STRIDE, max(now, w.arcs[lane // STRIDE].free_out))
    if flush:
        lane = arc * STRIDE + LANES
        while w.lanes[lane].head >= 0:
            group = take_head(w, lane)
            w.groups[group].arc = -1
            push(w.heap, w.town, group, now)


@shared
def close_arcs(w: World, arcs: NDArray[np.int64], now: float) -> None:
    """Let nobody enter these arcs; who is on them walks to their end."""
    for a in arcs:
        w.arcs[a].closed = 1
    for x in range(w.shelters.size):
        w.shelters[x].table_ready = 0
    for a in arcs:
        kick(w, a, now)


@shared
def retry(w: World, now: float) -> None:
    """Ask all stranded groups again."""
    for group in range(w.groups.size):
        if w.groups[group].status == STRANDED:
            push(w.heap, w.town, group, now)


@shared
def wake_shelters(w: World, shelters: NDArray[np.int64], now: float) -> None:
    """Look at the doors of these shelters now."""
    for x in shelters:
        for arc in range(w.shelters[x].first_door, w.shelters[x].end_door):
            call_exit(w, arc, max(now, w.arcs[arc].free_out))


@shared
def drop_from_lane(w: World, lane: int, group: int) -> None:
    """Take a group out of the middle of a lane."""
    before = -1
    x = w.lanes[lane].head
    while x != group:
        before = x
        x = w.groups[x].after
    after = w.groups[group].after
    if before < 0:
        w.lanes[lane].head = after
    else:
        w.groups[before].after = after
    if after < 0:
        w.lanes[lane].tail = before


@shared
def turn(w: World, group: int, now: float) -> None:
    """Make a group on its way choose again, because it has been told another shelter."""
    g = w.groups[group]
    g.cursor = -1
    if g.status == STRANDED:
        push(w.heap, w.town, group, now)
    elif g.status == AT_DOOR or (g.status == WALKING and g.arc >= 0 and g.street == 0):
        arc = g.arc
        k = LANES if g.street == 0 else w.groups[group].lane
        lane = arc * STRIDE + k
        if w.lanes[lane].head == group and w.lanes[lane].wants >= 0:
            leave_wait(w, lane)
        drop_from_lane(w, lane, group)
        if k == LANES:
            if w.lanes[lane].head >= 0 and w.lanes[lane].wants < 0:
                kick_lane(w, lane, now)
        else:
            vacate(w, arc, w.groups[group].persons, now)
        g.status = WALKING
        g.arc = -1
        g.street = 0
        push(w.heap, w.town, group, now)
    elif g.status == WALKING and g.arc >= 0:
        lane = g.arc * STRIDE + w.groups[group].lane
        if w.lanes[lane].head == group and w.lanes[lane].wants >= 0:
            leave_wait(w, lane)
            call_exit(w, g.arc, max(now, g.ready, w.arcs[g.arc].free_out))


@shared
def kick_lane(w: World, lane: int, now: float) -> None:
    """Make everybody in a lane of people who step on from buildings choose again."""
    while w.lanes[lane].head >= 0:
        other = take_head(w, lane)
        w.groups[other].arc = -1
        push(w.heap, w.town, other, now)


@shared
def reassign(w: World, who: NDArray[np.int64], shelters: NDArray[np.int64], now: float) -> None:
    """Send groups that have not arrived to another shelter, -1: the nearest with room."""
    for i in range(who.size):
        group = who[i]
        if w.groups[group].status == ARRIVED:
            continue
        promise(w, group, shelters[i])
        turn(w, group, now)


@shared
def retell(w: World, shelter: int, now: float) -> None:
    """Tell everybody bound for `shelter` at once where else to go; without an alternative they keep their way."""
    for group in range(w.groups.size):
        g = w.groups[group]
        if g.target != shelter or g.status == ARRIVED:
            continue
        node = g.node
        if g.street == 1:
            node = w.arcs[g.arc].head
        other = nearest_with_room(w, group, node, shelter)
        if other >= 0:
            g.redirects += 1
            promise(w, group, other)
            turn(w, group, now)


def _run(source_digest: int):  # type: ignore[no-untyped-def] # a factory: the digest ties the cached binary to the sources
    @entry
    def run(w, order, who, what, when, until_s):  # type: ignore[no-untyped-def]
        if source_digest == 0:
            return
        now = w.town[0].clock
        if order == ADVANCE:
            advance(w, until_s)
        elif order == RELEASE:
            release(w, who, when)
        elif order == CLOSE_ARCS:
            close_arcs(w, who, now)
        elif order == OPEN_ARCS:
            for a in who:
                w.arcs[a].closed = 0
            for x in range(w.shelters.size):
                w.shelters[x].table_ready = 0
            retry(w, now)
        elif order == WAKE_SHELTERS:
            wake_shelters(w, who, now)
        elif order == RETRY:
            retry(w, now)
        elif order == RETELL:
            for x in who:
                retell(w, x, now)
        elif order == REASSIGN:
            reassign(w, who, what, now)

    return run


SOURCES = (
    "compiled.py",
    "state.py",
    "heap.py",
    "routing.py",
    "choice.py",
    "queues.py",
    "gridlock.py",
    "kernel.py",
)
run = _run(digest(SOURCES))
"""``run(world, order, who, what, when, until_s)``: carry out one order."""
