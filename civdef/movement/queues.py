"""Lanes, merges and doors: how groups pass from one arc to the next.

Entities of the calendar: groups 0 … P-1, then for each of the B arcs (streets and entrances) its *exit*, its *entry* and
its *gridlock check*. At equal times exits come before entries, so that all who arrive at one moment compete fairly.

A merge shares the entry of a street in proportion to the capacity of the streets that lead into it (start-time fair
queueing: each waiting lane carries a tag, the smallest goes first, and a street that sent p persons moves on by
p / capacity). People stepping on from buildings count as one more street as wide as the one they enter.
"""

from __future__ import annotations

import numpy as np

from civdef.movement.choice import choose_next, nearest_with_room, promise
from civdef.movement.compiled import shared
from civdef.movement.heap import push
from civdef.movement.state import (
    ARRIVED,
    AT_DOOR,
    LANES,
    NO_REASON,
    NO_ROOM,
    NO_SHELTER,
    OPEN,
    SHUT,
    STRANDED,
    STRIDE,
    WALKING,
    World,
)


@shared
def call_exit(w: World, arc: int, time_s: float) -> None:
    """See who can leave `arc`, at `time_s` at the latest."""
    push(w.heap, w.town, w.groups.size + arc, time_s)


@shared
def call_entry(w: World, arc: int, time_s: float) -> None:
    """See who can enter `arc`, at `time_s` at the latest."""
    push(w.heap, w.town, w.groups.size + w.arcs.size + arc, time_s)


@shared
def append(w: World, lane: int, group: int) -> bool:
    """Put a group at the end of a lane; return whether it is the first there."""
    w.groups[group].after = -1
    tail = w.lanes[lane].tail
    w.lanes[lane].tail = group
    if tail >= 0:
        w.groups[tail].after = group
        return False
    w.lanes[lane].head = group
    return True


@shared
def take_head(w: World, lane: int) -> int:
    """Take the first group out of a lane that is not empty."""
    group = w.lanes[lane].head
    after = w.groups[group].after
    w.lanes[lane].head = after
    if after < 0:
        w.lanes[lane].tail = -1
    return int(group)


@shared
def join(w: World, lane: int, arc: int) -> None:
    """Let the head of a lane wait for entry to `arc`, with its fair-queueing tag."""
    tag = w.arcs[arc].tag
    k = lane % STRIDE
    if k == LANES:
        tag = max(tag, w.arcs[arc].origin_tag)
    else:
        a = lane // STRIDE
        if w.arcs[a].out_to == arc:
            tag = max(tag, w.arcs[a].out_tag)
    w.lanes[lane].tag = tag
    w.lanes[lane].wants = arc
    w.lanes[lane].next = w.arcs[arc].waiters
    w.arcs[arc].waiters = lane


@shared
def leave_wait(w: World, lane: int) -> None:
    """Take a lane out of the list it waits in."""
    arc = w.lanes[lane].wants
    following = w.lanes[lane].next
    if w.arcs[arc].waiters == lane:
        w.arcs[arc].waiters = following
    else:
        x = w.arcs[arc].waiters
        while w.lanes[x].next != lane:
            x = w.lanes[x].next
        w.lanes[x].next = following
    w.lanes[lane].wants = -1
    w.lanes[lane].next = -1


@shared
def vacate(w: World, arc: int, persons: int, now: float) -> None:
    """Count persons off an arc and call those who wait for room on it."""
    w.arcs[arc].present -= persons
    if w.arcs[arc].waiters >= 0:
        call_entry(w, arc, max(now, w.arcs[arc].free_in))


@shared
def next_exit(w: World, arc: int) -> None:
    """Call the exit of an arc for the next head that does not already wait elsewhere."""
    soonest = np.inf
    for k in range(LANES):
        lane = arc * STRIDE + k
        head = w.lanes[lane].head
        if head >= 0 and w.lanes[lane].wants < 0:
            soonest = min(soonest, w.groups[head].ready)
    call_exit(w, arc, max(soonest, w.arcs[arc].free_out))


