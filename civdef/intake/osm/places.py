"""Points and areas of interest → fixed posts, units, and landmarks that make a map readable."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.edge import clip, frame_of
from civdef.intake.osm.records import Box, Extract, Found, Tags
from civdef.intake.osm.rings import Area, areas
from civdef.intake.osm.tags import NO, called, first, names
from civdef.model.town import FixedPostKind, UnitKind
from civdef.text import Text

Place = tuple[str, str, Tags, BaseGeometry | None, Text | None]
"""Object, last part of ids made from it, tags, point in WGS84, why it has none."""

_POSTS: dict[FixedPostKind, str] = {
    FixedPostKind.MEDICAL: "hospital clinic doctors health_post",
    FixedPostKind.FIRE: "fire_station",
    FixedPostKind.POLICE: "police",
}
POST_BY_AMENITY = {v: k for k, values in _POSTS.items() for v in values.split()}

_POST_NAMES: dict[FixedPostKind, Text] = {
    FixedPostKind.MEDICAL: Text("医疗点", "Medical post"),
    FixedPostKind.FIRE: Text("消防站", "Fire station"),
    FixedPostKind.POLICE: Text("警务点", "Police post"),
    FixedPostKind.HYDRANT: Text("消火栓", "Hydrant"),
    FixedPostKind.ASSEMBLY: Text("集合点", "Assembly point"),
    FixedPostKind.COMMUNITY_OFFICE: Text("社区办公点", "Community office"),
}

_UNITS: dict[UnitKind, str] = {
    UnitKind.RESTAURANT: "restaurant fast_food cafe bar pub food_court canteen biergarten ice_cream nightclub karaoke_box",
    UnitKind.SCHOOL: "school university college language_school music_school driving_school prep_school training",
    UnitKind.KINDERGARTEN: "kindergarten childcare",
    UnitKind.CLINIC: "hospital clinic doctors dentist veterinary pharmacy health_post",
    UnitKind.CARE_HOME: "nursing_home social_facility",
    UnitKind.GOVERNMENT: "townhall courthouse police fire_station embassy public_building prison post_office",
    UnitKind.CULTURE: "library theatre cinema arts_centre community_centre place_of_worship museum events_venue "
    "conference_centre exhibition_centre social_centre studio",
    UnitKind.MARKET: "marketplace",
    UnitKind.FUEL_STATION: "fuel",
    UnitKind.SERVICE: "bank bureau_de_change car_wash car_rental internet_cafe casino gambling money_transfer "
    "post_depot public_bath crematorium bus_station ferry_terminal vehicle_inspection coworking_space",
}
UNIT_BY_AMENITY = {v: k for k, values in _UNITS.items() for v in values.split()}
HAZARDOUS = frozenset({UnitKind.FUEL_STATION, UnitKind.GAS_STATION})

_GREEN = {"grass", "meadow", "village_green", "cemetery", "orchard", "vineyard", "flowerbed", "greenfield"}
_WATER = {"lake", "pond", "river", "canal", "reservoir", "basin", "lagoon", "stream", "moat", "oxbow"}


def posts(extract: Extract) -> Found:
    """Return hospitals, clinics, police and fire stations, hydrants and assembly points; id ``fixed-post/n…``."""
    out = Found()
    for osm, name, tags, point, why in _places(extract, ("amenity", "healthcare", "emergency", "office")):
        kind = post_kind(tags)
        if kind is None:
            continue
        out.read += 1
        if point is None:
            assert why is not None
            out.leave_out(osm, why)
            continue
        object_id = f"fixed-post/{name}"
        properties: dict[str, object] = {"id": object_id, **called(tags, _POST_NAMES[kind], name)}
        phone = (tags.get("phone") or tags.get("contact:phone") or "").split(";")[0].strip()
        out.features.append((properties | {"kind": kind.value} | ({"phone": phone} if phone else {}), point))
    return out


def post_kind(tags: Tags) -> FixedPostKind | None:
    """Return the kind of a fixed post, None where it is none."""
    amenity = first(tags.get("amenity"))
    if amenity in POST_BY_AMENITY:
        return POST_BY_AMENITY[amenity]
    if first(tags.get("healthcare")) in ("hospital", "clinic", "doctor", "centre"):
        return FixedPostKind.MEDICAL
    emergency = first(tags.get("emergency"))
    if emergency == "fire_hydrant":
        return FixedPostKind.HYDRANT
    if emergency == "assembly_point":
        return FixedPostKind.ASSEMBLY
    name = tags.get("name", "")
    if any(w in name for w in ("居委会", "居民委员会", "社区服务站", "党群服务中心")):
        return FixedPostKind.COMMUNITY_OFFICE
    return None


def units(extract: Extract) -> Found:
    """Return enterprises and institutions with a name, id ``unit/n…``; not yet in a community or building.

    How many people are in them is not known to OpenStreetMap: the counts are left at nought.
    """
    out = Found()
    keys = ("amenity", "shop", "office", "tourism", "industrial", "craft", "healthcare", "man_made")
    for osm, name, tags, point, why in _places(extract, keys):
        kind = unit_kind(tags)
        if kind is None:
            continue
        out.read += 1
        own = names(tags)
        if not own:
            out.leave_out(osm, Text("没有名称", "It has no name"))
            continue
        if point is None:
            assert why is not None
            out.leave_out(osm, why)
            continue
        properties: dict[str, object] = {"id": f"unit/{name}", **own, "kind": kind.value}
        if kind in HAZARDOUS:
            properties["hazardous"] = True
        out.features.append((properties, point))
    return out


def unit_kind(tags: Tags) -> UnitKind | None:
    """Return the kind of a unit, None where a place is no enterprise or institution."""
    if any(tags.get(k, "no") not in NO for k in ("disused", "abandoned")):
        return None
    amenity = UNIT_BY_AMENITY.get(first(tags.get("amenity")))
    if amenity is not None:
        return amenity
    shop = first(tags.get("shop"))
    if shop and shop not in NO and shop != "vacant":
        if shop in ("mall", "wholesale"):
            return UnitKind.MARKET
        return UnitKind.GAS_STATION if shop in ("gas", "fuel") else UnitKind.SHOP
    tourism = first(tags.get("tourism"))
    if tourism in ("hotel", "hostel", "guest_house", "motel", "apartment"):
        return UnitKind.HOTEL
    if tourism in ("museum", "gallery", "theme_park", "zoo", "aquarium"):
        return UnitKind.CULTURE
    office = first(tags.get("office"))
    if office and office not in NO:
        return UnitKind.GOVERNMENT if office in ("government", "diplomatic") else UnitKind.OFFICE
    if first(tags.get("healthcare")):
        return UnitKind.CLINIC
    made = first(tags.get("man_made"))
    if made in ("works",) or first(tags.get("industrial")) not in ("", "no"):
        return UnitKind.FACTORY
    if made in ("wastewater_plant", "water_works", "pumping_station", "gasometer"):
        return UnitKind.UTILITY
    return UnitKind.SERVICE if first(tags.get("craft")) not in ("", "no") else None


def landmarks(extract: Extract, area: Box | None) -> Found:
    """Return water, woods, parks, squares and sports grounds, cut to the area; id ``landmark/w…``."""
    out = Found()
    frame = frame_of(area)
    for found in areas(extract, ("natural", "waterway", "water", "landuse", "leisure", "place", "highway")):
        kind = landmark_kind(found.tags)
        if kind is None:
            continue
        out.read += 1
        _landmark(clip(found, frame), kind, out)
    return out


def _landmark(found: Area, kind: str, out: Found) -> None:
    if found.shape is None:
        assert found.problem is not None
        out.leave_out(found.osm, found.problem)
        return
    object_id = f"landmark/{found.name}"
    name = called(found.tags, Text("地物", "Landmark"), found.name)
    out.features.append(({"id": object_id, **name, "kind": kind}, found.shape))
    if found.problem is not None:
        out.mend(found.osm, object_id, found.problem)


def landmark_kind(tags: Tags) -> str | None:
    """Return the kind of scenery, None for an area that is none."""
    if tags.get("building", "no") not in NO or first(tags.get("indoor")) not in ("", "no"):
        return None
    natural, landuse, leisure = (first(tags.get(k)) for k in ("natural", "landuse", "leisure"))
    if first(tags.get("place")) == "square":
        return "square"
    highway = first(tags.get("highway"))
    if highway:
        return "square" if highway == "pedestrian" and first(tags.get("area")) not in NO - {""} else None
    if natural == "water" or first(tags.get("waterway")) in ("riverbank", "dock"):
        said = first(tags.get("water"))
        return said if said in _WATER else "river" if "waterway" in tags else "lake"
    if landuse in ("reservoir", "basin", "pond"):
        return "pond"
    if natural == "wood" or landuse == "forest":
        return "wood"
    if leisure in ("park", "nature_reserve") or landuse in ("park", "recreation_ground"):
        return "park"
    if leisure in ("pitch", "track", "stadium", "playground"):
        return leisure
    if leisure == "garden" or landuse in _GREEN or natural in ("grassland", "scrub", "heath"):
        return "green"
    return "farmland" if landuse == "farmland" else None


def _places(extract: Extract, keys: tuple[str, ...]) -> Iterator[Place]:
    """Yield nodes, then areas, that have one of the keys; an area is a point inside it."""
    wanted = frozenset(keys)
    for node in extract.nodes:
        if wanted & node.tags.keys():
            yield node.ref, f"n{node.id}", node.tags, shapely.Point(node.lon, node.lat), None
    for area in areas(extract, keys):
        point = None if area.shape is None else rounded_point(area.shape)
        yield area.osm, area.name, area.tags, point, area.problem


def rounded_point(shape: BaseGeometry) -> BaseGeometry:
    """Return a point inside a shape, rounded to 1e-7 degrees."""
    centre = shape.centroid if shape.covers(shape.centroid) else shape.representative_point()
    return shapely.Point(round(centre.x, 7), round(centre.y, 7))
