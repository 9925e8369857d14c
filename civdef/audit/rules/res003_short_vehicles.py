"""RES003: a plan needs more vehicles of a kind than there are."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.schedule import Slot, peak
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="RES003",
    name="resource.short-vehicles",
    severity="error",
    profile="basic",
    title=Text("车辆不够用", "A plan needs more vehicles than there are"),
    why=Text(
        "同一辆车同一时间只能执行一项任务；车不够，行动不便的人就要等下一趟。",
        "A vehicle does one thing at a time; where there are too few, those who cannot walk wait for the next trip.",
    ),
    fix=Text(
        "补充车辆（含协议车辆），减少任务所需数量，或错开使用时间。",
        "Add vehicles (agreements count), ask for fewer, or let one task wait for the other.",
    ),
    wrong="vehicles.csv: 1 bus\nneeds: {vehicles: [{kind: bus, quantity: 2}]}",
    right="vehicles.csv: 2 buses\nneeds: {vehicles: [{kind: bus, quantity: 2}]}",
    sources=(RESPONSE_LAW.article(28),),
    needs=("schedule",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan and kind that runs short at the planned pace, at the level where most is missing."""
    ws = audit.workspace
    fleet: dict[str, int] = {}
    for vehicle in ws.vehicles.values():
        fleet[vehicle.kind] = fleet.get(vehicle.kind, 0) + 1
    worst: dict[tuple[str, str], tuple[int, int, tuple[Slot, ...]]] = {}
    for (plan_id, level), slots in audit.schedule.items():
        for kind in dict.fromkeys(n.kind for s in slots.values() for n in s.task.needs.vehicles):
            needed, busy = peak(
                slots,
                lambda t, kind=kind: sum(n.quantity for n in t.needs.vehicles if n.kind == kind),  # type: ignore[misc]
            )
            if needed > worst.get((plan_id, kind), (0, 0, ()))[0]:
                worst[(plan_id, kind)] = (needed, level, busy)
    for (plan_id, kind), (needed, level, busy) in sorted(worst.items()):
        have = fleet.get(kind, 0)
        if needed <= have:
            continue
        last = max(busy, key=lambda s: (s.start_min, s.index))
        which = next(i for i, n in enumerate(last.task.needs.vehicles) if n.kind == kind)
        yield Hit(
            plan_id,
            ("tasks", last.index, "needs", "vehicles", which),
            Text(
                "{k} 类车辆现有 {h} 辆，{l} 级响应时同时需要 {n} 辆（{t}）",
                "{h} vehicles of kind {k}, {n} needed at once at level {l} ({t})",
            ).format(k=kind, h=have, n=needed, l=level, t=listing(s.task.id for s in busy)),
            RULE.fix,
            tuple(v.id for v in ws.vehicles.values() if v.kind == kind),
        )
