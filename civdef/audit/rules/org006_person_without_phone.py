"""ORG006: somebody who must be called has no telephone number."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import TOWNSHIP_PLAN
from civdef.text import Text, listing

RULE = Rule(
    code="ORG006",
    name="organisation.person-without-phone",
    severity="error",
    profile="basic",
    title=Text("应被呼叫的人没有电话", "Somebody who must be called has no telephone number"),
    why=Text(
        "呼叫到这里就断了，后面等他的任务都不会开始。",
        "The call chain ends here, and whatever waits for this person does not start.",
    ),
    fix=Text(
        "在 plans/roster.csv 中补填 phone，并写明核对日期 phone_checked。",
        "Fill in `phone` in plans/roster.csv, and `phone_checked` with the date.",
    ),
    wrong="person/an,安,,office/toy",
    right="person/an,安,(phone),office/toy",
    sources=(TOWNSHIP_PLAN.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for everybody without a number who holds or stands in for a post, leads a team or is on the rota."""
    ws = audit.workspace
    called: dict[str, dict[str, None]] = {}
    for post in ws.posts.values():
        for ref in (post.holder, *post.stand_ins):
            person = ws.holder(ref) if ref else None
            if person is not None:
                called.setdefault(person, {})[post.id] = None
    for team in ws.teams.values():
        for person in (team.leader, team.deputy):
            if person is not None:
                called.setdefault(person, {})[team.id] = None
    for shift in ws.duty:
        called.setdefault(shift.person, {})
    for person, why in sorted(called.items()):
        found = ws.people.get(person)
        if found is not None and not found.phone and not found.alternate_phone:
            yield Hit(
                person,
                ("phone",),
                Text("{p}没有电话{w}", "{p} has no telephone number{w}").format(
                    p=found,
                    w=Text("（{l}）", " ({l})").format(l=listing((ws.name(i) for i in why), 3))
                    if why
                    else Text("（值班）", " (duty rota)"),
                ),
                RULE.fix,
                tuple(why),
            )
