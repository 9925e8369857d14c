"""Random step networks, and reference answers that share nothing with the solver: networkx, OR-tools, and trying everything."""

from __future__ import annotations

from functools import cache
from typing import Any

import networkx as nx
import numpy as np

from civdef.evacuate.flow import StepNetwork

ENDLESS = 10**9


def make(
    nodes: int, arcs: list[tuple[int, int, int, int]], sources: list[tuple[int, list[tuple[int, int]]]],
    doors: list[tuple[int, int, int, int]], places: list[int],
) -> StepNetwork:  # fmt: skip
    """Return a network from rows: arcs (tail, head, steps, units), sources (units, [(node, step)]), doors (node, steps, units, shelter)."""

    def columns(rows: list[Any], width: int) -> list[Any]:
        return list(np.array(rows, dtype=np.int64).reshape(-1, width).T)

    releases = [(i, v, t) for i, (_, ways) in enumerate(sources) for v, t in ways]
    return StepNetwork(
        nodes, *columns(arcs, 4), np.array([u for u, _ in sources], dtype=np.int64),
        *columns(releases, 3), *columns(doors, 4), np.array(places, dtype=np.int64),
    )  # fmt: skip


def random_network(seed: int, *, largest: int = 8, units: int = 12, whole: bool = False) -> StepNetwork:
    """Return a small network of any kind: arcs of no travel time and no width, loops, parallels, sources with two ways in.

    With `whole` there are places and ways for everybody: a ring through all nodes, and one shelter that takes all.
    """
    rng = np.random.default_rng(seed)
    n, a, i, d, s = (int(rng.integers(1, k)) for k in (largest + 1, 3 * largest, 5, 4, 4))
    arcs = [tuple(map(int, rng.integers(0, (n, n, 4, 5)))) for _ in range(a)]
    if whole:
        arcs += [(v, (v + 1) % n, int(rng.integers(0, 3)), int(rng.integers(1, 5))) for v in range(n)]
    sources = [
        (
            int(rng.integers(0, units)),
            [(int(rng.integers(n)), int(rng.integers(4))) for _ in range(rng.integers(1, 3))],
        )
        for _ in range(i)
    ]
    total = sum(u for u, _ in sources)
    doors = [tuple(map(int, rng.integers(0, (n, 3, 5, s)))) for _ in range(d)]
    places = [int(p) for p in rng.integers(0, total + 1, s)]
    if whole:
        doors.append((int(rng.integers(n)), 0, int(rng.integers(1, 5)), 0))
        places[0] = max(places[0], total - sum(places[1:]) // 2)
        doors += [(int(rng.integers(n)), 1, 1, k) for k in range(1, s)]
        if rng.random() < 0.5:
            places[0] = total
    return make(n, arcs, sources, doors, places)


def expanded(network: StepNetwork, steps: int, *, wait: bool) -> nx.DiGraph:
    """Return the whole time-expanded network, nothing pruned; waiting at every node or at the sources only."""
    n, graph = network, nx.DiGraph()
    graph.add_nodes_from(["from", "to"])

    def add(tail: object, head: object, units: int) -> None:
        old = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        graph.add_edge(tail, head, capacity=old + int(units))

    for t in range(steps):
        for v in range(n.nodes) if wait and t + 1 < steps else ():
            add((v, t), (v, t + 1), ENDLESS)
        for tail, head, k, u in zip(n.tail.tolist(), n.head.tolist(), n.steps.tolist(), n.units, strict=True):
            if t + k < steps:
                add((tail, t), (head, t + k), u)
        for v, k, u, s in zip(n.door_node.tolist(), n.door_steps, n.door_units, n.door_shelter, strict=True):
            if t + k < steps:
                add((v, t), ("shelter", int(s)), u)
    for s, p in enumerate(n.places):
        add(("shelter", s), "to", p)
    for i, p in enumerate(n.supply):
        add("from", ("source", i), p)
    for i, v, r in zip(n.release_source, n.release_node.tolist(), n.release_step.tolist(), strict=True):
        for t in range(r, steps) if not wait else range(r, min(r + 1, steps)):
            add(("source", int(i)), (v, t), ENDLESS)
    return graph


def fits(network: StepNetwork, steps: int, *, wait: bool = True) -> bool:
    """Return whether everybody can be inside within `steps`, by networkx."""
    value = nx.maximum_flow_value(expanded(network, steps, wait=wait), "from", "to")
    return bool(value >= network.total)


def fits_by_trying(network: StepNetwork, steps: int) -> bool:
    """Return whether everybody can be inside within `steps`, by trying every move of every unit in turn (tiny networks)."""
    n = network
    units = [i for i, u in enumerate(n.supply.tolist()) for _ in range(u)]

    @cache
    def ways(source: int) -> tuple[tuple[tuple[Any, ...], ...], ...]:
        """Return every way of a unit in as the things it uses up, each once: an arc or a door in a step, a place."""
        found: list[tuple[tuple[Any, ...], ...]] = []

        def go(v: int, t: int, used: tuple[tuple[Any, ...], ...], seen: frozenset[tuple[int, int]]) -> None:
            if t >= steps or (v, t) in seen:
                return
            seen = seen | {(v, t)}
            for d in np.flatnonzero(n.door_node == v).tolist():
                if t + n.door_steps[d] < steps:
                    found.append((*used, ("door", d, t), ("place", int(n.door_shelter[d]))))
            for a in np.flatnonzero(n.tail == v).tolist():
                go(int(n.head[a]), t + int(n.steps[a]), (*used, ("arc", a, t)), seen)
            go(v, t + 1, used, seen)

        for r in np.flatnonzero(n.release_source == source).tolist():
            go(int(n.release_node[r]), int(n.release_step[r]), (), frozenset())
        return tuple(sorted(set(found), key=lambda w: (len(w), repr(w))))

    def room(thing: tuple[Any, ...]) -> int:
        kind, k = thing[0], thing[1]
        return int({"arc": n.units, "door": n.door_units, "place": n.places}[kind][k])

    def rest(k: int, taken: dict[tuple[Any, ...], int], least: int) -> bool:
        if k == len(units):
            return True
        same = k > 0 and units[k] == units[k - 1]
        for number, way in enumerate(ways(units[k])):
            if same and number < least:  # units of one source are alike: ways in rising order
                continue
            if all(taken.get(x, 0) < room(x) for x in way):
                for x in way:
                    taken[x] = taken.get(x, 0) + 1
                if rest(k + 1, taken, number):
                    return True
                for x in way:
                    taken[x] -= 1
        return False

    return rest(0, {}, 0)
