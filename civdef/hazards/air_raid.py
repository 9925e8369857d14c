"""Air raid: cover is a personnel shelter; ground that was struck is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, merge, unsafe_ground, without_cover
from civdef.model.shelter import Footprint, ShelterClass
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("空袭", "air raid")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "就近掩蔽时只用人防工程；画出的受袭区不再进入。命中概率和毁伤不推算。疏散到街道以外只在国家命令下组织，不在此列。",
    "Sheltering nearby uses civil-air-defence works only; ground drawn as struck is not entered. Hits and damage are not computed. Leaving the street is organised on the order of the state only and is not covered here.",
)
SOURCES = (
    "中华人民共和国人民防空法 2009 · Civil Air Defence Law 2009",
    "GB 50038-2005 3.1.2",
)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Rule out everything but personnel shelters; ground that was struck is left and not entered."""
    covered = without_cover(workspace, lambda s: s.shelter_class is ShelterClass.AIR_RAID)
    return merge([unsafe_ground(workspace, footprints), covered])
