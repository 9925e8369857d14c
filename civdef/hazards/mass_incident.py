"""Mass incident: the cordoned place is not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, Zone
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("群体性事件", "mass incident")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "以公安机关划定的管控范围为准：外面的人绕行；不要求范围内的居民转移，避难场所也不因此停用。",
    "Rests on the area controlled by the police: others go round it. Residents inside need not leave, and shelters are not ruled out.",
)
SOURCES = ("中华人民共和国突发事件应对法 2024 · Emergency Response Law 2024",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground that nobody else enters."""
    return Effects(zones=tuple(Zone(f.id, f.shape_m, f.from_min) for f in footprints))
