"""Typhoon: shelter only under a roof; areas drawn are left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, merge, unsafe_ground, without_cover
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("台风", "typhoon")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "露天场所一律不用。登陆前转移完毕为前提：风雨最强时不组织步行转移。倒树、广告牌的具体位置不推算。",
    "Open-air shelters are ruled out. Holds for moving people before landfall; nobody walks in the strongest wind. Fallen trees and signs are not predicted.",
)
SOURCES = (
    "国家防汛抗旱应急预案 2022 · national flood and drought plan 2022",
    "规划假设：避风须在室内 · planning assumption: cover from wind means indoors",
)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Rule out open-air shelters; areas drawn are left and not entered."""
    roofed = without_cover(workspace, lambda shelter: shelter.indoor)
    return merge([unsafe_ground(workspace, footprints), roofed])
