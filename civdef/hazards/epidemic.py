"""Epidemic: people stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("突发传染病疫情", "epidemic")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "疫情防控以减少流动为原则，不组织集中转移，也不推算封控范围：没有空间影响。",
    "Containment keeps people where they are; nobody is moved to crowded shelters and no closure is inferred from an area.",
)
SOURCES = ("国家突发公共卫生事件应急预案 · national public-health emergency plan",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return no effects: see `VALIDITY`."""
    return Effects()
