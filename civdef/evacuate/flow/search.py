"""Residual search: where can those who are left yet come to, by which ways, giving way included, and is there room?

Because waiting is free, whoever can be at a node in step t can be there in every later one too. So the places in
time that somebody left can reach with at most k moves are told by one number per node, the *earliest* such step, and the search
labels nodes, not nodes times steps. It runs from those left, breadth first, and writes a record each
time a label falls: the steps from the new label to before the old are the record's *band*, those which it takes exactly as many
moves to reach as its *level* says. When no shelter with room is reached, the last labels are a minimum cut.

A move is: along an arc that has units left; backwards along an arc, taking units off it that go on from its tail another way;
through a door that has units left, into a shelter with room or instead of somebody who goes on from one of the
shelter's doors; into a source, instead of people who leave it by another release. Waiting is no move, nor is taking the place of those
who wait: a label that falls goes on falling as long as people wait there.
"""

from __future__ import annotations

from typing import NamedTuple

from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.slots import Slots, following, held_from
from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import shared

UNSEEN = -1

NEVER = 2**30
"""The earliest step at a node that nobody left reaches."""


class Labels(NamedTuple):
    """Labels and records of a search.

    Attributes
    ----------
    earliest
        First step in which somebody left can be there, `NEVER`: none, shape (N,).
    record
        Newest record of each node, -1: none, shape (N,).
    shelter_level, source_level
        Moves by which somebody left comes into a shelter, or instead of somebody of a source (0: it has people left); -1: in no
        way. To be put out, or to set out, is part of that move, shapes (S,), (I,).
    node, label, level, older
        The records, in order of level: node, lower end of the band, level, and the node's record before.
    moves
        Level of each node and step, `NEVER` where nobody left comes, shape (N, steps); those who send people keep them.
    since, beyond, joining
        Room for the cuts between levels, shapes (N,), (S,), and one a record.
    """

    earliest: Ints32
    record: Ints32
    shelter_level: Ints32
    source_level: Ints32
    node: Ints32
    label: Ints32
    level: Ints32
    older: Ints32
    moves: Ints32
    since: Ints32
    beyond: Ints32
    joining: Ints


@shared
def note(k: Slots, b: Labels, size: int, v: int, t: int, level: int) -> int:
    """Lower the label of node v to t, and as far as people wait there; return the number of records."""
    t = held_from(k.held, v, t)
    b.earliest[v] = t
    r = b.record[v]
    if r < 0 or b.level[r] != level:
        b.older[size] = r
        r = size
        b.record[v] = r
        b.node[r], b.level[r] = v, level
        size += 1
    b.label[r] = t
    return size


@shared
def set_out(g: Graph, f: Flow, k: Slots, b: Labels, i: int, size: int, level: int, steps: int) -> int:
    """Label the nodes where people of a source can set out."""
    b.source_level[i] = level
    for p in range(g.source_first[i], g.source_first[i + 1]):
        o = g.source_release[p]
        w, t = g.release_node[o], g.release_step[o]
        if t < b.earliest[w] and t < steps:
            size = note(k, b, size, w, t, level)
    return size


@shared
def scan(g: Graph, k: Slots, b: Labels, here: int, size: int, steps: int) -> int:
    """Lower the labels of the nodes to which it is one move from a record's band."""
    v, label, level = b.node[here], b.label[here], b.level[here] + 1
    for q in range(g.out_first[v], g.out_first[v + 1]):
        a = g.out_arc[q]
        w = g.head[a]
        end = min(b.earliest[w], steps) - g.steps[a]
        t = following(k.free, a, label, end)
        if t < end:
            size = note(k, b, size, w, t + g.steps[a], level)
    for q in range(g.in_first[v], g.in_first[v + 1]):
        a = g.in_arc[q]
        u = g.tail[a]
        end = min(b.earliest[u], steps - g.steps[a])
        t = following(k.used, a, max(label - g.steps[a], 0), end)
        if t < end:
            size = note(k, b, size, u, t, level)
    return size


@shared
def scan_doors(g: Graph, f: Flow, k: Slots, b: Labels, here: int, size: int, steps: int) -> tuple[int, int]:
    """Go through the doors here, and let those who can be put out go on; return how many shelters with room are reached, too."""
    v, level, found = b.node[here], b.level[here] + 1, 0
    for q in range(g.at_first[v], g.at_first[v + 1]):
        d = g.at_door[q]
        s = g.door_shelter[d]
        if b.shelter_level[s] != UNSEEN:
            continue
        t, end = b.label[here], steps - g.door_steps[d]
        while t < end and f.door[d, t] >= g.door_units[d]:
            t += 1
        if t >= end:
            continue
        b.shelter_level[s] = level
        found += f.room[s] > 0
        for p in range(g.shelter_first[s], g.shelter_first[s + 1]):
            o = g.shelter_door[p]
            w, y = g.door_node[o], 0
            end = min(b.earliest[w], steps)
            while y < end and f.door[o, y] == 0:
                y += 1
            if y < end:
                size = note(k, b, size, w, y, level)
    return size, found


@shared
def scan_releases(g: Graph, f: Flow, k: Slots, b: Labels, here: int, size: int, steps: int) -> int:
    """Stand in for people who set out here, and let them set out elsewhere."""
    v, level = b.node[here], b.level[here] + 1
    for q in range(g.node_first[v], g.node_first[v + 1]):
        r = g.node_release[q]
        i = g.release_source[r]
        if f.entry[r] > 0 and g.release_step[r] >= b.label[here] and b.source_level[i] == UNSEEN:
            size = set_out(g, f, k, b, i, size, level, steps)
    return size


@shared
def search(g: Graph, f: Flow, k: Slots, b: Labels, steps: int) -> tuple[int, int, bool]:
    """Label everything; return how many shelters with room are reached, the number of records, and whether there was room for all."""
    for v in range(b.earliest.size):
        b.earliest[v] = NEVER
        b.record[v] = -1
    for i in range(b.source_level.size):
        b.source_level[i] = UNSEEN
    for s in range(b.shelter_level.size):
        b.shelter_level[s] = UNSEEN
    size, found = 0, 0
    for i in range(b.source_level.size):
        if f.left[i] > 0:
            size = set_out(g, f, k, b, i, size, 0, steps)
    spare = g.door_node.size + g.release_node.size
    here = 0
    while here < size:
        v = b.node[here]
        degree = g.in_first[v + 1] - g.in_first[v] + g.out_first[v + 1] - g.out_first[v]
        if size + degree + spare >= b.node.size:
            return found, size, False
        size = scan(g, k, b, here, size, steps)
        size, more = scan_doors(g, f, k, b, here, size, steps)
        found += more
        size = scan_releases(g, f, k, b, here, size, steps)
        here += 1
    return found, size, True