@shared
def strand(w: World, group: int, node: int, reason: int) -> None:
    """Take a group off the street: it stands at `node` and is asked again when a road or shelter opens."""
    g = w.groups[group]
    g.status = STRANDED
    g.reason = reason
    g.node = node
    g.arc = -1
    g.street = 0


@shared
def enter(w: World, group: int, arc: int, now: float) -> None:
    """Put a group onto an arc: speed by the density it meets, never faster than who is ahead in its lane."""
    m = w.town[0].streets
    persons = w.groups[group].persons
    g = w.groups[group]
    a = w.arcs[arc]
    ready = now
    if arc < m:
        if g.cursor >= 0 and w.route_arcs[g.cursor] == arc:
            g.cursor += 1
        speed = w.groups[group].speed * w.arcs[arc].pace
        if w.arcs[arc].area > 0.0:
            x = a.present / w.arcs[arc].area * w.town[0].samples_per_density
            last = w.factors.size - 1
            if x >= last:
                speed *= w.factors[last]
            else:
                i = int(x)
                speed *= w.factors[i] + (x - i) * (w.factors[i + 1] - w.factors[i])
        ready = now + w.arcs[arc].length / speed
    else:
        g.status = AT_DOOR
        g.reached = min(g.reached, now)
    a.present += persons
    a.passed += persons
    a.peak = max(a.peak, a.present)
    g.arc = arc
    g.street = 1
    lane = arc * STRIDE + w.groups[group].lane
    tail = w.lanes[lane].tail
    if tail >= 0:
        ready = max(ready, w.groups[tail].ready)
    g.ready = ready
    if append(w, lane, group):
        call_exit(w, arc, max(ready, a.free_out))


@shared
def admit_lane(w: World, lane: int, arc: int, now: float) -> None:
    """Move the head of a waiting lane onto `arc`; the lane leaves the wait, or waits on with its next group."""
    m = w.town[0].streets
    group = take_head(w, lane)
    persons = w.groups[group].persons
    tag = w.lanes[lane].tag
    b = w.arcs[arc]
    b.tag = max(b.tag, tag)
    if arc < m:
        b.free_in = now + persons / w.arcs[arc].flow
    leave_wait(w, lane)
    if lane % STRIDE == LANES:
        if arc < m:
            b.origin_tag = tag + persons / w.arcs[arc].flow
        enter(w, group, arc, now)
        if w.lanes[lane].head >= 0:
            join(w, lane, arc)
        return
    a = lane // STRIDE
    from_arc = w.arcs[a]
    gap = persons / w.arcs[a].flow
    from_arc.free_out = now + gap
    from_arc.out_tag = tag + gap
    from_arc.out_to = arc
    w.groups[group].walked += w.arcs[a].length
    w.groups[group].node = w.arcs[a].head
    enter(w, group, arc, now)
    vacate(w, a, persons, now)
    next_exit(w, a)


@shared
def first_waiter(w: World, arc: int) -> int:
    """Return the waiting lane that is next by fair queueing: smallest tag, then longest ready, then number."""
    best = w.arcs[arc].waiters
    lane = w.lanes[best].next
    while lane >= 0:
        mine, its = w.lanes[best].tag, w.lanes[lane].tag
        if its < mine:
            best = lane
        elif its == mine:
            my_time, its_time = w.groups[w.lanes[best].head].ready, w.groups[w.lanes[lane].head].ready
            if its_time < my_time or (its_time == my_time and lane < best):
                best = lane
        lane = w.lanes[lane].next
    return int(best)


