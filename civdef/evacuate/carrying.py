"""The compiled part of carrying a plan out: parcels of people in first-come-first-served queues, step by step.

Queues are numbered: ``0 … C-1`` before entering each chain, ``C … 2C-1`` before leaving it, ``2C … 2C+E'-1`` before each
door. Of those who set out into the streets in the same step, who has farther to go goes first (Jackson's rule for jobs with tails).
Within one step they are served from far to near, so that people who need no whole step (see the clocks in
``stepped``) move on in the same one. Only the queues of the plan are kept, in that order and each in one line of memory:
that is what makes the kernel fast.
"""

from __future__ import annotations

import numpy as np

from civdef.movement.compiled import kernel, shared

NEVER = 2**30
"""Step of a building that has not got inside within the horizon."""

_FAR = 2**20
"""More steps than any way takes."""

_PARCELS = 16
"""Parcels for each building, to begin with."""

# A queue: its first and last parcel, the units that stand in it, units per step, steps from it to the next one, and the
# queue at the far end of a chain whose near end this is, `_JUNCTION` at a far end, `_DOOR` at a door.
_FIRST, _LAST, _INSIDE, _UNITS, _STEPS, _AFTER = range(6)
_JUNCTION, _DOOR = -1, -2

# A parcel: its building, units, chains behind it, the queue it is on its way to, and the next parcel of its list.
_BUILDING, _AMOUNT, _BEHIND, _GOAL, _NEXT = range(5)


@shared
def _join(q, parcel, queue, pool, free):
    """Put a parcel at the end of a queue; it melts into the last one there if that is of the same building."""
    last = queue[q, _LAST]
    queue[q, _INSIDE] += pool[parcel, _AMOUNT]
    if (
        last >= 0
        and pool[last, _BUILDING] == pool[parcel, _BUILDING]
        and pool[last, _BEHIND] == pool[parcel, _BEHIND]
    ):
        pool[last, _AMOUNT] += pool[parcel, _AMOUNT]
        pool[parcel, _NEXT] = free[0]
        free[0] = parcel
        return
    pool[parcel, _NEXT] = -1
    if last >= 0:
        pool[last, _NEXT] = parcel
    else:
        queue[q, _FIRST] = parcel
    queue[q, _LAST] = parcel


@shared
def _go(q, steps, parcel, step, ring, queue, pool, free):
    """Send a parcel to a queue so many steps away."""
    if steps == 0:
        _join(q, parcel, queue, pool, free)
        return
    slot = (step + steps) % ring.size
    pool[parcel, _GOAL] = q
    pool[parcel, _NEXT] = ring[slot]
    ring[slot] = parcel


@shared
def _onward(parcel, step, begin, end, next_queue, door_queue, door_steps, ring, queue, pool, free):
    """Bring a parcel that stands at a junction to its next queue, or on its way to the door."""
    b = pool[parcel, _BUILDING]
    at = begin[b] + pool[parcel, _BEHIND]
    if at < end[b]:
        _join(next_queue[at], parcel, queue, pool, free)
    else:
        _go(door_queue[b], door_steps[b], parcel, step, ring, queue, pool, free)


