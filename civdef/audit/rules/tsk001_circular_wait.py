"""TSK001: tasks wait for each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.model.plan import task_id
from civdef.text import Text

RULE = Rule(
    code="TSK001",
    name="task.circular-wait",
    severity="error",
    profile="basic",
    title=Text("任务互相等待", "Tasks wait for each other in a circle"),
    why=Text(
        "圈里的任务谁也不会先开始，排在后面的任务也永远等下去。",
        "None of them ever starts, and whatever comes after waits for ever.",
    ),
    fix=Text("去掉圈中的一个 after。", "Take one of them out of `after`."),
    wrong="- {id: call, after: [warn]}\n- {id: warn, after: [call]}",
    right="- {id: call, after: []}\n- {id: warn, after: [call]}",
    sources=(CIVDEF.whole,),
    needs=("graph",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every knot of tasks that wait for each other, with the shortest circle in it."""
    import networkx as nx

    waits = nx.DiGraph((u, v) for u, v, d in audit.graph.edges(data=True) if d["kind"] == "after")
    for plan in audit.workspace.plans.values():
        ids = {task_id(plan, t): i for i, t in enumerate(plan.tasks)}
        mine = waits.subgraph(i for i in ids if i in waits)
        knots = [
            k for k in nx.strongly_connected_components(mine) if len(k) > 1 or mine.has_edge(*(list(k) * 2))
        ]
        for knot in sorted(knots, key=lambda k: min(ids[i] for i in k)):
            first = min(knot, key=lambda i: ids[i])
            part = mine.subgraph(sorted(knot, key=lambda i: ids[i]))
            back = min(
                (
                    nx.shortest_path(part, after, first)
                    for after in sorted(part.successors(first), key=lambda i: ids[i])
                ),
                key=len,
            )
            circle = [plan.tasks[ids[i]] for i in (first, *back)]
            index = ids[first]
            target = plan.tasks[index].after.index(circle[1].id)
            yield Hit(
                plan.id,
                ("tasks", index, "after", target),
                Text("任务互相等待：{z}", "Tasks wait for each other: {z}").format(
                    z=Text(" 等 ".join(t.id for t in circle), " waits for ".join(t.id for t in circle))
                ),
                Text(
                    "从 {a} 的 after 中去掉 {b}，或断开圈中另一处。",
                    "Take {b} out of `after` of {a}, or break the circle elsewhere.",
                ).format(a=circle[0].id, b=circle[1].id),
            )
