"""An extract of OpenStreetMap → all layers of a town that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.buildings import buildings, use_on
from civdef.intake.osm.candidates import Surroundings, candidates
from civdef.intake.osm.communities import WHOLE, communities, together
from civdef.intake.osm.compounds import Grounds, compounds, ground_tags
from civdef.intake.osm.edge import OUTSIDE, drop_islands
from civdef.intake.osm.metric import Metric
from civdef.intake.osm.people import ESTIMATED, estimate
from civdef.intake.osm.places import landmarks, posts, units
from civdef.intake.osm.records import Box, Extract, Found
from civdef.intake.osm.streets import streets
from civdef.intake.osm.tags import first
from civdef.intake.repair.apply import Mending, mend_layer
from civdef.model.settings import Settings
from civdef.model.town import BuildingUse
from civdef.text import Text

NEAR_DEG = 0.0005
"""What is this near a community counts as inside, about 50 m [degrees]."""

_IN_NONE = Text("不在任何社区内", "In no community")


@dataclass(frozen=True)
class Town:
    """Layers ready to be written: target → features and changes.

    Attributes
    ----------
    layers
        In the order in which they depend on each other.
    area
        What the file was cut out for.
    persons
        Estimated residents; None where they were not asked for.
    """

    layers: Mapping[str, Found]
    area: Box | None
    persons: int | None = None


def extent(extract: Extract) -> Box | None:
    """Return what the file was cut out for: as it says, if any way is inside; else None."""
    box = extract.bounds
    if box is None:
        return None
    w, s, e, n = box
    inside = any(
        c is not None and w <= c[0] <= e and s <= c[1] <= n
        for way in extract.ways.values()
        for c in way.coords
    )
    return box if inside or not extract.ways else None


def middle(extract: Extract, area: Box | None) -> tuple[float, float]:
    """Return a place in the middle, to choose a CRS by: longitude, latitude [degrees]."""
    if area is not None:
        return (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
    spots = sorted(c for way in extract.ways.values() for c in way.coords if c is not None)
    spots = spots or sorted((n.lon, n.lat) for n in extract.nodes)
    lats = sorted(s[1] for s in spots)
    return spots[len(spots) // 2][0], lats[len(lats) // 2]


def town(
    extract: Extract,
    crs: str,
    settings: Settings,
    *,
    known: Mapping[str, BaseGeometry] | None = None,
    whole: BaseGeometry | None = None,
    people: bool = False,
    mending: Mending | None = None,
) -> Town:
    """Return the town of an extract.

    Parameters
    ----------
    crs
        Metric CRS in which areas and distances are measured.
    settings
        Of the workspace: standards of shelters, shares, storeys.
    known
        Communities of the workspace, id → area in WGS84; what lies in none is left out then. None: they are made.
    whole
        Area that an earlier extract took as one community for want of boundaries; this one adds to it.
    people
        Estimate residents of buildings.
    mending
        How streets are mended, with what the workspace knows; None: they stay as drawn.
    """
    metric = Metric(crs)
    area = extent(extract)
    roads = streets(extract, area)
    homes = buildings(extract, metric, settings.hazards.storey_m)
    _within(homes, area)
    made: Found | None = None
    if known is None:
        outlines = [s for _, s in homes.features] or [s for _, s in roads.features]
        spots = [s for _, s in posts(extract).features] or [shapely.Point(*middle(extract, area))]
        made = communities(extract, area, outlines or spots)
        if whole is not None:
            made.features[:] = [(p, together(s, whole) if p["id"] == WHOLE else s) for p, s in made.features]
        known = {str(p["id"]): s for p, s in made.features}
    finder = _Communities(known)
    finder.settle(homes)
    shapes_m = metric.of([s for _, s in homes.features])
    points_m = [shapely.Point(s.representative_point()) for s in shapes_m]
    grounds = compounds(extract, metric, points_m, area)
    finder.settle(grounds.compounds)
    _gates_of(grounds)
    if mending is not None:
        _mend(roads, grounds, mending)
    _settle_buildings(extract, metric, homes, grounds, points_m)
    scenery = landmarks(extract, area)
    points = posts(extract)
    finder.settle(points, drop=False)
    firms = units(extract)
    finder.settle(firms)
    tree = shapely.STRtree([s for _, s in homes.features])
    for layer in (points, firms):
        _inside(layer, homes, tree)
    persons = _estimate(extract, homes, shapes_m, settings) if people else None
    around = _surroundings(metric, homes, shapes_m, roads, scenery, area, settings)
    places = candidates(extract, metric, around, settings.candidates, settings.shelter_standards)
    finder.settle(places, drop=False)
    layers = {
        "roads": roads,
        "buildings": homes,
        "compounds": grounds.compounds,
        "gates": grounds.gates,
        "units": firms,
        "posts": points,
        "landmarks": scenery,
        "candidates": places,
    }
    return Town(({"communities": made} if made else {}) | layers, area, persons)


class _Communities:
    """Says in which community something is."""

    def __init__(self, known: Mapping[str, BaseGeometry]) -> None:
        self.ids = list(known)
        self.tree = shapely.STRtree([known[c] for c in self.ids])

    def settle(self, found: Found, *, drop: bool = True) -> None:
        """Write the community of every feature; leave out those that lie in none, or leave only the field out."""
        kept = []
        for properties, shape in found.features:
            assert shape is not None
            point = shape.representative_point()
            near = self.tree.query(point, predicate="intersects")
            if not len(near):
                near = self.tree.query(point, predicate="dwithin", distance=NEAR_DEG)
            if len(near):
                kept.append(({**properties, "community": self.ids[int(min(near))]}, shape))
            elif drop:
                found.leave_out(_osm_of(str(properties["id"])), _IN_NONE)
            else:
                kept.append((properties, shape))
        found.features[:] = kept


def _osm_of(object_id: str) -> str:
    name = object_id.partition("/")[2]
    kind = {"n": "node", "w": "way", "r": "relation"}[name[0]]
    return f"{kind}/{name[1:]}"


def _within(found: Found, area: Box | None) -> None:
    """Leave out what lies wholly beyond the area."""
    if area is None:
        return
    frame = shapely.box(area[0] - NEAR_DEG, area[1] - NEAR_DEG, area[2] + NEAR_DEG, area[3] + NEAR_DEG)
    kept = []
    for properties, shape in found.features:
        if shape is not None and shape.intersects(frame):
            kept.append((properties, shape))
        else:
            found.leave_out(_osm_of(str(properties["id"])), OUTSIDE)
    found.features[:] = kept


def _gates_of(grounds: Grounds) -> None:
    """Leave out the gates of compounds that were left out."""
    there = {p["id"] for p, _ in grounds.compounds.features}
    kept = []
    for properties, shape in grounds.gates.features:
        if properties["compound"] in there:
            kept.append((properties, shape))
        else:
            grounds.gates.leave_out(_osm_of(str(properties["id"])), _IN_NONE)
    grounds.gates.features[:] = kept


def _mend(roads: Found, grounds: Grounds, mending: Mending) -> None:
    """Mend the streets; the compounds of the extract are walls too, and its gates are gates."""
    walls = [s for _, s in grounds.compounds.features if s is not None]
    gates = [s for _, s in grounds.gates.features if s is not None]
    mending = replace(mending, walls=[*mending.walls, *walls], gates=[*mending.gates, *gates])

    def way_of(road: str) -> tuple[int, str | None]:
        number = road.removeprefix("road/w").partition("-")[0]
        return int(number), f"way/{number}"

    mend_layer(roads, mending, way_of, lambda streets: drop_islands(streets, mending.keep))


def _settle_buildings(
    extract: Extract, metric: Metric, homes: Found, grounds: Grounds, points_m: list[shapely.Point]
) -> None:
    """Write the compound of every building, and the use of those that do not say theirs, from the land they stand on."""
    there = {p["id"] for p, _ in grounds.compounds.features}
    land = ground_tags(extract, metric, points_m)
    for (properties, _), compound, tags in zip(homes.features, grounds.holding(points_m), land, strict=True):
        if compound in there:
            properties["compound"] = compound
        if properties["use"] == BuildingUse.OTHER.value:
            properties["use"] = use_on(tags).value


def _inside(layer: Found, homes: Found, tree: shapely.STRtree) -> None:
    """Write the building in which each point lies."""
    points = [s for _, s in layer.features]
    if not points or not homes.features:
        return
    for point, k in sorted(
        zip(*tree.query(points, predicate="intersects").tolist(), strict=True), reverse=True
    ):
        layer.features[point][0]["building"] = homes.features[k][0]["id"]


def _estimate(extract: Extract, homes: Found, shapes_m: list[BaseGeometry], settings: Settings) -> int:
    sizes = [s.area for s in shapes_m]
    floors = [p.get("floors") for p, _ in homes.features]
    uses = [BuildingUse(p["use"]) for p, _ in homes.features]
    counts = estimate(
        sizes, floors, uses, [_dormitory(extract, p) for p, _ in homes.features], settings.people_estimate
    )
    for (properties, _), count in zip(homes.features, counts, strict=True):
        if count:
            properties["persons_declared"] = {
                "value": count,
                "source": ESTIMATED,
            }
    return sum(counts)


def _dormitory(extract: Extract, properties: Mapping[str, Any]) -> bool:
    name = str(properties["id"]).partition("/")[2]
    item = (extract.ways if name[0] == "w" else extract.relations).get(int(name[1:]))
    return item is not None and first(item.tags.get("building")) == "dormitory"


def _surroundings(
    metric: Metric,
    homes: Found,
    shapes_m: list[BaseGeometry],
    roads: Found,
    scenery: Found,
    area: Box | None,
    settings: Settings,
) -> Surroundings:
    hazards = settings.hazards
    floors = [int(p.get("floors") or 1) for p, _ in homes.features]
    named = [(p, s) for p, s in roads.features if p.get("name_en") != f"Street {str(p['id'])[5:]}"]
    wet = ("lake", "pond", "river", "canal", "reservoir", "basin", "lagoon", "stream", "moat", "oxbow")
    return Surroundings(
        buildings=shapes_m,
        floors=floors,
        schools=[
            p["use"] in (BuildingUse.SCHOOL.value, BuildingUse.KINDERGARTEN.value) for p, _ in homes.features
        ],
        debris_m=[f * hazards.storey_m * hazards.quake_debris_share for f in floors],
        water=metric.of([s for p, s in scenery.features if p["kind"] in wet]),
        streets=metric.of([s for _, s in named]),
        street_names=[{k: str(v) for k, v in p.items() if k in ("name_zh", "name_en")} for p, _ in named],
        frame=metric.of([shapely.box(*area)])[0] if area else None,
    )
