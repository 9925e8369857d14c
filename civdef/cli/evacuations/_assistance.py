"""Helpers, vehicles and those left over on the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from civdef.cli.common import App, in_all
from civdef.cli.evacuations._question import TIMES
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.assist.result import AssistanceResult, VehicleDuty
    from civdef.evacuate.worklist import WorkList
    from civdef.model.workspace import Workspace

_SHOWN = 10


def print_assistance(app: App, workspace: Workspace, result: AssistanceResult) -> None:
    """Print what the plan comes to."""
    app.table(
        [Text("项目", "item"), Text("结果", "result")],
        _summary(result),
        title=Text("转移行动不便的人员：{p}，{t}", "People who cannot walk alone: {p}, {t}").format(
            p=workspace.name(result.plan), t=TIMES[result.time.value]
        ),
    )
    _communities(app, workspace, result)
    _vehicles(app, workspace, result)
    _havens(app, workspace, result)
    if result.left_over:
        from civdef.evacuate.assist.lists import left_over_list

        sheet = left_over_list(workspace, result)
        shown = Text("{t}：{n}", "{t}: {n}").format(t=sheet.title, n=in_all(len(sheet.rows), _SHOWN, "人"))
        app.table(sheet.columns, sheet.rows[:_SHOWN], title=shown)
    if result.shortfall is not None:
        app.say(Text(f"{result.shortfall.message_zh}。", f"{result.shortfall.message_en}."))
    app.say(_verdict(result))


def print_lists(app: App, workspace: Workspace, result: AssistanceResult, wanted: Collection[str]) -> None:
    """Print the work lists asked for."""
    from civdef.evacuate.assist.lists import community_lists, vehicle_lists

    sheets: list[WorkList] = []
    if "vehicles" in wanted:
        sheets += vehicle_lists(workspace, result)
    if "communities" in wanted:
        sheets += community_lists(workspace, result)
    for sheet in sheets:
        app.table(sheet.columns, sheet.rows, title=sheet.title)


def _summary(result: AssistanceResult) -> list[tuple[Text, object]]:
    persons = Text("{n} 人", "{n} persons")
    rows: list[tuple[Text, object]] = [
        (Text("登记在册、在疏散范围内", "on the register and in the question"), persons.format(n=result.register_persons)),
        (
            Text("已落实帮扶人、交通和名额", "with helpers, transport and a place"),
            Text("{n} 人（由帮扶人陪同步行 {w} 人，乘车 {r} 人）", "{n} persons ({w} walk with their helpers, {r} ride)").format(
                n=result.helped_persons, w=result.walking_persons, r=result.riding_persons
            ),
        ),
        (Text("未落实", "left over"), persons.format(n=result.left_over_persons)),
        (Text("没有后备帮扶人", "without a reserve helper"), persons.format(n=result.without_reserve_persons)),
    ]  # fmt: skip
    if result.last_inside_s is not None:
        rows.append(
            (
                Text("最后一人进入避难场所", "last inside"),
                Text("第 {m:.0f} 分钟", "minute {m:.0f}").format(m=result.last_inside_s / 60),
            )
        )
    if result.last_riding_s is not None and result.last_riding_bound_s is not None:
        rows.append(
            (
                Text("　乘车的最后一人、理论下界", "  last of those who ride, proven bound"),
                Text("第 {m:.0f} 分钟、第 {b:.0f} 分钟", "minute {m:.0f}, minute {b:.0f}").format(
                    m=result.last_riding_s / 60, b=result.last_riding_bound_s / 60
                ),
            )
        )
    if any(p.deadline_s is not None for p in result.persons):
        from civdef.evacuate.assist.lists import deadlines

        label = Text("晚于期限（{d}）", "after the deadline ({d})").format(d=deadlines(result))
        rows.append((label, persons.format(n=result.late_persons)))
    if result.trips:
        best = Text("，已证明最优", ", proven best") if result.proven_best_rounds else Text("", "")
        rows.append(
            (
                Text("车次", "trips"),
                Text("{n} 趟，{v} 辆车，行车共 {m:,.0f} 分钟{b}", "{n} by {v} vehicles, {m:,.0f} min at the wheel{b}").format(
                    n=len(result.trips), v=sum(d.used for d in result.vehicles), m=result.drive_s / 60, b=best
                ),
            )
        )  # fmt: skip
    return rows


def _communities(app: App, workspace: Workspace, result: AssistanceResult) -> None:
    places = sorted({p.community for p in result.persons} | {p.community for p in result.left_over})
    if not places:
        return
    left = Counter(p.community for p in result.left_over)
    rows = []
    for community in places:
        mine = [p for p in result.persons if p.community == community]
        kinds = Counter((p.mobility.value, p.mode) for p in mine)
        rows.append(
            (
                workspace.name(community),
                kinds["walks_with_help", "walk"],
                kinds["walks_with_help", "vehicle"],
                kinds["wheelchair", "vehicle"],
                kinds["stretcher", "vehicle"],
                left[community],
                sum(p.late for p in mine),
                max((p.inside_s / 60 for p in mine), default=None),
            )
        )
    app.table(
        [
            Text("社区", "community"),
            Text("搀扶步行", "walk"),
            Text("搀扶乘车", "ride seated"),
            Text("轮椅", "wheelchair"),
            Text("担架", "stretcher"),
            Text("未落实", "left over"),
            Text("晚于期限", "late"),
            Text("最后进入（分）", "last inside [min]"),
        ],
        rows,
    )


def _vehicles(app: App, workspace: Workspace, result: AssistanceResult) -> None:
    shown = sorted(
        (d for d in result.vehicles if d.used or (d.driver is None and d.carries_people)),
        key=lambda d: (not d.used, d.vehicle),
    )
    if not shown:
        return
    app.table(
        [
            Text("车辆", "vehicle"),
            Text("座位/轮椅/担架", "seats/chairs/stretchers"),
            Text("驾驶员", "driver"),
            Text("可出车（分）", "ready [min]"),
            Text("趟次", "trips"),
            Text("人数", "persons"),
            Text("行车（分）", "driving [min]"),
            Text("收车（分）", "until [min]"),
            Text("备注", "remark"),
        ],
        [
            (
                workspace.name(d.vehicle),
                f"{d.seats}/{d.wheelchair_places}/{d.stretcher_places}",
                None if d.driver is None else workspace.name(d.driver),
                None if d.ready_s is None else round(d.ready_s / 60),
                d.trips,
                d.persons,
                round(d.drive_s / 60),
                None if d.until_s is None else round(d.until_s / 60),
                _remark(d),
            )
            for d in shown
        ],
    )
    idle = sum(not d.used and d.driver is not None for d in result.vehicles)
    if idle:
        app.say(
            Text("另有 {n} 辆可用而不需出车，留作备用。", "{n} more vehicles are ready and not needed: they stay in reserve.").format(
                n=idle
            )
        )  # fmt: skip


def _remark(duty: VehicleDuty) -> Text | None:
    if duty.reason_zh is not None and duty.reason_en is not None:
        return Text(duty.reason_zh, duty.reason_en)
    said = [Text("由替班驾驶员驾驶", "relief driver drives")] if duty.relief_driver_drives else []
    if duty.relief_due:
        said.append(Text("须换人驾驶", "a second driver is needed"))
    if not said:
        return None
    return Text("；".join(s.zh for s in said), "; ".join(s.en for s in said))


def _havens(app: App, workspace: Workspace, result: AssistanceResult) -> None:
    used = [h for h in result.havens if h.kept]
    if used:
        app.table(
            [
                Text("避难场所", "shelter"),
                Text("无障碍名额", "barrier-free places"),
                Text("安排", "kept"),
                Text("剩余", "free"),
            ],
            [
                (workspace.name(h.shelter), h.barrier_free_places, h.kept, h.barrier_free_places - h.kept)
                for h in sorted(used, key=lambda h: (-h.kept, h.shelter))
            ],
        )


def _verdict(result: AssistanceResult) -> Text:
    if not result.register_persons:
        return Text(
            "这一问题的范围内没有登记需要协助的人员。",
            "Nobody in this question is on the assistance register.",
        )
    if result.left_over:
        return Text(
            "还有 {n} 人未落实，原因和解决办法见上表；civdef evacuate assist --json 列出全部。",
            "{n} people are not provided for; the table above says why and what would fix it, --json lists all.",
        ).format(n=result.left_over_persons)
    if result.late_persons:
        return Text(
            "人人有帮扶人、有车、有无障碍名额，但有 {n} 人会晚于期限到达。",
            "Everybody has helpers, transport and a barrier-free place, but {n} arrive after their deadline.",
        ).format(n=result.late_persons)
    return Text(
        "人人有帮扶人、有去处。用 --list vehicles、--list communities 打印任务单。",
        "Everybody has helpers and a place. Print the work lists with --list vehicles and --list communities.",
    )
