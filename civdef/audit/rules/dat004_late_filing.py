"""DAT004: a plan was filed late, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.calendar import working_days
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.text import Text

RULE = Rule(
    code="DAT004",
    name="date.late-filing",
    severity="warning",
    profile="standard",
    title=Text("备案超期或未备案", "A plan was filed late, or not at all"),
    why=Text(
        "印发后二十个工作日内应当报上级备案，上级预案才能与之衔接。",
        "Within twenty working days of issue a plan goes to the higher body, so that its own can link up.",
    ),
    fix=Text(
        "尽快报送备案，并在 filed 中写明接收机构和日期。",
        "File it, and name the receiving body and the date under `filed`.",
    ),
    wrong="issued: 2026-03-20\nfiled: {to: external/district-emergency-bureau, date: 2026-06-01}",
    right="issued: 2026-03-20\nfiled: {to: external/district-emergency-bureau, date: 2026-04-10}",
    sources=(PLAN_MEASURES.article(26),),
    settings=("intervals.filing_working_days",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every plan filed after its time, or not filed when its time had passed."""
    limit = audit.workspace.settings.intervals.filing_working_days
    for plan in audit.workspace.plans.values():
        issued = max(plan.issued, plan.revised or plan.issued)
        filed = plan.filed.date if plan.filed is not None else None
        days = working_days(issued, min(filed, audit.as_of) if filed else audit.as_of)
        if days <= limit:
            continue
        if filed is not None:
            path: tuple[str, ...] = ("filed", "date")
            message = Text(
                "{p}于 {i} 印发、{f} 备案，相隔 {n} 个工作日，超过 {l} 个（按周一至周五计，未扣除法定节假日）",
                "{p} was issued on {i} and filed on {f}, {n} working days later, over {l} (Monday to Friday; public holidays not deducted)",
            )
        else:
            path = ("filed",) if plan.filed is not None else ("issued",)
            message = Text(
                "{p}于 {i} 印发，至 {f} 仍未备案，已 {n} 个工作日，超过 {l} 个（按周一至周五计，未扣除法定节假日）",
                "{p} was issued on {i} and not filed by {f}, {n} working days later, over {l} (Monday to Friday; public holidays not deducted)",
            )
        yield Hit(
            plan.id, path, message.format(p=plan, i=issued, f=filed or audit.as_of, n=days, l=limit), RULE.fix
        )