@shared
def _serve(
    going, by_start, start_queue, start_step, people, begin, end, next_queue, door_queue, door_steps, horizon, goal, enough, serving,
    content, dirty, gone, late, done, left, waited, served, ring, queue, pool, free,
):  # fmt: skip
    """Carry a plan out with the scratch made ready; returns False if there were too few parcels."""
    notes = gone.shape[0] > 0
    record = content.shape[1]
    starter, step = 0, 0
    while going > 0 and step < horizon and late[0] <= enough:
        slot = step % ring.size
        parcel = ring[slot]
        ring[slot] = -1
        back = -1
        while parcel >= 0:  # the list is last in, first out: turn it round
            following = pool[parcel, _NEXT]
            pool[parcel, _NEXT] = back
            back = parcel
            parcel = following
        while back >= 0:
            following = pool[back, _NEXT]
            _join(pool[back, _GOAL], back, queue, pool, free)
            back = following
        while starter < by_start.size and start_step[by_start[starter]] <= step:
            b = by_start[starter]
            starter += 1
            if people[b] == 0:
                continue
            parcel = free[0]
            if parcel < 0:
                return False
            free[0] = pool[parcel, _NEXT]
            pool[parcel, _BUILDING], pool[parcel, _AMOUNT], pool[parcel, _BEHIND] = b, people[b], 0
            if start_queue[b] >= 0:
                _join(start_queue[b], parcel, queue, pool, free)
            else:
                _onward(parcel, step, begin, end, next_queue, door_queue, door_steps, ring, queue, pool, free)
        for q in range(serving.size):
            if queue[q, _INSIDE] == 0:
                continue
            if step < record:
                content[serving[q], step] = queue[q, _INSIDE]
                dirty[serving[q]] = True
            able, after, onto = queue[q, _UNITS], queue[q, _AFTER], queue[q, _STEPS]
            while able > 0 and queue[q, _FIRST] >= 0:
                parcel = queue[q, _FIRST]
                if pool[parcel, _AMOUNT] <= able:
                    queue[q, _FIRST] = pool[parcel, _NEXT]
                    if queue[q, _FIRST] < 0:
                        queue[q, _LAST] = -1
                else:
                    part = free[0]
                    if part < 0:
                        return False
                    free[0] = pool[part, _NEXT]
                    pool[part, _BUILDING], pool[part, _AMOUNT] = pool[parcel, _BUILDING], able
                    pool[part, _BEHIND] = pool[parcel, _BEHIND]
                    pool[parcel, _AMOUNT] -= able
                    parcel = part
                amount = pool[parcel, _AMOUNT]
                if notes:
                    odd = 0 if after == _JUNCTION else 1
                    gone[pool[parcel, _BUILDING], 2 * pool[parcel, _BEHIND] + odd] = step
                able -= amount
                queue[q, _INSIDE] -= amount
                served[q] += amount
                if after >= 0:
                    pool[parcel, _BEHIND] += 1
                    _go(after, onto, parcel, step, ring, queue, pool, free)
                elif after == _JUNCTION:
                    _onward(
                        parcel, step, begin, end, next_queue, door_queue, door_steps, ring, queue, pool, free
                    )
                else:
                    b = pool[parcel, _BUILDING]
                    left[b] -= amount
                    if step + 1 > goal:
                        late[0] += amount * (step + 1 - goal) ** 2
                    if left[b] == 0:
                        done[b] = step + 1
                        going -= 1
                    pool[parcel, _NEXT] = free[0]
                    free[0] = parcel
            waited[q] += queue[q, _INSIDE]
        step += 1
    return True


