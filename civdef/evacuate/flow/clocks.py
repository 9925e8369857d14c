"""Setting the clocks of places so that rounding up takes little from those who move.

Each place may have a clock of its own, ahead by its lead. On an arc from u to v the walk then takes (seconds + lead of v - lead of u) /
step steps, which are rounded up. The free walk to the nearest door as a lead costs nothing on the way there, but where streets are
full people go another way, and lose up to a step on every street of it. So once it is known which streets are used, clocks are set
anew: one place after the other gets the lead with which those who pass it lose least, until nothing is gained any more.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import Ints
from civdef.evacuate.flow.state import grouped
from civdef.movement.compiled import digest, entry, shared

Floats = NDArray[np.float64]
Ints32 = NDArray[np.int32]

_SWEEPS = 12
"""Times that every place is looked at; later ones change next to nothing."""

_LITTLE = 1e-6
"""Part of a step that is not worth a whole one: times are sums of rounded numbers."""


def steps_up(seconds: Floats, tail: Ints, head: Ints, lead_s: Floats, step_s: float) -> Ints:
    """Return the steps of each arc, rounded up; what would be less than none is none.

    Parameters
    ----------
    seconds
        Time along each arc [s], shape (A,).
    tail, head
        Its ends, shape (A,).
    lead_s
        Lead of each place's clock [s], shape (N,).
    step_s
        Length of a step [s].
    """
    exact = (seconds + lead_s[head] - lead_s[tail]) / step_s
    return np.maximum(np.ceil(exact - _LITTLE), 0).astype(np.int64)


@shared
def _loss(exact: float) -> float:
    """Return what rounding up adds [steps]."""
    return float(max(np.ceil(exact - _LITTLE), 0.0) - exact)


@shared
def _lost(
    tail: Ints32, head: Ints32, seconds: Floats, used: Floats, lead: Floats, step: float,
    out_first: Ints32, out_arc: Ints32, in_first: Ints32, in_arc: Ints32, v: int, mine: float,
) -> float:  # fmt: skip
    """Return what those lose who pass node v if its lead is `mine`."""
    lost = 0.0
    for q in range(out_first[v], out_first[v + 1]):
        a = out_arc[q]
        if head[a] != v:
            lost += used[a] * _loss((seconds[a] + lead[head[a]] - mine) / step)
    for q in range(in_first[v], in_first[v + 1]):
        a = in_arc[q]
        if tail[a] != v:
            lost += used[a] * _loss((seconds[a] + mine - lead[tail[a]]) / step)
    return lost


def _compile_sweep(source_digest: int) -> Callable[..., int]:
    @entry
    def sweep(
        tail: Ints32, head: Ints32, seconds: Floats, used: Floats, lead: Floats, step: float,
        out_first: Ints32, out_arc: Ints32, in_first: Ints32, in_arc: Ints32, order: Ints32,
    ) -> int:  # fmt: skip
        """Look at each place in turn; return how many leads have changed."""
        changed = 0
        if source_digest == 0:
            return -1
        for v in order:
            best = lead[v]
            least = _lost(
                tail, head, seconds, used, lead, step, out_first, out_arc, in_first, in_arc, v, best
            )
            for q in range(2 * (out_first[v + 1] - out_first[v] + in_first[v + 1] - in_first[v])):
                k = q // 2  # of the arcs here, each tells two leads with which its time is a whole number
                if k < out_first[v + 1] - out_first[v]:
                    a = out_arc[out_first[v] + k]
                    most = seconds[a] + lead[head[a]]
                    mine = most - (np.floor((most - lead[v]) / step) + q % 2) * step
                else:
                    a = in_arc[in_first[v] + k - out_first[v + 1] + out_first[v]]
                    least_lead = lead[tail[a]] - seconds[a]
                    mine = least_lead + (np.floor((lead[v] - least_lead) / step) + q % 2) * step
                if used[a] == 0 or tail[a] == head[a]:
                    continue
                lost = _lost(
                    tail, head, seconds, used, lead, step, out_first, out_arc, in_first, in_arc, v, mine
                )
                if lost < least * (1 - _LITTLE):
                    best, least = mine, lost
            if best != lead[v]:
                lead[v] = best
                changed += 1
        return changed

    return sweep


_sweep = _compile_sweep(digest(["../evacuate/flow/clocks.py", "compiled.py"]))


def set_clocks(
    tail: Ints,
    head: Ints,
    seconds: Floats,
    lead_s: Floats,
    used: Floats,
    fixed: NDArray[np.bool_],
    step_s: float,
) -> Floats:
    """Return leads with which less is lost to rounding up where people move.

    Parameters
    ----------
    tail, head, seconds
        The arcs and the time along each [s], shape (A,).
    lead_s
        Leads to begin with [s], shape (N,).
    used
        Units that pass each arc, as in a first flow, shape (A,).
    fixed
        Places whose clock stays as it is, as at doors, shape (N,).
    step_s
        Length of a step [s].
    """
    nodes = len(lead_s)
    lead = lead_s.astype(np.float64).copy()
    free = np.flatnonzero(~fixed).astype(np.int32)
    rng = np.random.default_rng(0)
    arrays = (
        tail.astype(np.int32), head.astype(np.int32), seconds.astype(np.float64), used.astype(np.float64), lead,
        float(step_s), *grouped(tail, nodes), *grouped(head, nodes),
    )  # fmt: skip
    for _ in range(_SWEEPS):
        if _sweep(*arrays, rng.permutation(free)) == 0:
            break
    return lead
