"""Work lists of war time as plain rows: for each assembly point, each column, each shelter, and of those who are left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from civdef.evacuate.orders import door_name, place_name
from civdef.evacuate.wartime.result import (
    Boarding,
    ColumnVehicle,
    DoorCheck,
    March,
    StageTransport,
    WartimeResult,
)
from civdef.evacuate.wartime.words import BEYOND, LEFT, clock
from civdef.evacuate.worklist import WorkList
from civdef.model.workspace import Workspace
from civdef.text import Text

MARCH = Text("车次", "march")


def points(stage: StageTransport) -> tuple[str, ...]:
    """Return the assembly points where somebody gathers in a stage, in order."""
    return tuple(sorted({b.assembly_point for b in stage.boarding if b.assembly_point is not None}))


def columns(stage: StageTransport) -> tuple[int, ...]:
    """Return the columns that march in a stage, in order."""
    return tuple(sorted({m.column for m in stage.marches}))


def march_name(column: int, march: int) -> str:
    """Return what a march is called: its column and its number."""
    return f"{column}-{march}"


def point_marches(workspace: Workspace, result: WartimeResult, stage: StageTransport, point: str) -> WorkList:
    """Return which columns load at an assembly point, in order."""
    helped = _by_march(stage.boarding)
    mine = sorted((m for m in stage.marches if m.assembly_point == point), key=_loading)
    return WorkList(
        point,
        workspace.name(point).text,
        (
            MARCH, Text("开始上车", "loads from"), Text("出发", "leaves"), Text("接收地", "destination"), Text("路程（公里）", "distance [km]"),
            Text("车辆（辆）", "vehicles"), Text("人数", "persons"), Text("行动不便", "cannot walk alone"), Text("轮椅", "wheelchair"), Text("担架", "stretcher"),
        ),
        tuple(
            (
                march_name(m.column, m.march), clock(m.load_from_min), clock(m.leave_min), destination(result, m),
                result.destinations[m.destination - 1].distance_km, len(m.vehicles), m.persons,
                *(helped[m.column, m.march, kind] or None for kind in _KINDS),
            )
            for m in mine
        ),
        numbers=(1, 2, 4, 5, 6, 7, 8, 9),
    )  # fmt: skip


_KINDS = ("assisted_persons", "wheelchair_persons", "stretcher_persons")


def _by_march(rows: Iterable[Boarding]) -> Counter[tuple[int | None, int | None, str]]:
    found: Counter[tuple[int | None, int | None, str]] = Counter()
    for row in rows:
        for kind in _KINDS:
            found[row.column, row.march, kind] += getattr(row, kind)
    return found


def _loading(m: March) -> tuple[int, int]:
    return m.load_from_min, m.leave_min


def destination(result: WartimeResult, m: March) -> Text:
    """Return the name of a march's destination."""
    there = result.destinations[m.destination - 1]
    return Text(there.name_zh, there.name_en)


_SAME = Text("同户", "same")
"""Instead of a number of households: the rest of a household that had to be split."""


def boardings(workspace: Workspace, result: WartimeResult, stage: StageTransport, point: str | None, *, alone: bool) -> WorkList:  # fmt: skip
    """Return which buildings gather at an assembly point, for which march, or why for none.

    Parameters
    ----------
    workspace, result, stage
        The plan.
    point
        Assembly point; None: those who get to none.
    alone
        The list stands by itself: it says also when each march leaves and where to.
    """
    marches = {(m.column, m.march): m for m in stage.marches}
    rows = [b for b in stage.boarding if b.assembly_point == point]
    mixed = point is None or len({b.community for b in rows}) > 1
    head = (
        MARCH, Text("到点时刻", "be there at"),
        *((Text("出发", "leaves"), Text("接收地", "destination")) if alone else ()),
        *((Text("社区", "community"),) if mixed else ()),
        Text("楼栋", "building"), Text("步行（米）", "walk [m]"), Text("户数", "households"), Text("人数", "persons"),
        Text("行动不便", "cannot walk alone"), Text("轮椅", "wheelchair"), Text("担架", "stretcher"),
    )  # fmt: skip
    cells: list[tuple[object, ...]] = []
    for b in rows:
        m = marches[b.column, b.march] if b.column is not None and b.march is not None else None
        cells.append(
            (
                "–" if m is None else march_name(m.column, m.march),
                LEFT[b.left] if b.left is not None else clock(m.load_from_min) if m is not None else "",
                *(("–", "–") if m is None else (clock(m.leave_min), destination(result, m))) * alone,
                *((workspace.name(b.community),) if mixed else ()),
                workspace.name(b.building), None if b.walk_m is None else round(b.walk_m), b.households or _SAME, b.persons,
                b.assisted_persons or None, b.wheelchair_persons or None, b.stretcher_persons or None,
            )
        )  # fmt: skip
    name = Text("到不了集合点", "No assembly point") if point is None else workspace.name(point).text
    return WorkList(
        point,
        name,
        head,
        tuple(cells),
        numbers=(1, *((2,) if alone else ()), *range(len(head) - 6, len(head))),
    )


