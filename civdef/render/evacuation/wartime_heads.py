"""What stands on top of each sheet of war time: whose it is, which plan, stage and clock, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable

from civdef.evacuate.wartime import lists
from civdef.evacuate.wartime.result import (
    Boarding,
    BuildingCover,
    DoorCheck,
    March,
    StageTransport,
    WartimeResult,
)
from civdef.evacuate.wartime.stages import Stage
from civdef.evacuate.wartime.words import LEFT, STAGES, clock, siren_state
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation.lists import facts, in_charge
from civdef.render.evacuation.worklists import count
from civdef.text import Text, apart, listing

POINT = Text("{s}集合点任务单：{p}", "Assembly point, {s}: {p}")
COLUMN = Text("{s}车队任务单：{c}", "March order, {s}: {c}")
SHELTER = Text("掩蔽工程任务单：{s}", "Shelter: {s}")
COUNTED = Text("实到人数", "counted")
REPORTED = Text("报到", "reported")
REQUISITIONED = Text(
    "征用车辆的车牌、驾驶员和电话在报到时填写。",
    "Plate, driver and telephone of requisitioned vehicles are entered when they report.",
)
_LEADER = Text(
    "车队长：＿＿＿＿＿＿　电话：＿＿＿＿＿＿＿＿",
    "Leader of the column: ____________  telephone: ________________",
)
_MARCH = Text("车次 3-1 即第 3 车队第 1 趟。", "March 3-1: column 3, march 1.")


_EXAMPLE_MIN = 26 * 60 + 20


def points(stage: StageTransport) -> list[str | None]:
    """Return the assembly points of a stage, and None if somebody gets to none: each has a sheet."""
    nowhere = [None] if stage.without_assembly_point_persons else []
    return [*lists.points(stage), *nowhere]


def question(workspace: Workspace, result: WartimeResult, stage: StageTransport | None) -> Text:
    """Return plan, its version, time of day and stage in a line."""
    said = Text("{f}；预案版本 {v}", "{f}; plan version {v}").format(
        f=facts(workspace, result), v=workspace.plans[result.plan].version
    )
    return said if stage is None else Text("{f}；{s}", "{f}; {s}").format(f=said, s=STAGES[stage.stage])


def siren(workspace: Workspace, result: WartimeResult) -> Text:
    """Return the question of cover nearby in a line: plan, time of day, stage and who has left before."""
    return Text(
        "{f}；{s}（就近掩蔽），警报响起时{g}", "{f}; {s} (cover nearby), when the siren sounds {g}"
    ).format(f=question(workspace, result, None), s=STAGES[Stage.EMERGENCY], g=siren_state(result))


def stage_clock(stage: StageTransport | None) -> Text:
    """Return from when the times of a stage count, how to read them, and room to write down when it began; None: of all stages."""
    if stage is None:
        return Text(
            "时刻从各期疏散开始时算起：{t} 即开始后 26 小时 20 分。",
            "Times count from the start of each stage: {t} is 26 h 20 min after it.",
        ).format(t=clock(_EXAMPLE_MIN))
    return Text(
        "时刻从{s}开始时算起：{t} 即开始后 26 小时 20 分。开始时刻：＿＿月＿＿日＿＿时＿＿分",
        "Times count from the start of the {s}: {t} is 26 h 20 min after it. It starts on: ____________ at: ________",
    ).format(s=STAGES[stage.stage], t=clock(_EXAMPLE_MIN))


SIREN_CLOCK = Text(
    "时间从空袭警报响起时算起，单位为分。", "Times are minutes from the start of the air-raid signal."
)
_MISSED = Text(
    "“赶不上”列出按方案（计拥挤和出入口排队）赶不上的最长时限；“最快也赶不上”是直奔最近的工程、途中不拥挤也赶不上的时限，须提早预警或者就近增设掩蔽工程。",
    '"Misses" is the longest limit missed by the plan, crowds and queues at doors included; "misses at best" the one missed even on the way'
    " to the nearest shelter without any crowd: that needs an earlier warning or cover nearer.",
)


def point(
    workspace: Workspace, result: WartimeResult, stage: StageTransport, place: str | None, audience: Audience
) -> list[Text]:
    """Return the lines of an assembly point's sheet; None: of those who get to none."""
    rows = [b for b in stage.boarding if b.assembly_point == place]
    said = [question(workspace, result, stage), stage_clock(stage), _gathers(workspace, stage, place, rows)]
    left = [b for b in rows if b.left is not None]
    if place is not None and left:
        said.append(_left(left))
    if place is not None:
        said += in_charge(workspace, workspace.fixed_posts[place], audience)
    return said


