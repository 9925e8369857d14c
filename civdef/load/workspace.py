"""Reading a workspace: files → nouns → one :class:`Workspace`, with every fault collected on the way."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any, cast

from shapely.geometry.base import BaseGeometry

from civdef import registry
from civdef.errors import Fault, UsageError, WorkspaceError
from civdef.files import digest
from civdef.load import csv_file, geojson_file, yaml_file
from civdef.load.crs import check_crs, choose_crs
from civdef.load.references import check_references
from civdef.load.shapes import check_inside, project, to_shape
from civdef.load.tables import (
    DOCUMENTS,
    EXTERNAL,
    HAZARDS,
    LAYERS,
    ORGANISATION,
    ORGANISATION_LISTS,
    SETTINGS,
    TABLES,
    Layer,
)
from civdef.load.texts import parse_text
from civdef.load.toml_file import parse_toml
from civdef.load.validate import build, nearest
from civdef.model.base import Noun
from civdef.model.organisation import ExternalBody, Headquarters
from civdef.model.plan import Plan, StandingRule
from civdef.model.scenario import Drill
from civdef.model.settings import Settings
from civdef.model.workspace import PlanText, Workspace
from civdef.source import Origin, Place, SourceMap
from civdef.text import Text


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds ``civdef.toml``.

    Raises
    ------
    UsageError
        If there is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise UsageError(
        Text(
            "{d} 及其上级目录中没有 civdef.toml，不是工作区",
            "No civdef.toml in {d} or above: not a workspace",
        ).format(d=start),
        hint=Text(
            "用 civdef init 目录名 新建一个工作区，或用 -C 目录 指定已有的工作区。",
            "Make one with civdef init DIR, or name an existing one with -C DIR.",
        ),
    )


def load_workspace(root: Path) -> Workspace:
    """Read and validate the workspace at `root`.

    Raises
    ------
    WorkspaceError
        Carries every fault found.
    """
    workspace, faults = read_workspace(root)
    if workspace is None or faults:
        raise WorkspaceError(
            Text("工作区有 {n} 处错误，无法使用", "The workspace has {n} faults and cannot be used").format(
                n=len(faults)
            ),
            faults,
            hint=Text(
                "按上面的位置逐一改正，再运行 civdef check。",
                "Mend each place named above, then run civdef check.",
            ),
        )
    return workspace


def read_workspace(root: Path) -> tuple[Workspace | None, list[Fault]]:
    """Read everything; return the workspace (None if its settings are unusable) and all faults in file order."""
    reader = _Reader(root)
    workspace = reader.read()
    return workspace, sorted(
        reader.faults, key=lambda f: (f.place.file, f.place.line or 0, f.place.column or 0, f.message.en)
    )


class _Reader:
    """Reads one workspace; collects objects, places, hashes and faults."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.sources = SourceMap()
        self.inputs: dict[str, str] = {}
        self.found: dict[str, dict[str, Noun]] = {}
        self.loose: dict[str, list[Noun]] = {"reporting_lines": [], "duty": []}
        self.texts: dict[tuple[str, str], PlanText] = {}
        self.placed: list[tuple[Layer, dict[str, Any], Origin, BaseGeometry]] = []
        self.headquarters: Headquarters | None = None

    def read(self) -> Workspace | None:
        settings = self._settings()
        for file, layer in LAYERS.items():
            self._layer(file, layer)
        for path in self._listing("maps/hazards", ".geojson"):
            self._layer(path, HAZARDS)
        crs = self._crs(settings)
        if settings is None or crs is None:
            self._everything_else()
            return None
        self._build_placed(crs)
        self._everything_else()
        return self._assemble(settings, crs)

    def _everything_else(self) -> None:
        for file in TABLES:
            self._table(file)
        self._organisation()
        for folder, (attribute, noun) in DOCUMENTS.items():
            for file in self._listing(folder, ".yaml"):
                self._document(file, attribute, noun)

    # --- files -------------------------------------------------------------------------------------------------

    def _bytes(self, file: str, *, required: bool, most: int) -> bytes | None:
        path = self.root / file
        try:
            if not path.is_file():
                if required:
                    self._fault(
                        "missing-file",
                        Place(file),
                        Text("缺少文件", "The file is missing"),
                        Text(
                            "该文件必须存在（内容可以为空）", "this file must exist (it may be empty of data)"
                        ),
                    )
                return None
            if path.stat().st_size > most:
                self._fault("too-large", Place(file), Text("文件过大", "The file is too large"))
                return None
            data = path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            self._fault("unreadable", Place(file), Text("无法读取：{w}", "Cannot be read: {w}").format(w=why))
            return None
        self.inputs[file] = digest(data)
        return data

    def _text(self, file: str, *, required: bool, most: int) -> str | None:
        data = self._bytes(file, required=required, most=most)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self._fault(
                "encoding",
                Place(file, line),
                Text("不是 UTF-8 文字", "Not UTF-8 text"),
                Text("用“另存为 UTF-8”保存", "save it as UTF-8"),
            )
            return None

    def _listing(self, folder: str, suffix: str) -> list[str]:
        path = self.root / folder
        if not path.is_dir():
            return []
        return sorted(
            f"{folder}/{p.name}"
            for p in path.iterdir()
            if p.name.endswith(suffix) and not p.name.startswith(".")
        )

    def _fault(
        self, code: str, place: Place, message: Text, allowed: Text | None = None, near: str | None = None
    ) -> None:
        self.faults.append(Fault(code, place, message, allowed=allowed, nearest=near))

    # --- settings ----------------------------------------------------------------------------------------------

    def _settings(self) -> Settings | None:
        text = self._text(SETTINGS, required=True, most=1_000_000)
        if text is None:
            return None
        parsed = parse_toml(text, SETTINGS)
        self.faults.extend(parsed.faults)
        if parsed.faults:
            return None
        origin = Origin(Place(SETTINGS, 1), parsed.marks)
        self.sources.add("settings", origin)
        return build(Settings, parsed.data, origin, self.faults)

    def _crs(self, settings: Settings | None) -> str | None:
        west, south, east, north = 180.0, 90.0, -180.0, -90.0
        for _, _, _, shape in self.placed:
            w, s, e, n = shape.bounds
            west, south, east, north = min(west, w), min(south, s), max(east, e), max(north, n)
        lon, lat = ((west + east) / 2, (south + north) / 2) if self.placed else (114.0, 30.0)
        given = settings.metric_crs if settings else None
        if given is None or not self.placed:
            return given or choose_crs(lon, lat)
        wrong = check_crs(given, lon, lat)
        if wrong is not None:
            place = self.sources.place("settings", ("metric_crs",)) or Place(SETTINGS)
            self._fault("wrong-crs", Place(SETTINGS, place.line, place.column, field="metric_crs"), wrong)
            return None
        return given

    # --- maps --------------------------------------------------------------------------------------------------

    def _layer(self, file: str, layer: Layer) -> None:
        text = self._text(file, required=layer.required, most=geojson_file.MAX_BYTES)
        if text is None:
            return
        parsed = geojson_file.parse_geojson(text, file)
        self.faults.extend(parsed.faults)
        if parsed.crs is not None and "CRS84" not in parsed.crs and "4326" not in parsed.crs:
            self._fault(
                "wrong-crs",
                Place(file, 1),
                Text("文件声明的坐标系是 {c}", "The file says its CRS is {c}").format(c=parsed.crs),
                Text(
                    "WGS84 经纬度；请用 civdef import --crs 重新导入",
                    "WGS84; bring it in again with civdef import --crs",
                ),
            )
            return
        for feature in parsed.features:
            place = Place(file, feature.line, feature=feature.index)
            shape = to_shape(feature.geometry, layer.shapes, place, self.faults)
            if shape is not None:
                data = from_cells(layer.noun, feature.properties, layer.rename)
                self.placed.append((layer, data, Origin(place), shape))

    def _build_placed(self, crs: str) -> None:
        projected = project([p[3] for p in self.placed], crs)
        for (layer, data, origin, shape), shape_m in zip(self.placed, projected, strict=True):
            rename = {**layer.rename, "name": "name_zh"}
            noun = build(
                layer.noun, {**data, "shape": shape, "shape_m": shape_m}, origin, self.faults, rename=rename
            )
            if noun is not None:
                self._keep(layer.attribute, noun, origin)

    # --- tables ------------------------------------------------------------------------------------------------

    def _table(self, file: str) -> None:
        table = TABLES[file]
        data = self._bytes(file, required=False, most=csv_file.MAX_BYTES)
        if data is None:
            return
        parsed = csv_file.parse_csv(data, file)
        self.faults.extend(parsed.faults)
        for row in parsed.rows:
            origin = Origin(Place(file, row.line, row=row.number))
            cells = from_cells(table.noun, row.cells, {})
            noun = build(table.noun, cells, origin, self.faults, rename={"name": "name_zh"})
            if noun is None:
                continue
            if table.attribute in self.loose:
                self._loose(table.attribute, noun, origin)
            else:
                self._keep(table.attribute, noun, origin)

    def _loose(self, attribute: str, noun: Noun, origin: Origin) -> None:
        prefix = {"reporting_lines": "reporting-line", "duty": "duty"}[attribute]
        self.sources.add(f"{prefix}/{len(self.loose[attribute])}", origin)
        self.loose[attribute].append(noun)

    # --- YAML --------------------------------------------------------------------------------------------------

    def _yaml(self, file: str, *, required: bool) -> yaml_file.YamlDocument | None:
        text = self._text(file, required=required, most=yaml_file.MAX_BYTES)
        if text is None:
            return None
        document = yaml_file.parse_yaml(text, file)
        self.faults.extend(document.faults)
        if document.data is None:
            return None
        if not isinstance(document.data, dict):
            self._fault(
                "not-a-mapping", Place(file, 1, 1), Text("文件应为“键: 值”结构", "The file must be a mapping")
            )
            return None
        return document

    def _organisation(self) -> None:
        document = self._yaml(ORGANISATION, required=True)
        if document is not None:
            base = Place(ORGANISATION)
            allowed = {"headquarters", *ORGANISATION_LISTS}
            self._known_keys(ORGANISATION, document, allowed)
            if document.data.get("headquarters") is not None:
                origin = Origin(base, document.marks, ("headquarters",))
                built = build(Headquarters, _mapping(document.data["headquarters"]), origin, self.faults)
                if built is not None:
                    self.headquarters = built
                    self.sources.add(built.id, origin)
            for key, (attribute, noun) in ORGANISATION_LISTS.items():
                self._list(ORGANISATION, document, key, attribute, noun)
        external = self._yaml(EXTERNAL, required=False)
        if external is not None:
            self._known_keys(EXTERNAL, external, {"external"})
            self._list(EXTERNAL, external, "external", "external", ExternalBody)

    def _known_keys(self, file: str, document: yaml_file.YamlDocument, allowed: set[str]) -> None:
        for key in document.data:
            if key not in allowed:
                line, column = document.marks.get((key,), (1, 1))
                self._fault(
                    "extra-forbidden",
                    Place(file, line, column),
                    Text("不认识的字段 {k}", "Unknown field {k}").format(k=key),
                    Text("、".join(sorted(allowed)), ", ".join(sorted(allowed))),
                    nearest(str(key), allowed),
                )

    def _list(
        self, file: str, document: yaml_file.YamlDocument, key: str, attribute: str, noun: type[Noun]
    ) -> None:
        items = document.data.get(key)
        if items is None:
            return
        if not isinstance(items, list):
            line, column = document.marks.get((key,), (1, 1))
            self._fault(
                "not-a-list",
                Place(file, line, column),
                Text("{k} 应为列表", "{k} must be a list").format(k=key),
            )
            return
        for i, item in enumerate(items):
            origin = Origin(Place(file), document.marks, (key, i))
            built = build(noun, _mapping(item), origin, self.faults)
            if built is None:
                continue
            if attribute in self.loose:
                self._loose(attribute, built, origin)
            else:
                self._keep(attribute, built, origin)

    def _document(self, file: str, attribute: str, noun: type[Noun]) -> None:
        document = self._yaml(file, required=False)
        if document is None:
            return
        origin = Origin(Place(file), document.marks)
        built = build(noun, document.data, origin, self.faults)
        if built is None:
            return
        self._keep(attribute, built, origin)
        if isinstance(built, (Plan, StandingRule)):
            self._plan_texts(file, built, origin)
        if isinstance(built, (Plan, Drill)):
            self._local_references(built, origin)

    def _plan_texts(self, file: str, noun: Plan | StandingRule, origin: Origin) -> None:
        folder = file.rpartition("/")[0]
        for lang, name in noun.text.items():
            place = origin.place(("text", lang))
            if "/" in name or "\\" in name or not name.endswith(".md"):
                self._fault(
                    "bad-text-file",
                    place,
                    Text("正文文件名不对：{n}", "Bad name of a text file: {n}").format(n=name),
                    Text("同一目录下的 .md 文件名", "the name of a .md file in the same folder"),
                )
                continue
            if not (self.root / folder / name).is_file():
                self._fault(
                    "missing-file", place, Text("找不到正文 {n}", "There is no text file {n}").format(n=name)
                )
                continue
            text = self._text(f"{folder}/{name}", required=True, most=4_000_000)
            if text is not None:
                self.texts[(noun.id, lang)] = parse_text(text, f"{folder}/{name}")

    def _local_references(self, noun: Plan | Drill, origin: Origin) -> None:
        """Check names that are only known inside one document: tasks of a plan, objectives of a drill."""
        if isinstance(noun, Plan):
            tasks = {t.id for t in noun.tasks}
            for i, task in enumerate(noun.tasks):
                for j, name in enumerate(task.after):
                    self._known(name, tasks, origin.place(("tasks", i, "after", j)), Text("任务", "task"))
            return
        objectives = {o.id for o in noun.objectives}
        for i, inject in enumerate(noun.injects):
            if inject.objective is not None:
                self._known(
                    inject.objective,
                    objectives,
                    origin.place(("injects", i, "objective")),
                    Text("目标", "objective"),
                )
            self._known(
                inject.kind,
                _names("civdef.drill.injects"),
                origin.place(("injects", i, "kind")),
                Text("情况注入", "inject"),
            )

    def _known(self, name: str, known: set[str], place: Place, what: Text) -> None:
        if name not in known:
            self._fault(
                "dangling-reference",
                place,
                Text("没有名为 {n} 的{w}", "There is no {w} named {n}").format(n=name, w=what),
                Text("、".join(sorted(known)[:12]), ", ".join(sorted(known)[:12])),
                nearest(name, known),
            )

    # --- together ----------------------------------------------------------------------------------------------

    def _keep(self, attribute: str, noun: Noun, origin: Origin) -> None:
        object_id: str = noun.id  # type: ignore[attr-defined]
        kind = cast(str, getattr(noun, "KIND", ""))
        place = origin.place(("id",))
        if kind and object_id.partition("/")[0] != kind:
            self._fault(
                "wrong-id",
                place,
                Text("标识 {i} 的前缀不对", "Id {i} has the wrong prefix").format(i=object_id),
                Text(f"{kind}/名称", f"{kind}/name"),
            )
            return
        earlier = self.sources.place(object_id)
        if earlier is not None:
            self._fault(
                "duplicate-id",
                place,
                Text("标识 {i} 重复，首次出现在 {p}", "Id {i} is used twice, first at {p}").format(
                    i=object_id, p=earlier
                ),
                Text("每个对象用不同的标识", "a different id for each object"),
            )
            return
        self.found.setdefault(attribute, {})[object_id] = noun
        self.sources.add(object_id, origin)

    def _assemble(self, settings: Settings, crs: str) -> Workspace:
        collections = {k: dict(sorted(v.items())) for k, v in self.found.items()}
        workspace = Workspace(
            settings=settings,
            crs=crs,
            headquarters=self.headquarters,
            reporting_lines=tuple(self.loose["reporting_lines"]),  # type: ignore[arg-type]
            duty=tuple(self.loose["duty"]),  # type: ignore[arg-type]
            texts=dict(sorted(self.texts.items())),
            sources=self.sources,
            inputs=dict(sorted(self.inputs.items())),
            **collections,  # type: ignore[arg-type]
        )
        self.faults.extend(check_references(workspace))
        self.faults.extend(check_inside(workspace))
        self._hazard_kinds(workspace)
        return workspace

    def _hazard_kinds(self, workspace: Workspace) -> None:
        known = _names("civdef.hazards") - {"effects", "result"}
        for object_id, plan in workspace.plans.items():
            for i, kind in enumerate(plan.hazards):
                self._known(
                    kind,
                    known,
                    workspace.place(object_id, ("hazards", i)) or Place("?"),
                    Text("灾种", "hazard"),
                )
        for object_id, shelter in workspace.shelters.items():
            for kind in shelter.hazards:
                self._known(
                    kind,
                    known,
                    workspace.place(object_id, ("hazards",)) or Place("?"),
                    Text("灾种", "hazard"),
                )
        for object_id, footprint in workspace.footprints.items():
            place = workspace.place(object_id, ("hazard",)) or Place("?")
            self._known(footprint.hazard, known, place, Text("灾种", "hazard"))