_VEHICLE = (
    Text("序号", "no."), Text("车辆", "vehicle"), Text("车牌", "plate"), Text("座位", "seats"), Text("驾驶员", "driver"),
    Text("电话", "telephone"), Text("替班驾驶员", "relief driver"),
)  # fmt: skip


def _vehicle(workspace: Workspace, v: ColumnVehicle) -> tuple[object, ...]:
    own = workspace.vehicles.get(v.vehicle)
    driver = workspace.people.get(v.driver) if v.driver is not None else None
    relief = workspace.people.get(own.relief_driver) if own is not None and own.relief_driver else None
    return (
        Text(v.name_zh, v.name_en), own.plate if own is not None else None, v.seats,
        driver.name if driver is not None else None, driver.phone if driver is not None else None,
        relief.name if relief is not None and relief is not driver else None,
    )  # fmt: skip


def vehicles(workspace: Workspace, result: WartimeResult, stage: StageTransport, column: int) -> WorkList:
    """Return the vehicles of a column in order, who drives them, and in which of its marches they carry people."""
    mine = [m for m in stage.marches if m.column == column]
    rows = tuple(
        (
            k,
            *_vehicle(workspace, v),
            _marches_said([m.march for m in mine if v.vehicle in m.vehicles], len(mine)),
        )
        for k, v in enumerate((v for v in result.fleet if v.column == column), start=1)
    )
    head = (*_VEHICLE, Text("载人的趟次", "marches with people"))
    return WorkList(str(column), column_name(column), head, rows, numbers=(0, 3))


def fleet(workspace: Workspace, result: WartimeResult) -> WorkList:
    """Return all vehicles by column."""
    rows = tuple((v.column, k, *_vehicle(workspace, v)) for k, v in enumerate(result.fleet, start=1))
    head = (Text("车队", "column"), *_VEHICLE)
    return WorkList(None, Text("全部车辆", "All vehicles"), head, rows, numbers=(0, 1, 4))


def column_name(column: int) -> Text:
    """Return what a column is called."""
    return Text("第 {k} 车队", "Column {k}").format(k=column)


def _marches_said(used: list[int], all_: int) -> Text:
    if len(used) == all_:
        return Text("全部", "all")
    if not used:
        return Text("备用", "reserve")
    return Text("、".join(map(str, used)), ", ".join(map(str, used)))


def orders(workspace: Workspace, result: WartimeResult, stage: StageTransport, column: int) -> WorkList:
    """Return the marches of a column one after another: where and when it loads, leaves, arrives and is back, and what comes next."""
    helped = _by_march(stage.boarding)
    mine = sorted((m for m in stage.marches if m.column == column), key=_loading)
    rows = []
    for m, after in zip(mine, [*mine[1:], None], strict=True):
        following = (
            Text("本期完成", "none")
            if after is None
            else Text("{m}（{t}）", "{m} at {t}").format(
                m=march_name(after.column, after.march), t=clock(after.load_from_min)
            )
        )
        rows.append(
            (
                march_name(m.column, m.march), workspace.name(m.assembly_point), clock(m.load_from_min), len(m.vehicles), m.persons,
                helped[m.column, m.march, _KINDS[0]] or None, clock(m.leave_min), clock(m.clear_min), destination(result, m),
                result.destinations[m.destination - 1].distance_km,
                clock(m.arrive_min), clock(m.done_min), clock(m.back_min), following,
            )
        )  # fmt: skip
    return WorkList(
        str(column),
        column_name(column),
        (
            MARCH, Text("集合点", "assembly point"), Text("开始上车", "loads from"), Text("车辆（辆）", "vehicles"), Text("人数", "persons"),
            Text("行动不便", "cannot walk alone"), Text("首车出发", "first leaves"), Text("尾车出发", "last leaves"), Text("接收地", "destination"),
            Text("路程（公里）", "distance [km]"), Text("尾车到达", "last is there"), Text("移交完毕", "handed over"), Text("返回街道", "back"),
            Text("下一趟（上车）", "next (loads)"),
        ),
        tuple(rows),
        numbers=(2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13),
    )  # fmt: skip


