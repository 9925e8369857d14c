"""``civdef import roster|households|…``: a register kept in Excel → a table of the workspace."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from civdef import registry
from civdef.errors import CivdefError, Fault, ImportRefusedError, UsageError, WorkspaceError
from civdef.intake.merge import Difference, Merged, Row, merge
from civdef.intake.raw import Change, Cleaned
from civdef.intake.registers.columns import Table, plain
from civdef.intake.registers.draft import Draft
from civdef.intake.registers.headers import Header, find_header
from civdef.intake.registers.ids import give_ids
from civdef.intake.registers.lookup import Lookup
from civdef.intake.registers.read import read_register
from civdef.intake.sheet import Sheet
from civdef.load import layer_settings
from civdef.load.cells import columns as columns_of
from civdef.load.cells import from_cells
from civdef.load.csv_file import CsvFile, parse_csv
from civdef.load.ignore import with_personal_tables
from civdef.load.imported import ImportResult, Part, save
from civdef.load.known import ids_in, lookup_of
from civdef.load.memory import memory_path, memory_text, recall
from civdef.load.sources._sheets import read_sheets
from civdef.load.tables import SETTINGS, TABLES
from civdef.load.validate import build
from civdef.load.workspace import read_named
from civdef.result import Record
from civdef.source import Origin, Place
from civdef.text import Lang, Text, listing, nearest

_NOTES = {plain(n) for n in ("填表说明", "说明", "填报说明", "Notes", "选项", "Lists")}
PERSONAL = ("roster", "households", "assistance", "duty")
"""Tables that hold personal data."""


class DifferenceRecord(Record):
    """A row of the workspace that the import changed, or would have."""

    id: str
    action: str = Field(description="added, changed, removed, kept (edited by hand) or needed (referred to)")
    fields: dict[str, tuple[str, str]] = Field(
        description="field → (before, after); of a kept row, (what stays, what the source has)"
    )


class TableImportResult(ImportResult):
    """What ``civdef import`` did with a register."""

    SCHEMA: ClassVar[str] = "civdef.import-table/1"

    sheets: list[str] = Field(description="sheets that were read")
    columns: dict[str, str] = Field(description="field → heading it was read from")
    unused_columns: list[str]
    added: int
    changed: int
    unchanged: int
    removed: int
    kept: int = Field(description="rows edited by hand that differ from the source and stay")
    differences: list[DifferenceRecord] = Field(
        description="rows changed, removed or kept; added ones are counted only"
    )


@dataclass(frozen=True)
class TableRequest:
    """What register to import and how.

    Attributes
    ----------
    sheet
        Sheet to read; None for every sheet that has the heading.
    mapping
        Field of civdef → heading of the register.
    constants
        Field of civdef → value for all rows.
    complete
        The register is complete: rows that it does not have are removed.
    force
        The register goes before what was edited by hand.
    """

    table: str
    path: Path
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    force: bool = False


def tables() -> dict[str, Table]:
    """Return every table by name."""
    return {m.TABLE.name: m.TABLE for m in registry.modules("civdef.intake.registers.tables")}


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let Python's collector of cycles rest: a register makes hundreds of thousands of objects, and none of them is a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@collector_paused()
def import_register(root: Path, request: TableRequest, lang: Lang) -> TableImportResult:
    """Import a register into the workspace at `root`.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, has no heading, or not one usable row.
    UsageError
        If a field or sheet is not known.
    WorkspaceError
        If the settings, or the table to be added to, cannot be read.
    OutputError
        If the workspace cannot be written.
    """
    table = tables()[request.table]
    check_fields(table, (*request.mapping, *request.constants))
    present, header_row = table_rows(root, table)
    own = {table.file} if table.kind not in {k for c in table.columns for k in c.refs} | {"assisted"} else ()
    workspace = read_named(root, but=own)
    if workspace is None:
        raise _no_settings(root)
    known = layer_settings.recall(root, table.name).mapping
    found, cleaned, drafts, fields = read_table(table, request, lookup_of(workspace), known)
    if not cleaned.read:
        raise ImportRefusedError(
            Text(
                "{s} 的表头下没有数据，未作改动", "{s} has no rows below its heading; nothing was changed"
            ).format(s=request.path.name)
        )
    used = ids_in(root, table.kind) if table.kind else set()
    if table.name == "households" and "estimated" not in fields:
        present = _without_estimates(root, present, drafts, cleaned)
    drafts, told = give_ids(drafts, present, table, used)
    cleaned.changes.extend(told)
    merged = _merged(root, table, request, drafts, present, fields)
    _valid(table, merged, present, drafts, cleaned)
    names = {d.row: d.values.get("id") for d in drafts}
    cleaned.changes = [replace(c, object_id=c.object_id or names.get(c.row)) for c in cleaned.changes]
    if not drafts:
        raise _nothing(request, cleaned, found)
    _tell_differences(cleaned, merged, drafts)
    return _write(root, table, request, lang, found, cleaned, merged, header_row)


def check_fields(table: Table, fields: Sequence[str]) -> None:
    """Refuse a field that the table does not have. Raises ``UsageError``."""
    for name in fields:
        if name not in table.by_field:
            near = nearest(name, table.by_field)
            known = "、".join(table.by_field), ", ".join(table.by_field)
            raise UsageError(
                Text("{t} 没有字段 {f}", "{t} has no field {f}").format(t=table.name, f=name),
                hint=Text(
                    (f"是否想写 {near}？" if near else "") + f"可用字段：{known[0]}",
                    (f"Did you mean {near}? " if near else "") + f"Fields: {known[1]}",
                ),
            )


def _chosen(sheets: list[Sheet], table: Table, wanted: str | None, name: str) -> list[Sheet]:
    """Return the sheet asked for; else the one that bears the table's name; else all but sheets of notes."""
    known = {s.source.removeprefix(f"{name}:"): s for s in sheets}
    if wanted is None:
        named = [s for n, s in known.items() if n in (table.title.zh, table.title.en, table.name)]
        return named or [s for n, s in known.items() if plain(n) not in _NOTES]
    if wanted not in known:
        near = nearest(wanted, known)
        hint = Text("已有的工作表：{k}", "Sheets: {k}").format(k=listing(known, 30))
        raise UsageError(
            Text("{f} 没有工作表 {s}", "{f} has no sheet {s}").format(f=name, s=wanted),
            hint=Text(f"是否想写 {near}？{hint.zh}", f"Did you mean {near}? {hint.en}") if near else hint,
        )
    return [known[wanted]]


