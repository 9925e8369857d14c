"""``civdef evacuate wartime``: who leaves the street in which column, who takes cover nearby and in what time."""

from __future__ import annotations

from typing import Any

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.evacuations._question import posed, situation_of
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
def command(app: App, gone: str | None, lists: tuple[str, ...], **asked: Any) -> None:
    """Plan for war time."""
    from civdef.cli.evacuations._wartime import print_wartime
    from civdef.evacuate.wartime.report import wartime
    from civdef.evacuate.wartime.stages import Stage

    workspace, network, question = posed(app, asked)
    with app.progress(Text("编排战时疏散掩蔽", "Planning for war time")):
        result = wartime(workspace, network, question, gone=None if gone is None else Stage(gone))
    app.emit(result)
    if not app.json:
        print_wartime(app, workspace, result, lists)
    if not result.feasible:
        app.finish(EXIT_INFEASIBLE)
    short = any(s.late for s in result.stages) or not all(d.enough for d in result.doors)
    app.finish(EXIT_FINDINGS if short else EXIT_OK)
