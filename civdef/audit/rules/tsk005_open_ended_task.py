"""TSK005: a task has no time by which it is due."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.text import Text, listing

RULE = Rule(
    code="TSK005",
    name="task.open-ended-task",
    severity="info",
    profile="full",
    title=Text("任务没有时限", "A task has no time by which it is due"),
    why=Text(
        "没有时限的任务无从判断迟不迟，演练也不给它评定。",
        "Nobody can say whether it is late, and a drill does not rate it.",
    ),
    fix=Text(
        "在 due_min 中写明启动后多少分钟内完成；恢复阶段的任务可以不写。",
        "Say under `due_min` within how many minutes of activation; tasks of the recovery phase may go without.",
    ),
    wrong="- {id: warn, duration_min: 10}",
    right="- {id: warn, duration_min: 10, due_min: 30}",
    sources=(PLANNING_GUIDE.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan, at the first such task; preventing and recovering have no minute to be done by."""
    for plan in audit.workspace.plans.values():
        found = [
            (i, t) for i, t in enumerate(plan.tasks) if t.due_min is None and t.phase in ("warn", "respond")
        ]
        if found:
            yield Hit(
                plan.id,
                ("tasks", found[0][0]),
                Text("{p}有 {n} 项任务没有时限：{l}", "{p}: tasks without a due time: {n} ({l})").format(
                    p=plan, n=len(found), l=listing(t.id for _, t in found)
                ),
                RULE.fix,
            )
