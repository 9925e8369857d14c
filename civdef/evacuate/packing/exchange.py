"""The end of a search: one building at a time takes another way, or two change places, judged by carrying the plan out.

The search of :mod:`civdef.evacuate.search` puts buildings back where an estimate says that they are early. Where the last few
people are late by a step or two the estimate is not good enough any more. Here nothing is estimated: each try is carried out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.exchanging import Offer, exchange
from civdef.evacuate.packing.pack import planned
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.problem import Problem
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import UNITS, Stepped

Ints = NDArray[np.int64]

HEAT = 0.03
"""Share by which a plan may be worse and yet be gone on from, about, in the beginning (found by trial in Helsinki and on the sample street)."""


def exchanged(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    pool: Pool,
    goal: int,
    tries: int,
    seed: int = 1,
    group: Ints | None = None,
    heat: float = HEAT,
    by_last: bool = False,
    worse: float = 0.0,
    rivals: int = 1,
) -> Plan:
    """Return a plan that is done earlier, or in which fewer are late for the goal, or the same plan.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        Where to start from; its buildings left over stay so.
    pool
        Ways to choose from; those of the plan are taken in. None is taken on which a row would, if it were alone, be late and
        no sooner inside than the latest of them on its way now.
    goal
        Steps that are good enough.
    tries, heat, seed
        How often to carry a changed plan out; see `HEAT`; of the random choices.
    group
        Rows with the same number go to the same shelter: they stay in the one they are in, shape (B,); None: each by itself.
    by_last
        Whether the best plan is the one done earliest, not the one in which the fewest are late.
    worse, rivals
        See :func:`civdef.evacuate.packing.exchanging.exchange`.
    """
    own = np.array(pool.add_plan(ways_of(problem, stepped, plan.routes)), dtype=np.int64)
    if plan.execution.steps <= goal or tries == 0 or not len(own):
        return plan
    visits, rows, b = pool.visits(), pool.arrays.rows, len(problem.persons)
    able = visits.alone <= max(goal, int(visits.alone[own].max()) - 1)
    able[own] = True
    way = np.flatnonzero(able)
    way = way[np.argsort(visits.row[way], kind="stable")]
    option = np.array(pool.option, dtype=np.int64)
    offer = Offer(
        np.minimum(rows.opt_place[option], stepped.chains),
        rows.opt_step[option],
        np.array(pool.door, dtype=np.int64),
        visits.shelter.astype(np.int64),
        np.cumsum([0, *(len(c) for c in pool.chains)], dtype=np.int64),
        np.array([c for chains in pool.chains for c in chains], dtype=np.int64),
        np.searchsorted(visits.row[way], np.arange(b + 1)).astype(np.int64),
        way.astype(np.int64),
    )
    picks = np.full(b, -1, dtype=np.int64)
    picks[visits.row[own]] = own
    people = rows.people.astype(np.int64)
    room = problem.places.astype(np.int64) * UNITS
    np.subtract.at(room, offer.shelter[own], people[visits.row[own]])
    network = Network(stepped)
    exchange(
        network.order, stepped.chain_steps, network.units, stepped.door_steps, offer, people, _tied(group, b), picks, room,
        goal, tries, heat, worse, rivals, by_last, np.uint64(seed),
    )  # fmt: skip
    return planned(problem, stepped, plan, pool, picks[picks >= 0])


def _tied(group: Ints | None, rows: int) -> NDArray[np.bool_]:
    """Return which rows have to stay with others, shape (B,)."""
    if group is None:
        return np.zeros(rows, dtype=np.bool_)
    _, at, members = np.unique(group, return_inverse=True, return_counts=True)
    found: NDArray[np.bool_] = members[at.reshape(-1)] > 1
    return found
