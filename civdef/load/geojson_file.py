"""GeoJSON → features with the line each one starts on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from civdef.errors import Fault
from civdef.source import Place
from civdef.text import Text

MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class Feature:
    """One feature as written: its index, line, properties and raw geometry."""

    index: int
    line: int
    properties: dict[str, Any]
    geometry: dict[str, Any] | None


@dataclass
class GeoJsonFile:
    """All features of one file, the CRS named in it, and what was wrong."""

    features: list[Feature] = field(default_factory=list)
    crs: str | None = None
    faults: list[Fault] = field(default_factory=list)


def parse_geojson(text: str, file: str) -> GeoJsonFile:
    """Parse `text`; everything wrong goes to `faults`."""
    out = GeoJsonFile()
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        out.faults.append(
            Fault(
                "json-syntax",
                Place(file, error.lineno, error.colno),
                Text("GeoJSON 语法错误：{why}", "GeoJSON syntax error: {why}").format(why=error.msg),
            )
        )
        return out
    except (ValueError, RecursionError) as error:
        out.faults.append(
            Fault(
                "json-syntax",
                Place(file),
                Text("无法读取 GeoJSON：{why}", "Cannot read GeoJSON: {why}").format(why=str(error)[:200]),
            )
        )
        return out
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        out.faults.append(
            Fault(
                "not-a-feature-collection",
                Place(file, 1),
                Text("文件不是 GeoJSON 要素集合", "The file is not a GeoJSON FeatureCollection"),
                allowed=Text(
                    '{{"type": "FeatureCollection", "features": [...]}}', "type FeatureCollection"
                ).format(),
            )
        )
        return out
    out.crs = _crs_name(data.get("crs"))
    found = data.get("features")
    if not isinstance(found, list):
        out.faults.append(
            Fault(
                "no-features", Place(file, 1), Text("缺少 features 列表", "The list of features is missing")
            )
        )
        return out
    starts = _feature_lines(text, len(found))
    for i, (raw, line) in enumerate(zip(found, starts, strict=True)):
        if not isinstance(raw, dict) or raw.get("type") != "Feature":
            out.faults.append(
                Fault(
                    "not-a-feature",
                    Place(file, line, feature=i),
                    Text("不是 GeoJSON 要素", "Not a GeoJSON Feature"),
                )
            )
            continue
        properties = raw.get("properties") or {}
        geometry = raw.get("geometry")
        if not isinstance(properties, dict) or not isinstance(geometry, dict | None):
            out.faults.append(
                Fault(
                    "not-a-feature",
                    Place(file, line, feature=i),
                    Text("要素的 properties 或 geometry 不是对象", "properties or geometry is not an object"),
                )
            )
            continue
        out.features.append(Feature(i, line, properties, geometry))
    return out


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not allowed in GeoJSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise ValueError(f"key {key!r} appears twice in one object")
        out[key] = value
    return out


def _crs_name(crs: Any) -> str | None:
    if isinstance(crs, dict):
        properties = crs.get("properties")
        if isinstance(properties, dict) and isinstance(properties.get("name"), str):
            return str(properties["name"])
        return "?"
    return None if crs is None else "?"


def _feature_lines(text: str, count: int) -> list[int]:
    """Return the 1-based line on which each feature of an already valid collection starts."""
    decoder = json.JSONDecoder()
    at = _features_start(text)
    lines: list[int] = []
    line, last = 1, 0
    while len(lines) < count:
        while text[at] in " \t\r\n,":
            at += 1
        line += text.count("\n", last, at)
        last = at
        lines.append(line)
        _, at = decoder.raw_decode(text, at)
    return lines


def _features_start(text: str) -> int:
    """Return the offset just after the ``[`` of the top-level ``features``."""
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        key, at = decoder.raw_decode(text, at)
        at = text.index(":", at) + 1
        while text[at] in " \t\r\n":
            at += 1
        if key == "features":
            return at + 1
        _, at = decoder.raw_decode(text, at)
