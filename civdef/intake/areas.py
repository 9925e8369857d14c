"""Areas of any map → communities, buildings, hazard footprints, shelters."""

from __future__ import annotations

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake import shapes
from civdef.intake.fields import Fields, Ids
from civdef.intake.raw import Cleaned, RawTable
from civdef.model.town import BuildingUse
from civdef.text import Text

MIN_BUILDING_M2 = 4.0
MAX_BUILDING_M2 = 100_000.0
"""Outlines outside this range are no buildings (a shed's corner, a whole district) [m²]; a tolerance, not a norm."""

NEAR_DEG = 0.0005
"""A building this near a community counts as its own, about 50 m [degrees]."""


def clean_communities(raw: RawTable, fields: Fields) -> Cleaned:
    """Return communities from a layer of areas in WGS84. Fields used: id, name, code."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("community")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"c{number:03d}")
        properties: dict[str, object] = {"id": object_id, **(names or {"name_en": f"Community {number}"})}
        code = fields.get(row, "code")
        if code is not None:
            properties["code"] = str(code)
        out.features.append((properties, shapes.rounded(area)))
    return out


def clean_buildings(
    raw: RawTable,
    fields: Fields,
    communities: Mapping[str, BaseGeometry],
    *,
    largest_m2: float = MAX_BUILDING_M2,
) -> Cleaned:
    """Return buildings from a layer of areas in WGS84, each in its community.

    Fields used: id, name, use, floors, persons_declared. Left out, each with its reason: what is smaller or larger
    than a building can be, and what lies in no community.

    Parameters
    ----------
    communities
        Community id → its area in WGS84.
    largest_m2
        Larger outlines are left out [m²].
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("building")
    names = list(communities)
    tree = shapely.STRtree([communities[c] for c in names])
    uses = {u.value for u in BuildingUse}
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        size = shapes.areas_m2([area])[0]
        if not MIN_BUILDING_M2 <= size <= largest_m2:
            out.drop(
                number,
                Text("面积 {s:,.0f} 平方米，不是一栋房屋", "{s:,.0f} m² is no single building").format(
                    s=size
                ),
            )
            continue
        inside = area.representative_point()
        found = tree.query(inside, predicate="intersects")
        if not len(found):
            found = tree.query(inside, predicate="dwithin", distance=NEAR_DEG)
        if not len(found):
            out.drop(number, Text("不在任何社区内", "In no community"))
            continue
        label = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), f"b{number:05d}")
        properties: dict[str, object] = {"id": object_id, **(label or {"name_en": f"Building {number}"})}
        properties["community"] = names[int(min(found))]
        use = str(fields.get(row, "use") or "").lower()
        properties["use"] = use if use in uses else BuildingUse.OTHER.value
        floors = fields.number(row, "floors")
        if floors is not None and 1 <= floors <= 200:
            properties["floors"] = int(floors)
        persons = fields.number(row, "persons_declared")
        if persons is not None and persons >= 0:
            properties["persons_declared"] = int(persons)
        out.features.append((properties, shapes.rounded(area)))
    return out


def clean_footprints(raw: RawTable, fields: Fields, *, hazard: str, prefix: str) -> Cleaned:
    """Return hazard footprints from a layer of areas in WGS84. Fields used: id, name, depth_m, intensity, from_min."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("hazard")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        label = fields.names(row)
        fallback = f"{prefix}-{label.get('name_en', number)}"
        object_id = ids.take(fields.get(row, "id"), fallback)
        properties: dict[str, object] = {"id": object_id, **(label or {"name_en": f"{prefix} {number}"})}
        properties |= {"hazard": hazard, "source": raw.source}
        for field in ("depth_m", "intensity", "from_min"):
            value = fields.number(row, field)
            if value is not None and value >= 0:
                properties[field] = value
        out.features.append((properties, shapes.rounded(area)))
    return out


def clean_shelters(raw: RawTable, fields: Fields) -> Cleaned:
    """Return shelters from areas or points in WGS84.

    Fields used: id, name, class, hazards (``a;b``), places, area_m2, indoor, barrier_free, barrier_free_places,
    estimated. A shelter without a known number of places is left out: nobody can be sent there.
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("shelter")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        if shape is not None and shape.geom_type == "Point" and not shape.is_empty:
            place: BaseGeometry | None = shape
        else:
            place = shapes.polygon(shape, number, out)
        if place is None:
            continue
        places = fields.number(row, "places")
        if places is None or places < 0:
            out.drop(number, Text("容纳人数未知", "The number of places is not known"))
            continue
        label = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), label.get("name_en") or f"s{number:03d}")
        properties: dict[str, object] = {"id": object_id, **(label or {"name_en": f"Shelter {number}"})}
        properties |= {"class": fields.get(row, "class") or "emergency", "places": int(places)}
        properties["hazards"] = _listed(fields.get(row, "hazards") or "earthquake")
        for field in ("area_m2", "barrier_free_places"):
            value = fields.number(row, field)
            if value is not None and value > 0:
                properties[field] = int(value) if field == "barrier_free_places" else value
        for field in ("indoor", "barrier_free", "estimated"):
            value = fields.get(row, field)
            if value is not None:
                properties[field] = str(value).strip().lower() in ("yes", "true", "1", "是", "1.0")
        out.features.append((properties, shapes.rounded(place)))
    return out


def _listed(value: object) -> list[str]:
    """Return a list from a list, or from ``a;b``."""
    parts = value if isinstance(value, list) else str(value).split(";")
    return [str(p).strip() for p in parts if str(p).strip()]
