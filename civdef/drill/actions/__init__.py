"""How each action of a plan runs. One module for each way of running; each lists the actions it runs in ``ACTIONS``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from civdef import registry
from civdef.drill.resources import Held
from civdef.drill.world import Steps, World
from civdef.model.plan import Action, Task
from civdef.text import Text


@dataclass(frozen=True)
class Outcome:
    """How a task ended: ``done``, ``partial`` or ``failed``; why, unless done."""

    status: str = "done"
    why: str = ""
    note: Text | None = None


@dataclass(frozen=True)
class Doing:
    """One task being done: by whom, with what."""

    world: World
    task: Task
    leader: str
    held: Held

    def duration_s(self) -> float:
        """Return one draw of the task's own estimate, longer where hands are missing [s]."""
        drawn = self.world.streams.pert(f"duration/{self.task.id}", self.task.duration_min)
        return drawn * 60.0 * self.held.slower


Run = Callable[[Doing], Steps]


@cache
def runs() -> dict[Action, Run]:
    """Return how each action runs; every action of the model has exactly one way."""
    found: dict[Action, Run] = {}
    for module in registry.modules("civdef.drill.actions"):
        for action in module.ACTIONS:
            assert action not in found, action
            found[action] = module.run
    assert set(found) == set(Action), set(Action) - set(found)
    return found
