"""``civdef import bounds``: communities from a register of what bounds them (四至), on the streets of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake import synonyms
from civdef.intake.bounds.names import Found, Names, names_in
from civdef.intake.bounds.ring import Gap, enclose
from civdef.intake.bounds.words import SIDES, names_of, sides_of
from civdef.intake.fields import Fields
from civdef.intake.guess import guess
from civdef.intake.osm.metric import Metric
from civdef.intake.raw import Change, RawTable
from civdef.load.crs import choose_crs
from civdef.load.encodings import read_text
from civdef.load.imported import ImportResult
from civdef.load.imports import Made, Request, parse, run_import
from civdef.load.settings import read_settings
from civdef.load.sources._limits import bytes_of
from civdef.load.target import Surroundings, features_in
from civdef.load.yaml_file import parse_yaml
from civdef.model.settings import StreetRepair
from civdef.text import Lang, Text, listing

LAYERS = ("maps/roads.geojson", "maps/landmarks.geojson")
FIELDS = ("name", "code", "as_of", *SIDES, "bounds")
SYNONYMS = {
    **synonyms.COMMUNITIES,
    "east": ("东至", "东", "东侧", "东界", "东边界"),
    "south": ("南至", "南", "南侧", "南界", "南边界"),
    "west": ("西至", "西", "西侧", "西界", "西边界"),
    "north": ("北至", "北", "北侧", "北界", "北边界"),
    "bounds": ("四至", "四至范围", "四至边界", "管辖范围", "辖区范围", "范围", "区域范围", "边界"),
}
LONGEST = 2000
"""Letters of a cell that are read; no bounds take more."""
_SHOWN = 8
_SIDE = {
    "east": Text("东至", "east"),
    "south": Text("南至", "south"),
    "west": Text("西至", "west"),
    "north": Text("北至", "north"),
}


@dataclass(frozen=True)
class BoundsRequest:
    """What to import and how; see ``Request``."""

    path: Path
    layer: str | None
    mapping: Mapping[str, str]
    encoding: str | None = None
    gap_m: float | None = None
    add: bool = False
    update: bool = False
    force: bool = False


def import_bounds(
    root: Path, request: BoundsRequest, lang: Lang, progress: Callable[[float], None] = lambda _done: None
) -> ImportResult:
    """Make communities of a register of their bounds, and bring them into the workspace at `root`.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, the workspace has no named streets, or not one community closes.
    OutputError
        If the workspace cannot be written.
    """
    Surroundings(root).needed(LAYERS[0], Text("道路", "streets"), "osm", "roads")
    table = _table(request)
    mapping = {**guess(table.columns, SYNONYMS, request.mapping), **request.mapping}
    absent = sorted(Fields(mapping, {}).columns() - set(table.columns))
    sided = [f for f in (*SIDES, "bounds") if f in mapping or f in table.columns]
    if absent or not sided:
        raise ImportRefusedError(
            Text("{s} 没有列 {m}", "{s} has no column {m}").format(s=table.source, m=listing(absent))
            if absent
            else Text("{s} 没有四至的列", "{s} has no columns of bounds").format(s=table.source),
            hint=Text(
                "列名写作 东至、南至、西至、北至 或 四至，或用 --map east=列 指明；已有的列：{c}",
                "Name them with --map east=COLUMN (south, west, north), or --map bounds=COLUMN of a text; there are {c}",
            ).format(c=listing(table.columns, 30)),
        )
    fields = Fields(mapping, {})
    named = [
        (names_in(f["properties"]), shape)
        for file in LAYERS
        for f, shape in _shapes(root, file)
        if names_in(f["properties"])
    ]
    if not named:
        raise ImportRefusedError(
            Text(
                "工作区的道路都没有名称，无法按四至找路", "No street of the workspace has a name to look for"
            ),
            hint=Text("导入有路名的道路图层。", "Import streets with names."),
        )
    west, south, east, north = named[0][1].bounds
    metric = Metric(choose_crs((west + east) / 2, (south + north) / 2))
    names = Names(zip((n for n, _ in named), metric.of([s for _, s in named]), strict=True))
    settings = read_settings(root)
    standard = settings.streets if settings is not None else StreetRepair()
    gap_m = request.gap_m if request.gap_m is not None else standard.bound_gap_m
    progress(0.2)
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry] = []
    numbers: list[int] = []
    changes: list[Change] = []
    given = table.numbers or range(1, len(table.rows) + 1)
    for number, row in zip(given, table.rows, strict=True):
        told, area = _community({f: _text(fields.get(row, f)) for f in sided}, number, names, metric, gap_m)
        changes.extend(told)
        if area is not None:
            rows.append(
                {f: fields.get(row, f) for f in ("name", "name_zh", "name_en", "code", "as_of", "id")}
            )
            shapes.append(area)
            numbers.append(number)
    if table.rows and not rows:
        raise ImportRefusedError(
            Text(
                "{s} 的 {n} 个社区没有一个围得起来，未作改动。{w}",
                "Not one of the {n} communities of {s} closes; nothing was changed. {w}",
            ).format(
                s=table.source,
                n=len(table.rows),
                w=_joined(
                    [
                        Text("第 {r} 行：{w}", "Row {r}: {w}").format(r=c.row, w=c.reason)
                        for c in [c for c in changes if c.action == "dropped"][:_SHOWN]
                    ]
                ),
            ),
            hint=Text(
                "改正表中的路名，或先导入缺的道路；四至要写图上的名称。",
                "Mend the names in the table, or import the streets that lack; write names as the map has them.",
            ),
        )
    raw = RawTable(
        table.source,
        "EPSG:4326",
        ("name", "name_zh", "name_en", "code", "as_of", "id"),
        rows,
        shapes,
        numbers=numbers,
        notes=table.notes,
    )
    return run_import(
        root,
        Request(
            target="communities",
            path=request.path,
            layer=None,
            mapping={},
            constants={},
            add=request.add,
            update=request.update,
            force=request.force,
        ),
        lang,
        progress,
        Made(raw, changes),
    )


def _community(
    cells: Mapping[str, str | None], number: int, names: Names, metric: Metric, gap_m: float
) -> tuple[list[Change], BaseGeometry | None]:
    """Return what there is to tell of one community, and its area in degrees if its bounds close."""
    said = sides_of(cells)
    problems: list[Text] = []
    changes: list[Change] = []
    sides: list[tuple[str, Sequence[BaseGeometry]]] = []
    missing = [_SIDE[s] for s in SIDES if s not in said]
    if missing:
        problems.append(Text("没有写明{m}", "it does not say {m}").format(m=listing(missing)))
    for side, cell in said.items():
        found: list[Found] = []
        for ways in names_of(cell):
            one = names.find(ways)
            if one is None:
                problems.append(_unknown(side, ways, names))
                continue
            found.append(one)
            if one.told:
                reason = Text(
                    "{s}“{w}”：图上没有此名，取“{n}”", "{s} “{w}”: no such name on the map; taken as “{n}”"
                ).format(s=_SIDE[side], w=ways[-1], n=one.name)
                changes.append(Change(number, None, "noted", reason))
        if found:
            label = "、".join(f.name for f in found)
            sides.append((label, [s for f in found for s in f.shapes]))
    if problems:
        return [Change(number, None, "dropped", _joined(problems))], None
    ring = enclose(sides, gap_m)
    if ring.area is None:
        reason = (
            _joined([_gap(g, metric) for g in ring.gaps])
            if ring.gaps
            else Text(
                "{n} 围不成一块：各边虽相接，但没有一块地四面都临这些界线",
                "{n} enclose nothing: they meet, but no block has them all around it",
            ).format(n=listing([n for n, _ in sides]))
        )
        return [Change(number, None, "dropped", reason)], None
    for gap in ring.bridged:
        reason = Text("{g}，已接上", "{g}; joined").format(g=_gap(gap, metric))
        changes.append(Change(number, None, "repaired", reason))
    return changes, metric.back([ring.area])[0]


def _unknown(side: str, ways: Sequence[str], names: Names) -> Text:
    near = names.near(ways)
    text = Text("{s}“{w}”：图上没有此名", "{s} “{w}”: no such name on the map").format(
        s=_SIDE[side], w=ways[-1]
    )
    if not near:
        return text
    return Text("{t}，相近的有{n}", "{t}; nearest: {n}").format(t=text, n=listing(near))


def _gap(gap: Gap, metric: Metric) -> Text:
    at = metric.back([gap.at])[0]
    where = f"{at.x:.5f}, {at.y:.5f}"
    metres = f"{gap.distance_m:.0f}" if gap.distance_m >= 1 else f"{gap.distance_m:.1f}"
    if gap.first == gap.second:
        return Text("“{a}”中断 {m} 米（{w}）", "“{a}” is broken by {m} m (at {w})").format(
            a=gap.first, m=metres, w=where
        )
    return Text(
        "“{a}”与“{b}”不相接，相距 {m} 米（{w}）", "“{a}” and “{b}” do not meet: {m} m apart (at {w})"
    ).format(a=gap.first, b=gap.second, m=metres, w=where)


def _joined(parts: Sequence[Text]) -> Text:
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:LONGEST]


def _shapes(root: Path, file: str) -> list[tuple[dict[str, Any], BaseGeometry]]:
    shapes = Surroundings(root).shapes(file)
    return [
        (f, shapes[str(f["properties"]["id"])])
        for f in features_in(root / file)
        if isinstance(f.get("properties"), dict) and str(f["properties"].get("id")) in shapes
    ]


def _table(request: BoundsRequest) -> RawTable:
    """Return the register as rows."""
    if request.path.suffix.lower() not in (".yaml", ".yml"):
        raw = parse(request.path, request.layer, request.encoding)
        if raw.placed:
            raise ImportRefusedError(
                Text("{s} 是图层，不是四至表", "{s} is a layer, no register of bounds").format(s=raw.source),
                hint=Text("用 civdef import communities 导入边界图层。", "Use civdef import communities."),
            )
        return raw
    text, reading = read_text(bytes_of(request.path), request.encoding, request.path.name)
    document = parse_yaml(text, request.path.name)
    if document.faults:
        first = document.faults[0]
        raise ImportRefusedError(
            Text("{p}：{m}", "{p}: {m}").format(p=str(first.place), m=first.message),
            hint=Text("逐行检查缩进和冒号。", "Check indents and colons."),
        )
    data = (
        document.data.get("communities", document.data) if isinstance(document.data, dict) else document.data
    )
    if isinstance(data, dict):
        items = [
            ({"name": k, **v} if isinstance(v, dict) else {"name": k, "bounds": v}, (k,))
            for k, v in data.items()
        ]
    elif isinstance(data, list):
        items = [(v, (i,)) for i, v in enumerate(data)]
    else:
        items = []
    rows = [r for r, _ in items]
    if not rows or not all(isinstance(r, dict) for r in rows):
        raise ImportRefusedError(
            Text("{f} 不是四至表", "{f} is no register of bounds").format(f=request.path.name),
            hint=Text(
                "每个社区写名称和四至，例如：明泉社区: 东至望海路，南至环山路，西至清溪河，北至明泽大道",
                "Give each community by name, e.g. Spring: east to A Road, south to B Road, west to C River, north to D Road",
            ),
        )
    base = ("communities",) if isinstance(document.data, dict) and "communities" in document.data else ()
    numbers = [document.marks.get((*base, *at), (i, 1))[0] for i, (_, at) in enumerate(items, start=1)]
    columns = tuple(dict.fromkeys(str(c) for r in rows for c in r))
    notes = (reading.note,) if reading.note else ()
    return RawTable(
        request.path.name, None, columns, [{str(k): v for k, v in r.items()} for r in rows],
        [None] * len(rows), placed=False, numbers=numbers, notes=notes,
    )  # fmt: skip
