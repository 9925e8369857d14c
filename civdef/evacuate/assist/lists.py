"""Work lists as plain rows: one for each vehicle, one for each community, one of those who are left over; times from the plan's start."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.evacuate.assist.result import AssistanceResult, HelpedPerson
from civdef.evacuate.worklist import WorkList
from civdef.model.resident import Mobility
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

MOBILITY = {
    Mobility.WALKS_WITH_HELP: Text("搀扶行走", "walks with help"),
    Mobility.WHEELCHAIR: Text("轮椅", "wheelchair"),
    Mobility.STRETCHER: Text("担架", "stretcher"),
}
"""What a person needs, in words."""


def minute(seconds: float) -> str:
    """Return a time of the plan as ``h:mm``, whole minutes, rounded down: nobody comes too late by reading it."""
    return f"{int(seconds // 3600)}:{int(seconds // 60) % 60:02}"


def deadlines(result: AssistanceResult) -> Text:
    """Return the deadlines that those who are fetched have, earliest first; of many the first and the last."""
    found = sorted({p.deadline_s / 60 for p in result.persons if p.deadline_s is not None})
    ends = [f"{m:g}" for m in ((found[0], found[-1]) if len(found) > 1 else found)]
    return Text(f"{' 至 '.join(ends)} 分钟", f"{' to '.join(ends)} min")


_LATE = Text("送到（晚）", "unload, late")


def vehicle_lists(workspace: Workspace, result: AssistanceResult) -> tuple[WorkList, ...]:
    """Return the stops of each vehicle that fetches somebody, in order."""
    by_person = {p.person: p for p in result.persons}
    columns = (
        Text("趟次", "trip"), Text("到达", "arrive"), Text("开始", "begin"), Text("离开", "leave"), Text("事项", "what"),
        Text("人员", "person"), Text("方式", "needs"), Text("地点", "where"), Text("楼栋、楼层", "building, floor"), Text("帮扶人", "helpers"),
    )  # fmt: skip
    found = []
    for duty in result.vehicles:
        trips = [t for t in result.trips if t.vehicle == duty.vehicle]
        if not trips:
            continue
        rows: list[tuple[object, ...]] = []
        for trip in trips:
            for stop in trip.stops:
                p = by_person[stop.person]
                loads = stop.action == "load"
                rows.append(
                    (
                        trip.trip, minute(stop.arrive_s), minute(stop.begin_s), minute(stop.end_s),
                        Text("接上", "load") if loads else _LATE if p.late else Text("送到", "unload"),
                        workspace.name(p.person), MOBILITY[p.mobility],
                        _spot(workspace, stop.place, stop.road),
                        _home(workspace, p) if loads else "",
                        listing([workspace.name(h) for h in p.helpers]) if loads else "",
                    )
                )  # fmt: skip
        driver = (
            Text("", "")
            if duty.driver is None
            else Text("，驾驶员{d}", ", driver {d}").format(d=workspace.name(duty.driver))
        )
        found.append(
            WorkList(
                duty.vehicle,
                Text("{v}{d}", "{v}{d}").format(v=workspace.name(duty.vehicle), d=driver),
                columns,
                tuple(rows),
            )
        )
    return tuple(found)  # fmt: skip


def community_lists(workspace: Workspace, result: AssistanceResult) -> tuple[WorkList, ...]:
    """Return whom each community's helpers bring out, in the order in which they are at the door."""
    columns = (
        Text("上门", "at the door"), Text("人员", "person"), Text("方式", "needs"), Text("楼栋、楼层", "building, floor"),
        Text("帮扶人", "helpers"), Text("后备", "reserve"), Text("怎么走", "how"), Text("去处", "shelter"), Text("到达", "inside"),
    )  # fmt: skip
    found = []
    for community in sorted({p.community for p in result.persons}):
        rows = tuple(
            (
                minute(p.door_s),
                workspace.name(p.person),
                MOBILITY[p.mobility],
                _home(workspace, p),
                listing([workspace.name(h) for h in p.helpers]),
                None if p.reserve is None else workspace.name(p.reserve),
                _how(workspace, p),
                workspace.name(p.shelter),
                Text("{t} 晚", "{t} late").format(t=minute(p.inside_s)) if p.late else minute(p.inside_s),
            )
            for p in sorted(result.persons, key=lambda p: (p.door_s, p.person))
            if p.community == community
        )
        found.append(WorkList(community, workspace.name(community).text, columns, rows))
    return tuple(found)


def left_over_list(workspace: Workspace, result: AssistanceResult) -> WorkList:
    """Return everybody who is left over, with the reason and what would fix it."""
    rows: Sequence[tuple[object, ...]] = [
        (
            workspace.name(p.person),
            MOBILITY[p.mobility],
            workspace.name(p.building),
            Text(p.message_zh, p.message_en),
            Text(p.fix_zh, p.fix_en),
        )
        for p in result.left_over
    ]
    columns = (Text("人员", "person"), Text("方式", "needs"), Text("楼栋", "building"), Text("原因", "why"), Text("怎么解决", "what would fix it"))  # fmt: skip
    return WorkList(None, Text("未落实的人员", "left over"), columns, tuple(rows))


def _home(workspace: Workspace, p: HelpedPerson) -> Text:
    household = workspace.households[p.household]
    floor = Text("{f} 层", "floor {f}") if household.floor > 0 else Text("地下 {f} 层", "basement {f}")
    return Text("{b}，{f}", "{b}, {f}").format(
        b=workspace.name(p.building), f=floor.format(f=abs(household.floor))
    )


def _spot(workspace: Workspace, place: str | None, road: str | None) -> object:
    if place is not None:
        return workspace.name(place)
    return "" if road is None else Text("{r}旁", "kerb of {r}").format(r=workspace.name(road))


def _how(workspace: Workspace, p: HelpedPerson) -> Text:
    if p.mode == "walk":
        return Text("步行 {m:.0f} 米", "on foot, {m:.0f} m").format(m=p.way_m)
    assert p.vehicle is not None
    assert p.load_from_s is not None
    steps = Text("（有台阶，需抬行）", " (steps: carried)") if p.carried_over_steps else Text("", "")
    return Text("到{s}（{m:.0f} 米{c}），{t} 上{v}", "to {s}, {m:.0f} m{c}; {v} at {t}").format(
        s=_spot(workspace, p.pick_up_post, p.pick_up_road) or Text("路边", "the kerb"),
        m=p.way_m, c=steps, t=minute(p.load_from_s), v=workspace.name(p.vehicle),
    )  # fmt: skip
