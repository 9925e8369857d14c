"""Residual search: who is still left, and by which ways, giving way included, could they yet get in?

Because waiting is free, whoever can get in from a node at step t can do so from every earlier step too. So the places in
time from which somebody gets in with at most k moves are told by one number per node, the *latest* such step, and the search
labels nodes, not nodes times steps. It runs backwards from shelters with room, breadth first, and writes a record each
time a label rises: the steps between the old label and the new are the record's *band*, those from which it takes exactly as many
moves as its *level* says. When nobody left is reached, the last labels are a minimum cut.

A move is: along an arc that has units left; backwards along an arc, taking units off it that go on from its tail another way;
through a door that has units left, into a shelter with room or instead of somebody who goes on from one of the
shelter's doors; into a source, instead of people who leave it by another release. Waiting is no move, nor is taking the place of those
who wait: a label that rises goes on rising as long as people wait there.
"""

from __future__ import annotations

from typing import NamedTuple

from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import shared

UNSEEN = -1


class Labels(NamedTuple):
    """Labels and records of a search.

    Attributes
    ----------
    latest
        Latest step from which somebody gets in, -1: none, shape (N,).
    record
        Newest record of each node, -1: none, shape (N,).
    shelter_level, source_level
        Moves by which somebody gets in who is put out of a shelter (0: it has room), or who is at a source; -1: in no way.
        To be put out, or to set out, is part of the move before, shapes (S,), (I,).
    node, label, level, older, dead
        The records, in order of level: node, upper end of the band, level, the node's record before; and the first step of the band
        from which nobody gets in any more, which those who send people keep.
    goal
        Sources reached that have people left, nearest first, shape (I,).
    shelter_next, shelter_slot
        Where the search among those who can be put out of a shelter goes on, shape (S,).
    since, beyond, leaving
        Room for the cuts between levels, shapes (N,), (S,), and one a record.
    """

    latest: Ints32
    record: Ints32
    shelter_level: Ints32
    source_level: Ints32
    node: Ints32
    label: Ints32
    level: Ints32
    older: Ints32
    dead: Ints32
    goal: Ints32
    shelter_next: Ints32
    shelter_slot: Ints32
    since: Ints32
    beyond: Ints32
    leaving: Ints


@shared
def note(f: Flow, b: Labels, size: int, v: int, t: int, level: int, steps: int) -> int:
    """Raise the label of node v to t, and as far as people wait there; return the number of records."""
    while t + 1 < steps and f.wait[v, t] > 0:
        t += 1
    b.latest[v] = t
    r = b.record[v]
    if r < 0 or b.level[r] != level:
        b.older[size] = r
        r = size
        b.record[v] = r
        b.node[r], b.level[r] = v, level
        size += 1
    b.label[r] = t
    b.dead[r] = t + 1
    return size


@shared
def open_doors(g: Graph, f: Flow, b: Labels, s: int, size: int, level: int, steps: int) -> int:
    """Label the doors of a shelter that has a place, or where one can be freed."""
    for q in range(g.shelter_first[s], g.shelter_first[s + 1]):
        d = g.shelter_door[q]
        v = g.door_node[d]
        t = steps - 1 - g.door_steps[d]
        while t > b.latest[v] and f.door[d, t] >= g.door_units[d]:
            t -= 1
        if t > b.latest[v]:
            size = note(f, b, size, v, t, level, steps)
    return size


@shared
def scan(g: Graph, f: Flow, b: Labels, here: int, size: int, steps: int) -> int:
    """Raise the labels of the nodes from which a record's band is one move away."""
    v, label, level = b.node[here], b.label[here], b.level[here] + 1
    for q in range(g.in_first[v], g.in_first[v + 1]):
        a = g.in_arc[q]
        u = g.tail[a]
        least, units = b.latest[u], g.units[a]
        t = label - g.steps[a]
        while t > least and f.arc[a, t] >= units:
            t -= 1
        if t > least:
            size = note(f, b, size, u, t, level, steps)
    for q in range(g.out_first[v], g.out_first[v + 1]):
        a = g.out_arc[q]
        w = g.head[a]
        least = max(b.latest[w] - g.steps[a], -1)
        t = label
        while t > least and f.arc[a, t] == 0:
            t -= 1
        if t > least:
            size = note(f, b, size, w, t + g.steps[a], level, steps)
    return size


@shared
def scan_doors(g: Graph, f: Flow, b: Labels, here: int, size: int, steps: int) -> int:
    """See whether somebody who went through a door here could go on from here instead, and free a place."""
    v, label, level = b.node[here], b.label[here], b.level[here]
    for q in range(g.at_first[v], g.at_first[v + 1]):
        d = g.at_door[q]
        s = g.door_shelter[d]
        if b.shelter_level[s] != UNSEEN:
            continue
        t = label
        while t >= 0 and f.door[d, t] == 0:
            t -= 1
        if t >= 0:
            b.shelter_level[s] = level
            size = open_doors(g, f, b, s, size, level + 1, steps)
    return size


@shared
def scan_releases(
    g: Graph, f: Flow, b: Labels, here: int, size: int, steps: int, goals: int
) -> tuple[int, int]:
    """Mark the sources that can send people out here, and label the nodes where they could be recalled."""
    v, label, level = b.node[here], b.label[here], b.level[here]
    for q in range(g.node_first[v], g.node_first[v + 1]):
        r = g.node_release[q]
        i = g.release_source[r]
        if g.release_step[r] > label:
            break
        if b.source_level[i] != UNSEEN:
            continue
        b.source_level[i] = level
        if f.left[i] > 0:
            b.goal[goals] = i
            goals += 1
        for p in range(g.source_first[i], g.source_first[i + 1]):
            o = g.source_release[p]
            w, t = g.release_node[o], g.release_step[o]
            if f.entry[o] > 0 and t > b.latest[w]:
                size = note(f, b, size, w, t, level + 1, steps)
    return size, goals


@shared
def search(g: Graph, f: Flow, b: Labels, steps: int) -> tuple[int, int, bool]:
    """Label everything; return the number of goals and of records, and whether there was room for all records."""
    for v in range(b.latest.size):
        b.latest[v] = -1
        b.record[v] = -1
    for i in range(b.source_level.size):
        b.source_level[i] = UNSEEN
    size, goals = 0, 0
    for s in range(b.shelter_level.size):
        b.shelter_level[s] = 0 if f.room[s] > 0 else UNSEEN
        b.shelter_next[s] = g.shelter_first[s]
        b.shelter_slot[s] = 0
    for s in range(b.shelter_level.size):
        if b.shelter_level[s] == 0:
            size = open_doors(g, f, b, s, size, 1, steps)
    spare = g.door_node.size + g.release_node.size
    here = 0
    while here < size:
        v = b.node[here]
        degree = g.in_first[v + 1] - g.in_first[v] + g.out_first[v + 1] - g.out_first[v]
        if size + degree + spare >= b.node.size:
            return goals, size, False
        size = scan(g, f, b, here, size, steps)
        size = scan_doors(g, f, b, here, size, steps)
        size, goals = scan_releases(g, f, b, here, size, steps, goals)
        here += 1
    return goals, size, True
