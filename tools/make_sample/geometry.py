"""Plane geometry in a local metric frame, and its way to longitude and latitude.

The town is drawn in metres east and north of the origin of the frame, which lies in open sea. Every
coordinate is rounded to the centimetre before it is written, so equal points stay equal.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

XY = tuple[float, float]

CRS_METRIC = "EPSG:4550"
ORIGIN_LON_LAT = (123.05, 28.50)

_TO_METRIC = Transformer.from_crs("EPSG:4326", CRS_METRIC, always_xy=True)
_TO_WGS84 = Transformer.from_crs(CRS_METRIC, "EPSG:4326", always_xy=True)
_EAST, _NORTH = _TO_METRIC.transform(*ORIGIN_LON_LAT)


def rounded(point: XY) -> XY:
    """Return `point` on the centimetre grid (and never minus zero)."""
    return (round(point[0], 2) + 0.0, round(point[1], 2) + 0.0)


@cache
def lon_lat(point: XY) -> XY:
    """Return longitude and latitude [deg], 7 decimals, of a point of the local frame [m]."""
    lon, lat = _TO_WGS84.transform(point[0] + _EAST, point[1] + _NORTH)
    return (round(lon, 7), round(lat, 7))


def spline(points: list[XY], step_m: float = 24.0) -> list[XY]:
    """Return a smooth curve through `points` (centripetal enough Catmull–Rom), a vertex every `step_m`."""
    first = (2 * points[0][0] - points[1][0], 2 * points[0][1] - points[1][1])
    last = (2 * points[-1][0] - points[-2][0], 2 * points[-1][1] - points[-2][1])
    p = [first, *points, last]
    out: list[XY] = []
    for k in range(1, len(p) - 2):
        a, b, c, d = p[k - 1], p[k], p[k + 1], p[k + 2]
        n = max(1, round(math.dist(b, c) / step_m))
        for i in range(n):
            t = i / n
            out.append(
                (
                    _catmull(a[0], b[0], c[0], d[0], t),
                    _catmull(a[1], b[1], c[1], d[1], t),
                )
            )
    out.append(points[-1])
    return out


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
    )


class Frame:
    """A turned frame: x along `angle_deg` anticlockwise from east, about `origin`."""

    def __init__(self, angle_deg: float, origin: XY) -> None:
        self.angle_deg = angle_deg
        self.cos, self.sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        self.origin = origin

    def inside(self, point: XY) -> XY:
        """From the local frame into this one."""
        x, y = point[0] - self.origin[0], point[1] - self.origin[1]
        return (x * self.cos + y * self.sin, -x * self.sin + y * self.cos)

    def outside(self, point: XY) -> XY:
        """From this frame back into the local one."""
        x, y = point
        return (
            self.origin[0] + x * self.cos - y * self.sin,
            self.origin[1] + x * self.sin + y * self.cos,
        )

    def polygon_inside(self, polygon: Polygon) -> Polygon:
        """`polygon` as seen in this frame."""
        return Polygon(
            [self.inside(p) for p in polygon.exterior.coords],
            [[self.inside(p) for p in ring.coords] for ring in polygon.interiors],
        )

    def rectangle(self, x0: float, y0: float, x1: float, y1: float) -> Polygon:
        """The rectangle of this frame as a polygon of the local frame."""
        return Polygon([rounded(self.outside(p)) for p in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))])


def block_angle(polygon: Polygon, limit_deg: float = 90.0) -> float:
    """Angle [deg] from east of the side of the smallest enclosing rectangle that runs most nearly east."""
    box = polygon.minimum_rotated_rectangle
    best = 0.0
    if isinstance(box, Polygon):
        ring = list(box.exterior.coords)
        best = 90.0
        for a, b in pairwise(ring[:3]):
            angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
            angle = (angle + 90.0) % 180.0 - 90.0
            if abs(angle) < abs(best):
                best = angle
    return max(-limit_deg, min(limit_deg, best))


def largest(geometry: BaseGeometry) -> Polygon:
    """The largest polygon in `geometry`; an empty one if there is none."""
    if isinstance(geometry, Polygon):
        return geometry
    parts = [g for g in getattr(geometry, "geoms", []) if isinstance(g, Polygon)]
    return max(parts, key=lambda g: g.area) if parts else Polygon()


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """All polygons in `geometry`."""
    if isinstance(geometry, Polygon):
        return [] if geometry.is_empty else [geometry]
    return [g for g in getattr(geometry, "geoms", []) if isinstance(g, Polygon)]


def lines(geometry: BaseGeometry) -> list[LineString]:
    """All line strings in `geometry`."""
    if isinstance(geometry, LineString):
        return [] if geometry.is_empty else [geometry]
    return [g for g in getattr(geometry, "geoms", []) if isinstance(g, LineString)]


def points(geometry: BaseGeometry) -> list[XY]:
    """All points in `geometry`, and the ends of all lines in it (where two lines run together)."""
    if geometry.is_empty:
        return []
    if isinstance(geometry, Point):
        return [(geometry.x, geometry.y)]
    if isinstance(geometry, LineString):
        return [geometry.coords[0][:2], geometry.coords[-1][:2]]
    out: list[XY] = []
    for part in getattr(geometry, "geoms", []):
        out.extend(points(part))
    return out


def tidy(polygon: Polygon, tolerance_m: float = 0.4) -> Polygon:
    """`polygon` simplified, without holes, on the centimetre grid."""
    simple = polygon.simplify(tolerance_m)
    ring = [rounded(p) for p in largest(simple).exterior.coords]
    clean = [p for p, q in pairwise(ring) if p != q]
    return Polygon(clean) if len(clean) >= 3 else Polygon()


def grid_polygon(geometry: BaseGeometry) -> BaseGeometry:
    """Polygon or multi-polygon on the centimetre grid, holes kept."""
    if isinstance(geometry, MultiPolygon):
        parts = [grid_polygon(g) for g in geometry.geoms]
        return MultiPolygon([p for p in parts if isinstance(p, Polygon) and p.area > 1.0])
    if isinstance(geometry, Polygon):
        shape = Polygon(
            [rounded(p) for p in geometry.exterior.coords],
            [[rounded(p) for p in ring.coords] for ring in geometry.interiors],
        )
        return shape if shape.is_valid else shape.buffer(0)
    return geometry


def with_vertex(polygon: Polygon, point: XY) -> Polygon:
    """`polygon` with `point`, which lies on its ring to the centimetre, as a vertex of the ring."""
    ring = [c[:2] for c in polygon.exterior.coords][:-1]
    if point in ring:
        return polygon
    target = Point(point)
    best, where = math.inf, 0
    for k in range(len(ring)):
        d = LineString([ring[k], ring[(k + 1) % len(ring)]]).distance(target)
        if d < best:
            best, where = d, k
    ring.insert(where + 1, point)
    return Polygon(ring)
