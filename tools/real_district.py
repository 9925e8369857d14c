"""A real district as a workspace: two sub-districts of South Jakarta and the flood of 2007.

The data (OpenStreetMap and Jakarta's open flood data, not part of this project) has communities, streets, building
outlines and the communities flooded in 2007, but neither people nor shelters. Both are *declared* here by a recipe,
before anything is solved, and the map says so:

* **People**: each building holds ``area x FLOORS / M2_PER_PERSON`` persons, rounded up or down at random with the
  seed so that the expectation is kept.
* **Shelters**: open ground, because no school is mapped. Free space is what lies farther than `CLEAR_BUILDING_M` from
  every building and `CLEAR_STREET_M` from every street, inside the district, in no flooded community. In each piece
  of free space the largest circles are taken while their radius is at least `MIN_RADIUS_M`, largest first, at least
  `APART_M` from one another, at most `REACH_M` from a street, until the places reach `PLACES_PER_PERSON` times the
  people. Places are ``area x USABLE / 1 m²``.
* **Lead time**: the water reaches every flooded community `LEAD_MIN` minutes after the warning.

Run ``python -m tools.real_district DATA WORKSPACE``; `DATA` holds
``networks/jakarta_kebayoran_setiabudi.gpkg``. Then ``civdef coverage``, ``evacuate`` and ``map`` run on it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.random import Generator, default_rng
from shapely.geometry.base import BaseGeometry

from civdef.errors import CivdefError
from civdef.files import write_text
from civdef.load import load_workspace
from civdef.load.imports import Request, run_import
from civdef.load.init import make_blank
from civdef.load.write_layer import write_layer
from civdef.model.workspace import Workspace

SEED = 2007
FLOORS = 2
M2_PER_PERSON = 30.0
CLEAR_BUILDING_M = 8.0
CLEAR_STREET_M = 6.0
MIN_RADIUS_M = 25.0
APART_M = 250.0
REACH_M = 60.0
USABLE = 0.5
PLACES_PER_PERSON = 1.3
CIRCLES_PER_PIECE = 12
LEAD_MIN = 180

FILE = "networks/jakarta_kebayoran_setiabudi.gpkg"

SETTINGS = """\
name = {{ zh = "雅加达南区（克巴约兰巴鲁、塞蒂亚布迪）", en = "South Jakarta (Kebayoran Baru, Setiabudi)" }}
as_of = 2026-11-01
languages = ["en", "zh"]

[note]
zh = "人口和避难场所为推定：人口按房屋面积（{floors} 层、每人 {m2:g} 平方米、种子 {seed}）；避难场所为图上空地，未经实地核实。淹没范围为 2007 年洪水的社区，假定预警后 {lead} 分钟进水。"
en = "People and shelters are assumed: people by building area ({floors} floors, {m2:g} m² each, seed {seed}); shelters are open ground on the map, not verified on site. Footprint: communities flooded in 2007, assumed under water {lead} min after the warning."
"""

PLAN = """\
id: plan/flood
name: {zh: 防汛预案（推定）, en: Flood plan (assumed)}
kind: contingency
version: "1"
issued: 2026-11-01
approved_by: post/commander
text: {zh: flood.zh.md, en: flood.en.md}
hazards: [flood]
hazard_class: natural
lead: headquarters/street
evacuation:
  shelter_classes: [emergency]
  scope: footprint
  footprint:
"""

ORGANISATION = """\
headquarters:
  id: headquarters/street
  name: {zh: 指挥部（待填）, en: Headquarters (to be filled in)}
  commanders: [post/commander]
  command_room: fixed-post/command-room
posts:
  - {id: post/commander, name: {zh: 总指挥（待填）, en: Commander (to be filled in)}}
