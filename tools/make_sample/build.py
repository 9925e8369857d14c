"""The whole town, step by step."""

from __future__ import annotations

from shapely.geometry import Point

from tools.make_sample import frontage, hill, infill, layout, oldtown, openground, places
from tools.make_sample.names import ALLEYS_AND_BACK_ALLEYS
from tools.make_sample.noding import node
from tools.make_sample.styles import STYLES
from tools.make_sample.town import Town

TARGET_M2 = {"urban": 36_000.0, "oldtown": 30_000.0}


def build() -> Town:
    """Draw the town. Always the same one."""
    town = Town()
    layout.draw_skeleton(town)
    layout.side_streets(town, TARGET_M2)
    layout.ground(town)
    places.assign(town)
    alleys = iter(ALLEYS_AND_BACK_ALLEYS)
    for block in sorted(town.blocks, key=lambda b: b.slug):
        if block.kind == "oldtown":
            oldtown.fill(town, block, alleys)
        elif block.kind in ("park", "square", "stadium"):
            openground.park(town, block)
        elif block.kind in STYLES:
            before = len(town.compounds)
            if not infill.fill(town, block):
                raise ValueError(f"no room in {block.slug}")
            style = STYLES[block.kind]
            walls = [c.shape for c in town.compounds[before:]]
            if style.shops:
                houses = places.FRONT.get(block.kind, places.FRONT["housing"])
                frontage.build(town, block, style.shops, houses, walls)
    for spot in places.FOOTHILL:
        block = places.block_at(town, spot)
        block.slug = block.slug or f"foothill-{places.FOOTHILL.index(spot) + 1}"
        block.zh, block.en = "南山脚", "the foot of Nanshan"
        frontage.build(town, block, ("secondary",), places.FRONT["foothill"], [])
    openground.riverside(town)
    openground.underpass(town, "mingze-mall", "peoples-park")
    hill.build(town)
    node(town.ways)
    for building in town.buildings:
        building.community = town.community_of(Point(building.shape.representative_point()))
    for compound in town.compounds:
        compound.community = town.community_of(compound.shape.representative_point())
    town.buildings.sort(key=lambda b: b.id)
    return town
