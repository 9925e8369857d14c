"""When each task of a plan starts and ends if all goes as planned: likely durations, nobody waits for people or things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from civdef.model.plan import Plan, Task
from civdef.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Slot:
    """One task in time, minutes after activation.

    Attributes
    ----------
    index
        Position of the task in the plan.
    start_min, end_min
        At likely durations [min].
    soonest_min
        End at the shortest durations [min].
    chain
        Ids of the tasks that make it as late as it is, first to last, this one included.
    """

    index: int
    task: Task
    start_min: float
    end_min: float
    soonest_min: float
    chain: tuple[str, ...]


Schedule = Mapping[str, Slot]
"""Task id → slot, in the plan's order. Tasks on a circle, and those behind one, never start and are not in it."""


def schedules(workspace: Workspace) -> Mapping[tuple[str, int], Schedule]:
    """Return (plan id, response level) → schedule, for every plan and level with tasks."""
    return {
        (plan.id, level): made
        for plan in workspace.plans.values()
        for level in (1, 2, 3, 4)
        if (made := schedule(plan, level))
    }


def schedule(plan: Plan, level: int) -> Schedule:
    """Return the schedule of one plan at one level.

    A task that waits for one that is not done at this level waits for what *that* one waits for.
    """
    every = {t.id: t for t in plan.tasks}
    position = {t.id: i for i, t in enumerate(plan.tasks)}
    slots: dict[str, Slot] = {}
    pending = [t for t in plan.tasks if level in t.levels]
    done = {t.id for t in pending}
    before = {t.id: _waits(t, every, done) for t in pending}
    while True:
        ready = [t for t in pending if t.id not in slots and all(b in slots for b in before[t.id])]
        if not ready:
            break
        for task in ready:
            earlier = [slots[b] for b in before[task.id]]
            last = max(earlier, key=lambda s: s.end_min, default=None)
            start = last.end_min if last else 0.0
            soonest = max((s.soonest_min for s in earlier), default=0.0)
            slots[task.id] = Slot(
                position[task.id],
                task,
                start,
                start + task.duration_min.likely,
                soonest + task.duration_min.low,
                (*(last.chain if last else ()), task.id),
            )
    return {t.id: slots[t.id] for t in pending if t.id in slots}


def _waits(task: Task, every: Mapping[str, Task], done: set[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    seen: set[str] = set()
    pending = list(task.after)
    while pending:
        name = pending.pop(0)
        if name in seen or name not in every:
            continue
        seen.add(name)
        if name in done:
            found.setdefault(name)
        else:
            pending.extend(every[name].after)
    return tuple(found)


def peak(slots: Schedule, amount: Callable[[Task], int]) -> tuple[int, tuple[Slot, ...]]:
    """Return the largest amount held at one moment, and the tasks that hold it then.

    Parameters
    ----------
    slots
        Tasks in time; each holds its amount from start to end. What one gives back another may take in the same moment.
    amount
        How much a task holds.
    """
    best: tuple[int, tuple[Slot, ...]] = (0, ())
    holders = [s for s in slots.values() if amount(s.task) > 0]
    for moment in sorted({s.start_min for s in holders}):
        now = tuple(
            s for s in holders if s.start_min <= moment < s.end_min or (s.start_min == s.end_min == moment)
        )
        total = sum(amount(s.task) for s in now)
        if total > best[0]:
            best = (total, now)
    return best
