"""``civdef import merge``: communities get other names and codes, or become one, throughout the workspace."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import shapely
from pydantic import Field
from shapely.geometry import mapping
from shapely.geometry import shape as to_shape

from civdef.errors import CivdefError, Fault, ImportRefusedError, UsageError, WorkspaceError
from civdef.files import write_all
from civdef.intake.merge import Memory, fingerprint
from civdef.intake.raw import Cleaned
from civdef.intake.registers.columns import Table
from civdef.intake.registers.draft import Draft
from civdef.intake.registers.lookup import Lookup
from civdef.intake.reimport.items import mark
from civdef.intake.reimport.merge import Imported
from civdef.intake.rename.lists import Comparison, Rename, compare
from civdef.intake.rename.plan import Plan, Present, plan
from civdef.intake.rename.sheets import LIST, MAP, entry_of, rename_of
from civdef.intake.rename.texts import Replaced, ids_of, rewrite
from civdef.intake.shapes import rounded
from civdef.load.csv_file import parse_csv
from civdef.load.known import texts_of
from civdef.load.lock import FOLDER, lock_file, lock_text, read_lock
from civdef.load.memory import memory_path, memory_text, recall
from civdef.load.registers import TableRequest, check_fields, read_table, tables
from civdef.load.workspace import read_workspace
from civdef.load.write_layer import raw_layer_text, report_text
from civdef.model.workspace import Workspace
from civdef.result import Record, Result
from civdef.text import Lang, Text, listing

COMMUNITIES = "maps/communities.geojson"
REPORT = "out/import-merge.csv"


class CommunityChangeRecord(Record):
    """What became of one community."""

    action: str = Field(description="renamed, or joined with a community that is there besides")
    old_id: str
    new_id: str
    old_code: str | None
    new_code: str | None
    old_name: str
    new_name: str


class PlaceRecord(Record):
    """One place of a file."""

    file: str
    line: int
    what: str = Field(description="id, code, name, shape; mention: a name in a text, left as it is")
    before: str
    after: str


class MergeResult(Result):
    """What ``civdef import merge`` did, or would do."""

    SCHEMA: ClassVar[str] = "civdef.import-merge/1"

    written: bool
    changes: list[CommunityChangeRecord]
    replaced: int = Field(description="places rewritten")
    mentions: int = Field(description="names in texts that were left as they are")
    places: list[PlaceRecord]
    elsewhere: int = Field(description="renames that concern no community of the workspace")
    dropped: int = Field(description="rows of the map or the lists that could not be used")
    undecided: list[str] = Field(
        description="communities of the workspace of which the lists do not tell what they became"
    )
    remaining: list[str] = Field(description="old ids that still stand somewhere: none")
    notes: list[str]
    report: str


@dataclass(frozen=True)
class MergeRequest:
    """What is to be renamed.

    Attributes
    ----------
    path
        Map of renames; None where lists tell.
    old, new
        Official lists, of which what changed is found out.
    as_of
        Date of the new list.
    texts
        Rewrite names in texts too.
    dry_run
        Only tell.
    """

    path: Path | None = None
    old: tuple[Path, ...] = ()
    new: tuple[Path, ...] = ()
    mapping: Mapping[str, str] | None = None
    as_of: str | None = None
    texts: bool = False
    dry_run: bool = False


def merge_communities(root: Path, request: MergeRequest, lang: Lang) -> MergeResult:
    """Rename communities throughout the workspace at `root`, all or nothing.

    What would be written is read as a workspace first: if it had a fault that the workspace does not have now, such as a
    reference that leads nowhere, nothing is written.

    Raises
    ------
    ImportRefusedError
        If a file is unusable, the renames contradict each other, or the workspace would have faults after them.
    UsageError
        If neither a map nor two lists are given.
    WorkspaceError
        If the settings or the map of communities cannot be read.
    OutputError
        If the workspace cannot be written.
    """
    workspace, faults = read_workspace(root)
    if workspace is None or not workspace.communities:
        raise WorkspaceError(
            Text(
                "读不到工作区的社区，未作改动",
                "The communities of the workspace cannot be read; nothing was changed",
            ),
            faults,
            hint=Text("先运行 civdef check。", "Run civdef check first."),
        )
    present = [
        Present(c.id, c.code or "", c.name.zh or "", c.name.en or "") for c in workspace.communities.values()
    ]
    renames, comparison, dropped = _renames(request)
    found = plan(renames, present)
    if found.problems:
        raise ImportRefusedError(
            Text(
                "对照表有矛盾，未作改动：{w}", "The renames contradict each other; nothing was changed: {w}"
            ).format(
                w=Text(
                    "".join(f"\n  {p.zh}" for p in found.problems),
                    "".join(f"\n  {p.en}" for p in found.problems),
                )
            ),
            hint=Text(
                "改正对照表，或写明编号（原编号、新编号两列）。",
                "Correct the map, or give ids (columns old id, new id).",
            ),
        )
    undecided = _undecided(comparison, present)
    files, places = _rewritten(root, found, request)
    remaining = sorted(
        {i for data in files.values() for i in ids_of(data.decode("utf-8", "replace"))}
        & set(found.ids) - set(found.ids.values())
    )
    if files:
        _prove(root, files, faults, found)
    notes = _notes(workspace, found, undecided, places, request, lang)
    report = report_text(
        ("文件 file", "行 line", "类别 what", "原为 before", "改为 after"),
        [(p.file, p.line, f"{_WHAT[p.what].zh} {p.what}", p.before, p.after) for p in places],
    )
    if not request.dry_run:
        write_all({**{root / f: d for f, d in files.items()}, root / REPORT: report.encode()})
    return MergeResult(
        inputs={f: workspace.inputs[f] for f in sorted(files) if f in workspace.inputs},
        written=bool(files) and not request.dry_run,
        changes=[
            CommunityChangeRecord(
                action="joined" if s.into else "renamed",
                old_id=s.old.id,
                new_id=s.new.id,
                old_code=s.old.code or None,
                new_code=s.new.code or None,
                old_name=s.old.name_zh or s.old.name_en,
                new_name=s.new.name_zh or s.new.name_en,
            )
            for s in found.steps
            if s.old != s.new
        ],
        replaced=sum(p.what != "mention" for p in places),
        mentions=sum(p.what == "mention" for p in places),
        places=places,
        elsewhere=found.elsewhere,
        dropped=dropped,
        undecided=[f"{p.id} {p.name_zh or p.name_en}" for p in undecided],
        remaining=remaining,
        notes=[n.in_(lang) for n in notes],
        report=REPORT,
    )


_WHAT = {
    "id": Text("编号", "id"),
    "code": Text("代码", "code"),
    "name": Text("名称", "name"),
    "shape": Text("范围", "shape"),
    "mention": Text("提及（未改）", "mention (left)"),
}
"""What is rewritten, in words."""


def _renames(request: MergeRequest) -> tuple[list[Rename], Comparison | None, int]:
    if bool(request.old) != bool(request.new) or not (request.path or request.old):
        raise UsageError(
            Text(
                "请给出对照表，或用 --from、--to 给出新旧两份名单",
                "Give a map of renames, or two lists with --from and --to",
            )
        )
    renames: list[Rename] = []
    dropped = 0
    if request.path is not None:
        drafts, lost = _rows(request.path, MAP, request.mapping or {})
        renames = [rename_of(d) for d in drafts]
        dropped += lost
    if not request.old:
        return renames, None, dropped
    lists = []
    for paths in (request.old, request.new):
        entries = []
        for path in paths:
            drafts, lost = _rows(path, LIST, {})
            entries += [entry_of(d) for d in drafts]
            dropped += lost
        lists.append(entries)
    comparison = compare(*lists)
    said = {r.old_code for r in renames if r.old_code}
    return [*renames, *(r for r in comparison.renames if r.old_code not in said)], comparison, dropped


def _rows(path: Path, table: Table, mapped: Mapping[str, str]) -> tuple[list[Draft], int]:
    check_fields(table, tuple(mapped))
    _, cleaned, drafts, _ = read_table(table, TableRequest(table.name, path, mapping=mapped), Lookup({}))
    if not drafts:
        raise _unusable(path.name, cleaned)
    return drafts, cleaned.dropped


def _unusable(name: str, cleaned: Cleaned) -> CivdefError:
    first = min((c for c in cleaned.changes if c.action == "dropped"), key=lambda c: c.row, default=None)
    why = Text("表头下没有数据", "no rows below its heading") if first is None else first.reason
    row = first.row if first is not None else 1
    return ImportRefusedError(
        Text(
            "{s} 一行也不能用，未作改动；第 {n} 行：{w}",
            "No row of {s} can be used; nothing was changed. Row {n}: {w}",
        ).format(s=name, n=row, w=why)
    )


def _undecided(comparison: Comparison | None, present: Sequence[Present]) -> list[Present]:
    if comparison is None:
        return []
    codes = {e.code for e in comparison.gone} | {e.code for e, _ in comparison.ambiguous}
    return [p for p in present if p.code in codes]


def _rewritten(root: Path, found: Plan, request: MergeRequest) -> tuple[dict[str, bytes], list[PlaceRecord]]:
    """Return the files that change, and every place in them."""
    files: dict[str, bytes] = {}
    places: list[PlaceRecord] = []
    joined = frozenset(s.new.id for s in found.steps if s.into)
    for path in _texts(root):
        file = path.relative_to(root).as_posix()
        try:
            before = path.read_bytes().decode("utf-8")
        except (OSError, ValueError):
            continue
        own = file == COMMUNITIES
        after, replaced = rewrite(
            before,
            found.ids,
            found.codes,
            {} if own else found.names,
            change_names=request.texts,
            joined=joined,
        )
        if own:
            after, more = _layer(before, after, found, request.as_of, joined)
            replaced = [*replaced, *more]
        places += [
            PlaceRecord(file=file, **vars(r)) for r in sorted(replaced, key=lambda r: (r.line, r.what))
        ]
        if after != before:
            files[file] = after.encode()
    files |= _remembered(root, found, files)
    return files, places


def _texts(root: Path) -> Iterator[Path]:
    yield from texts_of(root)
    for pattern in ("plans/**/*.md", "drills/**/*.md", "drills/records/**/*.yaml"):
        yield from sorted(p for p in root.glob(pattern) if p.is_file())


def _layer(
    before: str, text: str, found: Plan, as_of: str | None, joined: frozenset[str]
) -> tuple[str, list[Replaced]]:
    """Return the layer of communities with names, codes, dates and shapes as they will be; `text` has the new ids already."""
    data: dict[str, Any] = json.loads(text.removeprefix("\ufeff"))
    told: list[Replaced] = []
    heirs = {s.new.id: s.old.id for s in found.steps if not s.into}
    heir: dict[str, dict[str, Any]] = {}
    by_id: dict[str, list[dict[str, Any]]] = {}
    for was, feature in zip(
        json.loads(before.removeprefix("\ufeff"))["features"], data["features"], strict=True
    ):
        object_id = str(feature["properties"].get("id"))
        by_id.setdefault(object_id, []).append(feature)
        if was["properties"].get("id") == heirs.get(object_id, object_id):
            heir[object_id] = feature
    changed = False
    for step in found.steps:
        group, keep = by_id[step.new.id], heir[step.new.id]
        for field, value, what in (
            ("name_zh", step.new.name_zh, "name"),
            ("code", step.new.code, "code"),
            ("as_of", as_of, "date"),
        ):
            present = keep["properties"].get(field)
            if value and present != value:
                keep["properties"][field] = value
                changed = True
                if what == "name":
                    told.append(Replaced(_line(text, step.new.id), what, str(present or ""), value))
        if step.new.id in joined and len(group) > 1:
            shapes = [shapely.make_valid(to_shape(f["geometry"])) for f in group]
            keep["geometry"] = mapping(rounded(shapely.union_all(shapes)))
            told.append(Replaced(_line(text, step.new.id), "shape", str(len(group)), "1"))
            data["features"] = [f for f in data["features"] if f is keep or not any(f is g for g in group)]
            by_id[step.new.id] = [keep]
            changed = True
    return (raw_layer_text(data) if changed else text), told


def _line(text: str, object_id: str) -> int:
    return text.count("\n", 0, max(text.find(f'"{object_id}"'), 0)) + 1


def _remembered(root: Path, found: Plan, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is remembered of imports, so that what is rewritten here does not pass for an edit by hand."""
    out: dict[str, bytes] = {}
    marks = {mark(a): mark(b) for a, b in [*found.ids.items(), *found.codes.items(), *found.names.items()]}
    for path in sorted((root / FOLDER).glob("maps/**/*.geojson.json")):
        file = path.relative_to(root / FOLDER).as_posix().removesuffix(".json")
        known = read_lock(root, file)
        if known is None:
            continue
        moved: dict[str, Imported] = {}
        for object_id, one in known.items():
            new = Imported(one.source, {k: marks.get(m, m) for k, m in one.marks.items()})
            moved.setdefault(found.ids.get(object_id, object_id), new)
        if moved != known:
            out[lock_file(file)] = lock_text(moved).encode()
    for table in tables().values():
        memory = recall(root, table.file)
        if not memory or table.file not in files:
            continue
        before = {
            r.cells.get("id", ""): r.cells
            for r in parse_csv((root / table.file).read_bytes(), table.file).rows
        }
        after = {r.cells.get("id", ""): r.cells for r in parse_csv(files[table.file], table.file).rows}
        fresh = {
            i: Memory(fingerprint(after[i]), m.source)
            if i in before and i in after and m.fingerprint == fingerprint(before[i])
            else m
            for i, m in memory.items()
        }
        out[memory_path(root, table.file).relative_to(root).as_posix()] = memory_text(fresh).encode()
    return out


