"""The time-expanded street network in contracted form: junctions, chains of street between them, doors.

Time runs in steps. A *chain* is a stretch between two junctions in one direction: entering it and leaving it are limited
to its capacity per step, walking it takes its free time in whole steps, and people may wait before either end. Buildings
join a chain at its far end after their own walk; a door lets its capacity through per step. Persons are counted in `UNITS`
parts, so that a capacity of 2.5 persons a step is used in full and not rounded to 2.

**Clocks.** Every place has its own clock: step k at a place is the time from ``k·Δ − lead`` to ``(k + 1)·Δ − lead``, where
the lead is the free walk from there to the nearest usable door. A chain of walking time τ then takes
``(τ + lead at its head − lead at its tail) / Δ`` steps before rounding, which is never negative and is zero along every
shortest way to a door: only detours are rounded, and only once each, however short the stretches between junctions are.
Rounded up and with capacities rounded down (`Rounding.UP`), whatever fits the network can be walked; rounded down and with
capacities rounded up (`Rounding.DOWN`), whatever can be walked fits the network. Doors keep true time (lead 0). The proof is
in ``docs/evacuation-proof.md``.

What this leaves out is stated in ``docs/evacuation.md``: queues take no room, everybody walks at the mean pace, a
building's own door does not limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Problem
from civdef.graph.roads import CONNECTOR

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]

UNITS = 100
"""Parts of a person in which flows are counted."""

_EPS = 1e-9


class Rounding(Enum):
    """Which way walking times are rounded; capacities go the other way."""

    UP = "up"
    """Feasible: whatever fits can be walked."""
    DOWN = "down"
    """A relaxation: whatever can be walked fits."""


@dataclass(frozen=True, eq=False)
class Stepped:
    """K junctions, C directed chains, E' usable entrances, B buildings.

    Attributes
    ----------
    step_s
        Length of a step [s].
    junctions
        Number of junctions K.
    chain_tail, chain_head
        Junctions at the ends, shape (C,).
    chain_steps
        Steps to walk it on the clocks of its ends, not negative, shape (C,).
    chain_units
        Units that may enter, and that may leave, per step, shape (C,).
    arc_chain
        Chain of each arc of the network, -1 for connectors and closed arcs, shape (M,).
    chain_arcs
        Arcs of the network along each chain.
    door_junction, door_steps, door_units
        For each usable entrance: its junction (-1: on no open street), steps from there to the door, units per step,
        shape (E',).
    start
        For each building its ways onto the streets: pairs (place, step), where place is a chain (its far end) or
        ``C + junction``, and step is the first one there, on the place's clock.
    lead_s
        Free walk from each junction to the nearest usable door; where none can be reached, the longest of the others,
        shape (K,) [s].
    rounding
        Which way times were rounded.
    """

    step_s: int
    junctions: int
    chain_tail: Nodes
    chain_head: Nodes
    chain_steps: Ints
    chain_units: Ints
    arc_chain: Nodes
    chain_arcs: tuple[Nodes, ...]
    door_junction: Nodes
    door_steps: Ints
    door_units: Ints
    start: tuple[tuple[tuple[int, int], ...], ...]
    lead_s: NDArray[np.float64]
    rounding: Rounding = Rounding.UP

    @property
    def chains(self) -> int:
        """Number of directed chains C."""
        return len(self.chain_tail)


def contract(problem: Problem, step_s: int, rounding: Rounding = Rounding.UP) -> Stepped:
    """Contract the open streets of a problem and put them on steps of `step_s` seconds.

    Parameters
    ----------
    problem
        The question in arrays.
    step_s
        Length of a step [s].
    rounding
        `Rounding.UP` for plans and their optimum, `Rounding.DOWN` for the lower bound.

    Raises
    ------
    ValueError
        If `step_s` is not positive.
    """
    if step_s <= 0:
        raise ValueError("a step must be longer than nothing")
    net = problem.network
    street = problem.open & (net.road != CONNECTOR)
    spot = street_node(problem)
    kept = _junctions(problem, street, spot)
    number = np.full(net.nodes, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    out = _out_arcs(problem, street)
    ways: list[list[int]] = []
    for node in kept.tolist():
        for arc in out.get(node, ()):
            ways.append(_follow(problem, arc, number, out))
    metres = problem.cost_m
    per_step = problem.speed_mps * step_s
    arc_chain = np.full(net.arcs, -1, dtype=np.int32)
    for c, way in enumerate(ways):
        arc_chain[way] = c
    width = problem.usable_width_m
    flow = UNITS * step_s * problem.street_flow_p_m_s
    door_flow = UNITS * step_s * problem.door_flow_p_m_s
    entrance = net.entrance_node[problem.entrances]
    gap_m = connector_m(problem)
    door_gap = gap_m[entrance]
    door = np.where(spot[entrance] >= 0, number[spot[entrance]], -1).astype(np.int32)
    tail = np.array([number[net.tail[w[0]]] for w in ways], dtype=np.int32)
    head = np.array([number[net.head[w[-1]]] for w in ways], dtype=np.int32)
    long_m = np.array([metres[w].sum() for w in ways], dtype=np.float64)
    lead_m = nearest_door_m(len(kept), tail, head, long_m, door, door_gap)
    narrow = np.array([width[w].min() for w in ways], dtype=np.float64)
    up = rounding is Rounding.UP
    return Stepped(
        step_s,
        len(kept),
        tail,
        head,
        _whole((long_m + lead_m[head] - lead_m[tail]) / per_step, up=up),
        np.maximum(1, _whole(narrow * flow, up=not up)),
        arc_chain,
        tuple(np.array(w, dtype=np.int32) for w in ways),
        door,
        _whole((door_gap - np.append(lead_m, 0.0)[door]) / per_step, up=up),
        np.maximum(1, _whole(net.entrance_width_m[problem.entrances] * door_flow, up=not up)),
        _starts(problem, spot, number, ways, lead_m, per_step, up=up),
        lead_m / problem.speed_mps,
        rounding,
    )


def nearest_door_m(
    junctions: int,
    tail: Ints | Nodes,
    head: Ints | Nodes,
    long_m: NDArray[np.float64],
    door: Ints | Nodes,
    door_gap: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the walk from each junction to the nearest door, the longest of the others where none is reached, shape (K,) [m].

    Parameters
    ----------
    junctions
        Number of junctions K.
    tail, head, long_m
        The chains and their lengths [m].
    door, door_gap
        Junction of each door, -1 for doors that do not count, and the way from there to it [m].
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    usable = np.flatnonzero(door >= 0)
    rows = np.concatenate([head, np.full(len(usable), junctions)]).astype(
        np.int64
    )  # backwards, from the doors
    columns = np.concatenate([tail, door[usable]]).astype(np.int64)
    weight = np.maximum(np.concatenate([long_m, door_gap[usable]]), _EPS)
    order = np.lexsort((weight, columns, rows))
    rows, columns, weight = rows[order], columns[order], weight[order]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    size = junctions + 1
    graph = coo_array((weight[first], (rows[first], columns[first])), shape=(size, size)).tocsr()
    found: NDArray[np.float64] = dijkstra(graph, indices=junctions)[:junctions]
    reached = np.isfinite(found)
    return np.where(reached, found, found[reached].max() if reached.any() else 0.0)


def _whole(value: NDArray[np.float64], *, up: bool) -> Ints:
    """Return values rounded to whole steps or units; noise of the last digits does not count."""
    rounded = np.ceil(value - _EPS) if up else np.floor(value + _EPS)
    return np.maximum(rounded, 0).astype(np.int64)


def street_node(problem: Problem) -> Nodes:
    """Return for each building's or entrance's own node the street node it is connected to, -1 for other nodes."""
    net = problem.network
    found = np.full(net.nodes, -1, dtype=np.int32)
    tie = (net.road == CONNECTOR) & problem.open
    own = np.zeros(net.nodes, dtype=np.bool_)
    own[net.building_node] = True
    own[net.entrance_node] = True
    leaving = tie & own[net.tail]
    found[net.tail[leaving]] = net.head[leaving]
    entering = tie & own[net.head] & (found[net.head] < 0)
    found[net.head[entering]] = net.tail[entering]
    return found


def connector_m(problem: Problem) -> NDArray[np.float64]:
    """Return the length of the connector at each building's or entrance's own node, shape (N,) [m]."""
    net = problem.network
    found = np.zeros(net.nodes)
    tie = net.road == CONNECTOR
    own = np.zeros(net.nodes, dtype=np.bool_)
    own[net.building_node] = True
    own[net.entrance_node] = True
    ends = tie & own[net.tail]
    found[net.tail[ends]] = problem.cost_m[ends]
    return found


def _out_arcs(problem: Problem, street: NDArray[np.bool_]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    net = problem.network
    for arc in np.flatnonzero(street).tolist():
        found.setdefault(int(net.tail[arc]), []).append(arc)
    return found


def _junctions(problem: Problem, street: NDArray[np.bool_], spot: Nodes) -> Nodes:
    """Return street nodes that stay: everything but nodes with exactly one way through, open both ways, and no entrance."""
    net = problem.network
    tail, head = net.tail[street], net.head[street]
    leaving = np.bincount(tail, minlength=net.nodes)
    coming = np.bincount(head, minlength=net.nodes)
    both = street & street[net.reverse]
    paired = np.bincount(net.tail[both], minlength=net.nodes)
    through = (leaving == 2) & (coming == 2) & (paired == 2)
    loops = street & (net.tail == net.head)
    through[net.tail[loops]] = False
    at_doors = spot[net.entrance_node[problem.entrances]]
    through[at_doors[at_doors >= 0]] = False
    used = (leaving > 0) | (coming > 0)
    used[at_doors[at_doors >= 0]] = True
    starts = spot[problem.node]
    lonely = starts[starts >= 0]
    used[lonely[(leaving[lonely] == 0) & (coming[lonely] == 0)]] = True
    keep = used & ~through
    _break_rings(problem, street, keep, used)
    return np.flatnonzero(keep).astype(np.int32)


def _break_rings(
    problem: Problem, street: NDArray[np.bool_], keep: NDArray[np.bool_], used: NDArray[np.bool_]
) -> None:
    """Keep one node of every ring of streets that has no junction."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    net = problem.network
    rows, columns = net.tail[street], net.head[street]
    matrix = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(net.nodes, net.nodes))
    count, label = connected_components(matrix, directed=False)
    has = np.zeros(count, dtype=np.bool_)
    has[label[keep]] = True
    for node in np.flatnonzero(used & ~has[label]).tolist():
        if not has[label[node]]:
            keep[node] = True
            has[label[node]] = True


