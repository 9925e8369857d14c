"""Shapes as drawn elsewhere → shapes that civdef can use, and why not where they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.intake.raw import Cleaned
from civdef.text import Text

_A_M, _E2 = 6_378_137.0, 0.006_694_379_990_141_3
"""WGS84: semi-major axis [m] and first eccentricity squared."""


def areas_m2(shapes: Sequence[BaseGeometry]) -> list[float]:
    """Return areas of WGS84 polygons on the ellipsoid [m²]."""
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    return [abs(geod.geometry_area_perimeter(s)[0]) for s in shapes]


def sizes_m2(shapes: Sequence[BaseGeometry | None]) -> NDArray[np.float64]:
    """Return areas of many WGS84 shapes at once, 0 where there is none [m²], shape (n,).

    Degrees are turned into metres with the ellipsoid's curvature at the middle latitude of all: within 1% over a city,
    which is enough to tell a building from a district.
    """
    array = np.array(list(shapes), dtype=object)
    xy = shapely.get_coordinates(array)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return np.zeros(len(array))
    latitude = np.radians(np.clip(np.median(xy[:, 1]), -89.0, 89.0))
    root2 = 1.0 - _E2 * np.sin(latitude) ** 2
    east_m = np.radians(_A_M / np.sqrt(root2) * np.cos(latitude))
    north_m = np.radians(_A_M * (1.0 - _E2) / root2**1.5)
    return np.nan_to_num(np.where(array == None, 0.0, shapely.area(array))) * float(east_m * north_m)  # noqa: E711


def polygon(shape: BaseGeometry | None, row: int, out: Cleaned) -> BaseGeometry | None:
    """Return a valid Polygon or MultiPolygon, mended if need be; None after recording why it is left out."""
    if not _usable(shape, row, out):
        return None
    assert shape is not None
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        shape = _mended(shape)
        if shape.is_empty:
            out.drop(
                row, Text("面无效且无法修复：{w}", "Invalid area that cannot be mended: {w}").format(w=why)
            )
            return None
        out.repair(row, None, Text("面自相交，已修复：{w}", "Invalid area mended: {w}").format(w=why))
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        out.drop(row, Text("不是面：{k}", "Not an area: {k}").format(k=shape.geom_type))
        return None
    return shape


def lines(shape: BaseGeometry | None, row: int, out: Cleaned) -> list[BaseGeometry]:
    """Return the LineStrings of a shape; empty after recording why there are none."""
    if not _usable(shape, row, out):
        return []
    assert shape is not None
    if shape.geom_type == "LineString":
        parts = [shape]
    elif shape.geom_type == "MultiLineString":
        parts = list(shape.geoms)
    else:
        out.drop(row, Text("不是线：{k}", "Not a line: {k}").format(k=shape.geom_type))
        return []
    found = [p for p in (rounded(p) for p in parts) if p.length > 0]
    if not found:
        out.drop(row, Text("线长为零", "A line of no length"))
    return found


def point(shape: BaseGeometry | None, row: int, out: Cleaned) -> BaseGeometry | None:
    """Return a Point; of an area a point inside it; None after recording why it is left out."""
    if not _usable(shape, row, out):
        return None
    assert shape is not None
    if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape.geom_type == "Point":
        return shape
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        area = polygon(shape, row, out)
        inside: BaseGeometry | None = area.representative_point() if area is not None else None
        return inside
    out.drop(row, Text("不是点：{k}", "Not a point: {k}").format(k=shape.geom_type))
    return None


def any_shape(shape: BaseGeometry | None, row: int, out: Cleaned) -> BaseGeometry | None:
    """Return a point, line or area; None after recording why it is left out."""
    if not _usable(shape, row, out):
        return None
    assert shape is not None
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return polygon(shape, row, out)
    if shape.geom_type in ("Point", "LineString", "MultiLineString"):
        return shape
    out.drop(
        row, Text("图形类型 {k} 不能用", "Shape of a kind that cannot be used: {k}").format(k=shape.geom_type)
    )
    return None


def rounded(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape with coordinates rounded to 1e-7 degrees (about 1 cm)."""

    def cut(xy: Any) -> Any:
        return np.round(xy, 7)

    moved: BaseGeometry = shapely.transform(shape, cut)
    return moved


def _usable(shape: BaseGeometry | None, row: int, out: Cleaned) -> bool:
    if shape is None or shape.is_empty:
        out.drop(row, Text("没有几何图形", "No geometry"))
        return False
    west, south, east, north = shape.bounds
    if not (np.isfinite(shape.bounds).all() and -180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        out.drop(
            row, Text("坐标超出经纬度范围，坐标系可能有误", "Coordinates out of range: the CRS may be wrong")
        )
        return False
    return True


def _mended(shape: BaseGeometry) -> BaseGeometry:
    """Return the valid areas of a shape; an empty one where the library gives up, as on coordinates that differ by nothing."""
    try:
        return _areas_of(shapely.make_valid(shape))
    except shapely.GEOSException:
        return shapely.Polygon()


def _areas_of(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [p for p in getattr(shape, "geoms", ()) if p.geom_type in ("Polygon", "MultiPolygon")]
    merged: BaseGeometry = shapely.union_all(parts) if parts else shapely.Polygon()
    return merged
