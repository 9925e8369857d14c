"""Lower bounds on the clearance of those placed, and the optimum of the time-expanded network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import Adapted, Cut, Quickest, StepNetwork, quickest, step_network
from civdef.evacuate.flow.cut import stretched
from civdef.evacuate.flow.nearly import proved
from civdef.evacuate.flow.reach import first_cut
from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import Rounding, Stepped, contract

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_COARSER = 5
"""Steps of a search taken together for one that is made before it, to learn where to begin."""

_MANY = 100
"""Steps, by distances and doors alone, from which on it is worth while to look at coarser ones first."""


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

    The network rounded down is solved first, from where coarser steps say that it may begin; its cut is a proof for the other too,
    so the second search begins where the first ended. The proof that bound ≤ optimum ≤ plan is in ``docs/evacuation-proof.md``.

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
    low = _begun(problem, stepped.step_s, placed, down.network)
    up = step_network(problem, stepped, placed)
    best = quickest(up.network, proof=low.certificate)
    if low.steps is None or best.steps is None:
        raise ValueError("there are not places within reach for all of them")
    return Bracket(stepped.step_s, low, best, down, up)


@dataclass(frozen=True)
class Certified:
    """A bound, and a flow that can be walked.

    Attributes
    ----------
    step_s
        Length of a step of the bound [s].
    bound_s
        Clearance that no plan can beat [s].
    flow_s
        Clearance of the flow [s].
    exact
        Whether both are searched to the end: the quickest flow of these steps, rounded down and up. If not, the bound is what
        so many searches prove, and the flow is that of the plan's steps.
    """

    step_s: int
    bound_s: float
    flow_s: float
    exact: bool


def certified(
    problem: Problem,
    stepped: Stepped,
    placed: Bools,
    *,
    flow_s: float,
    step_s: int,
    cells: int,
    searches: int,
) -> Certified:
    """Return a bound in steps as short as the size of the town allows.

    Where streets times steps are more than `cells`, memory and time would grow beyond what a bound is worth: steps are doubled until
    they are no more, and the search ends after so many searches with what it has proved, which holds whatever it has not tried.

    Parameters
    ----------
    problem, stepped
        The question and the plan's time-expanded network.
    placed
        Buildings that count, shape (B,).
    step_s
        Length of a step, if the town is small enough [s].
    flow_s
        Clearance of a flow of those placed that can be walked, as the optimum of the plan's steps [s].
    cells, searches
        See above.

    Raises
    ------
    ValueError
        If somebody placed reaches no shelter.
    """
    used_s = step_s
    while stepped.chains * flow_s / used_s > cells and 2 * used_s <= flow_s:
        used_s *= 2
    if used_s == step_s:
        found = bracket(problem, contract(problem, step_s), placed)
        return Certified(step_s, found.bound_s, found.optimum_s, exact=True)
    low = step_network(problem, contract(problem, used_s, Rounding.DOWN), placed).network
    proof, _ = proved(low, searches)
    fault = proof.fault(low)
    if fault:
        raise RuntimeError(f"the proof of the bound does not stand: {fault}")
    return Certified(used_s, float(proof.steps * used_s), flow_s, exact=False)


def optimum_steps(problem: Problem, stepped: Stepped, placed: Bools) -> int:
    """Return the fewest steps in which those placed can all be inside: the quickest flow, buildings divisible.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    placed
        Buildings that count, shape (B,).

    Raises
    ------
    ValueError
        If there are not places within reach for all of them.
    """
    found = _begun(problem, stepped.step_s, placed, step_network(problem, stepped, placed).network)
    if found.steps is None:
        raise ValueError("there are not places within reach for all of them")
    return found.steps


def too_few(problem: Problem, *, step_s: int, placed: Bools, network: StepNetwork) -> int:
    """Return steps that are too few, as the quickest flow of coarser steps proves; 0: nothing is known.

    A search that begins there is spared all shorter horizons. The cut of the coarse network, rounded down, each of its steps taken as
    `_COARSER` of the fine network's, is a cut of that one; it is checked there before it is believed.

    Parameters
    ----------
    problem
        The question.
    step_s
        Length of a step of `network` [s].
    placed
        Buildings that count, shape (B,).
    network
        The network to be searched, in either rounding.

    Raises
    ------
    ValueError
        If there are not places within reach for all of them.
    """
    try:
        few = first_cut(network).steps < _MANY
    except ValueError:  # nobody is there, or somebody reaches nothing: the search says so
        return 0
    if few:
        return 0
    coarse_s = _COARSER * step_s
    coarse = step_network(problem, contract(problem, coarse_s, Rounding.DOWN), placed).network
    found = _begun(problem, coarse_s, placed, coarse)
    if found.steps is None:
        raise ValueError("there are not places within reach for all of them")
    if found.certificate is None:
        return 0
    cut = _refined(found.certificate)
    return 0 if cut.fault(network) else stretched(network, cut).steps


def _begun(problem: Problem, step_s: int, placed: Bools, network: StepNetwork) -> Quickest:
    """Return the quickest flow, sought from where coarser steps say that it may begin."""
    return quickest(network, too_few(problem, step_s=step_s, placed=placed, network=network))


def _refined(cut: Cut) -> Cut:
    return Cut(_COARSER * cut.steps, _COARSER * cut.since, cut.sources, cut.full)
