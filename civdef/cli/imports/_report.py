"""Telling what an import did: shared by every subcommand of ``civdef import``."""

from __future__ import annotations

from typing import NoReturn

from civdef.cli.common import App
from civdef.load.imported import ACTIONS, ImportResult
from civdef.text import Text

_SHOWN = 20


def tell(app: App, result: ImportResult) -> NoReturn:
    """Print an import's result, for people or as JSON, and leave."""
    app.emit(result)
    if app.json:
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
    for change in result.changes[:_SHOWN]:
        app.say(
            Text("  第 {n} 行 {a}：{w}", "  row {n} {a}: {w}").format(
                n=change.row, a=ACTIONS[change.action], w=change.reason
            )
        )
    if result.changes:
        app.say(Text("全部改动见 {f}", "Every change: {f}").format(f=result.report))
    app.finish()
