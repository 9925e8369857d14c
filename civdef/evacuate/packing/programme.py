"""One way for every building: the linear relaxation, and CP-SAT for whole buildings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.cp_sat import solved, steady
from civdef.evacuate.packing.limits import Limit, broken, members, room
from civdef.evacuate.packing.pool import Visits

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

EFFORT = 3.0
"""Limit of each round in CP-SAT's deterministic seconds: the same answer on a slow and on a fast machine."""

_PASSES = 40
"""Times the relaxation is solved with the limits it broke the time before, at most."""

_STAYS = 30.0
"""Price of a person for whom the relaxation has no place, in persons beyond a limit."""

_WALK = 1e-4
"""Price of a walk as long as all there is time for, in persons beyond a limit: it only decides between equals."""


def usable(visits: Visits, steps: int) -> Bools:
    """Return the ways on which a row would be in time if it were alone, or its earliest way if there is none, shape (W,)."""
    able: Bools = visits.alone <= steps
    order = np.lexsort((np.arange(len(visits.row)), visits.alone, visits.row))
    able[_first_of_rows(visits, order)] = True
    return able


def _first_of_rows(visits: Visits, order: Ints) -> Ints:
    """Return the first way of each row, the ways being in such an order that those of a row follow one another."""
    found: Ints = order[np.flatnonzero(np.diff(visits.row[order], prepend=-1))]
    return found


