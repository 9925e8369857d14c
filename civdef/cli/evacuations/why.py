"""``civdef evacuate why``: what sets the time, what would help, and why each building goes where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.evacuations._question import effort_of, effort_option, question_options, step_option, town
from civdef.errors import EXIT_INFEASIBLE, EXIT_OK
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.why import WhyResult


@civdef_command(
    Text(
        "说明方案为什么这样安排：时间卡在哪里、改哪一处能提前多少、每栋楼为什么去那一处避难场所。",
        "Why a plan is as it is: what sets the time, what would help and by how much, why a building goes where it goes.",
    )
)
@click.argument("buildings", nargs=-1, metavar="[BUILDING ...]")
@click.option(
    "--all", "everybody", cls=Option, is_flag=True,
    help=Text("说明每一栋楼。", "Explain every building."),
)  # fmt: skip
@click.option(
    "--relief", cls=Option, type=click.IntRange(0, 50), metavar="N",
    help=Text(
        "试算放宽各处，并为最有效的 N 项重新编排方案核实；默认 3，只问楼栋时不试。",
        "Try to widen each part, and plan the best N anew; default 3, none where buildings are asked for.",
    ),
)  # fmt: skip
@question_options
@effort_option()
@step_option
def command(
    app: App,
    buildings: tuple[str, ...],
    everybody: bool,
    relief: int | None,
    effort: str,
    step_s: int | None,
    **asked: Any,
) -> None:
    """Explain a plan."""
    from civdef.cli.evacuations._why import print_why
    from civdef.evacuate.why import explain

    workspace, wanted = town(app, asked)
    verify = relief if relief is not None else 0 if buildings or everybody else 3
    with app.progress(Text("编排并追问方案", "Planning and asking why"), total=1.0) as progress:
        result: WhyResult = explain(
            workspace,
            wanted,
            buildings=None if everybody else buildings,
            verify=verify,
            step_s=step_s,
            effort=effort_of(workspace, effort),
            progress=progress,
        )
    app.emit(result)
    if not app.json:
        print_why(app, workspace, result, buildings)
    app.finish(EXIT_INFEASIBLE if result.left_over_persons else EXIT_OK)
