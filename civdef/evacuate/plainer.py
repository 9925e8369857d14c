"""Plainer routes: no farther round and with no more turns than a marshal can explain, wherever that makes nobody late.

What is plain is a rule for each building by itself; whether a plain way can be taken depends on the queues of all. So the ways
come from an exact search of the streets (:func:`plain_ways`), and each is judged by carrying the whole plan out with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.packing.pack import planned
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import DETOUR_FACTOR, MOST_TURNS, longest_m, slowest_walk_s
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import Stepped, nearest_door_m

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MARKS = 62
"""Junctions that can be marked: bits of a whole number."""

_EPS = 1e-6

WORK = 2.5e8
"""Persons times chains of street in all trials: about a thousand trials of a street's plan, few of a large city's (a choice
between seconds and turns)."""

_FEWEST_TRIALS = 8


@dataclass(frozen=True)
class Way:
    """A way from a building to a shelter.

    Attributes
    ----------
    option
        Way onto the streets, an index of the options of :class:`civdef.evacuate.search.records.Rows`.
    chains
        Chains to enter after that.
    door
        Column of the entrances.
    turns, metres
        Its turns, and its length [m of level walking].
    """

    option: int
    chains: tuple[int, ...]
    door: int
    turns: int
    metres: float


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets, asked for plain ways."""

    arrays: Arrays
    _rest: dict[int, Floats] = field(default_factory=dict)

    def ways(self, row: int, shelter: int, limit_m: float, turns: int = MOST_TURNS) -> tuple[Way, ...]:
        """Return the simple ways of a row to a shelter that no other betters in both turns and metres to the same door.

        They come fewest turns first. If none has at most `turns`, those with the fewest turns of all are returned; nothing
        is, if no way is short enough.

        Parameters
        ----------
        row, shelter
            Row and shelter.
        limit_m
            Longest way [m of level walking].
        turns
            Most turns.

        Notes
        -----
        A way that comes to a junction twice is no route. The search first allows it, which can only give fewer turns; junctions
        that an answer passes twice are marked, and the search repeated, until every answer is simple.
        """
        from civdef.evacuate.search.plain import front

        town, rows = self.arrays.town, self.arrays.rows
        marks = np.zeros(len(town.out_ptr) - 1, dtype=np.int64)
        marked = 0
        while True:
            ends, labels = front(
                town, rows, row, shelter, limit_m + _EPS, turns, self._rest_m(shelter), marks
            )
            found, again = [], []
            for label, door in ends.tolist():
                way = self._way(row, int(label), int(door), labels)
                twice = self._twice(way)
                found.append(way)
                again.extend(twice)
            if not again:
                return tuple(found)
            for junction in dict.fromkeys(again):
                if marked < _MARKS and marks[junction] == 0:
                    marks[junction] = 1 << marked
                    marked += 1
            if marked == _MARKS:  # so many loops within one walk are not to be expected
                return tuple(w for w in found if not self._twice(w))

    def _way(self, row: int, label: int, door: int, labels: Ints) -> Way:
        town, rows = self.arrays.town, self.arrays.rows
        turns, option, chains = int(labels[label, 3]), int(labels[label, 2]), []
        while labels[label, 0] >= 0:
            chains.append(int(labels[label, 0]))
            label = int(labels[label, 1])
        chains.reverse()
        metres = float(rows.opt_m[option] + town.chain_m[chains].sum() + town.door_m[door])
        return Way(option, tuple(chains), door, turns, metres)

    def _twice(self, way: Way) -> list[int]:
        """Return the junctions that a way comes to more than once."""
        town, place = self.arrays.town, int(self.arrays.rows.opt_place[way.option])
        chains = len(town.chain_steps)
        first = int(town.chain_head[place]) if place < chains else place - chains
        nodes = [first, *(int(town.chain_head[c]) for c in way.chains)]
        return [n for n in dict.fromkeys(nodes) if nodes.count(n) > 1]

    def _rest_m(self, shelter: int) -> Floats:
        """Return the metres from each junction to the nearest door of a shelter, shape (K,)."""
        if shelter not in self._rest:
            town = self.arrays.town
            junctions = len(town.out_ptr) - 1
            counted = (town.door_shelter == shelter) & (town.door_node < junctions)
            door = np.where(counted, town.door_node, -1)
            self._rest[shelter] = nearest_door_m(
                junctions, town.chain_tail, town.chain_head, town.chain_m, door, town.door_m
            )
        return self._rest[shelter]


@dataclass(frozen=True)
class Bent:
    """Why a route has more turns than a marshal can explain.

    Attributes
    ----------
    fewest
        Turns of the plainest simple way to the same shelter that is at most `DETOUR_FACTOR` times the shortest.
    later_s
        By the best of its plain ways the plan would end, or somebody with a deadline be inside, or the row's slowest walker
        be there after everybody else, so much later; None: no way is plain, or not all could be tried [s].
    """

    fewest: int
    later_s: float | None


