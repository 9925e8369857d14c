"""The plan for tight places: packed, searched for long, mended and searched again; at last single buildings are exchanged."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.packing.exchange import exchanged
from civdef.evacuate.packing.mend import SEARCHED_WITHIN, mend
from civdef.evacuate.packing.pack import TIGHT_DETOURS, WITHIN, late_beyond, pack, ways_for
from civdef.evacuate.problem import Problem
from civdef.evacuate.search.improve import Effort, Way, improve
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped

Ints = NDArray[np.int64]

_LONG = 6.0
"""Rounds of the long searches, in rounds of the effort."""

_MEND = 1.5
"""Rounds of the search in each turn of mending, in rounds of the effort."""

_TURNS = 1.5
"""Turns of mending for each round of the packing (a choice between time and quality)."""

_TRIES = 10
"""Plans with single buildings exchanged that are tried at last, in rounds of a long search."""

_MOST = 12_000
"""Rounds of a long search, at most, however hard the search; of the mending accordingly."""

_WORSE = 2.0
"""By so many persons late a plan may be worse and yet be gone on from when the exchange at last begins. A share of those late, as
elsewhere, is too much when many are left and too little when few are (Helsinki: 95 steps instead of 94)."""

_RIVALS = 6
"""Of up to so many ways the exchange at last tries the one known as best: most ways of so large a pool do harm wherever they are tried."""

_HEAT = 0.1
"""Of searches that go on from a good plan; hotter ones lose it (152 steps instead of 126 in Beijing)."""


def take_turns(
    problem: Problem,
    stepped: Stepped,
    plans: Sequence[Plan],
    optimum: int,
    effort: Effort,
    group: Ints | None = None,
    slowest_s: float = np.inf,
) -> Plan:
    """Return the least late plan found, at worst the least late of the plans given.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plans
        Plans found so far, the best first; all place the same rows.
    optimum
        Steps of the quickest flow of the same people.
    effort
        How hard to search.
    group, slowest_s
        See :func:`civdef.evacuate.search.improve.improve`.
    """
    goal = int(optimum * (1 + WITHIN))
    best = plans[0]
    seen: list[Way] = []
    for detour in TIGHT_DETOURS:
        found = _turns(problem, stepped, plans, optimum, effort, group, slowest_s, detour, seen)
        best = min(found, best, key=lambda p: late_beyond(problem, p, goal))
        if best.execution.steps <= goal:
            break
    tries = _TRIES * _long(effort)
    best = _exchanged(problem, stepped, best, goal, seen, tries, effort.seed, group, slowest_s, detour)
    polish = dataclasses.replace(effort, rounds=0)
    return improve(problem, stepped, best, best.execution.steps, polish, group, slowest_s, detour)


def _long(effort: Effort) -> int:
    """Return the rounds of a long search."""
    return min(round(_LONG * effort.rounds), _MOST)


def _turns(
    problem: Problem,
    stepped: Stepped,
    plans: Sequence[Plan],
    optimum: int,
    effort: Effort,
    group: Ints | None,
    slowest_s: float,
    detour: float,
    seen: list[Way],
) -> Plan:
    """Return the least late plan found with routes up to so many times the shortest; `seen` gets the ways of all plans gone on from."""
    goal, aim = int(optimum * (1 + WITHIN)), int(optimum * (1 + SEARCHED_WITHIN))
    packed = pack(problem, stepped, plans, optimum, effort.packing, group, slowest_s, detour)
    best = min((*plans, *([packed] if packed else [])), key=lambda p: late_beyond(problem, p, goal))
    search = dataclasses.replace(effort, rounds=_long(effort), polish=0, heat=_HEAT)

    def searched(plan: Plan, clears: bool) -> Plan:
        if plan.execution.steps <= goal:
            return plan
        work = dataclasses.replace(search, clears=clears)
        found = improve(problem, stepped, plan, aim, work, group, slowest_s, detour, seen=seen)
        return min(found, plan, key=lambda p: late_beyond(problem, p, goal))

    best = searched(searched(best, clears=False), clears=True)
    turn = dataclasses.replace(search, rounds=round(_long(effort) * _MEND / _LONG))
    best = mend(
        problem, stepped, best, optimum, turn, round(_TURNS * effort.packing), group, slowest_s, seen, detour
    )
    return searched(best, clears=True)


def _exchanged(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    goal: int,
    seen: Sequence[Way],
    tries: int,
    seed: int,
    group: Ints | None,
    slowest_s: float,
    detour: float,
) -> Plan:
    """Return the plan with single buildings exchanged; all ways that the searches have tried can be taken."""
    if plan.execution.steps <= goal:
        return plan
    pool = ways_for(problem, stepped, [plan], goal, slowest_s, detour)
    for row, option, chains, door in seen:
        pool.add(row, option, chains, door)
    return exchanged(
        problem, stepped, plan, pool, goal, tries, seed, group, 0.0, worse=_WORSE, rivals=_RIVALS
    )
