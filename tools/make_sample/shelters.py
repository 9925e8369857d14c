"""Shelters: open ground for earthquakes, halls for floods and storms, basements against air raids."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Polygon

from tools.make_sample.geometry import XY, grid_polygon, rounded
from tools.make_sample.town import Building, Town

AREA_PER_PERSON_M2 = {"emergency": 1.0, "short_term": 2.0, "medium_term": 3.0, "air_raid": 1.0}

OPEN_HAZARDS = ["earthquake", "urban_fire", "production_accident", "hazmat_gas"]
HALL_HAZARDS = ["flood", "typhoon", "snow_ice", "landslide", "forest_fire"]


@dataclass(frozen=True)
class Plan:
    """A shelter as planned: where, of which class, how much of it is usable."""

    name: str
    ground: str
    zh: str
    en: str
    community: str
    shelter_class: str
    share: float
    """Share of the ground (or of the floors) that people can use."""
    open_min: float
    barrier_free: bool = True
    unfit: tuple[str, ...] = ()
    """Hazards of its class that it is too near to."""

    @property
    def id(self) -> str:
        """The shelter's id."""
        return f"shelter/{self.name}"


# The share leaves out water, trees, paths, tracks for vehicles and the strip along tall buildings.
OPEN: tuple[Plan, ...] = (
    Plan("west-lake-park", "west-lake-park", "湖滨公园避难场所", "Hubin Lakeside Park Shelter", "hubin", "medium_term", 0.28, 10),
    Plan("xihuan-green", "xihuan-green", "西环绿园避难场所", "Xihuan Green Shelter", "hubin", "short_term", 0.42, 6),
    Plan("wharf-park", "wharf-park", "古码头公园避难场所", "Old Wharf Park Shelter", "gulou", "short_term", 0.32, 8),
    Plan("gulou-square", "gulou-square", "鼓楼广场避难场所", "Drum Tower Square Shelter", "gulou", "emergency", 0.55, 3),
    Plan("no1-primary", "no1-primary", "第一小学操场避难场所", "No. 1 Primary School Playground Shelter", "gulou", "emergency", 0.72, 6),
    Plan("wanghai-park", "wanghai-park", "望海公园避难场所", "Wanghai Park Shelter", "wanghai", "medium_term", 0.25, 10),
    Plan("wanghai-square", "wanghai-square", "望海广场避难场所", "Wanghai Square Shelter", "wanghai", "short_term", 0.50, 4),
    Plan("wanghai-stadium", "wanghai-stadium", "望海体育场避难场所", "Wanghai Sports Ground Shelter", "wanghai", "medium_term", 0.52, 8),
    Plan("middle-school", "middle-school", "明泽湖中学操场避难场所", "Middle School Playground Shelter", "wanghai", "short_term", 0.75, 6),
    Plan("xinqiao-square", "xinqiao-square", "新桥广场避难场所", "Xinqiao Square Shelter", "xinqiao", "emergency", 0.42, 3),
    Plan("xinqiao-park", "xinqiao-park", "新桥公园避难场所", "Xinqiao Park Shelter", "xinqiao", "emergency", 0.34, 6, False, ("hazmat_gas",)),
    Plan("xinqiao-school", "xinqiao-school", "新桥学校操场避难场所", "Xinqiao School Playground Shelter", "xinqiao", "emergency", 0.70, 6),
    Plan("peoples-park", "peoples-park", "人民公园避难场所", "People's Park Shelter", "mingquan", "short_term", 0.38, 8),
    Plan("peoples-square", "peoples-square", "人民广场避难场所", "People's Square Shelter", "mingquan", "emergency", 0.40, 3),
    Plan("mingquan-park", "mingquan-park", "明泉公园避难场所", "Mingquan Spring Park Shelter", "mingquan", "short_term", 0.42, 8, False),
    Plan("nanshan-park", "nanshan-park", "南山公园避难场所", "Nanshan Park Shelter", "nanshan", "short_term", 0.35, 8, False),
    Plan("no2-primary", "no2-primary", "第二小学操场避难场所", "No. 2 Primary School Playground Shelter", "nanshan", "emergency", 0.72, 6),
    Plan("taoyuan-park", "taoyuan-park", "桃园公园避难场所", "Taoyuan Park Shelter", "nanshan", "emergency", 0.40, 5),
)  # fmt: skip

