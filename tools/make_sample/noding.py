"""Joining of line work: where ways of one layer meet, both get the same vertex."""

from __future__ import annotations

import math

from shapely import STRtree
from shapely.geometry import LineString, Point

from tools.make_sample.geometry import XY, points, rounded
from tools.make_sample.town import Way

SNAP_M = 0.30
TOUCH_M = 0.03


class _Vertices:
    """Known vertices, found again within `SNAP_M`."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[XY]] = {}

    def add(self, point: XY) -> None:
        cell = self._cells.setdefault((math.floor(point[0]), math.floor(point[1])), [])
        if point not in cell:
            cell.append(point)

    def near(self, point: XY) -> XY | None:
        i, j = math.floor(point[0]), math.floor(point[1])
        best: XY | None = None
        best_m = SNAP_M
        for a in (i - 1, i, i + 1):
            for b in (j - 1, j, j + 1):
                for q in self._cells.get((a, b), ()):
                    d = math.dist(point, q)
                    if d < best_m:
                        best, best_m = q, d
        return best


def node(ways: list[Way]) -> None:
    """Give ways of one layer a common vertex wherever they cross or touch; changes `ways` in place.

    Parameters
    ----------
    ways
        Ways whose coordinates lie on the centimetre grid.
    """
    for layer in sorted({w.layer for w in ways}):
        _node_layer([w for w in ways if w.layer == layer])


def _node_layer(ways: list[Way]) -> None:
    shapes = [LineString(w.coords) for w in ways]
    known = _Vertices()
    for way in ways:
        for end in (way.coords[0], way.coords[-1]):
            known.add(end)
    for way in ways:
        for p in way.coords:
            if known.near(p) is None:
                known.add(p)
    tree = STRtree(shapes)
    wanted: list[list[XY]] = [[] for _ in ways]
    for i, shape in enumerate(shapes):
        for j in sorted(int(k) for k in tree.query(shape.buffer(TOUCH_M))):
            if j <= i or shape.distance(shapes[j]) > TOUCH_M:
                continue
            other = shapes[j]
            found = points(shape.intersection(other))
            for p in (ways[i].coords[0], ways[i].coords[-1]):
                if other.distance(Point(p)) <= TOUCH_M:
                    found.append(p)
            for p in (ways[j].coords[0], ways[j].coords[-1]):
                if shape.distance(Point(p)) <= TOUCH_M:
                    found.append(p)
            for p in found:
                q = rounded(p)
                vertex = known.near(q)
                if vertex is None:
                    vertex = q
                    known.add(q)
                wanted[i].append(vertex)
                wanted[j].append(vertex)
    for way, shape, extra in zip(ways, shapes, wanted, strict=True):
        if extra:
            way.coords = _insert(way.coords, shape, extra)


def _insert(coords: list[XY], shape: LineString, extra: list[XY]) -> list[XY]:
    new = sorted(set(extra))
    first, last = coords[0], coords[-1]
    for q in new:
        if q not in coords:
            if math.dist(q, first) < SNAP_M:
                first = q
            elif math.dist(q, last) < SNAP_M:
                last = q
    marks: list[tuple[float, XY]] = []
    run = 0.0
    for k, p in enumerate(coords[1:-1], start=1):
        run += math.dist(coords[k - 1], p)
        if p in new or all(math.dist(p, q) >= SNAP_M for q in new):
            marks.append((run, p))
    marks += [(shape.project(Point(q)), q) for q in new if q not in coords and q not in (first, last)]
    out = [first]
    for p in [p for _, p in sorted(marks)] + [last]:
        if out[-1] != p:
            out.append(p)
    return out
