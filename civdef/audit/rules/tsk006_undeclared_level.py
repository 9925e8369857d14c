"""TSK006: a trigger starts a response level that the plan does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="TSK006",
    name="task.undeclared-level",
    severity="error",
    profile="basic",
    title=Text("启动的响应级别没有规定", "A trigger starts a level that the plan does not declare"),
    why=Text(
        "条件满足了，却没有写由谁启动、由谁终止。",
        "The condition is met and nobody is named who may start the level or end it.",
    ),
    fix=Text(
        "在 levels 中补上这一级及其启动人、终止人，或改正 starts_level。",
        "Add the level with who starts and ends it under `levels`, or correct `starts_level`.",
    ),
    wrong="triggers: [{id: red, starts_level: 1}]\nlevels: [{level: 2}]",
    right="triggers: [{id: red, starts_level: 1}]\nlevels: [{level: 1}, {level: 2}]",
    sources=(RESPONSE_LAW.article(71), RESPONSE_LAW.article(72)),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every trigger that starts an undeclared level."""
    for plan in audit.workspace.plans.values():
        declared = sorted({x.level for x in plan.levels})
        for i, trigger in enumerate(plan.triggers):
            if trigger.starts_level not in declared:
                yield Hit(
                    plan.id,
                    ("triggers", i, "starts_level"),
                    Text(
                        "启动条件 {t} 启动 {n} 级响应，而{p}没有规定这一级（已规定：{d}）",
                        "Trigger {t} starts level {n}, which {p} does not declare (declared: {d})",
                    ).format(
                        t=trigger.id,
                        n=trigger.starts_level,
                        p=plan,
                        d=listing(declared) if declared else Text("无", "none"),
                    ),
                    RULE.fix,
                )
