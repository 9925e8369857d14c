"""Urban fire: the cordoned area is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("城市火灾", "urban fire")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "以警戒范围为准；建筑内部蔓延和烟气不推算。",
    "Rests on the cordon as drawn; spread inside buildings and smoke are not computed.",
)
SOURCES = ("中华人民共和国消防法 2021 · Fire Protection Law 2021",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
