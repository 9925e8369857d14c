"""ORG004: a post that must act has nobody who stands in."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.text import Text, listing

RULE = Rule(
    code="ORG004",
    name="organisation.post-without-stand-in",
    severity="warning",
    profile="standard",
    title=Text("关键岗位没有代理人", "A post that must act has no stand-in"),
    why=Text(
        "夜间和节假日总有人联系不上；启动响应、下达指令的岗位没有 AB 角，整个预案就卡在一部打不通的电话上。",
        "At night and on holidays somebody is always out of reach; where a post that starts or orders has no stand-in, the whole plan hangs on one telephone.",
    ),
    fix=Text(
        "在 stand_ins 中按顺序写明代理人，最好两名。",
        "List who stands in under `stand_ins`, in order; two are better than one.",
    ),
    wrong="- id: post/commander\n  holder: person/an",
    right="- id: post/commander\n  holder: person/an\n  stand_ins: [person/bo, person/chen]",
    sources=(PLANNING_GUIDE.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every post that starts a level, acts, or leads, and has neither stand-in, deputy nor rota."""
    ws = audit.workspace
    needed: dict[str, dict[str, None]] = {}
    for plan in ws.plans.values():
        for level in plan.levels:
            needed.setdefault(level.started_by, {})[plan.id] = None
        for task in plan.tasks:
            if task.who in ws.posts:
                needed.setdefault(task.who, {})[plan.id] = None
    if ws.headquarters is not None:
        for commander in ws.headquarters.commanders:
            needed.setdefault(commander, {})[ws.headquarters.id] = None
    for group in ws.groups.values():
        needed.setdefault(group.head, {})[group.id] = None
    covered = {g.head for g in ws.groups.values() if g.deputy is not None}
    covered |= {g.deputy for g in ws.groups.values() if g.deputy is not None}
    on_rota = {s.role for s in ws.duty}
    for post_id, why in sorted(needed.items()):
        post = ws.posts.get(post_id)
        if post is None or post.stand_ins or post_id in covered:
            continue
        if post_id.partition("/")[2].replace("-", "_") in on_rota:
            continue
        yield Hit(
            post_id,
            (),
            Text("{p}没有代理人，依靠它的有：{w}", "{p} has no stand-in; it is relied on by {w}").format(
                p=post, w=listing((ws.name(i) for i in why), 3)
            ),
            RULE.fix,
            tuple(why),
        )
