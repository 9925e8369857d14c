"""What can be thrown into a drill: one file per kind, found by discovery.

Every public module here is one kind and declares

* ``LABEL``: its name as :class:`~civdef.text.Text`,
* ``TARGETS``: kinds of object it may strike, empty for none,
* ``strike(world, inject)``: what happens when it comes,
* ``lift(world, inject)``: what happens when it is over (``until_min``).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

from civdef import registry
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.world import World
    from civdef.model.scenario import Inject


class Kind(Protocol):
    """What a module of this package offers."""

    LABEL: Text
    TARGETS: tuple[str, ...]

    def strike(self, world: World, inject: Inject) -> None:
        """Make it happen."""

    def lift(self, world: World, inject: Inject) -> None:
        """Undo it."""


def kinds() -> list[str]:
    """Return the names of all kinds of inject, sorted, without importing them."""
    return registry.names("civdef.drill.injects")


def module(kind: str) -> Kind:
    """Return the module of a kind.

    Raises
    ------
    KeyError
        For a kind that has no file here.
    """
    if kind not in kinds():
        raise KeyError(kind)
    return cast(Kind, importlib.import_module(f"civdef.drill.injects.{kind}"))
