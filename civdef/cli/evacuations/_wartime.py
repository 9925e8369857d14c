"""Stages, columns and cover on the console."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from civdef.cli.common import App
from civdef.cli.evacuations._question import TIMES
from civdef.text import Text, percent

if TYPE_CHECKING:
    from civdef.evacuate.wartime.result import StageTransport, WartimeResult
    from civdef.model.workspace import Workspace

STAGES = {
    "early": Text("早期疏散", "early evacuation"),
    "imminent": Text("临战疏散", "imminent evacuation"),
    "emergency": Text("紧急疏散", "emergency evacuation"),
}
_SHOWN = 12


def print_wartime(app: App, workspace: Workspace, result: WartimeResult, lists: Collection[str]) -> None:
    """Print the plan for war time."""
    _stages(app, workspace, result)
    if "marches" in lists:
        _marches(app, workspace, result)
    _cover(app, workspace, result)
    _in_time(app, result)
    _doors(app, workspace, result, everything="doors" in lists)
    _late(app, workspace, result, everything="buildings" in lists)
    app.say(_verdict(result))


def _stages(app: App, workspace: Workspace, result: WartimeResult) -> None:
    app.table(
        [Text("项目", "item"), *(STAGES[s.stage.value] for s in result.stages)],
        [
            (Text("应疏散的人口比例", "share ordered to leave"), *(percent(100 * s.share) for s in result.stages)),
            (Text("按户编组（人）", "whole households [persons]"), *(s.persons for s in result.stages)),
            (Text("　户", "  households"), *(s.households for s in result.stages)),
            (Text("　其中行动不便（人）", "  of them, cannot walk alone"), *(s.assisted_persons for s in result.stages)),
            (Text("　其中临近重要目标（人）", "  of them, near key targets"), *(s.near_key_targets_persons for s in result.stages)),
            (Text("车队行程（次）", "marches"), *(len(s.marches) for s in result.stages)),
            (Text("最长车队（米）", "longest column [m]"), *(max((round(m.length_m) for m in s.marches), default=None) for s in result.stages)),
            (Text("已安排乘车（人）", "carried"), *(s.carried_persons for s in result.stages)),
            (Text("没有接收地（人）", "without a destination"), *(s.without_destination_persons for s in result.stages)),
            (Text("没有车（人）", "without a vehicle"), *(s.without_vehicle_persons for s in result.stages)),
            (Text("到不了集合点（人）", "without an assembly point"), *(s.without_assembly_point_persons for s in result.stages)),
            (Text("全部送达（小时）", "all handed over [h]"), *(s.finished_h for s in result.stages)),
            (Text("期限（小时）", "limit [h]"), *(f"{s.limit_h:g}" for s in result.stages)),
        ],
        title=Text("战时疏散：{p}", "War-time evacuation: {p}").format(p=workspace.name(result.plan)),
    )  # fmt: skip
    if result.destinations:
        app.table(
            [
                Text("接收地", "destination"), Text("距离（公里）", "km"), Text("可接收（人）", "places"),
                *(Text("{s}（人）", "{s}").format(s=STAGES[s.stage.value]) for s in result.stages),
            ],
            [
                (Text(d.name_zh, d.name_en), d.distance_km, d.places, *(d.persons.get(s.stage, 0) for s in result.stages))
                for d in result.destinations
            ],
        )  # fmt: skip
    for stage in result.stages:
        said = _what_is_short(stage)
        if said is not None:
            app.say(said)


def _what_is_short(s: StageTransport) -> Text | None:
    name = STAGES[s.stage.value]
    if s.without_destination_persons:
        return Text(
            "{s}：{n} 人没有接收地，请报上级增加接收地或名额，并填入 civdef.toml 的 wartime.destinations。",
            "{s}: no destination has room for {n} persons; ask for more and enter them under wartime.destinations in civdef.toml.",
        ).format(s=name, n=s.without_destination_persons)
    if s.late and s.more_vehicles is not None:
        return Text(
            "{s}：不能按期送完；再增派 {n} 辆 {k} 座客车即可按期完成。",
            "{s}: not over in time; with {n} more coaches of {k} seats it is.",
        ).format(s=name, n=s.more_vehicles, k=s.more_seats)
    if s.late:
        return Text(
            "{s}：不能按期送完，单靠增加车辆也不够：出口道路上车队间隔、装载时间或者路程太长。",
            "{s}: not over in time, and more vehicles alone do not help: headways, loading or the way take too long.",
        ).format(s=name)
    return None


def _clock(minutes: int) -> Text:
    day, rest = divmod(minutes, 1440)
    return Text(f"第{day + 1}日{rest // 60:02}:{rest % 60:02}", f"D{day + 1}-{rest // 60:02}:{rest % 60:02}")


def _marches(app: App, workspace: Workspace, result: WartimeResult) -> None:
    names = [Text(d.name_zh, d.name_en) for d in result.destinations]
    for stage in result.stages:
        if not stage.marches:
            continue
        app.table(
            [
                Text("车队", "column"), Text("集合点", "assembly point"), Text("车（辆）", "vehicles"), Text("人数", "persons"),
                Text("开始上车", "loading from"), Text("出发", "leaves"), Text("到达", "there"), Text("接收地", "destination"),
            ],
            [
                (
                    f"{m.column}-{m.march}", workspace.name(m.assembly_point), len(m.vehicles), m.persons,
                    _clock(m.load_from_min), _clock(m.leave_min), _clock(m.arrive_min), names[m.destination - 1],
                )
                for m in stage.marches
            ],
            title=Text("{s}车队行程（时刻自本期开始起算）", "{s}: marches (D1-06:00: day 1 of the stage, 06:00)").format(
                s=STAGES[stage.stage.value]
            ),
        )  # fmt: skip


def _cover(app: App, workspace: Workspace, result: WartimeResult) -> None:
    title = Text("警报响起后就近掩蔽：{t}，{g}", "Cover nearby on the siren: {t}, {g}").format(
        t=TIMES[result.time.value],
        g=Text("尚无人离开", "nobody has left")
        if result.gone is None
        else Text("{s}已完成", "{s} is over").format(s=STAGES[result.gone.value]),
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


def _in_time(app: App, result: WartimeResult) -> None:
    app.table(
        [
            Text("警报响起后（分）", "after the signal [min]"),
            Text("最快可进入（人）", "at best [persons]"),
            Text("按方案已进入（人）", "by the plan [persons]"),
            Text("按方案未全部进入（栋）", "buildings not all inside"),
            Text("　其中怎么安排都来不及（栋）", "  of them, too late whatever the plan"),
        ],
        [
            (
                f"{t.limit_min:g}",
                t.best_persons,
                t.planned_persons,
                len(t.late_buildings),
                len(t.hopeless_buildings),
            )
            for t in result.in_time
        ],
    )


def _doors(app: App, workspace: Workspace, result: WartimeResult, *, everything: bool) -> None:
    shown = [d for d in result.doors if everything or not d.enough]
    if not shown:
        return
    app.table(
        [
            Text("掩蔽工程", "shelter"), Text("名额", "places"), Text("口（处）", "doors"), Text("应有", "needed"),
            Text("净宽合计（米）", "width [m]"), Text("应有", "needed"), Text("出入口允许（人）", "doors allow"), Text("安排（人）", "assigned"),
        ],
        [
            (
                workspace.name(d.shelter), d.places, d.doors, d.needed_doors, f"{d.width_m:.2f}", f"{d.needed_width_m:.2f}",
                d.door_persons, d.assigned_persons,
            )
            for d in shown
        ],
        title=Text("出入口（每百人净宽 0.30 米，每口不超过 700 人）", "Doors (0.30 m for each 100 persons, at most 700 a door)")
        if everything
        else Text("出入口不足的掩蔽工程", "Shelters whose doors do not suffice"),
    )  # fmt: skip


def _late(app: App, workspace: Workspace, result: WartimeResult, *, everything: bool) -> None:
    first = min((t.limit_min for t in result.in_time), default=0.0) * 60
    if everything:
        chosen = [b for b in result.buildings if b.planned_s is None or b.planned_s > first]
        chosen.sort(key=lambda b: (-(b.planned_s if b.planned_s is not None else 1e9), b.building))
        title = Text("{m:g} 分钟内按方案未全部进入的楼栋：共 {n} 栋", "Buildings not all inside within {m:g} min: {n}").format(
            m=first / 60, n=len(chosen)
        )  # fmt: skip
        shown = chosen
    else:
        chosen = [b for b in result.buildings if not b.within_radius]
        chosen.sort(key=lambda b: (-(b.nearest_m if b.nearest_m is not None else 1e9), b.building))
        shown = chosen[:_SHOWN]
        title = Text(
            "{r:.0f} 米内没有掩蔽工程的楼栋：共 {n} 栋，列出最远的 {k} 栋",
            "Buildings without cover within {r:.0f} m: {n} in all, the {k} farthest",
        ).format(r=result.radius_m, n=len(chosen), k=len(shown))
    if not shown:
        return
    app.table(
        [
            Text("楼栋", "building"), Text("人数", "persons"), Text("最近的掩蔽工程", "nearest cover"), Text("路程（米）", "way [m]"),
            Text("最快（分）", "at best [min]"), Text("安排到", "goes to"), Text("按方案（分）", "by the plan [min]"),
        ],
        [
            (
                workspace.name(b.building), b.persons, None if b.nearest is None else workspace.name(b.nearest),
                None if b.nearest_m is None else round(b.nearest_m), _minutes(b.best_s),
                None if b.shelter is None else workspace.name(b.shelter), _minutes(b.planned_s),
            )
            for b in shown
        ],
        title=title,
    )  # fmt: skip


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _verdict(result: WartimeResult) -> Text:
    if not result.present_persons:
        return Text("警报响起时没有人在场。", "Nobody is there when the siren sounds.")
    if result.left_over_persons:
        return Text(
            "还有 {n:,} 人没有掩蔽位置：请增设人员掩蔽工程、加宽或者增开出入口。",
            "{n:,} persons have no place under cover: add shelters, widen doors or add some.",
        ).format(n=result.left_over_persons)
    far = result.present_persons - result.place_within_radius_persons
    if far:
        return Text(
            "人人有掩蔽位置，但 {r:.0f} 米内排不下的有 {n:,} 人，须更早出发或者就近增设掩蔽工程。",
            "Everybody has a place under cover, but {n:,} have none within {r:.0f} m: they must start earlier, or need cover nearer.",
        ).format(n=far, r=result.radius_m)
    return Text(
        "人人在 {r:.0f} 米内有掩蔽位置。", "Everybody has a place under cover within {r:.0f} m."
    ).format(r=result.radius_m)
