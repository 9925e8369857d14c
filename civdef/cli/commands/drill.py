"""``civdef drill``: list the scenarios, run one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from civdef import files
from civdef.cli.common import App, Option, civdef_command, civdef_group
from civdef.errors import EXIT_FINDINGS, EXIT_OK, UsageError
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.result import DrillResult


@civdef_group(
    Text(
        "演练：让预案按条款运行一遍，检验叫应、集结、疏散，指出最先落空的条款。",
        "Drills: run a plan clause by clause – calls, musters, people walking – and name the first clause that fails.",
    )
)
def command(_app: App) -> None:
    """Drills."""


@civdef_command(Text("列出演练方案。", "List the scenarios."), name="list")
def list_(app: App) -> None:
    """List the scenarios."""
    from civdef.drill.catalogue import drill_list

    found = drill_list(app.workspace())
    app.emit(found)
    if not app.json:
        app.table(
            [
                Text("名称", "name"),
                Text("演练", "drill"),
                Text("预案", "plan"),
                Text("级别", "level"),
                Text("开始", "start"),
                Text("目标数", "objectives"),
            ],
            [
                (
                    d.id.partition("/")[2],
                    d.title.in_(app.lang),
                    d.plan_name.in_(app.lang),
                    d.level,
                    d.start[:16].replace("T", " "),
                    d.objectives,
                )
                for d in found.drills
            ],
        )
        app.say(
            Text("运行：civdef drill run 名称", "Run one with: civdef drill run NAME")
            if found.drills
            else Text(
                "工作区没有演练方案；写法见 docs/drill.md。",
                "The workspace has no scenarios; see docs/drill.md.",
            )
        )
    app.finish(EXIT_OK)


@civdef_command(
    Text(
        "运行一次演练，写出记录和总结报告。有目标未达到时退出码为 1。",
        "Run a drill and write its journal and report. Leaves with 1 if an objective is missed.",
    ),
    name="run",
)
@click.option(
    "--journal", cls=Option, metavar="FILE",
    help=Text("另将记录写到该文件（JSON 行）；- 表示标准输出。", "Write the journal (JSON lines) there as well; - for stdout."),
)  # fmt: skip
@click.option(
    "-o", "--output", cls=Option, metavar="DIR",
    help=Text("输出目录，默认 out/drills/名称。", "Folder for the files; default out/drills/NAME."),
)  # fmt: skip
@click.option(
    "--evacuation",
    cls=Option,
    metavar="FILE",
    help=Text(
        "让居民按这份已编制的疏散方案行走（civdef evacuate -o 写出的目录，或其中的 result.json）；数据已变或问题不同的一律拒用。默认由演练自行编排。",
        "Let people follow this evacuation plan (the folder civdef evacuate -o wrote, or its result.json); one that is out of date or answers another"
        " question is refused. Default: the drill makes its own.",
    ),
)
@click.option(
    "--seed", cls=Option, type=click.IntRange(min=0, max=2**63 - 1),
    help=Text("随机种子，默认用方案中的。", "Seed of the random numbers; default: the scenario's."),
)  # fmt: skip
@click.argument("name")
def run_(
    app: App, name: str, seed: int | None, output: str | None, journal: str | None, evacuation: str | None
) -> None:
    """Run a drill."""
    from civdef.cli.evacuations._kept import kept_plan
    from civdef.drill.journal import json_lines
    from civdef.drill.prepare import find_drill, prepare
    from civdef.drill.run import run
    from civdef.render.drill_report import write_drill

    if journal == "-" and app.json:
        raise UsageError(
            Text("--json 与 --journal - 不能同时用", "--json and --journal - both want stdout"),
            hint=Text("给 --journal 一个文件名。", "Give --journal the name of a file."),
        )
    workspace = app.workspace()
    drill = find_drill(workspace, name)
    kept = kept_plan(Path(evacuation)) if evacuation else None
    folder = Path(output) if output else app.root() / "out" / "drills" / drill.id.partition("/")[2]
    files.check_folder(folder)
    if journal is not None and journal != "-":
        files.check_folder(Path(journal).parent)
    with app.progress(
        Text("准备：路网、疏散方案、预案任务", "Preparing: streets, evacuation plan, tasks of the plan")
    ):
        prepared = prepare(workspace, drill, kept=kept)
    with app.progress(Text("演练进行中", "Running the drill")):
        result = run(prepared, seed)
    with app.progress(Text("写出报告", "Writing the report")):
        write_drill(result, folder, journal_lang=app.lang)
        if journal is not None and journal != "-":
            files.write_text(Path(journal), json_lines(result.journal, app.lang))
    app.emit(result)
    if journal == "-":
        click.echo(json_lines(result.journal, app.lang), nl=False)
    elif not app.json:
        _summary(app, result, folder)
    app.finish(EXIT_OK if result.met else EXIT_FINDINGS)


def _summary(app: App, result: DrillResult, folder: Path) -> None:
    from civdef.drill.evaluate import GRADES, MEANING
    from civdef.drill.report import measured
    from civdef.render.drill_report import bound, clock

    lang = app.lang
    app.say(f"\n{'【演习】' if lang == 'zh' else 'EXERCISE – '}{result.name.in_(lang)}")
    for line in result.report.overview:
        app.say("  " + line.in_(lang))
    app.table(
        [Text("时间", "time"), Text("历时", "after"), Text("关键时刻", "key moment")],
        [(m.time[11:16], clock(m.t_s), m.message.in_(lang)) for m in result.report.moments],
    )
    app.table(
        [
            Text("目标", "objective"),
            Text("条款", "clause"),
            Text("目标值", "target"),
            Text("实测", "measured"),
            Text("评定", "rating"),
        ],
        [
            (
                o.name.in_(lang),
                o.clause or "-",
                bound(o, o.target).in_(lang),
                measured(o).in_(lang),
                f"{o.rating} {MEANING[o.rating].in_(lang)}",
            )
            for o in result.objectives
        ],
    )
    app.say(Text("总体评定：{g}", "Overall grade: {g}").format(g=GRADES[result.grade]))
    first = result.first_failure
    if first is not None:
        where = f"{first.file}:{first.line}" if first.file and first.line else first.file or first.plan
        clause = Text(f"第 {first.clause} 条，", f"clause {first.clause}, ") if first.clause else Text("", "")
        app.say(
            Text("最先落空：{c}{w} —— {m}", "First to fail: {c}{w} – {m}").format(
                c=clause, w=where, m=first.message
            )
        )
    shown = _shown(app, folder)
    app.say(Text("报告：{f}", "Report: {f}").format(f=shown / f"report.{lang}.html"))
    app.say(
        Text("记录与数据：{j}、{r}", "Journal and data: {j}, {r}").format(
            j=shown / "journal.jsonl", r=shown / "result.json"
        )
    )


def _shown(app: App, folder: Path) -> Path:
    """Return a folder as a person would name it: relative where it lies below the current folder."""
    try:
        return folder.resolve().relative_to(Path.cwd())
    except (ValueError, OSError):
        return folder


command.add_command(list_)
command.add_command(run_)