@shared
def _look_ahead(people, start_place, begin, end, way, door, chain_steps, door_steps, units, ahead):
    """Write how many steps each building has ahead of it where it joins the streets, if nobody else walked."""
    chains = chain_steps.size
    for b in range(people.size):
        if people[b] == 0:
            continue
        steps, narrow = door_steps[door[b]], units[2 * chains + door[b]]
        if start_place[b] < chains:
            narrow = min(narrow, units[chains + start_place[b]])
        for at in range(begin[b], end[b]):
            steps += chain_steps[way[at]]
            narrow = min(narrow, units[way[at]], units[chains + way[at]])
        ahead[b] = min(steps + (people[b] + narrow - 1) // narrow, _FAR - 1)


@kernel
def carry(
    order, chain_steps, units, door_steps, start_place, start_step, people, begin, end, way, door, horizon, goal, content, dirty, gone, enough=np.inf,
):  # fmt: skip
    """Carry a plan out until everybody is inside or the horizon is reached.

    Parameters
    ----------
    order
        Queues from far to near, shape (2C + E',).
    chain_steps, units, door_steps
        Steps of chains (C,); units per step of every queue (2C + E',); steps of doors (E',).
    start_place, start_step
        Where and when each building joins the streets: a chain (its far end) or ``C`` for a junction, shape (B,). Those of the
        same step go in the order of what is ahead of them if nobody else walked, the farthest first, then in their own.
    people
        Units of each building, 0 for those that stay, shape (B,).
    begin, end, way, door
        Chains still to enter, ``way[begin[b]:end[b]]``, and door of each building.
    horizon
        Steps after which to give up.
    goal
        Steps within which nobody is late.
    content
        Filled with the units that stand in each queue before it serves, shape (2C + E', steps); a shape of (0, 0) for none.
    dirty
        Which rows of `content` are not zero, before and after, shape (2C + E',), or (0,) without `content`.
    gone
        Filled, for each building that gets inside, with the step in which its last unit left each queue on its way: in column 2k
        the far end of the last of k chains (k = 0: the chain it joins), in column 2k + 1 the near end of the next one or the
        door, shape (B, 2 × most chains + 2); a shape of (0, 0) for none.
    enough
        Lateness beyond which to give up, as if the horizon were reached [units × steps²].

    Returns
    -------
    done
        Steps until the last of each building is inside, `NEVER` if not within the horizon, 0 for those that stay, (B,).
    waited, served
        Unit-steps waited and units served in each queue, shape (2C + E',).
    late
        Units that get inside after the goal, each times the steps it is late, squared.
    """
    chains = chain_steps.size
    queues = 2 * chains + door_steps.size
    used = np.zeros(queues, np.bool_)
    going = 0
    longest = 1
    for b in range(people.size):
        if people[b] > 0:
            going += 1
            if start_place[b] < chains:
                used[chains + start_place[b]] = True
            for at in range(begin[b], end[b]):
                used[way[at]] = True
                used[chains + way[at]] = True
                longest = max(longest, chain_steps[way[at]] + 1)
            used[2 * chains + door[b]] = True
            longest = max(longest, door_steps[door[b]] + 1)
    serving = order[used[order]]
    turn = np.full(queues, -1, np.int64)
    turn[serving] = np.arange(serving.size)
    next_queue = np.full(way.size, -1, np.int64)
    start_queue, door_queue = np.full(people.size, -1, np.int64), np.full(people.size, -1, np.int64)
    steps_to_door = door_steps[door]
    for b in range(people.size):
        if people[b] > 0:
            for at in range(begin[b], end[b]):
                next_queue[at] = turn[way[at]]
            if start_place[b] < chains:
                start_queue[b] = turn[chains + start_place[b]]
            door_queue[b] = turn[2 * chains + door[b]]
    ahead = np.zeros(people.size, np.int64)
    _look_ahead(people, start_place, begin, end, way, door, chain_steps, door_steps, units, ahead)
    by_start = np.argsort(start_step * _FAR - ahead, kind="mergesort")
    size = _PARCELS * people.size + 16
    while True:
        queue = np.full((serving.size, 8), -1, np.int64)
        for q in range(serving.size):
            own = serving[q]
            queue[q, _INSIDE], queue[q, _UNITS] = 0, units[own]
            queue[q, _AFTER] = _JUNCTION if own < 2 * chains else _DOOR
            if own < chains:
                queue[q, _AFTER], queue[q, _STEPS] = turn[chains + own], chain_steps[own]
        pool = np.zeros((size, 8), np.int64)
        for parcel in range(size):
            pool[parcel, _NEXT] = parcel + 1 if parcel + 1 < size else -1
        free = np.zeros(1, np.int64)
        late = np.zeros(1, np.float64)
        done, left = np.where(people > 0, NEVER, 0), people.copy()
        own_waited, own_served = np.zeros(serving.size, np.int64), np.zeros(serving.size, np.int64)
        ring = np.full(longest, -1, np.int64)
        for row in range(dirty.size):
            if dirty[row]:
                content[row, :] = 0
                dirty[row] = False
        if _serve(
            going, by_start, start_queue, start_step, people, begin, end, next_queue, door_queue, steps_to_door, horizon, goal, enough,
            serving, content, dirty, gone, late, done, left, own_waited, own_served, ring, queue, pool, free,
        ):  # fmt: skip
            break
        size *= 2
    waited, served = np.zeros(queues, np.int64), np.zeros(queues, np.int64)
    waited[serving], served[serving] = own_waited, own_served
    return done, waited, served, late[0]
