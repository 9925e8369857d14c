"""``civdef import`` of a layer: a foreign file → a file of the workspace, with a report of every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from civdef import registry
from civdef.errors import ImportRefusedError, UsageError
from civdef.intake import coordinates, links
from civdef.intake.datum.declared import SHIFTED, Converted, normal_name, to_wgs84
from civdef.intake.fields import Fields
from civdef.intake.guess import guess
from civdef.intake.rasters import Grid, footprints
from civdef.intake.raw import Change, Cleaned, RawTable
from civdef.load.imported import ImportResult, Part, refuse_empty, save
from civdef.load.layer_settings import recall, remembering
from civdef.load.plausible import doubts
from civdef.load.settings import read_settings
from civdef.load.tables import SETTINGS
from civdef.load.target import Surroundings, Target, find
from civdef.model.settings import HazardSettings, LayerSettings
from civdef.text import Lang, Text, listing, nearest

PLACES = ("lon", "lat", "lonlat", "wkt")
"""What ``--map`` may name besides the fields, for the coordinates of a table."""


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
        Coordinate system of the file; goes before what the file says of itself.
    name, hazard
        Of a hazard layer: the file it becomes, the kind of hazard.
    force
        The file wins over everything that is there.
    add
        Add to what is there; remove nothing.
    update
        The file takes the place of all files imported into the layer before.
    swap
        The file has latitude before longitude, or northing before easting.
    encoding
        Encoding of the file's text; None: detected.
    repair
        Of streets: whether they are mended.
    nodes
        Of streets given as a table of links: the table of their nodes.
    depths_m
        Of a raster of depth: lower limits of the classes [m]; None: those of the settings.
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
    add: bool = False
    update: bool = False
    swap: bool = False
    encoding: str | None = None
    nodes: Path | None = None
    repair: bool = True
    depths_m: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Made:
    """A layer that was made: its features, and what was told or left out on the way (rows of the source)."""

    raw: RawTable
    changes: Sequence[Change]


def run_import(
    root: Path,
    request: Request,
    lang: Lang,
    progress: Callable[[float], None] = lambda _done: None,
    made: Made | None = None,
) -> ImportResult:
    """Import one layer into the workspace at `root`.

    Parameters
    ----------
    made
        The layer, where it was not read from a file but made from one.
    progress
        Told the share that is done, 0 to 1.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, its coordinate system is unknown or impossible, it lacks a mapped column, or would overwrite.
    UsageError
        If a field is not known.
    OutputError
        If the workspace cannot be written.
    """
    target = find(request.target)
    _check_fields(request, target)
    key = target.name if request.name is None else f"{target.name}/{request.name}"
    known = recall(root, key)
    raw = (
        made.raw
        if made is not None
        else parse(request.path, request.layer, request.encoding or _if_same(known.encoding, known, request))
    )
    progress(0.3)
    request = _with_memory(request, known, raw)
    if raw.grid is not None:
        raw = _footprints(root, raw, raw.grid, request, target)
    if not raw.placed:
        raw = _placed(raw, request, target)
    mapping = {**guess(raw.columns, target.synonyms, request.mapping), **request.mapping}
    mapping = {f: c for f, c in mapping.items() if f in target.fields and f not in request.constants}
    _check_columns(raw, request)
    converted = _converted(raw, request, known)
    progress(0.5)
    around = Surroundings(root, request.name, request.hazard, request.repair)
    raw = replace(raw, shapes=converted.shapes, crs="EPSG:4326")
    cleaned = _renumbered(target.clean(raw, Fields(mapping, request.constants), around), raw)
    if made is not None:
        cleaned.changes.extend(made.changes)
        cleaned.read += len({c.row for c in made.changes if c.action == "dropped"})
    progress(0.7)
    settings = read_settings(root)
    doubt = doubts(root, target.name, raw.shapes, converted.crs, settings.layers if settings else {})
    progress(0.8)
    try:
        refuse_empty(cleaned, raw.source, raw.columns)
    except ImportRefusedError as refused:
        if doubt:
            raise ImportRefusedError(refused.message, hint=doubt[0]) from refused
        raise
    notes = [*doubt, *_columns_note(mapping, request), *raw.notes, *converted.notes]
    result = save(
        root,
        [Part(target.name, target.file_of(around), raw.source, cleaned)],
        target=target.name,
        source=raw.source,
        crs=converted.crs,
        lang=lang,
        report=request.name,
        add=request.add,
        update=request.update,
        force=request.force,
        notes=notes,
        more={root / SETTINGS: remembering(root, key, _to_remember(request, raw, converted.crs))},
    )
    progress(1.0)
    return result


def parse(path: Path, layer: str | None, encoding: str | None = None) -> RawTable:
    """Return one layer of a file of any known format.

    Raises
    ------
    ImportRefusedError
        If the format is not known, or its parser refuses the file.
    """
    suffix = path.suffix.lower()
    known: list[str] = []
    for module in registry.modules("civdef.load.sources"):
        known.extend(module.SUFFIXES)
        if suffix in module.SUFFIXES:
            try:
                raw: RawTable = module.read(path, layer, encoding)
            except ImportRefusedError as refused:
                if path.name in refused.message.zh:
                    raise
                named = Text("{f}：{m}", "{f}: {m}").format(f=path.name, m=refused.message)
                raise ImportRefusedError(named, hint=refused.hint, place=refused.place) from refused
            return raw
    hints = {
        ".dwg": Text(
            "CAD 图请先在 CAD 或 GIS 软件中导出为 Shapefile。", "Export the drawing as a Shapefile first."
        ),
        ".dxf": Text(
            "CAD 图请先在 CAD 或 GIS 软件中导出为 Shapefile。", "Export the drawing as a Shapefile first."
        ),
        ".rar": Text("请先解压，或改用 zip。", "Unpack it first, or use zip."),
        ".7z": Text("请先解压，或改用 zip。", "Unpack it first, or use zip."),
        ".osm": Text("用 civdef import osm 导入。", "Use civdef import osm."),
        ".pbf": Text("用 civdef import osm 导入。", "Use civdef import osm."),
        ".dbf": Text("请给出同名的 .shp 文件。", "Give the .shp file of the same name."),
    }
    raise ImportRefusedError(
        Text("不认识的文件格式 {s}", "Unknown file format {s}").format(s=suffix or path.name),
        hint=hints.get(suffix) or Text("可用格式：{k}", "Formats: {k}").format(k=listing(sorted(known), 30)),
    )


def _check_fields(request: Request, target: Target) -> None:
    allowed = target.fields
    more: tuple[str, ...] = PLACES if target.tables else tuple(links.ENDS) if target.name == "roads" else ()
    for field in (*request.mapping, *request.constants):
        if field not in allowed and not (field in more and field in request.mapping):
            near = nearest(field, allowed)
            raise UsageError(
                Text("{t} 没有字段 {f}", "{t} has no field {f}").format(t=request.target, f=field),
                hint=Text(
                    (f"是否想写 {near}？" if near else "") + "可用字段：" + "、".join((*allowed, *more)),
                    (f"Did you mean {near}? " if near else "") + "Fields: " + ", ".join((*allowed, *more)),
                ),
            )


def _if_same(value: str | None, known: LayerSettings, request: Request) -> str | None:
    """Return what is remembered, if it was of a file of this name."""
    same = known.source is not None and known.source.partition(":")[0] == request.path.name
    return value if same else None


def _with_memory(request: Request, known: LayerSettings, raw: RawTable) -> Request:
    """Return the request with what an earlier import said and this one did not, as far as it fits the file."""
    fits = {f: c for f, c in known.mapping.items() if Fields({f: c}, {}).columns() <= set(raw.columns)}
    same = known.source == raw.source
    return replace(
        request,
        mapping={**(fits if same or fits == known.mapping else {}), **request.mapping},
        constants={**(known.constants if same else {}), **request.constants},
        crs=request.crs or (known.crs if same else None),
    )


def _footprints(root: Path, raw: RawTable, grid: Grid, request: Request, target: Target) -> RawTable:
    """Return the footprints of a raster of depth."""
    if target.name != "hazard":
        raise ImportRefusedError(
            Text(
                "{s} 是栅格，只能导入为灾害范围", "{s} is a raster, which becomes hazard footprints only"
            ).format(s=raw.source),
            hint=Text("用 civdef import hazard。", "Use civdef import hazard."),
        )
    settings = read_settings(root)
    standard = settings.hazards if settings is not None else HazardSettings()
    return footprints(grid, request.depths_m or standard.depth_classes_m, raw)


def _placed(raw: RawTable, request: Request, target: Target) -> RawTable:
    """Return a table with a shape for each row: from coordinate columns, or links between nodes."""
    if target.name == "roads" and links.is_links(raw, request.mapping):
        if request.nodes is None:
            raise ImportRefusedError(
                Text(
                    "{s} 是路段表，只有起止节点，没有坐标",
                    "{s} is a table of links: it names nodes, but no coordinates",
                ).format(s=raw.source),
                hint=Text("用 --nodes 给出节点坐标表。", "Name the table of the nodes with --nodes."),
            )
        nodes = parse(request.nodes, None, request.encoding)
        if not nodes.placed:
            nodes = coordinates.place(nodes, _coordinate_columns(nodes, {}))
        return links.drawn(raw, nodes, request.mapping)
    if not target.tables:
        raise ImportRefusedError(
            Text("{s} 是表格，没有{t}的图形", "{s} is a table: it has no shapes of {t}").format(
                s=raw.source, t=target.title
            ),
            hint=Text(
                "请用 GeoPackage、Shapefile、GeoJSON、KML 或文件地理数据库。",
                "Use a GeoPackage, Shapefile, GeoJSON, KML or file geodatabase.",
            ),
        )
    return coordinates.place(raw, _coordinate_columns(raw, request.mapping))


def _coordinate_columns(raw: RawTable, given: Mapping[str, str]) -> dict[str, str]:
    found = coordinates.columns_of(raw, given)
    missing = sorted(set(found.values()) - set(raw.columns))
    if found and not missing:
        return found
    raise ImportRefusedError(
        Text("{s} 没有坐标列", "{s} has no columns of coordinates").format(s=raw.source)
        if not missing
        else Text("{s} 没有列 {m}", "{s} has no column {m}").format(s=raw.source, m=listing(missing)),
        hint=Text(
            "用 --map lon=列 --map lat=列 指明；已有的列：{c}",
            "Name them with --map lon=COLUMN --map lat=COLUMN; there are {c}",
        ).format(c=listing(raw.columns, 30)),
    )


def _check_columns(raw: RawTable, request: Request) -> None:
    missing = sorted(Fields(request.mapping, {}).columns() - set(raw.columns))
    if missing:
        raise ImportRefusedError(
            Text("{s} 没有列 {m}", "{s} has no column {m}").format(s=raw.source, m=listing(missing)),
            hint=Text("已有的列：{c}", "Columns: {c}").format(c=listing(raw.columns, 30)),
        )


def _converted(raw: RawTable, request: Request, known: LayerSettings) -> Converted:
    """Return the shapes in WGS84, from the system the user states, else the file."""
    declared = request.crs or raw.crs
    if declared is None:
        raise ImportRefusedError(
            Text("{s} 没有说明坐标系", "{s} does not say its coordinate reference system").format(
                s=raw.source
            ),
            hint=Text(
                "用 --crs 说明：GPS 或测绘成果用 wgs84、cgcs2000 或 EPSG:代号；高德、腾讯地图取的点用 gcj02；百度用 bd09。",
                "State it with --crs: wgs84, cgcs2000 or EPSG:n for surveys and GPS; gcj02 for points taken from Amap or"
                " Tencent maps, bd09 from Baidu.",
            ),
        )
    out = to_wgs84(raw.shapes, declared, source=raw.source, swap=request.swap)
    if (
        request.crs
        and raw.crs
        and normal_name(request.crs) not in (raw.crs, out.crs if raw.crs == out.crs else "")
    ):
        out.notes.append(
            Text("文件自称 {f}，按所给的 {g} 处理", "the file says {f}; taken as {g}, as stated").format(
                f=_short(raw.crs), g=out.crs
            )
        )
    if not request.crs and known.crs in SHIFTED:
        out.notes.append(
            Text(
                "上次导入这一图层用的是 {k}；若本文件也是，请加 --crs {k} 再导入",
                "the last import of this layer was in {k}; if this file is too, import it again with --crs {k}",
            ).format(k=known.crs)
        )
    return out


def _short(crs: str) -> str:
    return crs if len(crs) < 40 else crs.split('"')[1] if '"' in crs else crs[:40]


def _renumbered(cleaned: Cleaned, raw: RawTable) -> Cleaned:
    """Return the changes with the rows of the file, where features are not simply counted."""
    if raw.numbers is not None:
        cleaned.changes = [replace(c, row=raw.numbers[c.row - 1]) for c in cleaned.changes]
    return cleaned


def _columns_note(mapping: Mapping[str, str], request: Request) -> list[Text]:
    """Return which columns were taken without being told, so that a wrong guess is seen."""
    taken = [f"{f}={c}" for f, c in mapping.items() if f not in request.mapping]
    if not taken:
        return []
    return [
        Text(
            "未用 --map 指明，按列名取：{t}",
            "taken by the names of the columns, as no --map said otherwise: {t}",
        ).format(t=listing(taken, 20))
    ]


def _to_remember(request: Request, raw: RawTable, crs: str) -> LayerSettings:
    return LayerSettings(
        crs=normal_name(crs) if len(crs) < 40 else None,
        mapping=dict(request.mapping),
        constants=dict(request.constants),
        encoding=request.encoding,
        source=raw.source,
    )
