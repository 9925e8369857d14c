"""The certificate: a cut of the time-expanded network that is told by one step per node, and its check from the plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import Ints, StepNetwork

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cut:
    """Why some steps are too few: more people set out on one side than can cross to the other in time.

    At node v the people's side begins with step ``since[v]``. It is left by those who enter an arc on the people's side
    and leave it on the other, who pass a door of a shelter on the other side, and who find a place in a shelter on the people's
    side, where only the places count.

    Attributes
    ----------
    steps
        The horizon that is too short.
    since
        First step on the people's side, `steps` where there is none, shape (N,).
    sources
        Whether a source is on the people's side, shape (I,).
    full
        Whether a shelter is on the people's side: every one of its places is used, shape (S,).
    """

    steps: int
    since: Ints
    sources: Bools
    full: Bools

    def arc_steps(self, network: StepNetwork) -> Ints:
        """Return in how many steps each arc is left for the other side, shape (A,)."""
        found: Ints = np.maximum(0, self.since[network.head] - network.steps - self.since[network.tail])
        return found

    def door_steps(self, network: StepNetwork) -> Ints:
        """Return in how many steps each door is passed to the other side, shape (D,)."""
        found: Ints = np.maximum(0, self.steps - network.door_steps - self.since[network.door_node])
        found[self.full[network.door_shelter]] = 0
        return found

    def capacity(self, network: StepNetwork) -> int:
        """Return how many units can cross, at most [units]."""
        return (
            int((self.arc_steps(network) * network.units).sum())
            + int((self.door_steps(network) * network.door_units).sum())
            + int(network.places[self.full].sum())
        )

    def units(self, network: StepNetwork) -> int:
        """Return how many must cross [units]."""
        return int(network.supply[self.sources].sum())

    def fault(self, network: StepNetwork) -> str:
        """Return what is wrong with this as a proof that `steps` are too few; empty: nothing, it is one.

        Whoever is at a node on the people's side in some step is there, by waiting, in every later one too; so units cross
        only where they are counted, each at most once more than they cross back. If more must cross than can, not
        everybody is inside by the end. Nothing but the network's own arrays is used.
        """
        if len(self.since) != network.nodes or len(self.sources) != len(network.supply):
            return "the cut belongs to another network"
        if ((self.since < 0) | (self.since > self.steps)).any():
            return "a side begins before the first or after the last step"
        mine = self.sources[network.release_source]
        outside = mine & (self.since[network.release_node] > network.release_step)
        if (outside & (network.supply[network.release_source] > 0)).any():
            return "a source on the people's side sets out on the other side"
        if self.units(network) <= self.capacity(network):
            return f"{self.units(network)} units must cross and {self.capacity(network)} can"
        return ""


def stretched(network: StepNetwork, cut: Cut) -> Cut:
    """Return the cut of the longest horizon that a proof, as it stands, also shows to be too short.

    Nodes on the people's side from some step on stay so; those never on it stay off it, or join it after the old horizon,
    whichever shows more.
    """
    mine = cut.sources[network.release_source]

    def at(steps: int, join: bool) -> Cut:
        since = cut.since.copy()
        if not join:
            since[since == cut.steps] = steps
            np.minimum.at(since, network.release_node[mine], network.release_step[mine])
        return Cut(steps, since, cut.sources, cut.full)

    def short(steps: int, join: bool) -> bool:
        return at(steps, join).capacity(network) < cut.units(network)

    best = cut
    for join in (False, True):
        least, gap = cut.steps, 1
        while gap < 2**20 and short(least + gap, join):
            least, gap = least + gap, 2 * gap
        while gap > 1:
            gap //= 2
            if short(least + gap, join):
                least += gap
        if least > best.steps:
            best = at(least, join)
    return best
