"""Food or water contamination: supply, not streets."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("食品和饮用水安全事件", "food or water contamination")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "影响的是供应和就医，不封闭街巷：没有空间影响。",
    "Touches supply and medical care; it closes no street and makes no place unsafe to be in.",
)
SOURCES = ("国家食品安全事故应急预案 · national food-safety plan",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return no effects: see `VALIDITY`."""
    return Effects()
