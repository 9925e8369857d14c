"""GEO002: a shelter claims more places than its area allows."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import AIR_DEFENCE_BASEMENT, SHELTER_DESIGN
from civdef.text import Text

RULE = Rule(
    code="GEO002",
    name="place.overfull-shelter",
    severity="warning",
    profile="basic",
    title=Text("避难场所名额超过面积所能容纳", "A shelter claims more places than its area allows"),
    why=Text(
        "名额是按面积算出来的；多写的名额到时站不下，分到这里的人要另找去处。",
        "Places follow from area; those written beyond it do not exist, and the people sent there must go elsewhere.",
    ),
    fix=Text(
        "按有效面积除以人均标准核定 places，或核实 area_m2。",
        "Set `places` to the area divided by the standard, or check `area_m2`.",
    ),
    wrong="class emergency, area_m2: 500, places: 900   # 1 m2 a person",
    right="class emergency, area_m2: 500, places: 500",
    sources=(
        SHELTER_DESIGN.clause("3.1", confirmed=False),
        AIR_DEFENCE_BASEMENT.clause("3.2", confirmed=False),
    ),
    settings=("shelter_standards",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every shelter with an area, a standard for its class, and more places than they give."""
    standards = audit.workspace.settings.shelter_standards
    for shelter in audit.workspace.shelters.values():
        standard = standards.get(shelter.shelter_class)
        if shelter.area_m2 is None or standard is None:
            continue
        most = int(shelter.area_m2 / standard.area_m2_per_person + 1e-9)
        if shelter.places.whole > most:
            yield Hit(
                shelter.id,
                ("places",),
                Text(
                    "{s}写有 {p} 个名额，按有效面积 {a:g} 平方米、每人 {m:g} 平方米只能容纳 {n} 人",
                    "{s} claims {p} places; {a:g} square metres at {m:g} a person give {n}",
                ).format(
                    s=shelter,
                    p=shelter.places.whole,
                    a=shelter.area_m2,
                    m=standard.area_m2_per_person,
                    n=most,
                ),
                Text(
                    "把 places 改为不超过 {n}，或核实 area_m2。",
                    "Set `places` to {n} at most, or check `area_m2`.",
                ).format(n=most),
            )
