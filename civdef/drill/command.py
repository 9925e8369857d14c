"""The command side: every task of the plan is a process that waits, takes what it needs, acts, and says how it ended."""

from __future__ import annotations

from civdef.drill.actions import Doing, Outcome, runs
from civdef.drill.muster import find_leader
from civdef.drill.resources import Lacking, take
from civdef.drill.world import MIN_S, Steps, TaskState, World
from civdef.model.plan import Action
from civdef.text import Text

SLACK_MIN = 0.5
"""A task that took up to this much longer than the plan's largest estimate is as planned: plans count in minutes."""

GRACE_S = 0.001
"""A task that is done at the very moment it is due is in time [s]."""


def start(world: World) -> None:
    """Put every task of the schedule on the clock."""
    if not any(s.task.action is Action.ACTIVATE for s in world.tasks.values()):
        world.activate()
    for state in world.tasks.values():
        world.env.process(_process(world, state))
        if state.task.due_min is not None:
            world.env.process(_watch(world, state, state.task.due_min))
        if not state.pending:
            state.ready.succeed(None)


def _process(world: World, state: TaskState) -> Steps:
    task = state.task
    obstacle: str | None = yield state.ready
    if obstacle is not None:
        note = Text("前置任务“{t}”没有完成，无法开始", "cannot start: “{t}” was not done").format(
            t=world.tasks[obstacle].task.name
        )
        world.write(
            "task_blocked",
            Text("{name}：{why}", "{name}: {why}").format(name=task.name, why=note),
            who=task.who,
            task=task,
            what={"by": obstacle},
        )
        _finish(world, state, Outcome("blocked", "blocked", note))
        return
    leader = yield from find_leader(world, task.who, task)
    if leader is None:
        note = Text("{who}无人到位", "nobody acts for {who}").format(who=world.name(task.who))
        _failed(world, state, Outcome("failed", "nobody", note))
        return
    state.acting = leader
    held = yield from take(world, task, leader)
    if isinstance(held, Lacking):
        _failed(world, state, Outcome("failed", held.why, held.message))
        return
    state.started_s = world.now
    state.status = "running"
    world.write(
        "task_started",
        Text("开始：{name}", "Started: {name}").format(name=task.name),
        who=leader,
        task=task,
        what={"people": held.people},
    )
    outcome: Outcome = yield from runs()[task.action](Doing(world, task, leader, held))
    held.give_back()
    if outcome.status == "failed":
        _failed(world, state, outcome)
        return
    if outcome.status == "partial" and outcome.note is not None:
        world.fail(outcome.why, _said(state, outcome.note), task)
    _finish(world, state, outcome)


def _said(state: TaskState, note: Text) -> Text:
    return Text("{name}：{note}", "{name}: {note}").format(name=state.task.name, note=note)


def _failed(world: World, state: TaskState, outcome: Outcome) -> None:
    assert outcome.note is not None
    world.fail(outcome.why, _said(state, outcome.note), state.task)
    _finish(world, state, outcome)


def _finish(world: World, state: TaskState, outcome: Outcome) -> None:
    """Record how a task ended and tell those that wait for it."""
    task = state.task
    good = outcome.status in ("done", "partial")
    state.status = outcome.status  # type: ignore[assignment]
    state.note = outcome.note
    if good:
        state.done_s = world.now
        world.write(
            "task_done",
            Text("完成：{name}", "Done: {name}").format(name=task.name)
            if outcome.status == "done"
            else Text("部分完成：{name}", "Partly done: {name}").format(name=task.name),
            who=state.acting,
            task=task,
        )
        if task.action is Action.ACTIVATE:
            world.activate()
        _compare(world, state)
    state.done.succeed(good)
    for other in world.tasks.values():
        if task.id in other.pending and not other.ready.triggered:
            other.pending.discard(task.id)
            if not good:
                other.ready.succeed(task.id)
            elif not other.pending:
                other.ready.succeed(None)


def _compare(world: World, state: TaskState) -> None:
    """Note a task that took longer than the most the plan reckons with."""
    if state.task.action is Action.SIGNAL:  # it waits for the programme
        return
    assert state.started_s is not None
    assert state.done_s is not None
    took, most = (state.done_s - state.started_s) / MIN_S, state.task.duration_min.high
    if took > most + SLACK_MIN:
        world.deviate(
            "slower_than_planned",
            Text(
                "{name}用时 {t} 分钟，预案估计最多 {m} 分钟",
                "{name} took {t} min; the plan reckons with {m} at most",
            ).format(name=state.task.name, t=f"{took:.0f}", m=f"{most:g}"),
            who=state.acting,
            task=state.task,
            what={"took_min": round(took, 2), "most_min": most},
        )


def _watch(world: World, state: TaskState, due_min: float) -> Steps:
    """Note a task that is not done when it is due. A plan that never comes into force has nothing due but its start."""
    if state.task.action is not Action.ACTIVATE and world.activated_s is None:
        yield world.activated
    state.due_s = (
        0.0 if state.task.action is Action.ACTIVATE else world.activated_s or 0.0
    ) + due_min * MIN_S
    yield world.wait(state.due_s - world.now + GRACE_S)
    if state.done_s is None or state.done_s > state.due_s + GRACE_S:
        if state.status in ("failed", "blocked"):
            return
        world.fail(
            "late",
            Text(
                "{name}：应在启动后 {due} 分钟内完成，到时{why}",
                "{name}: due {due} min after activation, {why}",
            ).format(name=state.task.name, due=f"{due_min:g}", why=_hold_up(world, state)),
            state.task,
        )


def _hold_up(world: World, state: TaskState) -> Text:
    """Say what keeps a task from being done."""
    if state.status == "running":
        return Text("仍在进行", "still under way")
    if state.pending:
        slow = next(s for s in world.tasks.values() if s.task.id in state.pending)
        return Text("还在等“{t}”完成", "still waiting for “{t}”").format(t=slow.task.name)
    if state.acting is None:
        return Text("还没有找到经办人", "nobody has been found to do it")
    return Text("{who}正忙于别的任务，尚未开始", "{who} is busy with other tasks and has not begun").format(
        who=world.name(state.acting)
    )
