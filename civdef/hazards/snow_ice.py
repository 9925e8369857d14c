"""Snow and ice: shelter only under a roof; areas drawn are avoided."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, merge, unsafe_ground, without_cover
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("低温雨雪冰冻", "snow and ice")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "露天场所一律不用；画出的结冰路段、坡道不再进入。步行变慢的程度因地而异，不推算。",
    "Open-air shelters are ruled out; icy stretches that are drawn are not entered. How much slower people walk differs too much to be inferred.",
)
SOURCES = (
    "国家自然灾害救助应急预案 2024 · national disaster-relief plan 2024",
    "规划假设：严寒安置须在室内 · planning assumption: cover from cold means indoors",
)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Rule out open-air shelters; areas drawn are left and not entered."""
    roofed = without_cover(workspace, lambda shelter: shelter.indoor)
    return merge([unsafe_ground(workspace, footprints), roofed])