HALLS: tuple[Plan, ...] = (
    Plan("culture-centre-hall", "culture-centre", "文化活动中心室内避难点", "Culture Centre Indoor Shelter", "hubin", "emergency", 0.55, 5),
    Plan("no1-primary-hall", "no1-primary", "第一小学教学楼避难点", "No. 1 Primary School Indoor Shelter", "gulou", "emergency", 0.40, 8),
    Plan("middle-school-hall", "middle-school", "明泽湖中学教学楼避难点", "Middle School Indoor Shelter", "wanghai", "emergency", 0.45, 8),
    Plan("education-base-hall", "education-base", "望海教育基地室内避难点", "Wanghai Education Base Indoor Shelter", "wanghai", "emergency", 0.50, 5),
    Plan("stadium-hall", "wanghai-stadium", "望海体育馆避难点", "Wanghai Sports Hall Shelter", "wanghai", "short_term", 0.60, 10),
    Plan("xinqiao-school-hall", "xinqiao-school", "新桥学校教学楼避难点", "Xinqiao School Indoor Shelter", "xinqiao", "emergency", 0.45, 8),
    Plan("textile-mill-canteen", "textile-mill", "纺织厂食堂避难点", "Textile Mill Canteen Shelter", "xinqiao", "emergency", 0.30, 15, False),
    Plan("mingze-centre-hall", "mingze-centre", "明泽中心裙楼避难点", "Mingze Centre Podium Shelter", "nanshan", "emergency", 0.06, 6),
    Plan("no2-primary-hall", "no2-primary", "第二小学教学楼避难点", "No. 2 Primary School Indoor Shelter", "nanshan", "emergency", 0.45, 8),
    Plan("nanshan-kindergarten-hall", "nanshan-kindergarten", "南山幼儿园避难点", "Nanshan Kindergarten Shelter", "nanshan", "emergency", 0.40, 6),
    Plan("renmin-plaza-hall", "renmin-plaza", "人民商业广场中庭避难点", "Renmin Plaza Atrium Shelter", "wanghai", "emergency", 0.10, 6),
)  # fmt: skip

# Basement shelters: where, places. One person takes 1 m² of sheltering area.
BASEMENTS: tuple[tuple[str, int, str], ...] = (
    ("bibo-garden", 1800, "hubin"), ("luwei-homes", 1900, "hubin"), ("mingze-court", 1700, "hubin"), ("yulan-estate", 2200, "hubin"),
    ("street-office", 500, "gulou"), ("mingze-mall", 1800, "gulou"),
    ("chaoyin-court", 1500, "wanghai"), ("lanhai-court", 1600, "wanghai"), ("renmin-plaza", 2400, "wanghai"),
    ("wanghai-new-village", 2000, "wanghai"), ("wanghai-tower", 1200, "wanghai"), ("xuefu-garden", 2200, "wanghai"),
    ("wanghai-square", 2700, "wanghai"), ("wanghai-stadium", 2200, "wanghai"), ("middle-school", 1300, "wanghai"),
    ("xinqiao-square", 2600, "xinqiao"), ("xinqiao-school", 1500, "xinqiao"),
    ("kangle-estate", 2400, "mingquan"), ("shimin-garden", 2400, "mingquan"), ("zhongxin-garden", 1200, "mingquan"),
    ("mingze-hospital", 900, "mingquan"), ("health-centre", 400, "mingquan"), ("peoples-square", 2800, "mingquan"),
    ("mingze-centre", 2200, "nanshan"), ("police-station", 500, "nanshan"), ("shanqian-homes", 2300, "nanshan"),
    ("taoyuan-new-village", 1300, "nanshan"), ("yunxi-garden", 2000, "nanshan"), ("no2-primary", 1200, "nanshan"),
)  # fmt: skip


def ids() -> list[tuple[str, str]]:
    """All shelter ids and their communities, in a fixed order."""
    found = [(p.id, p.community) for p in (*OPEN, *HALLS)]
    return found + [(f"shelter/air-raid-{slug}", c) for slug, _, c in BASEMENTS]


@dataclass
class Record:
    """A finished shelter with its doors."""

    properties: dict[str, Any]
    shape: Polygon
    doors: list[tuple[XY, float, bool]]
    """Point, clear width [m], free of steps."""


def draw(town: Town) -> list[Record]:
    """All shelters of the town."""
    out = [_open(town, p) for p in OPEN]
    out += [_hall(town, p) for p in HALLS]
    out += [_basement(town, *b) for b in BASEMENTS]
    return sorted(out, key=lambda r: str(r.properties["id"]))


def _common(plan_id: str, zh: str, en: str, community: str) -> dict[str, Any]:
    return {"id": plan_id, "name_zh": zh, "name_en": en, "community": f"community/{community}"}