def shelter_doors(workspace: Workspace, check: DoorCheck) -> WorkList:
    """Return the doors of a shelter: what each may pass, and how many come to it by the plan."""
    rows = []
    for e in check.entrances:
        drawn = workspace.entrances.get(e.entrance)
        rows.append(
            (
                _door(workspace, check.shelter, e.entrance), f"{e.width_m:.2f}", e.door_persons, e.assigned_persons,
                Text("无台阶", "step-free") if drawn is not None and drawn.step_free else Text("有台阶", "steps") if drawn is not None else None,
                None if e.beyond is None
                else Text("超出 {n:,} 人：{w}", "{n:,} too many: {w}").format(n=e.assigned_persons - e.door_persons, w=BEYOND[e.beyond]),
            )
        )  # fmt: skip
    return WorkList(
        check.shelter,
        workspace.name(check.shelter).text,
        (
            Text("出入口", "door"), Text("净宽（米）", "clear width [m]"), Text("本口限额（人）", "may pass [persons]"),
            Text("按方案来人（人）", "come by the plan [persons]"), Text("台阶", "steps"), Text("处置", "what to do"),
        ),
        tuple(rows),
        numbers=(1, 2, 3),
    )  # fmt: skip


def _door(workspace: Workspace, shelter: str, entrance: str) -> Text:
    """Return the name of a door as its shelter's own list calls it: without the shelter's name, where that stands before it."""
    name, whole = workspace.name(shelter).text, door_name(workspace, entrance)

    def short(said: str, before: str) -> str:
        return said.removeprefix(before).lstrip(" ,·，") or said

    return Text(short(whole.zh, name.zh), short(whole.en, name.en))


def shelter_buildings(workspace: Workspace, result: WartimeResult, shelter: str) -> WorkList:
    """Return which buildings come to a shelter, by door and in the order in which they are all inside."""
    mine = sorted(
        (b for b in result.buildings if b.shelter == shelter),
        key=lambda b: (b.entrance or "", b.planned_s if b.planned_s is not None else float("inf"), b.building, b.part),
    )  # fmt: skip
    return WorkList(
        shelter,
        workspace.name(shelter).text,
        (
            Text("出入口", "door"), Text("社区", "community"), Text("楼栋", "building"), Text("人数", "persons"),
            Text("行动不便", "cannot walk alone"), Text("步行（米）", "walk [m]"), Text("全部进入（分）", "all inside [min]"),
            Text("赶不上（分）", "misses [min]"), Text("最快也赶不上（分）", "misses at best [min]"),
        ),
        tuple(
            (
                "–" if b.entrance is None else _door(workspace, shelter, b.entrance),
                workspace.name(workspace.buildings[b.building].community), place_name(workspace, b.building, b.part), b.persons,
                b.assisted_persons or None, None if b.walk_m is None else round(b.walk_m), None if b.planned_s is None else round(b.planned_s / 60, 1),
                missed(result, b.planned_s), missed(result, b.best_s),
            )
            for b in mine
        ),
        numbers=(3, 4, 5, 6, 7, 8),
    )  # fmt: skip


def missed(result: WartimeResult, seconds: float | None) -> int | float | None:
    """Return the longest limit that somebody inside after so long misses [min]; None: none. Without a time every limit is missed."""
    limits = [t.limit_min for t in result.in_time if seconds is None or seconds > t.limit_min * 60]
    longest = max(limits, default=None)
    return int(longest) if longest is not None and longest == int(longest) else longest


def without_cover(workspace: Workspace, result: WartimeResult) -> WorkList:
    """Return the buildings that have no place under cover."""
    return WorkList(
        None,
        Text("没有掩蔽位置的楼栋", "Buildings without a place under cover"),
        (
            Text("社区", "community"), Text("楼栋", "building"), Text("人数", "persons"), Text("行动不便", "cannot walk alone"),
            Text("最近的掩蔽工程", "nearest cover"), Text("路程（米）", "way [m]"),
        ),
        tuple(
            (
                workspace.name(workspace.buildings[b.building].community), place_name(workspace, b.building, b.part), b.persons,
                b.assisted_persons or None, None if b.nearest is None else workspace.name(b.nearest),
                None if b.nearest_m is None else round(b.nearest_m),
            )
            for b in result.buildings if b.shelter is None
        ),
        numbers=(2, 3, 5),
    )  # fmt: skip
