"""GEO006: a plan moves more people than its shelters have places."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import SHELTER_DESIGN
from civdef.model.town import DayPart
from civdef.text import Text

RULE = Rule(
    code="GEO006",
    name="place.scarce-places",
    severity="error",
    profile="basic",
    title=Text("避难场所名额少于要疏散的人数", "A plan moves more people than its shelters have places"),
    why=Text(
        "不管怎么分配，总有人没有去处；到时会堵在已经满了的场所门口。",
        "However they are assigned, some have nowhere to go, and they will stand before doors that are already full.",
    ),
    fix=Text(
        "增加场所或名额，放宽预案允许的类别，或写明多出的人转往何处。",
        "Add sites or places, allow more classes, or say where the rest are taken.",
    ),
    wrong="49494 persons at night, 42000 places allowed",
    right="49494 persons at night, 52000 places allowed",
    sources=(SHELTER_DESIGN.clause("5.2.4", confirmed=False),),
    needs=("evacuation",),
)

TIMES = {
    DayPart.NIGHT: Text("夜间", "at night"),
    DayPart.WORKDAY: Text("工作日", "on a working day"),
    DayPart.HOLIDAY: Text("节假日", "on a holiday"),
}


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan that is short of places, at the time of day when most are missing."""
    for plan in audit.workspace.plans.values():
        if plan.evacuation is None:
            continue
        rows = [
            (found.persons - found.places, found.persons, found.places, time)
            for time in TIMES
            if (found := audit.evacuation.balance(plan, time)) is not None
        ]
        if not rows:
            continue
        short, persons, places, time = max(rows, key=lambda r: r[:3])
        if short > 0:
            yield Hit(
                plan.id,
                ("evacuation",),
                Text(
                    "{p}{t}要疏散 {n} 人，允许使用的避难场所只有 {m} 个名额，差 {s} 个",
                    "{p}: {n} people to move {t}, {m} places in the shelters it allows, {s} short",
                ).format(p=plan, t=TIMES[time], n=persons, m=places, s=short),
                RULE.fix,
            )
