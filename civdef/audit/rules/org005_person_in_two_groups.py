"""ORG005: one person is promised to two command groups."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.text import Text, listing

RULE = Rule(
    code="ORG005",
    name="organisation.person-in-two-groups",
    severity="warning",
    profile="standard",
    title=Text("一人在两个指挥组任职", "One person is promised to two command groups"),
    why=Text(
        "七个组同时运转，一个人只能到一处；名单上的人数看着够，实际少一个。",
        "All groups work at once and one person can be in one place; the list looks full and is one short.",
    ),
    fix=Text("保留一处，另一处换人。", "Keep one place and name somebody else for the other."),
    wrong="group/supply.members: [person/deng]\ngroup/transport.members: [person/deng]",
    right="group/supply.members: [person/deng]\ngroup/transport.members: [person/fang]",
    sources=(PLANNING_GUIDE.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every person who is head, deputy or member of a second group, at the second place."""
    ws = audit.workspace
    seats: dict[str, list[tuple[str, tuple[str | int, ...]]]] = {}
    for group in ws.groups.values():
        places: list[tuple[str | None, tuple[str | int, ...]]] = [
            (ws.holder(group.head), ("head",)),
            (ws.holder(group.deputy) if group.deputy else None, ("deputy",)),
            *((member, ("members", i)) for i, member in enumerate(group.members)),
        ]
        for person, path in places:
            if person is not None and all(g != group.id for g, _ in seats.get(person, [])):
                seats.setdefault(person, []).append((group.id, path))
    for person, found in sorted(seats.items()):
        if len(found) > 1:
            group_id, path = found[1]
            yield Hit(
                group_id,
                path,
                Text("{p}同时在 {n} 个指挥组：{g}", "{p} is in {n} command groups: {g}").format(
                    p=ws.name(person), n=len(found), g=listing(ws.name(g) for g, _ in found)
                ),
                RULE.fix,
                (person, *(g for g, _ in found if g != group_id)),
            )
