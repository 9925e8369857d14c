"""An evacuation plan on the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civdef.cli.common import App, in_all
from civdef.cli.evacuations._question import OBJECTIVES, TIMES
from civdef.cli.hints import no_shelters
from civdef.text import Text, listing, percent

if TYPE_CHECKING:
    from civdef.evacuate.result import EvacuationResult
    from civdef.model.workspace import Workspace

_REASONS = {
    "no_allowed_shelter": Text("没有可用的避难场所", "no shelter may be used"),
    "inside_hazard": Text("已无法步行离开危险区", "can no longer walk out of the hazard area"),
    "unreachable": Text("没有路通到可用的避难场所", "no way to a shelter that may be used"),
    "too_big": Text("人数超过任何一处的名额", "more persons than any shelter has places"),
    "no_room": Text("没有剩余名额放得下", "no room left for the whole building"),
    "no_building": Text("单位没有对应的房屋", "units without any building"),
}
_SHOWN = 10
_LINES = 30


def print_plan(app: App, workspace: Workspace, result: EvacuationResult) -> None:
    """Print what a plan comes to."""
    from civdef.evacuate.binding import binding_line
    from civdef.evacuate.orders import place_name

    app.table(
        [Text("项目", "item"), Text("结果", "result")],
        _summary(workspace, result),
        title=Text(
            f"疏散方案：{workspace.name(result.plan).in_('zh')}，{TIMES[result.time.value].zh}",
            f"Evacuation: {workspace.name(result.plan).in_('en')}, {TIMES[result.time.value].en}",
        ),
    )
    used = [s for s in result.shelters if s.usable]
    if used:
        app.table(
            [
                Text("避难场所", "shelter"),
                Text("名额", "places"),
                Text("安置（人）", "persons"),
                Text("剩余", "free"),
                Text("楼栋", "buildings"),
            ],
            [
                (
                    workspace.name(s.shelter),
                    s.places,
                    s.assigned_persons,
                    s.places - s.assigned_persons,
                    s.buildings,
                )
                for s in sorted(used, key=lambda s: (-s.assigned_persons, s.shelter))[:_LINES]
            ],
            title=_shown(len(used)),
        )
    _communities(app, workspace, result)
    _zones(app, workspace, result)
    if result.left_over:
        app.table(
            [Text("未安置的楼栋", "left over"), Text("人数", "persons"), Text("原因", "reason")],
            [
                (
                    place_name(workspace, r.building, r.part) if r.building else "-",
                    r.persons,
                    _REASONS[r.reason.value],
                )
                for r in sorted(result.left_over, key=lambda r: (-r.persons, r.building or ""))[:_SHOWN]
            ],
            title=in_all(len(result.left_over), _SHOWN, "处"),
        )
    for binding in result.binding:
        app.say(binding_line(workspace, binding, ids=True))
    waiting = no_shelters(workspace) if result.demand_persons else None
    app.say(waiting or _verdict(result))


def what_ifs(workspace: Workspace, result: EvacuationResult) -> list[Text]:
    """Return what the question supposes, one phrase each."""
    found = [Text("{r}不通", "{r} closed").format(r=workspace.name(r)) for r in result.closed_roads]
    found += [Text("{s}停用", "without {s}").format(s=workspace.name(s)) for s in result.without_shelters]
    for way in result.one_way:
        along = way.direction == "forward"
        found.append(
            Text("{r}{w}（{d}）", "{r} {w} ({d})").format(
                r=workspace.name(way.road),
                w=Text("全宽单向", "contraflow") if way.whole_width else Text("单向", "one-way"),
                d=Text("沿画线", "as drawn") if along else Text("逆画线", "against the drawing"),
            )
        )
    for change in result.changes:
        verb, _, rest = change.partition(" ")
        name, _, value = rest.partition("=")
        thing = workspace.name(name)
        if verb == "door":
            found.append(
                Text("{s}增设 {v} 米出入口", "{s} with one more entrance of {v} m").format(s=thing, v=value)
            )
        elif verb == "places":
            found.append(Text("{s}名额为 {v}", "{s} with {v} places").format(s=thing, v=value))
        else:
            found.append(Text("{s}打开", "{s} open").format(s=thing))
    return found


def _communities(app: App, workspace: Workspace, result: EvacuationResult) -> None:
    if len(result.communities) < 2:
        return
    app.table(
        [
            Text("社区", "community"),
            Text("需疏散（人）", "persons"),
            Text("未安置", "left over"),
            Text("全部进入（分）", "all inside [min]"),
            Text("平均步行（米）", "mean walk [m]"),
            Text("最远（米）", "longest [m]"),
        ],
        [
            (
                workspace.name(c.community),
                c.persons,
                c.left_over_persons,
                None if c.simulated_clearance_s is None else c.simulated_clearance_s / 60,
                None if c.mean_walk_m is None else round(c.mean_walk_m),
                None if c.longest_walk_m is None else round(c.longest_walk_m),
            )
            for c in result.communities
        ],
    )


def _zones(app: App, workspace: Workspace, result: EvacuationResult) -> None:
    if not result.zones:
        return
    app.table(
        [
            Text("期限（分）", "deadline [min]"),
            Text("危险区", "hazard area"),
            Text("人数", "persons"),
            Text("最后进入（分）", "last inside [min]"),
            Text("余量（分）", "margin [min]"),
            Text("晚到（人）", "late"),
        ],
        [
            (
                z.deadline_s / 60,
                listing([workspace.name(f) for f in z.footprints])
                if z.footprints
                else Text("预案规定的期限", "deadline of the plan"),
                z.persons,
                None if z.simulated_last_s is None else z.simulated_last_s / 60,
                None if z.margin_s is None else z.margin_s / 60,
                z.late_persons,
            )
            for z in result.zones
        ],
    )


def _shown(count: int) -> Text | None:
    """Return a title that says how much of a long table is shown; None for a short one."""
    if count <= _LINES:
        return None
    return Text(
        f"避难场所共 {count} 处，列出安置最多的 {_LINES} 处", f"{count} shelters, the {_LINES} fullest"
    )


def _summary(workspace: Workspace, result: EvacuationResult) -> list[tuple[Text, object]]:
    rows: list[tuple[Text, object]] = [
        (
            Text("需疏散", "to evacuate"),
            Text(
                f"{result.demand_persons:,} 人，{result.buildings:,} 栋楼"
                f"（居民 {result.residents_persons:,}，单位 {result.visitors_persons:,}，"
                f"其中需协助 {result.assisted_persons:,}）",
                f"{result.demand_persons:,} persons in {result.buildings:,} buildings"
                f" ({result.residents_persons:,} residents, {result.visitors_persons:,} in units;"
                f" {result.assisted_persons:,} need assistance)",
            ),
        ),
        *(
            [
                (
                    Text(
                        "由帮扶人和车辆接送（不计入上数）",
                        "brought in by helpers and vehicles (not counted above)",
                    ),
                    Text(f"{result.fetched_persons:,} 人", f"{result.fetched_persons:,} persons"),
                )
            ]
            if result.fetched_persons
            else []
        ),
        (
            Text("已安置", "placed"),
            Text(f"{result.placed_persons:,} 人", f"{result.placed_persons:,} persons"),
        ),
        (
            Text("未安置", "left over"),
            Text(f"{result.left_over_persons:,} 人", f"{result.left_over_persons:,} persons"),
        ),
        (
            Text("可用名额", "places"),
            Text(f"{result.places_persons:,} 个", f"{result.places_persons:,}"),
        ),
    ]
    supposed = what_ifs(workspace, result)
    if supposed:
        rows.insert(0, (Text("假设", "what if"), listing(supposed)))
    if result.objective.value != "clearance":
        rows.insert(0, (Text("首先要求", "objective"), OBJECTIVES[result.objective.value]))
    if result.footprints:
        names = listing([workspace.name(f) for f in result.footprints])
        rows.append((Text("危险区", "hazard area"), names))
    if result.placed_persons:
        rows += [
            (
                Text(
                    "全部进入（模拟各家步行，含拥挤和排队）",
                    "all inside (simulated by household, crowding and doors)",
                ),
                _minutes(result.simulated_clearance_s),
            ),
            (Text("　其中 95% 的人", "  95% of them"), _minutes(result.simulated_p95_s)),
            (
                Text(
                    f"全部进入（时间展开网络，平均步速，步长 {result.step_s} 秒）",
                    f"all inside (time-expanded network, mean pace, step {result.step_s} s)",
                ),
                _minutes(result.clearance_s),
            ),
            (
                Text("　比同一网络的最优方案晚", "  later than the best flow of that network"),
                _gap(result),
            ),
            (
                Text(
                    f"理论下界（同样按平均步速 {result.speed_mps:.2f} 米/秒，任何方案都不会更快）",
                    f"proven lower bound (at the same mean pace, {result.speed_mps:.2f} m/s)",
                ),
                _minutes(result.bound_s),
            ),
            *_not_exact(result),
            *_streets(result),
            (
                Text("步行距离：平均、最远", "walk: mean, longest"),
                Text(
                    f"{result.mean_walk_m:,.0f} 米、{result.longest_walk_m:,.0f} 米",
                    f"{result.mean_walk_m:,.0f} m, {result.longest_walk_m:,.0f} m",
                ),
            ),
        ]
    if result.through_hazard_persons:
        rows.append(
            (
                Text("须穿过危险区", "must cross the hazard area"),
                Text(
                    f"{result.through_hazard_persons:,} 人（别无他路）",
                    f"{result.through_hazard_persons:,} persons (no other way out)",
                ),
            )
        )
    return rows


def _gap(result: EvacuationResult) -> Text | None:
    if result.optimum_s is None or result.gap is None:
        return None
    return Text(
        f"{percent(100 * result.gap)}（最优 {result.optimum_s / 60:.1f} 分钟，楼内的人可分头走）",
        f"{percent(100 * result.gap)} (best: {result.optimum_s / 60:.1f} min, people of a building going different ways)",
    )


def _not_exact(result: EvacuationResult) -> list[tuple[Text, object]]:
    from civdef.evacuate.binding import bound_said

    said = bound_said(result)
    if said is None:
        return []
    label, apart = said
    return [(Text(f"　{label.zh}", f"  {label.en}"), apart)]


def _streets(result: EvacuationResult) -> list[tuple[Text, object]]:
    """Return what the plan asks of those in the streets: waves, routes against the rule, opposed streams, split buildings."""
    from civdef.evacuate.orders import exceptions_said

    rows: list[tuple[Text, object]] = []
    if len(result.waves) > 1:
        rows.append(
            (
                Text("分批出发", "departure waves"),
                Text(
                    f"{len(result.waves)} 批（末批在开始后 {result.waves[-1].departure_s / 60:.0f} 分钟出发），"
                    f"街上排队由 {result.at_once_standing_person_min:,.0f} 人·分减到 {result.standing_person_min:,.0f}",
                    f"{len(result.waves)} (the last {result.waves[-1].departure_s / 60:.0f} min after the start); standing in"
                    f" queues falls from {result.at_once_standing_person_min:,.0f} to {result.standing_person_min:,.0f}"
                    " person-min",
                ),
            )
        )
    if result.split:
        persons, parts = sum(s.persons for s in result.split), sum(s.parts for s in result.split)
        rows.append(
            (
                Text("分出口撤离的大楼", "buildings split by their exits"),
                Text(
                    f"{len(result.split)} 栋、{persons:,} 人，分 {parts} 路",
                    f"{len(result.split)} with {persons:,} persons, in {parts} parts",
                ),
            )
        )
    if result.exceptions:
        rows.append(
            (
                Text("绕行或转弯多的路线", "routes with a detour or many turns"),
                exceptions_said(result),
            )
        )
    if result.opposed_persons:
        rows.append(
            (
                Text("对向人流的路段", "streets walked both ways"),
                Text(
                    f"共 {result.opposed_m:,.0f} 米，逆向最多 {result.opposed_persons:,} 人",
                    f"{result.opposed_m:,.0f} m in all, at most {result.opposed_persons:,} persons against the stream",
                ),
            )
        )
    return rows


def _minutes(seconds: float | None) -> Text | None:
    if seconds is None:
        return None
    return Text(f"{seconds / 60:.1f} 分钟", f"{seconds / 60:.1f} min")


def _verdict(result: EvacuationResult) -> Text:
    if not result.demand_persons:
        return Text("这一问题中没有人需要疏散。", "Nobody has to be evacuated in this question.")
    from civdef.evacuate.result import LeftReason

    if not result.feasible and all(r.reason is LeftReason.INSIDE_HAZARD for r in result.left_over):
        return Text(
            f"方案不可行：还有 {result.left_over_persons:,} 人步行出不来。请先按上面“卡在”所列安排救援。",
            f"Not feasible: {result.left_over_persons:,} persons cannot walk out. See to their rescue first, as said above.",
        )
    if not result.feasible:
        return Text(
            f"方案不可行：还有 {result.left_over_persons:,} 人没有去处。请按上面“卡在”所列增加名额、打开通道，再算一次。",
            f"Not feasible: {result.left_over_persons:,} persons have nowhere to go. Add places or open ways as said"
            " above, then ask again.",
        )
    if result.late_persons:
        return Text(
            f"人人有去处，但有 {result.late_persons:,} 人按现方案会晚于期限到达，须提前动员。",
            f"Everybody has a place, but {result.late_persons:,} persons arrive after their deadline: start them earlier.",
        )
    return Text(
        "人人有去处。运行 civdef map 可在地图上查看每栋楼的去向和路线。",
        "Everybody has a place. civdef map shows every building's shelter and route.",
    )
