"""ORG007: telephone numbers have not been checked for too long."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.calendar import months_before
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.text import Text, listing

RULE = Rule(
    code="ORG007",
    name="organisation.unchecked-phones",
    severity="warning",
    profile="standard",
    title=Text("通讯录过期未核对", "The contact list has not been checked for too long"),
    why=Text(
        "换号、调离每季度都有；不核对的通讯录，要用时总有几个打不通。",
        "People change numbers and posts all the time; in a list nobody checks, some numbers are dead when they are needed.",
    ),
    fix=Text(
        "逐人拨测，更新 plans/roster.csv 的 phone 和 phone_checked。",
        "Ring everybody, and bring `phone` and `phone_checked` in plans/roster.csv up to date.",
    ),
    wrong="phone_checked: 2025-03-01   # as_of 2026-11-01",
    right="phone_checked: 2026-10-12",
    sources=(CIVDEF.whole,),
    settings=("intervals.contacts_months",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for the whole roster, at the first number that is overdue."""
    ws = audit.workspace
    months = ws.settings.intervals.contacts_months
    limit = months_before(audit.as_of, months)
    listed = [p for p in ws.people.values() if p.phone or p.alternate_phone]
    never = [p for p in listed if p.phone_checked is None]
    old = [p for p in listed if p.phone_checked is not None and p.phone_checked < limit]
    overdue = sorted((*never, *old), key=lambda p: p.id)
    if overdue:
        yield Hit(
            overdue[0].id,
            ("phone_checked",),
            Text(
                "{n} 人的电话超过 {m} 个月没有核对（其中 {k} 人从未核对）：{l}",
                "Numbers not checked for over {m} months: {n}, of which {k} never ({l})",
            ).format(n=len(overdue), m=months, k=len(never), l=listing(overdue, 5)),
            RULE.fix,
            tuple(p.id for p in overdue[1:]),
        )
