"""The end of every import: what is written, in one stroke, with the report of every row and the result.

Importers of layers, of tables and of whole extracts hand over :class:`Part` objects, one for each file of the workspace
they bring, and :func:`save` does the rest.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from civdef.errors import ImportRefusedError
from civdef.files import write_all
from civdef.intake.raw import Change, Cleaned
from civdef.intake.reimport.items import Item, of_feature
from civdef.intake.reimport.merge import Merged, merge
from civdef.intake.repair.record import Connectivity
from civdef.load.lock import lock_file, lock_text, read_lock
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
    group: str | None = Field(
        default=None, description="what kind of change, where many differ only in names and figures"
    )


class ConnectivityRecord(Record):
    """How well streets hang together on foot."""

    roads: int = Field(description="walkable lines")
    length_m: float
    components: int = Field(description="parts that no walkable street joins")
    largest_share: float = Field(description="share of the length in the largest part")
    dangling: int = Field(description="ends that meet nothing")

    @classmethod
    def of(cls, found: Connectivity) -> ConnectivityRecord:
        """Return the record of what was found."""
        return cls(
            roads=found.roads,
            length_m=found.length_m,
            components=found.components,
            largest_share=found.largest_share,
            dangling=found.dangling,
        )


class StreetsRecord(Record):
    """Streets before and after repair."""

    before: ConnectivityRecord
    after: ConnectivityRecord


class DifferenceRecord(Record):
    """A feature that is not as it was, or was kept though the file says otherwise."""

    id: str
    kind: Literal["added", "removed", "moved", "changed", "kept"] = Field(
        description="kept: edited in the workspace since the last import, so the file's value was not taken"
    )
    fields: list[str] = Field(description="fields changed or kept; * for the whole feature")
    moved_m: float | None = Field(description="how far its centre moved [m]")


class PartRecord(Record):
    """What was brought into one file of the workspace."""

    target: str = Field(description="what it holds, e.g. roads")
    file: str = Field(description="file of the workspace that was written")
    read: int = Field(description="rows or features of the source")
    written: int = Field(description="features of the source taken over")
    repaired: int = Field(description="rows mended")
    dropped: int = Field(description="rows left out")
    total: int = Field(description="features in the file of the workspace now")
    added: int
    removed: int
    moved: int
    changed: int
    kept: int = Field(description="features of which an edit was kept")
    unchanged: int = Field(description="features of the source that were there already, the same")
    differences: list[DifferenceRecord]


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
    notes: list[str] = Field(
        description="what else there is to know: encoding, accuracy, what stays of earlier files"
    )
    streets: StreetsRecord | None = Field(
        default=None,
        description="how well streets hang together before and after repair; null where none were mended",
    )
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
        Columns of a table, whose rows are all that it holds from now on: importers of tables merge them themselves. None
        for a layer, which is merged here with what is there.
    """

    target: str
    file: str
    source: str
    cleaned: Cleaned
    columns: tuple[str, ...] | None = None

    def items(self) -> list[Item]:
        """Return the features of a layer."""
        return [Item(str(p["id"]), p, s) for p, s in self.cleaned.features]


def save(
    root: Path,
    parts: Sequence[Part],
    *,
    target: str,
    source: str,
    crs: str | None,
    lang: Lang,
    report: str | None = None,
    add: bool = False,
    update: bool = False,
    force: bool = False,
    notes: Sequence[Text] = (),
    more: Mapping[Path, bytes] | None = None,
) -> ImportResult:
    """Write the parts, the report of changes, and what to remember for the next import, all or nothing.

    What the user edited since the last import stays (see :func:`civdef.intake.reimport.merge.merge`).

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
    add
        Add to what is there; remove nothing.
    update
        The file takes the place of all files imported into the layer before, whatever their names.
    force
        The file wins over edits and over everything that is there.
    notes
        What else to tell.
    more
        Further files to write in the same stroke.

    Raises
    ------
    ImportRefusedError
        If a file has data that no import brought, and neither `add` nor `force` is given.
    OutputError
        If a file cannot be written; nothing is changed then.
    """
    files: dict[Path, bytes] = {}
    changes: list[tuple[str, Change]] = []
    records: list[PartRecord] = []
    told_notes = [*notes, *(n for p in parts for n in p.cleaned.told)]
    for part in parts:
        if part.columns is not None:
            files[root / part.file] = table_text(part.columns, [p for p, _ in part.cleaned.features]).encode()
            changes += [(part.source, c) for c in _sorted(part.cleaned.changes)]
            records.append(_record(part, None))
            continue
        there, last = read_items(root / part.file), read_lock(root, part.file)
        if last is None and there and not (force or add):
            raise ImportRefusedError(
                Text(
                    "{f} 已有内容，且不是导入而来，未作改动",
                    "{f} already has data that no import brought; nothing was changed",
                ).format(f=part.file),
                hint=Text(
                    "加 --add 在原有内容上增补，或加 --force 整个替换。",
                    "Add --add to add to it, or --force to replace it.",
                ),
            )
        merged = merge(
            there,
            last or {},
            part.items(),
            source=part.source,
            made=part.cleaned.made,
            unnamed=part.cleaned.unnamed,
            add=add,
            supersede=update,
            force=force,
        )
        drawn = [({**i.properties, "id": i.id}, i.shape) for i in merged.items if i.shape is not None]
        files[root / part.file] = layer_text(drawn).encode()
        files[root / lock_file(part.file)] = lock_text(merged.imported).encode()
        named = {**{i.id: i.id for i in merged.items}, **merged.renamed}
        changes += [
            (part.source, replace(c, object_id=named.get(c.object_id or "", c.object_id)))
            for c in _sorted(part.cleaned.changes)
        ]
        records.append(_record(part, merged))
        told_notes += _stale_notes(merged)
    told = f"out/import-{report or target}.csv"
    files[root / told] = _report(changes, records).encode()
    write_all({**files, **(more or {})})
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
                group=c.group.in_(lang) if c.group is not None else None,
            )
            for s, c in changes
        ],
        streets=next((s for p in parts if (s := _streets(p)) is not None), None),
        notes=[n.in_(lang) for n in told_notes],
        report=told,
    )


