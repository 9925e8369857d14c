"""Ways of those who are helped: on foot with a pair, pushed or carried without steps, and by vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.question import Asked
from civdef.graph.roads import CONNECTOR, StreetNetwork
from civdef.model.assistance import AssistanceSettings
from civdef.model.town import RoadKind
from civdef.model.workspace import Workspace

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]

KMH = 3.6
"""km/h in one m/s."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Graphs of one question; each is a sparse matrix whose entry (u, v) is the cheapest arc u → v.

    Attributes
    ----------
    walk
        Open to people on foot, with the helper at their side; steps cost as in the walking plan [m].
    push
        The same without steps: for wheelchairs and stretchers [m].
    come
        Open to helpers on their way to a person: also into an area that the hazard has not reached [m].
    drive
        Open to vehicles [s].
    """

    network: StreetNetwork
    walk: Any
    push: Any
    come: Any
    drive: Any

    @cached_property
    def component(self) -> Nodes:
        """Component of each node within which vehicles get from everywhere to everywhere, shape (N,)."""
        from scipy.sparse.csgraph import connected_components

        _, label = connected_components(self.drive, directed=True, connection="strong")
        found: Nodes = label.astype(np.int32)
        return found

    @cached_property
    def kerbs(self) -> Nodes:
        """Nodes that vehicles can come to and leave again, in order."""
        if self.network.nodes == 0:
            return np.zeros(0, dtype=np.int32)
        size = np.bincount(self.component)
        return np.flatnonzero(size[self.component] > 1).astype(np.int32)

    def from_(self, graph: str, nodes: Nodes, limit: float = np.inf) -> Floats:
        """Return costs from each node to all, shape (len(nodes), N); infinite beyond `limit` or without a way."""
        return _search(getattr(self, graph), nodes, limit)

    def to(self, graph: str, nodes: Nodes, limit: float = np.inf) -> Floats:
        """Return costs from all to each node, shape (len(nodes), N)."""
        return _search(getattr(self, graph).T.tocsr(), nodes, limit)

    def nearest_kerb(self, x_m: float, y_m: float) -> int:
        """Return the kerb nearest to a point as the crow flies, -1 without any."""
        if len(self.kerbs) == 0:
            return -1
        net = self.network
        away = (net.x_m[self.kerbs] - x_m) ** 2 + (net.y_m[self.kerbs] - y_m) ** 2
        return int(self.kerbs[int(np.argmin(away))])


def ways_of(workspace: Workspace, asked: Asked) -> Ways:
    """Return the ways that are open in a question.

    People leave a hazard area on foot as in the walking plan. Vehicles go where driving is allowed, no gate is locked,
    nobody asked for the street to be closed, no debris or deep water lies from the start, and the hazard has not arrived:
    an area that the hazard reaches later may be entered, and the deadline of its buildings says until when.
    """
    problem, network = asked.problem, asked.problem.network
    settings = workspace.settings.assistance
    steps = np.array([r.kind is RoadKind.STEPS for r in workspace.roads.values()] + [False], dtype=np.bool_)
    open_ = problem.open
    asked_for = np.zeros(network.arcs, dtype=np.bool_)
    for road in asked.question.closed_roads:
        asked_for[network.arcs_of_road(road)] = True
    blocked = network.locked | asked_for | (asked.arcs.impassable_min <= 0) | (asked.arcs.forbidden_min <= 0)
    by_blockage = np.isfinite(asked.arcs.impassable_min) & (asked.arcs.zone >= len(asked.effects.zones))
    struck = blocked | by_blockage
    return Ways(
        network,
        _matrix(network, open_, problem.cost_m),
        _matrix(network, open_ & ~steps[network.road], network.length_m),
        _matrix(network, network.walk & ~struck, problem.cost_m),
        _matrix(network, network.drive & ~struck, network.length_m / drive_mps(workspace, settings, network)),
    )


def drive_mps(workspace: Workspace, settings: AssistanceSettings, network: StreetNetwork) -> Floats:
    """Return the speed of vehicles on each arc, shape (M,) [m/s]."""
    of_road = [
        min(settings.top_kmh, settings.speed_share * (r.speed_kmh or settings.speed_kmh.get(r.kind, 10.0)))
        / KMH
        for r in workspace.roads.values()
    ]
    speed = np.array([*of_road, 1.0])
    return np.where(network.road == CONNECTOR, 1.0, speed[network.road])


def _matrix(network: StreetNetwork, keep: Bools, cost: Floats) -> Any:
    from scipy.sparse import csr_array

    tail, head, cost = network.tail[keep], network.head[keep], cost[keep]
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], np.maximum(cost[order], 1e-6)
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    indptr = np.searchsorted(tail[first], np.arange(network.nodes + 1))
    return csr_array((cost[first], head[first], indptr), shape=(network.nodes, network.nodes))


def _search(graph: Any, nodes: Nodes, limit: float) -> Floats:
    from scipy.sparse.csgraph import dijkstra

    if len(nodes) == 0:
        return np.zeros((0, graph.shape[0]))
    unique, back = np.unique(nodes, return_inverse=True)
    found: Floats = dijkstra(graph, indices=unique, limit=limit)
    return found[back]
