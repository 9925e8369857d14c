"""The reference: the time-expanded network written out and given to OR-tools' maximum flow, the horizon found by bisection."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import StepNetwork
from civdef.evacuate.flow.reach import distances, first_cut

Ints = NDArray[np.int64]


def _rows(counts: Ints) -> tuple[Ints, Ints]:
    """Return which thing each row belongs to and its step."""
    of = np.repeat(np.arange(len(counts)), counts)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)


def fits(network: StepNetwork, steps: int) -> bool:
    """Return whether everybody can be inside within `steps`; places in time from which nobody gets in are left out."""
    from ortools.graph.python import max_flow

    n, i, s = network, len(network.supply), len(network.places)
    useful = (n.door_units > 0) & (n.places[n.door_shelter] > 0)
    rest = distances(n, n.door_node[useful], n.door_steps[useful], backward=True)
    layers = np.maximum(steps - np.where(np.isfinite(rest), rest, steps), 0).astype(np.int64)
    first = np.cumsum(layers) - layers
    base = int(layers.sum())
    arcs = np.where(n.units > 0, np.maximum(np.minimum(layers[n.tail], layers[n.head] - n.steps), 0), 0)
    a, t = _rows(arcs)
    tails, heads, units = [first[n.tail[a]] + t], [first[n.head[a]] + t + n.steps[a]], [n.units[a]]
    v, t = _rows(np.maximum(layers - 1, 0))
    tails.append(first[v] + t)
    heads.append(first[v] + t + 1)
    units.append(np.full(len(v), n.total))
    d, t = _rows(np.where(useful, np.maximum(np.minimum(layers[n.door_node], steps - n.door_steps), 0), 0))
    tails.append(first[n.door_node[d]] + t)
    heads.append(base + i + n.door_shelter[d])
    units.append(n.door_units[d])
    good = n.release_step < layers[n.release_node]
    tails.append(base + n.release_source[good])
    heads.append(first[n.release_node[good]] + n.release_step[good])
    units.append(np.full(int(good.sum()), n.total))
    tails += [np.full(i, base + i + s), base + i + np.arange(s)]
    heads += [base + np.arange(i), np.full(s, base + i + s + 1)]
    units += [n.supply, n.places]
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate(tails).astype(np.int32), np.concatenate(heads).astype(np.int32), np.concatenate(units)
    )
    if solver.solve(base + i + s, base + i + s + 1) != solver.OPTIMAL:
        raise RuntimeError("the maximum flow found no optimum")
    return int(solver.optimal_flow()) >= n.total


def quickest_by_bisection(network: StepNetwork, high: int) -> tuple[int, int]:
    """Return the fewest steps and the maximum flows solved.

    Parameters
    ----------
    network
        Everybody must have a place.
    high
        Steps known to be enough.
    """
    low, solved = first_cut(network).steps, 0
    while high - low > 1:
        middle = (low + high) // 2
        solved += 1
        if fits(network, middle):
            high = middle
        else:
            low = middle
    return high, solved
