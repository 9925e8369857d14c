"""Where a building can go: the earliest ways to all doors past the queues that stand in the streets, and joining them.

What stands in every queue at every step is known from carrying the plan out (`content`). Kernels, compiled.
"""

from __future__ import annotations

import numpy as np

from civdef.evacuate.carrying import NEVER
from civdef.evacuate.routes import DETOUR_FACTOR, TURN_DEGREES
from civdef.evacuate.search.records import STRAIGHT, Look
from civdef.evacuate.search.slack import come_between, first_step, harmful
from civdef.movement.compiled import kernel, shared

_TURN = np.pi * TURN_DEGREES / 180.0

TURN_PRICE_M = 10.0
"""What a marshal pays for one turn less [m]; a planning choice."""

DETOUR_PRICE_M = 100.0
"""What an exception to the rule for detours costs more [m]; a planning choice."""

OPPOSED_PRICE = 0.25
"""What a stretch of street costs more, as a share of its length, where people already walk against it; a planning choice."""


@shared
def draw(state, n):
    """Return a whole number from 0 to n - 1 (xorshift; `state` holds one unsigned 64-bit number)."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(n))


@shared
def push(heap, keys, size, node, key):
    """Put a node on the heap; returns its new size."""
    i = size
    while i > 0:
        p = (i - 1) >> 1
        if keys[p] <= key:
            break
        heap[i], keys[i] = heap[p], keys[p]
        i = p
    heap[i], keys[i] = node, key
    return size + 1


@shared
def pop(heap, keys, size):
    """Take the node with the least key off the heap; returns its new size."""
    size -= 1
    node, key = heap[size], keys[size]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= size:
            break
        if c + 1 < size and keys[c + 1] < keys[c]:
            c += 1
        if key <= keys[c]:
            break
        heap[i], keys[i] = heap[c], keys[c]
        i = c
    heap[i], keys[i] = node, key
    return size


@shared
def passing(amount, rate):
    """Return the steps in which a group passes, `rate` units a step."""
    return (amount + rate - 1) // rate


@shared
def through(queue, step, amount, narrowest, units, content):
    """Return when the last of a group that reaches a queue at `step` is through it, and the narrowest passage so far."""
    u = units[queue]
    ahead = content[queue, step] if step < content.shape[1] else 0
    if u >= narrowest:
        return step + ahead // u, narrowest
    own = (amount + u - 1) // u
    if narrowest < NEVER:
        own -= (amount + narrowest - 1) // narrowest
    else:
        own -= 1
    return step + ahead // u + max(own, 0), u


@shared
def occupy(queue, step, amount, rate, units, content, dirty):
    """Let a group stand in a queue: its last person comes at `step`, `rate` units a step before, behind those there."""
    dirty[queue] = True
    coming, standing = amount, 0
    k = first_step(step, amount, rate)
    while (coming > 0 or standing > 0) and k < content.shape[1]:
        new = min(coming, rate)
        coming -= new
        standing += new
        before = content[queue, k]
        content[queue, k] = before + standing
        if before < units[queue]:
            standing -= min(standing, units[queue] - before)
        k += 1


@kernel
def bends(end, begin):
    """Return whether going from one bearing to another is a turn: more than `TURN_DEGREES`."""
    change = (begin - end + np.pi) % (2 * np.pi) - np.pi
    return 1 if abs(change) > _TURN else 0


@kernel
def new_look(junctions, doors):
    """Return the scratch of looks round in a town of so many junctions and doors."""
    return Look(
        np.zeros(junctions, np.int64), np.zeros(junctions, np.float64), np.zeros(junctions, np.float64),
        np.zeros(junctions, np.int64), np.zeros(junctions, np.int64), np.zeros(junctions, np.float64),
        np.zeros(junctions, np.int64), np.zeros(junctions, np.int64), np.zeros(junctions, np.int64),
        np.zeros(junctions, np.bool_),
        np.zeros(8 * junctions + 64, np.int64), np.zeros(8 * junctions + 64, np.float64), np.zeros(junctions, np.float64),
        np.zeros(doors, np.float64),
    )  # fmt: skip


@shared
def look_around(
    b, amount, whole, only, goal, town, rows, room, load, toll, content, slack, look, finish, finish_m, price
):
    """Fill `finish` with the step by which a row's last person would be through each door, `NEVER` if not at all.

    Of two ways the one is taken by which the row itself and, by `slack`, those behind it lose fewer steps together.
    """
    chain_head, chain_steps, chain_m, chain_turns = (
        town.chain_head,
        town.chain_steps,
        town.chain_m,
        town.chain_turns,
    )
    begins, ends, reverse, units = town.begins, town.ends, town.reverse, town.units
    out_ptr, out_chain, door_ptr, door_at = town.out_ptr, town.out_chain, town.door_ptr, town.door_at
    door_steps, door_m, door_shelter = town.door_steps, town.door_m, town.door_shelter
    opt_ptr, opt_place, opt_step, opt_m = rows.opt_ptr, rows.opt_place, rows.opt_step, rows.opt_m
    opt_turns, opt_end, reach_m, walk_m = rows.opt_turns, rows.opt_end, rows.reach_m, rows.walk_m
    turns_allowed = rows.turns_allowed
    step_at, m_at, price_at, narrow_at = look.step_at, look.m_at, look.price_at, look.narrow_at
    turns_at, end_at, from_chain, from_option = look.turns_at, look.end_at, look.from_chain, look.from_option
    settled, heap, keys, harm_at, harm = look.settled, look.heap, look.keys, look.harm_at, look.harm
    free_at, due = look.free_at, rows.due[b]
    chains = chain_steps.size
    step_at[:] = NEVER
    harm_at[:] = 0.0
    settled[:] = False
    finish[:] = NEVER
    size = 0
    best = float(NEVER)
    for o in range(opt_ptr[b], opt_ptr[b + 1]):
        step, place, narrow, bad = opt_step[o], opt_place[o], NEVER, 0.0
        if place < chains:
            bad = harmful(chains + place, step, amount, narrow, units, slack)
            step, narrow = through(chains + place, step, amount, narrow, units, content)
            node = chain_head[place]
        else:
            node = place - chains
        if step + bad < step_at[node] + harm_at[node]:
            harm_at[node] = bad
            step_at[node], m_at[node], price_at[node], narrow_at[node] = step, opt_m[o], opt_m[o], narrow
            turns_at[node], end_at[node], free_at[node] = opt_turns[o], opt_end[o], opt_step[o]
            from_chain[node], from_option[node] = -1, o
            size = push(heap, keys, size, node, step + bad + 1e-6 * opt_m[o])
    while size > 0:
        node = heap[0]
        key = keys[0]
        size = pop(heap, keys, size)
        if settled[node]:
            continue
        if key > max(best, goal):
            break
        settled[node] = True
        for i in range(door_ptr[node], door_ptr[node + 1]):
            d = door_at[i]
            s = door_shelter[d]
            if only >= 0 and s != only:
                continue
            metres = m_at[node] + door_m[d]
            if room[s] < whole or metres > reach_m[b, s] or turns_at[node] > turns_allowed[b]:
                continue
            free = free_at[node] + door_steps[d]
            if free + passing(amount, min(narrow_at[node], units[2 * chains + d])) > due:
                continue
            bad = harm_at[node] + harmful(
                2 * chains + d, step_at[node] + door_steps[d], amount, narrow_at[node], units, slack
            )
            step, _ = through(
                2 * chains + d, step_at[node] + door_steps[d], amount, narrow_at[node], units, content
            )
            if finish[d] >= NEVER or step + 1 + bad < finish[d] + harm[d]:
                finish[d], finish_m[d], harm[d] = step + 1, metres, bad
                price[d] = price_at[node] + door_m[d]
                if metres > DETOUR_FACTOR * walk_m[b, s]:
                    price[d] += DETOUR_PRICE_M
                price[d] += toll[2 * chains + d] + toll[2 * chains + door_m.size + s]
                best = min(best, step + 1 + bad)
        for i in range(out_ptr[node], out_ptr[node + 1]):
            c = out_chain[i]
            head = chain_head[c]
            if settled[head] or (reverse[c] >= 0 and reverse[c] == opt_place[from_option[node]]):
                continue  # there already, or back past the own house
            free = free_at[node] + chain_steps[c]
            if free + passing(amount, min(narrow_at[node], units[c], units[chains + c])) > due:
                continue
            bad = harm_at[node] + harmful(c, step_at[node], amount, narrow_at[node], units, slack)
            step, narrow = through(c, step_at[node], amount, narrow_at[node], units, content)
            bad += harmful(chains + c, step + chain_steps[c], amount, narrow, units, slack)
            step, narrow = through(chains + c, step + chain_steps[c], amount, narrow, units, content)
            turns = chain_turns[c]
            if end_at[node] < STRAIGHT:
                turns += bends(end_at[node], begins[c])
            cost = price_at[node] + chain_m[c] + TURN_PRICE_M * turns + toll[c] + toll[chains + c]
            if reverse[c] >= 0 and load[reverse[c]] > 0:
                cost += OPPOSED_PRICE * chain_m[c]
            key, old = step + bad, step_at[head] + harm_at[head]
            if key < old or (key == old and cost < price_at[head]):
                if heap.size <= size:
                    break
                step_at[head], m_at[head], price_at[head], narrow_at[head] = (
                    step,
                    m_at[node] + chain_m[c],
                    cost,
                    narrow,
                )
                turns_at[head], end_at[head], free_at[head] = turns_at[node] + turns, ends[c], free
                from_chain[head], from_option[head], harm_at[head] = c, from_option[node], bad
                size = push(heap, keys, size, head, key + 1e-6 * cost)


@shared
def settle(b, d, amount, left, town, rows, plan, load, content, dirty, look, slack):
    """Write the way that `look_around` found to a door into the plan, and stand in its queues. Returns whether it fits.

    `left` are the steps that the row itself may still be later.
    """
    chain_tail, chain_steps, units, door_node = town.chain_tail, town.chain_steps, town.units, town.door_node
    door_steps = town.door_steps
    opt_place, opt_step = rows.opt_place, rows.opt_step
    place, start, option, way = plan.place, plan.start, plan.option, plan.way
    length, door = plan.length, plan.door
    from_chain, from_option = look.from_chain, look.from_option
    chains = chain_steps.size
    node = door_node[d]
    n = 0
    while from_chain[node] >= 0:
        n += 1
        node = chain_tail[from_chain[node]]
    if n > way.shape[1]:
        return False
    o = from_option[node]
    node = door_node[d]
    for k in range(n - 1, -1, -1):
        way[b, k] = from_chain[node]
        load[from_chain[node]] += amount
        node = chain_tail[from_chain[node]]
    length[b] = n
    door[b] = d
    option[b] = o
    place[b] = min(opt_place[o], chains)
    start[b] = opt_step[o]
    step, narrow = start[b], NEVER
    if place[b] < chains:
        load[place[b]] += amount
        after, narrow = through(chains + place[b], step, amount, narrow, units, content)
        occupy(chains + place[b], step, amount, NEVER, units, content, dirty)
        come_between(chains + place[b], step, amount, NEVER, left, units, content, slack)
        step = after
    for k in range(n):
        c = way[b, k]
        rate = narrow
        after, narrow = through(c, step, amount, narrow, units, content)
        occupy(c, step, amount, rate, units, content, dirty)
        come_between(c, step, amount, rate, left, units, content, slack)
        step = after + chain_steps[c]
        rate = narrow
        after, narrow = through(chains + c, step, amount, narrow, units, content)
        occupy(chains + c, step, amount, rate, units, content, dirty)
        come_between(chains + c, step, amount, rate, left, units, content, slack)
        step = after
    occupy(2 * chains + d, step + door_steps[d], amount, narrow, units, content, dirty)
    come_between(2 * chains + d, step + door_steps[d], amount, narrow, left, units, content, slack)
    return True


@shared
def unload(b, amount, chains, plan, load):
    """Take a row's people off the streets of its way."""
    place, way, length = plan.place, plan.way, plan.length
    if place[b] < chains:
        load[place[b]] -= amount
    for k in range(length[b]):
        load[way[b, k]] -= amount


