"""Where a value was written: the file and the spot inside it.

Loaders record a :class:`Place` for every object; rules and errors name an object and a *path*
(``("tasks", 2, "who")``) and the :class:`SourceMap` turns it into a file, line and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from civdef.text import Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One spot in a workspace file.

    Attributes
    ----------
    file
        Path relative to the workspace, with forward slashes.
    line, column
        1-based, where known. For CSV `line` is the physical line of the row.
    row
        1-based data row of a table (the header is not counted).
    field
        CSV column, GeoJSON property or TOML key.
    feature
        0-based index of a GeoJSON feature.
    """

    file: str
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str | None = None
    feature: int | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)

    @property
    def detail(self) -> Text:
        """The part of the place that a line number does not say: row, column name, feature, key."""
        zh: list[str] = []
        en: list[str] = []
        if self.feature is not None:
            zh.append(f"第 {self.feature + 1} 个要素")
            en.append(f"feature {self.feature + 1}")
        if self.row is not None:
            zh.append(f"第 {self.row} 行数据")
            en.append(f"data row {self.row}")
        if self.field is not None:
            zh.append(f"字段 {self.field}")
            en.append(f"field {self.field}")
        return Text("，".join(zh), ", ".join(en))


@dataclass(frozen=True)
class Origin:
    """Where one object came from: its own place, and places of the paths inside it."""

    base: Place
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    prefix: Path = ()

    def place(self, path: Path = ()) -> Place:
        """Return the place of `path`, or of its nearest known ancestor."""
        cut = path
        while True:
            mark = self.marks.get(self.prefix + cut)
            if mark is not None:
                return Place(
                    self.base.file, mark[0], mark[1], self.base.row, self.base.field, self.base.feature
                )
            if not cut:
                break
            cut = cut[:-1]
        named = next((str(p) for p in path if isinstance(p, str)), self.base.field)
        return Place(
            self.base.file, self.base.line, self.base.column, self.base.row, named, self.base.feature
        )


class SourceMap:
    """Object id → :class:`Origin`."""

    def __init__(self) -> None:
        self._origins: dict[str, Origin] = {}

    def add(self, object_id: str, origin: Origin) -> None:
        """Record where `object_id` was written; the first writing wins."""
        self._origins.setdefault(object_id, origin)

    def origin(self, object_id: str) -> Origin | None:
        """Return the origin of `object_id`, or None for an object that no file wrote."""
        return self._origins.get(object_id)

    def place(self, object_id: str, path: Path = ()) -> Place | None:
        """Return the place of `path` inside `object_id`, or None for an unknown object."""
        origin = self._origins.get(object_id)
        return None if origin is None else origin.place(path)

    def __contains__(self, object_id: str) -> bool:
        return object_id in self._origins

    def __len__(self) -> int:
        return len(self._origins)
