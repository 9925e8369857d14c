"""ORG001: a command group has no deputy head."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE, RESPONSE_LAW
from civdef.text import Text

RULE = Rule(
    code="ORG001",
    name="organisation.group-without-deputy",
    severity="warning",
    profile="basic",
    title=Text("指挥组没有副组长", "A command group has no deputy head"),
    why=Text(
        "组长不在或联系不上时，全组无人带领，后面的任务都要等。",
        "When the head is away or cannot be reached nobody leads the group, and every task behind it waits.",
    ),
    fix=Text("设一名副组长，由另一人担任。", "Appoint a deputy, held by another person."),
    wrong="groups:\n  - id: group/supply\n    head: post/supply-head",
    right="groups:\n  - id: group/supply\n    head: post/supply-head\n    deputy: post/supply-deputy",
    sources=(RESPONSE_LAW.article(28), PLANNING_GUIDE.whole),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every group without a deputy."""
    for group in audit.workspace.groups.values():
        if group.deputy is None:
            yield Hit(
                group.id,
                (),
                Text("{g}没有副组长", "{g} has no deputy head").format(g=group),
                Text(
                    "为{g}设副组长（deputy），由组长以外的人担任。",
                    "Give {g} a `deputy` held by somebody other than its head.",
                ).format(g=group),
                (group.head,),
            )