def _with_headers(sheets: Sequence[Sheet], table: Table, request: TableRequest) -> list[tuple[Sheet, Header]]:
    """Return the sheets that hold the table, with their headings. Raises ``ImportRefusedError`` if there is none."""
    found = [(s, h) for s in sheets if (h := find_header(s, table, request.mapping)) is not None]
    needed = [c for c in table.columns if c.required and c.field not in request.constants]
    full = [(s, h) for s, h in found if {c.field for c in needed} <= set(h.fields)] or found
    missing = sorted({w for f, w in request.mapping.items() if not any(f in h.fields for _, h in full)})
    if full and not missing:
        best = max(len(h.fields) for _, h in full)
        return [(s, h) for s, h in full if len(h.fields) * 2 > best]
    known = [t for _, h in found for t in h.titles if t]
    if full:
        raise ImportRefusedError(
            Text("{s} 没有列 {m}", "{s} has no column {m}").format(s=request.path.name, m=listing(missing)),
            hint=Text("已有的列：{c}", "Columns: {c}").format(c=listing(known, 30)),
        )
    titles = Text("、".join(c.title.zh for c in needed), ", ".join(c.title.en for c in needed))
    raise ImportRefusedError(
        Text("{s} 中找不到{t}的表头", "No heading of the table “{t}” in {s}").format(
            s=request.path.name, t=table.title
        ),
        hint=Text(
            "表头至少要有：{n}；列名不同时用 --map 字段=列名 指明{e}。",
            "The heading needs at least {n}; name other columns with --map FIELD=COLUMN{e}.",
        ).format(
            n=titles,
            e=Text(f"，标准样表见 civdef export {table.name}", f"; civdef export {table.name} writes a form")
            if table.name in tables()
            else Text("", ""),
        ),
    )


