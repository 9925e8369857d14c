"""Shortest walking ways: backward Dijkstra from the doors of a shelter to every node, as next-arc tables.

Ties are broken by the smaller arc number, so tables depend on nothing but the network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.movement.compiled import digest, entry, shared
from civdef.movement.network import WalkNetwork

_HERE = -2
_NONE = -1


@shared
def fill_table(
    tail: NDArray[np.int32],
    cost: NDArray[np.float64],
    in_indptr: NDArray[np.int32],
    in_arcs: NDArray[np.int32],
    closed: NDArray[np.int8],
    sources: NDArray[np.int32],
    next_arc: NDArray[np.int32],
    distance: NDArray[np.float64],
) -> None:
    """Fill one row of a next-arc table.

    Parameters
    ----------
    tail, cost
        Start node and cost of each arc (cost ≥ 0), shape ``(M,)`` or longer.
    in_indptr, in_arcs
        Arcs entering each node.
    closed
        Not 0: nobody may enter the arc.
    sources
        Nodes to go to.
    next_arc, distance
        Filled: arc to take at each node (-2: a source, -1: no way) and its cost to the nearest source, shape ``(N,)``.
    """
    n = next_arc.size
    settled = np.zeros(n, dtype=np.int8)
    place = np.full(n, -1, dtype=np.int32)
    heap = np.empty(n, dtype=np.int32)
    size = 0
    for x in range(n):
        next_arc[x] = _NONE
        distance[x] = np.inf
    for x in sources:
        if next_arc[x] != _HERE:
            next_arc[x] = _HERE
            distance[x] = 0.0
            place[x] = size  # all distances equal: any order is a heap, node number breaks ties below
            heap[size] = x
            size += 1
            sift_up(heap, place, distance, size - 1)
    while size > 0:
        x = heap[0]
        size -= 1
        place[x] = -1
        settled[x] = 1
        if size > 0:
            heap[0] = heap[size]
            place[heap[0]] = 0
            sift_down(heap, place, distance, size)
        for q in range(in_indptr[x], in_indptr[x + 1]):
            a = in_arcs[q]
            y = tail[a]
            if closed[a] != 0 or settled[y] != 0:
                continue
            d = distance[x] + cost[a]
            if d < distance[y]:
                distance[y] = d
                next_arc[y] = a
                if place[y] < 0:
                    place[y] = size
                    heap[size] = y
                    size += 1
                sift_up(heap, place, distance, place[y])
            elif d == distance[y] and a < next_arc[y]:
                next_arc[y] = a


@shared
def sift_up(heap: NDArray[np.int32], place: NDArray[np.int32], key: NDArray[np.float64], i: int) -> None:
    """Move an entry towards the top of the heap of nodes; equal keys by node number."""
    x = heap[i]
    while i > 0:
        p = (i - 1) >> 1
        y = heap[p]
        if key[y] < key[x] or (key[y] == key[x] and y < x):
            break
        heap[i] = y
        place[y] = i
        i = p
    heap[i] = x
    place[x] = i


@shared
def sift_down(heap: NDArray[np.int32], place: NDArray[np.int32], key: NDArray[np.float64], size: int) -> None:
    """Move the top entry of the heap of nodes down to where it belongs."""
    x = heap[0]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= size:
            break
        if c + 1 < size:
            l, r = heap[c], heap[c + 1]  # noqa: E741
            if key[r] < key[l] or (key[r] == key[l] and r < l):
                c += 1
        y = heap[c]
        if key[x] < key[y] or (key[x] == key[y] and x < y):
            break
        heap[i] = y
        place[y] = i
        i = c
    heap[i] = x
    place[x] = i


def _table_entry(source_digest: int):  # type: ignore[no-untyped-def] # a factory: its product is typed where used
    @entry
    def tables(tail, cost, in_indptr, in_arcs, closed, source_indptr, sources, next_arc, distance):  # type: ignore[no-untyped-def]
        if source_digest == 0:
            return
        for s in range(next_arc.shape[0]):
            row = sources[source_indptr[s] : source_indptr[s + 1]]
            fill_table(tail, cost, in_indptr, in_arcs, closed, row, next_arc[s], distance[s])

    return tables


_tables = _table_entry(digest(["routing.py", "compiled.py"]))


def next_arcs(
    network: WalkNetwork,
    source_indptr: NDArray[np.int32],
    sources: NDArray[np.int32],
    closed: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the shortest ways from every node to each of several destinations.

    Parameters
    ----------
    network
        The streets; ways are shortest by ``length / speed_factor``.
    source_indptr, sources
        Nodes of destination d: ``sources[source_indptr[d]:source_indptr[d+1]]``. One destination that holds all nodes
        gives the way to the nearest.
    closed
        True where nobody may enter the arc, shape ``(M,)``.

    Returns
    -------
    next_arc : numpy.ndarray
        Arc to take at each node, shape ``(D, N)``; -2 at a destination, -1 where there is no way.
    distance_m : numpy.ndarray
        Metres of level walking left, shape ``(D, N)``; infinite where there is no way.

    Raises
    ------
    ValueError
        If a source is not a node, or `closed` has the wrong length.
    """
    starts = np.asarray(source_indptr, dtype=np.int32)
    nodes = np.asarray(sources, dtype=np.int32)
    mask = np.zeros(network.arc_count, np.int8) if closed is None else np.asarray(closed, dtype=np.int8)
    if mask.shape != (network.arc_count,):
        raise ValueError("closed must have one entry per arc")
    if nodes.size and (nodes.min() < 0 or nodes.max() >= network.node_count):
        raise ValueError("a destination is not a node of the network")
    shape = (starts.size - 1, network.node_count)
    table = np.empty(shape, dtype=np.int32)
    distance = np.empty(shape)
    _tables(
        network.tail, network.cost_m, network.in_indptr, network.in_arcs, mask, starts, nodes, table, distance
    )
    return table, distance
