"""A team is held up on its way: members who are not there yet come only after `until_min`; without it they never come."""

from __future__ import annotations

import math

from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("队伍受阻", "team delayed")
TARGETS: tuple[str, ...] = ("team",)


def strike(world: World, inject: Inject) -> None:
    """Hold up everybody who has not arrived."""
    if inject.target is not None:
        until = math.inf if inject.until_min is None else inject.until_min * 60.0
        pool = world.pool(inject.target)
        pool.held_up_until_s = max(pool.held_up_until_s, until)


def lift(world: World, inject: Inject) -> None:
    """Nothing to undo: the time until which they were held up is over."""
