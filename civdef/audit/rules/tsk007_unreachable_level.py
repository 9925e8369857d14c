"""TSK007: nothing starts a response level."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text

RULE = Rule(
    code="TSK007",
    name="task.unreachable-level",
    severity="warning",
    profile="standard",
    title=Text("响应级别没有启动条件", "Nothing starts a response level"),
    why=Text(
        "什么情况下启动这一级没有写，值班人员不敢启动，也不知道该不该升级。",
        "The plan does not say when the level begins, so the duty officer neither dares to start it nor knows when to step up.",
    ),
    fix=Text("在 triggers 中写明启动这一级的条件。", "Say under `triggers` what starts it."),
    wrong="levels: [{level: 1}, {level: 2}]\ntriggers: [{id: orange, starts_level: 2}]",
    right="levels: [{level: 1}, {level: 2}]\ntriggers: [{id: red, starts_level: 1}, {id: orange, starts_level: 2}]",
    sources=(RESPONSE_LAW.article(71),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every level that no trigger starts."""
    for plan in audit.workspace.plans.values():
        started = {t.starts_level for t in plan.triggers}
        for i, level in enumerate(plan.levels):
            if level.level not in started:
                yield Hit(
                    plan.id,
                    ("levels", i),
                    Text("{p}的 {n} 级响应没有启动条件", "{p}: nothing starts level {n}").format(
                        p=plan, n=level.level
                    ),
                    RULE.fix,
                )