def relaxed(visits: Visits, places: Ints, steps: int) -> tuple[Floats, list[Limit]]:
    """Choose ways for buildings that may be divided, with as few persons beyond the limits as can be.

    Parameters
    ----------
    visits
        The ways.
    places
        Units of each shelter, shape (S,).
    steps
        Steps within which all should be inside.

    Returns
    -------
    share : numpy.ndarray
        Share of its row that takes each way, shape (W,).
    limits : list of Limit
        Those that came up.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, hstack, vstack

    able = usable(visits, steps)
    w, (rows, at) = len(visits.row), np.unique(visits.row, return_inverse=True)
    every, people = np.arange(w), visits.people.astype(np.float64)
    of_row = np.zeros(len(rows))
    of_row[at] = people
    shelters = csr_matrix((people, (visits.shelter, every)), shape=(len(places), w))
    one = csr_matrix((np.ones(w), (at, every)), shape=(len(rows), w))
    stay = csr_matrix((np.ones(len(rows)), (np.arange(len(rows)),) * 2), shape=(len(rows), len(rows)))
    limits: list[Limit] = []
    share = np.zeros(w)
    for _ in range(_PASSES):
        n = len(limits)
        counted = [members(visits, x) for x in limits]
        index = np.repeat(np.arange(n), [len(m) for m in counted])
        which = np.concatenate(counted) if counted else np.zeros(0, dtype=np.int64)
        over = csr_matrix((np.full(n, -1.0), (np.arange(n),) * 2), shape=(n, n))
        passing = csr_matrix((people[which], (index, which)), shape=(n, w))
        nobody = csr_matrix((len(places) + n, len(rows)))
        beyond = vstack([csr_matrix((len(places), n)), over])
        cost = np.concatenate([_WALK * people * visits.alone / steps, _STAYS * of_row, np.ones(n)])
        most = np.concatenate([able.astype(np.float64), np.ones(len(rows)), np.full(n, np.inf)])
        solved = linprog(
            cost,
            A_ub=hstack([vstack([shelters, passing]), nobody, beyond]),
            b_ub=np.concatenate([places, [room(visits, x, steps) for x in limits]]),
            A_eq=hstack([one, stay, csr_matrix((len(rows), n))]),
            b_eq=np.ones(len(rows)),
            bounds=np.column_stack([np.zeros(len(most)), most]),
            method="highs",
        )
        if solved.status != 0:
            break
        share = np.clip(solved.x[:w], 0.0, 1.0)
        more = [x for x in broken(visits, share, steps)[0] if x not in limits]
        if not more:
            break
        limits += more
    return share, limits


def whole(
    visits: Visits,
    places: Ints,
    steps: int,
    limits: list[Limit],
    start: Floats,
    group: Ints,
    rounds: int,
    change: float = 0.0,
    dear: Floats | None = None,
    stays: bool = True,
) -> Iterator[Ints]:
    """Choose one way for every row, again and again with the limits the last choice broke; yield each choice.

    Parameters
    ----------
    visits
        The ways.
    places
        Units of each shelter, shape (S,).
    steps
        Steps within which all should be inside.
    limits
        To begin with; those that come up are added to the list.
    start
        Share of its row that takes each way: where to look first, shape (W,).
    group
        Rows with the same number go to the same shelter, shape (B,).
    rounds
        Choices at most.
    change
        Price of each row that leaves the way most of it starts on, in units beyond a limit.
    dear
        Price of each way, in units beyond a limit, shape (W,); None: only walks have one.
    stays
        Whether a row may stay on the way it starts on though it would be late there if it were alone.

    Yields
    ------
    numpy.ndarray
        Numbers of the ways chosen, shape (rows,).
    """
    from ortools.sat.python import cp_model

    able = usable(visits, steps) | (stays & (start >= 1.0))
    hint = _likeliest(visits, np.where(able, start, -1.0))
    before = sorted(hint)
    people = visits.people.tolist()
    prices = {} if dear is None else {i: round(dear[i]) for i in np.flatnonzero(able & (dear > 0)).tolist()}
    for _ in range(rounds):
        model = cp_model.CpModel()
        take = {i: model.new_bool_var("") for i in np.flatnonzero(able).tolist()}
        for mine in _by(visits.row, able).values():
            model.add_exactly_one([take[i] for i in mine])
        for s, mine in _by(visits.shelter, able).items():
            if sum(people[i] for i in mine) > places[s]:
                model.add(sum(people[i] * take[i] for i in mine) <= int(places[s]))
        for together in _stay_together(visits, able, group):
            for mine, other in pairwise(together):
                model.add(sum(take[i] for i in mine) == sum(take[i] for i in other))
        beyond = []
        for counted, most in _tightest(visits, able, limits, steps).items():
            total = sum(people[i] for i in counted)
            if total > most:
                over = model.new_int_var(0, total, "")
                model.add(sum(people[i] * take[i] for i in counted) <= most + over)
                beyond.append(over)
        moved = sum(round(change) * ~take[i] for i in before)
        model.minimize(sum(beyond) + moved + sum(price * take[i] for i, price in prices.items()))
        for i, x in take.items():
            model.add_hint(x, i in hint)
        solver = steady(EFFORT)
        if solved(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return
        picks = np.array([i for i, x in take.items() if solver.boolean_value(x)], dtype=np.int64)
        yield picks
        hint = set(picks.tolist())
        share = np.zeros(len(people))
        share[picks] = 1.0
        more = [x for x in broken(visits, share, steps)[0] if x not in limits]
        if not more:
            return
        limits += more


def _likeliest(visits: Visits, share: Floats) -> set[int]:
    """Return the way that most of each row takes."""
    order = np.lexsort((-share, visits.row))
    return set(_first_of_rows(visits, order).tolist())


def _by(key: Ints, able: Bools) -> dict[int, list[int]]:
    """Return the usable ways of each row or shelter."""
    found: dict[int, list[int]] = {}
    for i in np.flatnonzero(able).tolist():
        found.setdefault(int(key[i]), []).append(i)
    return found


def _stay_together(visits: Visits, able: Bools, group: Ints) -> Iterator[list[list[int]]]:
    """Return, for each group of several rows and each shelter, the ways of each of its rows there."""
    rows = _by(visits.row, able)
    numbers: dict[int, list[int]] = {}
    for b in rows:
        numbers.setdefault(int(group[b]), []).append(b)
    for together in numbers.values():
        if len(together) > 1:
            for s in sorted({int(visits.shelter[i]) for b in together for i in rows[b]}):
                yield [[i for i in rows[b] if visits.shelter[i] == s] for b in together]


def _tightest(visits: Visits, able: Bools, limits: list[Limit], steps: int) -> dict[tuple[int, ...], int]:
    """Return for each set of ways that some limit counts the fewest units that may take them."""
    found: dict[tuple[int, ...], int] = {}
    for limit in limits:
        counted = members(visits, limit)
        mine = tuple(np.unique(counted[able[counted]]).tolist())
        most = room(visits, limit, steps)
        if mine and most < found.get(mine, most + 1):
            found[mine] = most
    return found
