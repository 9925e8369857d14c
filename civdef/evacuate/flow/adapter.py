"""From the contracted streets of a problem to the plain network of the quickest flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import Ints, StepNetwork
from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import UNITS, Stepped


@dataclass(frozen=True, eq=False)
class Adapted:
    """A step network and what its parts are in the problem.

    Attributes
    ----------
    network
        Nodes are the K junctions, then the far ends of those chains that buildings join.
    arc_chain
        Chain of each arc, shape (A,).
    source_building
        Building of each source, shape (I,).
    door_entrance
        Number of each door among the problem's usable entrances, shape (D,).
    """

    network: StepNetwork
    arc_chain: Ints
    source_building: Ints
    door_entrance: Ints


def step_network(problem: Problem, stepped: Stepped, placed: NDArray[np.bool_]) -> Adapted:
    """Return the network in which those placed seek places; shelters that may not be used have none.

    A chain that no building joins is one arc: who may leave it per step follows from who may enter. One that buildings join
    is two, to its far end and, in no time, off it: there they share what may leave.

    Parameters
    ----------
    problem, stepped
        The question and its contracted streets, in either rounding.
    placed
        Buildings that count, shape (B,).
    """
    k, c = stepped.junctions, stepped.chains
    rows = np.flatnonzero(placed).astype(np.int64)
    joins = [(i, place, step) for i, row in enumerate(rows.tolist()) for place, step in stepped.start[row]]
    source, place, step = (
        np.array(x, dtype=np.int64) for x in (zip(*joins, strict=True) if joins else ((), (), ()))
    )
    joined = np.unique(place[place < c])
    end = np.full(c, -1, dtype=np.int64)
    end[joined] = k + np.arange(len(joined))
    tail, head = stepped.chain_tail.astype(np.int64), stepped.chain_head.astype(np.int64)
    none = np.zeros(len(joined), dtype=np.int64)
    node = np.where(place < c, end[np.minimum(place, max(c - 1, 0))] if c else 0, place - c)
    usable = np.flatnonzero(stepped.door_junction >= 0).astype(np.int64)
    network = StepNetwork(
        nodes=k + len(joined),
        tail=np.concatenate([tail, end[joined]]),
        head=np.concatenate([np.where(end >= 0, end, head), head[joined]]),
        steps=np.concatenate([stepped.chain_steps, none]),
        units=np.concatenate([stepped.chain_units, stepped.chain_units[joined]]),
        supply=problem.persons[rows] * UNITS,
        release_source=source,
        release_node=node.astype(np.int64),
        release_step=step,
        door_node=stepped.door_junction[usable].astype(np.int64),
        door_steps=stepped.door_steps[usable],
        door_units=stepped.door_units[usable],
        door_shelter=problem.network.entrance_shelter[problem.entrances][usable].astype(np.int64),
        places=problem.places * UNITS,
    )
    return Adapted(network, np.concatenate([np.arange(c), joined]), rows, usable)
