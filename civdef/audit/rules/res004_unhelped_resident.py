"""RES004: people who cannot leave alone have no pair of helpers."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.text import Text

RULE = Rule(
    code="RES004",
    name="resource.unhelped-resident",
    severity="warning",
    profile="standard",
    title=Text("需协助人员没有落实两名帮扶人", "People who need help to leave have no pair of helpers"),
    why=Text(
        "搀扶、抬送要两个人；没有落实到人，就会在最后清点时才发现漏了谁。",
        "Guiding or carrying takes two; where nobody is named, the gap shows only at the final head count.",
    ),
    fix=Text(
        "在 plans/assistance.csv 中写明 helper_1 和 helper_2，两人不同。",
        "Name two different people as `helper_1` and `helper_2` in plans/assistance.csv.",
    ),
    wrong="assisted/1,…,helper_1=person/deng,helper_2=",
    right="assisted/1,…,helper_1=person/deng,helper_2=person/chen",
    sources=(PLAN_MEASURES.article(15),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every community with such people, at the first of them; no names are shown, only how many."""
    ws = audit.workspace
    found: dict[str, list[str]] = {}
    for person in ws.assisted.values():
        helpers = {h for h in (person.helper_1, person.helper_2) if h is not None}
        if len(helpers) < 2:
            household = ws.households[person.household]
            found.setdefault(ws.buildings[household.building].community, []).append(person.id)
    for community, people in sorted(found.items()):
        yield Hit(
            people[0],
            ("helper_1",),
            Text(
                "{c}有 {n} 名需协助人员没有两名帮扶人",
                "{c}: people who need help to leave and have no pair of helpers: {n}",
            ).format(c=ws.name(community), n=len(people)),
            RULE.fix,
            (community, *people[1:]),
        )
