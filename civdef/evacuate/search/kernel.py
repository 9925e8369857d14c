"""The compiled search: some rows are taken out and put back on better ways, again and again.

A row put back looks for the way on which its last person would be inside earliest if it joined the queues that stand in the
streets, and then joins them itself, so that the next one sees it. What is accepted is judged by carrying the whole plan out,
never by the estimate.
"""

from __future__ import annotations

import numpy as np

from civdef.evacuate.carrying import NEVER, carry
from civdef.evacuate.search.choose import choose
from civdef.evacuate.search.reach import draw, look_around, new_look, settle, unload
from civdef.evacuate.search.records import Draft
from civdef.evacuate.search.slack import new_slack, note_slack
from civdef.movement.compiled import digest, kernel, shared

_SOURCES = [
    *(f"../evacuate/search/{name}.py" for name in ("kernel", "choose", "reach", "records", "slack")),
    "../evacuate/carrying.py",
    "../evacuate/routes.py",
    "compiled.py",
]

TOLL_KEPT = 0.98
"""Share of every toll that is left after each round; a search parameter."""


@kernel
def _worth(here, people, done, way_m, late, door, door_shelter, dear):
    """Return how bad a plan is, and its last step: people late beyond the goal first, then person-time, then walking."""
    value, latest = 1000.0 * late, 0
    for b in here:
        value += people[b] * (0.01 * done[b] + 1e-5 * way_m[b] + dear[door_shelter[door[b]]])
        latest = max(latest, done[b])
    return value, latest


@kernel
def _copy(source, target):
    for k in range(source.place.size):
        target.place[k], target.start[k], target.option[k] = (
            source.place[k],
            source.start[k],
            source.option[k],
        )
        target.length[k], target.door[k], target.way_m[k] = source.length[k], source.door[k], source.way_m[k]
    target.way[:] = source.way
    target.room[:] = source.room


@kernel
def _copy_row(source, target, b):
    target.place[b], target.start[b], target.option[b] = source.place[b], source.start[b], source.option[b]
    target.length[b], target.door[b], target.way_m[b] = source.length[b], source.door[b], source.way_m[b]
    target.way[b] = source.way[b]


@shared
def _note(b, plan, trail):
    """Note the way that a row takes."""
    n = trail.filled[0]
    if n == trail.row.size:
        return
    trail.row[n], trail.option[n], trail.door[n] = b, plan.option[b], plan.door[b]
    trail.length[n] = plan.length[b]
    for k in range(plan.length[b]):
        trail.way[n, k] = plan.way[b, k]
    trail.filled[0] = n + 1


@kernel
def _copied(plan):
    return Draft(
        plan.place.copy(), plan.start.copy(), plan.option.copy(), plan.way.copy(), plan.length.copy(), plan.door.copy(),
        plan.way_m.copy(), plan.room.copy(),
    )  # fmt: skip


@kernel
def _fill(here, people, chains, plan, load):
    """Count the people on every chain."""
    load[:] = 0
    for b in here:
        if plan.place[b] < chains:
            load[plan.place[b]] += people[b]
        for k in range(plan.length[b]):
            load[plan.way[b, k]] += people[b]


@kernel
def _put_back(
    goal, how, n, some, done, town, rows, plan, members_ptr, ways_open, load, toll, dear, content, dirty, slack, look, state,
    finish, finish_m, price,
):  # fmt: skip
    """Put rows back one after the other. Returns whether all found a way."""
    door_shelter = town.door_shelter
    people, group = rows.people, rows.group
    start, room, way_m = plan.start, plan.room, plan.way_m
    score = np.zeros(n, np.float64)
    for i in range(n):
        b = some[i]
        if how == 0:
            score[i] = draw(state, 1 << 20)
        elif how == 1:
            score[i] = -done[b]
        elif how == 2:  # those with the fewest shelters in reach first
            score[i] = ways_open[b] + draw(state, 1000) / 1000.0
        else:
            score[i] = -(start[b] * 1000.0 + people[b] / 100.0)
    for i in range(n):  # rows of a group follow its first one
        for k in range(i):
            if group[some[k]] == group[some[i]]:
                score[i] = score[k]
                break
    ranked = np.argsort(score, kind="mergesort")
    current, only = -1, -1
    much = 1e4 * draw(state, 2)  # in every second round full shelters are the last choice
    for i in range(n):
        b = some[ranked[i]]
        whole = people[b]
        if group[b] != current:
            current, only = group[b], -1
            if members_ptr[current + 1] - members_ptr[current] > 1:
                whole = 0
                for k in range(n):
                    if group[some[k]] == current:
                        whole += people[some[k]]
        look_around(
            b, people[b], whole, only, goal, town, rows, room, load, toll, content, slack, look, finish, finish_m, price
        )  # fmt: skip
        pick, least = -1, np.inf
        for d in range(finish.size):
            if finish[d] < NEVER:
                cost = (max(finish[d], goal) + look.harm[d]) * 1e6
                dearer = price[d] + much * dear[door_shelter[d]]
                cost += dearer * (0.7 + 0.6 * draw(state, 1000) / 1000.0)
                if cost < least:
                    pick, least = d, cost
        if pick < 0 or not settle(
            b, pick, people[b], goal - finish[pick], town, rows, plan, load, content, dirty, look, slack
        ):
            return False
        only = door_shelter[pick]
        way_m[b] = finish_m[pick]
        room[only] -= people[b]
    return True


