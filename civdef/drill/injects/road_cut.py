"""A street cannot be walked: people on it get to its end, nobody else enters."""

from __future__ import annotations

from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("道路中断", "road cut")
TARGETS: tuple[str, ...] = ("road",)


def strike(world: World, inject: Inject) -> None:
    """Close both directions of the street."""
    if world.crowd is not None and inject.target is not None:
        arcs = world.crowd.town.problem.network.arcs_of_road(inject.target)
        world.crowd.engine.close_arcs(world.crowd.arcs(arcs))


def lift(world: World, inject: Inject) -> None:
    """Open it again."""
    if world.crowd is not None and inject.target is not None:
        arcs = world.crowd.town.problem.network.arcs_of_road(inject.target)
        world.crowd.engine.open_arcs(world.crowd.arcs(arcs))
