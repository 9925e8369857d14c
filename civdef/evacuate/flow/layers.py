"""Cuts between the levels of a residual search: proofs that a horizon is too short long before every way has been tried.

What is reached with at most k moves and what is not: that is a cut for each k, and what the residual network still lets across it
is the most that can yet get in. A flow that is nearly the greatest has some such cut that lets fewer across than
are left; then the horizon is too short, and nothing more need be tried in it.
"""

from __future__ import annotations

import numpy as np

from civdef.evacuate.flow.cut import Cut
from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.search import UNSEEN, Labels
from civdef.evacuate.flow.state import Graph
from civdef.movement.compiled import shared


@shared
def _side(g: Graph, b: Labels, v: int, to: int, steps: int) -> int:
    """Let the people's side at node v begin at step `to`; return by how much more can cross."""
    old, change = b.since[v], 0
    for q in range(g.in_first[v], g.in_first[v + 1]):
        a = g.in_arc[q]
        if g.tail[a] != v:
            reach = g.steps[a] + b.since[g.tail[a]]
            change += g.units[a] * (max(0, to - reach) - max(0, old - reach))
    for q in range(g.out_first[v], g.out_first[v + 1]):
        a = g.out_arc[q]
        if g.head[a] != v:
            last = b.since[g.head[a]] - g.steps[a]
            change += g.units[a] * (max(0, last - to) - max(0, last - old))
    for q in range(g.at_first[v], g.at_first[v + 1]):
        d = g.at_door[q]
        if b.beyond[g.door_shelter[d]] == 1:
            last = steps - g.door_steps[d]
            change += g.door_units[d] * (max(0, last - to) - max(0, last - old))
    b.since[v] = to
    return int(change)


@shared
def _fill(g: Graph, b: Labels, s: int, steps: int) -> int:
    """Put a shelter on the people's side, where only its places count; return by how much more can cross."""
    change = g.places[s]
    b.beyond[s] = 0
    for q in range(g.shelter_first[s], g.shelter_first[s + 1]):
        d = g.shelter_door[q]
        change -= g.door_units[d] * max(0, steps - g.door_steps[d] - b.since[g.door_node[d]])
    return int(change)


@shared
def tightest(g: Graph, b: Labels, size: int, steps: int) -> tuple[int, int]:
    """Return the level after which the fewest more can cross than must, and how many fewer that is; 0 or less: all can."""
    deepest = b.level[size - 1] if size > 0 else 0
    for level in range(deepest + 2):
        b.joining[level] = 0
    for i in range(b.source_level.size):
        if b.source_level[i] != UNSEEN:
            b.joining[b.source_level[i]] += g.supply[i]
    for v in range(b.since.size):
        b.since[v] = steps
    for s in range(b.beyond.size):
        b.beyond[s] = 1
    best, lack, here, capacity, units = -1, 0, 0, 0, 0
    for level in range(deepest + 1):
        while here < size and b.level[here] == level:
            capacity += _side(g, b, b.node[here], b.label[here], steps)
            here += 1
        for s in range(b.shelter_level.size):
            if b.shelter_level[s] == level:
                capacity += _fill(g, b, s, steps)
        units += b.joining[level]
        if units - capacity > lack:
            best, lack = level, units - capacity
    return best, lack


def cut_after(network: StepNetwork, labels: Labels, level: int, size: int, steps: int) -> Cut:
    """Return the cut between the places in time reached with at most `level` moves and the others.

    Parameters
    ----------
    network, labels
        What was searched, and the result.
    level
        Moves.
    size
        Records of the search.
    steps
        The horizon.
    """
    within = labels.level[:size] <= level
    since = np.full(network.nodes, steps, dtype=np.int64)
    np.minimum.at(since, labels.node[:size][within], labels.label[:size][within].astype(np.int64))
    sources = (labels.source_level != UNSEEN) & (labels.source_level <= level)
    full = (labels.shelter_level != UNSEEN) & (labels.shelter_level <= level)
    return Cut(steps, since, sources, full)
