"""TSK004: a task cites no clause of the plan's text."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.text import Text

RULE = Rule(
    code="TSK004",
    name="task.uncited-task",
    severity="warning",
    profile="standard",
    title=Text("任务没有注明正文条款", "A task cites no clause"),
    why=Text(
        "没有条款号，就看不出这项任务是审批过的预案内容，还是后来自行加的；演练出了问题也指不到哪一条。",
        "Without a clause nobody can tell whether the task was approved with the plan or added later, and a drill cannot name the clause that failed.",
    ),
    fix=Text(
        "在 clause 中写明正文条款；正文没有的，先补正文。",
        "Give the clause under `clause`; if the text has none, write it first.",
    ),
    wrong="- {id: warn, who: team/toy}",
    right='- {id: warn, who: team/toy, clause: "4.3"}',
    sources=(CIVDEF.whole,),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every task without a clause."""
    for plan in audit.workspace.plans.values():
        for i, task in enumerate(plan.tasks):
            if task.clause is None:
                yield Hit(
                    plan.id,
                    ("tasks", i),
                    Text("任务“{n}”（{i}）没有注明正文条款", 'Task "{n}" ({i}) cites no clause').format(
                        n=task.name, i=task.id
                    ),
                    RULE.fix,
                )
