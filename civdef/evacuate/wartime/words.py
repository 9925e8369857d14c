"""Stages, clocks, and what is short and would fix it, in words: the same on the console, on sheets and on the command's page."""

from __future__ import annotations

from civdef.evacuate.wartime.result import (
    BeyondLimit,
    EntranceLoad,
    LeftBehind,
    StageTransport,
    WartimeResult,
)
from civdef.evacuate.wartime.stages import Stage
from civdef.text import Text

STAGES = {
    Stage.EARLY: Text("早期疏散", "early evacuation"),
    Stage.IMMINENT: Text("临战疏散", "imminent evacuation"),
    Stage.EMERGENCY: Text("紧急疏散", "emergency evacuation"),
}
LEFT = {
    LeftBehind.NO_ASSEMBLY_POINT: Text("到不了集合点", "without an assembly point"),
    LeftBehind.NO_DESTINATION: Text("没有接收地", "without a destination"),
    LeftBehind.NO_VEHICLE: Text("没有车", "without a vehicle"),
}
BEYOND = {
    BeyondLimit.ROUNDING: Text(
        "单口限额舍去了零头，各口合计够用，不必另行引导",
        "each door's limit is rounded down, together they suffice; nobody need be led elsewhere",
    ),
    BeyondLimit.OTHER_DOORS_FULL: Text("其余出入口也已满", "the other doors are full"),
    BeyondLimit.NONE_FITS_WHOLE: Text(
        "没有合适的整栋可以改走，引到其余出入口",
        "no whole building fits elsewhere; lead them to the other doors",
    ),
    BeyondLimit.OTHERWISE_LATE: Text(
        "整栋改走会误时限，引到其余出入口",
        "a whole building would be late by another door; lead them to the other doors",
    ),
    BeyondLimit.OTHER_DOORS_FAR: Text(
        "整栋改走绕行过远，引到其余出入口",
        "for a whole building the other doors are too far round; lead them to the other doors",
    ),
}
"""Why more people come to a door than it may pass, and what to do with them."""


def clock(minutes: int) -> Text:
    """Return a time of a stage as day and clock from its start; in English one word, so that it is not broken over two lines."""
    day, rest = divmod(minutes, 1440)
    return Text(f"第{day + 1}日{rest // 60:02}:{rest % 60:02}", f"D{day + 1}-{rest // 60:02}:{rest % 60:02}")


def siren_state(result: WartimeResult) -> Text:
    """Return who has left when the siren sounds."""
    if result.gone is None:
        return Text("尚无人离开", "nobody has left")
    return Text("{s}已完成", "{s} is over").format(s=STAGES[result.gone])


def stage_short(s: StageTransport) -> list[Text]:
    """Return what a stage is short of, and what would fix it; nothing if it carries everybody in time."""
    name = STAGES[s.stage]
    found: list[Text] = []
    if s.without_assembly_point_persons:
        found.append(
            Text(
                "{s}：{n} 人到不了集合点，请在其社区增设集合点，或者补齐通往集合点的道路。",
                "{s}: {n} persons get to no assembly point; add one in their community, or the streets that lead to it.",
            ).format(s=name, n=s.without_assembly_point_persons)
        )
    if s.without_destination_persons:
        found.append(
            Text(
                "{s}：{n} 人没有接收地，请报上级增加接收地或名额，并填入 civdef.toml 的 wartime.destinations。",
                "{s}: no destination has room for {n} persons; ask for more and enter them under wartime.destinations in civdef.toml.",
            ).format(s=name, n=s.without_destination_persons)
        )
    elif s.late and s.more_vehicles is not None:
        found.append(
            Text(
                "{s}：不能按期送完；再增派 {n} 辆 {k} 座客车即可按期完成。",
                "{s}: not over in time; with {n} more coaches of {k} seats it is.",
            ).format(s=name, n=s.more_vehicles, k=s.more_seats)
        )
    elif s.late:
        found.append(
            Text(
                "{s}：不能按期送完，单靠增加车辆也不够：出口道路上车队间隔、装载时间或者路程太长。",
                "{s}: not over in time, and more vehicles alone do not help: headways, loading or the way take too long.",
            ).format(s=name)
        )
    return found


def cover_short(result: WartimeResult) -> Text:
    """Return whether everybody has a place under cover near enough, and what would fix it."""
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


def doors_short(result: WartimeResult) -> list[Text]:
    """Return which doors do not suffice, by themselves or for those whom the plan brings to them, and what would fix it."""
    found: list[Text] = []
    short = [d for d in result.doors if not d.enough]
    if short:
        found.append(
            Text(
                "{k} 处掩蔽工程出入口不足，{n:,} 个名额不能使用：请加宽或者增开出入口（见各工程任务单）。",
                "The doors of {k} shelters do not suffice for {n:,} of their places: widen them or add some (see their sheets).",
            ).format(k=len(short), n=result.lost_to_doors_persons)
        )
    entrances = [e for d in result.doors for e in d.entrances]
    full = [e for e in entrances if e.beyond is BeyondLimit.OTHER_DOORS_FULL]
    if full:
        found.append(
            Text(
                "超过单口限额的出入口 {k} 处，多来 {n:,} 人，同一工程的其余出入口也已满：请加宽或者增开出入口（见各工程任务单）。",
                "Doors that get more than they may pass while the shelter's other doors are full: {k} ({n:,} persons too many); widen"
                " doors or add some (see their sheets).",
            ).format(k=len(full), n=_too_many(full))
        )
    led = [e for e in entrances if e.beyond not in (None, BeyondLimit.ROUNDING, BeyondLimit.OTHER_DOORS_FULL)]
    if led:
        found.append(
            Text(
                "超过单口限额的出入口 {k} 处，多来 {n:,} 人，无法整栋改走（原因见各工程任务单）：请派引导员把超出的人引到同一工程的其余出入口。",
                "Doors that get more than they may pass: {k} ({n:,} persons too many); no whole building can take another door"
                " (their sheets say why); marshals must lead those persons to the shelter's other doors.",
            ).format(k=len(led), n=_too_many(led))
        )
    return found


def _too_many(doors: list[EntranceLoad]) -> int:
    return sum(e.assigned_persons - e.door_persons for e in doors)


def carried_seated(s: StageTransport) -> Text | None:
    """Return how many of a stage need more than a seat, for whom the columns have no place; None if nobody does."""
    chairs = sum(b.wheelchair_persons for b in s.boarding)
    beds = sum(b.stretcher_persons for b in s.boarding)
    if not chairs + beds:
        return None
    return Text(
        "{s}：其中轮椅 {c} 人、担架 {b} 人，车队按座位编组，须另配无障碍车和救护车随队（civdef evacuate assist 列出本街道的）。",
        "{s}: {c} wheelchair users and {b} on stretchers are counted by seats; vehicles with a lift and ambulances must go with the columns"
        " (civdef evacuate assist lists the street's own).",
    ).format(s=STAGES[s.stage], c=chairs, b=beds)
