"""What can be imported: one file of ``civdef.load.targets`` for each, found by discovery."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shapely.geometry import shape as to_shape
from shapely.geometry.base import BaseGeometry

from civdef import registry
from civdef.errors import ImportRefusedError, UsageError
from civdef.intake.fields import Fields
from civdef.intake.raw import Cleaned, RawTable
from civdef.text import Text, listing, nearest


@dataclass(frozen=True)
class Surroundings:
    """What a cleaner may ask about the workspace and the request.

    Attributes
    ----------
    root
        Folder of the workspace.
    name, hazard
        Of a hazard layer: the file it becomes, the kind of hazard.
    repair
        Of streets: whether they are mended.
    """

    root: Path
    name: str | None = None
    hazard: str | None = None
    repair: bool = True

    def needed(self, file: str, what: Text, *commands: str) -> dict[str, BaseGeometry]:
        """Return id → shape of a layer that must be there first. Raises ``ImportRefusedError`` if it is empty."""
        found = self.shapes(file)
        if not found:
            raise ImportRefusedError(
                Text("须先有{w}", "There must be {w} first").format(w=what),
                hint=Text(
                    f"先运行 {' 或 '.join(f'civdef import {c}' for c in commands)}。",
                    f"Run {' or '.join(f'civdef import {c}' for c in commands)} first.",
                ),
            )
        return found

    def shapes(self, file: str) -> dict[str, BaseGeometry]:
        """Return id → shape in WGS84 of a layer of the workspace; empty where there is none."""
        return {
            str(f["properties"]["id"]): to_shape(f["geometry"])
            for f in features_in(self.root / file)
            if f.get("geometry") and isinstance(f.get("properties"), dict) and "id" in f["properties"]
        }


@dataclass(frozen=True)
class Target:
    """A layer of the workspace that foreign layers are brought into.

    Attributes
    ----------
    name
        Word on the command line, e.g. ``roads``.
    title
        What it holds, e.g. 道路 / streets.
    file
        File of the workspace; ``{name}`` stands for the name of a hazard layer.
    fields
        Fields that ``--map`` and ``--set`` may name.
    clean
        Raw rows in WGS84 → features and changes.
    synonyms
        Field → names of columns that are tried where the user names none, the most telling first.
    tables
        Whether a table with coordinate columns will do, because its features may be points.
    """

    name: str
    title: Text
    file: str
    fields: tuple[str, ...]
    clean: Callable[[RawTable, Fields, Surroundings], Cleaned]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: bool = False

    def file_of(self, around: Surroundings) -> str:
        """Return the file that an import writes."""
        return self.file.format(name=around.name or around.hazard or "hazard")


def targets() -> dict[str, Target]:
    """Return every target by name."""
    return {m.TARGET.name: m.TARGET for m in registry.modules("civdef.load.targets")}


def find(name: str) -> Target:
    """Return the target of this name. Raises ``UsageError`` if there is none."""
    known = targets()
    if name in known:
        return known[name]
    near = nearest(name, known)
    raise UsageError(
        Text("没有可导入的图层 {n}", "There is no layer {n} to import into").format(n=name),
        hint=Text("是否想写 {m}？", "Did you mean {m}?").format(m=near)
        if near
        else Text("可用：{k}", "There are {k}").format(k=listing(sorted(known), 30)),
    )


def features_in(path: Path) -> list[dict[str, Any]]:
    """Return the raw features of a GeoJSON file of the workspace; none if it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    found = data.get("features") if isinstance(data, dict) else None
    return [f for f in found if isinstance(f, dict)] if isinstance(found, list) else []
