"""Footprints of hazards: what each makes unsafe, and from when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from tools.make_sample.geometry import XY, grid_polygon, largest, rounded
from tools.make_sample.town import Town


@dataclass
class Zone:
    """One footprint: file, properties, shape."""

    file: str
    properties: dict[str, Any]
    shape: BaseGeometry


def draw(town: Town) -> list[Zone]:
    """All footprints of the sample."""
    zones = [
        *_flood(town),
        *_forest_fire(town),
        *_landslide(town),
        *_air_raid(),
        *_gas(town),
        *_earthquake(town),
        *_factory_fire(town),
    ]
    for zone in zones:
        zone.shape = grid_polygon(zone.shape.intersection(town.shapes["street"]))
    return zones


def _zone(
    file: str,
    key: str,
    zh: str,
    en: str,
    hazard: str,
    shape: BaseGeometry,
    from_min: float,
    source: str,
    **more: float,
) -> Zone:
    props: dict[str, Any] = {"id": f"hazard/{key}", "name_zh": zh, "name_en": en, "hazard": hazard}
    props |= more
    props |= {"from_min": from_min, "source": source}
    return Zone(file, props, grid_polygon(shape))


def _wavy(line: LineString, reach_m: float, seed: float) -> BaseGeometry:
    """A band along `line` whose breadth swings about `reach_m`."""
    parts = []
    n = max(2, int(line.length // 25))
    for k in range(n + 1):
        p = line.interpolate(k / n, normalized=True)
        r = reach_m * (1 + 0.30 * math.sin(k * 0.37 + seed) + 0.14 * math.sin(k * 0.91 + 2 * seed))
        parts.append(p.buffer(max(4.0, r), quad_segs=6))
    return unary_union(parts)


def _flood(town: Town) -> list[Zone]:
    street, shore, river = town.shapes["street"], town.shapes["shore"], town.shapes["river-line"]
    north = [p for p in river.coords if p[1] > -420]
    low_river = LineString(north)
    near_lake = LineString([p for p in river.coords if p[1] > 250])
    bays = LineString([p for p in shore.coords if p[0] > 250])
    classes = (
        (
            "deep",
            "1 米以上",
            "over 1 m",
            1.4,
            90.0,
            ((shore, 48.0, 0.3), (low_river, 26.0, 1.1), (near_lake, 52.0, 0.2), (bays, 62.0, 2.0)),
        ),
        (
            "medium",
            "0.5–1 米",
            "0.5 to 1 m",
            0.8,
            60.0,
            ((shore, 76.0, 0.8), (low_river, 44.0, 1.7), (near_lake, 80.0, 0.9), (bays, 92.0, 2.2)),
        ),
        (
            "shallow",
            "0.2–0.5 米",
            "0.2 to 0.5 m",
            0.3,
            150.0,
            ((shore, 104.0, 1.2), (low_river, 64.0, 2.3), (near_lake, 108.0, 1.4), (bays, 122.0, 2.6)),
        ),
    )
    out: list[Zone] = []
    inner: BaseGeometry = Polygon()
    source = "样例情景：五十年一遇湖水位与清溪河倒灌 · sample scenario: 50-year lake level with backwater in the Qingxi"
    for key, zh, en, depth, start, bands in classes:
        reach = unary_union([_wavy(line, r, seed) for line, r, seed in bands]).buffer(12).buffer(-12)
        shape = reach.union(inner).intersection(street)
        ring = shapely.set_precision(
            shape.difference(inner).buffer(-1.0).buffer(1.0, quad_segs=2).simplify(1.0), 0.05
        )
        out.append(
            _zone(
                "flood-lake",
                f"flood-50y-{key}",
                f"五十年一遇洪水 {zh}",
                f"50-year flood, {en}",
                "flood",
                ring,
                start,
                source,
                depth_m=depth,
            )
        )
        inner = shape
    out[0].properties["from_min"] = 60.0
    out[1].properties["from_min"] = 100.0
    return sorted(out, key=lambda z: str(z.properties["id"]))


def _blob(centre: XY, rx: float, ry: float, seed: float, turn_deg: float = 0.0) -> Polygon:
    ring = []
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    for k in range(36):
        a = 2 * math.pi * k / 36
        r = 1 + 0.13 * math.sin(2 * a + seed) + 0.09 * math.sin(3 * a + 2 * seed) + 0.05 * math.cos(5 * a)
        x, y = rx * r * math.cos(a), ry * r * math.sin(a)
        ring.append(rounded((centre[0] + x * c - y * s, centre[1] + x * s + y * c)))
    return Polygon(ring)


def _forest_fire(town: Town) -> list[Zone]:
    street = town.shapes["street"]
    source = "样例情景：东南风三级 · sample scenario, south-easterly wind force 3"
    first = _blob((300, -820), 120, 70, 0.5).intersection(street)
    second = _blob((210, -770), 260, 120, 1.1, -8).intersection(street).difference(first)
    third = _blob((150, -700), 400, 165, 1.9, -6).intersection(street).difference(first).difference(second)
    names = (
        ("start", "火场", "seat of the fire", first, 0.0),
        ("spread-60", "一小时蔓延区", "spread within an hour", second, 25.0),
        (
            "spread-120",
            "两小时威胁区(含山脚房屋)",
            "threatened within two hours, with foothill houses",
            third,
            60.0,
        ),
    )
    return [
        _zone(
            "forest-fire-nanshan",
            f"forest-fire-{k}",
            f"南山林火 {zh}",
            f"Nanshan forest fire, {en}",
            "forest_fire",
            shape.simplify(0.5),
            t,
            source,
        )
        for k, zh, en, shape, t in names
    ]


def _landslide(town: Town) -> list[Zone]:
    source = (
        "样例情景：连续强降雨后的地质灾害隐患点 · sample scenario: known unstable slopes after heavy rain"
    )
    street = town.shapes["street"]
    slopes = (
        ("foothill-west", "南山西坡", "west slope of Nanshan", _blob((-690, -712), 120, 62, 0.4, 6), 20.0),
        (
            "foothill-middle",
            "百步梯东坡",
            "slope east of the Hundred Steps",
            _blob((150, -640), 95, 58, 1.3, -8),
            30.0,
        ),
    )
    return [
        _zone(
            "landslide-nanshan",
            f"landslide-{k}",
            f"{zh}滑坡影响区",
            f"Landslide, {en}",
            "landslide",
            s.intersection(street),
            t,
            source,
        )
        for k, zh, en, s, t in slopes
    ]


def _air_raid() -> list[Zone]:
    source = "样例情景：演习假设 · sample scenario, assumed for drills"
    return [
        _zone(
            "air-raid-strike",
            "air-raid-mingze-avenue",
            "明泽大道东段空袭区",
            "Strike area, east Mingze Avenue",
            "air_raid",
            _blob((560, 10), 210, 150, 0.7),
            0.0,
            source,
        ),
        _zone(
            "air-raid-strike",
            "air-raid-xihuan-works",
            "西环工业区空袭区",
            "Strike area, Xihuan works",
            "air_raid",
            _blob((-985, -200), 95, 150, 2.1),
            0.0,
            source,
        ),
    ]


def _gas(town: Town) -> list[Zone]:
    site = largest(
        unary_union([b.shape for b in town.buildings if b.id.startswith("building/gas-station")])
    ).centroid
    source = (
        "样例情景：调压站泄漏，西南风 · sample scenario: leak at the regulating station, south-westerly wind"
    )
    near = Point(site).buffer(100.0)
    plume = _blob((site.x + 130, site.y + 70), 230, 120, 0.9, 28)
    return [
        _zone(
            "gas-leak-xihuan",
            "gas-leak-hot",
            "西环调压站泄漏 危险区",
            "Gas leak at Xihuan, danger area",
            "hazmat_gas",
            near,
            0.0,
            source,
        ),
        _zone(
            "gas-leak-xihuan",
            "gas-leak-warm",
            "西环调压站泄漏 警戒区",
            "Gas leak at Xihuan, precaution area",
            "hazmat_gas",
            plume.difference(near),
            10.0,
            source,
        ),
    ]


def _earthquake(town: Town) -> list[Zone]:
    source = "样例情景：六度设防区遭遇七度，1980 年前砖木结构 · sample scenario: intensity VII on brick and timber built before 1980"
    old = [b.shape for b in town.buildings if "oldtown" in b.tags and (b.year or 2000) < 1958]
    slabs = [
        b.shape for b in town.buildings if b.flats and "oldtown" not in b.tags and (b.year or 2000) <= 1976
    ]
    shape = unary_union([s.buffer(1.5, quad_segs=1) for s in old])
    unsafe = unary_union([s.buffer(2.0, quad_segs=1) for s in slabs])
    zones = [
        _zone(
            "earthquake-old-houses",
            "earthquake-collapsed",
            "老城倒塌房屋",
            "Collapsed houses in the old town",
            "earthquake",
            shape,
            0.0,
            source,
            intensity=7.0,
        ),
    ]
    if not unsafe.is_empty:
        zones.append(
            _zone(
                "earthquake-old-houses",
                "earthquake-unsafe",
                "老旧楼房危险区",
                "Unsafe old blocks",
                "earthquake",
                unsafe,
                0.0,
                source,
                intensity=7.0,
            )
        )
    return zones


def _factory_fire(town: Town) -> list[Zone]:
    halls = unary_union([b.shape for b in town.buildings if b.id.startswith("building/textile-mill")])
    source = "样例情景：原料仓库起火 · sample scenario: fire in the raw-material store"
    return [
        _zone(
            "fire-textile-mill",
            "fire-textile-mill",
            "纺织厂火灾烟气区",
            "Textile mill fire, smoke area",
            "urban_fire",
            halls.convex_hull.buffer(35.0, quad_segs=4),
            0.0,
            source,
        ),
    ]
