"""Somebody cannot be reached: calls go unanswered until a stand-in is found. Who is at work already goes home."""

from __future__ import annotations

from civdef.activation.chain import holder_of
from civdef.drill.world import World
from civdef.model.scenario import Inject
from civdef.text import Text

LABEL = Text("人员缺位", "person absent")
TARGETS: tuple[str, ...] = ("person", "post")


def strike(world: World, inject: Inject) -> None:
    """Make the person, or whoever holds the post now, absent."""
    make_absent(world, inject.target, 1)


def lift(world: World, inject: Inject) -> None:
    """Bring the person back."""
    make_absent(world, inject.target, -1)


def make_absent(world: World, ref: str | None, change: int) -> None:
    """Count reasons why a person is absent up or down; a vacant post changes nothing."""
    person = holder_of(world.workspace, ref, world.drill.start) if ref is not None else None
    if person is not None:
        state = world.person(person)
        state.absent = max(0, state.absent + change)
