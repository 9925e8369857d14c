"""Areas of any map → communities, buildings, hazard footprints, shelters."""

from __future__ import annotations

import re
from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake import shapes, words
from civdef.intake.fields import Fields, Ids
from civdef.intake.raw import Cleaned, RawTable
from civdef.model.shelter import ShelterClass, ShelterStandard
from civdef.model.town import BuildingUse
from civdef.text import Text, listing

MIN_BUILDING_M2 = 4.0
MAX_BUILDING_M2 = 100_000.0
"""Outlines outside this range are no buildings (a shed's corner, a whole district) [m²]; a tolerance, not a norm."""

KNOWN_HAZARDS = (
    "air_raid", "drought", "earthquake", "epidemic", "flood", "food_water", "forest_fire", "hazmat_gas", "landslide",
    "mass_incident", "production_accident", "snow_ice", "traffic_crowd", "typhoon", "urban_fire",
)  # fmt: skip
"""Kinds of hazard that a register may name; a test holds them against the files of ``civdef.hazards``."""

NEAR_DEG = 0.0005
"""A building this near a community counts as its own, about 50 m [degrees]."""


def clean_communities(raw: RawTable, fields: Fields) -> Cleaned:
    """Return communities from a layer of areas in WGS84. Fields used: id, name, code, as_of."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("community")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        names = fields.names(row)
        code = _code(fields.get(row, "code"), number, out)
        object_id = ids.take(fields.get(row, "id") or code, names.get("name_en") or f"c{number:03d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("社区", "Community"), out)
        if code is not None:
            properties["code"] = code
        if (as_of := _as_of(fields.get(row, "as_of"), number, out)) is not None:
            properties["as_of"] = as_of
        out.features.append((properties, shapes.rounded(area)))
    out.made = ids.made
    return out


def clean_compounds(raw: RawTable, fields: Fields, communities: Mapping[str, BaseGeometry]) -> Cleaned:
    """Return compounds from a layer of areas in WGS84, each in its community.

    Fields used: id, name, owners_committee, property_firm. What lies in no community is left out.
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("compound")
    within = Within(communities, NEAR_DEG)
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        community = within.of(area)
        if community is None:
            out.drop(number, Text("不在任何社区内", "In no community"))
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"c{number:04d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("小区", "Compound"), out)
        properties["community"] = community
        if words.yes(fields.get(row, "owners_committee")):
            properties["owners_committee"] = True
        firm = fields.names(row, "property_firm")
        properties |= firm
        out.features.append((properties, shapes.rounded(area)))
    out.made = ids.made
    return out


def clean_buildings(
    raw: RawTable,
    fields: Fields,
    communities: Mapping[str, BaseGeometry],
    compounds: Mapping[str, BaseGeometry] | None = None,
    *,
    largest_m2: float = MAX_BUILDING_M2,
) -> Cleaned:
    """Return buildings from a layer of areas in WGS84, each in its community, and in its compound where it is in one.

    Fields used: id, name, use, floors, basement_floors, stairwells, year_built, persons_declared. Left out, each with
    its reason: what is smaller or larger than a building can be, and what lies in no community.

    Parameters
    ----------
    communities, compounds
        Id → area in WGS84.
    largest_m2
        Larger outlines are left out [m²].
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("building")
    within, yards = Within(communities, NEAR_DEG), Within(compounds or {}, 0.0)
    uses = [u.value for u in BuildingUse]
    sizes = shapes.sizes_m2(raw.shapes)
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        area = shapes.polygon(shape, number, out)
        if area is None:
            continue
        size = sizes[number - 1] if area is shape else shapes.areas_m2([area])[0]
        if not MIN_BUILDING_M2 <= size <= largest_m2:
            out.drop(
                number,
                Text("面积 {s:,.0f} 平方米，不是一栋房屋", "{s:,.0f} m² is no single building").format(
                    s=size
                ),
            )
            continue
        community = within.of(area)
        if community is None:
            out.drop(number, Text("不在任何社区内", "In no community"))
            continue
        object_id = ids.take(fields.get(row, "id"), f"b{number:05d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(fields.names(row), object_id, number, Text("房屋", "Building"), out)
        properties["community"] = community
        compound = yards.of(area)
        if compound is not None:
            properties["compound"] = compound
        properties["use"] = words.code(fields.get(row, "use"), words.USES, uses) or BuildingUse.OTHER.value
        floors = fields.number(row, "floors")
        if floors is not None and 1 <= floors <= 200:
            properties["floors"] = int(floors)
        for field, most in (("basement_floors", 20), ("stairwells", 200), ("year_built", 2100)):
            value = fields.number(row, field)
            if value is not None and (1000 if field == "year_built" else 1) <= value <= most:
                properties[field] = int(value)
        persons = fields.number(row, "persons_declared")
        if persons is not None and persons >= 0:
            properties["persons_declared"] = int(persons)
        out.features.append((properties, shapes.rounded(area)))
    out.made = ids.made
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
        properties: dict[str, object] = {"id": object_id}
        properties |= named(label, object_id, number, Text("灾害范围", "Footprint"), out)
        properties |= {"hazard": hazard, "source": raw.source}
        for field in ("depth_m", "intensity", "from_min"):
            value = fields.number(row, field)
            if value is not None and value >= 0:
                properties[field] = value
        out.features.append((properties, shapes.rounded(area)))
    out.made = ids.made
    return out


def clean_shelters(
    raw: RawTable, fields: Fields, standards: Mapping[ShelterClass, ShelterStandard]
) -> Cleaned:
    """Return shelters from areas or points in WGS84.

    Fields used: id, name, class, hazards (``a;b``), places, area_m2, indoor, barrier_free, barrier_free_places,
    estimated. Where the number of places is not known (empty, or negative as some registers write it), it is
    estimated from the area; a shelter with neither is left out: nobody can be sent there.

    Parameters
    ----------
    standards
        Area for each person by class; of a class without one nothing is estimated.
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
        places, area_m2 = fields.number(row, "places"), fields.number(row, "area_m2")
        classes = [c.value for c in ShelterClass]
        kind = words.code(fields.get(row, "class"), words.SHELTER_CLASSES, classes)
        standard = standards.get(ShelterClass(kind or ShelterClass.EMERGENCY.value))
        guessed = places is None or places < 0
        if guessed and (area_m2 is None or area_m2 <= 0 or standard is None):
            out.drop(number, _NO_PLACES)
            continue
        label = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), label.get("name_en") or f"s{number:03d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(label, object_id, number, Text("避难场所", "Shelter"), out)
        if guessed and standard is not None:
            each = standard.area_m2_per_person
            places = (area_m2 or 0.0) / each
            out.repair(
                number,
                object_id,
                Text(
                    "容纳人数未知，按面积 {a:,.0f} 平方米、每人 {s:g} 平方米估为 {n:,} 人，须核实",
                    "Places not known: estimated at {n:,} from {a:,.0f} m², {s:g} m² for each person; to be confirmed",
                ).format(a=area_m2, s=each, n=int(places)),
            )
        properties |= {"class": kind or ShelterClass.EMERGENCY.value, "places": int(places or 0)}
        if kind is None and fields.get(row, "class") is not None:
            out.repair(
                number,
                object_id,
                Text(
                    "场所类型 {k} 不认识，按紧急避难场所处理", "Unknown class {k}: taken as emergency"
                ).format(k=fields.get(row, "class")),
            )
        hazards, unknown = words.listed(
            fields.get(row, "hazards") or "earthquake", words.HAZARDS, KNOWN_HAZARDS
        )
        if unknown:
            out.repair(
                number,
                object_id,
                Text("灾种 {k} 不认识，略去", "Unknown kind of hazard left out: {k}").format(
                    k=listing(unknown)
                ),
            )
        if not hazards:
            out.drop(number, Text("没有可用的灾种", "No kind of hazard that it may be used for"))
            continue
        properties["hazards"] = hazards
        for field in ("area_m2", "barrier_free_places"):
            value = fields.number(row, field)
            if value is not None and value > 0:
                properties[field] = int(value) if field == "barrier_free_places" else value
        for field in ("indoor", "barrier_free", "estimated"):
            answer = words.yes(fields.get(row, field))
            if answer is not None:
                properties[field] = answer
        if guessed:
            properties["estimated"] = True
        out.features.append((properties, shapes.rounded(place)))
    out.made = ids.made
    return out