def _prove(root: Path, files: Mapping[str, bytes], faults: Sequence[Fault], found: Plan) -> None:
    """Read the workspace as it would be. Raises ``ImportRefusedError`` if it had a fault that it does not have now."""

    def sign(fault: Fault) -> tuple[str, str, str]:
        said, _ = rewrite(fault.message.zh, found.ids, found.codes, {}, change_names=False)
        return fault.code, fault.place.file, said

    known = Counter(sign(f) for f in faults)
    with tempfile.TemporaryDirectory(prefix="civdef-") as folder:
        trial = Path(folder) / "workspace"
        shutil.copytree(root, trial, ignore=shutil.ignore_patterns("out", ".git", FOLDER))
        for file, data in files.items():
            if not file.startswith(FOLDER):
                (trial / file).write_bytes(data)
        _, after = read_workspace(trial)
    fresh = []
    for fault in after:
        if known[sign(fault)] > 0:
            known[sign(fault)] -= 1
        else:
            fresh.append(fault)
    if fresh:
        raise ImportRefusedError(
            Text(
                "改名后工作区会有 {n} 处新的错误，未作改动：{w}",
                "The workspace would have {n} new faults; nothing was changed: {w}",
            ).format(
                n=len(fresh),
                w=Text(
                    "".join(f"\n  {f.line('zh')}" for f in fresh[:10]),
                    "".join(f"\n  {f.line('en')}" for f in fresh[:10]),
                ),
            )
        )


