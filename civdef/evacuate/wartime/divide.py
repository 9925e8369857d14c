"""The people of one shelter divided over its doors: as few as possible beyond what each door may pass, then least walking."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.cp_sat import solved, steady

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

EFFORT = 0.1
"""Limit of the search for each of the aims, in CP-SAT's deterministic seconds: the same answer on a slow and on a fast machine."""

_MOST = 2**53
"""Person-decimetres that one shelter's people are told in; more are told in coarser steps."""


def beyond(persons: Ints, door: Ints, limit: Ints) -> int:
    """Return how many persons come to doors beyond what each may pass.

    Parameters
    ----------
    persons, door
        Persons of each row, and its door, shape (R,).
    limit
        What each door may pass, shape (D,) [persons].
    """
    load = np.bincount(door, weights=persons, minlength=len(limit)).astype(np.int64)
    return int(np.maximum(load - limit, 0).sum())


def divided(
    persons: Ints, cost_dm: Ints, may: Bools, limit: Ints, start: Ints, avoid: Bools | None = None
) -> Ints:
    """Return a door for each row: fewest persons beyond the doors' limits, then fewest by a door to avoid, then fewest person-metres.

    Each row goes through one door as a whole. Exact where the search ends within `EFFORT`, never worse than `start`.

    Parameters
    ----------
    persons
        In each row, shape (R,).
    cost_dm
        Decimetres to each door, shape (R, D).
    may
        Whether a row may take a door; its door of `start` always, shape (R, D).
    limit
        What each door may pass, shape (D,) [persons].
    start
        Door of each row to begin with, shape (R,).
    avoid
        Doors that a row takes only where that keeps somebody from being beyond a limit, shape (R, D); None: none.
    """
    from ortools.sat.python import cp_model

    may = may.copy()
    may[np.arange(len(start)), start] = True
    avoid = np.zeros_like(may) if avoid is None else avoid
    model, best = cp_model.CpModel(), start
    x = {(i, d): model.new_bool_var("") for i, d in np.argwhere(may).tolist()}
    over: list[Any] = []
    for i in range(len(persons)):
        model.add_exactly_one([x[i, d] for d in np.flatnonzero(may[i]).tolist()])
    for d, most in enumerate(limit.tolist()):
        rows = np.flatnonzero(may[:, d]).tolist()
        over.append(model.new_int_var(0, int(persons.sum()), ""))
        load = cp_model.LinearExpr.weighted_sum([x[i, d] for i in rows], persons[rows].tolist())
        model.add(load <= most + over[-1])
    price = _priced(persons, cost_dm, may)
    known = [(var, int(persons[k[0]])) for k, var in x.items() if avoid[k]]
    aims = [
        [(var, 1) for var in over],
        *([known] if known else []),
        [(var, int(price[k])) for k, var in x.items()],
    ]
    for terms in aims:
        aim = cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [n for _, n in terms])
        model.clear_hints()  # type: ignore[no-untyped-call]
        for (i, d), var in x.items():
            model.add_hint(var, bool(best[i] == d))
        model.minimize(aim)
        solver = steady(EFFORT)
        if solved(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        best = np.array([d for (_, d), var in x.items() if solver.boolean_value(var)], dtype=np.int64)
        model.add(aim <= round(solver.objective_value))

    def worth(door: Ints) -> tuple[int, int, int]:
        rows = np.arange(len(door))
        return (
            beyond(persons, door, limit),
            int(persons[avoid[rows, door]].sum()),
            int((persons * cost_dm[rows, door]).sum()),
        )

    return min(best, start, key=worth)


def _priced(persons: Ints, cost_dm: Ints, may: Bools) -> Ints:
    """Return person-decimetres beyond the nearest door, shape (R, D): small numbers are easier to search."""
    dear = np.where(may, cost_dm, 0)
    least = np.where(may, cost_dm, np.iinfo(np.int64).max).min(
        axis=1, keepdims=True, initial=np.iinfo(np.int64).max
    )
    price = persons[:, None] * np.where(may, dear - least, 0)
    found: Ints = price // max(1, int(price.sum()) // _MOST)
    return found
