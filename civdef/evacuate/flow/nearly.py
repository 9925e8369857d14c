"""The quickest flow nearly: a bound with its proof and a flow, for networks where to try everything takes too long.

The work is counted in searches, not in seconds, so the same question has the same answer on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from civdef.evacuate.flow.ascent import Ascent
from civdef.evacuate.flow.augment import DONE, SHORT
from civdef.evacuate.flow.cut import Cut, stretched
from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.reach import Shortage, first_cut, shortage
from civdef.evacuate.flow.state import Flow, no_flow

_AFRESH = 1.1
"""How much the horizon grows before the greedy start is made again."""

_FINER = 40
"""A horizon that may be too short is left for one longer by this part."""

_GOES_ON = 0.8
"""A horizon is kept for the flow while `patience` searches leave less than this part of those who were left."""


@dataclass(frozen=True, eq=False)
class Near:
    """A number of steps that is too few, and one that is enough.

    Attributes
    ----------
    certificate
        Why its steps are too few; None where nobody moves or no horizon is long enough.
    steps
        Steps in which everybody is inside; 0 if there is nobody; None if no horizon is long enough.
    shortage
        Why no horizon is long enough; None where `steps` is a number.
    flow
        A flow that brings everybody in within `steps`, in its first columns.
    searches
        Residual searches made.
    """

    certificate: Cut | None
    steps: int | None
    shortage: Shortage | None
    flow: Flow | None
    searches: int


def near(low: StepNetwork, network: StepNetwork, searches: int, patience: int = 20) -> Near:
    """Return a bound by a network rounded down, and a flow of the one rounded up.

    Parameters
    ----------
    low, network
        The same question rounded down and up (or twice the same network).
    searches
        How many searches the bound may take.
    patience
        After how many searches that have got in few of those left a longer horizon is tried for the flow.
    """
    lack = shortage(network)
    if lack is not None:
        return Near(None, None, lack, None, 0)
    if network.total == 0:
        return Near(None, 0, None, no_flow(network, 0), 0)
    proof, made = proved(low, searches)
    steps = started = proof.steps + 1
    ascent = Ascent(network, steps)
    ascent.start(steps)
    left = network.total
    while (end := ascent.fill(steps, looks=1, most=patience)) != DONE:
        before, left = left, int(ascent.flow.left.sum())
        if end != SHORT and left < _GOES_ON * before:
            continue
        steps += max(1, steps // _FINER)
        if steps > _AFRESH * started:
            ascent.start(steps)
            started = steps
    return Near(proof, steps, None, ascent.flow, made + int(ascent.told[0]))


def proved(network: StepNetwork, searches: int) -> tuple[Cut, int]:
    """Return a proof for as many steps as some searches can tell to be too few, and the searches made.

    The cuts between levels are looked at after each search: they prove a horizon too short long before everything is tried.
    """
    proof = first_cut(network)
    steps = started = proof.steps + 1
    ascent = Ascent(network, steps)
    ascent.start(steps)
    while (rest := searches - int(ascent.told[0])) > 0 and ascent.fill(steps, looks=1, most=rest) == SHORT:
        proof = stretched(network, ascent.cut(steps))
        steps = proof.steps + 1
        if steps > _AFRESH * started:
            ascent.start(steps)
            started = steps
    return proof, int(ascent.told[0])