def read_table(
    table: Table, request: TableRequest, lookup: Lookup, remembered: Mapping[str, str] | None = None
) -> tuple[list[tuple[Sheet, Header]], Cleaned, list[Draft], set[str]]:
    """Return the sheets that hold the table, what was done to their rows, the rows, and the fields that were filled.

    Parameters
    ----------
    remembered
        Field → heading as an earlier import was told; passed over where the file has other headings.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, or no sheet has the heading.
    UsageError
        If the sheet asked for is not there.
    """
    sheets = _chosen(read_sheets(request.path), table, request.sheet, request.path.name)
    found = None
    if remembered:
        with suppress(ImportRefusedError):
            found = _with_headers(sheets, table, replace(request, mapping={**remembered, **request.mapping}))
    found = found or _with_headers(sheets, table, request)
    return found, *_read(found, table, request, lookup)


def _read(
    found: Sequence[tuple[Sheet, Header]], table: Table, request: TableRequest, lookup: Lookup
) -> tuple[Cleaned, list[Draft], set[str]]:
    cleaned = Cleaned()
    drafts: list[Draft] = []
    fields: set[str] = set()
    for sheet, header in found:
        got = read_register(sheet, table, header, request.constants, lookup)
        cleaned.read += got.read
        prefix = sheet.source.partition(":")[2] if len(found) > 1 else ""
        cleaned.changes.extend(_named(c, prefix) for c in got.changes)
        drafts.extend(got.drafts)
        fields |= got.fields | {f for d in got.drafts for f in d.values}
    stored = {c.field for c in table.stored}
    for draft in drafts:
        draft.values = {f: v for f, v in draft.values.items() if f in stored}
    return cleaned, drafts, fields & stored


def _named(change: Change, sheet: str) -> Change:
    if not sheet:
        return change
    said = Text("工作表 {s}：{w}", "sheet {s}: {w}").format(s=sheet, w=change.reason)
    return replace(change, reason=said)


def table_rows(root: Path, table: Table) -> tuple[list[Row], list[str]]:
    """Return the rows and columns of the table as it stands. Raises ``WorkspaceError`` if it cannot be read."""
    path = root / table.file
    parsed = parse_csv(path.read_bytes(), table.file) if path.is_file() else CsvFile()
    known = columns_of(TABLES[table.file].noun)
    faults = list(parsed.faults) if path.is_file() and path.read_bytes().strip() else []
    for column in parsed.columns:
        if column and column not in known:
            place = Place(table.file, parsed.header_line, field=column)
            faults.append(Fault("extra-forbidden", place, Text("不认识的列", "Unknown column")))
    if faults:
        raise WorkspaceError(
            Text("{f} 有错误，未作改动", "{f} has faults; nothing was changed").format(f=table.file),
            faults,
            hint=Text("先改正再导入。", "Mend it first, then import."),
        )
    return [r.cells for r in parsed.rows], parsed.columns


def _without_estimates(
    root: Path, present: list[Row], drafts: Sequence[Draft], cleaned: Cleaned
) -> list[Row]:
    """Return the rows without estimated households of buildings that the register lists: who really lives there goes before."""
    listed = {d.values.get("building") for d in drafts}
    needed = ids_in(root, "household", but="plans/households.csv")
    kept = [
        r
        for r in present
        if r.get("estimated") != "true" or r.get("building") not in listed or r["id"] in needed
    ]
    if len(kept) < len(present):
        cleaned.told.append(
            Text(
                "登记表所列房屋原有的 {n} 户估算住户已由登记住户取代；有社区总数的，请再运行 civdef import people 使总数相符",
                "{n} estimated households in buildings of the register gave way to it; where you have totals by community, run"
                " civdef import people again so that they are met",
            ).format(n=len(present) - len(kept))
        )
    return kept


