"""Which rows to take out of a plan: late ones, and those that stand in their way or in their place. Kernels, compiled."""

from __future__ import annotations

from civdef.evacuate.search.reach import draw, holds, look_around, uses
from civdef.movement.compiled import shared

TOLL_M = 30.0
"""What a queue or a full shelter costs more each time it keeps a late row from being early [m]; a search parameter."""

MOST = 7
"""Late rows taken out at a time, at most, and rows of each kind in their way; found by trial: a round that takes out four or five
succeeds about as often as one that takes out eight and is done sooner, one with twenty hardly ever."""

_FOR_PINNED = 8
"""One round in so many makes way for late rows that keep their way, if there are any; a search parameter."""

STRIDE = 7919
"""Step, prime, by which rows are gone through in another order than their own."""


@shared
def take(b, group, members_ptr, members, some, n, taken):
    """Add a row and all rows that must stay with it to those taken out; returns their number."""
    if taken[b]:
        return n
    for i in range(members_ptr[group[b]], members_ptr[group[b] + 1]):
        some[n] = members[i]
        taken[members[i]] = True
        n += 1
    return n


@shared
def in_the_way(
    b, many, n, goal, worst, here, town, rows, plan, members_ptr, members, load, toll, content, empty, nobody, look, state,
    some, taken, marked, finish, finish_m, price,
):  # fmt: skip
    """Take out rows that keep a late row from a way on which it would be early if it were alone. Returns how many are out."""
    chain_tail, units, door_node, door_shelter = (
        town.chain_tail,
        town.units,
        town.door_node,
        town.door_shelter,
    )
    people, room, door, way = rows.people, plan.room, plan.door, plan.way
    length = plan.length
    chains = chain_tail.size
    look_around(
        b, people[b], 0, -1, worst, town, rows, room, load, toll, empty, nobody, look, finish, finish_m, price
    )
    enough = goal + draw(state, max(worst - goal, 1))
    pick, able = -1, 0
    for d in range(finish.size):
        if finish[d] <= enough:
            able += 1
            if draw(state, able) == 0:
                pick = d
    if pick < 0:
        return n
    short = people[b] - room[door_shelter[pick]]
    first = draw(state, here.size)
    for k in range(here.size):  # rows in its place
        if short <= 0:
            break
        r = here[(first + k * STRIDE) % here.size]
        if not taken[r] and door_shelter[door[r]] == door_shelter[pick]:
            n = take(r, rows.group, members_ptr, members, some, n, taken)
            short -= people[r]
    marked[:] = False
    found = False
    node = door_node[pick]
    while look.from_chain[node] >= 0:
        c = look.from_chain[node]
        for step in range(content.shape[1]):
            if content[c, step] > units[c] or content[chains + c, step] > units[chains + c]:
                marked[c] = True
                found = True
                break
        node = chain_tail[c]
    if not found:
        return n
    first, count = draw(state, here.size), 0
    for k in range(here.size):
        r = here[(first + k * STRIDE) % here.size]
        if count >= many:
            break
        if taken[r]:
            continue
        for i in range(length[r]):
            if marked[way[r, i]]:
                n = take(r, rows.group, members_ptr, members, some, n, taken)
                count += 1
                break
    return n


@shared
def _elsewhere(b, within_m, walk_m, at, dear, people, room):
    """Return whether a row has room in another shelter near enough, in a cheap one if its own is dear."""
    for s in range(room.size):
        if s != at and dear[s] <= dear[at] and room[s] >= people[b] and walk_m[b, s] <= within_m:
            return True
    return False


@shared
def make_room(
    at, short, many, n, here, people, within_m, walk_m, door, door_shelter, room, dear, group, members_ptr, members, state, some,
    taken,
):  # fmt: skip
    """Take rows that could go elsewhere out of a shelter until it has room for so many units. Returns how many rows are out."""
    first, found = draw(state, here.size), 0
    for k in range(here.size):
        b = here[(first + k * STRIDE) % here.size]
        if short <= 0 or found >= many:
            break
        if (
            not taken[b]
            and door_shelter[door[b]] == at
            and _elsewhere(b, within_m, walk_m, at, dear, people, room)
        ):
            n = take(b, group, members_ptr, members, some, n, taken)
            short -= people[b]
            found += 1
    return n