def _open(town: Town, plan: Plan) -> Record:
    ground = town.grounds[plan.ground]
    ponds = [m.shape for m in town.landmarks if m.id == f"landmark/{plan.ground}-pond"]
    free = ground.area - sum(p.area for p in ponds)
    for b in town.buildings:
        if b.shape.intersects(ground):
            free -= b.shape.area
    area = round(free * plan.share)
    places = int(area // AREA_PER_PERSON_M2[plan.shelter_class] // 10 * 10)
    doors = [(p.x, p.y) for k, p in sorted(town.shapes.items()) if k.startswith(f"door:{plan.ground}:")]
    if not doors:
        ring = {c[:2] for c in ground.exterior.coords}
        doors = sorted(
            p for w in town.ways if w.slug.startswith(f"{plan.ground}-p") for p in w.coords if p in ring
        )
    if not doors:
        raise ValueError(f"no way into {plan.id}")
    width = max(3.0, min(10.0, math.ceil(places / 1000 * 10 / len(doors)) * 1.0))
    props = _common(plan.id, plan.zh, plan.en, plan.community) | {
        "class": plan.shelter_class,
        "hazards": [h for h in OPEN_HAZARDS if h not in plan.unfit],
        "places": places,
        "area_m2": area,
        "indoor": False,
        "barrier_free": plan.barrier_free,
        "barrier_free_places": places // 50 if plan.barrier_free else 0,
        "open_min": plan.open_min,
    }
    return Record(props, ground, [(p, width, plan.barrier_free or k == 0) for k, p in enumerate(doors)])


def main_building(town: Town, slug: str) -> Building:
    """The largest building of a compound or block."""
    found = [b for b in town.buildings if b.id.rsplit("-", 1)[0] == f"building/{slug}"]
    return max(found, key=lambda b: (round(b.shape.area * b.floors), b.id))


def _hall(town: Town, plan: Plan) -> Record:
    building = main_building(town, plan.ground)
    area = round(building.shape.area * building.floors * plan.share)
    places = int(area // AREA_PER_PERSON_M2[plan.shelter_class] // 10 * 10)
    building.tags |= {"shelter"}
    props = _common(plan.id, plan.zh, plan.en, plan.community) | {
        "class": plan.shelter_class,
        "hazards": list(HALL_HAZARDS),
        "places": places,
        "area_m2": area,
        "indoor": True,
        "barrier_free": plan.barrier_free,
        "barrier_free_places": max(4, places // 40) if plan.barrier_free else 0,
        "open_min": plan.open_min,
    }
    return Record(props, building.shape, _doors_of(town, building.shape, 2, 2.4, plan.ground))


def _basement(town: Town, slug: str, places: int, community: str) -> Record:
    source = town.grounds.get(f"basement-{slug}", town.grounds.get(slug))
    assert source is not None
    # The drawn outline is the whole basement; the sheltering area is some six tenths of it.
    wanted = places / 0.6
    k = min(1.0, math.sqrt(wanted / source.area))
    if source.area < places:
        raise ValueError(f"the basement of {slug} is too small")
    from shapely.affinity import scale

    shape = grid_polygon(scale(source, k, k, origin="centroid"))
    assert isinstance(shape, Polygon)
    zh, en = _names(town, slug)
    count = max(2, min(4, math.ceil(places / 700)))
    width = max(1.2, math.ceil(places * 0.003 / count * 10) / 10)
    props = _common(f"shelter/air-raid-{slug}", f"{zh}人防地下室", f"{en} Air-Raid Shelter", community) | {
        "class": "air_raid",
        "hazards": ["air_raid"],
        "places": places,
        "area_m2": places,
        "indoor": True,
        "barrier_free": count >= 3,
        "barrier_free_places": places // 60 if count >= 3 else 0,
        "open_min": 4 if places < 1000 else 6 if places < 2000 else 8,
    }
    return Record(props, shape, _doors_of(town, shape, count, width, slug))


def _names(town: Town, slug: str) -> tuple[str, str]:
    block = next(b for b in town.blocks if b.slug == slug)
    return block.zh, block.en


def _doors_of(
    town: Town, shape: Polygon, count: int, width_m: float, slug: str
) -> list[tuple[XY, float, bool]]:
    """Doors beside the paths of the same grounds, close to the outline and far from one another."""
    paths = [w for w in town.ways if w.slug.startswith(f"{slug}-p") and w.layer == 0]
    paths = paths or [w for w in town.ways if w.street and w.layer == 0 and w.line.distance(shape) < 60.0]
    for reach_m in (8.0, 12.0, 16.0, 24.0, 40.0, 60.0):
        spots: set[XY] = set()
        for way in paths:
            line = way.line
            if line.distance(shape.exterior) > reach_m:
                continue
            steps = max(2, int(line.length // 4))
            for t in range(steps + 1):
                p = line.interpolate(t / steps, normalized=True)
                if p.distance(shape.exterior) <= reach_m:
                    spots.add(rounded((p.x, p.y)))
        chosen = _far_apart(sorted(spots), count)
        if len(chosen) == count and _nearest_pair(chosen) > 14.0:
            return [(p, width_m, k % 2 == 0) for k, p in enumerate(chosen)]
    raise ValueError(f"too few places for the doors of {slug}")


def _far_apart(spots: list[XY], count: int) -> list[XY]:
    chosen = spots[:1]
    while chosen and len(chosen) < min(count, len(spots)):
        chosen.append(max(spots, key=lambda s: (round(min(math.dist(s, c) for c in chosen), 2), s)))
    return chosen


def _nearest_pair(points: list[XY]) -> float:
    return min(math.dist(a, b) for k, a in enumerate(points) for b in points[:k])
