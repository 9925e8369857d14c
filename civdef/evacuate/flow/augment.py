"""Sending people along the ways a residual search has found, shortest ways first.

Ways are looked for from their end: from the latest step in which a door of a shelter with room is free, a depth-first search goes
back, each move to a place in time that takes one move less to reach, to somebody left. Whenever a way is complete, as many go as it
lets through; the search goes on before the move nearest to the shelter that is used up. A place in time to which no such
move leads any more gets a new level, one more than the least of those it can still be reached from (Goldberg and Tarjan call that
a relabelling), so that longer ways are found without a new search; after as many of these as the search has written records, a new
search sets all levels right. Waiting is free, so who can be there by a step can be reached in no more moves in any later one: of the
moves along a street the latest that is free is always the best.

Sources
-------
R. K. Ahuja, J. B. Orlin, *Distance-directed augmenting path algorithms for maximum flow and parametric maximum flow problems*, Naval
Research Logistics 38 (1991) 413–430.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from civdef.evacuate.flow.layers import tightest
from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.search import NEVER, Labels, search
from civdef.evacuate.flow.slots import Slots, held_until, mark, preceding, take_stock
from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import digest, entry, shared

START, ALONG, OFF, INSTEAD, RECALL = range(5)
"""Moves that bring somebody to a node: out of a source, along an arc, backwards along an arc, into a full shelter and out of a door
instead of somebody, into a source and out of another release."""


class Path(NamedTuple):
    """The way so far, from the shelter back: per node when somebody must be there, and the move that brings him.

    ``need`` is the step in which the way goes on from the node, ``last`` that until which people wait there who can go on
    instead, ``got`` the one in which the move brings somebody there: he waits, or, if it is after ``need``, takes the place of those
    who wait. ``what`` is an arc, release or, for a double move, the door or release that is left; ``other`` the one that is
    entered. ``level`` is that of the node, ``following`` the place in its list of moves.
    """

    node: Ints32
    need: Ints32
    last: Ints32
    got: Ints32
    level: Ints32
    following: Ints32
    kind: Ints32
    what: Ints32
    other: Ints32


@shared
def need(k: Slots, b: Labels, p: Path, depth: int, v: int, t: int, steps: int) -> None:
    """Let the way back end at node v, where somebody must be by step t."""
    p.node[depth], p.need[depth], p.level[depth] = v, t, b.moves[v, t]
    p.following[depth] = 0
    p.last[depth] = held_until(k.held, v, t, steps - 1)


@shared
def along(g: Graph, k: Slots, b: Labels, a: int, y: int) -> int:
    """Return the latest step in which somebody left can enter an arc to be at its head by step y; -1: none."""
    first = b.earliest[g.tail[a]]
    t = preceding(k.free, a, y - g.steps[a], first)
    return t if t >= first else -1


@shared
def off(g: Graph, k: Slots, b: Labels, a: int, y: int, steps: int) -> int:
    """Return the latest step until `y` in which people entered an arc in whose place others can step at its head; -1: none."""
    first = max(b.earliest[g.head[a]] - g.steps[a], 0)
    t = preceding(k.used, a, min(y, steps - 1 - g.steps[a]), first)
    return t if t >= first else -1


@shared
def passed(f: Flow, o: int, y: int) -> int:
    """Return the latest step until `y` in which people passed a door; -1: none."""
    while y >= 0 and f.door[o, y] == 0:
        y -= 1
    return int(y)


@shared
def step_in(g: Graph, f: Flow, b: Labels, d: int, steps: int) -> int:
    """Return the latest step in which somebody left can pass a door, counted at its node; -1: none."""
    t, first = steps - 1 - g.door_steps[d], b.earliest[g.door_node[d]]
    while t >= first and f.door[d, t] >= g.door_units[d]:
        t -= 1
    return int(t) if t >= first else -1


@shared
def by_arc(g: Graph, k: Slots, b: Labels, p: Path, depth: int, a: int, steps: int) -> bool:
    """Bring somebody to the end of the way back along an arc."""
    t = along(g, k, b, a, p.last[depth])
    if t < 0 or b.moves[g.tail[a], t] >= p.level[depth]:
        return False
    p.kind[depth], p.what[depth], p.got[depth] = ALONG, a, t + g.steps[a]
    need(k, b, p, depth + 1, g.tail[a], t, steps)
    return True


@shared
def by_turning(g: Graph, k: Slots, b: Labels, p: Path, depth: int, a: int, steps: int) -> bool:
    """Bring people to the end of the way back who entered an arc there, in whose place others step at its head."""
    y = off(g, k, b, a, p.last[depth], steps)
    if y < 0 or b.moves[g.head[a], y + g.steps[a]] >= p.level[depth]:
        return False
    p.kind[depth], p.what[depth], p.got[depth] = OFF, a, y
    need(k, b, p, depth + 1, g.head[a], y + g.steps[a], steps)
    return True


@shared
def by_door(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, depth: int, o: int, steps: int) -> bool:
    """Bring somebody to the end of the way back who went through a door there into a shelter, where another steps in."""
    y, s = passed(f, o, p.last[depth]), g.door_shelter[o]
    if y < 0:
        return False
    for q in range(g.shelter_first[s], g.shelter_first[s + 1]):
        d = g.shelter_door[q]
        t = step_in(g, f, b, d, steps)
        if t >= 0 and b.moves[g.door_node[d], t] < p.level[depth]:
            p.kind[depth], p.what[depth], p.got[depth], p.other[depth] = INSTEAD, o, y, d
            need(k, b, p, depth + 1, g.door_node[d], t, steps)
            return True
    return False


@shared
def by_recall(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, depth: int, o: int, steps: int) -> bool:
    """Bring people of a source out by a release at the end of the way back who left by another, where others stand in for them."""
    i = g.release_source[o]
    if g.release_step[o] > p.last[depth]:
        return False
    for q in range(g.source_first[i], g.source_first[i + 1]):
        r = g.source_release[q]
        v, t = g.release_node[r], g.release_step[r]
        if f.entry[r] > 0 and t < steps and b.moves[v, t] < p.level[depth]:
            p.kind[depth], p.what[depth], p.got[depth], p.other[depth] = RECALL, o, g.release_step[o], r
            need(k, b, p, depth + 1, v, t, steps)
            return True
    return False


@shared
def by_source(g: Graph, f: Flow, p: Path, depth: int) -> bool:
    """Let somebody left set out at the end of the way back."""
    v = p.node[depth]
    for q in range(g.node_first[v], g.node_first[v + 1]):
        r = g.node_release[q]
        if g.release_step[r] > p.last[depth]:
            return False
        if f.left[g.release_source[r]] > 0:
            p.kind[depth], p.what[depth], p.got[depth] = START, r, g.release_step[r]
            return True
    return False


@shared
def move_back(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, depth: int, steps: int) -> bool:
    """Find the next move that brings somebody to the end of the way back; return False if there is none."""
    v = p.node[depth]
    if p.level[depth] == 0:
        return by_source(g, f, p, depth)
    ins = g.in_first[v + 1] - g.in_first[v]
    outs = g.out_first[v + 1] - g.out_first[v]
    doors = g.at_first[v + 1] - g.at_first[v]
    releases = g.node_first[v + 1] - g.node_first[v]
    while p.following[depth] < ins + outs + doors + releases:
        j = p.following[depth]
        if j < ins:
            if by_arc(g, k, b, p, depth, g.in_arc[g.in_first[v] + j], steps):
                return True
        elif j < ins + outs:
            if by_turning(g, k, b, p, depth, g.out_arc[g.out_first[v] + j - ins], steps):
                return True
        elif j < ins + outs + doors:
            if by_door(g, f, k, b, p, depth, g.at_door[g.at_first[v] + j - ins - outs], steps):
                return True
        elif by_recall(g, f, k, b, p, depth, g.node_release[g.node_first[v] + j - ins - outs - doors], steps):
            return True
        p.following[depth] += 1
    return False


@shared
def most(g: Graph, f: Flow, p: Path, depth: int, door: int) -> int:
    """Return how many units go along a complete way."""
    source = g.release_source[p.what[depth]]
    units = min(f.left[source], f.room[g.door_shelter[door]])
    units = min(units, g.door_units[door] - f.door[door, p.need[0]])
    for j in range(depth + 1):
        kind, what, y = p.kind[j], p.what[j], p.got[j]
        if kind == ALONG:
            units = min(units, g.units[what] - f.arc[what, y - g.steps[what]])
        elif kind == OFF:
            units = min(units, f.arc[what, y])
        elif kind == INSTEAD:
            units = min(units, f.door[what, y])
            units = min(units, g.door_units[p.other[j]] - f.door[p.other[j], p.need[j + 1]])
        elif kind == RECALL:
            units = min(units, f.entry[p.other[j]])
        for x in range(p.need[j], y):
            units = min(units, f.wait[p.node[j], x])
    return int(units)


@shared
def send(g: Graph, f: Flow, k: Slots, p: Path, depth: int, door: int) -> int:
    """Send as many as go along the way; return the depth of the first move that is used up, -1: the door or the shelter is."""
    units, first = most(g, f, p, depth, door), depth
    source, shelter = g.release_source[p.what[depth]], g.door_shelter[door]
    f.left[source] -= units
    f.entry[p.what[depth]] += units
    for j in range(depth, -1, -1):
        kind, what, y = p.kind[j], p.what[j], p.got[j]
        used_up = False
        if kind == ALONG:
            t = y - g.steps[what]
            f.arc[what, t] += units
            used_up = f.arc[what, t] == g.units[what]
            mark(k.used, what, t, True)
            mark(k.free, what, t, not used_up)
        elif kind == OFF:
            f.arc[what, y] -= units
            used_up = f.arc[what, y] == 0
            mark(k.used, what, y, not used_up)
            mark(k.free, what, y, True)
        elif kind == INSTEAD:
            f.door[what, y] -= units
            f.door[p.other[j], p.need[j + 1]] += units
            used_up = f.door[what, y] == 0 or f.door[p.other[j], p.need[j + 1]] == g.door_units[p.other[j]]
        elif kind == RECALL:
            f.entry[p.other[j]] -= units
            f.entry[what] += units
            used_up = f.entry[p.other[j]] == 0
        for x in range(y, p.need[j]):
            f.wait[p.node[j], x] += units
            mark(k.held, p.node[j], x, True)
        for x in range(p.need[j], y):
            f.wait[p.node[j], x] -= units
            if f.wait[p.node[j], x] == 0:
                mark(k.held, p.node[j], x, False)
                used_up = True
        if used_up:
            first = j
    f.door[door, p.need[0]] += units
    f.room[shelter] -= units
    return -1 if f.room[shelter] == 0 or f.door[door, p.need[0]] == g.door_units[door] else first


@shared
def least(g: Graph, f: Flow, k: Slots, b: Labels, v: int, last: int, steps: int) -> int:
    """Return the least level of those from where somebody can be brought to node v by step `last`; `NEVER`: there is none."""
    level = NEVER
    for q in range(g.in_first[v], g.in_first[v + 1]):
        a = g.in_arc[q]
        t = along(g, k, b, a, last)
        if t >= 0:
            level = min(level, b.moves[g.tail[a], t])
    for q in range(g.out_first[v], g.out_first[v + 1]):
        a = g.out_arc[q]
        t = off(g, k, b, a, last, steps)
        if t >= 0:
            level = min(level, b.moves[g.head[a], t + g.steps[a]])
    for q in range(g.at_first[v], g.at_first[v + 1]):
        if passed(f, g.at_door[q], last) < 0:
            continue
        s = g.door_shelter[g.at_door[q]]
        for j in range(g.shelter_first[s], g.shelter_first[s + 1]):
            d = g.shelter_door[j]
            t = step_in(g, f, b, d, steps)
            if t >= 0:
                level = min(level, b.moves[g.door_node[d], t])
    for q in range(g.node_first[v], g.node_first[v + 1]):
        o = g.node_release[q]
        if g.release_step[o] > last:
            break
        i = g.release_source[o]
        for j in range(g.source_first[i], g.source_first[i + 1]):
            r = g.source_release[j]
            if f.entry[r] > 0 and g.release_step[r] < steps:
                level = min(level, b.moves[g.release_node[r], g.release_step[r]])
    return int(level)


@shared
def raise_level(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, depth: int, steps: int) -> None:
    """Give the end of the way back, to which no move leads, its new level; and the steps before it, which are no better.

    A level too high for the room of a way counts as none: the next search finds it, with more room if need be.
    """
    v = p.node[depth]
    level = max(least(g, f, k, b, v, p.last[depth], steps), p.level[depth])
    level = level + 1 if level + 3 < p.node.size else NEVER
    t = p.last[depth]
    while t >= 0 and b.moves[v, t] < level:
        b.moves[v, t] = level
        t -= 1


@shared
def bring(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, door: int, t: int, steps: int) -> tuple[int, int]:
    """Bring people to a door of a shelter with room by a step, until its level rises; return how many ways were used and levels raised."""
    ways, raised, depth = 0, 0, 0
    need(k, b, p, 0, g.door_node[door], t, steps)
    while depth >= 0:
        if not move_back(g, f, k, b, p, depth, steps):
            raise_level(g, f, k, b, p, depth, steps)
            raised += 1
            depth -= 1
        elif p.kind[depth] == START:
            ways += 1
            depth = send(g, f, k, p, depth, door)
            if depth >= 0:
                following = p.following[depth]
                need(k, b, p, depth, p.node[depth], p.need[depth], steps)
                p.following[depth] = following
        else:
            depth += 1
    return ways, raised


@shared
def bring_all(g: Graph, f: Flow, k: Slots, b: Labels, p: Path, steps: int, effort: int) -> int:
    """Bring people to all shelters with room, by the shortest ways first, until levels have been raised so often; return how many ways were used."""
    ways = 0
    while effort > 0:
        level = NEVER
        for d in range(g.door_node.size):
            t = step_in(g, f, b, d, steps)
            if t >= 0 and f.room[g.door_shelter[d]] > 0:
                level = min(level, b.moves[g.door_node[d], t])
        if level == NEVER:
            break
        for d in range(g.door_node.size):
            t = step_in(g, f, b, d, steps)
            if t >= 0 and f.room[g.door_shelter[d]] > 0 and b.moves[g.door_node[d], t] == level:
                more, raised = bring(g, f, k, b, p, d, t, steps)
                ways += more
                effort -= raised
    return ways


@shared
def spread(b: Labels, size: int, steps: int) -> None:
    """Write the levels of all places in time into ``b.moves``."""
    for v in range(b.earliest.size):
        for t in range(min(b.earliest[v], steps)):
            b.moves[v, t] = NEVER
    for r in range(size):
        v, older = b.node[r], b.older[r]
        for t in range(b.label[r], b.label[older] if older >= 0 else steps):
            b.moves[v, t] = b.level[r]


DONE, SHORT, CROWDED, TIRED = range(4)
"""How a filling ends: everybody is in; a cut shows that not everybody can get in; the records ran out; the searches did."""

EVERY = 2**30
"""Level that no search reaches: after it lies the cut between those who get in and those who do not."""


def _compile_fill_up(
    source_digest: int,
) -> Callable[[Graph, Flow, Slots, Labels, Path, int, int, int, Ints], int]:
    @entry
    def fill_up(
        g: Graph, f: Flow, k: Slots, b: Labels, p: Path, steps: int, looks: int, most: int, told: Ints
    ) -> int:
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
        take_stock(g, f, k, steps)
        for number in range(most):
            if f.left.sum() == 0:
                return DONE
            found, size, whole = search(g, f, k, b, steps)
            told[0] += 1
            told[2], told[3] = EVERY, size
            if not whole and (found == 0 or looks > 0):
                return CROWDED
            if found == 0:
                return SHORT
            if looks > 0 and number % looks == 0:
                level, lack = tightest(g, b, size, steps)
                if lack > 0:
                    told[2] = level
                    return SHORT
            spread(b, size, steps)
            told[1] += bring_all(g, f, k, b, p, steps, size)
        return DONE if f.left.sum() == 0 else TIRED

    return fill_up


_FILES = [f"../evacuate/flow/{name}.py" for name in ("state", "slots", "search", "layers", "augment")]
fill_up = _compile_fill_up(digest([*_FILES, "compiled.py"]))


def _room(length: int) -> Ints32:
    return np.empty(length, dtype=np.int32)


def labels_for(graph: Graph, records: int, steps: int) -> Labels:
    """Return room for a search.

    Parameters
    ----------
    graph
        The network.
    records
        Labels that may be given; too few are told by ``fill_up``.
    steps
        The longest horizon.
    """
    n, s, i = graph.in_first.size - 1, graph.shelter_first.size - 1, graph.source_first.size - 1
    return Labels(
        earliest=_room(n), record=_room(n), shelter_level=_room(s), source_level=_room(i),
        node=_room(records), label=_room(records), level=_room(records), older=_room(records),
        moves=np.empty((n, steps), dtype=np.int32),
        since=_room(n), beyond=_room(s), joining=np.empty(records, dtype=np.int64),
    )  # fmt: skip


def path_for(records: int) -> Path:
    """Return room for a way of as many moves as there may be records."""
    return Path(*(_room(records + 2) for _ in range(9)))