"""


def people(areas_m2: list[float], rng: Generator) -> list[int]:
    """Return persons per building by the recipe [persons]."""
    wanted = np.array(areas_m2) * FLOORS / M2_PER_PERSON
    down = np.floor(wanted)
    up = rng.random(len(wanted)) < wanted - down
    return [int(n) for n in down + up]


def open_ground(workspace: Workspace, needed_places: int) -> list[tuple[float, float, float]]:
    """Return circles of open ground as (x, y, radius) in the metric CRS [m], by the recipe."""
    area = workspace.area_m
    assert area is not None
    taken = [b.shape_m.buffer(CLEAR_BUILDING_M) for b in workspace.buildings.values()]
    streets = [r.shape_m for r in workspace.roads.values()]
    taken += [s.buffer(CLEAR_STREET_M) for s in streets]
    taken += [f.shape_m for f in workspace.footprints.values()]
    free = shapely.difference(area, shapely.union_all(taken))
    reach = shapely.STRtree([s for s, r in zip(streets, workspace.roads.values(), strict=True) if r.walk])
    circles = [c for part in shapely.get_parts(free) for c in _circles(part)]
    chosen: list[tuple[float, float, float]] = []
    places = 0
    for x, y, radius in sorted(circles, key=lambda c: (-c[2], c[0], c[1])):
        if places >= needed_places:
            break
        spot = shapely.Point(x, y)
        near = len(reach.query(spot, predicate="dwithin", distance=radius + REACH_M))
        apart = all((x - a) ** 2 + (y - b) ** 2 >= APART_M**2 for a, b, _ in chosen)
        if near and apart:
            chosen.append((x, y, radius))
            places += places_of(radius)
    return chosen


def places_of(radius_m: float) -> int:
    """Return the places of a circle of open ground [persons]."""
    return int(np.pi * radius_m**2 * USABLE)


def _circles(part: BaseGeometry) -> list[tuple[float, float, float]]:
    found = []
    for _ in range(CIRCLES_PER_PIECE):
        if part.is_empty or part.area < np.pi * MIN_RADIUS_M**2:
            break
        spoke = shapely.maximum_inscribed_circle(part, tolerance=1.0)
        radius = float(spoke.length)
        if radius < MIN_RADIUS_M:
            break
        x, y = spoke.coords[0]
        radius = min(radius, 120.0)
        found.append((round(x, 2), round(y, 2), round(radius, 2)))
        part = part.difference(shapely.Point(x, y).buffer(radius + APART_M / 2))
        if part.geom_type != "Polygon":
            part = max(shapely.get_parts(part), key=lambda p: p.area, default=shapely.Polygon())
    return found


def build(data: Path, target: Path) -> dict[str, int]:
    """Make the workspace; return what it holds. Raises :class:`civdef.errors.CivdefError`."""
    make_blank(target)
    source = data / FILE

    def bring(what: str, layer: str, mapping: dict[str, str], **more: Any) -> None:
        constants = {"from_min": str(LEAD_MIN)} if what == "hazard" else {}
        run_import(target, Request(what, source, layer, mapping, constants, **more), "en")

    bring("communities", "communities_rw", {"name": "{KEL_NAME} {RW}"})
    bring("roads", "roads", {"kind": "TYPE", "name": "NAME", "oneway": "ONEWAY", "lanes": "LANES"})
    bring("buildings", "buildings", {"id": "bid"})
    bring("hazard", "flood2007_rw", {"name": "{KEL_NAME} {RW}"}, hazard="flood", name="flood-2007")
    settings = SETTINGS.format(floors=FLOORS, m2=M2_PER_PERSON, seed=SEED, lead=LEAD_MIN)
    write_text(target / "civdef.toml", settings)
    write_text(target / "plans/organisation.yaml", ORGANISATION)
    _command_room(target)
    workspace = load_workspace(target)
    persons = people([b.shape_m.area for b in workspace.buildings.values()], default_rng(SEED))
    _declare_people(target, workspace, persons)
    circles = open_ground(workspace, int(PLACES_PER_PERSON * sum(persons)))
    _declare_shelters(target, workspace, circles)
    flood = "".join(f"    - {f}\n" for f in workspace.footprints)
    write_text(target / "plans/contingency/flood.yaml", PLAN + flood)
    for lang, title in (("zh", "防汛预案（推定）"), ("en", "Flood plan (assumed)")):
        write_text(target / f"plans/contingency/flood.{lang}.md", f"# {title}\n\n## 1\n")
    load_workspace(target)
    return {
        "communities": len(workspace.communities),
        "roads": len(workspace.roads),
        "buildings": len(workspace.buildings),
        "persons": sum(persons),
        "shelters": len(circles),
        "places": sum(places_of(r) for _, _, r in circles),
    }


def _command_room(target: Path) -> None:
    data = json.loads((target / "maps/communities.geojson").read_text(encoding="utf-8"))
    spot = shapely.geometry.shape(data["features"][0]["geometry"]).representative_point()
    names = {"name_zh": "指挥室（待填）", "name_en": "Command room (to be filled in)"}
    room = {"id": "fixed-post/command-room", **names, "kind": "command_room"}
    write_layer(target / "maps/posts.geojson", [(room, spot)])


def _declare_people(target: Path, workspace: Workspace, persons: list[int]) -> None:
    source = f"assumed: area x {FLOORS} floors / {M2_PER_PERSON:g} m2, seed {SEED}"
    features = []
    for building, count in zip(workspace.buildings.values(), persons, strict=True):
        properties = {
            "id": building.id,
            "name_en": building.name.in_("en"),
            "community": building.community,
            "use": building.use.value,
            "persons_declared": {"value": count, "source": source},
        }
        features.append((properties, building.shape))
    write_layer(target / "maps/buildings.geojson", features)


def _declare_shelters(target: Path, workspace: Workspace, circles: list[tuple[float, float, float]]) -> None:
    from pyproj import Transformer

    back = Transformer.from_crs(workspace.crs, "EPSG:4326", always_xy=True)
    features = []
    for k, (x, y, radius) in enumerate(circles, start=1):
        ring = np.asarray(shapely.Point(x, y).buffer(radius, quad_segs=8).exterior.coords)
        lonlat = np.round(np.column_stack(back.transform(ring[:, 0], ring[:, 1])), 7)
        properties = {
            "id": f"shelter/open-ground-{k:02d}",
            "name_zh": f"空地 {k}（推定）",
            "name_en": f"Open ground {k} (assumed)",
            "class": "emergency",
            "hazards": ["flood", "earthquake"],
            "places": {"value": places_of(radius), "source": f"assumed: {USABLE:g} of the area, 1 m2 each"},
            "area_m2": round(float(np.pi * radius**2 * USABLE), 1),
            "estimated": True,
        }
        features.append((properties, shapely.Polygon(lonlat)))
    write_layer(target / "maps/shelters.geojson", features)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder with the real data")
    parser.add_argument("workspace", type=Path, help="new folder to make")
    args = parser.parse_args()
    try:
        counts = build(args.data, args.workspace)
    except CivdefError as error:
        print("\n".join(error.lines("en")), file=sys.stderr)
        return error.exit_code
    print(", ".join(f"{n:,} {what}" for what, n in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