def _notes(
    workspace: Workspace,
    found: Plan,
    undecided: Sequence[Present],
    places: Sequence[PlaceRecord],
    request: MergeRequest,
    lang: Lang,
) -> list[Text]:
    notes = []
    gone = sum(s.into for s in found.steps)
    declared = workspace.settings.totals.communities
    if gone and declared is not None:
        notes.append(
            Text(
                "civdef.toml 申报社区 {d} 个，合并后为 {n} 个，请改 [totals]",
                "civdef.toml declares {d} communities, and now there are {n}: change [totals]",
            ).format(d=declared, n=len(workspace.communities) - gone)
        )
    if undecided:
        notes.append(
            Text(
                "名单看不出这些社区的去向，未作改动；请用对照表写明：{c}",
                "The lists do not tell what became of these, left as they are; say it in a map: {c}",
            ).format(c=listing([p.name_zh or p.name_en for p in undecided], 10))
        )
    english = [
        s.old.name_en for s in found.steps if s.old.name_en and s.new.name_zh != s.old.name_zh and not s.into
    ]
    if english:
        notes.append(
            Text(
                "英文名称未改，请核对：{n}", "English names are as they were, please look them over: {n}"
            ).format(n=listing(english, 10))
        )
    mentions = [p for p in places if p.what == "mention"]
    if mentions:
        files = sorted({p.file for p in mentions})
        notes.append(
            Text(
                "另有 {n} 处文字提到旧名称，未改（见报告；加 --texts 一并改）：{f}",
                "{n} more places mention an old name and were left (see the report; --texts rewrites them too): {f}",
            ).format(n=len(mentions), f=listing(files, 5))
        )
    if request.as_of is None and found.steps:
        notes.append(
            Text("未写名单日期，可加 --as-of 2023", "No date of the list was given: --as-of 2023 records it")
        )
    return notes


__all__ = ["MergeRequest", "MergeResult", "merge_communities"]
