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
from civdef.movement.compiled import inner, shared
from civdef.movement.heap import push
from civdef.movement.state import (
    ARRIVED,
    AT_DOOR,
    HEAP_SIZE,
    LANES,
    NO_REASON,
    NO_ROOM,
    NO_SHELTER,
    OPEN,
    SHUT,
    STRANDED,
    STRIDE,
    WALKING,
    Fixed,
    State,
)


@inner
def call_exit(f: Fixed, s: State, arc: int, time_s: float) -> None:
    """See who can leave `arc`, at `time_s` at the latest."""
    push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], f.groups.size + arc, time_s)


@inner
def call_entry(f: Fixed, s: State, arc: int, time_s: float) -> None:
    """See who can enter `arc`, at `time_s` at the latest."""
    push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], f.groups.size + f.arcs.size + arc, time_s)


@inner
def call_check(f: Fixed, s: State, arc: int, time_s: float) -> None:
    """See whether the wait for `arc` is a gridlock, at `time_s` at the latest."""
    push(s.times, s.who, s.where, s.tally[HEAP_SIZE:], f.groups.size + 2 * f.arcs.size + arc, time_s)


@inner
def append(s: State, lane: int, group: int) -> bool:
    """Put a group at the end of a lane; return whether it is the first there."""
    s.groups[group].after = -1
    tail = s.lanes[lane].tail
    s.lanes[lane].tail = group
    if tail >= 0:
        s.groups[tail].after = group
        return False
    s.lanes[lane].head = group
    return True


@inner
def take_head(s: State, lane: int) -> int:
    """Take the first group out of a lane that is not empty."""
    group = s.lanes[lane].head
    after = s.groups[group].after
    s.lanes[lane].head = after
    if after < 0:
        s.lanes[lane].tail = -1
    return int(group)


@shared
def join(s: State, lane: int, arc: int) -> None:
    """Let the head of a lane wait for entry to `arc`, with its fair-queueing tag."""
    tag = s.arcs[arc].tag
    k = lane % STRIDE
    if k == LANES:
        tag = max(tag, s.arcs[arc].origin_tag)
    else:
        a = lane // STRIDE
        if s.arcs[a].out_to == arc:
            tag = max(tag, s.arcs[a].out_tag)
    s.lanes[lane].tag = tag
    s.lanes[lane].wants = arc
    s.lanes[lane].next = s.arcs[arc].waiters
    s.arcs[arc].waiters = lane


@shared
def leave_wait(s: State, lane: int) -> None:
    """Take a lane out of the list it waits in."""
    arc = s.lanes[lane].wants
    following = s.lanes[lane].next
    if s.arcs[arc].waiters == lane:
        s.arcs[arc].waiters = following
    else:
        x = s.arcs[arc].waiters
        while s.lanes[x].next != lane:
            x = s.lanes[x].next
        s.lanes[x].next = following
    s.lanes[lane].wants = -1
    s.lanes[lane].next = -1


@shared
def vacate(f: Fixed, s: State, arc: int, persons: int, now: float) -> None:
    """Count persons off an arc and call those who wait for room on it."""
    s.arcs[arc].present -= persons
    if s.arcs[arc].waiters >= 0:
        call_entry(f, s, arc, max(now, s.arcs[arc].free_in))


@shared
def next_exit(f: Fixed, s: State, arc: int) -> None:
    """Call the exit of an arc for the next head that does not already wait elsewhere."""
    soonest = np.inf
    for k in range(LANES):
        lane = arc * STRIDE + k
        head = s.lanes[lane].head
        if head >= 0 and s.lanes[lane].wants < 0:
            soonest = min(soonest, s.groups[head].ready)
    call_exit(f, s, arc, max(soonest, s.arcs[arc].free_out))


