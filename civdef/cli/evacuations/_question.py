"""The options that ask an evacuation question, shared by ``civdef evacuate`` and its commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from civdef.cli.common import Option
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.question import Question

F = TypeVar("F", bound=Callable[..., Any])

TIMES = {
    "night": Text("夜间", "night"),
    "workday": Text("工作日", "working day"),
    "holiday": Text("节假日", "holiday"),
}


def question_options(function: F) -> F:
    """Add the options of a question; the function gets them as keywords, for :func:`question`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def question(asked: dict[str, Any]) -> Question:
    """Return the question that the options ask."""
    from civdef.evacuate.question import Question
    from civdef.model.town import DayPart

    return Question(
        plan=asked["plan"],
        time=DayPart(asked["time"]),
        footprints=asked["footprints"] or None,
        closed_roads=asked["closed"],
        without_shelters=asked["without"],
        scope=asked["scope"],
    )


step_option = click.option(
    "--step", "step_s", cls=Option, type=click.IntRange(1, 600), metavar="SECONDS",
    help=Text("时间步长（秒），默认见设置。", "Time step [s]; default: the setting."),
)  # fmt: skip

_OPTIONS = (
    click.option(
        "--plan", cls=Option, metavar="PLAN", default="plan/earthquake",
        help=Text("预案（默认 plan/earthquake，可省略 plan/）。", "Plan (default plan/earthquake; the prefix may be left out)."),
    ),
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
)  # fmt: skip
