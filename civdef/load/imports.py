"""``civdef import``: a foreign layer → a file of the workspace, with a report of every change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from civdef import registry
from civdef.errors import ImportRefusedError, UsageError
from civdef.intake import shapes
from civdef.intake.fields import Fields
from civdef.intake.raw import RawTable
from civdef.load.imported import ImportResult, Part, refuse_empty, save
from civdef.load.target import Surroundings, Target, find
from civdef.text import Lang, Text, listing, nearest


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
    target = find(request.target)
    _check_fields(request, target)
    around = Surroundings(root, request.name, request.hazard)
    file = target.file_of(around)
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
    cleaned = target.clean(raw, Fields(request.mapping, request.constants), around)
    refuse_empty(cleaned, raw.source, raw.columns)
    return save(
        root,
        [Part(target.name, file, raw.source, cleaned)],
        target=target.name,
        source=raw.source,
        crs=crs,
        lang=lang,
        report=request.name,
        force=request.force,
    )


def _check_fields(request: Request, target: Target) -> None:
    allowed = target.fields
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
