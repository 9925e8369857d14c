"""A vehicle breaks down: one fewer for every task that has not taken its vehicles yet."""

from __future__ import annotations

from civdef.drill.world import Steps, World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("车辆故障", "vehicle out of order")
TARGETS: tuple[str, ...] = ("vehicle",)


def strike(world: World, inject: Inject) -> None:
    """Take the vehicle out of its pool; one that is in use is taken out when it comes back."""
    key = _pool(world, inject)
    if inject.target is not None:
        world.down[inject.target] = world.down.get(inject.target, 0) + 1
    if key in world.stores:
        world.totals[key] -= 1
        world.env.process(_withdraw(world, key))


def lift(world: World, inject: Inject) -> None:
    """Bring it back."""
    key = _pool(world, inject)
    if inject.target is not None:
        world.down[inject.target] = max(0, world.down.get(inject.target, 0) - 1)
    if key in world.stores:
        world.totals[key] += 1
        world.stores[key].put(1)


def _pool(world: World, inject: Inject) -> str:
    assert inject.target is not None
    return f"vehicle {world.workspace.vehicles[inject.target].kind}"


def _withdraw(world: World, key: str) -> Steps:
    yield world.stores[key].get(1)
