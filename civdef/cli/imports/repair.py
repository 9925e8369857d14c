"""``civdef import repair``."""

from __future__ import annotations

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import EXIT_FINDINGS, EXIT_OK
from civdef.text import Text

_SHOWN = 20


@civdef_command(
    Text(
        "修整工作区的路网：补路口节点、接上断头、去掉重复，逐处报告；加 --write 才写入。",
        "Mend the streets of the workspace: nodes at crossings, ends that nearly meet, duplicates; each place is"
        " told. Nothing is written without --write.",
    ),
    name="repair",
)
@click.option("--write", cls=Option, is_flag=True, help=Text("写入修整后的路网。", "Write the mended streets."))  # fmt: skip
@click.option(
    "--near-miss",
    "near_miss_m",
    cls=Option,
    type=click.FloatRange(0, 20),
    metavar="METRES",
    help=Text(
        "端点距另一条路不超过此距离时接上；默认取设置 streets.near_miss_m。",
        "An end this near another street is joined to it; by default the setting streets.near_miss_m.",
    ),
)
@click.option(
    "--island-gap",
    "island_gap_m",
    cls=Option,
    type=click.FloatRange(0, 50),
    metavar="METRES",
    help=Text(
        "孤立路段的缺口不超过此距离时接上；默认取设置 streets.island_gap_m。",
        "A part that hangs apart is joined across a gap up to this; by default the setting streets.island_gap_m.",
    ),
)
def command(app: App, write: bool, near_miss_m: float | None, island_gap_m: float | None) -> None:
    """Mend the streets."""
    from civdef.intake.repair import RULES
    from civdef.load.imported import ACTIONS
    from civdef.load.street_repair import repair_workspace

    root = app.root()
    with app.progress(Text("修整路网", "Mending the streets")):
        result = repair_workspace(
            root, app.lang, write=write, near_miss_m=near_miss_m, island_gap_m=island_gap_m
        )
    app.emit(result)
    code = EXIT_FINDINGS if result.to_do and not result.written else EXIT_OK
    if app.json:
        app.finish(code)
    if result.rules:
        app.table(
            [Text("规则", "rule"), Text("处", "places")], [(RULES[r], n) for r, n in result.rules.items()]
        )
    app.table(
        [Text("路网（步行）", "streets, on foot"), Text("修整前", "before"), Text("修整后", "after")],
        [
            (Text("互不连通的部分", "parts"), result.before.components, result.after.components),
            (
                Text("最大部分占总长", "largest part, share of length"),
                f"{result.before.largest_share:.1%}",
                f"{result.after.largest_share:.1%}",
            ),
            (Text("断头", "loose ends"), result.before.dangling, result.after.dangling),
            (
                Text("总长（千米）", "length [km]"),
                f"{result.before.length_m / 1000:.1f}",
                f"{result.after.length_m / 1000:.1f}",
            ),
        ],
    )
    for change in result.changes[:_SHOWN]:
        app.say(
            f"  {result.file}:{change.line} {change.road} {ACTIONS[change.action].in_(app.lang)}：{change.reason}"
            if app.lang == "zh"
            else f"  {result.file}:{change.line} {change.road} {change.action}: {change.reason}"
        )
    if result.changes:
        app.say(Text("逐处明细见 {f}", "Every place: {f}").format(f=result.report))
    app.say(_verdict(result.to_do, result.written))
    app.finish(code)


def _verdict(to_do: int, written: bool) -> Text:
    if written:
        return Text(f"已修整 {to_do} 处并写入。", f"{to_do} places mended and written.")
    if to_do:
        return Text(
            f"有 {to_do} 处可修整，尚未写入：核对后加 --write 再运行一次。",
            f"{to_do} places can be mended; nothing is written yet: look them over, then run it again with --write.",
        )
    return Text("路网无需修整。", "The streets need no mending.")
