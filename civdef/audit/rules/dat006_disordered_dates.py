"""DAT006: a plan's dates contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.text import Text

RULE = Rule(
    code="DAT006",
    name="date.disordered-dates",
    severity="warning",
    profile="basic",
    title=Text("日期前后矛盾", "A plan's dates contradict each other"),
    why=Text(
        "修订、公布、备案不会早于印发，也不会晚于基准日；日期写错，各项期限都会算错。",
        "Nothing is revised, published or filed before its issue, nor after the as-of date; a wrong date makes every interval wrong.",
    ),
    fix=Text(
        "核对并改正日期；基准日是 civdef.toml 的 as_of。",
        "Check and correct the date; the as-of date is `as_of` in civdef.toml.",
    ),
    wrong="issued: 2026-03-20\npublished: 2025-04-08",
    right="issued: 2026-03-20\npublished: 2026-04-08",
    sources=(CIVDEF.whole,),
    settings=("as_of",),
)

NAMES = {
    "issued": Text("印发", "issued"),
    "reviewed": Text("评估", "reviewed"),
    "revised": Text("修订", "revised"),
    "published": Text("公布", "published"),
    "last_drill": Text("最近演练", "last drill"),
    "filed": Text("备案", "filed"),
}
AFTER_ISSUE = ("revised", "published", "filed")
"""A review may come before the issue of the version that it led to; a drill may be of the version before."""


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every date after the as-of date, and every one of `AFTER_ISSUE` before the issue."""
    for plan in audit.workspace.plans.values():
        dates = {
            "issued": plan.issued,
            "reviewed": plan.reviewed,
            "revised": plan.revised,
            "published": plan.published,
            "last_drill": plan.last_drill,
            "filed": plan.filed.date if plan.filed else None,
        }
        for field, day in dates.items():
            if day is None:
                continue
            path = ("filed", "date") if field == "filed" else (field,)
            if day > audit.as_of:
                yield Hit(
                    plan.id,
                    path,
                    Text(
                        "{p}的{f}日期 {d} 晚于基准日 {a}", "{p}: {f} {d} is after the as-of date {a}"
                    ).format(p=plan, f=NAMES[field], d=day, a=audit.as_of),
                    RULE.fix,
                )
            elif field in AFTER_ISSUE and day < plan.issued:
                yield Hit(
                    plan.id,
                    path,
                    Text(
                        "{p}的{f}日期 {d} 早于印发日期 {i}", "{p}: {f} {d} is before its issue on {i}"
                    ).format(p=plan, f=NAMES[field], d=day, i=plan.issued),
                    RULE.fix,
                )
