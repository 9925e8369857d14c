"""The end of every import: what is written, in one stroke, with the report of every row and the result.

Importers of layers, of tables and of whole extracts hand over :class:`Part` objects, one for each file of the workspace
they bring, and :func:`save` does the rest.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from civdef.errors import ImportRefusedError
from civdef.files import write_all
from civdef.intake.raw import Change, Cleaned
from civdef.load.target import features_in
from civdef.load.write_layer import layer_text, report_text
from civdef.result import Record, Result
from civdef.text import Lang, Text, listing

ACTIONS: dict[str, Text] = {
    "dropped": Text("舍去", "dropped"),
    "repaired": Text("修复", "repaired"),
    "noted": Text("提示", "noted"),
}
"""What may be done to a row of the source, in the words of the report."""


class ChangeRecord(Record):
    """A row that was not taken over as it stood."""

    file: str = Field(description="source file, with its layer or sheet")
    row: int = Field(description="1-based row of the source, or the number of the object in it")
    ref: str | None = Field(
        default=None, description="how the source names the row, e.g. way/12 in OpenStreetMap"
    )
    object_id: str | None
    action: str
    reason: str


class PartRecord(Record):
    """What was brought into one file of the workspace."""

    target: str = Field(description="what it holds, e.g. roads")
    file: str = Field(description="file of the workspace that was written")
    read: int
    written: int
    repaired: int = Field(description="rows mended")
    dropped: int = Field(description="rows left out")


class ImportResult(Result):
    """What ``civdef import`` did."""

    SCHEMA: ClassVar[str] = "civdef.import/2"

    target: str
    source: str
    crs: str | None = Field(description="coordinate reference system the source was read in; null for tables")
    read: int
    written: int
    repaired: int
    dropped: int
    parts: list[PartRecord]
    changes: list[ChangeRecord]
    report: str = Field(description="table of the changes, in the workspace")


@dataclass(frozen=True)
class Part:
    """What an import brings for one file of the workspace.

    Attributes
    ----------
    target
        What it holds, e.g. ``roads``.
    file
        File of the workspace, e.g. ``maps/roads.geojson``.
    source
        File that was read, with its layer or sheet.
    cleaned
        Features (or rows, whose shape is None), changes, and how many rows were read.
    columns
        Columns of a table; None for a layer.
    """

    target: str
    file: str
    source: str
    cleaned: Cleaned
    columns: tuple[str, ...] | None = None

    def text(self) -> str:
        """Return the file's content."""
        if self.columns is not None:
            return table_text(self.columns, [p for p, _ in self.cleaned.features])
        drawn = [(p, s) for p, s in self.cleaned.features if s is not None]
        return layer_text(drawn)


def save(
    root: Path,
    parts: Sequence[Part],
    *,
    target: str,
    source: str,
    crs: str | None,
    lang: Lang,
    report: str | None = None,
    force: bool = False,
    more: Mapping[Path, bytes] | None = None,
) -> ImportResult:
    """Write the parts and the report of changes, all or nothing, and return what was done.

    Parameters
    ----------
    target
        The subcommand, e.g. ``roads`` or ``osm``.
    source
        The file that was read.
    crs
        Coordinate reference system it was read in.
    report
        Name of the report in ``out/`` without ``import-`` and ending; that of `target` by default.
    force
        Replace what is there.
    more
        Other files to be written in the same stroke.

    Raises
    ------
    ImportRefusedError
        If a file has data and `force` is not given.
    OutputError
        If a file cannot be written; nothing is changed then.
    """
    for part in parts:
        if not force and has_data(root / part.file):
            raise ImportRefusedError(
                Text("{f} 已有内容，未作改动", "{f} already has data; nothing was changed").format(
                    f=part.file
                ),
                hint=Text("确需替换请加 --force。", "Add --force to replace it."),
            )
    changes = [
        (p.source, c) for p in parts for c in sorted(p.cleaned.changes, key=lambda c: (c.row, c.action))
    ]
    told = f"out/import-{report or target}.csv"
    files = {root / p.file: p.text().encode() for p in parts}
    files[root / told] = changes_text(changes).encode()
    files |= more or {}
    write_all(files)
    records = [
        PartRecord(
            target=p.target,
            file=p.file,
            read=p.cleaned.read,
            written=len(p.cleaned.features),
            repaired=p.cleaned.repaired,
            dropped=p.cleaned.dropped,
        )
        for p in parts
    ]
    return ImportResult(
        target=target,
        source=source,
        crs=crs,
        read=sum(r.read for r in records),
        written=sum(r.written for r in records),
        repaired=sum(r.repaired for r in records),
        dropped=sum(r.dropped for r in records),
        parts=records,
        changes=[
            ChangeRecord(
                file=s,
                row=c.row,
                ref=c.ref,
                object_id=c.object_id,
                action=c.action,
                reason=c.reason.in_(lang),
            )
            for s, c in changes
        ],
        report=told,
    )


def refuse_empty(cleaned: Cleaned, source: str, columns: Sequence[str]) -> None:
    """Refuse a source that has rows of which not one can be used: it would empty what is there.

    Raises
    ------
    ImportRefusedError
        With the reason of the first row that was left out.
    """
    if cleaned.read and not cleaned.features:
        first = min(cleaned.changes, key=lambda c: c.row).reason
        raise ImportRefusedError(
            Text(
                "{s} 的 {n} 个要素一个也不能用，未作改动；第一个：{w}",
                "None of the {n} features of {s} can be used; nothing was changed. The first: {w}",
            ).format(s=source, n=cleaned.read, w=first),
            hint=Text(
                "用 --map 字段=列 指明取哪一列；已有的列：{c}",
                "Name columns with --map FIELD=COLUMN; there are {c}",
            ).format(c=listing(columns, 30)),
        )


def has_data(path: Path) -> bool:
    """Whether a layer or table of the workspace holds anything."""
    if path.suffix == ".csv":
        try:
            return len(path.read_text(encoding="utf-8-sig").strip().splitlines()) > 1
        except (OSError, ValueError):
            return path.exists()
    return bool(features_in(path))


def table_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of the workspace: UTF-8 with BOM, so that Excel reads it; text stays as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if r.get(c) is None else r[c] for c in columns] for r in rows])
    return "\ufeff" + out.getvalue()


def changes_text(changes: Sequence[tuple[str, Change]]) -> str:
    """Return the report of changes as a table in both languages that a spreadsheet opens."""
    columns = ("文件 file", "行 row", "对象 object", "处理 action", "原因", "reason")
    return report_text(
        columns,
        [
            (s, c.ref or c.row, c.object_id, f"{ACTIONS[c.action].zh} {c.action}", c.reason.zh, c.reason.en)
            for s, c in changes
        ],
    )
