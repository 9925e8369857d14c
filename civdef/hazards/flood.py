"""Flood: deep water cannot be walked through; shallow or unknown depth is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("洪涝", "flood")
NEEDS: tuple[str, ...] = ("depth_m", "from_min")
VALIDITY = Text(
    "以给定的淹没范围、水深和到达时间为准，不推算水流。水深超过步行上限的街巷不能通行；水深不明的，"
    "范围内的人可以走出，外面的人不得进入。流速未计：水流急时上限应调低。",
    "Rests on the flooded area, depth and time as given; water is not routed. Streets under water deeper than the "
    "walking limit cannot be walked. Where the depth is unknown people inside may walk out and nobody enters. "
    "Current is not counted: lower the limit where water runs fast.",
)
SOURCES = (
    "国家防汛抗旱应急预案 2022 · national flood and drought plan 2022",
    "步行水深上限见设置 hazards.flood_walk_depth_m · the walking limit is the setting hazards.flood_walk_depth_m",
)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return flooded ground; deeper than the limit it cannot be walked, and its buildings are cut off."""
    limit = workspace.settings.hazards.flood_walk_depth_m
    return unsafe_ground(workspace, footprints, lambda f: f.depth_m is None or f.depth_m <= limit)
