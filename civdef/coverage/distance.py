"""Walking distances on the street network, exact, to the nearest, the k nearest or each of several places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from civdef.graph.roads import StreetNetwork

Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]

NONE = -1
"""Source of a node that no source can be reached from."""


@dataclass(frozen=True, eq=False)
class Walks:
    """The walkable streets, turned round for searches *from* shelters that answer walks *to* them.

    Attributes
    ----------
    matrix
        Sparse, entry (v, u) is the length of the shortest arc u → v [m]; arcs of no length are kept as such.
    """

    matrix: Any

    @classmethod
    def of(cls, network: StreetNetwork, open_arcs: NDArray[np.bool_] | None = None) -> Walks:
        """Return the walks of a network.

        Parameters
        ----------
        network
            The streets.
        open_arcs
            Arcs that may be walked; None: those passable today (locked gates count as closed), shape (M,).
        """
        from scipy.sparse import csr_array

        keep = network.passable if open_arcs is None else open_arcs
        rows, columns, length = network.head[keep], network.tail[keep], network.length_m[keep]
        order = np.lexsort((length, columns, rows))
        rows, columns, length = rows[order], columns[order], length[order]
        first = np.ones(len(rows), dtype=np.bool_)
        first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        rows, columns, length = rows[first], columns[first], length[first]
        indptr = np.searchsorted(rows, np.arange(network.nodes + 1))
        return cls(csr_array((length, columns, indptr), shape=(network.nodes, network.nodes)))

    def nearest(self, sources: ArrayLike) -> tuple[Floats, Nodes]:
        """Return for every node the distance to its nearest source, and which source that is.

        Parameters
        ----------
        sources
            Node of each source.

        Returns
        -------
        distance_m : numpy.ndarray
            Infinite where no source can be reached, shape (N,).
        source : numpy.ndarray
            Index into `sources` of the nearest one (the first of several at one node), `NONE` for none, shape (N,).
        """
        from scipy.sparse.csgraph import dijkstra

        nodes = np.asarray(sources, dtype=np.int32)
        n = self.matrix.shape[0]
        if len(nodes) == 0 or n == 0:
            return np.full(n, np.inf), np.full(n, NONE, dtype=np.int32)
        distinct, first = np.unique(nodes, return_index=True)
        distance, _, root = dijkstra(self.matrix, indices=distinct, min_only=True, return_predecessors=True)
        index = np.full(n, NONE, dtype=np.int32)
        index[distinct] = first.astype(np.int32)
        found = np.isfinite(distance)
        return distance, np.where(found, index[np.where(found, root, 0)], NONE).astype(np.int32)

    def to_each(self, groups: list[NDArray[np.int32]], targets: NDArray[np.int32]) -> Floats:
        """Return the distance from every target node to the nearest node of each group.

        Parameters
        ----------
        groups
            Nodes of each group, e.g. the entrances of a shelter.
        targets
            Nodes asked about, shape (T,).

        Returns
        -------
        numpy.ndarray
            Infinite where there is no way, shape (T, groups).
        """
        from scipy.sparse.csgraph import dijkstra

        found = np.full((len(targets), len(groups)), np.inf)
        for k, nodes in enumerate(groups):
            if len(nodes) and len(targets):
                found[:, k] = dijkstra(self.matrix, indices=np.unique(nodes), min_only=True)[targets]
        return found


def k_nearest(distance_m: Floats, k: int) -> tuple[NDArray[np.intp], Floats]:
    """Return the `k` nearest columns of each row of a distance matrix, nearest first, ties by column.

    Parameters
    ----------
    distance_m
        Shape (T, G).
    k
        How many; fewer where there are fewer columns.
    """
    order = np.argsort(distance_m, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(distance_m, order, axis=1)


def quantile(values: Floats, weights: NDArray[np.int64], share: float) -> float | None:
    """Return the smallest value at or below which at least `share` of the weight lies; None without weight."""
    total = int(weights.sum())
    if total == 0:
        return None
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(running, share * total)]])
