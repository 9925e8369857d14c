"""The edge of an extract: areas that cross it, streets that it tore off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.records import Box, Found
from civdef.intake.osm.rings import Area
from civdef.intake.raw import Cleaned
from civdef.intake.repair.connect import components
from civdef.intake.repair.lines import Streets
from civdef.text import Text

MARGIN_DEG = 0.002
"""Streets and scenery are followed this far beyond the area that the file was cut out for, about 200 m [degrees]."""

ISLAND_M = 200.0
"""Shorter islands of streets are left out [m]; nobody gets anywhere on them."""

CUT_NODES = Text(
    "部分节点不在文件中，只取有坐标的路段", "Some nodes are not in the file; used where it has them"
)
CUT_AREA = Text("伸出范围的部分已截去", "Cut where it leaves the area")
LONELY = Text("很短且不与任何道路相连", "Short, and joined to no other street")
OUTSIDE = Text("在所选范围之外", "Outside the area")
TORN_OFF = Text(
    "被范围边界截断，与其余道路不相连", "Cut off from all other streets by the edge of the extract"
)


def frame_of(area: Box | None) -> BaseGeometry | None:
    """Return the area with its margin as a rectangle."""
    if area is None:
        return None
    m = MARGIN_DEG
    return shapely.box(area[0] - m, area[1] - m, area[2] + m, area[3] + m)


def clip(area: Area, frame: BaseGeometry | None) -> Area:
    """Return an area without what lies beyond the frame; without a shape if nothing is left."""
    if frame is None or area.shape is None or frame.covers(area.shape):
        return area
    parts = [p for p in shapely.get_parts(area.shape.intersection(frame)) if p.geom_type == "Polygon"]
    if not parts:
        return replace(area, shape=None, problem=OUTSIDE)
    return replace(area, shape=shapely.union_all(parts), problem=CUT_AREA)


def drop_islands(streets: Cleaned, keep: Collection[str] = ()) -> None:
    """Leave out islands that lead nowhere: streets that do not hang together with the main network, after repair.

    Two kinds: islands of which one street was cut at the edge of the extract (they lead on outside it), and islands
    shorter than `ISLAND_M` (a yard or a plaza whose way in is not drawn). Whoever lives beside them is tied to the next
    street instead; tied to an island, they would seem to have no way out. Islands with a road of `keep` stay.
    """
    assert isinstance(streets, Found)
    cut = {c.ref for c in streets.changes if c.reason in (CUT_NODES, CUT_AREA)}
    drawn = [(p, s) for p, s in streets.features if s is not None]
    lines = Streets(drawn)
    part = _parts(lines, drawn)
    length: dict[int, float] = {}
    for i, island in enumerate(part):
        length[island] = length.get(island, 0.0) + lines.length_m(i)
    why = {island: LONELY for island, metres in length.items() if island > 0 and metres < ISLAND_M}
    ids = [str(p["id"]) for p, _ in drawn]
    why |= {
        island: TORN_OFF for road, island in zip(ids, part, strict=True) if island > 0 and _way(road) in cut
    }
    kept = {island for road, island in zip(ids, part, strict=True) if road in keep}
    why = {island: reason for island, reason in why.items() if island not in kept}
    gone = {_way(road): why[island] for road, island in zip(ids, part, strict=True) if island in why}
    streets.features[:] = [f for f, island in zip(drawn, part, strict=True) if island not in why]
    streets.made -= {road for road, island in zip(ids, part, strict=True) if island in why}
    left = {_way(str(p["id"])) for p, _ in streets.features}
    for way, reason in gone.items():
        streets.changes[:] = [
            c for c in streets.changes if c.ref != way or (way in left and c.action != "noted")
        ]
        if way in left:
            streets.mend(way, f"road/w{way.partition('/')[2]}", reason)
        else:
            streets.leave_out(way, reason)


def _parts(lines: Streets, drawn: list[tuple[dict[str, object], BaseGeometry]]) -> list[int]:
    """Return the part of each street: 0 for the main network, numbers above for each island.

    Streets that can be walked hang together on foot; the others belong to the main network if they touch it in any way.
    """
    on_foot = components(lines)
    by_any = components(Streets([({**p, "walk": True}, s) for p, s in drawn]))
    main = set(by_any[on_foot == 0].tolist()) or {0}
    apart = int(on_foot.max(initial=0)) + 1
    return [
        int(foot) if foot >= 0 else 0 if int(wheel) in main else apart + int(wheel)
        for foot, wheel in zip(on_foot.tolist(), by_any.tolist(), strict=True)
    ]


def _way(road_id: str) -> str:
    """Return the way a road was made from: ``road/w12-2`` → ``way/12``."""
    number = road_id.removeprefix("road/w")
    sign = "-" if number.startswith("-") else ""
    return f"way/{sign}{number.removeprefix('-').partition('-')[0]}"
