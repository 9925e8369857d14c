"""LAW002: the first report to the higher body comes too late, or none is owed."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.contents import answers_an_event
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import ACCIDENT_REPORTS, HEALTH_REGULATION, RESPONSE_LAW
from civdef.model.organisation import ExternalKind
from civdef.text import Text

RULE = Rule(
    code="LAW002",
    name="law.late-report",
    severity="error",
    profile="basic",
    title=Text(
        "向上级的首次报告过迟或没有规定",
        "The first report to the higher body comes too late, or none is owed",
    ),
    why=Text(
        "信息报送不得迟报、谎报、瞒报、漏报；首报写得太迟，照着做就是迟报。",
        "Reports may not be late, false, hidden or missing; where the plan itself allows too long, following it is a late report.",
    ),
    fix=Text(
        "在 reports 中规定向上级机构首报，时限不超过本地规定（先电话、后书面）。",
        "Owe the higher body a first report under `reports`, within the local limit (telephone first, paper after).",
    ),
    wrong="reports:\n  - {id: first, to: external/district-command, within_min: 240}",
    right="reports:\n  - {id: first, to: external/district-command, within_min: 20}",
    sources=(RESPONSE_LAW.article(61), HEALTH_REGULATION.article(20), ACCIDENT_REPORTS.whole),
    settings=("audit.first_report_min",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every plan that answers an event and whose quickest report to a higher body is late or absent."""
    ws = audit.workspace
    for plan in ws.plans.values():
        limit = ws.settings.audit.first_report_min.get(plan.hazard_class)
        if limit is None or not answers_an_event(plan):
            continue
        upward = [
            (report.within_min, i)
            for i, report in enumerate(plan.reports)
            if report.to in ws.external and ws.external[report.to].kind is ExternalKind.UPPER
        ]
        if not upward:
            yield Hit(
                plan.id,
                ("reports",),
                Text("{p}没有规定向上级机构的报告", "{p} owes no report to a higher body").format(p=plan),
                RULE.fix,
            )
            continue
        soonest, index = min(upward)
        if soonest > limit:
            yield Hit(
                plan.id,
                ("reports", index, "within_min"),
                Text(
                    "{p}最早的上报在 {m:g} 分钟内，超过 {l:g} 分钟",
                    "{p}: the earliest report upward is owed within {m:g} min, over {l:g}",
                ).format(p=plan, m=soonest, l=limit),
                RULE.fix,
                (plan.reports[index].to,),
            )
