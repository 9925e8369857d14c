"""Reading a workspace: files → nouns → one :class:`Workspace`, with every fault collected on the way."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from civdef.errors import Fault, UsageError, WorkspaceError
from civdef.load.cells import read_tables
from civdef.load.consequences import without_consequences
from civdef.load.documents import read_documents, read_organisation
from civdef.load.maps import build_layers, metric_crs, read_layers
from civdef.load.reader import Reader
from civdef.load.references import check_references
from civdef.load.shapes import check_inside
from civdef.load.tables import SETTINGS
from civdef.load.toml_file import parse_toml
from civdef.load.validate import build
from civdef.model.plan import Plan
from civdef.model.scenario import Drill
from civdef.model.settings import Settings
from civdef.model.workspace import Workspace
from civdef.source import Origin, Place
from civdef.text import Text

MAX_SETTINGS_BYTES = 1_000_000


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
    reader = Reader(root)
    settings = _settings(reader)
    drawn = read_layers(reader)
    crs = metric_crs(reader, settings, drawn)
    if crs is not None:
        build_layers(reader, drawn, crs)
    read_tables(reader)
    headquarters = read_organisation(reader)
    texts = read_documents(reader)
    workspace = None
    if settings is not None and crs is not None:
        collections: dict[str, Any] = {k: dict(sorted(v.items())) for k, v in reader.found.items()}
        loose: dict[str, Any] = {k: tuple(v) for k, v in reader.loose.items()}
        workspace = Workspace(
            settings=settings,
            crs=crs,
            headquarters=headquarters,
            texts=dict(sorted(texts.items())),
            sources=reader.sources,
            inputs=dict(sorted(reader.inputs.items())),
            **loose,
            **collections,
        )
        empty = {kind for kind, kept in workspace.collections() if not kept}
        dangling = check_references(workspace)
        reader.faults.extend(without_consequences(reader.faults, dangling, reader.refused, empty))
        reader.faults.extend(check_inside(workspace))
        _names_from_code(reader, workspace)
    order = sorted(
        reader.faults, key=lambda f: (f.place.file, f.place.line or 0, f.place.column or 0, f.message.en)
    )
    return workspace, order


def read_named(root: Path, but: Collection[str] = ()) -> Workspace | None:
    """Read what a register may name, unchecked: neither plans nor drills, nor the tables `but`; None if nothing can be read.

    An import asks this of the workspace: it takes a third of the time, and other people's faults are not its business.
    """
    reader = Reader(root)
    settings = _settings(reader)
    drawn = read_layers(reader)
    crs = metric_crs(reader, settings, drawn)
    if settings is None or crs is None:
        return None
    build_layers(reader, drawn, crs)
    read_tables(reader, but)
    headquarters = read_organisation(reader)
    loose: dict[str, Any] = {k: tuple(v) for k, v in reader.loose.items()}
    found: dict[str, Any] = {k: dict(sorted(v.items())) for k, v in reader.found.items()}
    return Workspace(settings=settings, crs=crs, headquarters=headquarters, **loose, **found)


def _settings(reader: Reader) -> Settings | None:
    text = reader.text_of(SETTINGS, required=True, most=MAX_SETTINGS_BYTES)
    if text is None:
        return None
    parsed = parse_toml(text, SETTINGS)
    reader.faults.extend(parsed.faults)
    if parsed.faults:
        return None
    origin = Origin(Place(SETTINGS, 1), parsed.marks)
    reader.sources.add("settings", origin)
    return build(Settings, parsed.data, origin, reader.faults)


def _names_from_code(reader: Reader, workspace: Workspace) -> None:
    """Check names that the code defines, not the data: kinds of hazard; and tasks that a drill measures."""
    from civdef.hazards import kinds

    known = kinds()
    what = Text("灾种", "hazard")
    for kind, found in workspace.collections():
        for object_id, noun in found.items():
            hazards = getattr(noun, "hazards", ()) if kind in ("plan", "shelter") else ()
            for i, name in enumerate(hazards):
                path = ("hazards", i) if kind == "plan" else ("hazards",)
                reader.known(name, known, workspace.place(object_id, path) or Place("?"), what)
    for object_id, footprint in workspace.footprints.items():
        place = workspace.place(object_id, ("hazard",)) or Place("?")
        reader.known(footprint.hazard, known, place, what)
    for object_id, drill in workspace.drills.items():
        plan = workspace.plans.get(drill.plan)
        if isinstance(plan, Plan):
            _measured_tasks(reader, workspace, object_id, drill, plan)


def _measured_tasks(reader: Reader, workspace: Workspace, object_id: str, drill: Drill, plan: Plan) -> None:
    tasks = {t.id for t in plan.tasks}
    for i, objective in enumerate(drill.objectives):
        if objective.task is not None:
            place = workspace.place(object_id, ("objectives", i, "task")) or Place("?")
            reader.known(objective.task, tasks, place, Text("任务", "task"))
