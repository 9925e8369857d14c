"""RES001: a plan needs more of a piece of equipment than there is."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.schedule import Slot, peak
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="RES001",
    name="resource.short-equipment",
    severity="error",
    profile="basic",
    title=Text("装备数量不够用", "A plan needs more equipment than there is"),
    why=Text(
        "同一时间要用的数量超过库存，后到的任务只能等前面的用完。",
        "More is needed at one time than is in store; whoever comes later waits until the first is done.",
    ),
    fix=Text(
        "补充库存，减少任务所需数量，或错开使用时间。",
        "Buy more, ask for less, or let one task wait for the other.",
    ),
    wrong="equipment/pump: quantity 2\nneeds: {equipment: [{id: equipment/pump, quantity: 3}]}",
    right="equipment/pump: quantity 3\nneeds: {equipment: [{id: equipment/pump, quantity: 3}]}",
    sources=(RESPONSE_LAW.article(28),),
    needs=("schedule",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan and item that runs short at the planned pace, at the level where most is missing."""
    ws = audit.workspace
    worst: dict[tuple[str, str], tuple[int, int, tuple[Slot, ...]]] = {}
    for (plan_id, level), slots in audit.schedule.items():
        items = dict.fromkeys(n.id for s in slots.values() for n in s.task.needs.equipment)
        for item in items:
            needed, busy = peak(
                slots,
                lambda t, item=item: sum(n.quantity for n in t.needs.equipment if n.id == item),  # type: ignore[misc]
            )
            if needed > worst.get((plan_id, item), (0, 0, ()))[0]:
                worst[(plan_id, item)] = (needed, level, busy)
    for (plan_id, item), (needed, level, busy) in sorted(worst.items()):
        found = ws.equipment.get(item)
        if found is None or needed <= found.quantity:
            continue
        last = max(busy, key=lambda s: (s.start_min, s.index))
        which = next(i for i, n in enumerate(last.task.needs.equipment) if n.id == item)
        yield Hit(
            plan_id,
            ("tasks", last.index, "needs", "equipment", which),
            Text(
                "{e}现有 {h}，{l} 级响应时同时需要 {n}（{t}）",
                "{e}: {h} in store, {n} needed at once at level {l} ({t})",
            ).format(e=found, h=found.quantity, n=needed, l=level, t=listing(s.task.id for s in busy)),
            RULE.fix,
            (item,),
        )
