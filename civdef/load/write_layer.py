"""Writing the workspace's own files: GeoJSON layers one feature a line, and CSV reports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from civdef.files import write_text

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def layer_text(features: Iterable[tuple[Mapping[str, Any], BaseGeometry]]) -> str:
    """Return a GeoJSON FeatureCollection, one feature a line, sorted by id."""
    lines = []
    for properties, shape in sorted(features, key=lambda f: str(f[0]["id"])):
        feature = {"type": "Feature", "properties": properties, "geometry": mapping(shape)}
        lines.append(_ENCODER.encode(feature))
    body = ",\n".join(lines)
    return '{"type":"FeatureCollection","features":[\n' + body + ("\n" if body else "") + "]}\n"


def raw_layer_text(data: Mapping[str, Any]) -> str:
    """Return a GeoJSON FeatureCollection as it was read, one feature a line, in the same order, with its other members."""
    rest = {k: v for k, v in data.items() if k != "features"}
    head = json.dumps(rest, ensure_ascii=False, separators=(",", ":"), allow_nan=False)[:-1]
    lines = [
        json.dumps(f, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for f in data["features"]
    ]
    body = ",\n".join(lines)
    return head + (',"features":[\n' if rest else '"features":[\n') + body + ("\n" if body else "") + "]}\n"


def write_layer(path: Path, features: Iterable[tuple[Mapping[str, Any], BaseGeometry]]) -> None:
    """Write a layer atomically. Raises ``OutputError``."""
    write_text(path, layer_text(features))


def report_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table that a spreadsheet opens: begins with a BOM; no cell can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_cell(v) for v in row] for row in rows])
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value
