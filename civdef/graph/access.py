"""Tying buildings, shelter entrances and gates to the streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.graph.noding import Lines
from civdef.model.shelter import Shelter
from civdef.model.workspace import Workspace

GATE_REACH_M = 15.0
"""A gate drawn farther than this from any street counts as not being on one [m]; a tolerance for drawing."""

INDOOR_ENTRANCE_M = 2.0
OUTDOOR_ENTRANCE_M = 6.0
"""Clear width assumed for a shelter without drawn entrances [m]; a planning assumption."""


@dataclass(frozen=True)
class Tie:
    """Where a point meets the streets.

    Attributes
    ----------
    point
        The point itself in the metric CRS [m].
    piece
        Index of the piece it meets, -1 if there is no street at all.
    along_m
        Distance from the start of the piece [m].
    gap_m
        Straight distance from the point to the street [m].
    """

    point: tuple[float, float]
    piece: int
    along_m: float
    gap_m: float


@dataclass(frozen=True)
class Doorway:
    """An entrance of a shelter, drawn or assumed."""

    id: str
    shelter: str
    width_m: float
    tie: Tie


@dataclass(frozen=True)
class Ties:
    """All ties of a workspace: by building, by entrance, by gate, in id order."""

    buildings: tuple[Tie, ...]
    doorways: tuple[Doorway, ...]
    gates: tuple[Tie, ...]


class _Streets:
    """Nearest-street look-up among the pieces open to somebody."""

    def __init__(self, lines: Lines, which: NDArray[np.intp]) -> None:
        self.which = which
        self.lines = [lines.pieces[i].line for i in which]
        self.tree = shapely.STRtree(self.lines) if len(which) else None

    def tie(self, point: shapely.Point) -> Tie:
        at = (point.x, point.y)
        if self.tree is None:
            return Tie(at, -1, 0.0, 0.0)
        _, distance = self.tree.query_nearest(point, return_distance=True, all_matches=False)
        near = self.tree.query(point, predicate="dwithin", distance=float(distance[0]) + 1e-9)
        k = int(min(near))
        line = self.lines[k]
        along = line.project(point)
        return Tie(at, int(self.which[k]), float(along), float(line.interpolate(along).distance(point)))


def tie_points(workspace: Workspace, lines: Lines) -> Ties:
    """Tie every building, shelter entrance and gate to its nearest walkable street.

    A building inside a compound with gates meets only streets inside the compound, or the nearest gate where
    there are none; a building outside meets only streets outside. Bridges and tunnels have no doors.
    """
    roads = list(workspace.roads.values())
    open_ = np.array(
        [roads[p.road].walk and not roads[p.road].bridge and not roads[p.road].tunnel for p in lines.pieces],
        dtype=np.bool_,
    )
    inside = _compound_of_pieces(workspace, lines)
    anywhere = _Streets(lines, np.flatnonzero(open_))
    outside = _Streets(lines, np.flatnonzero(open_ & (inside == "")))
    gates = tuple(anywhere.tie(g.shape_m) for g in workspace.gates.values())
    walled = {g.compound for g in workspace.gates.values()}
    within = {c: _Streets(lines, np.flatnonzero(open_ & (inside == c))) for c in sorted(walled)}
    gate_ties: dict[str, list[Tie]] = {}
    for gate, tie in zip(workspace.gates.values(), gates, strict=True):
        if not gate.locked and tie.gap_m <= GATE_REACH_M:
            gate_ties.setdefault(gate.compound, []).append(tie)
    buildings: list[Tie] = []
    for building in workspace.buildings.values():
        point = inner_point(building.shape_m)
        if building.compound in walled and building.compound is not None:
            own = within[building.compound]
            if own.tree is not None:
                buildings.append(own.tie(point))
                continue
            doors = gate_ties.get(building.compound)
            if doors:
                buildings.append(_nearest_gate(point, doors))
                continue
        buildings.append((outside if outside.tree is not None else anywhere).tie(point))
    return Ties(tuple(buildings), tuple(_doorways(workspace, anywhere)), gates)


def inner_point(shape: shapely.Geometry) -> shapely.Point:
    """Return the centroid where it lies inside the shape, else a point that does."""
    centroid = shape.centroid
    return centroid if shape.covers(centroid) else shape.representative_point()


def _nearest_gate(point: shapely.Point, doors: Sequence[Tie]) -> Tie:
    best = min(doors, key=lambda t: (point.distance(shapely.Point(t.point)), t.piece, t.along_m))
    gap = point.distance(shapely.Point(best.point)) + best.gap_m
    return Tie((point.x, point.y), best.piece, best.along_m, float(gap))


def _compound_of_pieces(workspace: Workspace, lines: Lines) -> NDArray[np.str_]:
    """Return for each piece the smallest compound with gates that it lies in, or an empty string."""
    roads = list(workspace.roads.values())
    area = {g.compound: workspace.compounds[g.compound].shape_m.area for g in workspace.gates.values()}
    walled = sorted(area, key=lambda c: (area[c], c))
    found = np.array([roads[p.road].compound or "" for p in lines.pieces], dtype=object)
    middles = [p.line.interpolate(0.5, normalized=True) for p in lines.pieces]
    if walled and middles:
        tree = shapely.STRtree(middles)
        for compound in walled:
            for k in tree.query(workspace.compounds[compound].shape_m, predicate="contains"):
                if not found[k]:
                    found[k] = compound
    known = set(walled)
    return np.array([c if c in known else "" for c in found], dtype=np.str_)


def _doorways(workspace: Workspace, streets: _Streets) -> list[Doorway]:
    drawn: dict[str, list[Doorway]] = {}
    for entrance in workspace.entrances.values():
        drawn.setdefault(entrance.shelter, []).append(
            Doorway(entrance.id, entrance.shelter, entrance.width_m, streets.tie(entrance.shape_m))
        )
    found: list[Doorway] = []
    for shelter in workspace.shelters.values():
        if shelter.id in drawn:
            found.extend(drawn[shelter.id])
        else:
            found.append(_assumed(shelter, streets))
    return sorted(found, key=lambda d: (d.shelter, d.id))


def _assumed(shelter: Shelter, streets: _Streets) -> Doorway:
    tie = streets.tie(inner_point(shelter.shape_m))
    if streets.tree is not None:
        edge = shelter.shape_m.boundary if shelter.shape_m.area > 0 else shelter.shape_m
        k = int(np.flatnonzero(streets.which == tie.piece)[0])
        touch = shapely.shortest_line(edge, streets.lines[k])
        tie = streets.tie(shapely.Point(touch.coords[0]))
    width = INDOOR_ENTRANCE_M if shelter.indoor else OUTDOOR_ENTRANCE_M
    return Doorway(f"entrance/{shelter.id.partition('/')[2]}-assumed", shelter.id, width, tie)
