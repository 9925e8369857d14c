"""From bones to blocks: bridges, communities, side streets and the ground between them."""

from __future__ import annotations

import math
from random import Random

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split, unary_union

from tools.make_sample import skeleton
from tools.make_sample.geometry import XY, largest, lines, polygons, rounded, spline
from tools.make_sample.names import LANES
from tools.make_sample.noding import node
from tools.make_sample.town import Block, Town, Way

COMMUNITIES: dict[str, tuple[str, str, str]] = {
    "hubin": ("湖滨社区", "Hubin Community", "999902003002"),
    "gulou": ("鼓楼社区", "Gulou Community", "999902003003"),
    "wanghai": ("望海社区", "Wanghai Community", "999902003001"),
    "xinqiao": ("新桥社区", "Xinqiao Community", "999902003004"),
    "mingquan": ("明泉社区", "Mingquan Community", "999902003005"),
    "nanshan": ("南山社区", "Nanshan Community", "999902003006"),
}

_PAVEMENT_M = {"primary": 6.0, "secondary": 4.5, "tertiary": 4.0, "residential": 2.5}


def edges(ways: list[Way]) -> list[LineString]:
    """All ways cut into straight pieces."""
    return [LineString([a, b]) for w in ways for a, b in zip(w.coords, w.coords[1:], strict=False)]


def draw_skeleton(town: Town) -> None:
    """Draw shore, river, main streets and communities."""
    scale = 1.0
    for _ in range(3):
        area = _outline_area(skeleton.street_curves(scale))
        scale *= math.sqrt(skeleton.AREA_M2 / area)
    curves = skeleton.street_curves(scale)
    ways = [
        Way(
            s.slug, s.zh, s.en, s.kind, s.width_m, list(curves[s.slug].coords),
            s.drive, s.speed_kmh, s.lanes, s.layer,
        )
        for s in skeleton.STREETS
    ]  # fmt: skip
    for slug, zh, en in skeleton.BANKS:
        ways.append(Way(slug, zh, en, "residential", 7.0, list(curves[slug].coords), speed_kmh=30))
    shore = Way("shore", "", "", "", 0.0, list(curves["shore"].coords))
    river = Way("qingxi", "", "", "", 0.0, list(curves["qingxi"].coords))
    promenade = curves["shore"].offset_curve(-9.0)
    limits = [LineString(w.coords) for w in ways if w.slug in ("xihuan-road", "donghuan-road")]
    promenade = _between(LineString([rounded(p) for p in promenade.simplify(0.2).coords]), *limits)
    ways.append(
        Way(
            "lakeside-promenade",
            "湖滨步道",
            "Lakeside Promenade",
            "footway",
            5.0,
            list(promenade.coords),
            "none",
        )
    )
    node([*ways, shore, river])
    town.shapes["shore"] = LineString(shore.coords)
    town.shapes["river-line"] = LineString(river.coords)
    _communities(town, [*ways, shore, river])
    town.shapes["street"] = unary_union([town.communities[c] for c in sorted(town.communities)])
    _waters(town)
    town.ways = [piece for way in ways for piece in _bridged(way, town)]
    town.blocks = [
        Block(face, Polygon()) for face in polygons(shapely.polygonize(edges([*ways, shore, river])))
    ]


def _outline_area(curves: dict[str, LineString]) -> float:
    rings = [LineString(curves[s].coords) for s in ("huanshan-road", "xihuan-road", "donghuan-road", "shore")]
    return float(largest(shapely.polygonize([*rings])).area)


def _between(line: LineString, *limits: LineString) -> LineString:
    long = LineString(
        [_beyond(line.coords[1], line.coords[0]), *line.coords, _beyond(line.coords[-2], line.coords[-1])]
    )
    for limit in limits:
        long = max(skeleton.cut(long, limit), key=lambda g: g.length)
    return LineString([rounded(p) for p in long.coords])


def _beyond(a: XY, b: XY, by_m: float = 60.0) -> XY:
    d = math.dist(a, b)
    return (b[0] + (b[0] - a[0]) / d * by_m, b[1] + (b[1] - a[1]) / d * by_m)


def _communities(town: Town, ways: list[Way]) -> None:
    limits = {
        "huanshan-road", "xihuan-road", "donghuan-road", "shore", "qingxi",
        "mingze-avenue", "renmin-road", "wanghai-road", "dengshan-road",
    }  # fmt: skip
    named = {w.slug: LineString(w.coords) for w in ways}
    found: dict[str, list[Polygon]] = {}
    for face in polygons(shapely.polygonize(edges([w for w in ways if w.slug in limits]))):
        p = face.representative_point()
        north = _north_of(named["mingze-avenue"], p)
        west_of_river = not _east_of(named["qingxi"], p)
        if north:
            key = "hubin" if west_of_river else "wanghai" if _east_of(named["renmin-road"], p) else "gulou"
        else:
            divider = LineString([*named["dengshan-road"].coords[::-1], *named["wanghai-road"].coords])
            key = "xinqiao" if west_of_river else "nanshan" if _east_of(divider, p) else "mingquan"
        found.setdefault(key, []).append(face)
    for key in sorted(found):
        merged = largest(unary_union(found[key]))
        town.communities[f"community/{key}"] = Polygon([rounded(c) for c in merged.exterior.coords])


