"""Four sides, each some lines → the block that they enclose, or where they do not meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

TOUCH_M = 0.5
"""Within this a face is bounded by a line: above rounding, below the width of any street."""
CARRIAGEWAYS_M = 40.0
"""A face on average no wider than this between two bounds is a median or a junction, not a block.
Source: planning assumption; the widest urban roads of GB/T 51328-2018 have red lines 40-70 m apart, with carriageways
drawn some 10-35 m from each other."""

SAME_NAME = 2.0
"""Pieces of one street may be this many times further apart than two streets: a bridge or a junction between them goes by
another name. Planning assumption."""


@dataclass(frozen=True)
class Gap:
    """Two bounds that do not meet, or one that is broken (`first` equals `second`): nearest points, in metres."""

    first: str
    second: str
    distance_m: float
    at: Point


@dataclass
class Ring:
    """What became of the bounds of one community; `area` is None where they enclose nothing."""

    area: Polygon | None = None
    gaps: list[Gap] = field(default_factory=list)
    bridged: list[Gap] = field(default_factory=list)


def enclose(sides: Sequence[tuple[str, Sequence[BaseGeometry]]], gap_m: float) -> Ring:
    """Return the block enclosed by the sides, in the order round it.

    Parameters
    ----------
    sides
        Name and lines [m] of each side, such as all streets named on the east.
    gap_m
        Ends this near another bound are joined to it [m].

    Returns
    -------
    Ring
        The face of the arrangement that every side bounds (the largest, if several do), to the middle of the bounds
        that are drawn as two carriageways; else the gaps.
    """
    lines = [shapely.line_merge(shapely.union_all([_line(s) for s in shapes])) for _, shapes in sides]
    joints = _joints(lines, [name for name, _ in sides], gap_m)
    parts = [*lines, *(j for j, _ in joints)]
    faces = [f for f in shapely.polygonize(_parts(shapely.union_all(parts))).geoms if f.area > 0]
    wanted = [
        f for f in faces if all(f.boundary.distance(line) <= TOUCH_M and _along(f, line) for line in lines)
    ]
    block = max(wanted, key=lambda f: f.area, default=None)
    if block is None or width_m(block) <= 0:
        return Ring(None, _gaps(sides, lines, gap_m))
    near = block.boundary.buffer(TOUCH_M)
    bridged = [gap for joint, gap in joints if joint.intersects(near)]
    return Ring(_to_the_middle(block, faces), [], bridged)


def width_m(face: Polygon) -> float:
    """Return the mean width of a long face [m]: twice its area by its perimeter."""
    return float(2 * face.area / face.length)


def _along(face: Polygon, line: BaseGeometry) -> bool:
    """Whether a line bounds the face along some way, not only in a point."""
    return bool(face.boundary.intersection(line.buffer(TOUCH_M)).length > 4 * TOUCH_M)


def _line(shape: BaseGeometry) -> BaseGeometry:
    return shape.boundary if shape.geom_type in ("Polygon", "MultiPolygon") else shape


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return [p for p in shapely.get_parts(shape) if p.geom_type in ("LineString", "LinearRing")]


def _ends(line: BaseGeometry) -> list[Point]:
    return [
        p
        for part in _parts(line)
        if not part.is_closed
        for p in (Point(part.coords[0]), Point(part.coords[-1]))
    ]


def _joints(
    lines: Sequence[BaseGeometry], names: Sequence[str], gap_m: float
) -> list[tuple[LineString, Gap]]:
    """Return a line across each gap between an end and another bound, or another part of the same one."""
    out: list[tuple[LineString, Gap]] = []
    for i, line in enumerate(lines):
        parts = _parts(line)
        for end in _ends(line):
            others = [(names[j], o, gap_m) for j, o in enumerate(lines) if j != i]
            others += [(names[i], p, SAME_NAME * gap_m) for p in parts if p.distance(end) > 0]
            for name, other, most in others:
                apart = other.distance(end)
                if 0 < apart <= most:
                    joint = shapely.shortest_line(end, other)
                    out.append((joint, Gap(names[i], name, float(apart), end)))
    return out


def _gaps(
    sides: Sequence[tuple[str, Sequence[BaseGeometry]]], lines: Sequence[BaseGeometry], gap_m: float
) -> list[Gap]:
    """Return neighbouring sides that do not meet, and sides that are in pieces."""
    out: list[Gap] = []
    count = len(lines)
    for i in range(count):
        j = (i + 1) % count
        apart = float(lines[i].distance(lines[j]))
        if apart > gap_m:
            at = shapely.shortest_line(lines[i], lines[j]).centroid
            out.append(Gap(sides[i][0], sides[j][0], apart, at))
    if out:
        return out
    for (name, _), line in zip(sides, lines, strict=True):
        parts = _parts(line)
        broken = (
            [
                (float(a.distance(b)), shapely.shortest_line(a, b).centroid)
                for a, b in combinations(parts, 2)
                if a.distance(b) > SAME_NAME * gap_m
            ]
            if len(parts) <= 60
            else []
        )
        if broken:
            apart, at = min(broken, key=lambda b: b[0])
            out.append(Gap(name, name, apart, at))
    return out


def _to_the_middle(block: Polygon, faces: Sequence[Polygon]) -> Polygon:
    """Return the block with its half of the medians and junctions along it."""
    halves = [block]
    for face in faces:
        wide = width_m(face)
        if face is not block and wide <= CARRIAGEWAYS_M and face.intersection(block).length > TOUCH_M:
            halves.append(face.intersection(block.buffer(wide / 2, join_style="mitre")))
    if len(halves) == 1:
        return block
    whole = shapely.union_all(halves).buffer(TOUCH_M, join_style="mitre").buffer(-TOUCH_M, join_style="mitre")
    return max((p for p in shapely.get_parts(whole) if p.geom_type == "Polygon"), key=lambda p: p.area)
