"""``civdef evacuate wartime``: who leaves the street in which column, who takes cover nearby and in what time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from civdef import files
from civdef.cli.common import App, Option, civdef_command
from civdef.cli.evacuations._question import posed, situation_of
from civdef.cli.usage import Location
from civdef.errors import EXIT_FINDINGS, EXIT_INFEASIBLE, EXIT_OK
from civdef.text import Text


@civdef_command(
    Text(
        "战时疏散掩蔽：早期、临战疏散的人员、集合点、车队和接收地；警报响起后就近掩蔽，出入口是否够用，哪些楼栋来不及。",
        "War time: who leaves early or in the imminent stage, from which assembly point, in which column, where to; cover nearby"
        " on the siren, whether its doors suffice, and which buildings are too late.",
    )
)
@situation_of("plan/civil-protection")
@click.option(
    "--gone",
    cls=Option,
    type=click.Choice(["early", "imminent"]),
    help=Text(
        "警报响起时，这一期的疏散已经完成；不写：无人离开（最不利）。",
        "The siren sounds when this stage is over. Default: before anybody has left, the worst case.",
    ),
)
@click.option(
    "--list", "lists", cls=Option, type=click.Choice(["marches", "doors", "buildings"]), multiple=True,
    help=Text(
        "列出全部车队行程、全部出入口或全部来不及的楼栋。",
        "Print all marches, all doors, or all buildings that are too late.",
    ),
)  # fmt: skip
@click.option(
    "--output", "-o", "output", cls=Option, type=Location(file_okay=False), metavar="DIR",
    help=Text(
        "写出分集合点、分车队、分掩蔽工程的任务单（Excel、网页）和 JSON 的目录。",
        "Folder for the work lists by assembly point, column and shelter (Excel, page) and JSON.",
    ),
)  # fmt: skip
@click.option(
    "--audience", cls=Option, type=click.Choice(["team", "command"]), default="team",
    help=Text(
        "给谁看：队伍（默认）或指挥部（另有综合页）；任务单不对公众。",
        "Who it is for: team (default) or command, which also gets a page of the whole; never the public.",
    ),
)  # fmt: skip
def command(
    app: App,
    gone: str | None,
    lists: tuple[str, ...],
    output: Path | None,
    audience: str,
    **asked: Any,
) -> None:
    """Plan for war time."""
    from civdef.cli.evacuations._wartime import print_wartime
    from civdef.evacuate.wartime.report import wartime
    from civdef.evacuate.wartime.stages import Stage

    workspace, network, question = posed(app, asked)
    if output is not None:
        from civdef.render.excel import check_excel

        check_excel()
        files.check_folder(output)
    with app.progress(Text("编排战时疏散掩蔽", "Planning for war time")):
        result = wartime(workspace, network, question, gone=None if gone is None else Stage(gone))
    written: list[Path] = []
    if output is not None:
        from civdef.render.audience import Audience
        from civdef.render.evacuation.wartime import write_wartime

        with app.progress(Text("写出文件", "Writing the files")):
            written = write_wartime(workspace, result, output, audience=Audience(audience), lang=app.lang)
    app.emit(result)
    if not app.json:
        print_wartime(app, workspace, result, lists)
        for path in written:
            app.say(Text("已写入 {f}", "Written: {f}").format(f=path))
    if not result.feasible:
        app.finish(EXIT_INFEASIBLE)
    short = any(s.late for s in result.stages) or not all(d.enough for d in result.doors)
    app.finish(EXIT_FINDINGS if short else EXIT_OK)
