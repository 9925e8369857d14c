"""A shelter cannot be used: people who come are sent on, and nobody can open it until that is over."""

from __future__ import annotations

from civdef.drill.actions.shelter import open_up
from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("避难场所停用", "shelter out of use")
TARGETS: tuple[str, ...] = ("shelter",)


def strike(world: World, inject: Inject) -> None:
    """Shut it; who is inside stays."""
    shelter = inject.target
    if shelter is None:
        return
    world.shelter_blocked[shelter] = world.shelter_blocked.get(shelter, 0) + 1
    if world.crowd is not None and shelter in world.prepared.shelter_index:
        world.crowd.engine.close_shelter(world.prepared.shelter_index[shelter])
    world.shelter_opened_s.pop(shelter, None)


def lift(world: World, inject: Inject) -> None:
    """Open it if it stood open or its party was there; else let people wait at its door."""
    shelter = inject.target
    if shelter is None:
        return
    world.shelter_blocked[shelter] = max(0, world.shelter_blocked.get(shelter, 0) - 1)
    if world.shelter_blocked[shelter]:
        return
    if shelter in world.shelter_tried or shelter in world.prepared.open_from_start:
        open_up(world, shelter, None, None)
    elif world.crowd is not None and shelter in world.prepared.shelter_index:
        world.crowd.engine.close_shelter(world.prepared.shelter_index[shelter], wait=True)