def _merged(
    root: Path,
    table: Table,
    request: TableRequest,
    drafts: Sequence[Draft],
    present: list[Row],
    fields: set[str],
) -> Merged:
    rows = [d.values for d in drafts]
    if not table.kind:
        return _loose(table, request, rows, present)
    return merge(
        rows,
        present,
        recall(root, table.file),
        source=request.path.name,
        fields=fields,
        needed=ids_in(root, table.kind, but=table.file),
        complete=request.complete,
        force=request.force,
    )


def _loose(table: Table, request: TableRequest, rows: Sequence[Row], present: Sequence[Row]) -> Merged:
    """Merge a table whose rows have no ids: whole rows are compared; days that come in replace the same days."""
    out = Merged(rows=[dict(r) for r in rows])
    fields = [c.field for c in table.stored]
    keys = {tuple(r.get(f, "") for f in fields) for r in rows}
    days = {r.get(fields[0], "") for r in rows}
    for row in present:
        key = tuple(row.get(f, "") for f in fields)
        if key in keys:
            out.unchanged += 1
        elif request.complete or row.get(fields[0], "") in days:
            out.differences.append(Difference(" ".join(key), "removed"))
        else:
            out.rows.append(dict(row))
    out.differences.extend([Difference("", "added")] * (len(rows) - out.unchanged))
    out.rows.sort(key=lambda r: tuple(r.get(f, "") for f in fields)) if out.rows[len(rows) :] else None
    return out


def _valid(
    table: Table, merged: Merged, present: Sequence[Row], drafts: list[Draft], cleaned: Cleaned
) -> None:
    """Leave out what the model refuses; a row that was there before stays as it was."""
    noun = TABLES[table.file].noun
    before = {r.get("id", ""): r for r in present if table.kind}
    row_of = {d.values["id"]: d for d in drafts} if table.kind else {}
    kept: list[dict[str, str]] = []
    refused: set[str] = set()
    for row in merged.rows:
        object_id = row.get("id", "")
        if before.get(object_id) == row:
            kept.append(row)
            continue
        faults: list[Fault] = []
        if build(
            noun, from_cells(noun, row, {}), Origin(Place(table.file)), faults, rename={"name": "name_zh"}
        ):
            kept.append(row)
            continue
        why = Text("；".join(f.message.zh for f in faults), "; ".join(f.message.en for f in faults))
        draft = row_of.get(object_id)
        cleaned.drop(draft.row if draft else 0, why)
        refused.add(object_id)
        if object_id in before:
            kept.append(dict(before[object_id]))
    merged.rows = kept
    if refused:
        merged.differences = [d for d in merged.differences if d.id not in refused]
        merged.memory = {i: m for i, m in merged.memory.items() if i not in refused}
        drafts[:] = [d for d in drafts if d.values.get("id") not in refused]


def _tell_differences(cleaned: Cleaned, merged: Merged, drafts: Sequence[Draft]) -> None:
    """Put into the report what was changed, removed or kept."""
    rows = {d.values["id"]: d.row for d in drafts if "id" in d.values}
    for difference in merged.differences:
        if difference.action == "added":
            continue
        fields = Text(
            "；".join(f"{f} {a or '空'} → {b or '空'}" for f, (a, b) in difference.fields.items()),
            "; ".join(f"{f} {a or 'empty'} -> {b or 'empty'}" for f, (a, b) in difference.fields.items()),
        )
        said = {
            "changed": Text("已更新：{f}", "Changed: {f}"),
            "kept": Text(
                "手工改过，未覆盖（加 --force 以登记表为准）：{f}",
                "Edited by hand and not overwritten (--force takes the register): {f}",
            ),
            "removed": Text("登记表中已没有，已删去", "No longer in the register: removed"),
            "needed": Text(
                "登记表中已没有，但工作区其他文件仍引用，暂予保留",
                "No longer in the register, but kept: other files of the workspace refer to it",
            ),
        }[difference.action].format(f=fields)
        cleaned.note(rows.get(difference.id, 0), difference.id, said)