def _improve(source_digest: int):
    @kernel
    def improve(
        town, rows, plan, members_ptr, members, goal, pace_m, rounds, heat, dear, seed, horizon, trail
    ):
        """Search for a plan that is done by `goal`, or, if it is from the start, for shorter times of all in it.

        `plan` is changed in place. `heat` is the share by which a plan may be worse and yet be gone on from, in the first round;
        it falls to nothing by the last. `dear` is the price of a unit in each shelter. `trail` is filled with the ways gone on from, as far as there is
        room. Returns the steps the best plan takes.
        """
        if source_digest == 0:
            return 0
        order, chain_steps, units, out_ptr = town.order, town.chain_steps, town.units, town.out_ptr
        door_steps, door_shelter = town.door_steps, town.door_shelter
        people = rows.people
        place, start, way, length = plan.place, plan.start, plan.way, plan.length
        door, way_m, room = plan.door, plan.way_m, plan.room
        b_count, width = way.shape
        chains, junctions, doors = chain_steps.size, out_ptr.size - 1, door_steps.size
        queues = 2 * chains + doors
        state = np.array(
            [seed * np.uint64(2685821657736338717) + np.uint64(88172645463325252)], dtype=np.uint64
        )
        content, dirty = np.zeros((queues, horizon), np.int32), np.zeros(queues, np.bool_)
        slack, nobody = new_slack(queues, horizon), new_slack(queues, 0)
        gone, unnoted = np.zeros((b_count, 2 * width + 2), np.int32), np.zeros((0, 0), np.int32)
        look = new_look(junctions, doors)
        finish, finish_m = np.zeros(doors, np.int64), np.zeros(doors, np.float64)
        price = np.zeros(doors, np.float64)
        begin = np.arange(b_count) * width
        flat = way.reshape(-1)
        here = np.flatnonzero(people > 0)
        toll = np.zeros(queues + room.size, np.float64)
        ways_open = np.zeros(b_count, np.float64)
        for b in here:
            for s in range(room.size):
                if rows.walk_m[b, s] <= goal * pace_m:
                    ways_open[b] += 1.0
        load = np.zeros(chains, np.int64)
        _fill(here, people, chains, plan, load)
        done, _, _, late = carry(
            order, chain_steps, units, door_steps, place, start, people, begin, begin + length, flat, door, horizon, goal,
            content, dirty, unnoted,
        )  # fmt: skip
        now, latest = _worth(here, people, done, way_m, late, door, door_shelter, dear)
        kept, best_plan = _copied(plan), _copied(plan)
        now_done = done.copy()
        best, best_latest = now, latest
        taken, marked = rows.pinned.copy(), np.zeros(chains, np.bool_)
        empty = np.zeros((queues, 0), np.int32)
        without = people.copy()
        some = np.zeros(b_count, np.int64)
        polish = best_latest <= goal
        for used in range(rounds):
            if best_latest <= goal and not polish:
                break
            warm = heat * (1.0 - used / rounds)
            n = choose(
                goal, pace_m, latest, now_done, here, town, rows, plan, members_ptr, members, load, content, empty, nobody, toll,
                dear, look, state, some, taken, marked, finish, finish_m, price,
            )  # fmt: skip
            toll *= TOLL_KEPT
            if n == 0:
                continue
            for i in range(n):
                b = some[i]
                without[b] = 0
                room[door_shelter[door[b]]] += people[b]
                unload(b, people[b], chains, plan, load)
            without_done, _, _, _ = carry(
                order, chain_steps, units, door_steps, place, start, without, begin, begin + length, flat, door, horizon, goal,
                content, dirty, gone,
            )  # fmt: skip
            value, last = np.inf, 0
            aim = goal + draw(state, max(latest - goal, 1))  # early enough for this round
            note_slack(here, without, without_done, aim, town, plan, gone, units, content, slack)
            if _put_back(
                aim, draw(state, 4), n, some, now_done, town, rows, plan, members_ptr, ways_open, load, toll, dear, content,
                dirty, slack, look, state, finish, finish_m, price,
            ):  # fmt: skip
                done, _, _, late = carry(
                    order, chain_steps, units, door_steps, place, start, people, begin, begin + length, flat, door, horizon,
                    goal, content, dirty, unnoted,
                )  # fmt: skip
                value, last = _worth(here, people, done, way_m, late, door, door_shelter, dear)
            if value < now * (1.0 + warm * draw(state, 1000) / 1000.0):
                now, latest = value, last
                now_done[:] = done
                kept.room[:] = room
                for i in range(n):
                    _copy_row(plan, kept, some[i])
                    _note(some[i], plan, trail)
                if latest < best_latest or (latest == best_latest and now < best):
                    best, best_latest = now, latest
                    _copy(plan, best_plan)
            else:
                room[:] = kept.room
                for i in range(n):
                    _copy_row(kept, plan, some[i])
                _fill(here, people, chains, plan, load)
            for i in range(n):
                taken[some[i]] = False
                without[some[i]] = people[some[i]]
        _copy(best_plan, plan)
        return best_latest

    return improve


improve = _improve(digest(_SOURCES))