def _names(package: str) -> set[str]:
    return set(registry.names(package))


def _mapping(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"?": item}


def from_cells(noun: type[Noun], cells: dict[str, Any], rename: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a noun from table cells or GeoJSON properties.

    Empty cells and nulls are left out; ``name_zh`` and ``name_en`` become a name; lists may be written
    ``a;b;c``; `rename` maps fields of the model to other names in the file.
    """
    data: dict[str, Any] = {}
    back = {v: k for k, v in rename.items()}
    name: dict[str, Any] = {}
    lists = _list_fields(noun)
    for column, value in cells.items():
        if value is None or value == "":
            continue
        if column in ("name_zh", "name_en") and "name" in noun.model_fields:
            name[column[-2:]] = value
            continue
        if column in ("property_firm_zh", "property_firm_en") and "property_firm" in noun.model_fields:
            data.setdefault("property_firm", {})[column[-2:]] = value
            continue
        if column in rename and column not in back:
            data[f"{column} "] = value
            continue
        key = back.get(column, column)
        if key in lists and isinstance(value, str):
            value = [v.strip() for v in value.split(";") if v.strip()]
        data[key] = value
    if name:
        data["name"] = name
    return data


def _list_fields(noun: type[Noun]) -> set[str]:
    return {n for n, f in noun.model_fields.items() if typing.get_origin(f.annotation) is tuple}
