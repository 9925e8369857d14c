"""DAT003: a plan has not been revised for too long."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.calendar import months_before
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CHONGQING, PLAN_MEASURES
from civdef.text import Text

RULE = Rule(
    code="DAT003",
    name="date.overdue-revision",
    severity="warning",
    profile="standard",
    title=Text("修订超期", "A plan has not been revised for too long"),
    why=Text(
        "多年不修订的预案，机构、职责和依据多半已经变了。",
        "After years without a revision, bodies, duties and legal basis have mostly changed.",
    ),
    fix=Text(
        "启动修订，重新审批、印发、备案，更新 revised。",
        "Revise it, have it approved, issued and filed again, and bring `revised` up to date.",
    ),
    wrong="issued: 2021-06-01   # never revised, as_of 2026-11-01",
    right="issued: 2021-06-01\nrevised: 2025-04-10",
    sources=(PLAN_MEASURES.article(35), CHONGQING.article(15)),
    settings=("intervals.revise_months",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every plan issued and last revised too long ago."""
    months = audit.workspace.settings.intervals.revise_months
    limit = months_before(audit.as_of, months)
    for plan in audit.workspace.plans.values():
        last = max(plan.issued, plan.revised or plan.issued)
        if last < limit:
            yield Hit(
                plan.id,
                ("revised",) if plan.revised else ("issued",),
                Text(
                    "{p}自 {d} 以来没有修订，已超过 {m} 个月",
                    "{p} has not been revised since {d}, over {m} months ago",
                ).format(p=plan, d=last, m=months),
                RULE.fix,
            )
