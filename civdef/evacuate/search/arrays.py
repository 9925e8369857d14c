"""The search's arrays: made from the problem and a plan, and turned back into routes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.carrying import NEVER
from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import (
    DETOUR_FACTOR,
    MOST_TURNS,
    Routes,
    bearings,
    described,
    longest_m,
    turns_of,
)
from civdef.evacuate.search.records import STRAIGHT, Draft, Rows, Town
from civdef.evacuate.stepped import UNITS, Stepped, connector_m, street_node
from civdef.graph.roads import CONNECTOR

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ROOM_FOR_CHAINS = 64


@dataclass(frozen=True, eq=False)
class Arrays:
    """The records of the search; `plan` is changed in place."""

    town: Town
    rows: Rows
    plan: Draft

    @classmethod
    def of(
        cls,
        problem: Problem,
        stepped: Stepped,
        routes: Routes,
        slowest_s: float = np.inf,
        detour: float = DETOUR_FACTOR,
    ) -> Arrays:
        """Return the arrays of a question and of the routes to begin with.

        Parameters
        ----------
        problem, stepped
            The question and its time-expanded network.
        routes
            Where to start from.
        slowest_s
            See :func:`civdef.evacuate.search.improve.improve` [s].
        detour
            No way is longer than this times the shortest to the same shelter, but for `EXCEPTION_M`.
        """
        k = stepped.junctions
        ways = ways_of(problem, stepped, routes)
        network, net = Network(stepped), problem.network
        begin, end = bearings(problem)
        out_chain = np.argsort(stepped.chain_tail, kind="stable").astype(np.int64)
        door_node = np.where(stepped.door_junction >= 0, stepped.door_junction, k).astype(np.int64)
        door_at = np.argsort(door_node, kind="stable").astype(np.int64)
        nodes = np.arange(k + 1)
        town = Town(
            network.order,
            stepped.chain_tail.astype(np.int64),
            stepped.chain_head.astype(np.int64),
            stepped.chain_steps,
            np.array([problem.cost_m[w].sum() for w in stepped.chain_arcs], dtype=np.float64),
            np.array([turns_of(problem, w, begin, end) for w in stepped.chain_arcs], dtype=np.int64),
            np.array([_known(begin[w[0]]) for w in stepped.chain_arcs], dtype=np.float64),
            np.array([_known(end[w[-1]]) for w in stepped.chain_arcs], dtype=np.float64),
            _reverse(problem, stepped),
            network.units,
            np.searchsorted(stepped.chain_tail[out_chain], nodes).astype(np.int64),
            out_chain,
            door_node,
            np.searchsorted(door_node[door_at], nodes).astype(np.int64),
            door_at,
            stepped.door_steps,
            connector_m(problem)[net.entrance_node[problem.entrances]],
            net.entrance_shelter[problem.entrances].astype(np.int64),
        )
        options = _options(problem, stepped, begin, end)
        walk_m = np.where(np.isfinite(problem.shelter_cost_m), problem.shelter_cost_m, 1e18)
        reach_m = longest_m(walk_m, detour)
        slowest = problem.slowest_mps[:, None]
        slow_m = np.where(slowest < problem.speed_mps - 1e-9, slowest_s * slowest, np.inf)
        reach_m = np.minimum(reach_m, np.maximum(slow_m, walk_m.min(axis=1, initial=np.inf)[:, None] + 1e-6))
        reach_m = np.where(np.isfinite(problem.shelter_cost_m), reach_m, -1.0)
        allowed = np.maximum(routes.turns, MOST_TURNS).astype(np.int64)
        number = np.arange(len(problem.buildings), dtype=np.int64)
        rows = Rows(
            ways.units,
            *options,
            reach_m,
            walk_m,
            allowed,
            number,
            np.full(len(number), NEVER, dtype=np.int64),
            np.zeros(len(number), np.bool_),
        )
        length = ways.end - ways.begin
        way = np.zeros((len(length), int(length.max(initial=0)) * 2 + _ROOM_FOR_CHAINS), dtype=np.int64)
        for i, n in enumerate(length):
            way[i, :n] = ways.chains[ways.begin[i] : ways.end[i]]
        room = problem.places * UNITS
        going = routes.entrance >= 0
        np.subtract.at(room, net.entrance_shelter[routes.entrance[going]], ways.units[going])
        option = np.full(len(length), -1, dtype=np.int64)
        draft = Draft(
            ways.place.copy(),
            ways.step.copy(),
            option,
            way,
            length,
            ways.door.copy(),
            routes.cost_m.copy(),
            room,
        )
        return cls(town, rows, draft)

    def routes(self, problem: Problem, stepped: Stepped, before: Routes) -> Routes:
        """Return the plan as routes; rows the search has not touched keep theirs."""
        option, way, length, door = self.plan.option, self.plan.way, self.plan.length, self.plan.door
        opt_place = self.rows.opt_place
        net = problem.network
        spot = street_node(problem)
        tie = np.flatnonzero((net.road == CONNECTOR) & problem.open)
        leave = {int(net.tail[a]): int(a) for a in tie}
        reach = {int(net.head[a]): int(a) for a in tie}
        entrance, arcs = before.entrance.copy(), list(before.arcs)
        for b in np.flatnonzero(option >= 0).tolist():
            entrance[b] = problem.entrances[door[b]]
            found = [leave[int(problem.node[b])]]
            place = int(opt_place[option[b]])
            if place < stepped.chains:
                own = stepped.chain_arcs[place]
                at = int(np.flatnonzero(net.tail[own] == spot[problem.node[b]])[0])
                found.extend(own[at:].tolist())
            for c in way[b, : length[b]].tolist():
                found.extend(stepped.chain_arcs[c].tolist())
            found.append(reach[int(net.entrance_node[entrance[b]])])
            arcs[b] = np.array(found, dtype=np.int32)
        return described(problem, entrance, tuple(arcs))


def _known(bearing: float) -> float:
    return STRAIGHT if np.isnan(bearing) else float(bearing)


def _reverse(problem: Problem, stepped: Stepped) -> Ints:
    """Return the chain that runs against each chain, -1 where none does, shape (C,)."""
    back = problem.network.reverse[np.array([w[-1] for w in stepped.chain_arcs], dtype=np.int64)]
    return stepped.arc_chain[back].astype(np.int64)


def _options(
    problem: Problem, stepped: Stepped, begin: Floats, end: Floats
) -> tuple[Ints, Ints, Ints, Floats, Ints, Floats]:
    """Return the ways onto the streets: range by row, place, step, metres, turns on the first stretch, its last bearing."""
    net = problem.network
    gap, spot = connector_m(problem), street_node(problem)
    pointer, places, steps, metres, turns, last = [0], [], [], [], [], []
    for b, ways in enumerate(stepped.start):
        for place, step in ways:
            places.append(place)
            steps.append(step)
            walk_m, bends, bearing = float(gap[problem.node[b]]), 0, STRAIGHT
            if place < stepped.chains:
                own = stepped.chain_arcs[place]
                rest = own[int(np.flatnonzero(net.tail[own] == spot[problem.node[b]])[0]) :]
                walk_m += float(problem.cost_m[rest].sum())
                bends, bearing = turns_of(problem, rest, begin, end), _known(end[rest[-1]])
            metres.append(walk_m)
            turns.append(bends)
            last.append(bearing)
        pointer.append(len(places))
    return (
        np.array(pointer, dtype=np.int64),
        np.array(places, dtype=np.int64),
        np.array(steps, dtype=np.int64),
        np.array(metres, dtype=np.float64),
        np.array(turns, dtype=np.int64),
        np.array(last, dtype=np.float64),
    )
