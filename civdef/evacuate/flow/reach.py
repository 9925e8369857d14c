"""What can be told before any flow over time: who gets nowhere however long it takes, and a first bound on the steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.cut import Bools, Cut
from civdef.evacuate.flow.network import Ints, StepNetwork

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shortage:
    """Why no horizon is long enough: some sources reach too few places, or none.

    Attributes
    ----------
    sources
        Sources that are short together, shape (I,).
    full
        Shelters they can reach, whose places are all used, shape (S,); none: they are cut off.
    units
        Places they lack [units].
    """

    sources: Bools
    full: Bools
    units: int

    def fault(self, network: StepNetwork) -> str:
        """Return what is wrong with this as a proof; empty: nothing."""
        node = np.zeros(network.nodes, dtype=np.bool_)
        node[network.release_node[self.sources[network.release_source]]] = True
        good = network.units > 0
        while True:
            more = node.copy()
            more[network.head[good & node[network.tail]]] = True
            if (more == node).all():
                break
            node = more
        reached = network.door_shelter[node[network.door_node] & (network.door_units > 0)]
        if not self.full[reached].all():
            return "a shelter within reach is not among those that are full"
        short = int(network.supply[self.sources].sum()) - int(network.places[self.full].sum())
        return "" if short == self.units and short > 0 else f"{short} units lack a place, not {self.units}"


def shortage(network: StepNetwork) -> Shortage | None:
    """Return who lacks places however long it takes; None: everybody can get in."""
    from ortools.graph.python import max_flow

    n, i, s = network.nodes, len(network.supply), len(network.places)
    total = max(network.total, 1)
    good, door = network.units > 0, network.door_units > 0
    source, sink = n + i + s, n + i + s + 1
    tails = [network.tail[good], n + network.release_source, network.door_node[door],
             np.full(i, source), n + i + np.arange(s)]  # fmt: skip
    heads = [network.head[good], network.release_node, n + i + network.door_shelter[door],
             n + np.arange(i), np.full(s, sink)]  # fmt: skip
    free = int(good.sum()) + len(network.release_source) + int(door.sum())
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate(tails), np.concatenate(heads),
        np.concatenate([np.full(free, total, dtype=np.int64), network.supply, network.places]),
    )  # fmt: skip
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise RuntimeError("the maximum flow found no optimum")
    short = network.total - int(solver.optimal_flow())
    if short == 0:
        return None
    side = np.zeros(sink + 1, dtype=np.bool_)
    side[np.array(solver.get_source_side_min_cut(), dtype=np.int64)] = True
    mine = side[n : n + i] & (network.supply > 0)
    return Shortage(mine, side[n + i : n + i + s], short)


def first_cut(network: StepNetwork) -> Cut:
    """Return a proof that some steps are too few, as many as distances, doors and places alone can tell.

    Raises
    ------
    ValueError
        If nobody is there, or somebody reaches no shelter.
    """
    n = network
    some = n.supply[n.release_source] > 0
    useful = (n.door_units > 0) & (n.places[n.door_shelter] > 0)
    to_door = distances(n, n.door_node[useful], n.door_steps[useful], backward=True)
    last = np.full(len(n.supply), np.inf)
    np.minimum.at(last, n.release_source, to_door[n.release_node] + n.release_step)
    last[n.supply == 0] = -1
    if not len(last) or last.max() < 0 or np.isinf(last.max()):
        raise ValueError("nobody is there, or somebody reaches no shelter")
    far = int(last.argmax())
    mine = n.release_source == far
    alone = distances(n, n.release_node[mine], n.release_step[mine])
    steps = int(last[far])
    farthest = Cut(steps, _since(alone, steps), np.arange(len(n.supply)) == far, n.places == 0)
    first = distances(n, n.release_node[some], n.release_step[some])
    least, most = steps, max(2 * steps, 1)
    while (cut := _all_doors(n, first, most)).capacity(n) < n.total:
        least, most = most, 2 * most
    while most - least > 1:
        middle = (least + most) // 2
        if (cut := _all_doors(n, first, middle)).capacity(n) < n.total:
            least = middle
        else:
            most = middle
    cut = _all_doors(n, first, least)
    return cut if least > steps else farthest


def _since(earliest: Floats, steps: int) -> Ints:
    found: Ints = np.minimum(earliest, steps).astype(np.int64)
    return found


def _all_doors(n: StepNetwork, first: Floats, steps: int) -> Cut:
    """Return the cut through doors, or places where these are fewer."""
    nobody = np.zeros(len(n.places), dtype=np.bool_)
    cut = Cut(steps, _since(first, steps), n.supply > 0, nobody)
    through = np.zeros(len(n.places), dtype=np.int64)
    np.add.at(through, n.door_shelter, cut.door_steps(n) * n.door_units)
    return Cut(cut.steps, cut.since, cut.sources, through > n.places)


def distances(network: StepNetwork, nodes: Ints, steps: Ints, *, backward: bool = False) -> Floats:
    """Return the fewest steps from (backward: to) some nodes, which lie `steps` away themselves; infinite: no way, shape (N,)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n, good = network.nodes, network.units > 0
    a, b = network.tail[good], network.head[good]
    if backward:
        a, b = b, a
    row = np.concatenate([a, np.full(len(nodes), n, dtype=np.int64)])
    column = np.concatenate([b, nodes])
    weight = np.concatenate([network.steps[good], steps]).astype(np.float64)
    order = np.lexsort((weight, column, row))
    row, column, weight = row[order], column[order], weight[order]
    fresh = np.ones(len(row), dtype=np.bool_)
    fresh[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    row, column, weight = row[fresh], column[fresh], weight[fresh]
    first = np.searchsorted(row, np.arange(n + 2))
    # Arcs of no steps are stored as zeros, which scipy takes for arcs of weight zero.
    found: Floats = dijkstra(csr_array((weight, column, first), shape=(n + 1, n + 1)), indices=n)[:n]
    return found