def _follow(problem: Problem, arc: int, number: Nodes, out: dict[int, list[int]]) -> list[int]:
    """Return the arcs from a junction along `arc` to the next junction."""
    net = problem.network
    way = [arc]
    while number[net.head[way[-1]]] < 0:
        last = way[-1]
        back = int(net.reverse[last])
        way.append(next(a for a in out[int(net.head[last])] if a != back))
    return way


def _starts(
    problem: Problem,
    spot: Nodes,
    number: Nodes,
    ways: list[list[int]],
    lead_m: NDArray[np.float64],
    per_step: float,
    *,
    up: bool,
) -> tuple[tuple[tuple[int, int], ...], ...]:
    net, metres = problem.network, problem.cost_m
    chains = len(ways)
    gap = connector_m(problem)
    rest: dict[int, list[tuple[int, float]]] = {}
    inner = np.zeros(net.nodes, dtype=np.bool_)
    inner[spot[problem.node][spot[problem.node] >= 0]] = True
    for c, way in enumerate(ways):
        left = float(metres[way].sum())
        lead = float(lead_m[number[net.head[way[-1]]]])
        for arc in way[:-1]:
            left -= float(metres[arc])
            node = int(net.head[arc])
            if inner[node]:
                rest.setdefault(node, []).append((c, max(left, 0.0) + lead))

    def step(walk_m: float) -> int:
        return int(_whole(np.array([walk_m / per_step]), up=up)[0])

    found: list[tuple[tuple[int, int], ...]] = []
    for node in problem.node.tolist():
        at = int(spot[node])
        if at < 0:
            found.append(())
        elif number[at] >= 0:
            found.append(((chains + int(number[at]), step(gap[node] + lead_m[number[at]])),))
        else:
            found.append(tuple((c, step(gap[node] + m)) for c, m in sorted(rest.get(at, []))))
    return tuple(found)
