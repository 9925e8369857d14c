"""Musters: a group or team comes together."""

from __future__ import annotations

from civdef.drill.actions import Doing, Outcome
from civdef.drill.muster import muster, quorum
from civdef.drill.world import Steps
from civdef.model.plan import Action
from civdef.text import Text

ACTIONS = (Action.MUSTER,)


def run(doing: Doing) -> Steps:
    """Call the body together; without a quorum the task fails. A post musters by coming itself."""
    world, task = doing.world, doing.task
    body = task.who
    there = yield from muster(world, body, task)
    if there:
        return Outcome()
    pool = world.pool(body)
    note = Text("到场 {n} 人，至少要 {q} 人（共 {m} 人）", "{n} came; {q} of {m} are needed").format(
        n=len(pool.present), q=quorum(world, pool), m=len(pool.members)
    )
    return Outcome("failed", "no_quorum", note)