def _north_of(line: LineString, p: Point) -> bool:
    return bool(p.y > line.interpolate(line.project(p)).y)


def _east_of(line: LineString, p: Point) -> bool:
    nearest = line.interpolate(line.project(p))
    return bool(p.x > nearest.x)


def _waters(town: Town) -> None:
    river, shore = town.shapes["river-line"], town.shapes["shore"]
    left, right = [], []
    for k, p in enumerate(river.coords):
        a = river.coords[max(0, k - 1)]
        b = river.coords[min(len(river.coords) - 1, k + 1)]
        d = math.dist(a, b)
        nx, ny = -(b[1] - a[1]) / d, (b[0] - a[0]) / d
        w = skeleton.width_of_river_m(p[1]) / 2
        left.append((p[0] + nx * w, p[1] + ny * w))
        right.append((p[0] - nx * w, p[1] - ny * w))
    end, before = river.coords[-1], river.coords[-2]
    tip = _beyond(before, end, 15.0)
    body = Polygon([*left, tip, *right[::-1]]).buffer(0)
    town.shapes["river"] = largest(body.intersection(town.shapes["street"]))
    (x0, y0), (x1, y1) = shore.coords[0], shore.coords[-1]
    far = [
        (x1 + 140, y1 + 50), (x1 + 330, y1 + 70), (x1 + 400, 900), (x1 + 60, 1060), (500, 1010), (60, 1040),
        (-480, 1020), (x0 - 60, 1070), (x0 - 410, 900), (x0 - 340, y0 + 40), (x0 - 140, y0 + 6),
    ]  # fmt: skip
    curve = _spline_ring(far, (x1, y1), (x0, y0))
    town.shapes["lake"] = Polygon([*shore.coords, *curve])


def _spline_ring(far: list[XY], start: XY, end: XY) -> list[XY]:
    return [rounded(p) for p in spline([start, *far, end], 60.0)][1:-1]


def _bridged(way: Way, town: Town) -> list[Way]:
    """Cut a way where it spans the river; the span lies on layer 1."""
    line = way.line
    river = town.shapes["river-line"]
    if way.slug.startswith("qingxi") or not line.crosses(river) or way.slug == "huanshan-road":
        return [way]
    middle = line.project(line.intersection(river).centroid)
    clear = skeleton.BANK_M - 2.0
    coords = way.coords
    if way.slug in ("lakeside-promenade", "forest-track"):
        clear = skeleton.width_of_river_m(line.interpolate(middle).y) / 2 + 2.0
        ends = [line.interpolate(middle - clear - 0.1), line.interpolate(middle + clear + 0.1)]
        extra = [rounded((e.x, e.y)) for e in ends]
        coords = sorted({*coords, *extra}, key=lambda p: line.project(Point(p)))
    way = _part(way, coords)
    # Span from bank to bank: the nearest vertices that stand clear of the water.
    marks = [line.project(Point(p)) for p in way.coords]
    lo = max(m for m in marks if m < middle - clear)
    hi = min(m for m in marks if m > middle + clear)
    i, j = marks.index(lo), marks.index(hi)
    zh, en = _BRIDGES.get(way.slug, (f"{way.zh}桥", f"{way.en} Bridge"))
    span = Way(
        f"{way.slug}-bridge", zh, en, way.kind, way.width_m, way.coords[i : j + 1],
        way.drive, way.speed_kmh, way.lanes, 1, True,
    )  # fmt: skip
    west, east = _part(way, way.coords[: i + 1]), _part(way, way.coords[j:])
    return [west, span, east]


_BRIDGES = {
    "nanshan-road": ("上清桥", "Shangqing Bridge"),
    "mingquan-street": ("明泉桥", "Mingquan Bridge"),
    "mingze-avenue": ("新桥", "New Bridge"),
    "gulou-street": ("状元桥", "Scholar Bridge"),
    "hubin-road": ("湖口桥", "Lake Mouth Bridge"),
    "lakeside-promenade": ("望湖拱桥", "Lake View Arch Bridge"),
    "forest-track": ("护林小桥", "Forest Track Bridge"),
}


def _part(way: Way, coords: list[XY]) -> Way:
    return Way(
        way.slug,
        way.zh,
        way.en,
        way.kind,
        way.width_m,
        coords,
        way.drive,
        way.speed_kmh,
        way.lanes,
        way.layer,
    )


