"""Tight cases: when rounding and search leave somebody behind who might fit, look for the fewest left over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.cp_sat import solved, steady
from civdef.evacuate.problem import NOWHERE

Ints = NDArray[np.int64]

FAR = np.int64(2**40)
"""Cost of a way that does not exist [dm]."""

CANDIDATES = 8
"""Nearest shelters that a placed building may change to; those left over may take any."""

EFFORT = 0.5
"""Limit of the search in CP-SAT's deterministic seconds: the same answer on a slow and on a fast machine."""

_SCALE = 2**38


def fewest_left(persons: Ints, places: Ints, cost: Ints, start: Ints) -> Ints:
    """Return an assignment with as few persons left over as found, then as few person-metres, never worse than `start`.

    Parameters
    ----------
    persons
        In each building, shape (B,).
    places
        Of each shelter, shape (S,).
    cost
        Decimetres, `FAR` where there is no way, shape (B, S).
    start
        Shelter of each building or `NOWHERE`; respects the places, shape (B,).

    Returns
    -------
    numpy.ndarray
        Shelter of each building or `NOWHERE`, shape (B,).
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    nearest = np.argsort(cost, axis=1, kind="stable")[:, :CANDIDATES]
    loads: list[list[Any]] = [[] for _ in places]
    stays: list[Any] = []
    prices: list[tuple[Any, int]] = []
    choices: list[tuple[int, int, Any]] = []
    for i in np.flatnonzero((persons > 0) & (cost < FAR).any(axis=1)).tolist():
        here, n = int(start[i]), int(persons[i])
        options = {*nearest[i].tolist(), here} if here >= 0 else set(range(len(places)))
        stay = model.new_bool_var("")
        model.add_hint(stay, here < 0)
        stays.append(stay * n)
        row = [stay]
        for option in sorted(o for o in options if cost[i, o] < FAR):
            x = model.new_bool_var("")
            model.add_hint(x, option == here)
            loads[option].append(x * n)
            prices.append((x, n * int(cost[i, option])))
            choices.append((i, option, x))
            row.append(x)
        model.add_exactly_one(row)
    for load, room in zip(loads, places.tolist(), strict=True):
        if load:
            model.add(cp_model.LinearExpr.sum(load) <= room)
    divisor = max(1, sum(p for _, p in prices) // _SCALE)
    scaled = [(x, p // divisor + 1) for x, p in prices]
    weight = min(sum(p for _, p in scaled) + 1, 2**42)
    walking = cp_model.LinearExpr.sum([x * p for x, p in scaled])
    model.minimize(cp_model.LinearExpr.sum(stays) * weight + walking)
    solver = steady(EFFORT)
    if solved(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start
    found = np.full(len(persons), NOWHERE, dtype=np.int64)
    for i, option, x in choices:
        if solver.boolean_value(x):
            found[i] = option
    better = int(persons[found < 0].sum()) <= int(persons[start < 0].sum())
    return found if better else start
