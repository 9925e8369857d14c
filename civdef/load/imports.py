"""``civdef import``: a foreign layer → a file of the workspace, with a report of every change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field
from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from civdef import registry
from civdef.errors import ImportRefusedError, UsageError
from civdef.intake import areas, shapes, streets
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.load.write_layer import write_layer, write_report
from civdef.result import Record, Result
from civdef.text import Lang, Text, listing, nearest

TARGETS: dict[str, str] = {
    "communities": "maps/communities.geojson",
    "roads": "maps/roads.geojson",
    "buildings": "maps/buildings.geojson",
    "shelters": "maps/shelters.geojson",
    "hazard": "maps/hazards/{name}.geojson",
}

FIELDS: dict[str, tuple[str, ...]] = {
    "communities": ("id", "name", "name_zh", "name_en", "code"),
    "roads": (
        "id", "name", "name_zh", "name_en", "kind", "width_m", "lanes", "oneway", "layer", "bridge", "tunnel",
        "speed_kmh",
    ),
    "buildings": ("id", "name", "name_zh", "name_en", "use", "floors", "persons_declared"),
    "shelters": (
        "id", "name", "name_zh", "name_en", "class", "hazards", "places", "area_m2", "indoor", "barrier_free",
        "barrier_free_places", "estimated",
    ),
    "hazard": ("id", "name", "name_zh", "name_en", "depth_m", "intensity", "from_min"),
}  # fmt: skip


class ChangeRecord(Record):
    """A row that was not taken over as it stood."""

    row: int = Field(description="1-based row of the source")
    object_id: str | None
    action: str
    reason: str


class ImportResult(Result):
    """What ``civdef import`` did."""

    SCHEMA: ClassVar[str] = "civdef.import/1"

    target: str
    source: str
    file: str = Field(description="file of the workspace that was written")
    crs: str
    read: int
    written: int
    repaired: int
    dropped: int
    changes: list[ChangeRecord]


@dataclass(frozen=True)
class Request:
    """What to import and how.

    Attributes
    ----------
    mapping
        Field of civdef → column or template.
    constants
        Field of civdef → value for all rows.
    crs
        CRS of the file where it names none.
    name, hazard
        Of a hazard layer: the file it becomes, the kind of hazard.
    force
        Replace what is there.
    """

    target: str
    path: Path
    layer: str | None
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    crs: str | None = None
    name: str | None = None
    hazard: str | None = None
    force: bool = False


def run_import(root: Path, request: Request, lang: Lang) -> ImportResult:
    """Import one layer into the workspace at `root`.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, names no CRS, lacks a mapped column, or would overwrite.
    UsageError
        If a field is not known.
    OutputError
        If the workspace cannot be written.
    """
    _check_fields(request)
    file = TARGETS[request.target].format(name=request.name or request.hazard or "hazard")
    if (root / file).exists() and not request.force and _features_in(root / file):
        raise ImportRefusedError(
            Text("{f} 已有内容，未作改动", "{f} already has data; nothing was changed").format(f=file),
            hint=Text("确需替换请加 --force。", "Add --force to replace it."),
        )
    raw = _parse(request)
    missing = sorted(Fields(request.mapping, {}).columns() - set(raw.columns))
    if missing:
        raise ImportRefusedError(
            Text("{s} 没有列 {m}", "{s} has no column {m}").format(s=raw.source, m=listing(missing)),
            hint=Text("已有的列：{c}", "Columns: {c}").format(c=listing(raw.columns, 30)),
        )
    crs = raw.crs or request.crs
    assert crs is not None
    raw = replace(raw, shapes=_projected(raw, crs), crs="EPSG:4326")
    cleaned = _clean(root, raw, request)
    if cleaned.read and not cleaned.features:
        raise ImportRefusedError(
            Text(
                "{s} 的 {n} 个要素一个也不能用，未作改动；第一个：{w}",
                "None of the {n} features of {s} can be used; nothing was changed. The first: {w}",
            ).format(s=raw.source, n=cleaned.read, w=min(cleaned.changes, key=lambda c: c.row).reason),
            hint=Text(
                "用 --map 字段=列 指明取哪一列；已有的列：{c}",
                "Name columns with --map FIELD=COLUMN; there are {c}",
            ).format(c=listing(raw.columns, 30)),
        )
    write_layer(root / file, cleaned.features)
    changes = [
        ChangeRecord(row=c.row, object_id=c.object_id, action=c.action, reason=c.reason.in_(lang))
        for c in sorted(cleaned.changes, key=lambda c: c.row)
    ]
    report = root / "out" / f"import-{request.name or request.target}.csv"
    write_report(
        report,
        ["file", "row", "action", "reason"],
        [(raw.source, c.row, c.action, c.reason) for c in changes],
    )
    return ImportResult(
        target=request.target,
        source=raw.source,
        file=file,
        crs=crs,
        read=cleaned.read,
        written=len(cleaned.features),
        repaired=cleaned.repaired,
        dropped=cleaned.dropped,
        changes=changes,
    )


def _check_fields(request: Request) -> None:
    allowed = FIELDS[request.target]
    for field in (*request.mapping, *request.constants):
        if field not in allowed:
            near = nearest(field, allowed)
            raise UsageError(
                Text("{t} 没有字段 {f}", "{t} has no field {f}").format(t=request.target, f=field),
                hint=Text(
                    (f"是否想写 {near}？" if near else "") + "可用字段：" + "、".join(allowed),
                    (f"Did you mean {near}? " if near else "") + "Fields: " + ", ".join(allowed),
                ),
            )


def _parse(request: Request) -> RawTable:
    suffix = request.path.suffix.lower()
    known: list[str] = []
    for module in registry.modules("civdef.load.sources"):
        known.extend(module.SUFFIXES)
        if suffix in module.SUFFIXES:
            raw: RawTable = module.read(request.path, request.layer)
            break
    else:
        raise ImportRefusedError(
            Text("不认识的文件格式 {s}", "Unknown file format {s}").format(s=suffix or request.path.name),
            hint=Text("可用格式：{k}", "Formats: {k}").format(k=listing(sorted(known))),
        )
    if raw.crs is None and request.crs is None:
        raise ImportRefusedError(
            Text("{s} 没有说明坐标系", "{s} does not say its coordinate reference system").format(
                s=raw.source
            ),
            hint=Text("用 --crs EPSG:代号 说明。", "State it with --crs EPSG:n."),
        )
    return raw


def _projected(raw: RawTable, crs: str) -> list[BaseGeometry | None]:
    from pyproj.exceptions import CRSError

    try:
        return shapes.to_wgs84(raw.shapes, crs)
    except CRSError as error:
        raise ImportRefusedError(
            Text("不认识的坐标系 {c}", "Unknown coordinate reference system {c}").format(c=crs),
            hint=Text("写成 EPSG:代号，如 EPSG:4490。", "Write EPSG:n, e.g. EPSG:4490."),
        ) from error


def _clean(root: Path, raw: RawTable, request: Request) -> Cleaned:
    fields = Fields(request.mapping, request.constants)
    if request.target == "communities":
        return areas.clean_communities(raw, fields)
    if request.target == "roads":
        return streets.clean_streets(raw, fields)
    if request.target == "shelters":
        return areas.clean_shelters(raw, fields)
    if request.target == "hazard":
        if request.hazard is None:
            raise UsageError(
                Text("请用 --hazard 说明灾种", "Name the kind of hazard with --hazard"),
                hint=Text("例如 --hazard flood。", "For example --hazard flood."),
            )
        prefix = request.name or request.hazard
        return areas.clean_footprints(raw, fields, hazard=request.hazard, prefix=prefix)
    communities = _communities(root)
    if not communities:
        raise ImportRefusedError(
            Text("导入房屋前须先有社区", "Communities must be there before buildings are imported"),
            hint=Text("先运行 civdef import communities。", "Run civdef import communities first."),
        )
    return areas.clean_buildings(raw, fields, communities)


def _features_in(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    found = data.get("features") if isinstance(data, dict) else None
    return [f for f in found if isinstance(f, dict)] if isinstance(found, list) else []


def _communities(root: Path) -> dict[str, BaseGeometry]:
    found = _features_in(root / TARGETS["communities"])
    return {
        str(f["properties"]["id"]): to_shape(f["geometry"])
        for f in found
        if f.get("geometry") and isinstance(f.get("properties"), dict) and "id" in f["properties"]
    }
