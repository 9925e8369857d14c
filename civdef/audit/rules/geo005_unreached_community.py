"""GEO005: nobody of a community has a shelter within the refuge distance."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import AIR_DEFENCE_BASEMENT, SHELTER_DESIGN
from civdef.text import Text, listing

RULE = Rule(
    code="GEO005",
    name="place.unreached-community",
    severity="warning",
    profile="basic",
    title=Text(
        "社区在步行距离内没有可用的避难场所", "A community has no allowed shelter within walking reach"
    ),
    why=Text(
        "预案要求全街道疏散，而这个社区没有一户在规定的步行距离之内；老人、孩子走不到，就会滞留在半路。",
        "The plan moves the whole street, and not one home of this community lies within the distance; the old and the young are left on the way.",
    ),
    fix=Text(
        "在社区内或附近增设场所，放宽预案允许的类别，或为该社区安排车辆。",
        "Add a site in or near it, allow more classes in the plan, or send vehicles.",
    ),
    wrong="community/nanshan: nearest emergency shelter 900 m away",
    right="community/nanshan: a school field within 500 m",
    sources=(SHELTER_DESIGN.clause("3.1", confirmed=False), AIR_DEFENCE_BASEMENT.clause("3.1.2")),
    needs=("coverage",),
    settings=("shelter_standards",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every street-wide plan with such communities; a plan without any shelter is GEO006's business."""
    ws = audit.workspace
    for plan in ws.plans.values():
        policy = plan.evacuation
        if policy is None or policy.scope != "street":
            continue
        reach = audit.coverage.of(plan)
        if not reach.shelters.shelters:
            continue
        missing = [
            row
            for row in reach.communities
            if row.persons > 0
            and row.covered_persons == 0
            and (not policy.communities or row.community in policy.communities)
        ]
        if missing:
            yield Hit(
                plan.id,
                ("evacuation", "shelter_classes"),
                Text(
                    "{p}：{c}共 {n} 人，没有一人在规定步行距离内有可用的避难场所",
                    "{p}: of the {n} people of {c} not one has an allowed shelter within the distance",
                ).format(
                    p=plan,
                    c=listing(ws.name(r.community) for r in missing),
                    n=sum(r.persons for r in missing),
                ),
                RULE.fix,
                tuple(r.community for r in missing),
            )
