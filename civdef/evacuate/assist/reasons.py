"""Why somebody is left over, and what would change it, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from civdef.evacuate.assist.fleet import PLACES
from civdef.evacuate.assist.people import Needy, by_mobility
from civdef.evacuate.assist.plan import Assistance
from civdef.evacuate.assist.result import AssistReason, HelpedPerson, MoreVehicles, NotHelped, Shortfall
from civdef.evacuate.assist.vehicles import more_needed
from civdef.model.resident import Mobility
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

PLACE_NAMES = {
    Mobility.WALKS_WITH_HELP: Text("座位", "seat"),
    Mobility.WHEELCHAIR: Text("轮椅位", "wheelchair place"),
    Mobility.STRETCHER: Text("担架位", "stretcher place"),
}

_KINDS = {
    Mobility.WALKS_WITH_HELP: Text("搀扶", "who walk with help"),
    Mobility.WHEELCHAIR: Text("轮椅", "in wheelchairs"),
    Mobility.STRETCHER: Text("担架", "on stretchers"),
}

_FIXED = {
    AssistReason.INSIDE_HAZARD: (
        Text("所在楼栋已无法步行离开", "nobody can get out of the building on foot any more"),
        Text("安排救援队伍用船只或者专业装备接出", "send rescuers with boats or special gear"),
    ),
    AssistReason.NO_BARRIER_FREE_SHELTER: (
        Text("可用的避难场所都没有登记无障碍名额", "no shelter that may be used has barrier-free places"),
        Text(
            "在 maps/shelters.geojson 中核实并登记 barrier_free 和 barrier_free_places，或临时改造一处",
            "check and register `barrier_free` and `barrier_free_places` in maps/shelters.geojson, or adapt one",
        ),
    ),
    AssistReason.UNREACHABLE: (
        Text("车辆到得了上车点，但没有路通到有无障碍名额的避难场所", "no way for vehicles from the pick-up point to a shelter with barrier-free places"),
        Text("打开封闭的道路或者上锁的大门，或者就近增设无障碍名额", "open closed streets or locked gates, or add barrier-free places nearby"),
    ),
    AssistReason.HELPERS_CUT_OFF: (
        Text("帮扶人送完上一位后，没有路返回", "the helpers have no way back after the person before"),
        Text("另行指定住在同一片区的帮扶人", "name helpers who live on the same side"),
    ),
}  # fmt: skip


def not_helped(workspace: Workspace, plan: Assistance, row: int) -> NotHelped:
    """Return the entry of one person who is left over."""
    person, reason = plan.people[row], plan.left[row]
    if reason is AssistReason.NO_HELPER_PAIR:
        message, fix = _no_pair(workspace, plan, row)
    elif reason is AssistReason.NO_VEHICLE:
        message, fix = _no_vehicle(workspace, plan, person)
    elif reason is AssistReason.NO_BARRIER_FREE_PLACE:
        message, fix = _no_place(workspace, plan, row)
    elif reason is AssistReason.NO_KERB:
        reach = workspace.settings.assistance.kerb_reach_m
        message = Text(
            "{m:.0f} 米内没有车辆到得了的上车点", "no kerb that such a vehicle can reach within {m:.0f} m"
        ).format(m=reach)
        fix = Text("打开大门、清出消防通道，或者安排人员用担架转送", "open a gate, clear the fire lane, or carry the person farther by stretcher")  # fmt: skip
    else:
        message, fix = _FIXED[reason]
    return NotHelped(
        person=person.id,
        building=person.building,
        community=workspace.buildings[person.building].community,
        mobility=person.mobility,
        reason=reason,
        message_zh=message.zh,
        message_en=message.en,
        fix_zh=fix.zh,
        fix_en=fix.en,
    )


def _no_pair(workspace: Workspace, plan: Assistance, row: int) -> tuple[Text, Text]:
    settings = workspace.settings.assistance
    person = plan.people[row].person
    parts: list[Text] = []
    for number, name in ((1, person.helper_1), (2, person.helper_2)):
        if name is None:
            parts.append(Text("未指定帮扶人{n}", "helper {n} is not named").format(n=number))
        elif name in plan.busy:
            parts.append(
                Text("帮扶人{n}{p}{what}", "helper {n}, {p}, {what}").format(
                    n=number, p=workspace.name(name), what=plan.busy[name]
                )
            )
        elif name in plan.fleet.drivers:
            parts.append(
                Text("帮扶人{n}{p}要开车", "helper {n}, {p}, drives").format(n=number, p=workspace.name(name))
            )
    spare = _spare(plan, row, settings.helper_turns)
    load = _load(plan)
    candidates = np.isfinite(plan.cost[row])
    if not parts:
        parts.append(
            Text("可用的帮扶人都已排满 {t} 轮", "every helper in reach has {t} turns already").format(
                t=settings.helper_turns
            )
            if candidates.any()
            else Text("没有可用的帮扶人", "nobody is free to help")
        )
    missing = 2 - min(spare, 2)
    beyond = [
        (float(plan.helpers.way_m[row, q]), plan.helpers.ids[q])
        for q in range(len(plan.helpers.ids))
        if not candidates[q] and plan.helpers.node[q] >= 0 and math.isfinite(plan.helpers.way_m[row, q]) and load.get(q, 0) < settings.helper_turns
    ]  # fmt: skip
    fix = Text("再落实 {n} 名 {m:.0f} 米内的帮扶人", "find {n} more helper(s) within {m:.0f} m").format(
        n=missing, m=settings.helper_reach_m
    )
    if beyond:
        away, name = min(beyond)
        extra = Text("；较近的空闲人员：{p}，{m:.0f} 米", "; nearest who is free: {p}, {m:.0f} m").format(
            p=workspace.name(name), m=away
        )
        fix = Text(fix.zh + extra.zh, fix.en + extra.en)
    return listing(parts), fix


def _load(plan: Assistance) -> dict[int, int]:
    load: dict[int, int] = {}
    for promise in plan.promises.values():
        for q in promise.pair:
            load[q] = load.get(q, 0) + 1
    return load


def _spare(plan: Assistance, row: int, turns: int) -> int:
    """Return how many possible helpers of a person still have a turn."""
    load = _load(plan)
    return sum(1 for q in np.flatnonzero(np.isfinite(plan.cost[row])) if load.get(int(q), 0) < turns)


def _no_vehicle(workspace: Workspace, plan: Assistance, person: Needy) -> tuple[Text, Text]:
    settings = workspace.settings.assistance
    minutes = by_mobility(settings.load_min, person.mobility) + by_mobility(
        settings.unload_min, person.mobility
    )
    able = [
        v
        for v in sorted(workspace.vehicles.values(), key=lambda v: v.id)
        if (v.seats, v.wheelchair_places, v.stretcher_places)[PLACES.index(person.mobility)] > 0 and v.id in plan.fleet.refused
    ]  # fmt: skip
    message = Text("没有可用的带{k}的车辆", "no vehicle with a {k} may be used").format(
        k=PLACE_NAMES[person.mobility]
    )
    fix = Text(
        "增派一辆带{k}的车辆，装卸约需 {t:.0f} 分钟，另加行车", "send a vehicle with a {k}: about {t:.0f} min of loading and unloading, and the drive"
    ).format(k=PLACE_NAMES[person.mobility], t=minutes)  # fmt: skip
    if able:
        vehicle = able[0]
        extra = Text("；{v}未能使用：{why}", "; {v} is not used: {why}").format(
            v=workspace.name(vehicle.id), why=plan.fleet.refused[vehicle.id]
        )
        fix = Text(fix.zh + extra.zh, fix.en + extra.en)
    return message, fix


def _no_place(workspace: Workspace, plan: Assistance, row: int) -> tuple[Text, Text]:
    able = np.isfinite(plan.found.walk_m[row]) | np.isfinite(plan.found.drive_s[row])
    reach = [h for h, ok in zip(plan.found.havens, able, strict=True) if ok]
    short = sum(1 for r in plan.left.values() if r is AssistReason.NO_BARRIER_FREE_PLACE)
    names = listing([workspace.name(h.id) for h in reach], 4)
    message = Text(
        "到得了的无障碍名额已满（{s}）", "the barrier-free places in reach are taken ({s})"
    ).format(s=names)
    fix = Text("增加无障碍名额，共缺 {n} 个", "add barrier-free places: {n} are missing in all").format(
        n=short
    )
    return message, fix


def shortfall(workspace: Workspace, plan: Assistance, late: Sequence[HelpedPerson]) -> Shortfall | None:
    """Return what would bring in on time those who are late, by trying it out; None where nobody is."""
    if not late:
        return None
    by_mobility = {m: sum(p.mobility is m for p in late) for m in PLACES}
    counts = listing(
        [Text(f"{_KINDS[m].zh} {n} 人", f"{n} {_KINDS[m].en}") for m, n in by_mobility.items() if n]
    )
    walking = sum(p.mode == "walk" for p in late)
    more = more_needed(plan.rounds, plan.times.late) if plan.times.late else None
    vehicles: list[MoreVehicles] = []
    said: list[Text] = []
    for like, count, busy in zip(more.like, more.count, more.busy_s, strict=True) if more else ():
        vehicle = plan.fleet.ready[like].id
        minutes = math.ceil(busy / 60)
        name = workspace.name(vehicle)
        vehicles.append(MoreVehicles(like=vehicle, vehicles=count, busy_min=minutes))
        said.append(
            Text(
                f"与“{name.in_('zh')}”相同的车辆 {count} 辆（每辆最多用 {minutes} 分钟）",
                f"{count} more like {name.in_('en')} (each for up to {minutes} min)",
            )
        )
    zh = f"晚于期限的有 {len(late)} 人（{counts.zh}）"
    en = f"{len(late)} people arrive after their deadline ({counts.en})"
    if vehicles:
        zh += f"；再增加{listing(said).zh}，乘车的人就都能按时送到"
        en += f"; with {listing(said).en}, all who ride would be in time"
    elif plan.times.late:
        zh += "；只增加车辆不够，须提前通知帮扶人和驾驶员、增加帮扶人，或者放宽期限"
        en += "; more vehicles alone do not help: call helpers and drivers earlier, find more helpers, or allow more time"
    if walking:
        zh += f"；步行的 {walking} 人须由帮扶人更早上门，或者改为乘车"
        en += f"; for the {walking} who walk, helpers must come sooner, or a vehicle"
    return Shortfall(
        late_persons=len(late),
        late_by_mobility=by_mobility,
        more=tuple(vehicles),
        message_zh=zh,
        message_en=en,
    )
