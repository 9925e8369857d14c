"""Coordinates that stand in the columns of a table → points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.fields import Fields
from civdef.intake.guess import guess
from civdef.intake.raw import RawTable

SYNONYMS: dict[str, tuple[str, ...]] = {
    "lon": ("经度", "經度", "longitude", "lng", "long", "x", "x坐标", "x座标", "横坐标", "东坐标", "百度经度", "高德经度", "poi_x", "coord_x", "经度x"),
    "lat": ("纬度", "緯度", "latitude", "y", "y坐标", "y座标", "纵坐标", "北坐标", "百度纬度", "高德纬度", "poi_y", "coord_y", "纬度y"),
    "lonlat": ("坐标", "经纬度", "location", "coordinates", "坐标经纬度", "lnglat", "位置坐标"),
    "wkt": ("wkt", "geom", "geometry", "the_geom", "几何"),
}  # fmt: skip
"""Names of columns that hold coordinates; 横坐标 is the easting, 纵坐标 the northing, as the 平面坐标 of maps."""

_DMS = re.compile(
    r"^([NSEWnsew东西南北]?[经纬]?)\s*(-?\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*['′’分])?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|″|”|''|秒))?\s*([NSEWnsew]?)$"
)
_PAIR = re.compile(r"^[\[(（]?\s*(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)\s*[\])）]?$")


def columns_of(raw: RawTable, given: Mapping[str, str]) -> dict[str, str]:
    """Return which columns hold coordinates: ``lon`` and ``lat``, or ``lonlat``, or ``wkt``; empty if none do."""
    own = {f: f for f in SYNONYMS if f in raw.columns}
    found = {**guess(raw.columns, SYNONYMS, {}), **own, **{f: c for f, c in given.items() if f in SYNONYMS}}
    if "lon" in found and "lat" in found:
        return {"lon": found["lon"], "lat": found["lat"]}
    for single in ("lonlat", "wkt"):
        if single in found:
            return {single: found[single]}
    return {}


def place(raw: RawTable, columns: Mapping[str, str]) -> RawTable:
    """Return the table with a point for each row, None where its coordinates are missing or make no sense."""
    fields = Fields(columns, {})
    if "wkt" in columns:
        shapes = [_wkt(fields.get(r, "wkt")) for r in raw.rows]
    elif "lonlat" in columns:
        shapes = [_pair(fields.get(r, "lonlat")) for r in raw.rows]
    else:
        shapes = [_point(degrees(fields.get(r, "lon")), degrees(fields.get(r, "lat"))) for r in raw.rows]
    return replace(raw, shapes=shapes, placed=True)


def degrees(value: Any) -> float | None:
    """Return a number, from decimals or from degrees, minutes and seconds (116°23′17″); None if it is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    try:
        return (
            float(text.replace(",", "")) if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else float(text)
        )
    except ValueError:
        pass
    found = _DMS.match(text)
    if found is None:
        return None
    before, whole, minutes, seconds, after = found.groups()
    size = abs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    south_or_west = whole.startswith("-") or any(c in "SWsw西南" for c in (before or "") + (after or ""))
    return -size if south_or_west else size


def _point(x: float | None, y: float | None) -> BaseGeometry | None:
    if x is None or y is None or (x == 0 and y == 0):
        return None
    return shapely.Point(x, y)


def _pair(value: Any) -> BaseGeometry | None:
    if isinstance(value, list | tuple) and len(value) == 2:
        return _point(degrees(value[0]), degrees(value[1]))
    found = _PAIR.match(unicodedata.normalize("NFKC", str(value)).strip()) if value is not None else None
    return _point(float(found[1]), float(found[2])) if found else None


def _wkt(value: Any) -> BaseGeometry | None:
    shape = shapely.from_wkt(str(value), on_invalid="ignore") if value is not None else None
    return shape if shape is not None and not shape.is_empty else None
