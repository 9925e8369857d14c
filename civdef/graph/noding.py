"""Line work → pieces between junctions. Which vertices are junctions, and which lines join there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.model.town import Drive
from civdef.model.workspace import Workspace

Key = tuple[int, int, int]
"""Longitude and latitude in 1e-7 degrees, and the number of the join at that spot."""


@dataclass(frozen=True)
class Piece:
    """A stretch of one road between two junctions, drawn in the metric CRS.

    Attributes
    ----------
    road
        Index of the road in the workspace's id order.
    start, end
        Junction numbers.
    line
        The stretch, a LineString [m].
    """

    road: int
    start: int
    end: int
    line: shapely.LineString


@dataclass(frozen=True)
class Lines:
    """All pieces of a workspace and its junctions.

    Attributes
    ----------
    pieces
        In road order, then along the road.
    junction_m
        Junction positions in the metric CRS, shape (J, 2) [m].
    """

    pieces: tuple[Piece, ...]
    junction_m: NDArray[np.float64]


def node_lines(workspace: Workspace) -> Lines:
    """Cut every road at its junctions.

    At one spot, uses by lines of the same layer join; ends of lines join each other whatever their layer; an end
    that met nobody joins whatever passes there (a ramp ending on a viaduct).
    """
    roads = list(workspace.roads.values())
    uses: dict[tuple[int, int], list[tuple[int, int, bool]]] = {}
    keys: list[list[tuple[int, int]]] = []
    for r, road in enumerate(roads):
        spots = [(round(x * 1e7), round(y * 1e7)) for x, y in road.shape.coords]
        keys.append(spots)
        for v, spot in enumerate(spots):
            uses.setdefault(spot, []).append((r, v, v in (0, len(spots) - 1)))
    join: dict[tuple[int, int], int] = {}
    junction_of: dict[Key, int] = {}
    positions: list[tuple[float, float]] = []
    for spot in sorted(uses):
        for number, members in enumerate(joins([(roads[r].layer, r, v, e) for r, v, e in uses[spot]])):
            if len(members) == 1 and not members[0][2]:
                continue
            junction_of[(*spot, number)] = len(positions)
            r, v, _ = members[0]
            positions.append(tuple(roads[r].shape_m.coords[v][:2]))
            for r, v, _ in members:
                join[(r, v)] = junction_of[(*spot, number)]
    pieces: list[Piece] = []
    for r, road in enumerate(roads):
        coords = [c[:2] for c in road.shape_m.coords]
        first = 0
        for v in range(1, len(coords)):
            if (r, v) in join:
                part = coords[first : v + 1]
                if any(p != part[0] for p in part[1:]):
                    pieces.append(Piece(r, join[(r, first)], join[(r, v)], shapely.LineString(part)))
                first = v
    return Lines(tuple(pieces), np.array(positions, dtype=np.float64).reshape(-1, 2))


def joins(found: list[tuple[int, int, int, bool]]) -> list[list[tuple[int, int, bool]]]:
    """Group the uses of one spot, given as (layer, road, vertex, is an end), into joins."""
    groups: list[list[tuple[int, int, int, bool]]] = []
    by_layer: dict[int, list[tuple[int, int, int, bool]]] = {}
    for use in sorted(found):
        by_layer.setdefault(use[0], []).append(use)
    groups = list(by_layer.values())
    with_ends = [g for g in groups if any(u[3] for u in g)]
    if len(with_ends) > 1:
        merged = [u for g in with_ends for u in g]
        groups = [g for g in groups if g not in with_ends] + [merged]
    lonely = [g for g in groups if len(g) == 1 and g[0][3]]
    if lonely and len(groups) > 1:
        others = [g for g in groups if g not in lonely]
        groups = [[u for g in [*lonely, others[0]] for u in g], *others[1:]]
    return [[(r, v, e) for _, r, v, e in sorted(g)] for g in sorted(groups)]


def walkable(workspace: Workspace) -> NDArray[np.bool_]:
    """Return, in road order, whether people may walk. Shape (roads,)."""
    return np.array([r.walk for r in workspace.roads.values()], dtype=np.bool_)


def drivable(workspace: Workspace) -> NDArray[np.bool_]:
    """Return whether vehicles may go forward and backward along each drawn road. Shape (roads, 2)."""
    return np.array(
        [
            (r.drive in (Drive.BOTH, Drive.FORWARD), r.drive in (Drive.BOTH, Drive.BACKWARD))
            for r in workspace.roads.values()
        ],
        dtype=np.bool_,
    ).reshape(-1, 2)
