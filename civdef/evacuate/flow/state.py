"""What the kernels work on: the network with its indices, and a flow over time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import Ints, StepNetwork

Ints32 = NDArray[np.int32]


class Graph(NamedTuple):
    """A :class:`StepNetwork` in 32 bits with its arcs by node; ``*_first`` has one entry more than what it indexes."""

    tail: Ints32
    head: Ints32
    steps: Ints32
    units: Ints32
    out_first: Ints32
    out_arc: Ints32
    in_first: Ints32
    in_arc: Ints32
    release_source: Ints32
    release_node: Ints32
    release_step: Ints32
    node_first: Ints32
    """Releases by node, earliest first."""
    node_release: Ints32
    source_first: Ints32
    source_release: Ints32
    door_node: Ints32
    door_steps: Ints32
    door_units: Ints32
    door_shelter: Ints32
    at_first: Ints32
    """Doors by node."""
    at_door: Ints32
    shelter_first: Ints32
    shelter_door: Ints32
    supply: Ints
    places: Ints


class Flow(NamedTuple):
    """Units over time, in at least as many steps as the horizon has.

    ``arc[a, t]`` enter arc a in step t; ``door[d, t]`` leave the door's node in step t; ``wait[v, t]`` stay at node v from
    step t to t + 1; ``entry[r]`` come from release r (in its step, waiting at its node if need be); ``left[i]`` have not
    left source i; ``room[s]`` places of shelter s are free.
    """

    arc: Ints32
    door: Ints32
    wait: Ints32
    entry: Ints
    left: Ints
    room: Ints


def grouped(of: Ints, size: int, then: Ints | None = None) -> tuple[Ints32, Ints32]:
    """Return where each value's entries begin, shape (size + 1,), and the numbers of the entries in that order.

    Parameters
    ----------
    of
        A value of each entry, 0 … size - 1.
    size
        Number of values.
    then
        By what the entries of one value are sorted; as they come if None.
    """
    order = np.argsort(of, kind="stable") if then is None else np.lexsort((then, of))
    first = np.concatenate([[0], np.cumsum(np.bincount(of, minlength=size))])
    return first.astype(np.int32), order.astype(np.int32)


def graph_of(network: StepNetwork) -> Graph:
    """Return the network as the kernels want it."""
    n = network

    def short(column: Ints) -> Ints32:
        return np.ascontiguousarray(column, dtype=np.int32)

    return Graph(
        short(n.tail), short(n.head), short(n.steps), short(np.minimum(n.units, max(n.total, 1))),
        *grouped(n.tail, n.nodes), *grouped(n.head, n.nodes),
        short(n.release_source), short(n.release_node), short(n.release_step),
        *grouped(n.release_node, n.nodes, n.release_step), *grouped(n.release_source, len(n.supply)),
        short(n.door_node), short(n.door_steps), short(np.minimum(n.door_units, max(n.total, 1))),
        short(n.door_shelter), *grouped(n.door_node, n.nodes), *grouped(n.door_shelter, len(n.places)),
        n.supply.astype(np.int64), n.places.astype(np.int64),
    )  # fmt: skip


def no_flow(network: StepNetwork, steps: int) -> Flow:
    """Return the flow in which everybody is still at the source.

    Parameters
    ----------
    network
        N nodes, A arcs, D doors.
    steps
        Steps to make room for.
    """
    return Flow(
        np.zeros((network.arcs, steps), dtype=np.int32),
        np.zeros((network.doors, steps), dtype=np.int32),
        np.zeros((network.nodes, steps), dtype=np.int32),
        np.zeros(len(network.release_source), dtype=np.int64),
        network.supply.astype(np.int64).copy(),
        network.places.astype(np.int64).copy(),
    )


def longer(flow: Flow, steps: int) -> Flow:
    """Return the same flow with room for `steps` steps."""
    if flow.arc.shape[1] >= steps:
        return flow

    def grow(rows: Ints32) -> Ints32:
        found = np.zeros((rows.shape[0], steps), dtype=np.int32)
        found[:, : rows.shape[1]] = rows
        return found

    return Flow(grow(flow.arc), grow(flow.door), grow(flow.wait), flow.entry, flow.left, flow.room)
