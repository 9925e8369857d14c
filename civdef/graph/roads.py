"""The street network: directed arcs in sorted arrays for solvers, a networkx view for everyone else.

Built from line work with shared vertices (see ``noding``); buildings and shelter entrances are tied to the
nearest walkable street by a connector from a node of their own (see ``access``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.graph.access import GATE_REACH_M, Tie, tie_points
from civdef.graph.noding import Lines, drivable, node_lines, walkable
from civdef.model.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CONNECTOR = -1
"""`road` of an arc that ties a building or entrance to the street."""

CONNECTOR_WIDTH_M = 3.0
"""Usable width of the way from a building's door to the street [m]; a planning assumption."""

SAME_SPOT_M = 0.01
"""Ties closer than this along a street share a node [m]."""


@dataclass(frozen=True)
class StreetNetwork:
    """A directed street network: N nodes, M arcs, B buildings, E shelter entrances, G gates.

    Arcs are sorted by (tail, head, road); every stretch gives an arc in each direction.

    Attributes
    ----------
    x_m, y_m
        Node positions in the metric CRS, shape (N,) [m].
    lon, lat
        The same in WGS84, shape (N,) [degrees].
    tail, head
        Node indices, shape (M,).
    indptr
        Arcs out of node n are ``indptr[n]:indptr[n + 1]``, shape (N + 1,).
    length_m
        Shape (M,) [m].
    width_m
        Usable walking width, both directions together, narrowed at gates, shape (M,) [m].
    walk, drive
        Whether people may walk, vehicles may drive along the arc, shape (M,).
    locked
        Whether the arc passes a gate that is normally locked, shape (M,).
    road
        Index into `road_ids`, or `CONNECTOR`, shape (M,).
    reverse
        Index of the opposite arc, shape (M,).
    line
        Index into `lines`, shape (M,); `forward` says whether the arc runs along or against it.
    lines
        Drawn stretches in WGS84, each of shape (k, 2).
    building_ids, building_node
        Each building's own node, shape (B,).
    entrance_ids, entrance_shelter, entrance_node, entrance_width_m
        Shelter entrances, shape (E,); `entrance_shelter` indexes `shelter_ids`.
    gate_ids, gate_arcs
        For each gate the arcs that pass it.
    """

    x_m: Floats
    y_m: Floats
    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    indptr: Ints
    length_m: Floats
    width_m: Floats
    walk: Bools
    drive: Bools
    locked: Bools
    road: Ints
    reverse: Ints
    line: Ints
    forward: Bools
    lines: tuple[Floats, ...]
    road_ids: tuple[str, ...]
    building_ids: tuple[str, ...]
    building_node: Ints
    shelter_ids: tuple[str, ...]
    entrance_ids: tuple[str, ...]
    entrance_shelter: Ints
    entrance_node: Ints
    entrance_width_m: Floats
    gate_ids: tuple[str, ...]
    gate_arcs: tuple[Ints, ...]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x_m)

    @property
    def arcs(self) -> int:
        """Number of directed arcs."""
        return len(self.tail)

    @property
    def passable(self) -> Bools:
        """Arcs that people can walk today: walkable and not behind a locked gate, shape (M,)."""
        return self.walk & ~self.locked

    @cached_property
    def road_index(self) -> Mapping[str, int]:
        """Road id → index into `road_ids`."""
        return {r: i for i, r in enumerate(self.road_ids)}

    @cached_property
    def building_index(self) -> Mapping[str, int]:
        """Building id → index into `building_ids`."""
        return {b: i for i, b in enumerate(self.building_ids)}

    @cached_property
    def shelter_index(self) -> Mapping[str, int]:
        """Shelter id → index into `shelter_ids`."""
        return {s: i for i, s in enumerate(self.shelter_ids)}

    def arcs_of_road(self, road_id: str) -> Ints:
        """Return the arcs, both directions, that a road was cut into. Raises ``KeyError`` for an unknown road."""
        return np.flatnonzero(self.road == self.road_index[road_id]).astype(np.int32)

    def arc_lonlat(self, arc: int) -> Floats:
        """Return the arc as drawn, from tail to head, shape (k, 2) [degrees]."""
        drawn: Floats = self.lines[self.line[arc]]
        along: Floats = drawn if self.forward[arc] else drawn[::-1]
        return along

    def to_networkx(self, *, mode: str = "walk") -> nx.MultiDiGraph[int]:
        """Return a networkx view: nodes carry x, y, lon, lat; edges carry arc, road, length_m, width_m.

        Parameters
        ----------
        mode
            ``walk`` (passable on foot), ``drive`` or ``all``.

        Raises
        ------
        KeyError
            For another mode.
        """
        import networkx as nx

        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        for n in range(self.nodes):
            graph.add_node(
                n, x=float(self.x_m[n]), y=float(self.y_m[n]), lon=float(self.lon[n]), lat=float(self.lat[n])
            )
        keep = {"walk": self.passable, "drive": self.drive, "all": self.walk | self.drive}[mode]
        for a in np.flatnonzero(keep):
            road = int(self.road[a])
            graph.add_edge(
                int(self.tail[a]),
                int(self.head[a]),
                arc=int(a),
                road=None if road == CONNECTOR else self.road_ids[road],
                length_m=float(self.length_m[a]),
                width_m=float(self.width_m[a]),
            )
        return graph

    @cached_property
    def component(self) -> Ints:
        """Connected component of each node on foot, 0 the largest, shape (N,)."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        keep = self.passable
        ones = np.ones(int(keep.sum()), dtype=np.int8)
        matrix = coo_array((ones, (self.tail[keep], self.head[keep])), shape=(self.nodes, self.nodes))
        _, label = connected_components(matrix, directed=False)
        sizes = np.bincount(label)
        rank = np.empty(len(sizes), dtype=np.int32)
        rank[np.lexsort((np.arange(len(sizes)), -sizes))] = np.arange(len(sizes), dtype=np.int32)
        found: Ints = rank[label].astype(np.int32)
        return found


def build_street_network(workspace: Workspace) -> StreetNetwork:
    """Build the street network of a workspace, with access points for buildings and shelter entrances.

    A workspace without streets gives a network whose buildings and entrances are all apart.
    """
    lines = node_lines(workspace)
    ties = tie_points(workspace, lines)
    builder = _Builder(workspace, lines)
    builder.split([*ties.buildings, *(d.tie for d in ties.doorways), *ties.gates])
    building_node = [builder.own_node(t) for t in ties.buildings]
    entrance_node = [builder.own_node(d.tie) for d in ties.doorways]
    gate_node = [builder.street_node(t) if t.gap_m <= GATE_REACH_M else -1 for t in ties.gates]
    shelter_index = {s: i for i, s in enumerate(workspace.shelters)}
    return builder.finish(
        building_node,
        entrance_node,
        gate_node,
        [d.id for d in ties.doorways],
        [shelter_index[d.shelter] for d in ties.doorways],
        [d.width_m for d in ties.doorways],
    )


class _Builder:
    """Collects nodes and undirected stretches, then sorts them into arrays."""

    def __init__(self, workspace: Workspace, lines: Lines) -> None:
        self.workspace = workspace
        self.pieces = lines.pieces
        self.points: list[tuple[float, float]] = [tuple(p) for p in lines.junction_m.tolist()]
        self.stretches: list[tuple[int, int, int, shapely.LineString]] = []
        self.connectors: list[tuple[int, int, float]] = []
        self.at: dict[tuple[int, float], int] = {}

    def split(self, ties: list[Tie]) -> None:
        """Cut every piece where something meets it."""
        cuts: dict[int, list[float]] = {}
        for tie in ties:
            if tie.piece >= 0:
                cuts.setdefault(tie.piece, []).append(tie.along_m)
        for k, piece in enumerate(self.pieces):
            length = piece.line.length
            last_m, last_node = 0.0, piece.start
            for along in sorted(cuts.get(k, [])):
                if along - last_m <= SAME_SPOT_M:
                    self.at[(k, along)] = last_node
                elif length - along <= SAME_SPOT_M:
                    self.at[(k, along)] = piece.end
                else:
                    point = piece.line.interpolate(along)
                    node = self._node((point.x, point.y))
                    self._stretch(k, last_m, along, last_node, node)
                    self.at[(k, along)] = node
                    last_m, last_node = along, node
            self._stretch(k, last_m, length, last_node, piece.end)

    def street_node(self, tie: Tie) -> int:
        """Return the street node where a tie meets, -1 without any street."""
        return self.at[(tie.piece, tie.along_m)] if tie.piece >= 0 else -1

    def own_node(self, tie: Tie) -> int:
        """Add a node for the tied point itself and connect it; return the node."""
        node = self._node(tie.point)
        if tie.piece >= 0:
            self.connectors.append((node, self.street_node(tie), tie.gap_m))
        return node

    def _node(self, point: tuple[float, float]) -> int:
        self.points.append(point)
        return len(self.points) - 1

    def _stretch(self, piece: int, start_m: float, end_m: float, a: int, b: int) -> None:
        from shapely.ops import substring

        p = self.pieces[piece]
        whole = start_m == 0.0 and end_m >= p.line.length
        self.stretches.append((a, b, p.road, p.line if whole else substring(p.line, start_m, end_m)))

    def finish(
        self,
        building_node: list[int],
        entrance_node: list[int],
        gate_node: list[int],
        entrance_ids: list[str],
        entrance_shelter: list[int],
        entrance_width_m: list[float],
    ) -> StreetNetwork:
        """Sort everything into a :class:`StreetNetwork`."""
        from pyproj import Transformer

        ws = self.workspace
        roads = list(ws.roads.values())
        may_walk, may_drive = walkable(ws), drivable(ws)
        back = Transformer.from_crs(ws.crs, "EPSG:4326", always_xy=True)
        xy = np.array(self.points, dtype=np.float64).reshape(-1, 2)
        lon, lat = back.transform(xy[:, 0], xy[:, 1]) if len(xy) else (xy[:, 0], xy[:, 1])
        shapes = [np.asarray(s[3].coords)[:, :2] for s in self.stretches]
        shapes += [xy[[a, b]] for a, b, _ in self.connectors]
        drawn = _to_lonlat(back, shapes)
        ends = [(a, b) for a, b, _, _ in self.stretches] + [(a, b) for a, b, _ in self.connectors]
        half = len(ends)
        ab = np.array(ends, dtype=np.int32).reshape(-1, 2)
        road = np.array([s[2] for s in self.stretches] + [CONNECTOR] * len(self.connectors), dtype=np.int32)
        length = np.array(
            [s[3].length for s in self.stretches] + [c[2] for c in self.connectors], dtype=np.float64
        )
        width = np.array(
            [roads[s[2]].width_m for s in self.stretches] + [CONNECTOR_WIDTH_M] * len(self.connectors)
        )
        tail, head = np.concatenate([ab[:, 0], ab[:, 1]]), np.concatenate([ab[:, 1], ab[:, 0]])
        line = np.tile(np.arange(half, dtype=np.int32), 2)
        forward = np.repeat([True, False], half)
        order = np.lexsort((line, np.tile(road, 2), head, tail))
        position = np.empty(2 * half, dtype=np.int32)
        position[order] = np.arange(2 * half, dtype=np.int32)
        reverse = position[(order + half) % (2 * half)] if half else np.zeros(0, dtype=np.int32)
        tail, head, line, forward = tail[order], head[order], line[order], forward[order]
        road_of = road[line]
        tied = road_of == CONNECTOR
        walk = tied | (may_walk[road_of] if roads else False)
        drive = ~tied & (np.where(forward, may_drive[road_of, 0], may_drive[road_of, 1]) if roads else False)
        width_m = width[line].astype(np.float64)
        locked = np.zeros(2 * half, dtype=np.bool_)
        gate_arcs = []
        for gate, node in zip(ws.gates.values(), gate_node, strict=True):
            arcs = np.flatnonzero(~tied & ((tail == node) | (head == node))).astype(np.int32)
            own = np.array([roads[road_of[a]].compound == gate.compound for a in arcs], dtype=np.bool_)
            arcs = arcs[own] if own.any() else arcs
            gate_arcs.append(arcs)
            width_m[arcs] = np.minimum(width_m[arcs], gate.width_m)
            locked[arcs] |= gate.locked
        n = len(xy)
        return StreetNetwork(
            x_m=xy[:, 0].copy(),
            y_m=xy[:, 1].copy(),
            lon=np.asarray(lon, dtype=np.float64),
            lat=np.asarray(lat, dtype=np.float64),
            tail=tail,
            head=head,
            indptr=np.searchsorted(tail, np.arange(n + 1)).astype(np.int32),
            length_m=length[line],
            width_m=width_m,
            walk=walk,
            drive=drive,
            locked=locked,
            road=road_of,
            reverse=reverse.astype(np.int32),
            line=line,
            forward=forward,
            lines=drawn,
            road_ids=tuple(ws.roads),
            building_ids=tuple(ws.buildings),
            building_node=np.array(building_node, dtype=np.int32),
            shelter_ids=tuple(ws.shelters),
            entrance_ids=tuple(entrance_ids),
            entrance_shelter=np.array(entrance_shelter, dtype=np.int32),
            entrance_node=np.array(entrance_node, dtype=np.int32),
            entrance_width_m=np.array(entrance_width_m, dtype=np.float64),
            gate_ids=tuple(ws.gates),
            gate_arcs=tuple(gate_arcs),
        )


def _to_lonlat(back: object, shapes: list[Floats]) -> tuple[Floats, ...]:
    """Transform many lines to WGS84 in one call."""
    if not shapes:
        return ()
    stacked = np.concatenate(shapes)
    lon, lat = back.transform(stacked[:, 0], stacked[:, 1])  # type: ignore[attr-defined]
    both = np.column_stack([lon, lat])
    return tuple(np.split(both, np.cumsum([len(s) for s in shapes])[:-1]))
