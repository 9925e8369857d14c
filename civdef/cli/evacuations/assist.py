"""``civdef evacuate assist``: who fetches those who cannot walk alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from civdef import files
from civdef.cli.common import App, Option, civdef_command
from civdef.cli.evacuations._question import posed, situation_options
from civdef.cli.usage import Location
from civdef.errors import EXIT_FINDINGS, EXIT_INFEASIBLE, EXIT_OK
from civdef.text import Text


@civdef_command(
    Text(
        "安排转移行动不便的人员：每人两名帮扶人、上车点、车次和无障碍名额；落实不了的逐人说明原因和解决办法。",
        "Fetch people who cannot walk alone: two helpers, a pick-up point, a vehicle trip and a barrier-free place for each;"
        " whoever cannot be served is named, with the reason and what would fix it.",
    )
)
@situation_options
@click.option(
    "--absent",
    cls=Option,
    metavar="PERSON",
    multiple=True,
    help=Text(
        "假设此人不在岗，不能帮扶也不能开车，可多次给出。",
        "What if this person is absent: neither helps nor drives; may be repeated.",
    ),
)
@click.option(
    "--list", "lists", cls=Option, type=click.Choice(["vehicles", "communities"]), multiple=True,
    help=Text("打印每辆车或每个社区的任务单。", "Print the work list of each vehicle or community."),
)  # fmt: skip
@click.option(
    "--output", "-o", "output", cls=Option, type=Location(file_okay=False), metavar="DIR",
    help=Text(
        "写出分车辆、分社区的任务单（Excel、网页）和 JSON 的目录。",
        "Folder for the work lists by vehicle and community (Excel, page) and JSON.",
    ),
)  # fmt: skip
@click.option(
    "--audience", cls=Option, type=click.Choice(["team", "command"]), default="team",
    help=Text("给谁看：队伍（默认）或指挥部；名单不对公众。", "Who it is for: team (default) or command; never the public."),
)  # fmt: skip
def command(
    app: App,
    absent: tuple[str, ...],
    lists: tuple[str, ...],
    output: Path | None,
    audience: str,
    **asked: Any,
) -> None:
    """Fetch people who cannot walk alone."""
    from civdef.cli.evacuations._assistance import print_assistance, print_lists
    from civdef.evacuate.assist.report import assist
    from civdef.evacuate.question import resolve

    workspace, network, question = posed(app, asked)
    if output is not None:
        from civdef.render.excel import check_excel

        if workspace.assisted:
            check_excel()
        files.check_folder(output)
    away = {resolve("person", p, workspace.people, Text("人员", "person")) for p in absent}
    with app.progress(Text("安排帮扶人和车次", "Planning helpers and trips")):
        result = assist(workspace, network, question, absent=away)
    written: list[Path] = []
    if output is not None:
        from civdef.render.audience import Audience
        from civdef.render.evacuation.assistance import write_assistance

        written = write_assistance(workspace, result, output, audience=Audience(audience), lang=app.lang)
    app.emit(result)
    if not app.json:
        print_assistance(app, workspace, result)
        print_lists(app, workspace, result, lists)
        for path in written:
            app.say(Text("已写入 {f}", "Written: {f}").format(f=path))
    if not result.feasible:
        app.finish(EXIT_INFEASIBLE)
    app.finish(EXIT_FINDINGS if result.late_persons else EXIT_OK)
