"""Residual search: who is still left, and by which ways, giving way included, could they yet get in?

Because waiting is free, whoever can get in from a node at step t can do so from every earlier step too. So the places in
time from which somebody gets in are told by one number per node, the *latest* such step, and the search labels nodes, not
nodes times steps. It runs backwards from doors and shelters with room; a label that rises is scanned again, between the old
and the new step only. When nobody left is reached, the labels are a minimum cut.

A label's record says how to go on from there: along an arc that has units left (`ALONG`), by taking units off an arc so that
they go from its tail some other way (`OFF`), through a door (`THROUGH`), by taking somebody's place in a full shelter, who
then goes on from another door (`INSTEAD`), by sending people of a source who left by one release out by another (`RECALL`,
`LEAVE`). Waiting for others' sake needs no records: before each move people may wait, or take the place of those who wait.
"""

from __future__ import annotations

from typing import NamedTuple

from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import shared

ALONG, OFF, THROUGH, INSTEAD, RECALL, LEAVE = range(6)


class Labels(NamedTuple):
    """Labels and records of a search.

    Attributes
    ----------
    latest
        Latest step from which somebody gets in, -1: none, shape (N,).
    record
        Record of that label, shape (N,).
    shelter_seen, source_seen
        Record by which somebody gets in from the shelter (a place freed) or the source; -1: none, -2: shelter with room.
    kind, what, slot, onward, label, node, following
        The records: the move, its arc, door or release, its step, the record after it (-1: inside), the label, the node,
        and the list of records to scan.
    bucket
        First record to scan by label, shape (steps,).
    goal
        Records of sources with people left.
    """

    latest: Ints32
    record: Ints32
    shelter_seen: Ints32
    source_seen: Ints32
    kind: Ints32
    what: Ints32
    slot: Ints32
    onward: Ints32
    label: Ints32
    node: Ints32
    following: Ints32
    bucket: Ints32
    goal: Ints32


@shared
def note(f: Flow, b: Labels, top: int, size: int, v: int, t: int, steps: int,
         kind: int, what: int, slot: int, onward: int) -> int:  # fmt: skip
    """Raise the label of node v to t, and as far as people wait there; return the number of records."""
    while t + 1 < steps and f.wait[v, t] > 0:
        t += 1
    b.latest[v] = t
    b.record[v] = size
    b.kind[size], b.what[size], b.slot[size], b.onward[size] = kind, what, slot, onward
    b.label[size], b.node[size] = t, v
    b.following[size] = b.bucket[t]
    b.bucket[t] = size
    return size + 1


@shared
def open_doors(
    g: Graph, f: Flow, b: Labels, shelter: int, size: int, top: int, steps: int, onward: int
) -> tuple[int, int]:
    """Label the doors of a shelter that has a place, or where one can be freed."""
    for q in range(g.shelter_first[shelter], g.shelter_first[shelter + 1]):
        d = g.shelter_door[q]
        v = g.door_node[d]
        t = steps - 1 - g.door_steps[d]
        while t > b.latest[v] and f.door[d, t] >= g.door_units[d]:
            t -= 1
        if t > b.latest[v]:
            size = note(f, b, top, size, v, t, steps, THROUGH, d, t, onward)
            top = max(top, b.latest[v])
    return size, top


@shared
def scan_arcs(
    g: Graph, f: Flow, b: Labels, v: int, label: int, here: int, size: int, top: int, steps: int
) -> tuple[int, int]:
    """Raise the labels of those who can come to node v by step `label`."""
    for q in range(g.in_first[v], g.in_first[v + 1]):
        a = g.in_arc[q]
        u = g.tail[a]
        least = b.latest[u]
        units = g.units[a]
        t = label - g.steps[a]
        while t > least and f.arc[a, t] >= units:
            t -= 1
        if t > least:
            size = note(f, b, top, size, u, t, steps, ALONG, a, t, here)
            top = max(top, b.latest[u])
    for q in range(g.out_first[v], g.out_first[v + 1]):
        a = g.out_arc[q]
        w = g.head[a]
        least = max(b.latest[w] - g.steps[a], -1)
        t = label
        while t > least and f.arc[a, t] == 0:
            t -= 1
        if t > least:
            size = note(f, b, top, size, w, t + g.steps[a], steps, OFF, a, t, here)
            top = max(top, b.latest[w])
    return size, top


