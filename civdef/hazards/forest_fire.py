"""Forest fire: ground burning or about to burn is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("森林火灾", "forest fire")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "以给定的火场及预计蔓延范围为准，不推算火势；烟气影响未计。",
    "Rests on the burning area and the forecast spread as drawn; fire growth is not computed and smoke is not counted.",
)
SOURCES = ("国家森林草原火灾应急预案 2020 · national forest and grassland fire plan 2020",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
