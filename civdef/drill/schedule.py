"""The tasks of a plan at one response level, in an order in which they can run; a plan that waits for itself is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from civdef.errors import Fault, WorkspaceError
from civdef.model.plan import Plan, Task
from civdef.model.workspace import Workspace
from civdef.source import Place
from civdef.text import Text


@dataclass(frozen=True)
class Schedule:
    """What is to be done.

    Attributes
    ----------
    tasks
        Tasks done at the level, in the plan's order.
    before
        Task → the tasks it waits for, reduced to those done at this level.
    ancestors
        Task → every task it waits for, directly or not.
    """

    tasks: tuple[Task, ...]
    before: Mapping[str, tuple[str, ...]]
    ancestors: Mapping[str, frozenset[str]]

    def task(self, local_id: str) -> Task | None:
        """Return the task, or None if it is not done at this level."""
        return next((t for t in self.tasks if t.id == local_id), None)

    def feeders(self, tasks: Iterable[str]) -> frozenset[str]:
        """Return `tasks` and everything they wait for."""
        found: set[str] = set()
        for task in tasks:
            found.add(task)
            found |= self.ancestors.get(task, frozenset())
        return frozenset(found)


def schedule(workspace: Workspace, plan: Plan, level: int) -> Schedule:
    """Return the tasks done at `level`.

    A task that waits for one that is not done at this level waits instead for what *that* one waits for.

    Raises
    ------
    WorkspaceError
        If a task waits for one that does not exist, or tasks wait for each other in a circle; every fault is named.
    """
    faults = [*_unknown(workspace, plan), *_circles(workspace, plan)]
    if faults:
        raise WorkspaceError(
            Text(
                "预案 {plan} 的任务次序不成立，无法演练",
                "Plan {plan} cannot be run: its tasks do not follow on",
            ).format(plan=plan),
            faults,
            hint=Text(
                "改正上面各任务的 after 后再演练。",
                "Mend `after` of the tasks named above, then run the drill again.",
            ),
        )
    chosen = tuple(t for t in plan.tasks if level in t.levels)
    done = {t.id for t in chosen}
    every = {t.id: t for t in plan.tasks}
    before: dict[str, tuple[str, ...]] = {}
    for task in chosen:
        waits: dict[str, None] = {}
        pending = list(task.after)
        while pending:
            name = pending.pop(0)
            if name in done:
                waits.setdefault(name)
            else:
                pending.extend(every[name].after)
        before[task.id] = tuple(waits)
    ancestors: dict[str, frozenset[str]] = {}
    for task in chosen:
        _ancestors(task.id, before, ancestors)
    return Schedule(chosen, before, ancestors)


def _ancestors(
    task: str, before: Mapping[str, tuple[str, ...]], known: dict[str, frozenset[str]]
) -> frozenset[str]:
    stack = [task]
    while stack:
        top = stack[-1]
        missing = [t for t in before[top] if t not in known]
        if missing:
            stack.extend(missing)
            continue
        known[top] = frozenset(before[top]).union(*(known[t] for t in before[top]))
        stack.pop()
    return known[task]


def _place(workspace: Workspace, plan: Plan, index: int, field: str) -> Place:
    return workspace.place(plan.id, ("tasks", index, field)) or Place(plan.id)


def _unknown(workspace: Workspace, plan: Plan) -> list[Fault]:
    known = {t.id for t in plan.tasks}
    return [
        Fault(
            "dangling-reference",
            _place(workspace, plan, i, "after"),
            Text(
                "任务 {t} 等待的任务 {a} 不存在", "Task {t} waits for task {a}, which does not exist"
            ).format(t=task.id, a=name),
            value=name,
        )
        for i, task in enumerate(plan.tasks)
        for name in task.after
        if name not in known
    ]


def _circles(workspace: Workspace, plan: Plan) -> list[Fault]:
    """Return one fault for each circle of tasks that wait for each other."""
    after = {t.id: [a for a in t.after if a in {x.id for x in plan.tasks}] for t in plan.tasks}
    index = {t.id: i for i, t in enumerate(plan.tasks)}
    state: dict[str, int] = {}
    faults: list[Fault] = []
    for root, first in after.items():
        if state.get(root):
            continue
        path: list[str] = [root]
        todo: list[list[str]] = [list(first)]
        state[root] = 1
        while path:
            if not todo[-1]:
                todo.pop()
                state[path.pop()] = 2
                continue
            following = todo[-1].pop(0)
            if state.get(following) == 1:
                circle = [*path[path.index(following) :], following]
                faults.append(
                    Fault(
                        "circular-wait",
                        _place(workspace, plan, index[path[-1]], "after"),
                        Text("任务互相等待：{c}", "Tasks wait for each other: {c}").format(
                            c=Text(" 等待 ".join(circle), " waits for ".join(circle))
                        ),
                        value=following,
                        allowed=Text("去掉其中一个 after", "take one of these out of `after`"),
                    )
                )
            elif following not in state:
                state[following] = 1
                path.append(following)
                todo.append(list(after[following]))
    return faults
