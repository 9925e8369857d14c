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
    EVENTS,
    HEAP_SIZE,
    LANES,
    STRANDED,
    STRIDE,
    WAITING,
    WALKING,
    Fixed,
    State,
)

ADVANCE, RELEASE, CLOSE_ARCS, OPEN_ARCS, WAKE_SHELTERS, RETRY, RETELL, REASSIGN = range(8)
"""Orders that :data:`run` takes."""


@shared
def group_event(f: Fixed, s: State, group: int, now: float) -> None:
    """Let a group leave its building, step onto the street, or ask again whether it can go on."""
    g = s.groups[group]
    if g.status == WAITING:
        g.status = WALKING
        if f.groups[group].access > 0.0:
            push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], group, now + f.groups[group].access)
            return
    start_at(f, s, group, g.node, now)


@shared
def advance(f: Fixed, s: State, until_s: float) -> None:
    """Run all events up to and including `until_s`."""
    p, b, m = f.groups.size, f.arcs.size, f.in_arcs.size
    now = s.clock[0]
    while s.tally[HEAP_SIZE] > 0 and s.times[0] <= until_s:
        now = s.times[0]
        x = pop(s.times, s.who, s.where, s.tally[HEAP_SIZE:])
        s.tally[EVENTS] += 1
        if x < p:
            group_event(f, s, x, now)
            continue
        x -= p
        if x < m:
            exit_street(f, s, x, now)
        elif x < b:
            exit_door(f, s, x, now)
        elif x < 2 * b:
            serve(f, s, x - b, now)
        else:
            check(f, s, x - 2 * b, now)
    s.clock[0] = now if until_s == np.inf else until_s


@shared
def release(f: Fixed, s: State, who: NDArray[np.int32], when: NDArray[np.float64]) -> None:
    """Set departures of groups that still wait; an earlier departure already set stands."""
    for i in range(who.size):
        g = s.groups[who[i]]
        if g.status == WAITING and when[i] < g.departure:
            g.departure = when[i]
            push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], who[i], when[i])


@shared
def kick(f: Fixed, s: State, arc: int, now: float) -> None:
    """Make everybody who waits for `arc` choose again."""
    flush = False
    while s.arcs[arc].waiters >= 0:
        lane = s.arcs[arc].waiters
        leave_wait(s, lane)
        if lane % STRIDE == LANES:
            flush = True
        else:
            call_exit(f, s, lane // STRIDE, max(now, s.arcs[lane // STRIDE].free_out))
    if flush:
        lane = arc * STRIDE + LANES
        while s.lanes[lane].head >= 0:
            group = take_head(s, lane)
            s.groups[group].arc = -1
            push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], group, now)


@shared
def close_arcs(f: Fixed, s: State, arcs: NDArray[np.int32], now: float) -> None:
    """Let nobody enter these arcs; who is on them walks to their end."""
    for a in arcs:
        s.arcs[a].closed = 1
    s.table_ready[:] = 0
    for a in arcs:
        kick(f, s, a, now)


@shared
def retry(f: Fixed, s: State, now: float) -> None:
    """Ask all stranded groups again."""
    for group in range(f.groups.size):
        if s.groups[group].status == STRANDED:
            push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], group, now)


@shared
def wake_shelters(f: Fixed, s: State, shelters: NDArray[np.int32], now: float) -> None:
    """Look at the doors of these shelters now."""
    for x in shelters:
        for e in range(f.entrance_indptr[x], f.entrance_indptr[x + 1]):
            arc = f.in_arcs.size + e
            call_exit(f, s, arc, max(now, s.arcs[arc].free_out))


@shared
def drop_from_lane(s: State, lane: int, group: int) -> None:
    """Take a group out of the middle of a lane."""
    before = -1
    x = s.lanes[lane].head
    while x != group:
        before = x
        x = s.groups[x].after
    after = s.groups[group].after
    if before < 0:
        s.lanes[lane].head = after
    else:
        s.groups[before].after = after
    if after < 0:
        s.lanes[lane].tail = before


@shared
def turn(f: Fixed, s: State, group: int, now: float) -> None:
    """Make a group on its way choose again, because it has been told another shelter."""
    g = s.groups[group]
    g.cursor = -1
    if g.status == STRANDED:
        push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], group, now)
    elif g.status == AT_DOOR or (g.status == WALKING and g.arc >= 0 and g.street == 0):
        arc = g.arc
        k = LANES if g.street == 0 else f.groups[group].lane
        lane = arc * STRIDE + k
        if s.lanes[lane].head == group and s.lanes[lane].wants >= 0:
            leave_wait(s, lane)
        drop_from_lane(s, lane, group)
        if k == LANES:
            if s.lanes[lane].head >= 0 and s.lanes[lane].wants < 0:
                kick_lane(s, f, lane, now)
        else:
            vacate(f, s, arc, f.groups[group].persons, now)
        g.status = WALKING
        g.arc = -1
        g.street = 0
        push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], group, now)
    elif g.status == WALKING and g.arc >= 0:
        lane = g.arc * STRIDE + f.groups[group].lane
        if s.lanes[lane].head == group and s.lanes[lane].wants >= 0:
            leave_wait(s, lane)
            call_exit(f, s, g.arc, max(now, g.ready, s.arcs[g.arc].free_out))


@shared
def kick_lane(s: State, f: Fixed, lane: int, now: float) -> None:
    """Make everybody in a lane of people who step on from buildings choose again."""
    while s.lanes[lane].head >= 0:
        other = take_head(s, lane)
        s.groups[other].arc = -1
        push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], other, now)


@shared
def reassign(f: Fixed, s: State, who: NDArray[np.int32], shelters: NDArray[np.int32], now: float) -> None:
    """Send groups that have not arrived to another shelter, -1: the nearest with room."""
    for i in range(who.size):
        group = who[i]
        if s.groups[group].status == ARRIVED:
            continue
        promise(f, s, group, shelters[i])
        turn(f, s, group, now)


@shared
def retell(f: Fixed, s: State, shelter: int, now: float) -> None:
    """Tell everybody bound for `shelter` at once where else to go; without an alternative they keep their way."""
    for group in range(f.groups.size):
        g = s.groups[group]
        if g.target != shelter or g.status == ARRIVED:
            continue
        node = g.node
        if g.street == 1:
            node = f.arcs[g.arc].head
        other = nearest_with_room(f, s, group, node, shelter)
        if other >= 0:
            g.redirects += 1
            promise(f, s, group, other)
            turn(f, s, group, now)


def _run(source_digest: int):  # type: ignore[no-untyped-def] # a factory: the digest ties the cached binary to the sources
    @entry
    def run(f, s, order, who, what, when, until_s):  # type: ignore[no-untyped-def]
        if source_digest == 0:
            return
        now = s.clock[0]
        if order == ADVANCE:
            advance(f, s, until_s)
        elif order == RELEASE:
            release(f, s, who, when)
        elif order == CLOSE_ARCS:
            close_arcs(f, s, who, now)
        elif order == OPEN_ARCS:
            for a in who:
                s.arcs[a].closed = 0
            s.table_ready[:] = 0
            retry(f, s, now)
        elif order == WAKE_SHELTERS:
            wake_shelters(f, s, who, now)
        elif order == RETRY:
            retry(f, s, now)
        elif order == RETELL:
            for x in who:
                retell(f, s, x, now)
        elif order == REASSIGN:
            reassign(f, s, who, what, now)

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
"""``run(fixed, state, order, who, what, when, until_s)``: carry out one order."""
