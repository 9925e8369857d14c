"""A plan for tight places, mended: a few buildings moved at once, then searched on.

A searched plan ends as late as it does because of its loads, not of the order in which people pass. Often the limits would
hold some steps earlier if three or four buildings went elsewhere, at the same time; the search, which puts buildings back one
after the other, does not find such moves. Here the programme does, at a price for each building it touches, and the search
makes the answer good. The two take turns.

There are two kinds of moves. While many are late, the limits are asked to hold a few steps earlier than they do. Where only a few buildings
are late, each of them has to go somewhere it would be in time if it were alone; shelters in which it was late before grow dearer, so
that the ways to share the few places among the large buildings are gone through one after the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.exchange import exchanged
from civdef.evacuate.packing.limits import Limit, broken
from civdef.evacuate.packing.pack import TIGHT_DETOURS, WITHIN, late_beyond, least_late, planned, ways_for
from civdef.evacuate.packing.pool import Pool, Visits
from civdef.evacuate.packing.programme import relaxed, whole
from civdef.evacuate.problem import Problem
from civdef.evacuate.search.improve import Effort, Held, Way, improve
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import UNITS, Stepped

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SEARCHED_WITHIN = 0.06
"""The search aims at this share above the optimum: aiming lower it ends later in the trials, aiming at what is wanted it stops
just short of it."""

_PRICES = (0.5, 1.0, 2.0, 4.0)
"""Prices of a building moved, in persons beyond a limit: now few are moved, now many."""

_SOONER = (1, 5)
"""Steps by which the limits are to hold earlier than they do, from and below."""

_ANSWERS = 3

_FEW = 6
"""Buildings late that are few: then it matters who goes where rather than how much passes."""

_SHORT = 0.5
"""Share of a turn that is enough to see whether those sent elsewhere can be in time."""

_ONCE_MORE = 0.3
"""What a shelter costs more each time a building was late there, in persons beyond a limit for each of its people."""

_ASTRAY = 0.1
"""Chance to go on from a plan that is no better."""

_TIME_LEFT = 6
"""A building moved that would be inside so few steps before the goal if it were alone keeps its way in the search that follows: there is
hardly a choice of ways in it, and those in front can make way."""

_TRIES = 8
"""Tries of the exchange in each turn, in rounds of its search; they take about as long."""

_FAR_WORSE = 4.0
"""A plan with so many times the lateness of the best is not gone on from."""


@dataclass(eq=False)
class _Mender:
    """What is known from turn to turn: the ways, the limits, where each row was late how often, shape (B, S), and the ways seen."""

    problem: Problem
    stepped: Stepped
    goal: int
    group: Ints
    slowest_s: float
    detour: float
    pool: Pool
    limits: list[Limit]
    late: Floats
    seen: list[Way]
    rng: np.random.Generator
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        self.network = Network(self.stepped)

    def few_late(self, plan: Plan) -> bool:
        """Return whether so few rows are late that it matters who goes where."""
        return int((plan.execution.done > self.goal).sum()) <= _FEW

    def moved(self, plan: Plan) -> tuple[Plan, Held | None] | None:
        """Return the least late plan with some buildings moved, and what holds them there; None if the programme moves none."""
        own = self.pool.add_plan(ways_of(self.problem, self.stepped, plan.routes))
        visits = self.pool.visits()
        start = np.zeros(len(visits.row))
        start[own] = 1.0
        price = float(self.rng.choice(_PRICES)) * UNITS
        few = self.few_late(plan)
        if few:
            answers = self._elsewhere(plan, visits, start, price)
        else:
            answers = self._sooner(visits, start, price)
        others = (picks for picks in answers if set(picks.tolist()) != set(own))
        best = least_late(self.pool, self.network, others, self.goal)
        if best is None:
            return None
        found = planned(self.problem, self.stepped, plan, self.pool, best)
        elsewhere = found.assignment.shelter != plan.assignment.shelter
        on_time = np.zeros_like(elsewhere)
        changed = best[~np.isin(best, own)]
        on_time[visits.row[changed]] = visits.alone[changed] > self.goal - _TIME_LEFT
        return found, Held(elsewhere, on_time, self.goal) if few else None

    def searched(self, plan: Plan, aim: int, effort: Effort, held: Held | None, best: Plan) -> Plan:
        """Return a plan searched on, and with single buildings exchanged where few are late or not many more than in the best."""
        found = improve(
            self.problem, self.stepped, plan, aim, effort, self.group, self.slowest_s, self.detour, held, self.seen
        )  # fmt: skip
        late, least = (late_beyond(self.problem, p, self.goal)[0] for p in (found, best))
        if held is None and late > _FAR_WORSE * least:
            return found
        tries = _TRIES * effort.rounds
        return exchanged(
            self.problem, self.stepped, found, self.pool, self.goal, tries, effort.seed, self.group
        )

    def _sooner(self, visits: Visits, start: Floats, price: float) -> Iterator[Ints]:
        """Yield answers in which the limits hold some steps earlier than they do."""
        _, worst = broken(visits, start, 0)
        steps = int(worst) - int(self.rng.integers(*_SOONER))
        known = set(self.limits)
        self.limits += [x for x in broken(visits, start, steps)[0] if x not in known]
        places = self.problem.places * UNITS
        return whole(visits, places, steps, self.limits, start, self.group, _ANSWERS, price)

    def _elsewhere(self, plan: Plan, visits: Visits, start: Floats, price: float) -> Iterator[Ints]:
        """Yield answers in which those late go where they would be in time if they were alone, and not where they have been late."""
        late = np.flatnonzero(plan.execution.done > self.goal)
        self.late[late, plan.assignment.shelter[late]] += 1.0
        steps = self.goal - int(self.rng.integers(*_SOONER)) + 1
        dear = _ONCE_MORE * visits.people * self.late[visits.row, visits.shelter]
        places = self.problem.places * UNITS
        return whole(visits, places, steps, [], start, self.group, _ANSWERS, price, dear, stays=False)


def mend(
    problem: Problem,
    stepped: Stepped,
    plan: Plan,
    optimum: int,
    effort: Effort,
    turns: int,
    group: Ints | None = None,
    slowest_s: float = np.inf,
    seen: list[Way] | None = None,
    detour: float = TIGHT_DETOURS[0],
) -> Plan:
    """Return the plan found that is least late, or the same plan.

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
        How often the programme and the search take turns, at most, twice as often while few buildings are late; no more once the
        plan is within `WITHIN`.
    group, slowest_s, seen, detour
        See :func:`civdef.evacuate.search.improve.improve`.
    """
    goal, aim = int(optimum * (1 + WITHIN)), int(optimum * (1 + SEARCHED_WITHIN))
    rng = np.random.default_rng(effort.seed)
    pool = ways_for(problem, stepped, [plan], goal, slowest_s, detour)
    members = np.arange(len(problem.persons)) if group is None else group
    _, limits = relaxed(pool.visits(), problem.places * UNITS, goal)
    late_at = np.zeros((len(problem.persons), len(problem.places)))
    mender = _Mender(
        problem,
        stepped,
        goal,
        members,
        slowest_s,
        detour,
        pool,
        limits,
        late_at,
        seen if seen is not None else [],
        rng,
    )
    best = current = exchanged(
        problem, stepped, plan, pool, goal, _TRIES * effort.rounds, effort.seed, members
    )
    turn, spent = 0, 0.0
    while spent < turns and best.execution.steps > goal:
        few = mender.few_late(current)
        share = _SHORT if few else 1.0
        turn, spent = turn + 1, spent + share
        moved = mender.moved(current)
        if moved is None:
            current = best
            continue
        rounds, seed = round(effort.rounds * share), effort.seed + turn
        search = dataclasses.replace(effort, rounds=rounds, seed=seed, clears=turn % 2 == 0)
        found = mender.searched(moved[0], aim, search, moved[1], best)
        late, least = late_beyond(problem, found, goal), late_beyond(problem, best, goal)
        if moved[1] is not None or late < late_beyond(problem, current, goal) or rng.random() < _ASTRAY:
            current = found
        if late < least:
            best = found
        elif late[0] > _FAR_WORSE * least[0] or rng.random() < 2 * _ASTRAY:
            current = best
    return best
