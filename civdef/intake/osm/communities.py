"""Administrative boundaries → communities; one community for the whole extract where there are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.records import Box, Extract, Found
from civdef.intake.osm.rings import areas
from civdef.intake.osm.tags import called
from civdef.text import Text

LEVELS = ("10", "9", "11", "8")
"""Values of ``admin_level`` in the order they are tried: in China 10 is a residents' community, 8 a street office."""

WHOLE = "community/extract"
"""Id of the community that stands for all that has none."""

_CODE = re.compile(r"^\d{12}$")
_NONE = Text(
    "文件中没有完整的社区界线，全部范围暂作一个社区；用 civdef import communities 导入社区边界后，再导入一次本文件",
    "no whole boundary of a community in the file: the whole area is one community for now; import the boundaries with"
    " civdef import communities, then this file again",
)
_NOT_ALL = Text(
    "社区界线没有盖住全部房屋，其余范围暂作一个社区",
    "the boundaries of communities do not hold every building: the rest of the area is one more community for now",
)
_MARGIN_DEG = 0.0002
_SLIVER = 1e-10
_SAME_DEG = 1e-6


def communities(extract: Extract, area: Box | None, homes: Sequence[BaseGeometry]) -> Found:
    """Return communities that hold every building.

    The deepest level of boundaries of which at least one is whole and holds a building is used; what the boundaries do
    not cover becomes one more community, so that nobody is lost. The report says so.

    Parameters
    ----------
    area
        What the file was cut out for.
    homes
        Outlines of the buildings.
    """
    out = Found()
    drawn = [
        a for a in areas(extract, ("boundary",))
        if a.tags.get("boundary") == "administrative" and a.tags.get("admin_level") in LEVELS
    ]  # fmt: skip
    out.read = len(drawn)
    extent = _extent(area, homes)
    spots = shapely.points([_middle(h) for h in homes]) if homes else shapely.points([])
    chosen: str | None = None
    for level in LEVELS:
        whole = [
            a for a in drawn if a.tags["admin_level"] == level and a.problem is None and a.shape is not None
        ]
        if any(shapely.intersects(a.shape, spots).any() for a in whole):
            chosen = level
            break
    covered: list[BaseGeometry] = []
    for a in drawn:
        level = a.tags["admin_level"]
        if a.shape is None or a.problem is not None:
            out.leave_out(a.osm, a.problem or Text("轮廓没有闭合", "The outline does not close"))
        elif level != chosen:
            out.leave_out(a.osm, Text("行政级别 {v}，不作社区", "Level {v}, not used for communities").format(v=level))  # fmt: skip
        elif not shapely.intersects(a.shape, extent):
            out.leave_out(a.osm, Text("在范围之外", "Outside the area"))
        else:
            object_id = f"community/{a.name}"
            properties: dict[str, object] = {
                "id": object_id,
                **called(a.tags, Text("社区", "Community"), a.name),
            }
            code = next((v for k in ("ref", "ref:CN", "code") if _CODE.match(v := a.tags.get(k, ""))), None)
            if code:
                properties["code"] = code
            out.features.append((properties, a.shape))
            covered.append(a.shape)
    rest = extent.difference(shapely.union_all(covered)) if covered else extent
    left = [h for h, p in zip(homes, spots, strict=True) if not any(c.intersects(p) for c in covered)]
    if not covered or left:
        out.features.append(({"id": WHOLE, **_rest_name(bool(covered))}, _solid(rest, left)))
        out.told.append(_NOT_ALL if covered else _NONE)
    return out


def together(new: BaseGeometry | None, old: BaseGeometry) -> BaseGeometry:
    """Return the area of two extracts: the old one as it stands, unless the new one goes beyond it."""
    if new is None or old.buffer(_SAME_DEG).covers(new):
        return old
    merged: BaseGeometry = shapely.union_all([new, old])
    return merged


def _rest_name(some: bool) -> dict[str, str]:
    if some:
        return {"name_zh": "其余范围（社区未划定）", "name_en": "Rest of the area (no community drawn)"}
    return {"name_zh": "全部范围（社区未划定）", "name_en": "Whole area (no communities drawn)"}


def _solid(rest: BaseGeometry, left: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the rest as areas, enlarged so that it holds the buildings left."""
    boxes = shapely.box(*shapely.bounds(left).T) if left else []
    shapely.prepare(rest)
    beyond = [b for b in boxes if not rest.covers(b)]
    whole = shapely.union_all([rest, *beyond]) if beyond else rest
    parts = [p for p in shapely.get_parts(whole) if p.geom_type == "Polygon" and p.area > _SLIVER]
    merged: BaseGeometry = shapely.union_all(parts)
    return merged


def _extent(area: Box | None, homes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the rectangle of the area and all buildings."""
    boxes = [h.bounds for h in homes]
    if area is not None:
        boxes.append(area)
    w, s = min(b[0] for b in boxes), min(b[1] for b in boxes)
    e, n = max(b[2] for b in boxes), max(b[3] for b in boxes)
    return shapely.box(w - _MARGIN_DEG, s - _MARGIN_DEG, e + _MARGIN_DEG, n + _MARGIN_DEG)


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    point = shape.representative_point()
    return point.x, point.y
