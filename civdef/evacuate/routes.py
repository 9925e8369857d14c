"""Routes: to which entrance, along which arcs and named roads, with how many turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import NOWHERE, Problem
from civdef.graph.roads import CONNECTOR
from civdef.movement.network import WalkNetwork

Floats = NDArray[np.float64]
Choice = NDArray[np.int32]

DETOUR_FACTOR = 1.5
"""No route is longer than this times the shortest way to the same shelter: beyond that nobody would keep to it (a planning
choice)."""

EXCEPTION_M = 100.0
"""Where the short way is full, a route may be longer than that by so much, and the plan says so (a planning choice)."""

MOST_TURNS = 12
"""More turns cannot be explained at the door (a planning choice)."""

TURN_DEGREES = 45.0
"""A change of direction beyond this is a turn that a marshal would mention (a planning choice)."""


def longest_m(shortest_m: Floats, detour: float = DETOUR_FACTOR) -> Floats:
    """Return how long routes may be: so many times the shortest ways to their shelters, or `EXCEPTION_M` more than those [m]."""
    found: Floats = np.maximum(shortest_m * detour, shortest_m + EXCEPTION_M)
    return found


@dataclass(frozen=True)
class Routes:
    """One route per building; buildings left over have none.

    Attributes
    ----------
    entrance
        Index of the entrance in the network, `NOWHERE` for none, shape (B,).
    arcs
        Arcs of the network from the building's door to the entrance, one array per building.
    cost_m
        Metres of level walking, shape (B,).
    length_m
        Metres walked, shape (B,).
    roads
        Indices of the roads in walking order, repeats merged, one tuple per building.
    turns
        Changes of direction of more than `TURN_DEGREES`, shape (B,).
    """

    entrance: Choice
    arcs: tuple[Choice, ...]
    cost_m: Floats
    length_m: Floats
    roads: tuple[tuple[int, ...], ...]
    turns: NDArray[np.int64]


def route(
    problem: Problem,
    shelter: Choice,
    walk: WalkNetwork | None = None,
) -> Routes:
    """Give every placed building an entrance of its shelter and the shortest open way to it.

    Parameters
    ----------
    problem
        The question in arrays.
    shelter
        Shelter of each building, `NOWHERE` for none, shape (B,).
    walk
        Another pricing of the walk network, e.g. with waits added; None: distances alone.
    """
    chosen = choose_entrances(problem, shelter)
    arcs = shortest(problem, chosen, walk or problem.walk_network)
    entrance = np.where(
        chosen >= 0, problem.entrances[chosen] if len(problem.entrances) else NOWHERE, NOWHERE
    )
    return described(problem, entrance.astype(np.int32), arcs)


def described(problem: Problem, entrance: Choice, arcs: tuple[Choice, ...]) -> Routes:
    """Return routes with their lengths, roads and turns.

    Parameters
    ----------
    problem
        The question in arrays.
    entrance
        Index of each building's entrance in the network, `NOWHERE` for none, shape (B,).
    arcs
        Arcs of each building's route.
    """
    net = problem.network
    cost = np.array([problem.cost_m[a].sum() for a in arcs], dtype=np.float64)
    length = np.array([net.length_m[a].sum() for a in arcs], dtype=np.float64)
    begin, end = bearings(problem)
    turns = np.array([turns_of(problem, a, begin, end) for a in arcs], dtype=np.int64)
    roads = tuple(_merged(net.road[a]) for a in arcs)
    return Routes(entrance, arcs, cost, length, roads, turns)


def choose_entrances(problem: Problem, shelter: Choice) -> Choice:
    """Return for each building a column of ``problem.entrances``: nearest first, then spread so that doors finish together.

    The finishing time of a door is estimated as if its people walked freely and then queued. Buildings move from the
    door of a shelter that finishes last to another one of it while that lowers the later of the two finishes.
    """
    cost = problem.entrance_cost_m
    flow = problem.network.entrance_width_m[problem.entrances] * problem.door_flow_p_m_s  # persons per second
    of = problem.network.entrance_shelter[problem.entrances]
    chosen = np.full(len(shelter), NOWHERE, dtype=np.int32)
    for s in np.unique(shelter[shelter >= 0]):
        columns = np.flatnonzero(of == s)
        rows = np.flatnonzero(shelter == s)
        at = cost[np.ix_(rows, columns)]
        pick = at.argmin(axis=1)
        nearest = at.min(axis=1)
        able = at <= nearest[:, None] * DETOUR_FACTOR + 1e-6
        if len(columns) > 1:
            _balance(pick, able, at / problem.speed_mps, problem.persons[rows], flow[columns])
        chosen[rows] = columns[pick]
    return chosen


class _Queue:
    """People at one door: groups in order of arrival, and what one group more or less does to the last one through.

    A door is done when ``max over k of (arrival k + persons from k on / flow)``; `value` holds those terms, `before` and
    `after` their running maxima from either end, so that every single change is answered at once.
    """

    def __init__(
        self, rows: NDArray[np.intp], arrival_s: Floats, persons: NDArray[np.int64], flow: float
    ) -> None:
        order = np.argsort(arrival_s, kind="stable")
        self.rows, self.arrival_s, self.persons, self.flow = (
            rows[order],
            arrival_s[order],
            persons[order],
            flow,
        )
        self.behind = np.append(np.cumsum(self.persons[::-1])[::-1], 0)
        self.value = self.arrival_s + self.behind[:-1] / flow
        self.before = np.append(-np.inf, np.maximum.accumulate(self.value))
        self.after = np.append(np.maximum.accumulate(self.value[::-1])[::-1], -np.inf)
        self.finish = float(self.after[0]) if len(rows) else 0.0

    def without(self) -> Floats:
        """Return when the door is done without each of its groups [s]."""
        left = np.maximum(self.before[:-1] - self.persons / self.flow, self.after[1:])
        found: Floats = np.maximum(left, 0.0)
        return found

    def joined(self, arrival_s: Floats, persons: NDArray[np.int64]) -> Floats:
        """Return when the door is done with each of some other groups added, one at a time [s]."""
        at = np.searchsorted(self.arrival_s, arrival_s, side="right")
        own = arrival_s + (self.behind[at] + persons) / self.flow
        grown: Floats = np.maximum(own, np.maximum(self.before[at] + persons / self.flow, self.after[at]))
        return grown


def _balance(
    pick: NDArray[np.intp],
    able: NDArray[np.bool_],
    arrival_s: Floats,
    persons: NDArray[np.int64],
    flow: Floats,
) -> None:
    """Change `pick` in place until no single move helps."""

    def queue(d: int) -> _Queue:
        rows = np.flatnonzero(pick == d)
        return _Queue(rows, arrival_s[rows, d], persons[rows], float(flow[d]))

    queues = [queue(d) for d in range(len(flow))]
    for _ in range(4 * len(pick)):
        worst = int(np.argmax([q.finish for q in queues]))
        rows, left = queues[worst].rows, queues[worst].without()
        best: tuple[float, float, int, int] | None = None
        for d, door in enumerate(queues):
            if d == worst:
                continue
            later = np.maximum(left, door.joined(arrival_s[rows, d], persons[rows]))
            good = np.flatnonzero(able[rows, d] & (later < queues[worst].finish - 1e-9))
            if len(good):
                detour = arrival_s[rows[good], d] - arrival_s[rows[good], worst]
                k = int(np.lexsort((rows[good], detour, later[good]))[0])
                key = (float(later[good[k]]), float(detour[k]), int(rows[good[k]]), d)
                best = key if best is None else min(best, key)
        if best is None:
            return
        pick[best[2]] = best[3]
        queues[worst], queues[best[3]] = queue(worst), queue(best[3])


def shortest(problem: Problem, chosen: Choice, walk: WalkNetwork) -> tuple[Choice, ...]:
    """Return the arcs of the shortest open way from each building to an entrance.

    Parameters
    ----------
    problem
        The question in arrays.
    chosen
        Column of ``problem.entrances`` for each building, `NOWHERE` for none, shape (B,).
    walk
        The walk network, or another pricing of it.
    """
    from civdef.movement.routing import next_arcs

    found: list[Choice] = [np.zeros(0, dtype=np.int32)] * len(chosen)
    nodes = problem.network.entrance_node[problem.entrances]
    used = np.unique(chosen[chosen >= 0])
    for k in range(0, len(used), 16):
        some = used[k : k + 16]
        table, _ = next_arcs(walk, np.arange(len(some) + 1, dtype=np.int32), nodes[some])
        for row, column in enumerate(some):
            step = table[row].tolist()
            for i in np.flatnonzero(chosen == column):
                found[i], _ = followed(problem, walk, step, int(i))
    return tuple(found)


def followed(problem: Problem, walk: WalkNetwork, step: Sequence[int], row: int) -> tuple[Choice, int]:
    """Return the arcs of the network from a building to where a table of next arcs ends, and that node.

    Parameters
    ----------
    problem
        The question in arrays.
    walk
        The walk network that the table is of.
    step
        Arc of `walk` to take at each node, negative where to stop: see :func:`civdef.movement.routing.next_arcs`, shape (N,).
    row
        Row of the building.
    """
    at, way = int(problem.node[row]), []
    while step[at] >= 0:
        way.append(step[at])
        at = int(walk.head[step[at]])
    return problem.walk_arcs[way].astype(np.int32) if way else np.zeros(0, dtype=np.int32), at


def slowest_walk_s(problem: Problem, routes: Routes, least_s: float) -> float:
    """Return how long the slowest walker of any building takes on its route, alone in the street; at least `least_s` [s]."""
    return max(float((routes.cost_m / problem.slowest_mps).max(initial=0.0)), least_s)


def bearings(problem: Problem) -> tuple[Floats, Floats]:
    """Return the direction of each arc at its beginning and end, shape (M,) each [radians]; NaN for arcs of no length."""
    net = problem.network
    if not net.lines:
        return np.zeros(0), np.zeros(0)
    first = np.array([line[1] - line[0] for line in net.lines])
    last = np.array([line[-1] - line[-2] for line in net.lines])
    squeeze = np.cos(np.radians(float(np.mean(net.lat)))) if len(net.lat) else 1.0

    def angle(step: Floats) -> Floats:
        flat = (step == 0).all(axis=1)
        return np.where(flat, np.nan, np.arctan2(step[:, 1], step[:, 0] * squeeze))

    a, z = angle(first), angle(last)
    begin = np.where(net.forward, a[net.line], z[net.line] + np.pi)
    end = np.where(net.forward, z[net.line], a[net.line] + np.pi)
    return begin, end


def turns_of(problem: Problem, arcs: Choice, begin: Floats, end: Floats) -> int:
    """Return the turns along a route, given the bearings of all arcs."""
    streets = arcs[problem.network.road[arcs] != CONNECTOR]
    change = begin[streets[1:]] - end[streets[:-1]]
    change = np.abs((change + np.pi) % (2 * np.pi) - np.pi)
    return int((change > np.radians(TURN_DEGREES)).sum())


def _merged(roads: NDArray[np.int32]) -> tuple[int, ...]:
    """Return the road indices in order without connectors and immediate repeats."""
    found: list[int] = []
    for road in roads.tolist():
        if road != CONNECTOR and (not found or found[-1] != road):
            found.append(road)
    return tuple(found)
