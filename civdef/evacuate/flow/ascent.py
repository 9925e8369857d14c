"""The quickest flow: the fewest steps in which everybody can be inside, a flow that does it, and a proof that fewer do not.

The horizon rises from a lower bound. At each horizon the greedy fill (only at the first) and the residual search get in whom
they can; when nobody left can get in, the search's labels are a minimum cut, which proves the horizon too short and says
by how much the next must be longer. The flow is kept: what is possible in T steps is possible in more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civdef.evacuate.flow.augment import CROWDED, SHORT, fill_up, labels_for, path_for
from civdef.evacuate.flow.cut import Cut, stretched
from civdef.evacuate.flow.greedy import greedy
from civdef.evacuate.flow.layers import cut_after
from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.reach import Shortage, first_cut, shortage
from civdef.evacuate.flow.search import Labels
from civdef.evacuate.flow.slots import slots_for
from civdef.evacuate.flow.state import Flow, Graph, graph_of, longer, no_flow

_MORE = 8
"""Spare steps allocated when the horizon outgrows the arrays."""


@dataclass(frozen=True, eq=False)
class Quickest:
    """The fewest steps, with the proof.

    Attributes
    ----------
    steps
        Fewest steps in which everybody is inside; 0 if there is nobody; None if no horizon is long enough.
    certificate
        Why one step less is too few; None where `steps` is None or 0.
    shortage
        Why no horizon is long enough; None where `steps` is a number.
    flow
        A flow that brings everybody in within `steps`, its columns the steps; None where `steps` is None.
    horizons
        Horizons that were tried, in order.
    searches
        Residual searches made.
    """

    steps: int | None
    certificate: Cut | None
    shortage: Shortage | None
    flow: Flow | None
    horizons: tuple[int, ...]
    searches: int


class Ascent:
    """A flow and its horizon, and the room for searches."""

    def __init__(self, network: StepNetwork, steps: int) -> None:
        self.network = network
        self.graph: Graph = graph_of(network)
        self.flow = no_flow(network, max(steps, 1))
        self.records = 4 * network.nodes + 2 * (
            network.arcs + network.doors + len(network.places) + len(network.release_node)
        )
        self.labels: Labels = labels_for(self.graph, self.records, self.flow.arc.shape[1])
        self.slots = slots_for(self.graph, self.flow.arc.shape[1])
        self.told = np.zeros(4, dtype=np.int64)

    def start(self, steps: int) -> None:
        """Begin anew with the greedy fill."""
        self.flow = no_flow(self.network, max(steps, 1))
        greedy(self.graph, self.flow, steps)

    def fill(self, steps: int, looks: int = 0, most: int = 2**30) -> int:
        """Get in whom `steps` allow; return `DONE`, `SHORT` or, after `most` searches, `TIRED`; see :mod:`augment`."""
        if self.flow.arc.shape[1] < steps:
            self.flow = longer(self.flow, steps + _MORE)
        if self.labels.moves.shape[1] < steps:
            self.labels = labels_for(self.graph, self.records, self.flow.arc.shape[1])
            self.slots = slots_for(self.graph, self.flow.arc.shape[1])
        while True:
            path = path_for(self.records)
            end = int(
                fill_up(self.graph, self.flow, self.slots, self.labels, path, steps, looks, most, self.told)
            )
            if end != CROWDED:
                return end
            self.records *= 4
            self.labels = labels_for(self.graph, self.records, self.flow.arc.shape[1])

    def cut(self, steps: int) -> Cut:
        """Return the cut that the last search has found."""
        return cut_after(self.network, self.labels, int(self.told[2]), int(self.told[3]), steps)


def quickest(network: StepNetwork, low: int = 0, proof: Cut | None = None) -> Quickest:
    """Return the fewest steps in which everybody can be inside.

    Parameters
    ----------
    network
        Who must get where.
    low
        Steps to begin with, if they are more than a first bound says: a guess below the optimum saves time, one above costs
        some; the answer does not depend on it.
    proof
        A cut known already, as of the same streets in the other rounding: where it proves something here too, the search begins
        after it.

    Raises
    ------
    RuntimeError
        If the result does not stand up to its own check.
    """
    lack = shortage(network)
    if lack is not None:
        return Quickest(None, None, lack, None, (), 0)
    if network.total == 0:
        return Quickest(0, None, None, no_flow(network, 0), (), 0)
    known = first_cut(network)
    if proof is not None and proof.steps > known.steps and not proof.fault(network):
        known = stretched(network, proof)
    proof = known
    first = proof.steps + 1
    steps = max(first, low)
    ascent = Ascent(network, steps)
    tried: list[int] = []
    ascent.start(steps)
    while True:
        tried.append(steps)
        if ascent.fill(steps) == SHORT:
            proof = stretched(network, ascent.cut(steps))
            steps = proof.steps + 1
        elif proof.steps == steps - 1:
            break
        else:  # the guess was too high
            steps = first
            ascent.start(steps)
    fault = proof.fault(network)
    if fault:
        raise RuntimeError(f"the proof of the optimum does not stand: {fault}")
    return Quickest(steps, proof, None, ascent.flow, tuple(tried), int(ascent.told[0]))
