"""Clauses that a plan's data cites from its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civdef.model.plan import Plan
from civdef.source import Path
from civdef.text import Text


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation.

    Attributes
    ----------
    path
        Of the field inside the plan; the field itself may be empty.
    clause
        The number cited, or None.
    who
        The task, trigger, level or report that cites, for a message.
    time_min, time_path
        The time that the data sets there, and where; None where there is none.
    """

    path: Path
    clause: str | None
    who: Text
    time_min: float | None = None
    time_path: Path = ()


def citations(plan: Plan) -> Iterator[Citation]:
    """Yield every place of a plan that cites, or may cite, a clause; in the plan's order."""
    for i, trigger in enumerate(plan.triggers):
        who = Text("启动条件 {i}", "Trigger {i}").format(i=trigger.id)
        yield Citation(("triggers", i, "clause"), trigger.clause, who)
    for i, level in enumerate(plan.levels):
        who = Text("{n} 级响应", "Response level {n}").format(n=level.level)
        yield Citation(("levels", i, "clause"), level.clause, who)
    for i, task in enumerate(plan.tasks):
        who = Text("任务“{n}”（{i}）", 'Task "{n}" ({i})').format(n=task.name, i=task.id)
        yield Citation(("tasks", i, "clause"), task.clause, who, task.due_min, ("tasks", i, "due_min"))
    if plan.evacuation is not None:
        policy = plan.evacuation
        yield Citation(
            ("evacuation", "clause"),
            policy.clause,
            Text("疏散规定", "The evacuation policy"),
            policy.deadline_min,
            ("evacuation", "deadline_min"),
        )
    for i, report in enumerate(plan.reports):
        who = Text("报告“{n}”（{i}）", 'Report "{n}" ({i})').format(n=report.name, i=report.id)
        yield Citation(
            ("reports", i, "clause"), report.clause, who, report.within_min, ("reports", i, "within_min")
        )
