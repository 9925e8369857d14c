"""Telling what an import did: shared by every subcommand of ``civdef import``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from civdef.cli.common import App
from civdef.load.imported import ACTIONS, DIFFERENCES, ImportResult, PartRecord, difference_reason
from civdef.text import Text

_SHOWN = 20
_FEW = 8
_REASONS = 10
_ROWS = 5


def tell(app: App, result: ImportResult) -> NoReturn:
    """Print an import's result, for people or as JSON, and leave."""
    app.emit(result)
    if app.json:
        app.finish()
    if len(result.parts) > 1:
        _tell_many(app, result)
        app.finish()
    for part in result.parts:
        app.say(
            Text(
                "{s}：读入 {r} 个，写入 {w} 个，修复 {m} 个，舍去 {d} 个 → {f}",
                "{s}: {r} read, {w} written, {m} repaired, {d} dropped -> {f}",
            ).format(
                s=result.source, r=part.read, w=part.written, m=part.repaired, d=part.dropped, f=part.file
            )
        )
        _tell_differences(app, part)
    for note in result.notes:
        app.say(Text("  提示：{n}", "  note: {n}").format(n=note))
    if len(result.changes) <= _FEW:
        for change in result.changes:
            app.say(
                Text("  第 {n} 行 {a}：{w}", "  row {n} {a}: {w}").format(
                    n=change.ref or change.row, a=ACTIONS[change.action], w=change.reason
                )
            )
    else:
        _tell_reasons(app, result)
    if result.changes or any(p.differences and p.added < p.total for p in result.parts):
        app.say(Text("全部改动见 {f}", "Every change: {f}").format(f=result.report))
    app.finish()


TITLES: dict[str, Text] = {
    "communities": Text("社区", "communities"),
    "roads": Text("道路", "streets"),
    "buildings": Text("房屋", "buildings"),
    "compounds": Text("小区、院落", "compounds"),
    "gates": Text("大门", "gates"),
    "units": Text("单位", "units"),
    "posts": Text("固定点位", "fixed posts"),
    "landmarks": Text("地物", "landmarks"),
    "candidates": Text("候选避难场所", "shelter candidates"),
    "shelters": Text("避难场所", "shelters"),
    "entrances": Text("出入口", "entrances"),
}


def _tell_many(app: App, result: ImportResult) -> None:
    """Print an import that brought several layers: a table of layers, then reasons, the commonest first."""
    app.table(
        [
            Text("图层", "layer"), Text("读入", "read"), Text("写入", "written"), Text("修复", "mended"),
            Text("舍去", "left out"), Text("文件", "file"),
        ],
        [
            (TITLES.get(p.target, Text(p.target, p.target)), p.read, p.written, p.repaired, p.dropped, p.file)
            for p in result.parts
        ],
        title=Text("{s}", "{s}").format(s=result.source),
    )  # fmt: skip
    _tell_reasons(app, result)
    for part in result.parts:
        if part.differences and part.added < part.total:
            app.say(Text("{t}：", "{t}:").format(t=TITLES.get(part.target, Text(part.target, part.target))))
            _tell_differences(app, part)
    for note in result.notes:
        app.say(Text("  提示：{n}", "  note: {n}").format(n=note))
    if result.changes:
        app.say(Text("逐项改动见 {f}", "Every change: {f}").format(f=result.report))


def _tell_reasons(app: App, result: ImportResult) -> None:
    """Print what was done to rows, by reason, the commonest first, each with the first rows it befell."""
    rows: dict[tuple[str, str], list[str]] = {}
    for c in result.changes:
        rows.setdefault((c.action, c.group or c.reason), []).append(c.ref or str(c.row))
    ranked = sorted(rows.items(), key=lambda item: (-len(item[1]), item[0]))
    for (action, reason), found in ranked[:_REASONS]:
        line = Text("  {a} {n} 个：{w}", "  {n} {a}: {w}").format(a=ACTIONS[action], n=len(found), w=reason)
        app.say(line if "/" in found[0] else Text("{l}（{r}）", "{l} ({r})").format(l=line, r=_rows(found)))
    if len(ranked) > _REASONS:
        app.say(Text("  另有 {n} 种原因", "  and {n} more reasons").format(n=len(ranked) - _REASONS))


def _rows(found: Sequence[str]) -> Text:
    found = list(dict.fromkeys(found))  # one row may be mended in several places
    first, more = found[:_ROWS], len(found) - _ROWS
    return Text(
        f"第 {'、'.join(first)} 行" + ("等" if more > 0 else ""),
        f"row{'s' if len(found) > 1 else ''} {', '.join(first)}" + (f" and {more} more" if more > 0 else ""),
    )


def _tell_differences(app: App, part: PartRecord) -> None:
    """Say how a file differs from what it was; of a first import there is nothing to say."""
    if part.added == part.total or not (part.differences or part.unchanged):
        return
    app.say(
        Text(
            "  与原有内容相比：新增 {a}，移除 {r}，移位 {m}，变更 {c}，保留人工修改 {k}，未变 {u}",
            "  against what was there: {a} added, {r} removed, {m} moved, {c} changed, {k} kept as edited, {u} unchanged",
        ).format(a=part.added, r=part.removed, m=part.moved, c=part.changed, k=part.kept, u=part.unchanged)
    )
    for difference in part.differences[:_SHOWN]:
        why = difference_reason(difference)
        app.say(
            Text("    {k} {i}{w}", "    {k} {i}{w}").format(
                k=DIFFERENCES[difference.kind],
                i=difference.id,
                w=Text(f"：{why.zh}" if why.zh else "", f": {why.en}" if why.en else ""),
            )
        )
