"""Schools, parks, squares, sports grounds, car parks, halls → places that could serve as shelters, with estimated room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.metric import Metric
from civdef.intake.osm.records import Extract, Found, Tags
from civdef.intake.osm.rings import Area, areas
from civdef.intake.osm.tags import NO, first, names, numbered, whole
from civdef.model.estimates import CandidateSettings
from civdef.model.shelter import CandidateKind, ShelterClass, ShelterStandard
from civdef.text import Text

OUTDOORS = ("earthquake", "urban_fire", "production_accident", "hazmat_gas")
INDOORS = ("flood", "typhoon", "snow_ice", "landslide", "forest_fire")
UNDERGROUND = ("air_raid",)

LABELS: dict[CandidateKind, Text] = {
    CandidateKind.SCHOOL: Text("学校操场空地", "school grounds"),
    CandidateKind.SCHOOL_BUILDING: Text("校舍", "school building"),
    CandidateKind.PARK: Text("公园绿地", "park"),
    CandidateKind.SQUARE: Text("广场", "square"),
    CandidateKind.SPORTS_GROUND: Text("运动场地", "sports ground"),
    CandidateKind.CAR_PARK: Text("停车场", "car park"),
    CandidateKind.HALL: Text("场馆", "hall"),
    CandidateKind.UNDERGROUND_CAR_PARK: Text("地下停车场", "underground car park"),
}

OUTDOOR_CLASSES = (
    ShelterClass.EMERGENCY, ShelterClass.SHORT_TERM, ShelterClass.MEDIUM_TERM, ShelterClass.LONG_TERM,
)  # fmt: skip
INDOOR_CLASSES = (ShelterClass.EMERGENCY, ShelterClass.SHORT_TERM)

LEAST_LEFT = 0.2
"""A place of which less than this share is not part of larger candidates already counts with them."""

_SCHOOLS = ("school", "kindergarten")
_PITCHES = ("pitch", "track", "stadium", "sports_centre", "playground")
_HALLS = ("sports_hall", "sports_centre", "gymnasium", "stadium", "exhibition_hall")
_HALL_AMENITIES = (
    "community_centre",
    "exhibition_centre",
    "conference_centre",
    "events_venue",
    "social_centre",
)
_INDOOR = (CandidateKind.HALL, CandidateKind.SCHOOL_BUILDING, CandidateKind.UNDERGROUND_CAR_PARK)
_NEAR_STREET_M = 300.0

NARROW_M = 20.0
"""A pedestrian area narrower than this and over `LONG` times as long is a street, not a square [m]; a rule of thumb."""

LONG = 5.0


@dataclass(frozen=True)
class Surroundings:
    """What a candidate's room depends on, in metres.

    Attributes
    ----------
    buildings
        For each building: its outline, floors, whether it is a school.
    water
        Areas of water.
    street_names, streets
        Named streets, to say where a place without a name is.
    debris_m
        For each building, how far around it debris may fall [m].
    frame
        What is on the map; None: no limit.
    """

    buildings: Sequence[BaseGeometry]
    floors: Sequence[int]
    schools: Sequence[bool]
    debris_m: Sequence[float]
    water: Sequence[BaseGeometry]
    streets: Sequence[BaseGeometry]
    street_names: Sequence[Mapping[str, str]]
    frame: BaseGeometry | None


def candidates(
    extract: Extract,
    metric: Metric,
    around: Surroundings,
    settings: CandidateSettings,
    standards: Mapping[ShelterClass, ShelterStandard],
) -> Found:
    """Return places that could serve as shelters, id ``candidate/w…``; not yet in a community.

    Open ground counts without buildings, the reach of their debris, and water; what lies inside a larger candidate counts
    once, with the larger. Of that, the share that the settings give for the kind is usable; places follow from the area
    for each person by class. School buildings are a candidate of their own.
    """
    out = Found()
    drawn: list[tuple[Area, CandidateKind]] = []
    for area in areas(extract, ("leisure", "amenity", "place", "highway", "landuse", "building")):
        kind, why = kind_of(area.tags)
        if kind is None and why is None:
            continue
        out.read += 1
        if kind is None or area.shape is None:
            out.leave_out(area.osm, why or area.problem or Text("没有轮廓", "No outline"))
        else:
            drawn.append((area, kind))
    _only_points(extract, out)
    shapes = metric.of([s for a, _ in drawn if (s := a.shape) is not None])
    maker = _Maker(out, metric, around, settings, standards)
    for k in sorted(range(len(drawn)), key=lambda k: (-shapes[k].area, drawn[k][0].osm)):
        area, kind = drawn[k]
        maker.add(area, kind, shapes[k])
    return out


def kind_of(tags: Tags) -> tuple[CandidateKind | None, Text | None]:
    """Return the kind of a candidate, or why a place of that kind is none; (None, None) for anything else."""
    kind = _kind(tags)
    if kind is None:
        return None, None
    if first(tags.get("access")) in ("private", "no", "customers") and kind not in (
        CandidateKind.SCHOOL, CandidateKind.UNDERGROUND_CAR_PARK,
    ):  # fmt: skip
        return None, Text("不对公众开放", "Not open to the public")
    if first(tags.get("sport")) in (
        "swimming",
        "shooting",
        "golf",
        "motor",
        "karting",
        "ice_skating",
        "ice_hockey",
    ):
        return None, Text("场地用途不合适", "Not suited: swimming, shooting, ice and the like")
    if kind not in _INDOOR and _below_or_inside(tags):
        return None, Text("在地下或室内，不是露天场地", "Below ground or indoors, not an open place")
    if any(first(tags.get(k)) not in ("", "no") for k in ("disused", "abandoned", "construction")):
        return None, Text("在建或已停用", "Under construction or out of use")
    return kind, None


def _below_or_inside(tags: Tags) -> bool:
    return (
        any(first(tags.get(k)).startswith("-") for k in ("layer", "level"))
        or any(first(tags.get(k)) not in ("", *NO) for k in ("tunnel", "indoor", "covered"))
        or first(tags.get("location")) in ("underground", "indoor")
    )


def _kind(tags: Tags) -> CandidateKind | None:
    amenity, leisure, building = (first(tags.get(k)) for k in ("amenity", "leisure", "building"))
    built = building not in ("", *NO)
    if amenity == "parking":
        if first(tags.get("parking")) == "underground":
            return CandidateKind.UNDERGROUND_CAR_PARK
        return None if built or first(tags.get("parking")) in ("multi-storey", "street_side", "lane") else CandidateKind.CAR_PARK  # fmt: skip
    if built:
        if building in _HALLS or leisure in _HALLS or amenity in _HALL_AMENITIES:
            return CandidateKind.HALL
        return None
    if amenity in _SCHOOLS:
        return CandidateKind.SCHOOL
    if leisure in _PITCHES:
        return CandidateKind.SPORTS_GROUND
    if leisure == "park" or first(tags.get("landuse")) in ("park", "recreation_ground", "village_green"):
        return CandidateKind.PARK
    if leisure == "common" or (leisure == "garden" and "name" in tags):
        return CandidateKind.PARK
    if first(tags.get("place")) == "square":
        return CandidateKind.SQUARE
    if (
        first(tags.get("highway")) == "pedestrian"
        and first(tags.get("area")) not in NO - {""}
        and "name" in tags
    ):
        return CandidateKind.SQUARE
    return None


def _only_points(extract: Extract, out: Found) -> None:
    for node in extract.nodes:
        kind, why = kind_of(node.tags)
        if kind is not None or why is not None:
            out.read += 1
            out.leave_out(node.ref, why or Text("只是一个点，请补画范围", "Only a point: draw its outline"))


class _Maker:
    """Makes candidates one after the other, larger ones first."""

    def __init__(
        self,
        out: Found,
        metric: Metric,
        around: Surroundings,
        settings: CandidateSettings,
        standards: Mapping[ShelterClass, ShelterStandard],
    ) -> None:
        self.out, self.metric, self.around, self.settings, self.standards = (
            out,
            metric,
            around,
            settings,
            standards,
        )
        self.homes = shapely.STRtree(list(around.buildings))
        self.water = shapely.STRtree(list(around.water))
        self.streets = shapely.STRtree(list(around.streets))
        self.taken: list[BaseGeometry] = []
        self.given: dict[str, int] = {}
        self.reach = max(around.debris_m, default=0.0)

    def add(self, area: Area, kind: CandidateKind, shape: BaseGeometry) -> None:
        """Add an area, or say why it is none."""
        frame = self.around.frame
        if frame is not None and not frame.covers(shape):
            shape = shape.intersection(frame)
            if shape.area < 1:
                self.out.leave_out(area.osm, Text("在所选范围之外", "Outside the area"))
                return
        if kind in (CandidateKind.HALL, CandidateKind.UNDERGROUND_CAR_PARK):
            self._indoor(area, kind, shape)
            return
        if first(area.tags.get("place")) != "square" and kind is CandidateKind.SQUARE and _is_street(shape):
            self.out.leave_out(area.osm, Text("狭长，是步行街而不是广场", "Long and narrow: a pedestrian street, not a square"))  # fmt: skip
            return
        own = self._left(shape)
        if own.area < LEAST_LEFT * shape.area:
            self.out.leave_out(area.osm, Text("已含在更大的候选场地中", "Counted with a larger candidate"))
            return
        ground = self._open(own)
        usable = ground.area * self.settings.usable_share.get(kind, 0.0)
        self._feature(area, kind, area.name, own, own.area, usable, OUTDOOR_CLASSES, OUTDOORS, indoor=False)
        self.taken.append(shape)
        if kind is CandidateKind.SCHOOL:
            self._school_buildings(area, shape)

    def _left(self, shape: BaseGeometry) -> BaseGeometry:
        over = [t for t in self.taken if t.intersects(shape)]
        return _polygons(shape.difference(shapely.union_all(over))) if over else shape

    def _open(self, ground: BaseGeometry) -> BaseGeometry:
        near = (
            self.homes.query(ground, predicate="dwithin", distance=self.reach)
            if len(self.around.buildings)
            else []
        )
        built = [self.around.buildings[k].buffer(self.around.debris_m[k]) for k in near]
        wet = [self.around.water[k] for k in self.water.query(ground)] if len(self.around.water) else []
        return ground.difference(shapely.union_all(built + wet)) if built or wet else ground

    def _indoor(self, area: Area, kind: CandidateKind, shape: BaseGeometry) -> None:
        classes: tuple[ShelterClass, ...] = INDOOR_CLASSES
        hazards: tuple[str, ...] = INDOORS
        floor = shape.area
        if kind is CandidateKind.UNDERGROUND_CAR_PARK:
            cars = whole(area.tags.get("capacity"), 1, 100_000)
            floor = cars * self.settings.car_m2 if cars else shape.area
            classes, hazards = (ShelterClass.AIR_RAID,), UNDERGROUND
        usable = floor * self.settings.usable_share.get(kind, 0.0)
        self._feature(area, kind, area.name, shape, floor, usable, classes, hazards, indoor=True)

    def _school_buildings(self, area: Area, shape: BaseGeometry) -> None:
        inside = [
            int(k) for k in self.homes.query(shape, predicate="contains")
            if self.around.schools[k]
        ] if len(self.around.buildings) else []  # fmt: skip
        if not inside:
            return
        floor = sum(self.around.buildings[k].area * self.around.floors[k] for k in sorted(inside))
        kind = CandidateKind.SCHOOL_BUILDING
        usable = floor * self.settings.usable_share.get(kind, 0.0)
        outline = shapely.union_all([self.around.buildings[k] for k in sorted(inside)])
        self._feature(
            area, kind, f"{area.name}-indoor", outline, floor, usable, INDOOR_CLASSES, INDOORS, indoor=True
        )

    def _feature(
        self,
        area: Area,
        kind: CandidateKind,
        name: str,
        shape: BaseGeometry,
        area_m2: float,
        usable_m2: float,
        classes: Sequence[ShelterClass],
        hazards: tuple[str, ...],
        *,
        indoor: bool,
    ) -> None:
        places = {
            c.value: int(usable_m2 / self.standards[c].area_m2_per_person)
            for c in classes
            if c in self.standards and usable_m2 >= self.settings.smallest_m2.get(c, 0.0)
        }
        places = {c: n for c, n in places.items() if n > 0}
        if not places:
            if kind is not CandidateKind.SCHOOL_BUILDING:
                reason = Text("可用面积约 {a:,.0f} 平方米，太小", "About {a:,.0f} m² usable: too small")
                self.out.leave_out(
                    area.osm, reason.format(a=usable_m2), Text("可用面积太小", "Usable area too small")
                )
            return
        properties: dict[str, Any] = {"id": f"candidate/{name}", **self._name(area, kind, shape)}
        properties |= {"kind": kind.value, "area_m2": round(area_m2, 1), "usable_m2": round(usable_m2, 1)}
        properties |= {"places": places, "hazards": list(hazards)}
        if indoor:
            properties["indoor"] = True
        properties["source"] = f"OpenStreetMap {area.osm}"
        self.out.features.append((properties, self.metric.back([shape])[0]))
        if area.problem is not None:
            self.out.mend(area.osm, f"candidate/{name}", area.problem)

    def _name(self, area: Area, kind: CandidateKind, shape: BaseGeometry) -> dict[str, str]:
        """Return a place's own name, else its kind and the nearest named street."""
        own = names(area.tags)
        label = LABELS[kind]
        if own:
            if kind is CandidateKind.SCHOOL_BUILDING:
                return {k: f"{v}{label.zh}" if k == "name_zh" else f"{v}, {label.en}" for k, v in own.items()}
            return own
        if len(self.around.streets):
            near = self.streets.query(shape, predicate="dwithin", distance=_NEAR_STREET_M)
            if len(near):
                best = min(near, key=lambda k: (round(self.around.streets[k].distance(shape), 2), int(k)))
                street = self.around.street_names[best]
                zh, en = street.get("name_zh"), street.get("name_en")
                made = (
                    f"{zh or en}{'' if zh and not zh.isascii() else ' '}旁{label.zh}",
                    f"{label.en.capitalize()} by {en or zh}",
                )
                self.given[made[0]] = self.given.get(made[0], 0) + 1
                again = f" {self.given[made[0]]}" if self.given[made[0]] > 1 else ""
                return {"name_zh": made[0] + again, "name_en": made[1] + again}
        return numbered(Text(label.zh, label.en.capitalize()), area.name)


def _is_street(shape: BaseGeometry) -> bool:
    """Return whether a shape is a strip: as long as half its outline, as wide as its area over that length."""
    long = float(shape.length) / 2
    wide = float(shape.area) / long
    return wide < NARROW_M and long > LONG * wide


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    merged: BaseGeometry = shapely.union_all(parts) if parts else shapely.Polygon()
    return merged
