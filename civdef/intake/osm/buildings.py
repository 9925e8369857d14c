"""Areas with ``building`` → buildings: use, floors, stairwells, year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from civdef.intake.osm.metric import Metric
from civdef.intake.osm.records import Extract, Found, Tags
from civdef.intake.osm.rings import Area, areas
from civdef.intake.osm.tags import NO, address, first, length_m, names, numbered, whole, year
from civdef.model.town import BuildingUse
from civdef.text import Text

NO_BUILDING: dict[str, Text] = {
    "roof": Text("只是顶棚", "Only a roof"),
    "carport": Text("只是顶棚", "Only a roof"),
    "construction": Text("在建", "Under construction"),
    "proposed": Text("拟建", "Proposed"),
    "ruins": Text("废墟", "A ruin"),
    "collapsed": Text("已倒塌", "Collapsed"),
    "demolished": Text("已拆除", "Demolished"),
    "ship": Text("船，不是房屋", "A ship"),
    "tent": Text("帐篷，不是房屋", "A tent"),
    "wall": Text("墙，不是房屋", "A wall"),
    "entrance": Text("入口，不是房屋", "An entrance, no building"),
    "underpass_entrance": Text("地道口，不是房屋", "An entrance, no building"),
    "subway_entrance": Text("地铁口，不是房屋", "An entrance, no building"),
    "bridge": Text("桥，不是房屋", "A bridge"),
}

_USES: dict[BuildingUse, str] = {
    BuildingUse.RESIDENTIAL: "residential apartments house detached semidetached_house terrace dormitory bungalow "
    "static_caravan hut cabin farm villa allotment_house houseboat",
    BuildingUse.SHOP: "retail commercial supermarket shop kiosk mall shops market restaurant hotel",
    BuildingUse.OFFICE: "office bank offices",
    BuildingUse.INDUSTRY: "industrial factory manufacture workshop works",
    BuildingUse.SCHOOL: "school university college education",
    BuildingUse.KINDERGARTEN: "kindergarten",
    BuildingUse.HEALTH: "hospital clinic",
    BuildingUse.CARE_HOME: "nursing_home care_home",
    BuildingUse.GOVERNMENT: "government public civic fire_station police townhall courthouse military barracks",
    BuildingUse.CULTURE: "church cathedral chapel mosque temple synagogue shrine religious monastery museum theatre "
    "library gallery pagoda cinema",
    BuildingUse.SPORT: "sports_hall sports_centre stadium grandstand gymnasium pavilion riding_hall",
    BuildingUse.STORE: "warehouse storage_tank silo barn garage garages shed parking hangar storage",
    BuildingUse.UTILITY: "utility transformer_tower water_tower service substation pump_station toilets "
    "train_station transportation power tower greenhouse glasshouse",
}
_AMENITIES: dict[BuildingUse, str] = {
    BuildingUse.SCHOOL: "school university college language_school music_school",
    BuildingUse.KINDERGARTEN: "kindergarten childcare",
    BuildingUse.HEALTH: "hospital clinic doctors dentist",
    BuildingUse.CARE_HOME: "nursing_home social_facility",
    BuildingUse.GOVERNMENT: "townhall courthouse police fire_station public_building post_office embassy prison",
    BuildingUse.CULTURE: "library theatre cinema arts_centre community_centre place_of_worship museum exhibition_centre",
    BuildingUse.SHOP: "restaurant fast_food cafe bar pub food_court marketplace bank pharmacy canteen nightclub",
    BuildingUse.STORE: "parking bicycle_parking",
    BuildingUse.UTILITY: "toilets",
}
BY_BUILDING = {v: use for use, values in _USES.items() for v in values.split()}
BY_AMENITY = {v: use for use, values in _AMENITIES.items() for v in values.split()}
BY_GROUND: dict[str, BuildingUse] = {
    "residential": BuildingUse.RESIDENTIAL,
    "commercial": BuildingUse.OFFICE,
    "retail": BuildingUse.SHOP,
    "industrial": BuildingUse.INDUSTRY,
    "school": BuildingUse.SCHOOL,
    "university": BuildingUse.SCHOOL,
    "college": BuildingUse.SCHOOL,
    "kindergarten": BuildingUse.KINDERGARTEN,
    "hospital": BuildingUse.HEALTH,
}
"""Value of ``landuse`` or ``amenity`` of the ground → use of a building of unknown use on it."""

MIN_M2 = 4.0
MAX_M2 = 200_000.0
"""Outlines outside this range are no buildings [m²]; the largest exhibition halls and stations stay below."""

_HOMES_TOO = ("staircase", "home", "main", "yes", "residence")


def buildings(extract: Extract, metric: Metric, storey_m: float = 3.0) -> Found:
    """Return the buildings of an extract, id ``building/w<number>`` or ``building/r<number>``, not yet in a community.

    Parameters
    ----------
    metric
        For sizes.
    storey_m
        Height of a storey, to tell floors from a height [m].
    """
    out = Found()
    doors = _doors(extract)
    for node in extract.nodes:
        if "building" in node.tags and first(node.tags["building"]) not in NO:
            out.read += 1
            reason = NO_BUILDING.get(first(node.tags["building"]))
            out.leave_out(node.ref, reason or Text("只是一个点，没有轮廓", "Only a point, no outline"))
    lines = {w.id for w in extract.ways.values() if "building" in w.tags and w.complete and not w.closed}
    for way_id in sorted(lines):
        out.read += 1
        out.leave_out(f"way/{way_id}", Text("轮廓没有闭合", "The outline does not close"))
    drawn = areas(extract, ("building",))
    outlines = {a.osm for a in drawn} | {f"way/{i}" for i in lines}
    for way in extract.ways.values():
        if "building" in way.tags and way.ref not in outlines:
            out.read += 1
            out.leave_out(way.ref, Text("是多边形关系的一环，房屋取自该关系", "A ring of a relation, which is the building"))  # fmt: skip
    shaped = [a for a in drawn if a.shape is not None]
    shapes = metric.of([s for a in shaped if (s := a.shape) is not None])
    sizes = {a.osm: s.area for a, s in zip(shaped, shapes, strict=True)}
    for area in drawn:
        out.read += 1
        _building(area, doors, sizes.get(area.osm, 0.0), storey_m, out)
    return out


def _building(area: Area, doors: Mapping[int, int], size: float, storey_m: float, out: Found) -> None:
    tags = area.tags
    value = first(tags["building"])
    if value in NO:
        out.leave_out(area.osm, Text("标明不是房屋", "Marked as no building"))
        return
    if value in NO_BUILDING:
        out.leave_out(area.osm, NO_BUILDING[value])
        return
    if area.shape is None:
        assert area.problem is not None
        out.leave_out(area.osm, area.problem)
        return
    if not MIN_M2 <= size <= MAX_M2:
        out.leave_out(area.osm, Text("面积 {s:,.0f} 平方米，不是一栋房屋", "{s:,.0f} m² is no single building").format(s=size))  # fmt: skip
        return
    object_id = f"building/{area.name}"
    properties: dict[str, object] = {
        "id": object_id,
        **building_name(tags, area.name),
        "use": use_of(tags).value,
    }
    counted, told = floors(tags, storey_m)
    if counted is not None:
        properties["floors"] = counted
    basement = whole(tags.get("building:levels:underground"), 0, 20)
    if basement:
        properties["basement_floors"] = basement
    stairs = sum(doors.get(w, 0) for w in area.ring_ways)
    if 1 < stairs <= 200:
        properties["stairwells"] = stairs
    built = year(tags.get("start_date"))
    if built is not None:
        properties["year_built"] = built
    out.features.append((properties, area.shape))
    for remark in (area.problem, told):
        if remark is not None:
            out.mend(area.osm, object_id, remark)


def building_name(tags: Tags, part: str) -> dict[str, str]:
    """Return a building's name: its own, else its address, else the number it has in OpenStreetMap."""
    return names(tags) or address(tags) or numbered(Text("房屋", "Building"), part)


