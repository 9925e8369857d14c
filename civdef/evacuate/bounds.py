"""Lower bounds on the clearance of those placed, and the optimum of the time-expanded network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import Adapted, Quickest, quickest, step_network
from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import Rounding, Stepped, contract

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Bracket:
    """The quickest flow of those placed, buildings divisible, in both roundings: no plan is faster than the bound.

    Attributes
    ----------
    step_s
        Length of a step [s].
    low, optimum
        The quickest flow with times rounded down and up, each with its flow and the cut that proves it.
    low_network, optimum_network
        The networks they are flows of; their nodes, arcs, sources and doors have the same numbers.
    """

    step_s: int
    low: Quickest
    optimum: Quickest
    low_network: Adapted
    optimum_network: Adapted

    @property
    def bound_s(self) -> float:
        """Clearance that no plan can beat, whatever the step [s]: people inside by T pass doors in steps 0 … T/Δ."""
        return float(max((self.low.steps or 0) - 1, 0) * self.step_s)

    @property
    def optimum_s(self) -> float:
        """Clearance of the best flow of these steps, which can be walked [s]."""
        return float((self.optimum.steps or 0) * self.step_s)


def bracket(problem: Problem, stepped: Stepped, placed: Bools) -> Bracket:
    """Return the quickest flow of those placed in both roundings.

    The network rounded down is solved first; its cut is a proof for the other too, so the second search begins where the first
    ended. The proof that bound ≤ optimum ≤ plan is in ``docs/evacuation-proof.md``.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network, rounded up.
    placed
        Buildings that count, shape (B,).

    Raises
    ------
    ValueError
        If there are not places within reach for all of them.
    """
    down = step_network(problem, contract(problem, stepped.step_s, Rounding.DOWN), placed)
    low = quickest(down.network)
    up = step_network(problem, stepped, placed)
    best = quickest(up.network, proof=low.certificate)
    if low.steps is None or best.steps is None:
        raise ValueError("there are not places within reach for all of them")
    return Bracket(stepped.step_s, low, best, down, up)


def optimum_steps(problem: Problem, stepped: Stepped, placed: Bools, low: int = 0) -> int:
    """Return the fewest steps in which those placed can all be inside: the quickest flow, buildings divisible.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    placed
        Buildings that count, shape (B,).
    low
        A guess to begin with, best one that is too small; see :func:`civdef.evacuate.flow.quickest`.

    Raises
    ------
    ValueError
        If there are not places within reach for all of them.
    """
    found = quickest(step_network(problem, stepped, placed).network, low)
    if found.steps is None:
        raise ValueError("there are not places within reach for all of them")
    return found.steps
