"""The quickest flow nearly: a bound with its proof and a flow, for networks where to try everything takes too long.

The work is counted in searches, not in seconds, so the same question has the same answer on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civdef.evacuate.flow.ascent import Ascent
from civdef.evacuate.flow.augment import DONE, SHORT, TIRED
from civdef.evacuate.flow.cut import Cut, stretched
from civdef.evacuate.flow.network import Ints, StepNetwork
from civdef.evacuate.flow.reach import Shortage, first_cut, shortage
from civdef.evacuate.flow.state import Flow, no_flow

_AFRESH = 1.1
"""How much the horizon grows before the greedy start of a proof is made again."""

_FINER = 80
"""A horizon that may be too short is left for one longer by this part."""

_GOES_ON = 0.85
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


def near(low: StepNetwork, network: StepNetwork, searches: int, patience: int = 20, first: int = 0) -> Near:
    """Return a bound by a network rounded down, and a flow of the one rounded up.

    Parameters
    ----------
    low, network
        The same question rounded down and up (or twice the same network); they may have clocks of their own.
    searches
        How many searches the bound may take.
    patience
        After how many searches that have got in few of those left a longer horizon is tried for the flow.
    first
        The first horizon tried for the flow, if it is more than what is proved to be too few: one much too short costs time.
    """
    lack = shortage(network)
    if lack is not None:
        return Near(None, None, lack, None, 0)
    if network.total == 0:
        return Near(None, 0, None, no_flow(network, 0), 0)
    proof, made = proved(low, searches)
    steps, flow, more = brought_in(network, max(first, proof.steps + 1), patience, proof.steps)
    return Near(proof, steps, None, flow, made + more)


def brought_in(
    network: StepNetwork, first: int, patience: int = 20, too_few: int = 0
) -> tuple[int, Flow, int]:
    """Return steps in which everybody is inside, a flow that does it, and the searches made; the places must be enough.

    Whoever is in stays so when the horizon grows. Where the first horizon comes easily, shorter ones are tried, each halfway to
    what is too few, until one does not.

    Parameters
    ----------
    network, first, patience
        As for :func:`near`.
    too_few
        Steps that are known, or thought, to be too few.
    """
    steps, ascent, left = first, Ascent(network, first), network.total
    ascent.start(steps)
    while (end := ascent.fill(steps, looks=1, most=patience)) != DONE:
        before, left = left, int(ascent.flow.left.sum())
        if end == SHORT or left > _GOES_ON * before:
            steps += max(1, steps // _FINER)
    flow, last = ascent.flow, int(ascent.told[0])
    made = last
    while last <= patience and (middle := (too_few + steps) // 2) > too_few:
        shorter = Ascent(network, middle)
        shorter.start(middle)
        left = network.total
        while (end := shorter.fill(middle, looks=1, most=patience)) == TIRED:
            before, left = left, int(shorter.flow.left.sum())
            if left > _GOES_ON * before:
                break
        last = int(shorter.told[0])
        made += last
        if end != DONE:
            break
        steps, flow = middle, shorter.flow
    return steps, flow, made


def passing(network: StepNetwork, steps: int, searches: int) -> Ints:
    """Return how many units pass each arc in a flow of some steps that need not bring in everybody, shape (A,).

    Parameters
    ----------
    network
        Who must get where.
    steps, searches
        The horizon, and how many searches may be made in it.
    """
    ascent = Ascent(network, steps)
    ascent.start(steps)
    ascent.fill(steps, most=searches)
    found: Ints = ascent.flow.arc.sum(axis=1, dtype=np.int64)
    return found


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
