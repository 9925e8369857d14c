"""``civdef coverage``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from civdef.cli.common import App, Option, civdef_command, in_all
from civdef.cli.hints import no_shelters
from civdef.errors import EXIT_FINDINGS, EXIT_INFEASIBLE, EXIT_OK
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.coverage.result import CoverageResult
    from civdef.model.workspace import Workspace

_CLASSES = {
    "emergency": Text("紧急", "emergency"),
    "short_term": Text("短期固定", "short-term"),
    "medium_term": Text("中期固定", "medium-term"),
    "long_term": Text("长期固定", "long-term"),
    "central": Text("中心", "central"),
    "air_raid": Text("人防掩蔽", "air-raid"),
}
_SHOWN = 10
_LINES = 30


@civdef_command(
    Text(
        "算清每栋楼沿街巷走到最近避难场所有多远，哪些人不在服务范围内，名额够不够。",
        "How far every building is from its nearest shelter along the streets, who is out of reach, and places against"
        " people.",
    )
)
@click.option(
    "--hazard",
    cls=Option,
    metavar="KIND",
    help=Text(
        "只算适用于此类灾害的避难场所，如 earthquake、flood。",
        "Only shelters suited to this hazard, e.g. earthquake, flood.",
    ),
)
@click.option(
    "--class",
    "classes",
    cls=Option,
    multiple=True,
    type=click.Choice(list(_CLASSES)),
    help=Text("只算这一类避难场所，可多次给出。", "Only shelters of this class; may be repeated."),
)
@click.option(
    "--time",
    cls=Option,
    type=click.Choice(["night", "workday", "holiday"]),
    default="night",
    help=Text(
        "时段：夜间（默认）、工作日、节假日。", "Time of day: night (default), working day or holiday."
    ),
)
def command(app: App, hazard: str | None, classes: tuple[str, ...], time: str) -> None:
    """Say who is within reach of a shelter."""
    from civdef.coverage.shelters import coverage
    from civdef.graph.roads import build_street_network
    from civdef.hazards import check_kind
    from civdef.model.shelter import ShelterClass
    from civdef.model.town import DayPart

    if hazard is not None:
        check_kind(hazard)
    workspace = app.workspace()
    with app.progress(Text("计算步行距离", "Working out walking distances")):
        network = build_street_network(workspace)
        result = coverage(
            workspace,
            network,
            time=DayPart(time),
            hazard=hazard,
            classes=[ShelterClass(c) for c in classes],
        )
    app.emit(result)
    if not app.json:
        _print(app, workspace, result)
    total = result.shelters
    if total.persons and not total.shelters:
        app.finish(EXIT_INFEASIBLE)
    chosen = result.hazard is not None or bool(classes)
    app.finish(EXIT_FINDINGS if total.uncovered_persons or (chosen and total.short_of_places) else EXIT_OK)


def _print(app: App, workspace: Workspace, result: CoverageResult) -> None:
    total = result.shelters
    app.table(
        [
            Text("类别", "class"), Text("服务距离（米）", "reach [m]"), Text("处", "shelters"),
            Text("名额", "places"), Text("范围内（人）", "within reach"), Text("范围外（人）", "out of reach"),
            Text("中位步行（米）", "median walk [m]"), Text("95% 步行（米）", "95% walk [m]"),
        ],
        [
            (
                _CLASSES[c.shelter_class.value], c.refuge_distance_m, c.shelters, c.places,
                c.covered_persons, c.uncovered_persons, c.median_walk_m, c.p95_walk_m,
            )
            for c in result.classes
        ],
        title=Text("避难场所", "Shelters"),
    )  # fmt: skip
    worst = result.communities
    title = Text("社区", "Communities")
    if len(worst) > _LINES:
        worst = tuple(sorted(worst, key=lambda c: (-c.uncovered_persons, c.community)))
        title = Text(
            f"社区共 {len(worst)} 个，列出范围外人数最多的 {_LINES} 个",
            f"{len(worst)} communities, the {_LINES} with most persons out of reach",
        )
    app.table(
        [
            Text("社区", "community"), Text("人数", "persons"), Text("本社区名额", "places here"),
            Text("范围外（人）", "out of reach"), Text("中位步行（米）", "median walk [m]"),
            Text("95% 步行（米）", "95% walk [m]"),
        ],
        [
            (workspace.name(c.community), c.persons, c.places, c.uncovered_persons, c.median_walk_m, c.p95_walk_m)
            for c in worst[:_LINES]
        ],
        title=title,
    )  # fmt: skip
    missed = result.uncovered()
    if missed:
        app.table(
            [Text("楼栋", "building"), Text("社区", "community"), Text("人数", "persons"),
             Text("最近的避难场所", "nearest shelter"), Text("步行（米）", "walk [m]")],
            [
                (
                    workspace.name(b.building), workspace.name(b.community), b.persons,
                    workspace.name(b.shelter) if b.shelter else Text("走不到", "none in reach"), b.walk_m,
                )
                for b in missed[:_SHOWN]
            ],
            title=Text("范围外的楼栋（{n}）", "Buildings out of reach ({n})").format(n=in_all(len(missed), _SHOWN, "栋")),
        )  # fmt: skip
    waiting = no_shelters(workspace)
    for line in (
        [waiting]
        if waiting and total.persons
        else _verdict(
            total.persons,
            total.shelters,
            result,
            chosen=result.hazard is not None or len(result.classes) == 1,
        )
    ):
        app.say(line)


def _verdict(persons: int, shelters: int, result: CoverageResult, *, chosen: bool) -> list[Text]:
    total = result.shelters
    if not persons:
        return [Text("这一时段没有人需要避难场所。", "Nobody needs a shelter at this time.")]
    if not shelters:
        return [
            Text(
                "没有一处符合条件的避难场所，无法计算服务范围：请在 maps/shelters.geojson 中登记，或放宽 --hazard、--class。",
                "No shelter meets the conditions, so nobody is in reach: register some in maps/shelters.geojson, or relax"
                " --hazard or --class.",
            )
        ]
    lines = []
    if total.uncovered_persons:
        lines.append(
            Text(
                f"{persons:,} 人中有 {total.uncovered_persons:,} 人不在服务范围内"
                f"（走得到但太远 {total.too_far_persons:,} 人，走不到 {total.cut_off_persons:,} 人）。",
                f"{total.uncovered_persons:,} of {persons:,} persons are out of reach"
                f" ({total.too_far_persons:,} too far, {total.cut_off_persons:,} with no way at all).",
            )
        )
    elif chosen:
        lines.append(
            Text(
                f"{persons:,} 人全部在服务范围内。", f"All {persons:,} persons are within reach of a shelter."
            )
        )
    else:
        lines.append(
            Text(
                f"{persons:,} 人都至少在一类避难场所的服务距离内；各类分别能覆盖多少人，见上表。",
                f"Each of {persons:,} persons is within reach of a shelter of some class; the table above says of which.",
            )
        )
    if not chosen:
        lines.append(
            Text(
                "不同灾害可用的场所不同，名额不能相加：用 --hazard 指定灾种再看，如 civdef coverage --hazard earthquake。",
                "Shelters differ by hazard, so their places do not add up: name one, e.g. civdef coverage --hazard earthquake.",
            )
        )
    elif total.short_of_places:
        lines.append(
            Text(
                f"名额 {total.places:,} 个，还缺 {total.short_of_places:,} 个。",
                f"{total.places:,} places: {total.short_of_places:,} short.",
            )
        )
    else:
        lines.append(
            Text(
                f"名额 {total.places:,} 个，总数够用；每栋楼去哪一处，用 civdef evacuate 安排。",
                f"{total.places:,} places, enough in all; civdef evacuate says who goes where.",
            )
        )
    if result.locked_gates:
        lines.append(
            Text(
                f"平时上锁的 {len(result.locked_gates)} 处大门按不通计算。",
                f"{len(result.locked_gates)} gates that are normally locked count as closed.",
            )
        )
    return lines
