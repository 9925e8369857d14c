"""Stages, columns and cover on the console."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from civdef.cli.common import App
from civdef.cli.evacuations._question import TIMES
from civdef.evacuate.wartime import tables
from civdef.evacuate.wartime.words import cover_short, siren_state, stage_short
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.wartime.result import WartimeResult
    from civdef.evacuate.worklist import WorkList
    from civdef.model.workspace import Workspace

_SHOWN = 12


def print_wartime(app: App, workspace: Workspace, result: WartimeResult, lists: Collection[str]) -> None:
    """Print the plan for war time."""
    _stages(app, workspace, result)
    if "marches" in lists:
        for stage in result.stages:
            _print(app, tables.marches(workspace, result, stage))
    _cover(app, workspace, result)
    _print(app, tables.in_time(result), titled=False)
    _print(app, tables.doors(workspace, result, everything="doors" in lists))
    everything = "buildings" in lists
    _print(app, tables.late(workspace, result) if everything else tables.far(workspace, result, _SHOWN))
    app.say(cover_short(result))


def _print(app: App, one: WorkList, *, titled: bool = True) -> None:
    if one.rows:
        app.table(one.columns, one.rows, title=one.title if titled else None)


def _stages(app: App, workspace: Workspace, result: WartimeResult) -> None:
    one = tables.stages(result)
    title = Text("战时疏散：{p}", "War-time evacuation: {p}").format(p=workspace.name(result.plan))
    app.table(one.columns, one.rows, title=title)
    _print(app, tables.destinations(result), titled=False)
    for stage in result.stages:
        for said in stage_short(stage):
            app.say(said)


def _cover(app: App, workspace: Workspace, result: WartimeResult) -> None:
    title = Text("警报响起后就近掩蔽：{t}，{g}", "Cover nearby on the siren: {t}, {g}").format(
        t=TIMES[result.time.value],
        g=siren_state(result),
    )
    columns = [
        Text("社区", "community"), Text("在场（人）", "present"),
        Text("{r:.0f} 米内有掩蔽工程", "cover within {r:.0f} m").format(r=result.radius_m),
        Text("　且排得下", "  with a place there"), Text("已安排（不限距离）", "placed at any distance"), Text("未安排", "no place"),
    ]  # fmt: skip
    rows = [
        (
            workspace.name(c.community), c.persons, c.within_radius_persons, c.place_within_radius_persons,
            c.planned_persons, c.persons - c.planned_persons,
        )
        for c in result.communities
    ]  # fmt: skip
    whole = (
        Text("全街道", "whole street"), result.present_persons, result.within_radius_persons,
        result.place_within_radius_persons, result.planned_persons, result.left_over_persons,
    )  # fmt: skip
    app.table(columns, [*rows, whole], title=title)