@shared
def strand(s: State, group: int, node: int, reason: int) -> None:
    """Take a group off the street: it stands at `node` and is asked again when a road or shelter opens."""
    g = s.groups[group]
    g.status = STRANDED
    g.reason = reason
    g.node = node
    g.arc = -1
    g.street = 0


@shared
def enter(f: Fixed, s: State, group: int, arc: int, now: float) -> None:
    """Put a group onto an arc: speed by the density it meets, never faster than who is ahead in its lane."""
    m = f.in_arcs.size
    persons = f.groups[group].persons
    g = s.groups[group]
    a = s.arcs[arc]
    ready = now
    if arc < m:
        if g.cursor >= 0 and f.route_arcs[g.cursor] == arc:
            g.cursor += 1
        speed = f.groups[group].speed * f.arcs[arc].pace
        if f.arcs[arc].area > 0.0:
            x = a.present / f.arcs[arc].area * f.samples_per_density
            last = f.factors.size - 1
            if x >= last:
                speed *= f.factors[last]
            else:
                i = int(x)
                speed *= f.factors[i] + (x - i) * (f.factors[i + 1] - f.factors[i])
        ready = now + f.arcs[arc].length / speed
    else:
        g.status = AT_DOOR
        g.reached = min(g.reached, now)
    a.present += persons
    a.passed += persons
    a.peak = max(a.peak, a.present)
    g.arc = arc
    g.street = 1
    lane = arc * STRIDE + f.groups[group].lane
    tail = s.lanes[lane].tail
    if tail >= 0:
        ready = max(ready, s.groups[tail].ready)
    g.ready = ready
    if append(s, lane, group):
        call_exit(f, s, arc, max(ready, a.free_out))


@shared
def admit_lane(f: Fixed, s: State, lane: int, arc: int, now: float) -> None:
    """Move the head of a waiting lane onto `arc`; the lane leaves the wait, or waits on with its next group."""
    m = f.in_arcs.size
    group = take_head(s, lane)
    persons = f.groups[group].persons
    tag = s.lanes[lane].tag
    b = s.arcs[arc]
    b.tag = max(b.tag, tag)
    if arc < m:
        b.free_in = now + persons / f.arcs[arc].flow
    leave_wait(s, lane)
    if lane % STRIDE == LANES:
        if arc < m:
            b.origin_tag = tag + persons / f.arcs[arc].flow
        enter(f, s, group, arc, now)
        if s.lanes[lane].head >= 0:
            join(s, lane, arc)
        return
    a = lane // STRIDE
    from_arc = s.arcs[a]
    gap = persons / f.arcs[a].flow
    from_arc.free_out = now + gap
    from_arc.out_tag = tag + gap
    from_arc.out_to = arc
    s.groups[group].walked += f.arcs[a].length
    s.groups[group].node = f.arcs[a].head
    enter(f, s, group, arc, now)
    vacate(f, s, a, persons, now)
    next_exit(f, s, a)


@shared
def first_waiter(s: State, arc: int) -> int:
    """Return the waiting lane that is next by fair queueing: smallest tag, then longest ready, then number."""
    best = s.arcs[arc].waiters
    lane = s.lanes[best].next
    while lane >= 0:
        mine, its = s.lanes[best].tag, s.lanes[lane].tag
        if its < mine:
            best = lane
        elif its == mine:
            my_time, its_time = s.groups[s.lanes[best].head].ready, s.groups[s.lanes[lane].head].ready
            if its_time < my_time or (its_time == my_time and lane < best):
                best = lane
        lane = s.lanes[lane].next
    return int(best)