_NO_PLACES = Text(
    "容纳人数和面积都不清楚，无法安排人去：查明后补入文件，或用 --set places=人数 给所有场所同一个数",
    "Neither the number of places nor the area is known, so nobody can be sent there: find out and fill it in, or give"
    " all the same number with --set places=N",
)


class Within:
    """Which of several areas a shape lies in.

    Parameters
    ----------
    areas
        Id → area in WGS84.
    near_deg
        A shape this near an area counts as inside it [degrees].
    """

    def __init__(self, areas: Mapping[str, BaseGeometry], near_deg: float) -> None:
        self.ids = sorted(areas)
        self.tree = shapely.STRtree([areas[i] for i in self.ids])
        self.near_deg = near_deg

    def of(self, shape: BaseGeometry) -> str | None:
        """Return the area that holds a point inside `shape`, None where none does."""
        inside = shape if shape.geom_type == "Point" else shape.representative_point()
        found = self.tree.query(inside, predicate="intersects")
        if not len(found) and self.near_deg:
            found = self.tree.query_nearest(inside, max_distance=self.near_deg)
        return self.ids[int(min(found))] if len(found) else None


def named(names: Mapping[str, str], object_id: str, number: int, kind: Text, out: Cleaned) -> dict[str, str]:
    """Return the names of a feature; one without is called by its kind and row, and noted as unnamed."""
    if names:
        return dict(names)
    out.unnamed.add(object_id)
    return {"name_zh": f"{kind.zh}{number}", "name_en": f"{kind.en} {number}"}


def _as_of(value: object, number: int, out: Cleaned) -> str | None:
    """Return the date of the list that a name and code are from: a year, month or day."""
    if value is None:
        return None
    text = str(value).strip().removesuffix(".0").replace("/", "-").removesuffix("年")
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return text
    out.repair(
        number,
        None,
        Text(
            "名单日期 {d} 应如 2023 或 2023-10-31，略去",
            "The date {d} is not like 2023 or 2023-10-31 and is left out",
        ).format(d=text[:30]),
    )
    return None


def _code(value: object, number: int, out: Cleaned) -> str | None:
    """Return a 12-digit statistical code; shorter codes of higher tiers are no community's."""
    if value is None:
        return None
    text = str(value).strip().removesuffix(".0")
    if len(text) == 12 and text.isascii() and text.isdigit():
        return text
    out.repair(
        number,
        None,
        Text(
            "统计用区划代码 {c} 不是 12 位数字，略去", "The code {c} is not 12 digits and is left out"
        ).format(c=text[:30]),
    )
    return None