def _write(
    root: Path,
    table: Table,
    request: TableRequest,
    lang: Lang,
    found: Sequence[tuple[Sheet, Header]],
    cleaned: Cleaned,
    merged: Merged,
    header_row: list[str],
) -> TableImportResult:
    every = columns_of(TABLES[table.file].noun)
    filled = {f for r in merged.rows for f, v in r.items() if v}
    columns = tuple(c for c in every if c in header_row or c in filled) if header_row else every
    cleaned.features = [(row, None) for row in merged.rows]
    more: dict[Path, bytes] = {}
    if table.kind:
        more[memory_path(root, table.file)] = memory_text(merged.memory).encode()
    more |= columns_remembered(root, table.name, request.mapping)
    if table.name in PERSONAL and (ignore := with_personal_tables(root)) is not None:
        more[root / ".gitignore"] = ignore.encode()
    part = Part(table.name, table.file, request.path.name, cleaned, columns)
    result = save(
        root, [part], target=table.name, source=request.path.name, crs=None, lang=lang, force=True, more=more
    )
    header = found[0][1]
    return TableImportResult(
        **{k: v for k, v in result if k != "schema_"},
        sheets=[s.source for s, _ in found],
        columns={f: header.titles[i] for f, i in header.fields.items()},
        unused_columns=header.unused,
        added=merged.count("added"),
        changed=merged.count("changed"),
        unchanged=merged.unchanged,
        removed=merged.count("removed"),
        kept=merged.count("kept"),
        differences=[
            DifferenceRecord(id=d.id, action=d.action, fields=dict(d.fields))
            for d in merged.differences
            if d.action != "added"
        ],
    )


def columns_remembered(root: Path, table: str, mapping: Mapping[str, str]) -> dict[Path, bytes]:
    """Return ``civdef.toml`` with what the user said of the columns of a register; nothing if that is there already.

    Raises
    ------
    UsageError
        If ``civdef.toml`` cannot be read.
    """
    known = layer_settings.recall(root, table)
    merged = {**known.mapping, **mapping}
    if merged == known.mapping:
        return {}
    settings = known.model_copy(update={"mapping": merged})
    return {root / SETTINGS: layer_settings.remembering(root, table, settings)}


def _nothing(
    request: TableRequest, cleaned: Cleaned, found: Sequence[tuple[Sheet, Header]]
) -> ImportRefusedError:
    dropped = [c for c in cleaned.changes if c.action == "dropped"]
    first = min(dropped, key=lambda c: c.row)
    return ImportRefusedError(
        Text(
            "{s} 的 {n} 行一行也不能用，未作改动；第 {r} 行：{w}",
            "None of the {n} rows of {s} can be used; nothing was changed. Row {r}: {w}",
        ).format(s=request.path.name, n=cleaned.read, r=first.row, w=first.reason),
        hint=Text(
            "用 --map 字段=列名 指明取哪一列；已有的列：{c}", "Use --map FIELD=COLUMN; there are {c}"
        ).format(c=listing([t for t in found[0][1].titles if t], 30)),
    )


def _no_settings(root: Path) -> CivdefError:
    return WorkspaceError(
        Text("civdef.toml 有错误，无法导入", "civdef.toml has faults: nothing can be imported"),
        hint=Text("先运行 civdef check。", "Run civdef check first."),
    )


__all__ = [
    "PERSONAL",
    "TableImportResult",
    "TableRequest",
    "check_fields",
    "import_register",
    "tables",
]
