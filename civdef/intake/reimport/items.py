"""A feature or row as it stands in a file of the workspace, and the marks by which edits are recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

GEOMETRY = "geometry"
"""The field under which the shape of a feature is compared like any other field."""


@dataclass(frozen=True)
class Item:
    """A feature (with a shape) or a row of a table (without)."""

    id: str
    properties: Mapping[str, Any]
    shape: BaseGeometry | None

    def fields(self) -> dict[str, Any]:
        """Return every field that has a value, in the form in which values are compared."""
        out = {k: plain(v) for k, v in self.properties.items() if v is not None and v != ""}
        if self.shape is not None:
            out[GEOMETRY] = plain_shape(self.shape)
        return out

    def marks(self) -> Mapping[str, str]:
        """Return field → mark of its value: equal values have equal marks."""
        return self._marks

    @cached_property
    def _marks(self) -> dict[str, str]:
        return {k: mark(v) for k, v in self.fields().items()}


def of_feature(feature: Mapping[str, Any]) -> Item | None:
    """Return a GeoJSON feature as an item; None if it has no id or its shape cannot be read."""
    properties = feature.get("properties")
    if not isinstance(properties, dict) or not isinstance(properties.get("id"), str):
        return None
    try:
        drawn = shape(feature["geometry"]) if feature.get("geometry") else None
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
        return None
    return Item(properties["id"], properties, drawn)


def plain(value: Any) -> Any:
    """Return a value in the form in which it is compared: other programs write 3 as 3.0, and tuples as lists."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def plain_shape(drawn: BaseGeometry) -> Any:
    """Return a shape in the form in which it is compared.

    Map programs turn polygons into multipolygons of one part, start rings elsewhere and turn them round: none of that
    is an edit. The direction of a line is kept, because it says which way a one-way street runs.
    """
    if drawn.geom_type.startswith("Multi") and len(drawn.geoms) == 1:
        drawn = drawn.geoms[0]
    if drawn.geom_type in ("Polygon", "MultiPolygon"):
        drawn = shapely.normalize(drawn)
    drawn = shapely.force_2d(drawn)
    return _rounded(mapping(drawn))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 7)
    if isinstance(value, tuple | list):
        return [_rounded(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _rounded(v) for k, v in value.items()}
    return value


def mark(value: Any) -> str:
    """Return a short mark of a value."""
    return hashlib.sha256(_ENCODER.encode(value).encode("utf-8", "surrogatepass")).hexdigest()[:10]
