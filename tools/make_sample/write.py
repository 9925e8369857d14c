"""Files: GeoJSON with one feature to a line, CSV that Excel opens."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from tools.make_sample.geometry import XY, lon_lat, rounded


def _ring(coords: Iterable[Sequence[float]]) -> list[XY]:
    out: list[XY] = []
    for c in coords:
        p = lon_lat(rounded((c[0], c[1])))
        if not out or out[-1] != p:
            out.append(p)
    return out


def _polygon(shape: Polygon) -> list[list[XY]]:
    right = orient(shape)
    return [_ring(right.exterior.coords), *(_ring(r.coords) for r in right.interiors)]


def geometry(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON geometry of a shape of the local frame; outer rings anticlockwise (RFC 7946)."""
    if isinstance(shape, Point):
        return {"type": "Point", "coordinates": lon_lat(rounded((shape.x, shape.y)))}
    if isinstance(shape, LineString):
        return {"type": "LineString", "coordinates": _ring(shape.coords)}
    if isinstance(shape, Polygon):
        return {"type": "Polygon", "coordinates": _polygon(shape)}
    if isinstance(shape, MultiPolygon):
        return {"type": "MultiPolygon", "coordinates": [_polygon(p) for p in shape.geoms]}
    raise TypeError(f"cannot write a {shape.geom_type}")


def geojson(features: Iterable[tuple[Mapping[str, Any], BaseGeometry]]) -> bytes:
    """A FeatureCollection, one feature to a line, sorted by id."""
    rows = sorted(features, key=lambda f: str(f[0]["id"]))
    lines = [
        json.dumps(
            {"type": "Feature", "properties": dict(props), "geometry": geometry(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for props, shape in rows
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    return text.encode("utf-8")


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """A CSV with a byte-order mark, so that Excel reads the Chinese."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
