"""A plan for tight places, mended: a few buildings moved at once so that the limits let it end sooner, then searched on.

A searched plan ends as late as it does because of its loads, not of the order in which people pass. Often the limits would
hold some steps earlier if three or four buildings went elsewhere, at the same time; the search, which puts buildings back one
after the other, does not find such moves. Here the programme does, at a price for each building it touches, and the search
makes the answer good. The two take turns.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.limits import Limit, broken
from civdef.evacuate.packing.pack import TIGHT_DETOUR, WITHIN, lateness, planned, ways_for
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.packing.programme import relaxed, whole
from civdef.evacuate.problem import Problem
from civdef.evacuate.search.improve import Effort, improve
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import UNITS, Stepped

Ints = NDArray[np.int64]

SEARCHED_WITHIN = 0.05
"""The search aims at this share above the optimum: aiming lower it ends later in the trials (Beijing 129 steps against 127,
Helsinki 104 against 102)."""

_PRICES = (0.5, 1.0, 2.0, 4.0)
"""Prices of a building moved, in persons beyond a limit: now few are moved, now many."""

_SOONER = (1, 5)
"""Steps by which the limits are to hold earlier than they do, from and below."""

_ANSWERS = 3

_ASTRAY = 0.1
"""Chance to go on from a plan that is no better."""


def mend(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    optimum: int,
    effort: Effort,
    turns: int,
    group: Ints | None = None,
    slowest_s: float = np.inf,
) -> Plan:
    """Return the earliest plan found, or the same plan.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        Where to start from; its buildings left over stay so.
    optimum
        Steps of the quickest flow of the same people.
    effort
        How hard to search in each turn.
    turns
        How often the programme and the search take turns, at most; no more once the plan is within `WITHIN`.
    group, slowest_s
        See :func:`civdef.evacuate.search.improve.improve`.
    """
    goal, aim = int(optimum * (1 + WITHIN)), int(optimum * (1 + SEARCHED_WITHIN))
    rng = np.random.default_rng(effort.seed)
    pool = ways_for(problem, stepped, [plan], goal, slowest_s)
    members = np.arange(len(problem.persons)) if group is None else group
    _, limits = relaxed(pool.visits(), problem.places * UNITS, goal)
    best, current = plan, plan
    for turn in range(turns):
        if best.execution.steps <= goal:
            break
        sooner, price = int(rng.integers(*_SOONER)), float(rng.choice(_PRICES))
        moved = _moved(problem, stepped, current, pool, limits, sooner, goal, members, price)
        if moved is None:
            current = best
            continue
        search = dataclasses.replace(effort, seed=effort.seed + turn + 1)
        found = improve(problem, stepped, moved, aim, search, group, slowest_s, TIGHT_DETOUR)
        late = _late(problem, found, goal)
        if late < _late(problem, current, goal) or rng.random() < _ASTRAY:
            current = found
        if late < _late(problem, best, goal):
            best = found
        elif rng.random() < 2 * _ASTRAY:
            current = best
    return best


def _moved(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    pool: Pool,
    limits: list[Limit],
    sooner: int,
    goal: int,
    group: Ints,
    price: float,
) -> Plan | None:
    """Return the plan with some buildings moved that ends soonest, or None if the programme moves none.

    `limits` grows by those that come up.
    """
    own = pool.add_plan(ways_of(problem, stepped, plan.routes))
    visits, network = pool.visits(), Network(stepped)
    start = np.zeros(len(visits.row))
    start[own] = 1.0
    _, worst = broken(visits, start, 0)
    steps = int(worst) - sooner
    known = set(limits)
    limits += [x for x in broken(visits, start, steps)[0] if x not in known]
    best: tuple[int, float, Ints] | None = None
    places = problem.places * UNITS
    for picks in whole(visits, places, steps, limits, start, group, _ANSWERS, price * UNITS):
        if set(picks.tolist()) == set(own):
            continue
        ways = pool.ways(picks)
        late = lateness(network.carry(ways)[0], ways.units, goal)
        if best is None or late < best[:2]:
            best = (*late, picks)
    return None if best is None else planned(problem, stepped, plan, pool, best[2])


def _late(problem: Problem, plan: Plan, goal: int) -> tuple[int, float]:
    return lateness(plan.execution.done, problem.persons, goal)
