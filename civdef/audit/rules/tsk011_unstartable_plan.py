"""TSK011: a plan has no trigger, no response level or no task."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES, RESPONSE_LAW
from civdef.text import Text, listing

RULE = Rule(
    code="TSK011",
    name="task.unstartable-plan",
    severity="warning",
    profile="basic",
    title=Text("预案没有启动条件、响应级别或任务", "A plan has no trigger, no response level or no task"),
    why=Text(
        "只有正文、没有启动条件和任务的预案启动不了，也演练不了；其他检查项对它大多无从判断。",
        "A plan that is only a text can be neither started nor exercised, and most other rules find nothing to judge in it.",
    ),
    fix=Text(
        "从正文中提取：什么情况启动哪一级（triggers、levels），谁在多长时间内做什么（tasks）。",
        "Take from the text what starts which level (`triggers`, `levels`) and who does what by when (`tasks`).",
    ),
    wrong="id: plan/flood\ntext: {zh: flood.zh.md}",
    right="id: plan/flood\ntext: {zh: flood.zh.md}\ntriggers: [...]\nlevels: [...]\ntasks: [...]",
    sources=(RESPONSE_LAW.article(28), PLAN_MEASURES.article(15)),
)

PARTS = {
    "triggers": Text("启动条件", "triggers"),
    "levels": Text("响应级别", "response levels"),
    "tasks": Text("任务", "tasks"),
}


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan that lacks any of the three."""
    for plan in audit.workspace.plans.values():
        missing = [name for name in PARTS if not getattr(plan, name)]
        if missing:
            yield Hit(
                plan.id,
                (),
                Text("{p}没有{m}", "{p} has no {m}").format(p=plan, m=listing(PARTS[m] for m in missing)),
                RULE.fix,
            )
