"""The options that ask an evacuation question, shared by ``civdef evacuate`` and its commands."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, cast

import click

from civdef.cli.common import App, Option
from civdef.errors import UsageError
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.changes import Changes
    from civdef.evacuate.question import Question
    from civdef.evacuate.search.improve import Effort
    from civdef.graph.roads import StreetNetwork
    from civdef.model.plan import OneWayStreet
    from civdef.model.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])
V = TypeVar("V")

TIMES = {
    "night": Text("夜间", "night"),
    "workday": Text("工作日", "working day"),
    "holiday": Text("节假日", "holiday"),
}


OBJECTIVES = {
    "clearance": Text("全部进入最早", "earliest clearance"),
    "walking": Text("总步行最少", "least walking in all"),
    "longest-walk": Text("最远的一家走得最近", "shortest longest walk"),
    "deadline": Text("晚于期限的人最少", "fewest after their deadline"),
    "fairness": Text("走得最远的社区平均走得最近", "shortest mean walk of the worst-off community"),
}


class Posed(NamedTuple):
    """A question and the town it is asked of, changed as asked."""

    workspace: Workspace
    network: StreetNetwork
    question: Question


def question_options(function: F) -> F:
    """Add the options of a question; the function gets them as keywords, for :func:`question`."""
    return situation_options(_BY(_OBJECTIVE(_FETCH(function))))


def situation_options(function: F) -> F:
    """Add the same options without what the walking plan is to make smallest."""
    return situation_of("plan/earthquake")(function)


def situation_of(plan: str) -> Callable[[F], F]:
    """Add those options with another plan as the default."""

    def add(function: F) -> F:
        for option in reversed((_plan(plan), *_OPTIONS)):
            function = option(function)
        return function

    return add


def question(asked: Mapping[str, Any]) -> Question:
    """Return the question that the options ask.

    Raises
    ------
    UsageError
        For a one-way street without a direction.
    """
    from civdef.evacuate.objectives import Objective
    from civdef.evacuate.question import Question
    from civdef.model.town import DayPart

    return Question(
        plan=asked["plan"],
        time=DayPart(asked["time"]),
        footprints=tuple(asked["footprints"]) or None,
        closed_roads=tuple(asked["closed"]),
        without_shelters=tuple(asked["without"]),
        scope=asked["scope"],
        one_way=(
            *(_street("--one-way", s, whole_width=False) for s in asked["one_way"]),
            *(_street("--contraflow", s, whole_width=True) for s in asked["contraflow"]),
        ),
        objective=Objective(asked.get("objective", Objective.CLEARANCE)),
        by=asked.get("by", "building"),
    )


def posed(app: App, asked: Mapping[str, Any]) -> Posed:
    """Read the workspace, make the changes asked for and build the streets.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.changes.changed`, and for malformed values.
    """
    from civdef.graph.roads import build_street_network

    workspace, wanted = town(app, asked)
    return Posed(workspace, build_street_network(workspace), wanted)


def town(app: App, asked: Mapping[str, Any]) -> tuple[Workspace, Question]:
    """Read the workspace and make the changes asked for; with ``--fetch``, plan whom others bring in. Raises as :func:`posed`."""
    from civdef.evacuate.changes import changed, classes_of

    wanted, changes = question(asked), changes_of(asked)
    workspace = app.workspace()
    changes = dataclasses.replace(changes, classes=classes_of(workspace, wanted.plan))
    workspace = changed(workspace, changes)
    if asked.get("fetch"):
        from civdef.evacuate.assist.report import assist, brought
        from civdef.graph.roads import build_street_network

        with app.progress(Text("安排帮扶人和车次", "Planning helpers and trips")):
            helped = assist(workspace, build_street_network(workspace), wanted)
        wanted = dataclasses.replace(wanted, fetched=brought(helped))
    return workspace, wanted


def effort_of(workspace: Workspace, effort: str) -> Effort:
    """Return how hard to search, for an option's value."""
    from civdef.evacuate.search.improve import Effort

    return Effort.of(workspace.settings.evacuation, EFFORTS[effort])


def changes_of(asked: Mapping[str, Any]) -> Changes:
    """Return the changes to the town that the options ask. Raises ``UsageError`` for malformed values."""
    from civdef.evacuate.changes import Changes

    return Changes(
        opened=tuple(asked["opened"]),
        doors=tuple(_pair("--door", p, _width, Text("宽度（米，0.5 到 30）", "a width in metres, 0.5 to 30")) for p in asked["doors"]),
        places=tuple(_pair("--places", p, _count, Text("名额（整数）", "a whole number of places")) for p in asked["places"]),
    )  # fmt: skip


def _pair(option: str, value: str, read: Callable[[str], V | None], what: Text) -> tuple[str, V]:
    """Split ``shelter/x=2.5``."""
    name, _, number = value.rpartition("=")
    found = read(number)
    if not name or found is None:
        raise UsageError(
            Text("{o} {v}：应写成“避难场所={w}”", "{o} {v}: write SHELTER=N, N being {w}").format(o=option, v=value, w=what),
            hint=Text("例如 {o} shelter/no1-primary={e}", "For example {o} shelter/no1-primary={e}").format(
                o=option, e="2.5" if option == "--door" else "800"
            ),
        )  # fmt: skip
    return name, found


def _width(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.5 <= value <= 30 else None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None


def _street(option: str, value: str, *, whole_width: bool) -> OneWayStreet:
    from civdef.model.plan import OneWayStreet

    road, _, direction = value.rpartition(":")
    if not road or direction not in ("forward", "backward"):
        raise UsageError(
            Text("{o} {v}：没有写明方向", "{o} {v}: no direction is given").format(o=option, v=value),
            hint=Text(
                "写成 {o} 道路:forward（沿地图上画线的方向）或 道路:backward（反向）。",
                "Write {o} ROAD:forward (along the line as drawn) or ROAD:backward (against it).",
            ).format(o=option),
        )
    return OneWayStreet(
        road=road, direction=cast(Literal["forward", "backward"], direction), whole_width=whole_width
    )


step_option = click.option(
    "--step", "step_s", cls=Option, type=click.IntRange(1, 600), metavar="SECONDS",
    help=Text("时间步长（秒），默认见设置。", "Time step [s]; default: the setting."),
)  # fmt: skip

EFFORTS = {"quick": 0.0, "normal": 1.0, "long": 10.0}
"""Share of the settings' rounds of search."""

FIRST_PLANS = Text(
    "以上按 --effort quick 初排比较，时间比 civdef evacuate 的方案长；定案前请用默认力度再算一次。",
    "These are first plans (--effort quick), slower than those of civdef evacuate: ask again without it before deciding.",
)
"""What is said of plans compared before they were searched."""


def effort_option(default: str = "normal") -> Callable[[F], F]:
    """Return the option that says how hard to search."""
    return click.option(
        "--effort", cls=Option, type=click.Choice(list(EFFORTS)), default=default,
        help=Text(
            "求解力度：quick 只做初排，normal 常规，long 十倍轮数；默认 " + default + "。同一力度每次结果相同。",
            "How hard to search: quick (first plan only), normal, long (ten times as many rounds); default " + default
            + ". The same effort always gives the same plan.",
        ),
    )  # fmt: skip


def _plan(default: str) -> Callable[[F], F]:
    return click.option(
        "--plan", cls=Option, metavar="PLAN", default=default,
        help=Text("预案（默认 {d}，可省略 plan/）。", "Plan (default {d}; the prefix may be left out).").format(d=default),
    )  # fmt: skip


_OPTIONS = (
    click.option(
        "--time", cls=Option, type=click.Choice(list(TIMES)), default="night",
        help=Text("时段：夜间（默认）、工作日、节假日。", "Time of day: night (default), working day or holiday."),
    ),
    click.option(
        "--footprint", "footprints", cls=Option, metavar="HAZARD", multiple=True,
        help=Text("危险区，可多次给出；默认用预案规定的。", "Hazard area; may be repeated. Default: those the plan names."),
    ),
    click.option(
        "--scope", cls=Option, type=click.Choice(["street", "footprint"]),
        help=Text("疏散整个街道，还是只疏散危险区内；默认照预案。", "Everybody, or only those inside the area; default: as the plan says."),
    ),
    click.option(
        "--closed", cls=Option, metavar="ROAD", multiple=True,
        help=Text("假设这条路不通，可多次给出。", "What if this road is closed; may be repeated."),
    ),
    click.option(
        "--without", cls=Option, metavar="SHELTER", multiple=True,
        help=Text("假设这处避难场所停用，可多次给出。", "What if this shelter cannot be used; may be repeated."),
    ),
    click.option(
        "--open", "opened", cls=Option, metavar="GATE|CANDIDATE", multiple=True,
        help=Text(
            "假设打开这处平时上锁的大门，或启用这处备选场所，可多次给出。",
            "What if this locked gate is opened, or this candidate is a shelter; may be repeated.",
        ),
    ),
    click.option(
        "--door", "doors", cls=Option, metavar="SHELTER=METRES", multiple=True,
        help=Text("假设给避难场所增设一处这么宽的出入口。", "What if the shelter had one more entrance of that width."),
    ),
    click.option(
        "--places", cls=Option, metavar="SHELTER=N", multiple=True,
        help=Text("假设避难场所有这么多名额。", "What if the shelter had so many places."),
    ),
    click.option(
        "--one-way", "one_way", cls=Option, metavar="ROAD:DIRECTION", multiple=True,
        help=Text(
            "假设这条路只许单向步行；方向为 forward（沿画线）或 backward。",
            "What if people walk this street in one direction only; forward (as drawn) or backward.",
        ),
    ),
    click.option(
        "--contraflow", cls=Option, metavar="ROAD:DIRECTION", multiple=True,
        help=Text("同上，并且全宽都给这个方向。", "The same, and that direction has the whole width."),
    ),
)  # fmt: skip

_BY = click.option(
    "--by", cls=Option, type=click.Choice(["building", "compound"]), default="building",
    help=Text(
        "同去一处的单位：逐栋 building（默认），或整个小区 compound。",
        "What goes to one shelter together: each building (default) or each compound.",
    ),
)  # fmt: skip

_OBJECTIVE = click.option(
    "--objective", cls=Option, type=click.Choice(list(OBJECTIVES)), default="clearance",
    help=Text(
        "无人落下之后先求什么：" + "；".join(f"{k} {v.zh}" for k, v in OBJECTIVES.items()) + "。默认 clearance。",
        "What comes first once nobody is left over: "
        + "; ".join(f"{k} – {v.en}" for k, v in OBJECTIVES.items())
        + ". Default clearance.",
    ),
)  # fmt: skip

_FETCH = click.option(
    "--fetch", cls=Option, is_flag=True,
    help=Text(
        "行动不便人员由帮扶人和车辆接送（安排见 civdef evacuate assist），不计入步行，名额为其留出。",
        "People who cannot walk alone are brought in as civdef evacuate assist plans: they do not walk, their places are kept.",
    ),
)  # fmt: skip
