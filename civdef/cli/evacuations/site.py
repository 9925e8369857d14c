"""``civdef evacuate site``: where more shelters, doors or opened gates help most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.evacuations._gains import earlier, less_walk, more_persons
from civdef.cli.evacuations._question import (
    FIRST_PLANS,
    TIMES,
    effort_of,
    effort_option,
    posed,
    question_options,
    step_option,
)
from civdef.errors import EXIT_OK
from civdef.text import Text, listing

if TYPE_CHECKING:
    from civdef.evacuate.siting.result import ModelAnswer, OptionKind, SitingGain, SitingResult
    from civdef.model.workspace import Workspace

_KINDS = {
    "candidate": Text("备选场所", "candidate"),
    "door": Text("增设出入口", "door"),
    "gate": Text("打开大门", "gate"),
}
_MODELS = {
    "p_median": Text("步行最少（p-中位）", "least walking (p-median)"),
    "mclp": Text("覆盖最多（MCLP）", "most within reach (MCLP)"),
    "lscp": Text("最少几处能覆盖全部（LSCP）", "fewest to reach all (LSCP)"),
}


@civdef_command(
    Text(
        "选址：增设几处避难场所、出入口或打开哪些大门收效最大；按多安置的人数和提前的分钟数排序，每一项都重新编排方案核实。",
        "Siting: where more shelters, doors or opened gates help most, ranked by people placed and minutes gained, each"
        " verified by a plan of its own.",
    )
)
@click.option(
    "--number", "-n", cls=Option, type=click.IntRange(1, 20), default=3,
    help=Text("最多新设几处（默认 3）。", "New sites at most (default 3)."),
)  # fmt: skip
@click.option(
    "--kind", "kinds", cls=Option, type=click.Choice(list(_KINDS)), multiple=True,
    help=Text("只看备选场所、出入口或大门；可多次给出，默认全看。", "Only candidates, doors or gates; may be repeated. Default: all."),
)  # fmt: skip
@click.option(
    "--radius", "radius_m", cls=Option, type=click.IntRange(10, 50_000), metavar="METRES",
    help=Text("步行多远算覆盖到；默认为该类避难场所的服务距离。", "Walk that counts as within reach; default: the refuge distance of the class."),
)  # fmt: skip
@click.option(
    "--width", "width_m", cls=Option, type=click.IntRange(1, 30), default=2, metavar="METRES",
    help=Text("增设的出入口多宽（默认 2）。", "Width of an added door (default 2)."),
)  # fmt: skip
@click.option(
    "--verify", cls=Option, type=click.IntRange(1, 50), default=3,
    help=Text("每类核实最有希望的几项（默认 3）。", "How many of each kind are planned anew (default 3)."),
)  # fmt: skip
@question_options
@effort_option()
@step_option
def command(
    app: App,
    number: int,
    kinds: tuple[str, ...],
    radius_m: int | None,
    width_m: int,
    verify: int,
    effort: str,
    step_s: int | None,
    **asked: Any,
) -> None:
    """Rank sites."""
    from civdef.evacuate.siting.propose import KINDS, Wanted, propose

    workspace, _, question = posed(app, asked)
    wanted = Wanted(
        number=number,
        kinds=tuple(k for k in KINDS if not kinds or k in kinds),
        radius_m=radius_m,
        door_width_m=width_m,
        verify=verify,
    )
    with app.progress(Text("逐项编排方案核实", "Planning each option"), total=1.0) as progress:
        result = propose(
            workspace, question, wanted, step_s=step_s, effort=effort_of(workspace, effort), progress=progress
        )
    app.emit(result)
    if not app.json:
        _print(app, workspace, result)
        if effort == "quick":
            app.say(FIRST_PLANS)
    app.finish(EXIT_OK)


def _print(app: App, workspace: Workspace, result: SitingResult) -> None:
    app.say(
        Text("选址：{p}，{t}", "Siting: {p}, {t}").format(
            p=workspace.name(result.plan), t=TIMES[result.time.value]
        )
    )
    app.table(
        [Text("项目", "item"), Text("现状", "as it is")],
        [
            (Text("已安置（人）", "placed"), result.base.placed_persons),
            (Text("未安置（人）", "left over"), result.base.left_over_persons),
            (
                Text(f"步行 {result.radius_m:g} 米以内（人）", f"walk within {result.radius_m:g} m"),
                result.base.reached_persons,
            ),
            (Text("全部进入（网络，分）", "all inside, network [min]"), _minutes(result.base.clearance_s)),
            (Text("平均步行（米）", "mean walk [m]"), result.base.mean_walk_m),
        ],
    )
    if result.options:
        app.table(
            [
                Text("序", "no."), Text("措施", "option"), Text("对象", "what"), *_gain_columns(),
            ],
            [
                (
                    o.rank, _KINDS[o.kind],
                    Text("{n}（{p} 个名额）", "{n} ({p:,} places)").format(n=workspace.name(o.object), p=o.places)
                    if o.places is not None
                    else workspace.name(o.object),
                    *_gains(o.gain),
                )
                for o in result.options
            ],
            title=Text("每项单独实施的收效", "What each gains by itself"),
        )  # fmt: skip
    for answer in result.models:
        app.say(_answer(workspace, answer))
    _remarks(app, result)


def _answer(workspace: Workspace, answer: ModelAnswer) -> Text:
    """Return what a model proposes and what the plan makes of it."""
    model, n = _MODELS[answer.model], len(answer.sites)
    if not n:
        return Text("{m}：不必增设。", "{m}: none needed.").format(m=model)
    said = Text("{m}：{n} 处，{s}；安置{p}，步行可及{r}", "{m}: {n}, {s}; placed: {p}, within reach: {r}").format(
        m=model, n=n, s=listing([workspace.name(s) for s in answer.sites]),
        p=more_persons(answer.gain.placed_persons), r=more_persons(answer.gain.reached_persons),
    )  # fmt: skip
    when = earlier(answer.gain.clearance_s)
    if when is not None:
        said = Text("{a}，全部进入{t}", "{a}, all inside: {t}").format(a=said, t=when)
    elif answer.figures.clearance_s is not None:
        said = Text("{a}，{t:.1f} 分钟全部进入", "{a}, all inside in {t:.1f} min").format(
            a=said, t=answer.figures.clearance_s / 60
        )
    return Text("{a}。", "{a}.").format(a=said)


def _gain_columns() -> tuple[Text, ...]:
    return (
        Text("安置", "placed"),
        Text("全部进入", "all inside"),
        Text("步行可及", "within reach"),
        Text("平均步行", "mean walk"),
    )


def _gains(gain: SitingGain) -> tuple[object, ...]:
    return (
        more_persons(gain.placed_persons),
        earlier(gain.clearance_s),
        more_persons(gain.reached_persons),
        less_walk(gain.mean_walk_m),
    )


def _remarks(app: App, result: SitingResult) -> None:
    for kind, count in result.looked_at.items():
        if count == 0:
            app.say(_NOTHING[kind])
    best = next((o for o in result.options if _helps(o.gain)), None)
    if best is not None:
        app.say(
            Text("可用 civdef evacuate {c} 查看第一项的完整方案。", "civdef evacuate {c} shows the whole plan of the first.").format(
                c=best.change
            )
        )  # fmt: skip
    elif result.options:
        app.say(
            Text(
                "核实过的各项单独实施都没有收效；卡在哪里，用 civdef evacuate why 查看。",
                "None of these gains anything by itself; civdef evacuate why says what binds.",
            )
        )
    elif result.base.left_over_persons:
        app.say(
            Text(
                "没有可比较的措施；未安置的人卡在哪里，用 civdef evacuate why 查看。",
                "There is nothing to compare; civdef evacuate why says what keeps those left over.",
            )
        )


_NOTHING: dict[OptionKind, Text] = {
    "candidate": Text(
        "没有可用的备选场所：用 civdef import osm 从地图导入，或登记到 maps/candidates.geojson。",
        "No candidate can be used: bring some in with civdef import osm, or draw them in maps/candidates.geojson.",
    ),
    "door": Text("没有在用的避难场所可增设出入口。", "No shelter is in use that could get a door."),
    "gate": Text("没有平时上锁的大门。", "No gate is normally locked."),
}


def _helps(gain: SitingGain) -> bool:
    return gain.placed_persons > 0 or (gain.clearance_s or 0) > 0 or gain.reached_persons > 0


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