class _Trials:
    """A plan in which the routes of single rows are changed, and carried out."""

    def __init__(self, problem: Problem, stepped: Stepped, plan: Plan, most: int) -> None:
        self.most = most
        self.problem, self.stepped, self.plan = problem, stepped, plan
        self.streets = Streets(Arrays.of(problem, stepped, plan.routes))
        self.pool = Pool(self.streets.arrays)
        ways = ways_of(problem, stepped, plan.routes)
        self.picks = np.array(self.pool.add_plan(ways), dtype=np.int64)
        self.first = self.picks.copy()
        self.at = {self.pool.row[w]: k for k, w in enumerate(self.picks.tolist())}
        self.network = Network(stepped)
        self.left = max(_FEWEST_TRIALS, int(WORK / max(ways.work, 1.0)))
        self.slowest_s = slowest_walk_s(problem, plan.routes, float(plan.execution.steps * stepped.step_s))

    def ways(self, row: int) -> tuple[Way, ...]:
        """Return the plainest ways of a row to its shelter."""
        shelter = int(self.plan.assignment.shelter[row])
        return self.streets.ways(
            row, shelter, DETOUR_FACTOR * float(self.problem.shelter_cost_m[row, shelter]), self.most
        )

    def done(self, picks: Ints) -> Ints:
        """Carry the plan out with these ways; return the steps until the last person of each row is inside, shape (B,)."""
        self.left -= 1
        found: Ints = self.network.carry(self.pool.ways(picks))[0]
        return found

    def late_s(self, done: Ints) -> Floats:
        """Return how late after its deadline each row is, shape (B,) [s]."""
        late: Floats = np.maximum(done * self.stepped.step_s - self.problem.deadline_s, 0.0)
        return late

    def cost(self, done: Ints) -> tuple[int, float, int, int]:
        """Return how bad a plan is: persons late, how late, last step, person-steps."""
        persons, late = self.problem.persons, self.late_s(done)
        return (
            int(persons[late > 0].sum()),
            float((late * persons).sum()),
            int(done.max(initial=0)),
            int((done * persons).sum()),
        )

    def later_s(self, row: int, way: Way, now: Ints) -> float:
        """Return how much later the plan, or somebody with a deadline, would be with another way of a row [s]."""
        then = self.done(self.with_ways({row: way}))
        end = float((then.max(initial=0) - now.max(initial=0)) * self.stepped.step_s)
        due = float((self.late_s(then) - self.late_s(now)).max(initial=0.0))
        return max(end, due, self.slow_s(row, way))

    def with_ways(self, ways: Mapping[int, Way]) -> Ints:
        """Return the picks with other ways of some rows."""
        picks = self.picks.copy()
        for row, way in ways.items():
            picks[self.at[row]] = self.pool.add(row, way.option, way.chains, way.door)
        return picks

    def slow_s(self, row: int, way: Way) -> float:
        """Return how much longer a row's slowest walker would take than the plan and any of its walkers [s]."""
        return max(0.0, way.metres / float(self.problem.slowest_mps[row]) - self.slowest_s)

    def taken(self) -> Plan:
        """Return the plan with the ways picked."""
        changed = self.picks[self.picks != self.first]
        if not len(changed):
            return self.plan
        return planned(self.problem, self.stepped, self.plan, self.pool, changed)


def _bent(plan: Plan, most: int) -> list[int]:
    """Return the rows with too many turns, those with the most first."""
    turns = plan.routes.turns
    rows = np.flatnonzero((turns > most) & (plan.assignment.shelter >= 0))
    return [int(r) for r in rows[np.argsort(-turns[rows], kind="stable")]]


def _far_round(problem: Problem, plan: Plan) -> list[int]:
    """Return the rows that go farther round than a marshal's way may, those that exceed it most first."""
    rows = np.flatnonzero(plan.assignment.shelter >= 0)
    most_m = longest_m(problem.shelter_cost_m[rows, plan.assignment.shelter[rows]])
    over = plan.routes.cost_m[rows] - most_m
    order = np.argsort(-over, kind="stable")
    return [int(r) for r in rows[order[over[order] > _EPS]]]


def straightened(problem: Problem, stepped: Stepped, plan: Plan, most: int = MOST_TURNS) -> Plan:
    """Return the plan with plain ways for rows that have too many turns or go too far round, where nobody is late and it ends no later.

    All rows are changed at once; where that is too late, each half of them by itself, and so on down to single rows, of
    which every plain way is tried. It ends when nothing more can be changed, or all trials are used.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plan
        The plan; shelters stay as they are.
    most
        Turns that are not too many.
    """
    odd = list(dict.fromkeys([*_bent(plan, most), *_far_round(problem, plan)]))
    if not odd:
        return plan
    trials = _Trials(problem, stepped, plan, most)
    offered: dict[int, list[Way]] = {}
    for row in odd:
        ways = [w for w in trials.ways(row) if w.turns <= most and trials.slow_s(row, w) <= 0]
        if ways:
            offered[row] = sorted(ways, key=lambda w: (w.metres, w.turns, w.door))
    now = trials.cost(trials.done(trials.picks))
    again = True
    while again and offered:
        again = False
        waiting = [list(offered)]
        while waiting and trials.left > 0:
            rows = waiting.pop()
            for k in range(len(offered[rows[0]]) if len(rows) == 1 else 1):
                picks = trials.with_ways({r: offered[r][k] for r in rows})
                then = trials.cost(trials.done(picks))
                if all(a <= b for a, b in zip(then[:3], now[:3], strict=True)):
                    trials.picks, now, again = picks, then, True
                    for r in rows:
                        del offered[r]
                    break
            else:
                half = (len(rows) + 1) // 2
                waiting += [part for part in (rows[half:], rows[:half]) if len(rows) > 1]
    return trials.taken()


def why_bent(problem: Problem, stepped: Stepped, plan: Plan, most: int = MOST_TURNS) -> dict[int, Bent]:
    """Return for each row with too many turns why it has them.

    Parameters
    ----------
    problem, stepped, plan, most
        As of :func:`straightened`.
    """
    bent = _bent(plan, most)
    if not bent:
        return {}
    trials = _Trials(problem, stepped, plan, most)
    now = trials.done(trials.picks)
    found = {}
    for row in bent:
        ways = trials.ways(row)
        fewest = min((w.turns for w in ways), default=int(plan.routes.turns[row]))
        later = None
        if fewest <= most and trials.left > 0:
            later = min(trials.later_s(row, w, now) for w in ways if w.turns <= most)
        found[row] = Bent(fewest, later if later else None)
    return found
