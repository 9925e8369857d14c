"""GEO001: a shelter stands where its own hazard strikes."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.danger import ANYWHERE
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import SHELTER_DESIGN
from civdef.hazards.effects import hazard
from civdef.text import Text, listing

RULE = Rule(
    code="GEO001",
    name="place.shelter-in-danger",
    severity="error",
    profile="basic",
    title=Text("避难场所在它所应对灾害的危险区内", "A shelter stands where its own hazard strikes"),
    why=Text(
        "人被送进了危险区；灾害到来时这处场所不能用，其名额也是虚的。",
        "People are sent into the danger; when the hazard comes the place cannot be used, and its places were never there.",
    ),
    fix=Text(
        "从该场所的 hazards 中去掉这类灾害，或换一处场所。",
        "Take the hazard out of `hazards` of the shelter, or choose another site.",
    ),
    wrong='shelter/park: hazards ["flood"], inside hazard/lake-flood',
    right='shelter/park: hazards ["earthquake"]',
    sources=(SHELTER_DESIGN.whole,),
    needs=("hazards",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every shelter and kind of hazard that it claims to serve and whose effects on the map rule it out."""
    ws = audit.workspace
    for kind, effects in audit.hazards.items():
        if kind in ANYWHERE:
            continue
        for shelter_id in effects.unsafe_shelters:
            shelter = ws.shelters[shelter_id]
            if kind not in shelter.hazards:
                continue
            areas = [
                f.id
                for f in ws.footprints.values()
                if f.hazard == kind and f.shape_m.intersects(shelter.shape_m)
            ]
            if not areas:
                continue
            yield Hit(
                shelter_id,
                ("hazards",),
                Text(
                    "{s}自称适用于{k}，却位于其危险区内：{a}",
                    "{s} is meant for {k} and lies in its hazard area: {a}",
                ).format(s=shelter, k=hazard(kind).NAME, a=listing(ws.name(a) for a in areas)),
                Text(
                    "从 hazards 中去掉 {k}，或换一处场所。",
                    "Take {k} out of `hazards`, or choose another site.",
                ).format(k=kind),
                tuple(areas),
                key=kind,
            )
