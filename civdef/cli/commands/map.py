"""``civdef map``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.hints import no_shelters
from civdef.cli.usage import Location
from civdef.errors import EXIT_INFEASIBLE, EXIT_OK
from civdef.text import Text


@civdef_command(
    Text(
        "画图：一个网页文件，不联网即可打开，含社区、建筑、道路、避难场所、疏散去向和路线，可打印成一张 A4。",
        "Draw the map: one page that opens without network, with communities, buildings, streets, shelters, assignments"
        " and routes; prints as one A4 sheet.",
    )
)
@click.option(
    "--plan", cls=Option, metavar="PLAN",
    help=Text("画哪个预案的疏散（默认 plan/earthquake）。", "Plan whose evacuation is drawn (default plan/earthquake)."),
)  # fmt: skip
@click.option(
    "--time", cls=Option, type=click.Choice(["night", "workday", "holiday"]),
    help=Text("时段：夜间（默认）、工作日、节假日。", "Time of day: night (default), working day or holiday."),
)  # fmt: skip
@click.option(
    "--footprint", "footprints", cls=Option, metavar="HAZARD", multiple=True,
    help=Text("危险区，可多次给出；默认用预案规定的。", "Hazard area; may be repeated. Default: those the plan names."),
)  # fmt: skip
@click.option(
    "--audience", cls=Option, type=click.Choice(["public", "team", "command"]), default="command",
    help=Text(
        "给谁看：公众（无个人信息、小数不显示）、队伍、指挥部（默认，含电话）。",
        "Who it is for: public (no personal data, small counts withheld), team, or command (default, with phones).",
    ),
)  # fmt: skip
@click.option(
    "--no-routes", "no_routes", cls=Option, is_flag=True, help=Text("不画路线。", "Leave out the routes.")
)
@click.option(
    "--output", "-o", "output", cls=Option, type=Location(dir_okay=False), metavar="FILE",
    help=Text("输出文件（默认 out/map.html）。", "File to write (default out/map.html)."),
)  # fmt: skip
def command(
    app: App,
    plan: str | None,
    time: str | None,
    footprints: tuple[str, ...],
    audience: str,
    no_routes: bool,
    output: Path | None,
) -> None:
    """Draw the map."""
    workspace = app.workspace()
    from civdef.graph.roads import build_street_network
    from civdef.model.town import DayPart
    from civdef.render.audience import Audience
    from civdef.render.question import map_of

    path = output or app.root() / "out" / "map.html"
    with app.progress(Text("编排疏散并画图", "Planning the evacuation and drawing")):
        result = map_of(
            workspace,
            build_street_network(workspace),
            path=path,
            shown_as=(output or Path("out/map.html")).as_posix(),
            lang=app.lang,
            audience=Audience(audience),
            plan=plan,
            time=DayPart(time or "night"),
            footprints=footprints,
            routes=not no_routes,
        )
    app.emit(result)
    for warning in result.warnings:
        app.say(warning)
    waiting = no_shelters(workspace)
    if waiting is not None:
        app.say(waiting)
    app.say(
        Text(
            f"已写入 {result.file}（{result.size_bytes / 1e6:.1f} MB，要素 {result.features:,} 个）。用浏览器打开即可，不需要网络。",
            f"Wrote {result.file} ({result.size_bytes / 1e6:.1f} MB, {result.features:,} features). Open it in a browser; no"
            " network is needed.",
        )
    )
    asked = plan is not None or time is not None or bool(footprints)
    app.finish(EXIT_INFEASIBLE if asked and result.left_over_persons else EXIT_OK)
