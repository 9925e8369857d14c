"""The whole at a glance as plain rows: stages, cover in time, doors, buildings that are too late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from civdef.evacuate.orders import place_name
from civdef.evacuate.wartime.result import BuildingCover, StageTransport, WartimeResult
from civdef.evacuate.wartime.words import STAGES, clock
from civdef.evacuate.worklist import WorkList
from civdef.model.workspace import Workspace
from civdef.text import Text, percent


def figures(s: StageTransport) -> list[tuple[Text, object]]:
    """Return the figures of a stage, each with its label."""
    return [
        (Text("应疏散的人口比例", "share ordered to leave"), percent(100 * s.share)),
        (Text("按户编组（人）", "whole households [persons]"), s.persons),
        (Text("　户", "  households"), s.households),
        (Text("　其中行动不便（人）", "  of them, cannot walk alone"), s.assisted_persons),
        (Text("　其中临近重要目标（人）", "  of them, near key targets"), s.near_key_targets_persons),
        (Text("车队行程（次）", "marches"), len(s.marches)),
        (Text("最长车队（米）", "longest column [m]"), max((round(m.length_m) for m in s.marches), default=None)),
        (Text("已安排乘车（人）", "carried"), s.carried_persons),
        (Text("没有接收地（人）", "without a destination"), s.without_destination_persons),
        (Text("没有车（人）", "without a vehicle"), s.without_vehicle_persons),
        (Text("到不了集合点（人）", "without an assembly point"), s.without_assembly_point_persons),
        (Text("全部送达（小时）", "all handed over [h]"), s.finished_h),
        (Text("期限（小时）", "limit [h]"), f"{s.limit_h:g}"),
    ]  # fmt: skip


def stages(result: WartimeResult) -> WorkList:
    """Return the figures of the stages side by side."""
    by_stage = [figures(s) for s in result.stages]
    return WorkList(
        None,
        Text("分期疏散", "Stages"),
        (Text("项目", "item"), *(STAGES[s.stage] for s in result.stages)),
        tuple((row[0][0], *(value for _, value in row)) for row in zip(*by_stage, strict=True)),
        numbers=tuple(range(1, len(by_stage) + 1)),
    )


def destinations(result: WartimeResult) -> WorkList:
    """Return who is sent where, by stage."""
    return WorkList(
        None,
        Text("接收地", "Destinations"),
        (
            Text("接收地", "destination"), Text("距离（公里）", "km"), Text("可接收（人）", "places"),
            *(Text("{s}（人）", "{s}").format(s=STAGES[s.stage]) for s in result.stages),
        ),
        tuple(
            (Text(d.name_zh, d.name_en), d.distance_km, d.places, *(d.persons.get(s.stage, 0) for s in result.stages))
            for d in result.destinations
        ),
    )  # fmt: skip


def marches(workspace: Workspace, result: WartimeResult, stage: StageTransport) -> WorkList:
    """Return every march of a stage, in order of departure."""
    names = [Text(d.name_zh, d.name_en) for d in result.destinations]
    return WorkList(
        None,
        Text("{s}车队行程（时刻自本期开始起算）", "{s}: marches (D1-06:00: day 1 of the stage, 06:00)").format(
            s=STAGES[stage.stage]
        ),
        (
            Text("车队", "column"), Text("集合点", "assembly point"), Text("车（辆）", "vehicles"), Text("人数", "persons"),
            Text("开始上车", "loading from"), Text("出发", "leaves"), Text("到达", "there"), Text("接收地", "destination"),
        ),
        tuple(
            (
                f"{m.column}-{m.march}", workspace.name(m.assembly_point), len(m.vehicles), m.persons,
                clock(m.load_from_min), clock(m.leave_min), clock(m.arrive_min), names[m.destination - 1],
            )
            for m in stage.marches
        ),
        numbers=(2, 3, 4, 5, 6),
    )  # fmt: skip


def columns(workspace: Workspace, result: WartimeResult) -> WorkList:
    """Return every column of each stage at a glance: its vehicles, its first loading, and when it is through."""
    rows = []
    for stage in result.stages:
        for column in sorted({m.column for m in stage.marches}):
            mine = [m for m in stage.marches if m.column == column]
            first = min(mine, key=lambda m: m.load_from_min)
            vehicles = [v for v in result.fleet if v.column == column]
            rows.append(
                (
                    STAGES[stage.stage], column, len(vehicles), sum(v.seats for v in vehicles), len(mine),
                    sum(m.persons for m in mine), clock(first.load_from_min), workspace.name(first.assembly_point),
                    clock(max(m.done_min for m in mine)), clock(max(m.back_min for m in mine)),
                )
            )  # fmt: skip
    return WorkList(
        None,
        Text("车队一览", "Columns at a glance"),
        (
            Text("期别", "stage"), Text("车队", "column"), Text("车辆（辆）", "vehicles"), Text("座位", "seats"), Text("趟数", "marches"),
            Text("人数", "persons"), Text("首趟上车", "loads first at"), Text("首趟集合点", "where"), Text("末趟移交完毕", "last handed over"),
            Text("末趟返回", "back"),
        ),
        tuple(rows),
        numbers=(1, 2, 3, 4, 5, 6, 8, 9),
    )  # fmt: skip


def in_time(result: WartimeResult) -> WorkList:
    """Return who is under cover so many minutes after the signal."""
    return WorkList(
        None,
        Text("警报响起后进入掩蔽", "Under cover after the signal"),
        (
            Text("警报响起后（分）", "after the signal [min]"),
            Text("最快可进入（人）", "at best [persons]"),
            Text("按方案已进入（人）", "by the plan [persons]"),
            Text("按方案未全部进入（栋）", "buildings not all inside"),
            Text("　其中怎么安排都来不及（栋）", "  of them, too late whatever the plan"),
        ),
        tuple(
            (f"{t.limit_min:g}", t.best_persons, t.planned_persons, len(t.late_buildings), len(t.hopeless_buildings))
            for t in result.in_time
        ),
        numbers=(0, 1, 2, 3, 4),
    )  # fmt: skip


def doors(workspace: Workspace, result: WartimeResult, *, everything: bool) -> WorkList:
    """Return the doors of every shelter against its places; not everything: of those whose doors do not suffice."""
    return WorkList(
        None,
        Text("出入口（每百人净宽 0.30 米，每口不超过 700 人）", "Doors (0.30 m for each 100 persons, at most 700 a door)")
        if everything
        else Text("出入口不足的掩蔽工程", "Shelters whose doors do not suffice"),
        (
            Text("掩蔽工程", "shelter"), Text("名额", "places"), Text("口（处）", "doors"), Text("应有", "needed"),
            Text("净宽合计（米）", "width [m]"), Text("应有", "needed"), Text("出入口允许（人）", "doors allow"), Text("安排（人）", "assigned"),
        ),
        tuple(
            (
                workspace.name(d.shelter), d.places, d.doors, d.needed_doors, f"{d.width_m:.2f}", f"{d.needed_width_m:.2f}",
                d.door_persons, d.assigned_persons,
            )
            for d in result.doors if everything or not d.enough
        ),
        numbers=(1, 2, 3, 4, 5, 6, 7),
    )  # fmt: skip


def buildings(workspace: Workspace, chosen: Sequence[BuildingCover], title: Text) -> WorkList:
    """Return buildings on the siren: nearest cover, where they go, in what time."""
    return WorkList(
        None,
        title,
        (
            Text("楼栋", "building"), Text("人数", "persons"), Text("最近的掩蔽工程", "nearest cover"), Text("路程（米）", "way [m]"),
            Text("最快（分）", "at best [min]"), Text("安排到", "goes to"), Text("按方案（分）", "by the plan [min]"),
        ),
        tuple(
            (
                place_name(workspace, b.building, b.part), b.persons, None if b.nearest is None else workspace.name(b.nearest),
                None if b.nearest_m is None else round(b.nearest_m), minutes(b.best_s),
                None if b.shelter is None else workspace.name(b.shelter), minutes(b.planned_s),
            )
            for b in chosen
        ),
        numbers=(1, 3, 4, 6),
    )  # fmt: skip


def late(workspace: Workspace, result: WartimeResult) -> WorkList:
    """Return all buildings that are not all inside within the shortest limit by the plan, the latest first."""
    first = min((t.limit_min for t in result.in_time), default=0.0) * 60
    chosen = [b for b in result.buildings if b.planned_s is None or b.planned_s > first]
    chosen.sort(key=lambda b: (-(b.planned_s if b.planned_s is not None else _NEVER_S), b.building, b.part))
    title = Text("{m:g} 分钟内按方案未全部进入的楼栋：共 {n} 栋", "Buildings not all inside within {m:g} min: {n}").format(
        m=first / 60, n=_count(chosen)
    )  # fmt: skip
    return buildings(workspace, chosen, title)


def far(workspace: Workspace, result: WartimeResult, most: int) -> WorkList:
    """Return the buildings farthest from cover, of those without any within the radius."""
    chosen = [b for b in result.buildings if not b.within_radius]
    chosen.sort(key=lambda b: (-(b.nearest_m if b.nearest_m is not None else _NEVER_S), b.building, b.part))
    shown = chosen[:most]
    title = Text(
        "{r:.0f} 米内没有掩蔽工程的楼栋：共 {n} 栋，列出最远的 {k} 栋",
        "Buildings without cover within {r:.0f} m: {n} in all, the {k} farthest",
    ).format(r=result.radius_m, n=_count(chosen), k=len(shown))
    return buildings(workspace, shown, title)


def hopeless(workspace: Workspace, result: WartimeResult, most: int) -> WorkList | None:
    """Return the slowest of the buildings that are too late whatever the plan, for the longest limit that has any; None: none has."""
    times = [t for t in result.in_time if t.hopeless_buildings]
    if not times:
        return None
    last = times[-1]
    chosen = [b for b in result.buildings if b.best_s is None or b.best_s > last.limit_min * 60]
    chosen.sort(key=lambda b: (-(b.best_s if b.best_s is not None else _NEVER_S), b.building, b.part))
    shown = chosen[:most]
    title = Text(
        "{m:g} 分钟内怎么安排都来不及的楼栋：共 {n} 栋，列出最慢的 {k} 栋",
        "Too late for {m:g} min whatever the plan: {n} buildings, the {k} slowest",
    ).format(m=last.limit_min, n=len(last.hopeless_buildings), k=len(shown))
    return buildings(workspace, shown, title)


def minutes(seconds: float | None) -> float | None:
    """Return seconds as minutes."""
    return None if seconds is None else seconds / 60


def _count(rows: Iterable[BuildingCover]) -> int:
    """Return how many buildings these are, the parts of one counted once."""
    return len({b.building for b in rows})


_NEVER_S = 1e9