def zone(town: Town, face: Polygon) -> str:
    """Say what kind of ground a face of the skeleton is."""
    p = face.representative_point()
    river = town.shapes["river-line"]
    if face.within(river.buffer(skeleton.BANK_M + 6.0)):
        return "bank"
    if _north_of(_whole(town, "hubin-road"), p):
        return "lakeside"
    if not _north_of(_whole(town, "nanshan-road"), p):
        return "hill"
    if town.community_of(p) == "community/gulou":
        return "oldtown"
    return "urban"


def _whole(town: Town, slug: str) -> LineString:
    parts = sorted((w for w in town.ways if w.slug in (slug, f"{slug}-bridge")), key=lambda w: w.coords[0][0])
    return LineString([p for w in parts for p in w.coords])


def split_face(face: Polygon, rng: Random, bend: float = 0.03) -> tuple[list[Polygon], list[XY]] | None:
    """Cut a face across its long side; return the two parts and the cutting line."""
    box = face.minimum_rotated_rectangle
    if not isinstance(box, Polygon):
        return None
    ring = list(box.exterior.coords)
    sides = [(ring[0], ring[1], ring[2]), (ring[1], ring[2], ring[3])]
    a, b, c = max(sides, key=lambda s: math.dist(s[0], s[1]))
    corners = [Point(p) for p in _corners(face)]
    best: tuple[float, list[Polygon], list[XY]] | None = None
    for _ in range(10):
        f, g = rng.uniform(0.40, 0.60), rng.uniform(-0.05, 0.05)
        top = (a[0] + (b[0] - a[0]) * (f + g), a[1] + (b[1] - a[1]) * (f + g))
        low = (a[0] + (b[0] - a[0]) * (f - g), a[1] + (b[1] - a[1]) * (f - g))
        low = (low[0] + c[0] - b[0], low[1] + c[1] - b[1])
        swing = rng.uniform(-bend, bend) * math.dist(top, low)
        nx, ny = (b[0] - a[0]) / math.dist(a, b), (b[1] - a[1]) / math.dist(a, b)
        course = [_beyond(low, top, 5.0)]
        for k in range(1, 8):
            t = k / 8
            s = swing * math.sin(math.pi * t)
            course.append((top[0] + (low[0] - top[0]) * t + nx * s, top[1] + (low[1] - top[1]) * t + ny * s))
        course.append(_beyond(top, low, 5.0))
        line = LineString(course)
        parts = polygons(split(face, line))
        inside = lines(line.intersection(face))
        if len(parts) != 2 or len(inside) != 1:
            continue
        cut = [rounded(p) for p in inside[0].coords]
        score = min(min(Point(e).distance(q) for q in corners) for e in (cut[0], cut[-1]))
        score = min(score, 30.0) + 30.0 * min(p.area for p in parts) / face.area
        if best is None or score > best[0]:
            best = (score, parts, cut)
    return None if best is None else (best[1], best[2])


def _corners(face: Polygon) -> list[XY]:
    ring = [c[:2] for c in face.simplify(3.0).exterior.coords]
    return ring[:-1]


def side_streets(town: Town, target_m2: dict[str, float]) -> None:
    """Divide the ground between the main streets by side streets, down to the block size wanted."""
    names = iter(LANES)
    done: list[Block] = []
    todo = sorted((b.face for b in town.blocks), key=lambda f: (round(f.centroid.x), round(f.centroid.y)))
    for face in todo:
        kind = zone(town, face)
        if kind not in target_m2:
            done.append(Block(face, Polygon(), kind))
            continue
        queue = [face]
        while queue:
            part = queue.pop(0)
            c = part.centroid
            rng = Random(f"split {round(c.x / 5)} {round(c.y / 5)}")
            result = None
            if part.area > target_m2[kind] * rng.uniform(0.85, 1.25):
                result = split_face(part, rng)
            if result is None:
                done.append(Block(part, Polygon(), kind))
                continue
            slug, zh, en = next(names, ("", "", ""))
            if not slug:
                raise ValueError("not enough names for side streets")
            width = rng.choice((7.0, 7.0, 8.0, 9.0))
            town.ways.append(Way(slug, zh, en, "residential", width, result[1], speed_kmh=20))
            queue += result[0]
    town.blocks = done


def ground(town: Town) -> None:
    """Give every block the ground that streets, pavements and water leave."""
    taken = [w.line.buffer(w.width_m / 2 + _PAVEMENT_M.get(w.kind, 1.5)) for w in town.ways]
    taken += [town.shapes["river"].buffer(4.0)]
    tree = shapely.STRtree(taken)
    for block in town.blocks:
        near = [taken[int(k)] for k in sorted(tree.query(block.face))]
        free = (
            block.face.difference(unary_union(near))
            .buffer(-0.5, join_style="mitre")
            .buffer(0.5, join_style="mitre")
        )
        block.ground = largest(free)