def _gathers(workspace: Workspace, stage: StageTransport, place: str | None, rows: list[Boarding]) -> Text:
    persons, households = sum(b.persons for b in rows), sum(b.households for b in rows)
    buildings = len({b.building for b in rows})
    whole = Text(
        f"{persons:,} 人（{households:,} 户、{buildings} 栋），{{a}}",
        f"{count(persons, 'person')} ({count(households, 'household')}, {count(buildings, 'building')}), {{a}}",
    ).format(a=assisted(rows))
    if place is None:
        return Text("到不了任何集合点的有 {w}。", "No assembly point in reach for {w}.").format(w=whole)
    from_ = listing([workspace.name(c) for c in sorted({b.community for b in rows})])
    marches = [m for m in stage.marches if m.assembly_point == place]
    if not marches:
        return Text("{c}在此集合 {w}；没有车队到此。", "{c}: {w}; no column comes.").format(c=from_, w=whole)
    last = (
        Text("{l} 出发", "it leaves at {l}")
        if len(marches) == 1
        else Text("最后一趟{l} 出发", "the last leaves at {l}")
    )
    return Text(
        "{c}在此集合 {w}；{f} 起上车，{k} 趟送走 {n} 人，{l}。{m}",
        "{c}: {w}; loading begins at {f}; {k} with {n}, {l}. {m}",
    ).format(
        c=from_, w=whole, f=clock(min(m.load_from_min for m in marches)),
        k=Text(str(len(marches)), count(len(marches), "march", "marches")),
        n=_persons(sum(m.persons for m in marches)), l=last.format(l=clock(max(m.leave_min for m in marches))), m=_MARCH,
    )  # fmt: skip


def _persons(number: int) -> Text:
    return Text(f"{number:,}", count(number, "person"))


def _left(rows: list[Boarding]) -> Text:
    reasons = [r for r in LEFT if any(b.left is r for b in rows)]
    parts = listing(
        [
            Text("{r} {n:,} 人", "{n:,} {r}").format(r=LEFT[r], n=sum(b.persons for b in rows if b.left is r))
            for r in reasons
        ]
    )
    return Text(
        "尚未落实：{p}，落实后另行通知。", "Not provided for: {p}; they are called once that is settled."
    ).format(p=parts)


def assisted(rows: Iterable[Boarding]) -> Text:
    """Return how many cannot walk alone, and how many of them sit in a wheelchair or lie on a stretcher."""
    rows = list(rows)
    all_, chairs, beds = (
        sum(getattr(b, kind) for b in rows)
        for kind in ("assisted_persons", "wheelchair_persons", "stretcher_persons")
    )
    if not all_:
        return Text("无行动不便人员", "all of whom can walk alone")
    if not chairs + beds:
        return Text("其中行动不便 {a} 人", "{a} of whom cannot walk alone").format(a=all_)
    return Text(
        "其中行动不便 {a} 人（轮椅 {c}、担架 {b}）",
        "{a} of whom cannot walk alone (wheelchair {c}, stretcher {b})",
    ).format(a=all_, c=chairs, b=beds)


def column(workspace: Workspace, result: WartimeResult, stage: StageTransport, number: int) -> list[Text]:
    """Return the lines of a column's march order."""
    settings = workspace.settings.wartime
    marches = [m for m in stage.marches if m.column == number]
    vehicles = [v for v in result.fleet if v.column == number]
    rows = [b for b in stage.boarding if b.column == number]
    whole = Text(
        "{v} 辆车、{s} 座；{k} 趟，送 {n} 人，{a}。车队行进时最长 {m:,.0f} 米，车距 {g:g} 米，时速 {w:g} 公里。{c}",
        "{v}, {s} seats; {k}, {n}, {a}. On the road up to {m:,.0f} m long, {g:g} m between vehicles, {w:g} km/h. {c}",
    ).format(
        v=Text(str(len(vehicles)), count(len(vehicles), "vehicle")), s=sum(v.seats for v in vehicles),
        k=Text(str(len(marches)), count(len(marches), "march", "marches")), n=_persons(sum(m.persons for m in marches)), a=assisted(rows),
        m=max(m.length_m for m in marches), g=settings.gap_m, w=settings.column_kmh, c=_MARCH,
    )  # fmt: skip
    return [question(workspace, result, stage), stage_clock(stage), whole, *_roads(result, marches), _LEADER]


