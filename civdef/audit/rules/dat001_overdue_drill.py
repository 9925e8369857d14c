"""DAT001: a plan has not been exercised for too long."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.calendar import months_before
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES, SAFETY_REGULATION
from civdef.text import Text

RULE = Rule(
    code="DAT001",
    name="date.overdue-drill",
    severity="warning",
    profile="basic",
    title=Text("演练超期", "A plan has not been exercised for too long"),
    why=Text(
        "没演过的预案，人不知道自己的岗位，问题要到真出事才发现。",
        "In a plan nobody has rehearsed people do not know their places, and its faults show on the day.",
    ),
    fix=Text(
        "安排演练（civdef drill list 列出可用的演练），演练后更新 last_drill。",
        "Run a drill (civdef drill list shows those at hand) and bring `last_drill` up to date.",
    ),
    wrong="last_drill: 2024-03-01   # as_of 2026-11-01",
    right="last_drill: 2026-05-12",
    sources=(SAFETY_REGULATION.article(8), PLAN_MEASURES.article(32)),
    settings=("intervals.drill_months",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every plan whose last drill, or whose issue if there was none, is too long ago."""
    general = audit.workspace.settings.intervals.drill_months
    for plan in audit.workspace.plans.values():
        months = plan.drill_interval_months or general
        last = plan.last_drill or plan.issued
        if last >= months_before(audit.as_of, months):
            continue
        what = (
            Text("{p}上次演练在 {d}，已超过 {m} 个月", "{p} was last exercised on {d}, over {m} months ago")
            if plan.last_drill
            else Text(
                "{p}自 {d} 印发以来没有演练过，已超过 {m} 个月",
                "{p} has never been exercised since its issue on {d}, over {m} months ago",
            )
        )
        path = ("last_drill",) if plan.last_drill else ("issued",)
        yield Hit(plan.id, path, what.format(p=plan, d=last, m=months), RULE.fix)