def use_of(tags: Tags) -> BuildingUse:
    """Return the use of a building from its tags: what is in it first, then what it was built as."""
    amenity = BY_AMENITY.get(first(tags.get("amenity")))
    if amenity is not None:
        return amenity
    if tags.get("shop", "no") not in NO or first(tags.get("tourism")) in (
        "hotel",
        "hostel",
        "guest_house",
        "motel",
    ):
        return BuildingUse.SHOP
    if tags.get("office", "no") not in NO:
        return BuildingUse.GOVERNMENT if first(tags["office"]) == "government" else BuildingUse.OFFICE
    if first(tags.get("tourism")) in ("museum", "gallery"):
        return BuildingUse.CULTURE
    if first(tags.get("leisure")) in ("sports_centre", "stadium", "sports_hall", "swimming_pool", "fitness_centre", "track", "ice_rink"):  # fmt: skip
        return BuildingUse.SPORT
    return BY_BUILDING.get(first(tags.get("building")), BuildingUse.OTHER)


def floors(tags: Tags, storey_m: float) -> tuple[int | None, Text | None]:
    """Return the floors above ground, and a remark where they were told from the height; None where neither is known."""
    counted = whole(tags.get("building:levels"), 1, 200)
    if counted is not None:
        return counted, None
    height = length_m(tags.get("height") or tags.get("building:height"))
    if height is not None and 2 <= height <= 1000:
        told = max(1, min(200, math.floor(height / storey_m + 0.5)))
        return told, Text("层数由高度 {h:g} 米推算", "Floors told from a height of {h:g} m").format(h=height)
    return None, None


def _doors(extract: Extract) -> dict[int, int]:
    """Return the marked entrances to stairwells on each way."""
    doors = {n.id for n in extract.nodes if first(n.tags.get("entrance")) in _HOMES_TOO}
    found: dict[int, int] = {}
    if doors:
        for way in extract.ways.values():
            count = len(doors & set(way.nodes))
            if count:
                found[way.id] = count
    return found


def use_on(ground: Sequence[Tags]) -> BuildingUse:
    """Return the use of a building of unknown use from the grounds it stands on, the smallest first."""
    for tags in ground:
        for key in ("amenity", "landuse"):
            use = BY_GROUND.get(first(tags.get(key)))
            if use is not None:
                return use
    return BuildingUse.OTHER