@shared
def serve(f: Fixed, s: State, arc: int, now: float) -> None:
    """Let waiting lanes onto `arc` as long as its entry is free and it has room.

    An empty arc takes one group of any size, so that no group is too large for a short street. A group that does not fit
    holds up those behind it: otherwise large families would wait for ever.
    """
    while s.arcs[arc].waiters >= 0:
        if s.arcs[arc].free_in > now:
            call_entry(f, s, arc, s.arcs[arc].free_in)
            return
        lane = first_waiter(s, arc)
        if lane % STRIDE != LANES:
            a = lane // STRIDE
            if s.arcs[a].free_out > now:  # another lane of that street has just let somebody out
                leave_wait(s, lane)
                call_exit(f, s, a, s.arcs[a].free_out)
                continue
        persons = f.groups[s.lanes[lane].head].persons
        present = s.arcs[arc].present
        if present > 0 and present + persons > f.arcs[arc].storage:
            call_check(f, s, arc, now + f.release_s)
            return
        admit_lane(f, s, lane, arc, now)


@shared
def start_at(f: Fixed, s: State, group: int, node: int, now: float) -> None:
    """Let a group that stands at `node` queue for its next arc, or strand it there."""
    arc = choose_next(f, s, group, node)
    if arc < 0:
        strand(s, group, node, -arc)
        return
    g = s.groups[group]
    g.status = WALKING
    g.reason = NO_REASON
    g.node = node
    g.arc = arc
    g.street = 0
    g.ready = now
    lane = arc * STRIDE + LANES
    if append(s, lane, group):
        join(s, lane, arc)
        serve(f, s, arc, now)


@shared
def exit_street(f: Fixed, s: State, arc: int, now: float) -> None:
    """Let the heads of a street's lanes go on, longest ready first; one that is blocked does not block the others."""
    node = f.arcs[arc].head
    while s.arcs[arc].free_out <= now:
        best = -1
        for k in range(LANES):
            lane = arc * STRIDE + k
            head = s.lanes[lane].head
            if head < 0 or s.lanes[lane].wants >= 0 or s.groups[head].ready > now:
                continue
            if best < 0 or s.groups[head].ready < s.groups[s.lanes[best].head].ready:
                best = lane
        if best < 0:
            break
        group = s.lanes[best].head
        onward = choose_next(f, s, group, node)
        if onward < 0:
            take_head(s, best)
            s.groups[group].walked += f.arcs[arc].length
            strand(s, group, node, -onward)
            vacate(f, s, arc, f.groups[group].persons, now)
            continue
        join(s, best, onward)
        serve(f, s, onward, now)
    next_exit(f, s, arc)


@shared
def exit_door(f: Fixed, s: State, arc: int, now: float) -> None:
    """Let people through a shelter's door: whole groups, as long as there are places; others are sent elsewhere."""
    e = arc - f.in_arcs.size
    shelter = f.entrance_shelter[e]
    node = f.entrance_node[e]
    while s.arcs[arc].free_out <= now:
        best = -1
        for k in range(LANES):
            lane = arc * STRIDE + k
            head = s.lanes[lane].head
            if head >= 0 and (best < 0 or s.groups[head].ready < s.groups[s.lanes[best].head].ready):
                best = lane
        if best < 0 or s.shelters[shelter].state == SHUT:
            return
        group = take_head(s, best)
        persons = f.groups[group].persons
        g = s.groups[group]
        if s.shelters[shelter].state == OPEN and s.shelters[shelter].inside + persons <= f.places[shelter]:
            flow = f.arcs[arc].flow
            s.arcs[arc].free_out = now + persons / flow
            s.shelters[shelter].inside += persons
            g.arrival = now + (persons - 1) / flow
            g.arrived_at = shelter
            g.status = ARRIVED
            g.node = node
            g.arc = -1
            g.street = 0
            vacate(f, s, arc, persons, now)
            continue
        vacate(f, s, arc, persons, now)
        reason = NO_ROOM if s.shelters[shelter].state == OPEN else NO_SHELTER
        other = -1
        if f.redirect:
            other = nearest_with_room(f, s, group, node, shelter)
        if other < 0:
            strand(s, group, node, reason)
        else:
            g.redirects += 1
            promise(f, s, group, other)
            start_at(f, s, group, node, now)
    next_exit(f, s, arc)
