"""DAT002: a plan has not been reviewed for too long."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.calendar import months_before
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.model.plan import Plan, StandingRule
from civdef.text import Text

RULE = Rule(
    code="DAT002",
    name="date.overdue-review",
    severity="warning",
    profile="standard",
    title=Text("评估超期", "A plan has not been reviewed for too long"),
    why=Text(
        "人员、风险、资源每年都在变，长期不评估的预案会与实际脱节。",
        "People, risks and means change every year; a plan that nobody looks at drifts away from them.",
    ),
    fix=Text(
        "组织评估，更新 reviewed；发现问题的同时修订。",
        "Review the plan and bring `reviewed` up to date; revise it where needed.",
    ),
    wrong="reviewed: 2025-01-10   # as_of 2026-11-01",
    right="reviewed: 2026-09-15",
    sources=(PLAN_MEASURES.article(34),),
    settings=("intervals.review_months",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every plan and standing rule whose last review, revision or issue is too long ago."""
    ws = audit.workspace
    months = ws.settings.intervals.review_months
    limit = months_before(audit.as_of, months)
    documents: tuple[Plan | StandingRule, ...] = (*ws.plans.values(), *ws.rules.values())
    for document in documents:
        dates = {
            "issued": document.issued,
            "reviewed": document.reviewed,
            "revised": getattr(document, "revised", None),
        }
        field, last = max(((f, d) for f, d in dates.items() if d is not None), key=lambda x: x[1])
        if last < limit:
            yield Hit(
                document.id,
                (field,),
                Text(
                    "{p}自 {d} 以来没有评估，已超过 {m} 个月",
                    "{p} has not been reviewed since {d}, over {m} months ago",
                ).format(p=document, d=last, m=months),
                RULE.fix,
            )
