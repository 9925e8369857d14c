"""A compound's gate is locked: people have to leave by another."""

from __future__ import annotations

from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("小区大门锁闭", "gate locked")
TARGETS: tuple[str, ...] = ("gate",)


def strike(world: World, inject: Inject) -> None:
    """Close every way through the gate."""
    if world.crowd is not None and inject.target is not None:
        world.crowd.engine.close_arcs(_arcs(world, inject.target))


def lift(world: World, inject: Inject) -> None:
    """Open it again."""
    if world.crowd is not None and inject.target is not None:
        world.crowd.engine.open_arcs(_arcs(world, inject.target))


def _arcs(world: World, gate: str):  # type: ignore[no-untyped-def]
    assert world.crowd is not None
    network = world.crowd.town.problem.network
    return world.crowd.arcs(network.gate_arcs[network.gate_ids.index(gate)])
