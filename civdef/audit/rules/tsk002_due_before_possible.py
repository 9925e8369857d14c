"""TSK002: a task cannot be done by the time it is due."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLANNING_GUIDE
from civdef.text import Text

RULE = Rule(
    code="TSK002",
    name="task.due-before-possible",
    severity="warning",
    profile="standard",
    title=Text("时限早于可能完成的时间", "A task is due before it can be done"),
    why=Text(
        "按各任务最可能的用时，一环接一环做下来已经超过时限；人员全部到位也做不到，这条时限只能写在纸上。",
        "One after another, at their likely durations, the tasks before it already take longer than it is given; even with everybody in place the time stands on paper only.",
    ),
    fix=Text(
        "放宽时限，缩短前面的任务，或让可以同时做的任务不再相互等待。",
        "Give it more time, shorten what comes before, or let tasks that could run side by side stop waiting for each other.",
    ),
    wrong="- {id: activate, duration_min: 10}\n- {id: warn, after: [activate], duration_min: 10, due_min: 15}",
    right="- {id: activate, duration_min: 10}\n- {id: warn, after: [activate], duration_min: 10, due_min: 25}",
    sources=(PLANNING_GUIDE.whole,),
    needs=("schedule",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every task that is late at the planned pace, for the level where it is latest."""
    late: dict[tuple[str, int], tuple[float, int, Hit]] = {}
    for (plan_id, level), slots in audit.schedule.items():
        for slot in slots.values():
            due = slot.task.due_min
            if due is None or slot.end_min <= due:
                continue
            impossible = slot.soonest_min > due
            message = Text(
                "任务“{n}”（{i}）限 {d:g} 分钟完成，按最可能的用时要 {e:g} 分钟{x}（{l} 级响应：{c}）",
                'Task "{n}" ({i}) is due within {d:g} min and takes {e:g} at likely durations{x} (level {l}: {c})',
            ).format(
                n=slot.task.name,
                i=slot.task.id,
                d=due,
                e=slot.end_min,
                x=Text("，按最短的用时也要 {s:g} 分钟", ", {s:g} at the shortest").format(s=slot.soonest_min)
                if impossible
                else Text("", ""),
                l=level,
                c=" > ".join(slot.chain),
            )
            hit = Hit(plan_id, ("tasks", slot.index, "due_min"), message, RULE.fix)
            key = (plan_id, slot.index)
            if key not in late or slot.end_min > late[key][0]:
                late[key] = (slot.end_min, level, hit)
    for key in sorted(late):
        yield late[key][2]
