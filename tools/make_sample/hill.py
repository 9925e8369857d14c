"""The wooded hill, the green of the river banks, and the few houses among the trees."""

from __future__ import annotations

import math

from shapely.geometry import Point
from shapely.ops import unary_union

from tools.make_sample.geometry import Frame, largest, polygons, rounded, tidy
from tools.make_sample.skeleton import BANK_M
from tools.make_sample.town import Building, Landmark, Town

# way, share of its length, side (1 left, -1 right), Chinese, English, length, depth, use, year
_AMONG_TREES: tuple[tuple[str, float, int, str, str, float, float, str, int], ...] = (
    ("baibu-steps", 0.42, 1, "南山寺", "Nanshan Temple", 26.0, 18.0, "culture", 1931),
    ("baibu-steps", 0.47, -1, "南山寺客堂", "Nanshan Temple guest hall", 18.0, 10.0, "culture", 1934),
    ("forest-track", 0.30, 1, "护林站", "Forest Ranger Station", 16.0, 9.0, "government", 1998),
    ("forest-track", 0.78, -1, "森林防火瞭望塔", "Forest Fire Lookout", 7.0, 7.0, "utility", 1996),
    ("songtao-path", 0.50, 1, "松涛亭", "Songtao Pavilion", 8.0, 8.0, "other", 2003),
    ("panshan-road", 0.62, -1, "南山茶场", "Nanshan Tea Garden", 22.0, 10.0, "shop", 1988),
    ("dengshan-road", 0.66, 1, "观景台", "Viewing Platform House", 12.0, 8.0, "other", 2012),
)


def build(town: Town) -> None:
    """Houses among the trees, woods, the peak, and the green along the river."""
    for n, (slug, share, side, zh, en, length, depth, use, year) in enumerate(_AMONG_TREES, start=1):
        _house(town, n, slug, share, side, zh, en, length, depth, use, year)
    _woods(town)
    _banks(town)


def _house(
    town: Town, n: int, slug: str, share: float, side: int, zh: str, en: str, length: float, depth: float, use: str, year: int
) -> None:  # fmt: skip
    parts = [w for w in town.ways if w.slug == slug]
    way = max(parts, key=lambda w: w.line.length)
    line = way.line
    s = line.length * share
    a, b = line.interpolate(s - 4.0), line.interpolate(s + 4.0)
    frame = Frame(
        math.degrees(math.atan2(b.y - a.y, b.x - a.x)), (line.interpolate(s).x, line.interpolate(s).y)
    )
    roads = unary_union([w.line.buffer(w.width_m / 2 + 1.5) for w in town.ways])
    for gap in (5.0, 7.0, 9.0, 12.0, 15.0):
        near, far = side * (way.width_m / 2 + gap), side * (way.width_m / 2 + gap + depth)
        box = frame.rectangle(-length / 2, min(near, far), length / 2, max(near, far))
        if not box.intersects(roads):
            town.buildings.append(
                Building(
                    f"building/nanshan-hill-{n:02d}", zh, en, box, use, 1 if length < 20 else 2, year=year
                )
            )
            return
    raise ValueError(f"no room for {zh}")


def _woods(town: Town) -> None:
    houses = [b.shape.buffer(12.0) for b in town.buildings]
    n = 0
    for block in sorted(
        (b for b in town.blocks if b.kind == "hill"),
        key=lambda b: (round(b.face.centroid.x), b.face.centroid.y),
    ):
        free = block.ground.buffer(-3.0)
        near = [h for h in houses if h.intersects(free)]
        if near:
            free = free.difference(unary_union(near).buffer(8.0).buffer(-8.0))
        wood = tidy(largest(free), 1.0)
        if wood.area < 800:
            continue
        n += 1
        town.landmarks.append(
            Landmark(f"landmark/nanshan-wood-{n}", "南山林地", "Nanshan Wood", "wood", wood)
        )
    ridge = next(w.line for w in town.ways if w.slug == "huanshan-road")
    top = ridge.interpolate(0.47, normalized=True)
    town.landmarks.append(
        Landmark("landmark/nanshan", "南山", "Nanshan Hill", "peak", Point(rounded((top.x, top.y + 45.0))))
    )


def _banks(town: Town) -> None:
    river = town.shapes["river-line"]
    roads = unary_union(
        [
            w.line.buffer(w.width_m / 2 + 0.8)
            for w in town.ways
            if w.layer == 0 and w.line.distance(river) < 60
        ]
    )
    roads = roads.union(unary_union([w.line.buffer(w.width_m / 2 + 3.0) for w in town.ways if w.bridge]))
    n = 0
    strip = (
        river.buffer(BANK_M - 3.5, cap_style="flat")
        .difference(town.shapes["river"].buffer(0.6))
        .difference(roads)
    )
    south = min(c[1] for w in town.ways if w.slug.startswith("qingxi-") for c in w.coords)
    for piece in sorted(
        polygons(strip.intersection(town.shapes["street"])), key=lambda g: (round(g.centroid.y), g.centroid.x)
    ):
        green = tidy(largest(piece.buffer(-0.8).buffer(0.8, quad_segs=2)), 0.4)
        if green.area > 120 and green.centroid.y > south:
            n += 1
            town.landmarks.append(
                Landmark(f"landmark/qingxi-green-{n:02d}", "清溪绿带", "Qingxi Green", "green", green)
            )
