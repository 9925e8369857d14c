"""The independent check of a flow: nobody vanishes, nothing is used beyond what it takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.state import Flow


def flow_fault(network: StepNetwork, flow: Flow, steps: int) -> str:
    """Return what is wrong with a flow of `steps` steps; empty: nothing.

    Everything is recomputed from the network's own arrays: units that enter each arc and door per step, people at each node
    in each step, places, and people at the sources. Who is still at a source is counted there, not lost.
    """
    n = network
    arc, door = flow.arc.astype(np.int64), flow.door.astype(np.int64)
    if (arc < 0).any() or (door < 0).any() or (flow.entry < 0).any():
        return "a negative flow"
    if (arc > n.units[:, None]).any():
        return "an arc takes more than it can"
    if (door > n.door_units[:, None]).any():
        return "a door takes more than it can"
    after = np.arange(arc.shape[1])
    if arc[(after + n.steps[:, None]) >= steps].any() or door[(after + n.door_steps[:, None]) >= steps].any():
        return "somebody arrives after the end"
    here: NDArray[np.int64] = np.zeros((n.nodes, arc.shape[1] + 1), dtype=np.int64)
    np.add.at(here, (n.release_node, np.minimum(n.release_step, arc.shape[1])), flow.entry)
    for a in range(n.arcs):
        used = np.flatnonzero(arc[a])
        here[n.tail[a], used] -= arc[a, used]
        here[n.head[a], used + n.steps[a]] += arc[a, used]
    for d in range(n.doors):
        here[n.door_node[d], : arc.shape[1]] -= door[d]
    standing = here.cumsum(axis=1)
    if (standing < 0).any():
        return "somebody leaves a node before being there"
    if standing[:, -1].any():
        return "somebody has left and not got in"
    gone = np.zeros(len(n.supply), dtype=np.int64)
    np.add.at(gone, n.release_source, flow.entry)
    if (gone + flow.left != n.supply).any() or (flow.left < 0).any():
        return "the people of a source do not add up"
    inside = np.zeros(len(n.places), dtype=np.int64)
    np.add.at(inside, n.door_shelter, door.sum(axis=1))
    if (inside + flow.room != n.places).any() or (flow.room < 0).any():
        return "the places of a shelter do not add up"
    return ""