def _roads(result: WartimeResult, marches: Iterable[March]) -> list[Text]:
    """Return the line that says by which roads the destinations of some marches are reached, as far as that is known."""
    found = [
        Text("到{d}，经{r}", "to {d} by {r}").format(
            d=Text(d.name_zh, d.name_en), r=Text(apart(d.road_zh).rstrip(), d.road_en or d.road_zh)
        )
        for d in result.destinations
        if d.road_zh is not None and d.number in {m.destination for m in marches}
    ]
    return [Text("行进路线：{w}。", "Route: {w}.").format(w=listing(found))] if found else []


def shelter(workspace: Workspace, result: WartimeResult, check: DoorCheck, audience: Audience) -> list[Text]:
    """Return the lines of a shelter's sheet."""
    mine = [b for b in result.buildings if b.shelter == check.shelter]
    settings = workspace.settings.wartime
    whole = Text(
        "名额 {p:,}；出入口 {d} 处，净宽合计 {w:.2f} 米，可进 {m:,} 人（每百人 {x:.2f} 米，每口不超过 {y} 人）；接收 {a:,} 人（{b} 栋），"
        "其中行动不便 {h:,} 人。",
        "{p:,} places; {d} with {w:.2f} m of clear width, which allow {m:,} persons ({x:.2f} m for each 100, at most {y} a door);"
        " receives {a:,} persons from {b}, {h:,} of whom cannot walk alone.",
    ).format(
        p=check.places, d=Text(str(check.doors), count(check.doors, "door")), w=check.width_m, m=check.door_persons,
        x=settings.door_m_per_100, y=settings.door_most_persons, a=check.assigned_persons,
        b=Text(str(len({b.building for b in mine})), count(len({b.building for b in mine}), "building")),
        h=sum(b.assisted_persons for b in mine),
    )  # fmt: skip
    times = []
    for t in result.in_time:
        late = [b for b in mine if b.planned_s is None or b.planned_s > t.limit_min * 60]
        never = [b for b in late if b.best_s is None or b.best_s > t.limit_min * 60]
        if late:
            some = Text("{m:g} 分钟内赶不上 {n:,} 人", "{n:,} miss {m:g} min")
            if never:
                some = Text(f"{some.zh}（最快也赶不上 {{k:,}} 人）", f"{some.en} ({{k:,}} even at best)")
            times.append(
                some.format(m=t.limit_min, n=sum(b.persons for b in late), k=sum(b.persons for b in never))
            )
        else:
            times.append(Text("{m:g} 分钟内全部进入", "all inside within {m:g} min").format(m=t.limit_min))
    said = Text("；".join(t.zh for t in times) + "。", "; ".join(t.en for t in times) + ".")
    return [
        siren(workspace, result), SIREN_CLOCK, whole, *_farther(mine), said, _MISSED,
        *in_charge(workspace, workspace.shelters[check.shelter], audience),
    ]  # fmt: skip


def _farther(rows: list[BuildingCover]) -> list[Text]:
    """Return the line that says who does not come by the nearest door."""
    some = [b for b in rows if b.farther_m is not None and round(b.farther_m) > 0]
    if not some:
        return []
    houses = len({b.building for b in some})
    return [
        Text(
            f"为免出入口拥挤、超过限额，{sum(b.persons for b in some):,} 人（{houses} 栋）不走最近的出入口，最多多走 {{m}} 米。",
            f"So that no door is crowded or gets more than it may pass, {count(sum(b.persons for b in some), 'person')} from"
            f" {count(houses, 'building')} take another than the nearest door, up to {{m}} m farther.",
        ).format(m=round(max(b.farther_m or 0.0 for b in some)))
    ]


def without_cover(workspace: Workspace, result: WartimeResult) -> list[Text]:
    """Return the lines of the list of those without a place under cover."""
    listed = sum(b.persons for b in result.buildings if b.shelter is None)
    said = [
        siren(workspace, result),
        SIREN_CLOCK,
        Text(
            "{n:,} 人没有掩蔽位置，利用就近的地下室、坚固建筑物底层等隐蔽。",
            "{n:,} persons have no place; they take cover in basements or on the ground floor of solid buildings nearby.",
        ).format(n=result.left_over_persons),
    ]
    if result.left_over_persons > listed:
        said.append(
            Text("其中 {n:,} 人所在单位没有对应的房屋，未列入下表。", "{n:,} of them are in units without a building and not in the table.").format(
                n=result.left_over_persons - listed
            )
        )  # fmt: skip
    return said
