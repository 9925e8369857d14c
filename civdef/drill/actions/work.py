"""Everything that takes its time and holds its resources, and does nothing else to the drill."""

from __future__ import annotations

from civdef.drill.actions import Doing, Outcome
from civdef.drill.world import Steps
from civdef.model.plan import Action

ACTIONS = (
    Action.ACTIVATE,
    Action.CORDON,
    Action.RESCUE,
    Action.TREAT,
    Action.SUPPLY,
    Action.TRANSPORT,
    Action.CHECK,
    Action.PATROL,
    Action.REPAIR,
    Action.MOBILISE,
    Action.RECOVER,
)


def run(doing: Doing) -> Steps:
    """Take the task's own estimate."""
    yield doing.world.wait(doing.duration_s())
    return Outcome()