@shared
def holds(b, town, plan, content, state):
    """Return the queue in which a row's people would wait longest, -1 if in none."""
    chain_steps, units, door_steps = town.chain_steps, town.units, town.door_steps
    place, start, way, length = plan.place, plan.start, plan.way, plan.length
    door = plan.door
    chains = chain_steps.size
    found, most = -1, 0
    step = start[b]
    for k in range(-1, 2 * length[b] + 1):
        if k == -1:
            if place[b] >= chains:
                continue
            queue = chains + place[b]
        elif k == 2 * length[b]:
            queue = 2 * chains + door[b]
            step += door_steps[door[b]]
        elif k % 2 == 0:
            queue = way[b, k // 2]
        else:
            queue = chains + way[b, k // 2]
            step += chain_steps[way[b, k // 2]]
        wait = content[queue, step] // units[queue] if step < content.shape[1] else 0
        step += wait
        if wait > most or (wait == most and wait > 0 and draw(state, 2) == 0):
            found, most = queue, wait
    return found


@shared
def uses(b, queue, chains, plan):
    """Return whether a row's way passes a queue."""
    place, way, length, door = plan.place, plan.way, plan.length, plan.door
    if queue >= 2 * chains:
        return door[b] == queue - 2 * chains
    if queue >= chains and place[b] == queue - chains:
        return True
    c = queue % chains
    for k in range(length[b]):  # noqa: SIM110  (the compiled language has no any())
        if way[b, k] == c:
            return True
    return False
