"""The compiled part of carrying a plan out: parcels of people in first-come-first-served queues, step by step.

Queues are numbered: ``0 … C-1`` before entering each chain, ``C … 2C-1`` before leaving it, ``2C … 2C+E'-1`` before each
door. Within one step they are served from far to near, so that people who need no whole step (see the clocks in
``stepped``) move on in the same one.
"""

from __future__ import annotations

import numpy as np

from civdef.movement.compiled import inlined, kernel

NEVER = 2**30
"""Step of a building that has not got inside within the horizon."""


@inlined
def _join(queue, parcel, line, pool, pool_next, free):
    """Put a parcel at the end of a queue; it melts into the last one there if that is of the same building."""
    last = line[queue, 1]
    line[queue, 2] += pool[parcel, 1]
    if last >= 0 and pool[last, 0] == pool[parcel, 0] and pool[last, 2] == pool[parcel, 2]:
        pool[last, 1] += pool[parcel, 1]
        pool_next[parcel] = free[0]
        free[0] = parcel
        return
    pool_next[parcel] = -1
    if last >= 0:
        pool_next[last] = parcel
    else:
        line[queue, 0] = parcel
    line[queue, 1] = parcel


@inlined
def _onward(parcel, step, chains, begin, end, way, door, door_steps, ring, line, pool, pool_next, free):
    """Bring a parcel that stands at a junction to its next queue, or on its way to the door."""
    b = pool[parcel, 0]
    at = begin[b] + pool[parcel, 2]
    if at < end[b]:
        _join(way[at], parcel, line, pool, pool_next, free)
        return
    d = door[b]
    queue = 2 * chains + d
    if door_steps[d] == 0:
        _join(queue, parcel, line, pool, pool_next, free)
    else:
        slot = (step + door_steps[d]) % ring.size
        pool[parcel, 3] = queue
        pool_next[parcel] = ring[slot]
        ring[slot] = parcel


