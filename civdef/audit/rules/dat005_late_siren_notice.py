"""DAT005: sirens sound in a drill without public notice in time."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVIL_AIR_DEFENCE_LAW
from civdef.text import Text

RULE = Rule(
    code="DAT005",
    name="date.late-siren-notice",
    severity="error",
    profile="basic",
    title=Text("鸣响警报没有提前公告", "Sirens sound without public notice in time"),
    why=Text(
        "警报试鸣应当在五日以前发布公告；没有公告，居民会当成真的，或者以后再也不当真。",
        "A test of the sirens is announced at least five days before; without notice people take it for real, or never take it for real again.",
    ),
    fix=Text(
        "在 notice_date 中写明公告日期，至少提前五日；来不及的改期，或不鸣警报。",
        "Give the date of the notice under `notice_date`, at least five days before; if it is too late, move the drill or leave out the sirens.",
    ),
    wrong="start: 2026-09-19T10:00\nnotice_date: 2026-09-17",
    right="start: 2026-09-19T10:00\nnotice_date: 2026-09-11",
    sources=(CIVIL_AIR_DEFENCE_LAW.article(35),),
    settings=("intervals.siren_notice_days",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every drill with sirens whose notice is missing or late."""
    days = audit.workspace.settings.intervals.siren_notice_days
    for drill in audit.workspace.drills.values():
        if not drill.sirens:
            continue
        start = drill.start.date()
        if drill.notice_date is None:
            yield Hit(
                drill.id,
                ("sirens",),
                Text(
                    "{d}要鸣响警报，但没有写公告日期",
                    "{d} sounds the sirens and gives no date of public notice",
                ).format(d=drill),
                RULE.fix,
            )
        elif (start - drill.notice_date).days < days:
            yield Hit(
                drill.id,
                ("notice_date",),
                Text(
                    "{d}于 {s} 鸣响警报，{n} 才公告，不足 {k} 日",
                    "{d} sounds the sirens on {s}; notice is given on {n}, less than {k} days before",
                ).format(d=drill, s=start, n=drill.notice_date, k=days),
                RULE.fix,
            )
