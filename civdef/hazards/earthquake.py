"""Earthquake: buildings in the struck area are left; debris blocks narrow lanes beside them where it shook hard."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from civdef.hazards.effects import INSIDE, Blockage, Effects
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("地震", "earthquake")
NEEDS: tuple[str, ...] = ("intensity", "from_min")
VALIDITY = Text(
    "范围表示房屋倒塌或严重破坏的区域：其中的房屋须撤离，室内避难场所停用，街道本身仍可通行。"
    "烈度达到设定值时，范围内楼旁的窄巷按被瓦砾堵塞处理。单栋房屋的震害不推算；余震未计。",
    "An area stands for collapsed or badly damaged buildings: they are left, indoor shelters there are not used, and "
    "the streets stay open. From the set intensity on, narrow lanes beside buildings in the area count as blocked by "
    "debris. Damage to single buildings is not computed; aftershocks are not counted.",
)
SOURCES = (
    "国家地震应急预案 2012 · national earthquake plan 2012",
    "瓦砾影响范围和窄巷宽度见设置 hazards.quake_* · debris reach and lane width are the settings hazards.quake_*",
)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return unsafe buildings and indoor shelters, and lanes blocked by debris where the intensity is known and high."""
    limits = workspace.settings.hazards
    unsafe: dict[str, float] = {}
    shelters: dict[str, Text] = {}
    blockages: list[Blockage] = []
    buildings = list(workspace.buildings.values())
    tree = shapely.STRtree([b.shape_m for b in buildings])
    for footprint in footprints:
        area = footprint.shape_m
        struck = [buildings[int(i)] for i in sorted(tree.query(area, predicate="intersects"))]
        struck = [b for b in struck if not area.touches(b.shape_m)]
        for building in struck:
            unsafe[building.id] = min(footprint.from_min, unsafe.get(building.id, float("inf")))
        for shelter in workspace.shelters.values():
            if shelter.indoor and area.intersects(shelter.shape_m) and not area.touches(shelter.shape_m):
                shelters[shelter.id] = INSIDE
        hard = footprint.intensity is not None and footprint.intensity >= limits.quake_blocking_intensity
        if hard and struck:
            reach = [limits.quake_debris_share * b.floors * limits.storey_m for b in struck]
            debris = shapely.union_all(shapely.buffer([b.shape_m for b in struck], reach))
            blockages.append(Blockage(footprint.id, debris, footprint.from_min, limits.quake_blocked_width_m))
    return Effects((), tuple(blockages), dict(sorted(unsafe.items())), {}, dict(sorted(shelters.items())))
