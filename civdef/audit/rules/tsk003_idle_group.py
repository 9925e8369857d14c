"""TSK003: a command group has no task in any plan."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.text import Text

RULE = Rule(
    code="TSK003",
    name="task.idle-group",
    severity="warning",
    profile="standard",
    title=Text("指挥组没有任务", "A command group has no task in any plan"),
    why=Text(
        "预案里没有写它做什么，到时它只能等临时指派。",
        "No plan says what it does, so on the day it waits to be told.",
    ),
    fix=Text(
        "为该组或其队伍写出任务，或者撤并该组。",
        "Write tasks for the group or its teams, or merge it with another.",
    ),
    wrong="groups: [group/supply, …]\n# no task with who: group/supply",
    right="tasks:\n  - id: send-water\n    who: group/supply",
    sources=(PLAN_MEASURES.article(15),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every group that acts neither itself nor by its posts and teams, once any plan has tasks."""
    ws = audit.workspace
    actors = {task.who for plan in ws.plans.values() for task in plan.tasks}
    if not actors:
        return
    for group in ws.groups.values():
        mine = {group.id, group.head, group.deputy} | {t.id for t in ws.teams.values() if t.group == group.id}
        if not mine & actors:
            yield Hit(
                group.id,
                (),
                Text(
                    "{g}在任何预案中都没有任务，其岗位和队伍也没有",
                    "{g} has no task in any plan, nor have its posts and teams",
                ).format(g=group),
                RULE.fix,
            )
