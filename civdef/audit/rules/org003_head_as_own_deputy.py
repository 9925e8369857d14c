"""ORG003: the same person is head and deputy."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.text import Text

RULE = Rule(
    code="ORG003",
    name="organisation.head-as-own-deputy",
    severity="error",
    profile="basic",
    title=Text("正副职是同一个人", "The same person is head and deputy"),
    why=Text(
        "这个人一旦联系不上，正职和副职同时落空。",
        "If that one person cannot be reached, both posts fail together.",
    ),
    fix=Text("副职（队伍的副队长）改由另一人担任。", "Let somebody else hold the deputy's place."),
    wrong="leader: person/chen\ndeputy: person/chen",
    right="leader: person/chen\ndeputy: person/deng",
    sources=(PLANNING_GUIDE.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every group and team led twice by one person, and every post whose holder stands in for himself."""
    ws = audit.workspace
    pairs = [
        *((g.id, "deputy", ws.holder(g.head), ws.holder(g.deputy)) for g in ws.groups.values() if g.deputy),
        *((t.id, "deputy", t.leader, t.deputy) for t in ws.teams.values() if t.deputy),
    ]
    for object_id, field, first, second in pairs:
        if first is not None and first == second:
            yield Hit(
                object_id,
                (field,),
                Text("{o}的正副职都是{p}", "{p} both leads {o} and is its deputy").format(
                    o=ws.name(object_id), p=ws.name(first)
                ),
                RULE.fix,
                (first,),
            )
    for post in ws.posts.values():
        for i, stand_in in enumerate(post.stand_ins):
            if post.holder is not None and ws.holder(stand_in) == post.holder:
                yield Hit(
                    post.id,
                    ("stand_ins", i),
                    Text("{o}的代理人就是任职人{p}自己", "{p} holds {o} and also stands in for it").format(
                        o=post, p=ws.name(post.holder)
                    ),
                    RULE.fix,
                    (post.holder,),
                )
