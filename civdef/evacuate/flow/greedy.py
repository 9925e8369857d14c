"""The greedy start: earliest arrivals first, each by a backward search through what is still free.

For every arrival step, from every door, a depth-first search runs back in time through arcs that have units left, guided by
when remaining people could be where at the earliest; who is found goes. Nothing is ever taken back, so the result is a good
plan, not the best; units left on an arc only shrink, so a place in time from which nobody was found stays dead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.state import Flow, Graph, Ints32
from civdef.movement.compiled import digest, entry, shared

FAR = 2**30
"""A step that never comes."""

_FREE, _DEAD, _HERE = 0, 1, 2


class Scratch(NamedTuple):
    """Room for the search: per node, per arc, per bucket, per depth, and the marks ``dead`` of shape (N, steps)."""

    earliest: Ints32
    bucket: Ints32
    following: Ints32
    entry_node: Ints32
    order: Ints32
    path_node: Ints32
    path_step: Ints32
    path_next: Ints32
    path_arc: Ints32
    dead: NDArray[np.int8]


@shared
def earliest_steps(g: Graph, left: NDArray[np.int64], steps: int, k: Scratch) -> None:
    """Fill ``k.earliest``: first step in which anybody still at a source could be at each node, `FAR` from `steps` on."""
    size = 0
    for v in range(k.earliest.size):
        k.earliest[v] = FAR
    for t in range(steps):
        k.bucket[t] = -1
    for r in range(g.release_node.size):
        v, t = g.release_node[r], g.release_step[r]
        if left[g.release_source[r]] > 0 and t < steps and t < k.earliest[v]:
            k.earliest[v] = t
            k.entry_node[size] = v
            k.following[size] = k.bucket[t]
            k.bucket[t] = size
            size += 1
    for t in range(steps):
        while k.bucket[t] >= 0:
            e = k.bucket[t]
            k.bucket[t] = k.following[e]
            u = k.entry_node[e]
            if k.earliest[u] != t:
                continue
            for q in range(g.out_first[u], g.out_first[u + 1]):
                a = g.out_arc[q]
                x, v = t + g.steps[a], g.head[a]
                if x < k.earliest[v] and x < steps and g.units[a] > 0:
                    k.earliest[v] = x
                    k.entry_node[size] = v
                    k.following[size] = k.bucket[x]
                    k.bucket[x] = size
                    size += 1


@shared
def order_arcs(g: Graph, k: Scratch) -> None:
    """Sort the arcs into each node by how soon anybody could come along them."""
    for v in range(k.earliest.size):
        for q in range(g.in_first[v], g.in_first[v + 1]):
            a = g.in_arc[q]
            key = g.steps[a] + k.earliest[g.tail[a]]
            j = q - 1
            while j >= g.in_first[v] and g.steps[k.order[j]] + k.earliest[g.tail[k.order[j]]] > key:
                k.order[j + 1] = k.order[j]
                j -= 1
            k.order[j + 1] = a


@shared
def waiting_source(g: Graph, f: Flow, v: int, t: int) -> int:
    """Return a release at node v, open by step t, whose source has somebody left; -1: none."""
    for q in range(g.node_first[v], g.node_first[v + 1]):
        r = g.node_release[q]
        if g.release_step[r] > t:
            return -1
        if f.left[g.release_source[r]] > 0:
            return int(r)
    return -1


@shared
def arrive(g: Graph, f: Flow, door: int, t: int, steps: int, k: Scratch) -> None:
    """Fill one door in one step, counted at its node."""
    depth = 0
    k.path_node[0], k.path_step[0], k.path_next[0] = g.door_node[door], t, g.in_first[g.door_node[door]]
    k.dead[g.door_node[door], t] = _HERE
    shelter = g.door_shelter[door]
    while depth >= 0:
        v, t = k.path_node[depth], k.path_step[depth]
        r = waiting_source(g, f, v, t)
        if r >= 0:
            units = min(f.left[g.release_source[r]], f.room[shelter])
            units = min(units, g.door_units[door] - f.door[door, k.path_step[0]])
            for p in range(1, depth + 1):
                a = k.path_arc[p]
                units = min(units, g.units[a] - f.arc[a, k.path_step[p]])
            keep = depth
            for p in range(depth, 0, -1):
                a = k.path_arc[p]
                f.arc[a, k.path_step[p]] += units
                if f.arc[a, k.path_step[p]] == g.units[a]:
                    keep = p - 1
            f.door[door, k.path_step[0]] += units
            f.entry[r] += units
            f.left[g.release_source[r]] -= units
            f.room[shelter] -= units
            if f.room[shelter] == 0 or f.door[door, k.path_step[0]] == g.door_units[door]:
                keep = -1
            for p in range(keep + 1, depth + 1):
                k.dead[k.path_node[p], k.path_step[p]] = _FREE
            depth = keep
            continue
        onward = False
        while k.path_next[depth] < g.in_first[v + 1]:
            a = k.order[k.path_next[depth]]
            u, x = g.tail[a], t - g.steps[a]
            if (
                x >= k.earliest[u]
                and k.dead[u, x] == _FREE
                and f.arc[a, x] < g.units[a]
                and depth + 1 < k.path_node.size
            ):
                depth += 1
                k.path_node[depth], k.path_step[depth] = u, x
                k.path_arc[depth], k.path_next[depth] = a, g.in_first[u]
                k.dead[u, x] = _HERE
                onward = True
                break
            k.path_next[depth] += 1
        if not onward:
            k.dead[v, t] = _DEAD
            depth -= 1
            if depth >= 0:
                k.path_next[depth] += 1


def _compile_fill(source_digest: int) -> Callable[[Graph, Flow, int, Scratch], int]:
    @entry
    def fill(g: Graph, f: Flow, steps: int, k: Scratch) -> int:
        if source_digest == 0:
            return -1
        waiting = -1
        for now in range(steps):
            sources = 0
            for i in range(f.left.size):
                sources += f.left[i] > 0
            if sources == 0:
                return now
            if sources != waiting:  # who could be where depends on which sources have anybody left
                earliest_steps(g, f.left, steps, k)
                order_arcs(g, k)
                waiting = sources
            for d in range(g.door_node.size):
                v, t = g.door_node[d], now - g.door_steps[d]
                if t < 0 or f.room[g.door_shelter[d]] == 0 or f.door[d, t] == g.door_units[d]:
                    continue
                if k.earliest[v] <= t and k.dead[v, t] == _FREE:
                    arrive(g, f, d, t, steps, k)
        return steps if f.left.sum() == 0 else -1

    return fill


def _compile_waits(source_digest: int) -> Callable[[Graph, Flow, int], int]:
    @entry
    def waits(g: Graph, f: Flow, steps: int) -> int:
        """Fill ``f.wait`` from everything else; return the smallest, which is negative if units come from nowhere."""
        if source_digest == 0:
            return -1
        least = 0
        for v in range(f.wait.shape[0]):
            for t in range(steps):
                f.wait[v, t] = 0
            for q in range(g.node_first[v], g.node_first[v + 1]):
                r = g.node_release[q]
                if g.release_step[r] < steps:
                    f.wait[v, g.release_step[r]] += f.entry[r]
            for q in range(g.in_first[v], g.in_first[v + 1]):
                a = g.in_arc[q]
                for t in range(steps - g.steps[a]):
                    f.wait[v, t + g.steps[a]] += f.arc[a, t]
            for q in range(g.out_first[v], g.out_first[v + 1]):
                a = g.out_arc[q]
                for t in range(steps):
                    f.wait[v, t] -= f.arc[a, t]
            for q in range(g.at_first[v], g.at_first[v + 1]):
                d = g.at_door[q]
                for t in range(steps):
                    f.wait[v, t] -= f.door[d, t]
            for t in range(1, steps):
                f.wait[v, t] += f.wait[v, t - 1]
            for t in range(steps):
                least = min(least, f.wait[v, t])
        return least

    return waits


_FILES = [f"../evacuate/flow/{name}.py" for name in ("state", "greedy")]
_fill = _compile_fill(digest([*_FILES, "compiled.py"]))
fill_waits = _compile_waits(digest([*_FILES, "compiled.py"]))


def greedy(graph: Graph, flow: Flow, steps: int) -> int:
    """Let people go, earliest arrivals first, until all are inside or the steps are over; waits are filled in too.

    Parameters
    ----------
    graph
        The network.
    flow
        No flow yet; changed in place.
    steps
        The horizon, at most what `flow` has room for.

    Returns
    -------
    int
        Steps in which everybody is inside, -1 if somebody is left.
    """
    n, a, r = flow.wait.shape[0], graph.tail.size, graph.release_node.size
    size = 2 * a + n + r + 1

    def room(length: int) -> Ints32:
        return np.empty(length, dtype=np.int32)

    depth = (
        n + steps + 2
    )  # with arcs of no travel time a path may be longer than the horizon; it is cut off here
    scratch = Scratch(
        room(n), room(max(steps, 1)), room(size), room(size), graph.in_arc.copy(),
        room(depth), room(depth), room(depth), room(depth), np.zeros((n, max(steps, 1)), dtype=np.int8),
    )  # fmt: skip
    done = int(_fill(graph, flow, steps, scratch))
    fill_waits(graph, flow, steps)
    return done
