"""Reports owed: which task of the plan sends each, and whether it came in time."""

from __future__ import annotations

from civdef.activation.calltree import alert_channel
from civdef.drill.calls import reach
from civdef.drill.world import MIN_S, Steps, TaskState, World
from civdef.model.plan import Action, OwedReport
from civdef.text import Text

LOOK_S = 60.0
"""How often a sender that nobody has told yet is asked again [s]; a model's choice."""


def start(world: World) -> None:
    """Put every report that the plan owes on the clock. Times count from the start, when the event is known."""
    for owed in world.plan.reports:
        world.env.process(_owed(world, owed))


def sender_task(world: World, owed: OwedReport) -> TaskState | None:
    """Return the task of this level that sends a report: same addressee, and the same clause or the same sender."""
    fitting = [s for s in world.tasks.values() if s.task.action is Action.REPORT and owed.to in s.task.to]
    for state in fitting:
        if owed.clause is not None and state.task.clause == owed.clause:
            return state
    return next((s for s in fitting if s.task.who == owed.sender), None)


def sent(world: World) -> bool:
    """Return whether every report owed has been sent once, or never will be."""
    for owed in world.plan.reports:
        state = sender_task(world, owed)
        failed = state is not None and state.status in ("failed", "blocked")
        log = world.reports.get(owed.id, [])
        if not failed and not any(time is not None for _, time in log):
            return False
    return True


def _owed(world: World, owed: OwedReport) -> Steps:
    due = owed.within_min * MIN_S
    log = world.reports.setdefault(owed.id, [])
    state = sender_task(world, owed)
    number = 0
    while True:
        log.append((due, None))
        if number == 0 and state is not None:
            done = yield state.done
            if not done:
                return
        elif number > 0 or state is None:
            sent = yield from _send(world, owed)
            if not sent:
                return
        log[-1] = (due, world.now)
        _write(world, owed, due)
        if owed.repeat_min is None:
            return
        number += 1
        due += owed.repeat_min * MIN_S
        yield world.wait(
            due - owed.repeat_min * MIN_S / 4 - world.now
        )  # drafted in the last quarter of the interval


def _send(world: World, owed: OwedReport) -> Steps:
    """Send a report that no task of the plan sends, as soon as its sender knows; return False if nobody is reached."""
    while True:
        known = [
            p
            for p in world.chain(owed.sender)
            if world.available(p) and world.person(p).reached_s is not None
        ]
        if known:
            break
        if world.now > world.prepared.stop_s:
            return False
        yield world.wait(LOOK_S)
    channel = world.workspace.channels.get(owed.channel) if owed.channel else None
    answers = yield from reach(world, None, known[0], [owed.to], channel or alert_channel(world.workspace))
    return answers[owed.to] is not None


def _write(world: World, owed: OwedReport, due_s: float) -> None:
    late = world.now > due_s
    world.journal.add(
        world.now,
        "report_sent",
        Text("{name}已送{to}{late}", "{name} has reached {to}{late}").format(
            name=owed.name, to=world.name(owed.to), late=Text("（迟报）", " (late)") if late else Text("", "")
        ),
        who=owed.sender,
        clause=owed.clause,
        what={"report": owed.id, "due_min": round(due_s / MIN_S, 1), "late": late},
    )
