"""Lower bounds on the clearance of those placed, and the optimum of the time-expanded network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import Adapted, Quickest, quickest, step_network
from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import UNITS, Rounding, Stepped, contract

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def quick_bound_s(problem: Problem, placed: Bools) -> float:
    """Return a time before which those placed cannot all be inside, whatever the assignment and the routes [s].

    Proof: whoever is inside through a door by time T has walked there at the mean pace, so started within reach of the
    door, and no door lets more through by T than its flow times (T less the shortest walk of anybody to it), and no
    shelter takes more than its places. If the largest flow from buildings over doors within reach to shelters is smaller
    than the persons placed, T is too early. The largest such whole second is returned; streets are taken as unlimited,
    buildings as divisible, so the bound holds for every plan that places the same people.

    Parameters
    ----------
    problem
        The question.
    placed
        Buildings that count, shape (B,); each must have a way to an allowed shelter.
    """
    rows = np.flatnonzero(placed)
    if len(rows) == 0:
        return 0.0
    time_s = problem.entrance_cost_m[rows] / problem.speed_mps
    of = problem.network.entrance_shelter[problem.entrances]
    time_s[~problem.allowed[rows][:, of]] = np.inf
    low = float(time_s.min(axis=1).max())
    flow = problem.network.entrance_width_m[problem.entrances] * problem.door_flow_p_m_s
    low = max(low, _doors_alone(time_s, flow, of, problem.places, int(problem.persons[rows].sum())))
    least, most = int(np.floor(low)), max(int(np.ceil(low)) * 2, 60)
    while not _fits(problem, rows, time_s, flow, of, most):
        least, most = most, most * 2
        if most > 10**8:
            return low
    while most - least > 1:
        middle = (least + most) // 2
        if _fits(problem, rows, time_s, flow, of, middle):
            most = middle
        else:
            least = middle
    return max(low, float(least)) if not _fits(problem, rows, time_s, flow, of, least) else low


def _doors_alone(
    time_s: NDArray[np.float64],
    flow: NDArray[np.float64],
    of: NDArray[np.int32],
    places: Ints,
    persons: int,
) -> float:
    """Return the first time by which all doors together could have let everybody in, or 0 if places are too few."""
    first = time_s.min(axis=0)

    def inside(t: float) -> float:
        through = np.where(np.isfinite(first), flow * np.maximum(0.0, t - first), 0.0)
        total = np.bincount(of, weights=through, minlength=len(places))
        return float(np.minimum(total, places).sum())

    low, high = 0.0, 1.0
    while inside(high) < persons:
        low, high = high, high * 2
        if high > 1e8:
            return 0.0
    while high - low > 0.01:
        middle = (low + high) / 2
        if inside(middle) < persons:
            low = middle
        else:
            high = middle
    return low


def _fits(
    problem: Problem,
    rows: NDArray[np.intp],
    time_s: NDArray[np.float64],
    flow: NDArray[np.float64],
    of: NDArray[np.int32],
    t: float,
) -> bool:
    """Return whether everybody could be inside by `t` if streets were unlimited and buildings divisible."""
    from ortools.graph.python import max_flow

    persons = problem.persons[rows] * UNITS
    b, e, s = len(rows), len(flow), len(problem.places)
    first = time_s.min(axis=0)
    spare = np.where(np.isfinite(first), np.maximum(0.0, t - first), 0.0)
    through = np.ceil(flow * spare * UNITS).astype(np.int64)
    who, door = np.nonzero(time_s <= t)
    source, sink = b + e + s, b + e + s + 1
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(np.full(b, source), np.arange(b), persons)
    solver.add_arcs_with_capacity(who, b + door, persons[who])
    solver.add_arcs_with_capacity(b + np.arange(e), b + e + of, through)
    solver.add_arcs_with_capacity(b + e + np.arange(s), np.full(s, sink), problem.places * UNITS)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise RuntimeError("the maximum flow found no optimum")
    return int(solver.optimal_flow()) >= int(persons.sum())


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
