"""``civdef evacuate``: the plan itself; its further questions are the modules of ``civdef.cli.evacuations``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from civdef import files
from civdef.cli.common import App, Option, civdef_group
from civdef.cli.evacuations._question import effort_of, effort_option, posed, question_options, step_option
from civdef.cli.usage import Location
from civdef.errors import EXIT_FINDINGS, EXIT_INFEASIBLE, EXIT_OK, UsageError
from civdef.text import Text


@civdef_group(
    Text(
        "安排疏散：每栋楼去一处有名额且适用的避难场所，给出路线、到达时间和理论最短时间；有人安排不下时说明卡在哪里。",
        "Plan an evacuation: every building to one shelter that has room and is allowed, its route and arrival, clearance"
        " beside a proven bound. If anybody is left over, says what binds.",
    ),
    package="civdef.cli.evacuations",
    alone=True,
)
@question_options
@effort_option()
@step_option
@click.option(
    "--output", "-o", "output", cls=Option, type=Location(file_okay=False), metavar="DIR",
    help=Text(
        "写出报告、分社区和分场所的任务清单（Excel）、地图图层（GeoPackage）和 JSON 的目录。",
        "Folder for the report, work lists by community and shelter (Excel), map layers (GeoPackage) and JSON.",
    ),
)  # fmt: skip
@click.option(
    "--format", "formats", cls=Option, type=click.Choice(["json", "gpkg", "xlsx", "html"]), multiple=True,
    help=Text("只写这些格式，可多次给出；默认全写。", "Only these; may be repeated. Default: all."),
)  # fmt: skip
@click.option(
    "--audience", cls=Option, type=click.Choice(["public", "team", "command"]), default="team",
    help=Text(
        "给谁看：公众（不写清单，小数不显示）、队伍（默认）、指挥部。",
        "Who it is for: public (no lists, small counts withheld), team (default), or command.",
    ),
)  # fmt: skip
def command(
    app: App,
    effort: str,
    step_s: int | None,
    output: Path | None,
    formats: tuple[str, ...],
    audience: str,
    **asked: Any,
) -> None:
    """Plan an evacuation."""
    context = click.get_current_context()
    if context.invoked_subcommand is not None:
        _refuse_options_before(context)
        return

    from civdef.cli.evacuations._answer import print_plan
    from civdef.evacuate.solve import report, solve

    workspace, network, question = posed(app, asked)
    if output is not None:
        from civdef.render.excel import check_excel

        check_excel()
        files.check_folder(output)
    with app.progress(Text("编排疏散方案", "Planning the evacuation")):
        solution = solve(workspace, network, question, step_s=step_s, effort=effort_of(workspace, effort))
        result = report(workspace, solution)
    written: list[Path] = []
    if output is not None:
        from civdef.render.audience import Audience
        from civdef.render.evacuation import FORMATS, write_evacuation

        with app.progress(Text("写出文件", "Writing the files")):
            written = write_evacuation(
                workspace,
                solution,
                result,
                output,
                audience=Audience(audience),
                lang=app.lang,
                formats=formats or FORMATS,
            )
    app.emit(result)
    if not app.json:
        print_plan(app, workspace, result)
        for path in written:
            app.say(Text("已写入 {f}", "Written: {f}").format(f=path))
    if not result.feasible:
        app.finish(EXIT_INFEASIBLE)
    app.finish(EXIT_FINDINGS if result.late_persons else EXIT_OK)


def _refuse_options_before(context: click.Context) -> None:
    """Refuse a question asked before the name of a command: it would not reach the command."""
    for parameter in context.command.params:
        name = parameter.name
        if name in context.params and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(
                Text("{o} 写在了 {c} 之前", "{o} stands before {c}").format(
                    o=parameter.opts[0], c=context.invoked_subcommand
                ),
                hint=Text(
                    "写在后面：civdef evacuate {c} {o} …", "Put it after: civdef evacuate {c} {o} …"
                ).format(o=parameter.opts[0], c=context.invoked_subcommand),
            )
