"""Landslide: the threatened slope and its run-out are left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("滑坡等地质灾害", "landslide")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "以隐患点威胁范围为准；滑动距离不推算。",
    "Rests on the threatened area of the registered site; run-out is not computed.",
)
SOURCES = ("地质灾害防治条例 2003 · regulations on geological hazards 2003",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
