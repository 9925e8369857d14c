"""Sending people along the ways a residual search has found, until no shortest way is left (a blocking flow).

From each source with people left a depth-first search makes moves to lower levels only, each as early as may be. Whenever a way
is complete, as many go as it lets through; the search goes on before the first move that is used up. A place in time from
which nobody got in is dead, and so is every later one of its band. Levels fall along a way and bands do not overlap, so no
way uses anything twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from civdef.evacuate.flow.layers import tightest
from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.search import UNSEEN, Labels, search
from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import digest, entry, shared

START, ALONG, OFF, INSIDE, INSTEAD, RECALL = range(6)
"""Moves: out of a source, along an arc, backwards along an arc, into a shelter with room, into a full one and out of a door
instead of somebody, into a source and out of another release."""


class Path(NamedTuple):
    """The way so far: per move its kind and what it uses, before it the node, step of arrival there, record and place in the list of moves.

    ``what`` is an arc, door or release; ``slot`` the step of the move at its node; ``other``, ``other_slot`` the second door
    or release of a double move.
    """

    node: Ints32
    arrival: Ints32
    record: Ints32
    following: Ints32
    kind: Ints32
    what: Ints32
    slot: Ints32
    other: Ints32
    other_slot: Ints32


@shared
def band(b: Labels, v: int, t: int) -> int:
    """Return the record of node v whose band step t lies in; -1: none."""
    r = b.record[v]
    if r < 0 or t > b.label[r]:
        return -1
    while b.older[r] >= 0 and b.label[b.older[r]] >= t:
        r = b.older[r]
    return int(r)


@shared
def alive(b: Labels, v: int, t: int, level: int) -> int:
    """Return the record of (v, t) if it has at most `level` moves to go and is not dead; -1: no, -2: nor is any later step."""
    r = band(b, v, t)
    if r < 0 or b.level[r] > level:
        return -2
    if t >= b.dead[r]:
        return -1
    return r


@shared
def arc_step(g: Graph, f: Flow, b: Labels, a: int, off: bool, t: int, level: int) -> int:
    """Return the record that a move along an arc (or off it) leads to, made at step t of its first node; -1: none, -2: nor later."""
    if off:
        x = t - g.steps[a]
        if f.arc[a, x] == 0:
            return -1
        return alive(b, g.tail[a], x, level)
    if f.arc[a, t] >= g.units[a]:
        return -1
    return alive(b, g.head[a], t + g.steps[a], level)


@shared
def try_arc(g: Graph, f: Flow, b: Labels, p: Path, depth: int, a: int, off: bool, steps: int) -> bool:
    """Find the step for a move along (or off) an arc from the end of the way, and make it."""
    here, v, x = p.record[depth], p.node[depth], p.arrival[depth]
    level = b.level[here] - 1
    low = b.label[b.older[here]] + 1 if b.older[here] >= 0 else 0
    shift = g.steps[a] if off else 0
    low = max(low, shift)
    last = b.label[here] if off else min(b.label[here], steps - 1 - g.steps[a])
    w = g.tail[a] if off else g.head[a]
    if b.record[w] < 0:
        return False
    last = min(last, b.latest[w] + (shift if off else -g.steps[a]))
    t = max(x, low)
    found = -1
    while t <= last:
        found = arc_step(g, f, b, a, off, t, level)
        if found != -1:
            break
        t += 1
    if found < 0 or t > last:
        found = -1
        t = min(x, b.label[here] + 1) - 1
        while t >= low and f.wait[v, t] > 0:
            if t <= last:
                found = arc_step(g, f, b, a, off, t, level)
                if found >= 0:
                    break
            t -= 1
        if found < 0 or t < low or f.wait[v, t] == 0:
            return False
    p.kind[depth], p.what[depth], p.slot[depth] = (OFF if off else ALONG), a, t
    p.node[depth + 1], p.record[depth + 1] = w, found
    p.arrival[depth + 1] = t - g.steps[a] if off else t + g.steps[a]
    p.following[depth + 1] = 0
    return True


@shared
def put_out(g: Graph, f: Flow, b: Labels, s: int, level: int) -> int:
    """Return a door of a full shelter through which somebody came who could go on from there; its step is kept; -1: none."""
    while b.shelter_next[s] < g.shelter_first[s + 1]:
        d = g.shelter_door[b.shelter_next[s]]
        v = g.door_node[d]
        t = b.shelter_slot[s]
        while t <= b.latest[v]:
            if f.door[d, t] > 0 and alive(b, v, t, level) >= 0:
                b.shelter_slot[s] = t
                return int(d)
            t += 1
        b.shelter_next[s] += 1
        b.shelter_slot[s] = 0
    return -1


@shared
def try_door(g: Graph, f: Flow, b: Labels, p: Path, depth: int, d: int, steps: int) -> bool:
    """Go through a door, into room or instead of somebody."""
    here, v, x = p.record[depth], p.node[depth], p.arrival[depth]
    s = g.door_shelter[d]
    if b.shelter_level[s] == UNSEEN or b.shelter_level[s] >= b.level[here]:
        return False
    low = b.label[b.older[here]] + 1 if b.older[here] >= 0 else 0
    last = min(b.label[here], steps - 1 - g.door_steps[d])
    t = max(x, low)
    while t <= last and f.door[d, t] >= g.door_units[d]:
        t += 1
    if t > last:
        t = min(x, b.label[here] + 1) - 1
        while t >= low and f.wait[v, t] > 0 and (t > last or f.door[d, t] >= g.door_units[d]):
            t -= 1
        if t < low or f.wait[v, t] == 0:
            return False
    if f.room[s] > 0 and b.shelter_level[s] == 0:
        p.kind[depth], p.what[depth], p.slot[depth] = INSIDE, d, t
        return True
    if b.shelter_level[s] == 0:
        return False
    o = put_out(g, f, b, s, b.shelter_level[s])
    if o < 0:
        return False
    y = b.shelter_slot[s]
    p.kind[depth], p.what[depth], p.slot[depth] = INSTEAD, d, t
    p.other[depth], p.other_slot[depth] = o, y
    w = g.door_node[o]
    p.node[depth + 1], p.arrival[depth + 1], p.record[depth + 1] = w, y, band(b, w, y)
    p.following[depth + 1] = 0
    return True


@shared
def set_out(g: Graph, f: Flow, b: Labels, p: Path, depth: int, i: int, level: int) -> bool:
    """Leave source i by a release from which somebody gets in, within `level` moves, to depth + 1."""
    for q in range(g.source_first[i], g.source_first[i + 1]):
        r = g.source_release[q]
        v, t = g.release_node[r], g.release_step[r]
        to = alive(b, v, t, level)
        if to >= 0:
            p.other[depth] = r
            p.node[depth + 1], p.arrival[depth + 1], p.record[depth + 1] = v, t, to
            p.following[depth + 1] = 0
            return True
    return False


@shared
def try_recall(g: Graph, f: Flow, b: Labels, p: Path, depth: int, r: int) -> bool:
    """Go into a source instead of people who left it by release r, and out by another."""
    here, v, x = p.record[depth], p.node[depth], p.arrival[depth]
    i, t = g.release_source[r], g.release_step[r]
    if f.entry[r] == 0 or b.source_level[i] == UNSEEN or b.source_level[i] >= b.level[here]:
        return False
    low = b.label[b.older[here]] + 1 if b.older[here] >= 0 else 0
    if t < low or t > b.label[here]:
        return False
    for y in range(t, x):
        if f.wait[v, y] == 0:
            return False
    if not set_out(g, f, b, p, depth, i, b.source_level[i]):
        return False
    p.kind[depth], p.what[depth], p.slot[depth] = RECALL, r, t
    return True


@shared
def move_on(g: Graph, f: Flow, b: Labels, p: Path, depth: int, steps: int) -> bool:
    """Make the next move from the end of the way; return False if there is none."""
    v = p.node[depth]
    doors = g.at_first[v + 1] - g.at_first[v]
    outs = g.out_first[v + 1] - g.out_first[v]
    ins = g.in_first[v + 1] - g.in_first[v]
    releases = g.node_first[v + 1] - g.node_first[v]
    while p.following[depth] < doors + outs + ins + releases:
        k = p.following[depth]
        if k < doors:
            if try_door(g, f, b, p, depth, g.at_door[g.at_first[v] + k], steps):
                return True
        elif k < doors + outs:
            if try_arc(g, f, b, p, depth, g.out_arc[g.out_first[v] + k - doors], False, steps):
                return True
        elif k < doors + outs + ins:
            if try_arc(g, f, b, p, depth, g.in_arc[g.in_first[v] + k - doors - outs], True, steps):
                return True
        elif try_recall(g, f, b, p, depth, g.node_release[g.node_first[v] + k - doors - outs - ins]):
            return True
        p.following[depth] += 1
    return False


@shared
def send(g: Graph, f: Flow, b: Labels, p: Path, depth: int, source: int) -> int:
    """Send as many as go along the way; return the depth of the first move that is used up, -1: the source or the places are."""
    units = f.left[source]
    for k in range(1, depth + 1):
        kind, what, t = p.kind[k], p.what[k], p.slot[k]
        if kind == ALONG:
            units = min(units, g.units[what] - f.arc[what, t])
        elif kind == OFF:
            units = min(units, f.arc[what, t - g.steps[what]])
        elif kind == RECALL:
            units = min(units, f.entry[what])
        else:
            units = min(units, g.door_units[what] - f.door[what, t])
            if kind == INSIDE:
                units = min(units, f.room[g.door_shelter[what]])
            else:
                units = min(units, f.door[p.other[k], p.other_slot[k]])
        for y in range(t, p.arrival[k]):
            units = min(units, f.wait[p.node[k], y])
    first = -1
    f.left[source] -= units
    f.entry[p.other[0]] += units
    for k in range(depth, 0, -1):
        kind, what, t = p.kind[k], p.what[k], p.slot[k]
        used_up = False
        if kind == ALONG:
            f.arc[what, t] += units
            used_up = f.arc[what, t] == g.units[what]
        elif kind == OFF:
            f.arc[what, t - g.steps[what]] -= units
            used_up = f.arc[what, t - g.steps[what]] == 0
        elif kind == RECALL:
            f.entry[what] -= units
            f.entry[p.other[k]] += units
            used_up = f.entry[what] == 0
        else:
            f.door[what, t] += units
            used_up = f.door[what, t] == g.door_units[what]
            if kind == INSIDE:
                f.room[g.door_shelter[what]] -= units
                used_up = used_up or f.room[g.door_shelter[what]] == 0
            else:
                f.door[p.other[k], p.other_slot[k]] -= units
                used_up = used_up or f.door[p.other[k], p.other_slot[k]] == 0
        for y in range(p.arrival[k], t):
            f.wait[p.node[k], y] += units
        for y in range(t, p.arrival[k]):
            f.wait[p.node[k], y] -= units
            used_up = used_up or f.wait[p.node[k], y] == 0
        if used_up:
            first = k
    return first


@shared
def send_all(g: Graph, f: Flow, b: Labels, p: Path, source: int, steps: int) -> int:
    """Send people of a source until none is left or none gets in; return how many ways were used."""
    ways = 0
    if not set_out(g, f, b, p, 0, source, b.source_level[source]):
        return 0
    depth = 1
    while f.left[source] > 0:
        if move_on(g, f, b, p, depth, steps):
            if p.kind[depth] == INSIDE:
                ways += 1
                depth = send(g, f, b, p, depth, source)
                if depth < 0:
                    return ways
            else:
                depth += 1
            continue
        b.dead[p.record[depth]] = min(b.dead[p.record[depth]], p.arrival[depth])
        depth -= 1
        if depth == 0:
            if not set_out(g, f, b, p, 0, source, b.source_level[source]):
                return ways
            depth = 1
    return ways


DONE, SHORT, CROWDED, TIRED = range(4)
"""How a filling ends: everybody is in; a cut shows that not everybody can get in; the records ran out; the searches did."""

EVERY = 2**30
"""Level that no search reaches: after it lies the cut between those who get in and those who do not."""


def _compile_fill_up(
    source_digest: int,
) -> Callable[[Graph, Flow, Labels, Path, int, int, int, Ints], int]:
    @entry
    def fill_up(g: Graph, f: Flow, b: Labels, p: Path, steps: int, looks: int, most: int, told: Ints) -> int:
        """Search and send until it ends; see `DONE` and what follows it.

        Parameters
        ----------
        looks
            After every so many searches the cuts between levels are looked at: they show sooner that not everybody can get
            in, but by less. 0: never.
        most
            Searches allowed.
        told
            Searches and ways are added to entries 0 and 1; after `SHORT`, entries 2 and 3 are the level after which the cut
            lies, and the number of records.
        """
        if source_digest == 0:
            return -1
        for number in range(most):
            if f.left.sum() == 0:
                return DONE
            goals, size, whole = search(g, f, b, steps)
            told[0] += 1
            told[2], told[3] = EVERY, size
            if not whole and (goals == 0 or looks > 0):
                return CROWDED
            if goals == 0:
                return SHORT
            if looks > 0 and number % looks == 0:
                level, lack = tightest(g, b, size, steps)
                if lack > 0:
                    told[2] = level
                    return SHORT
            for q in range(goals):
                told[1] += send_all(g, f, b, p, b.goal[q], steps)
        return DONE if f.left.sum() == 0 else TIRED

    return fill_up


_FILES = [f"../evacuate/flow/{name}.py" for name in ("state", "search", "layers", "augment")]
fill_up = _compile_fill_up(digest([*_FILES, "compiled.py"]))


def _room(length: int) -> Ints32:
    return np.empty(length, dtype=np.int32)


def labels_for(graph: Graph, records: int) -> Labels:
    """Return room for a search.

    Parameters
    ----------
    graph
        The network.
    records
        Labels that may be given; too few are told by ``fill_up``.
    """
    n, s, i = graph.in_first.size - 1, graph.shelter_first.size - 1, graph.source_first.size - 1
    return Labels(
        latest=_room(n), record=_room(n), shelter_level=_room(s), source_level=_room(i),
        node=_room(records), label=_room(records), level=_room(records), older=_room(records),
        dead=_room(records), goal=_room(i), shelter_next=_room(s), shelter_slot=_room(s),
        since=_room(n), beyond=_room(s), leaving=np.empty(records, dtype=np.int64),
    )  # fmt: skip


def path_for(records: int) -> Path:
    """Return room for a way of as many moves as there may be records."""
    return Path(*(_room(records + 2) for _ in range(9)))
