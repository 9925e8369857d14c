"""A means of communication fails: whoever uses it notices at once and takes its backup."""

from __future__ import annotations

from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("通信中断", "channel down")
TARGETS: tuple[str, ...] = ("channel",)


def strike(world: World, inject: Inject) -> None:
    """Take the channel out."""
    if inject.target is not None:
        world.down[inject.target] = world.down.get(inject.target, 0) + 1


def lift(world: World, inject: Inject) -> None:
    """Bring it back."""
    if inject.target is not None:
        world.down[inject.target] = max(0, world.down.get(inject.target, 0) - 1)
