"""ORG008: the duty rota has a hole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="ORG008",
    name="organisation.duty-gap",
    severity="warning",
    profile="standard",
    title=Text("值班表有空档", "The duty rota has a hole"),
    why=Text(
        "警报、预警和报告先到值班室；那一班没有人，最初的几十分钟就丢了。",
        "Alarms, warnings and reports reach the duty room first; in a shift without anybody the first half hour is lost.",
    ),
    fix=Text("为空档的班次排上人。", "Put somebody on the shifts named."),
    wrong="2026-11-01,night,duty_officer,person/an\n2026-11-03,night,duty_officer,person/bo",
    right="2026-11-01,night,duty_officer,person/an\n2026-11-02,night,duty_officer,person/chen\n2026-11-03,night,duty_officer,person/bo",
    sources=(RESPONSE_LAW.article(61),),
)

USUAL_SHARE = 0.5
"""A role belongs to a shift if it is filled on at least this share of the rota's days; rarer ones are extra hands."""

SHIFTS = {"day": Text("白班", "day"), "night": Text("夜班", "night")}


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every (shift, role) with holes between the rota's first and last day, at the row before the first."""
    duty = audit.workspace.duty
    if not duty:
        return
    first, last = min(s.date for s in duty), max(s.date for s in duty)
    days = [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]
    filled: dict[tuple[str, str], dict[dt.date, int]] = {}
    for i, shift in enumerate(duty):
        filled.setdefault((shift.shift, shift.role), {}).setdefault(shift.date, i)
    for (shift_name, role), rows in sorted(filled.items()):
        holes = [d for d in days if d not in rows]
        if not holes or len(rows) < USUAL_SHARE * len(days):
            continue
        before = max((d for d in rows if d < holes[0]), default=min(rows))
        yield Hit(
            f"duty/{rows[before]}",
            ("date",),
            Text(
                "值班表中 {r} 的{s}有 {n} 天没有人：{d}", "The rota has nobody as {r} on {n} {s} shifts: {d}"
            ).format(
                r=role, s=SHIFTS[shift_name], n=len(holes), d=listing((d.isoformat() for d in holes), 5)
            ),
            RULE.fix,
        )
