"""Carrying a flow out in seconds: the check that it can be walked, which knows nothing of steps rounded and clocks set.

Those who enter an arc in a step do so evenly during it, by the clock of its tail; they are at its head after the arc's own time, in
seconds. From this follows how many have come to each place and how many have gone on, second by second; nobody may go on before
having come. These counts change evenly between the moments at which some step begins or ends, so they are looked at in those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.network import StepNetwork
from civdef.evacuate.flow.state import Flow

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seconds:
    """What a network on steps was made from: doors take no time there, and people are on the street from the beginning.

    Attributes
    ----------
    along_s
        Time along each arc [s], shape (A,).
    per_second
        Units that may enter each arc per second, shape (A,).
    lead_s
        Lead of each place's clock, 0 at doors [s], shape (N,).
    step_s
        Length of a step [s].
    """

    along_s: Floats
    per_second: Floats
    lead_s: Floats
    step_s: float


def walked_fault(network: StepNetwork, flow: Flow, true: Seconds, end_s: float) -> str:
    """Return what keeps a flow from being walked by a time; empty: nothing.

    Parameters
    ----------
    network, flow
        A flow that brings everybody in.
    true
        The times and rates it is to keep to.
    end_s
        Time by which everybody must have passed a door [s].
    """
    n = network
    if flow.left.any():
        return "somebody has not set out"
    if true.lead_s[n.door_node].any():
        return "the clock of a door is not the true one"
    arc, slot = np.nonzero(flow.arc)
    units = flow.arc[arc, slot].astype(np.float64)
    rate = units / true.step_s
    if (rate > true.per_second[arc] * (1 + 1e-9)).any():
        return "more enter a street than it takes"
    door, at = np.nonzero(flow.door)
    through = flow.door[door, at] / true.step_s
    tail, head = n.tail[arc], n.head[arc]
    enter = slot * true.step_s - true.lead_s[tail]
    leave = enter + true.along_s[arc]
    passed = at * true.step_s
    if len(at) and passed.max() + true.step_s > end_s + 1e-6:
        return "somebody passes a door too late"
    here = n.release_node[flow.entry > 0]
    come = flow.entry[flow.entry > 0].astype(np.float64)
    nothing = np.zeros(len(here))
    place = np.concatenate([here, tail, tail, head, head, n.door_node[door], n.door_node[door]])
    when = np.concatenate([
        nothing, enter, enter + true.step_s, leave, leave + true.step_s, passed, passed + true.step_s,
    ])  # fmt: skip
    change = np.concatenate([nothing, -rate, rate, rate, -rate, -through, through])
    jump = np.concatenate([come, np.zeros(len(place) - len(here))])
    order = np.lexsort((-jump, when, place))
    place, when, change, jump = place[order], when[order], change[order], jump[order]
    same = place[1:] == place[:-1]
    growth = np.cumsum(change)
    standing = np.cumsum(
        jump + np.concatenate([[0.0], np.where(same, growth[:-1] * (when[1:] - when[:-1]), 0.0)])
    )
    if len(standing) and standing.min() < -1e-3:
        return "somebody goes on before having come"
    if len(standing) and np.abs(standing[np.append(~same, True)]).max() > 1e-3:
        return "somebody stays on the way"
    inside = np.zeros(len(n.places))
    np.add.at(inside, n.door_shelter[door], flow.door[door, at])
    return "a shelter has fewer places than people" if (inside > n.places).any() else ""
