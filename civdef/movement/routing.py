"""Shortest walking ways: backward Dijkstra from the doors of a shelter to every node, as next-arc tables.

Ties are broken by the smaller arc number, so tables depend on nothing but the network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from civdef.movement.compiled import digest, entry, shared
from civdef.movement.network import WalkNetwork
from civdef.movement.state import HERE, STEP, UNREACHABLE, Records, new_arcs, new_nodes


@shared
def clear_table(table: Records) -> None:
    """Mark every node of a table unreachable; the caller then marks the destinations (`HERE`, distance 0).

    Parameters
    ----------
    table
        Records of :data:`~civdef.movement.state.STEP`, shape ``(N,)``.
    """
    for x in range(table.size):
        table[x].arc = UNREACHABLE
        table[x].distance = np.inf


@shared
def fill_table(arcs: Records, nodes: Records, table: Records) -> None:
    """Fill a table whose destinations are marked: arc to take at each node and the cost left.

    Parameters
    ----------
    arcs
        Records with ``tail``, ``cost`` (≥ 0), ``closed`` and ``incoming``, shape ``(M,)`` or longer.
    nodes
        Records with the range of entering arcs, and scratch, shape ``(N,)``.
    table
        Shape ``(N,)``; see :func:`clear_table`.
    """
    size = 0
    for x in range(nodes.size):
        nodes[x].settled = 0
        nodes[x].place = -1
        if table[x].arc == HERE:  # all at distance 0, in order of number: that is a heap
            nodes[x].place = size
            nodes[size].heap = x
            size += 1
    while size > 0:
        near = nodes[0].heap
        size -= 1
        nodes[near].settled = 1
        if size > 0:
            sift_down(nodes, table, nodes[size].heap, size)
        for q in range(nodes[near].first_in, nodes[near].end_in):
            a = arcs[q].incoming
            y = arcs[a].tail
            if arcs[a].closed != 0 or nodes[y].settled != 0:
                continue
            d = table[near].distance + arcs[a].cost
            if d < table[y].distance:
                table[y].distance = d
                table[y].arc = a
                if nodes[y].place < 0:
                    nodes[y].place = size
                    size += 1
                sift_up(nodes, table, y)
            elif d == table[y].distance and a < table[y].arc:
                table[y].arc = a


@shared
def sift_up(nodes: Records, table: Records, x: int) -> None:
    """Move node `x` from its place towards the top of the heap; equal distances by node number."""
    i = nodes[x].place
    d = table[x].distance
    while i > 0:
        p = (i - 1) >> 1
        y = nodes[p].heap
        if table[y].distance < d or (table[y].distance == d and y < x):
            break
        nodes[i].heap = y
        nodes[y].place = i
        i = p
    nodes[i].heap = x
    nodes[x].place = i


@shared
def sift_down(nodes: Records, table: Records, x: int, size: int) -> None:
    """Put node `x` at the top of the heap and move it down to where it belongs."""
    i = 0
    d = table[x].distance
    while True:
        c = 2 * i + 1
        if c >= size:
            break
        y = nodes[c].heap
        if c + 1 < size:
            z = nodes[c + 1].heap
            if table[z].distance < table[y].distance or (table[z].distance == table[y].distance and z < y):
                c += 1
                y = z
        if d < table[y].distance or (d == table[y].distance and x < y):
            break
        nodes[i].heap = y
        nodes[y].place = i
        i = c
    nodes[i].heap = x
    nodes[x].place = i


def _fill_all(source_digest: int):  # type: ignore[no-untyped-def] # a factory: the digest ties the binary to the sources
    @entry
    def fill_all(arcs, nodes, tables, indptr, destinations):  # type: ignore[no-untyped-def]
        if source_digest == 0:
            return
        for s in range(tables.shape[0]):
            clear_table(tables[s])
            for q in range(indptr[s], indptr[s + 1]):
                tables[s, destinations[q]].arc = HERE
                tables[s, destinations[q]].distance = 0.0
            fill_table(arcs, nodes, tables[s])

    return fill_all


_fill = _fill_all(digest(["routing.py", "state.py", "compiled.py"]))


def next_arcs(
    network: WalkNetwork,
    destination_indptr: ArrayLike,
    destination_nodes: ArrayLike,
    closed: ArrayLike = False,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the shortest ways from every node to each of several destinations.

    Parameters
    ----------
    network
        The streets; ways are shortest by ``length / speed_factor``.
    destination_indptr, destination_nodes
        Nodes of destination d: ``destination_nodes[destination_indptr[d]:destination_indptr[d+1]]``. One destination
        that holds all nodes gives the way to the nearest.
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
        If a destination is not a node, the index is broken, or `closed` has the wrong length.
    """
    indptr = np.asarray(destination_indptr, dtype=np.int64)
    nodes = np.asarray(destination_nodes, dtype=np.int64)
    rising = indptr.ndim == 1 and indptr.size > 0 and not np.any(np.diff(indptr) < 0)
    if not rising or indptr[0] != 0 or indptr[-1] != nodes.size:
        raise ValueError("destination_indptr must rise from 0 to the number of destination nodes")
    if nodes.size and (nodes.min() < 0 or nodes.max() >= network.node_count):
        raise ValueError("a destination is not a node of the network")
    arcs = new_arcs(network)
    arcs["closed"] = np.asarray(closed, dtype=np.bool_)
    tables = np.empty((indptr.size - 1, network.node_count), dtype=STEP)
    _fill(arcs, new_nodes(network), tables, indptr, nodes)
    return tables["arc"].copy(), tables["distance"].copy()
