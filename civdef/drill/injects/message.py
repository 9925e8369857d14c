"""A message that sets the scene: it is read out and changes nothing."""

from __future__ import annotations

from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("情况通报", "message")
TARGETS: tuple[str, ...] = ()


def strike(world: World, inject: Inject) -> None:
    """Nothing: the journal carries the message."""


def lift(world: World, inject: Inject) -> None:
    """Nothing."""
