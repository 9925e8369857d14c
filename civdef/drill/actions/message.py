"""Calls, orders, reports, information: somebody must be reached."""

from __future__ import annotations

from civdef.activation.calltree import alert_channel
from civdef.drill.actions import Doing, Outcome
from civdef.drill.calls import reach
from civdef.drill.world import Steps
from civdef.model.plan import Action
from civdef.text import Text, listing

ACTIONS = (Action.CALL, Action.ORDER, Action.REPORT, Action.INFORM, Action.REGISTER)


def run(doing: Doing) -> Steps:
    """Reach everybody the task names.

    A call takes as long as the calls take. An order, report, information or register is written meanwhile: it takes its own
    estimate or the calls, whichever is longer. Nobody reached: the task has failed; some: it is partly done.
    """
    world, task = doing.world, doing.task
    start = world.now
    channel = world.workspace.channels.get(task.channel) if task.channel else None
    if channel is None and len(task.to) == 1 and task.to[0] in world.workspace.external:
        own = world.workspace.external[task.to[0]].channel
        channel = world.workspace.channels.get(own) if own else None
    answers = yield from reach(world, task, doing.leader, task.to, channel or alert_channel(world.workspace))
    if task.action is not Action.CALL or not task.to:
        yield world.wait(start + doing.duration_s() - world.now)
    missing = [t for t, person in answers.items() if person is None]
    if not missing:
        return Outcome()
    note = Text("联系不上：{who}", "not reached: {who}").format(who=listing(world.name(t) for t in missing))
    return Outcome("failed" if len(missing) == len(answers) else "partial", "unreached", note)