@shared
def scan_doors(
    g: Graph, f: Flow, b: Labels, v: int, label: int, here: int, size: int, top: int, steps: int
) -> tuple[int, int]:
    """See whether somebody who went through a door at node v could go on from v instead, and free a place."""
    for q in range(g.at_first[v], g.at_first[v + 1]):
        d = g.at_door[q]
        s = g.door_shelter[d]
        if b.shelter_seen[s] != -1:
            continue
        t = 0
        while t <= label and f.door[d, t] == 0:
            t += 1
        if t <= label:
            b.shelter_seen[s] = size
            b.kind[size], b.what[size], b.slot[size], b.onward[size] = INSTEAD, d, t, here
            b.label[size], b.node[size] = t, -1
            size, top = open_doors(g, f, b, s, size + 1, top, steps, size)
    return size, top


@shared
def scan_releases(
    g: Graph, f: Flow, b: Labels, v: int, label: int, here: int, size: int, top: int, steps: int, goals: int
) -> tuple[int, int, int]:
    """Mark the sources that can send people out at node v, and label the nodes where they could be recalled."""
    for q in range(g.node_first[v], g.node_first[v + 1]):
        r = g.node_release[q]
        i = g.release_source[r]
        if g.release_step[r] > label:
            break
        if b.source_seen[i] != -1:
            continue
        b.source_seen[i] = size
        b.kind[size], b.what[size], b.slot[size], b.onward[size] = LEAVE, r, g.release_step[r], here
        b.label[size], b.node[size] = g.release_step[r], -1
        by = size
        size += 1
        if f.left[i] > 0:
            b.goal[goals] = by
            goals += 1
        for p in range(g.source_first[i], g.source_first[i + 1]):
            o = g.source_release[p]
            if f.entry[o] > 0 and g.release_step[o] > b.latest[g.release_node[o]]:
                t = g.release_step[o]
                size = note(f, b, top, size, g.release_node[o], t, steps, RECALL, o, t, by)
                top = max(top, b.latest[g.release_node[o]])
    return size, top, goals


@shared
def search(g: Graph, f: Flow, b: Labels, steps: int) -> int:
    """Label everything; return the number of goals, or -1 - goals if the records ran out."""
    for v in range(b.latest.size):
        b.latest[v] = -1
    for s in range(b.shelter_seen.size):
        b.shelter_seen[s] = -1
    for i in range(b.source_seen.size):
        b.source_seen[i] = -1
    for t in range(steps):
        b.bucket[t] = -1
    size, top, goals = 0, -1, 0
    for s in range(b.shelter_seen.size):
        if f.room[s] > 0:
            b.shelter_seen[s] = -2
            size, top = open_doors(g, f, b, s, size, top, steps, -1)
    while top >= 0:
        here = b.bucket[top]
        if here < 0:
            top -= 1
            continue
        b.bucket[top] = b.following[here]
        v = b.node[here]
        if b.record[v] != here:
            continue
        degree = g.in_first[v + 1] - g.in_first[v] + g.out_first[v + 1] - g.out_first[v]
        if size + degree + b.shelter_seen.size + g.door_node.size + 2 * g.release_node.size >= b.kind.size:
            return -1 - goals
        label = b.label[here]
        size, top = scan_arcs(g, f, b, v, label, here, size, top, steps)
        size, top = scan_doors(g, f, b, v, label, here, size, top, steps)
        size, top, goals = scan_releases(g, f, b, v, label, here, size, top, steps, goals)
    return goals