@shared
def serve(w: World, arc: int, now: float) -> None:
    """Let waiting lanes onto `arc` as long as its entry is free and it has room.

    An empty arc takes one group of any size, so that no group is too large for a short street. A group that does not fit
    holds up those behind it: otherwise large families would wait for ever.
    """
    while w.arcs[arc].waiters >= 0:
        if w.arcs[arc].free_in > now:
            call_entry(w, arc, w.arcs[arc].free_in)
            return
        lane = first_waiter(w, arc)
        if lane % STRIDE != LANES:
            a = lane // STRIDE
            if w.arcs[a].free_out > now:  # another lane of that street has just let somebody out
                leave_wait(w, lane)
                call_exit(w, a, w.arcs[a].free_out)
                continue
        persons = w.groups[w.lanes[lane].head].persons
        present = w.arcs[arc].present
        if present > 0 and present + persons > w.arcs[arc].storage:
            push(w.heap, w.town, w.groups.size + 2 * w.arcs.size + arc, now + w.town[0].release)
            return
        admit_lane(w, lane, arc, now)


@shared
def start_at(w: World, group: int, node: int, now: float) -> None:
    """Let a group that stands at `node` queue for its next arc, or strand it there."""
    arc = choose_next(w, group, node)
    if arc < 0:
        strand(w, group, node, -arc)
        return
    g = w.groups[group]
    g.status = WALKING
    g.reason = NO_REASON
    g.node = node
    g.arc = arc
    g.street = 0
    g.ready = now
    lane = arc * STRIDE + LANES
    if append(w, lane, group):
        join(w, lane, arc)
        serve(w, arc, now)


@shared
def exit_street(w: World, arc: int, now: float) -> None:
    """Let the heads of a street's lanes go on, longest ready first; one that is blocked does not block the others."""
    node = w.arcs[arc].head
    while w.arcs[arc].free_out <= now:
        best = -1
        for k in range(LANES):
            lane = arc * STRIDE + k
            head = w.lanes[lane].head
            if head < 0 or w.lanes[lane].wants >= 0 or w.groups[head].ready > now:
                continue
            if best < 0 or w.groups[head].ready < w.groups[w.lanes[best].head].ready:
                best = lane
        if best < 0:
            break
        group = w.lanes[best].head
        onward = choose_next(w, group, node)
        if onward < 0:
            take_head(w, best)
            w.groups[group].walked += w.arcs[arc].length
            strand(w, group, node, -onward)
            vacate(w, arc, w.groups[group].persons, now)
            continue
        join(w, best, onward)
        serve(w, onward, now)
    next_exit(w, arc)


@shared
def exit_door(w: World, arc: int, now: float) -> None:
    """Let people through a shelter's door: whole groups, as long as there are places; others are sent elsewhere."""
    shelter = w.arcs[arc].shelter
    node = w.arcs[arc].tail
    while w.arcs[arc].free_out <= now:
        best = -1
        for k in range(LANES):
            lane = arc * STRIDE + k
            head = w.lanes[lane].head
            if head >= 0 and (best < 0 or w.groups[head].ready < w.groups[w.lanes[best].head].ready):
                best = lane
        if best < 0 or w.shelters[shelter].state == SHUT:
            return
        group = take_head(w, best)
        persons = w.groups[group].persons
        g = w.groups[group]
        if (
            w.shelters[shelter].state == OPEN
            and w.shelters[shelter].inside + persons <= w.shelters[shelter].places
        ):
            flow = w.arcs[arc].flow
            w.arcs[arc].free_out = now + persons / flow
            w.shelters[shelter].inside += persons
            g.arrival = now + (persons - 1) / flow
            g.arrived_at = shelter
            g.status = ARRIVED
            g.node = node
            g.arc = -1
            g.street = 0
            vacate(w, arc, persons, now)
            continue
        vacate(w, arc, persons, now)
        reason = NO_ROOM if w.shelters[shelter].state == OPEN else NO_SHELTER
        other = -1
        if w.town[0].redirect:
            other = nearest_with_room(w, group, node, shelter)
        if other < 0:
            strand(w, group, node, reason)
        else:
            g.redirects += 1
            promise(w, group, other)
            start_at(w, group, node, now)
    next_exit(w, arc)
