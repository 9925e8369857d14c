"""Shapes as columns of small whole numbers.

Coordinates are counted in 1e-6 degrees (0.11 m or less) from an origin, and each point from the one before: a building
takes some 40 bytes of JSON. Nothing is simplified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SCALE = 1_000_000
"""Units per degree."""

Origin = tuple[int, int]
Ring = list[int]


def origin_of(bounds: tuple[float, float, float, float]) -> Origin:
    """Return the south-west corner of `bounds` (west, south, east, north) in units."""
    return round(bounds[0] * SCALE), round(bounds[1] * SCALE)


def line(points: NDArray[np.float64], origin: Origin, *, ring: bool = False) -> Ring:
    """Return points as a flat list: first point from the origin, each later one from the one before.

    Parameters
    ----------
    points
        Longitude and latitude, shape (k, 2) [degrees].
    ring
        Leave out the last point, which repeats the first.
    """
    whole = np.rint(np.asarray(points, dtype=np.float64)[:, :2] * SCALE).astype(np.int64) - np.array(origin)
    if ring:
        whole = whole[:-1]
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    moved = np.any(steps != 0, axis=1)
    moved[0] = True
    flat: list[int] = steps[moved].ravel().tolist()
    return flat


def rings(shape: BaseGeometry, origin: Origin) -> list[Ring]:
    """Return every ring of a polygon, every part of a line, or the point of a point shape."""
    if shape.geom_type == "Point":
        return [line(np.array(shape.coords), origin)]
    closed = "Polygon" in shape.geom_type
    return [line(np.array(part.coords), origin, ring=closed) for part in _parts(shape)]


def _parts(shape: BaseGeometry) -> Iterator[Any]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield part.exterior
            yield from part.interiors
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part


def polygons(shape: BaseGeometry) -> BaseGeometry | None:
    """Return the part of a shape that has an area, or None."""
    areas = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    if not areas:
        return None
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def words(values: Iterable[str | None]) -> tuple[list[str], list[int]]:
    """Return the distinct strings in order of appearance and, for each value, its index (-1 for None)."""
    known: dict[str, int] = {}
    index = [-1 if v is None else known.setdefault(v, len(known)) for v in values]
    return list(known), index
