"""Sending people along the ways a residual search has found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from civdef.evacuate.flow.search import ALONG, INSTEAD, LEAVE, OFF, RECALL, THROUGH, Labels, search
from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import digest, entry, shared


@shared
def slot_of(g: Graph, f: Flow, kind: int, what: int, x: int, t: int) -> bool:
    """Return whether a move can be made in step t (of its arc's tail or its door's node)."""
    if kind == ALONG:
        return bool(f.arc[what, t] < g.units[what])
    if kind == OFF:
        return bool(f.arc[what, t] > 0)
    return bool(f.door[what, t] < g.door_units[what])


@shared
def choose(g: Graph, f: Flow, b: Labels, rec: int, v: int, x: int, steps: int) -> int:
    """Return the step at node v, near x, in which the move of a record is made; -1: there is none in time.

    The first possible step from x on; if from there nobody gets in any more, the last one before x for which people who
    wait at v give way.
    """
    kind, what = b.kind[rec], b.what[rec]
    shift, latest = 0, b.latest.size
    if kind == THROUGH:
        latest = steps - 1 - g.door_steps[what]
    elif kind == RECALL:
        latest = g.release_step[what]
    else:
        after = b.label[b.onward[rec]]
        if kind == ALONG:
            latest = after - g.steps[what]
        else:
            shift = g.steps[what]  # at v, the head, a unit taken off in step t stands in step t + shift
            latest = after + shift
    if kind == RECALL:
        goal = latest
        if x > goal:
            for t in range(goal, x):
                if f.wait[v, t] == 0:
                    return -1
        return int(goal)
    t = max(x, shift)
    while t <= latest:
        if slot_of(g, f, kind, what, x, t - shift):
            return t
        t += 1
    t = x - 1
    while t >= shift and f.wait[v, t] > 0:
        if t <= latest and slot_of(g, f, kind, what, x, t - shift):
            return t
        t -= 1
    return -1


@shared
def first_taken(f: Flow, door: int, label: int) -> int:
    """Return the first step, up to the label, in which somebody goes through a door; -1: none."""
    for t in range(label + 1):
        if f.door[door, t] > 0:
            return t
    return -1


@shared
def send(g: Graph, f: Flow, b: Labels, goal: int, steps: int, again: bool, path: Ints32, at: Ints32) -> int:
    """Send as many as possible from a source along its records once; return how many.

    With `again`, the steps are chosen anew, as early as may be, which is right where no node comes twice; without, they
    are those of the records.
    """
    first = b.what[goal]
    source = g.release_source[first]
    units = f.left[source]
    v, x = g.release_node[first], g.release_step[first]
    length = 0
    rec = b.onward[goal]
    while rec >= 0 and units > 0:
        kind, what = b.kind[rec], b.what[rec]
        t = b.slot[rec]
        if kind == INSTEAD:
            if again:
                t = first_taken(f, what, b.label[b.onward[rec]])
                if t < 0:
                    return 0
            units = min(units, f.door[what, t])
            v, x = g.door_node[what], t
        elif kind == LEAVE:
            v, x = g.release_node[what], g.release_step[what]
        else:
            if kind == OFF:
                t += g.steps[what]
            if again:
                t = choose(g, f, b, rec, v, x, steps)
                if t < 0:
                    return 0
            for y in range(t, x):
                units = min(units, f.wait[v, y])
            at[2 * length], at[2 * length + 1] = x, t
            if kind == ALONG:
                units = min(units, g.units[what] - f.arc[what, t])
                v, x = g.head[what], t + g.steps[what]
            elif kind == OFF:
                t -= g.steps[what]
                units = min(units, f.arc[what, t])
                v, x = g.tail[what], t
            elif kind == THROUGH:
                units = min(units, g.door_units[what] - f.door[what, t])
                if b.onward[rec] < 0:
                    units = min(units, f.room[g.door_shelter[what]])
            else:
                units = min(units, f.entry[what])
        path[length] = rec
        if kind == INSTEAD:
            at[2 * length + 1] = t
        length += 1
        rec = b.onward[rec]
    if units <= 0:
        return 0
    f.left[source] -= units
    f.entry[first] += units
    v = g.release_node[first]
    for p in range(length):
        rec = path[p]
        kind, what = b.kind[rec], b.what[rec]
        x, t = at[2 * p], at[2 * p + 1]
        if kind == INSTEAD:
            f.door[what, t] -= units
            v = g.door_node[what]
            continue
        if kind == LEAVE:
            f.entry[what] += units
            v = g.release_node[what]
            continue
        for y in range(x, t):
            f.wait[v, y] += units
        for y in range(t, x):
            f.wait[v, y] -= units
        if kind == ALONG:
            f.arc[what, t] += units
            v = g.head[what]
        elif kind == OFF:
            f.arc[what, t - g.steps[what]] -= units
            v = g.tail[what]
        elif kind == THROUGH:
            f.door[what, t] += units
            if b.onward[rec] < 0:
                f.room[g.door_shelter[what]] -= units
        else:
            f.entry[what] -= units
    return int(units)


@shared
def comes_twice(g: Graph, b: Labels, goal: int, stamp: Ints32, mark: int) -> bool:
    """Return whether a way leads over a node twice."""
    rec = goal
    while rec >= 0:
        kind, what = b.kind[rec], b.what[rec]
        v = -1
        if kind == LEAVE:
            v = g.release_node[what]
        elif kind == ALONG:
            v = g.head[what]
        elif kind == OFF:
            v = g.tail[what]
        elif kind == INSTEAD:
            v = g.door_node[what]
        if v >= 0:
            if stamp[v] == mark:
                return True
            stamp[v] = mark
        rec = b.onward[rec]
    return False


def _compile_fill_up(
    source_digest: int,
) -> Callable[[Graph, Flow, Labels, int, Ints32, Ints32, Ints32, int, Ints32], int]:
    @entry
    def fill_up(
        g: Graph,
        f: Flow,
        b: Labels,
        steps: int,
        stamp: Ints32,
        path: Ints32,
        at: Ints32,
        rounds: int,
        tally: Ints32,
    ) -> int:
        """Search and send until nobody left can get in: 0; or everybody is in: 1; or the records run out: 2; or the rounds: 3."""
        if source_digest == 0:
            return -1
        mark = 0
        for v in range(stamp.size):
            stamp[v] = 0
        for _ in range(rounds):
            if f.left.sum() == 0:
                return 1
            goals = search(g, f, b, steps)
            tally[0] += 1
            short = goals < 0
            if short:
                goals = -1 - goals
            if goals == 0:
                return 2 if short else 0
            for q in range(goals):
                goal = b.goal[q]
                mark += 1
                source = g.release_source[b.what[goal]]
                if comes_twice(g, b, goal, stamp, mark):
                    send(g, f, b, goal, steps, False, path, at)
                    tally[1] += 1
                    continue
                while f.left[source] > 0:
                    tally[2] += 1
                    if send(g, f, b, goal, steps, True, path, at) == 0:
                        break
        return 3

    return fill_up


_FILES = [f"../evacuate/flow/{name}.py" for name in ("state", "search", "augment")]
fill_up = _compile_fill_up(digest([*_FILES, "compiled.py"]))


def labels_for(graph: Graph, steps: int, records: int) -> Labels:
    """Return room for a search.

    Parameters
    ----------
    graph
        The network.
    steps
        The longest horizon.
    records
        Labels that may be given; too few are told by ``fill_up``.
    """
    n, s, i = graph.in_first.size - 1, graph.shelter_first.size - 1, graph.source_first.size - 1

    def room(length: int) -> Ints32:
        return np.empty(length, dtype=np.int32)

    return Labels(
        latest=room(n), record=room(n), shelter_seen=room(s), source_seen=room(i),
        kind=room(records), what=room(records), slot=room(records), onward=room(records), label=room(records),
        node=room(records), following=room(records), bucket=room(max(steps, 1)), goal=room(i),
    )  # fmt: skip
