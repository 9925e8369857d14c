"""GEO004: fixed shelters hold too small a share of the residents."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import SHELTER_DESIGN
from civdef.model.shelter import ShelterClass
from civdef.text import Text

RULE = Rule(
    code="GEO004",
    name="place.scarce-fixed-places",
    severity="warning",
    profile="standard",
    title=Text("固定避难场所容量不足", "Fixed shelters hold too small a share of the residents"),
    why=Text(
        "紧急避难场所只能待几个小时到一天，房子回不去的人要住进固定避难场所；规范要求不低于服务人口的 15%。",
        "Emergency shelters serve for hours; those who cannot go home need fixed ones, for at least 15% of the people served.",
    ),
    fix=Text(
        "增设固定避难场所，或与上级、相邻街道商定共用并登记。",
        "Add fixed shelters, or agree with the district or neighbours to share theirs, and enter them.",
    ),
    wrong="residents 48102, places in fixed shelters 3000",
    right="residents 48102, places in fixed shelters 7300",
    sources=(SHELTER_DESIGN.clause("4.2.2", confirmed=False),),
    settings=("audit.fixed_places_share",),
)

FIXED = frozenset(
    {ShelterClass.SHORT_TERM, ShelterClass.MEDIUM_TERM, ShelterClass.LONG_TERM, ShelterClass.CENTRAL}
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit if the places of all fixed shelters are too few; a street that plans no earthquake shelters is left alone."""
    ws = audit.workspace
    if not ws.residents or not any("earthquake" in p.hazards for p in ws.plans.values()):
        return
    fixed = [s for s in ws.shelters.values() if s.shelter_class in FIXED]
    places = sum(s.places.whole for s in fixed)
    share = ws.settings.audit.fixed_places_share
    if places >= share * ws.residents:
        return
    plan = next(p for p in ws.plans.values() if "earthquake" in p.hazards)
    yield Hit(
        fixed[0].id if fixed else plan.id,
        ("places",) if fixed else ("evacuation",),
        Text(
            "固定避难场所共 {n} 处、{p} 个名额，为居民 {r} 人的 {q:.1%}，低于 {s:.0%}",
            "{n} fixed shelters with {p} places: {q:.1%} of {r} residents, under {s:.0%}",
        ).format(n=len(fixed), p=places, r=ws.residents, q=places / ws.residents, s=share),
        RULE.fix,
        tuple(s.id for s in fixed[1:]),
    )