def read_items(path: Path) -> list[Item]:
    """Return what a layer of the workspace holds; nothing if it is not there or cannot be read."""
    found = (of_feature(f) for f in features_in(path))
    return [i for i in found if i is not None]


def _streets(part: Part) -> StreetsRecord | None:
    found = part.cleaned.connected
    if found is None:
        return None
    return StreetsRecord(before=ConnectivityRecord.of(found[0]), after=ConnectivityRecord.of(found[1]))


def _sorted(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=lambda c: (c.row, c.action))


def _record(part: Part, merged: Merged | None) -> PartRecord:
    differences = merged.differences if merged is not None else []
    count = Counter(d.kind for d in differences)
    touched = {d.id for d in differences if d.kind != "removed"}
    return PartRecord(
        target=part.target,
        file=part.file,
        read=part.cleaned.read,
        written=len(part.cleaned.features),
        repaired=part.cleaned.repaired,
        dropped=part.cleaned.dropped,
        total=len(merged.items) if merged is not None else len(part.cleaned.features),
        added=count["added"],
        removed=count["removed"],
        moved=count["moved"],
        changed=count["changed"],
        kept=count["kept"],
        unchanged=len({i.id for i in merged.items} & merged.brought - touched) if merged is not None else 0,
        differences=[
            DifferenceRecord(id=d.id, kind=d.kind, fields=list(d.fields), moved_m=d.moved_m)
            for d in differences
        ],
    )


def _stale_notes(merged: Merged) -> list[Text]:
    return [
        Text(
            "先前由 {s} 导入的 {n} 项不在本文件中，仍予保留；若本文件是它的新版，请加 --update 再导入一次",
            "{n} features that {s} brought earlier are not in this file and stay; if this file is its new edition,"
            " import it again with --update",
        ).format(s=s, n=n)
        for s, n in sorted(merged.stale.items())
    ]


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
    """Whether a layer of the workspace holds anything."""
    return bool(features_in(path))


def table_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of the workspace: UTF-8 with BOM, so that Excel reads it; text stays as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if r.get(c) is None else r[c] for c in columns] for r in rows])
    return "\ufeff" + out.getvalue()


DIFFERENCES: dict[str, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("移除", "removed"),
    "moved": Text("移位", "moved"),
    "changed": Text("变更", "changed"),
    "kept": Text("保留", "kept"),
}
"""How a feature differs from what was there, in the words of the report."""


def difference_reason(difference: DifferenceRecord) -> Text:
    """Return what a difference consists of."""
    fields = listing(difference.fields, 12)
    if difference.kind == "moved":
        moved = difference.moved_m
        return (
            Text("中心移动 {m:,.1f} 米", "its centre moved by {m:,.1f} m").format(m=moved)
            if moved
            else Text("形状有变", "its shape changed")
        )
    if difference.kind == "changed":
        return Text("字段：{f}", "fields: {f}").format(f=fields)
    if difference.kind == "kept":
        if difference.fields == ["*"]:
            return Text(
                "上次导入后在工作区改过，未按文件处理",
                "edited in the workspace since the last import; the file was not followed",
            )
        return Text(
            "上次导入后在工作区改过，未取文件中的值：{f}",
            "edited in the workspace since the last import; the file's value was not taken: {f}",
        ).format(f=fields)
    return Text("", "")


def _report(changes: Sequence[tuple[str, Change]], records: Sequence[PartRecord]) -> str:
    """Return the report as a table in both languages that a spreadsheet opens: rows of the source, then differences.

    The features of a first import are not listed one by one as added.
    """
    columns = ("文件 file", "行 row", "对象 object", "处理 action", "原因", "reason")
    rows: list[tuple[object, ...]] = [
        (s, c.ref or c.row, c.object_id, f"{ACTIONS[c.action].zh} {c.action}", c.reason.zh, c.reason.en)
        for s, c in changes
    ]
    for record in records:
        if record.added == record.total:
            continue
        for d in record.differences:
            why = difference_reason(d)
            rows.append((record.file, None, d.id, f"{DIFFERENCES[d.kind].zh} {d.kind}", why.zh, why.en))
    return report_text(columns, rows)