@kernel
def carry(
    order, chain_steps, units, door_steps, start_place, start_step, people, begin, end, way, door, horizon, content, dirty,
):  # fmt: skip
    """Carry a plan out until everybody is inside or the horizon is reached.

    Parameters
    ----------
    order
        Queues from far to near, shape (2C + E',).
    chain_steps, units, door_steps
        Steps of chains (C,); units per step of every queue (2C + E',); steps of doors (E',).
    start_place, start_step
        Where and when each building joins the streets: a chain (its far end) or ``C`` for a junction, shape (B,).
    people
        Units of each building, 0 for those that stay, shape (B,).
    begin, end, way, door
        Chains still to enter, ``way[begin[b]:end[b]]``, and door of each building.
    horizon
        Steps after which to give up.
    content
        Filled with the units that stand in each queue before it serves, shape (2C + E', steps); a shape of (0, 0) for none.
    dirty
        Which rows of `content` are not zero, before and after, shape (2C + E',), or (0,) without `content`.

    Returns
    -------
    done
        Steps until the last of each building is inside, `NEVER` if not within the horizon, 0 for those that stay, (B,).
    waited, served
        Unit-steps waited and units served in each queue, shape (2C + E',).
    """
    chains, doors = chain_steps.size, door_steps.size
    b_count = people.size
    queues = 2 * chains + doors
    line = np.zeros((queues, 3), np.int64)  # first, last parcel; units
    line[:, :2] = -1
    waited, served = np.zeros(queues, np.int64), np.zeros(queues, np.int64)
    used = np.zeros(queues, np.bool_)
    done = np.zeros(b_count, np.int64)
    left = people.copy()
    going = 0
    longest = 1
    for b in range(b_count):
        if people[b] > 0:
            going += 1
            done[b] = NEVER
            if start_place[b] < chains:
                used[chains + start_place[b]] = True
            for at in range(begin[b], end[b]):
                used[way[at]] = True
                used[chains + way[at]] = True
                longest = max(longest, chain_steps[way[at]] + 1)
            used[2 * chains + door[b]] = True
            longest = max(longest, door_steps[door[b]] + 1)
    serving = order[used[order]]
    by_start = np.argsort(start_step, kind="mergesort")
    ring = np.full(longest, -1, np.int64)
    size = 4 * b_count + 16
    pool = np.zeros((size, 4), np.int64)  # building, units, chains behind it, queue it goes to
    pool_next = np.arange(1, size + 1)
    pool_next[size - 1] = -1
    free = np.zeros(1, np.int64)
    starter = 0
    step = 0
    record = content.shape[0] > 0
    if record:
        for queue in range(queues):
            if dirty[queue]:
                content[queue, :] = 0
                dirty[queue] = False
    while going > 0 and step < horizon:
        slot = step % longest
        parcel = ring[slot]
        ring[slot] = -1
        back = -1
        while parcel >= 0:  # the list is last in, first out: turn it round
            following = pool_next[parcel]
            pool_next[parcel] = back
            back = parcel
            parcel = following
        while back >= 0:
            following = pool_next[back]
            _join(pool[back, 3], back, line, pool, pool_next, free)
            back = following
        while starter < b_count and start_step[by_start[starter]] <= step:
            b = by_start[starter]
            starter += 1
            if people[b] > 0:
                parcel = free[0]
                free[0] = pool_next[parcel]
                pool[parcel, 0], pool[parcel, 1], pool[parcel, 2] = b, people[b], 0
                if start_place[b] < chains:
                    _join(chains + start_place[b], parcel, line, pool, pool_next, free)
                else:
                    _onward(
                        parcel,
                        step,
                        chains,
                        begin,
                        end,
                        way,
                        door,
                        door_steps,
                        ring,
                        line,
                        pool,
                        pool_next,
                        free,
                    )
        for i in range(serving.size):
            queue = serving[i]
            inside = line[queue, 2]
            if inside == 0:
                continue
            if record and step < content.shape[1]:
                content[queue, step] = inside
                dirty[queue] = True
            able = units[queue]
            while able > 0 and line[queue, 0] >= 0:
                parcel = line[queue, 0]
                if pool[parcel, 1] <= able:
                    line[queue, 0] = pool_next[parcel]
                    if line[queue, 0] < 0:
                        line[queue, 1] = -1
                else:
                    if free[0] < 0:
                        bigger = np.zeros((2 * size, 4), np.int64)
                        bigger[:size] = pool
                        longer = np.arange(1, 2 * size + 1)
                        longer[:size] = pool_next
                        longer[2 * size - 1] = -1
                        free[0] = size
                        size *= 2
                        pool, pool_next = bigger, longer
                    part = free[0]
                    free[0] = pool_next[part]
                    pool[part] = pool[parcel]
                    pool[part, 1] = able
                    pool[parcel, 1] -= able
                    parcel = part
                amount = pool[parcel, 1]
                able -= amount
                line[queue, 2] -= amount
                served[queue] += amount
                if queue < chains:
                    pool[parcel, 2] += 1
                    if chain_steps[queue] == 0:
                        _join(chains + queue, parcel, line, pool, pool_next, free)
                    else:
                        slot = (step + chain_steps[queue]) % longest
                        pool[parcel, 3] = chains + queue
                        pool_next[parcel] = ring[slot]
                        ring[slot] = parcel
                elif queue < 2 * chains:
                    _onward(
                        parcel,
                        step,
                        chains,
                        begin,
                        end,
                        way,
                        door,
                        door_steps,
                        ring,
                        line,
                        pool,
                        pool_next,
                        free,
                    )
                else:
                    b = pool[parcel, 0]
                    left[b] -= amount
                    if left[b] == 0:
                        done[b] = step + 1
                        going -= 1
                    pool_next[parcel] = free[0]
                    free[0] = parcel
            waited[queue] += line[queue, 2]
        step += 1
    return done, waited, served