@shared
def in_front(hold, many, n, here, town, plan, group, members_ptr, members, state, some, taken):
    """Take out rows that pass a queue. Returns how many rows are out."""
    chains = town.chain_steps.size
    first, found = draw(state, here.size), 0
    for k in range(here.size):
        b = here[(first + k * STRIDE) % here.size]
        if found >= many:
            break
        if not taken[b] and uses(b, hold, chains, plan):
            n = take(b, group, members_ptr, members, some, n, taken)
            found += 1
    return n


@shared
def _late_and_pinned(floor, done, here, pinned, state):
    """Return one of the rows that are late and keep their way, -1 if there is none."""
    pick, seen = -1, 0
    for b in here:
        if pinned[b] and done[b] > floor:
            seen += 1
            if draw(state, seen) == 0:
                pick = b
    return pick


@shared
def choose(
    goal, pace_m, worst, done, here, town, rows, plan, members_ptr, members, load, content, empty, nobody, toll, dear, look, state,
    some, taken, marked, finish, finish_m, price,
):  # fmt: skip
    """Choose rows to take out: late ones, and others that stand in their way or in their place. Returns how many.

    The queue that holds a late row up, and full shelters that would be near enough for it, become dearer for everybody.
    """
    door_shelter = town.door_shelter
    people, walk_m, group = rows.people, rows.walk_m, rows.group
    room = plan.room
    door = plan.door
    n = 0
    many = 1 + draw(state, MOST)
    floor = goal + draw(state, max(worst - goal, 1))
    late = 0
    for b in here:
        if done[b] > floor:
            late += 1
    if late == 0:  # nobody is late: any row whose shelter is not its nearest, and a few others
        pick = here[draw(state, here.size)]
        n = take(pick, group, members_ptr, members, some, n, taken)
    else:
        for b in here:
            if done[b] > floor and n < many and draw(state, late) < many:
                n = take(b, group, members_ptr, members, some, n, taken)
    if late > 0 and (n == 0 or draw(state, _FOR_PINNED) == 0):
        pick = _late_and_pinned(floor, done, here, rows.pinned, state)
        if pick >= 0:
            hold = holds(pick, town, plan, content, state)
            if hold >= 0:
                toll[hold] += TOLL_M
                n = in_front(hold, many, n, here, town, plan, group, members_ptr, members, state, some, taken)
            return n
    if n == 0:
        return 0
    pick = some[draw(state, n)]
    if draw(state, 2) == 0:  # its neighbours on the same stretch of street
        first, found = draw(state, here.size), 0
        at = rows.opt_place[rows.opt_ptr[pick]]
        for k in range(here.size):
            b = here[(first + k) % here.size]
            if found >= many // 2:
                break
            if not taken[b] and rows.opt_place[rows.opt_ptr[b]] == at:
                n = take(b, group, members_ptr, members, some, n, taken)
                found += 1
    if late > 0 and draw(state, 3) == 0:
        return in_the_way(
            pick, many, n, goal, worst, here, town, rows, plan, members_ptr, members, load, toll, content, empty, nobody, look,
            state, some, taken, marked, finish, finish_m, price,
        )  # fmt: skip
    tried = draw(state, 4)
    for _ in range(tried):  # rows in full shelters that would be near enough
        s = draw(state, room.size)
        if not (walk_m[pick, s] <= goal * pace_m) or room[s] >= people[pick] * 4:
            continue
        if late > 0:
            toll[toll.size - room.size + s] += TOLL_M
            if draw(state, 2) == 0:
                n = make_room(
                    s, people[pick] - room[s], 2 * MOST, n, here, people, goal * pace_m, walk_m, door, door_shelter, room,
                    dear, group, members_ptr, members, state, some, taken,
                )  # fmt: skip
                break
        first, found = draw(state, here.size), 0
        for k in range(here.size):
            b = here[(first + k * STRIDE) % here.size]
            if found >= 2 + many // 2:
                break
            if not taken[b] and door_shelter[door[b]] == s:
                n = take(b, group, members_ptr, members, some, n, taken)
                found += 1
    hold = holds(pick, town, plan, content, state)
    if hold >= 0 and late > 0:
        toll[hold] += TOLL_M
    if hold >= 0 and tried < 3:  # rows that stand before it in the queue that holds it up
        n = in_front(hold, many, n, here, town, plan, group, members_ptr, members, state, some, taken)
    return n
