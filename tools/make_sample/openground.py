"""Parks, squares, the lakeside, the riverside walk, the hill and the underpass."""

from __future__ import annotations

import math
from random import Random

from shapely.geometry import LineString, Point, Polygon
from shapely.ops import nearest_points, substring, unary_union

from tools.make_sample import skeleton
from tools.make_sample.geometry import (
    XY,
    Frame,
    block_angle,
    largest,
    lines,
    points,
    rounded,
    tidy,
    with_vertex,
)
from tools.make_sample.infill import best_rectangle
from tools.make_sample.town import Block, Building, Landmark, Town, Way


def _path(slug: str, zh: str, en: str, width_m: float, coords: list[XY], kind: str = "footway") -> Way:
    return Way(slug, zh, en, kind, width_m, [rounded(p) for p in coords], "none", street=False)


def park(town: Town, block: Block) -> None:
    """Lay out a park or square: a ring path and ways in from the streets."""
    rng = Random(f"park {block.slug}")
    shape = tidy(largest(block.ground.buffer(-1.0)), 0.6)
    square = block.kind == "square"
    depth = 9.0 if square else 14.0
    ring = largest(shape.buffer(-depth).buffer(-4.0).buffer(4.0)).exterior.simplify(1.2)
    loop = [rounded(p) for p in ring.coords]
    town.ways.append(_path(f"{block.slug}-p01", f"{block.zh}环路", f"{block.en} loop path", 4.0, loop))
    ways = [
        w
        for w in town.ways
        if w.street and w.layer == 0 and w.kind != "steps" and w.line.distance(block.face) < 0.1
    ]
    kerb = unary_union([w.line.intersection(block.face.exterior.buffer(0.2)) for w in ways])
    count = max(4, min(9, round(ring.length / 150.0)))
    n = 1
    for k in range(count):
        a = ring.interpolate((k + rng.uniform(0.25, 0.75)) / count, normalized=True)
        b = nearest_points(kerb, a)[0]
        line = LineString([a, b])
        if line.length > 45.0 or _over_other_ground(town, block, line):
            continue
        doors = points(line.intersection(shape.exterior))
        if len(doors) != 1:
            continue
        n += 1
        door = rounded(doors[0])
        shape = with_vertex(shape, door)
        town.ways.append(
            _path(
                f"{block.slug}-p{n:02d}",
                f"{block.zh}入口步道",
                f"{block.en} entrance path",
                5.0,
                [(a.x, a.y), door, (b.x, b.y)],
            )
        )
        town.shapes[f"door:{block.slug}:{n:02d}"] = Point(door)
    # Paths across.
    inside = Polygon(loop)
    frame = Frame(block_angle(inside, 90.0), inside.centroid.coords[0])
    seen = frame.polygon_inside(inside)
    x0, y0, x1, y1 = seen.bounds
    crossings = [((x0 + (x1 - x0) * t, y0 - 5), (x0 + (x1 - x0) * t, y1 + 5)) for t in _shares(x1 - x0)]
    if block.kind == "stadium":
        crossings = []
    elif y1 - y0 > 60:
        crossings.append(((x0 - 5, (y0 + y1) / 2), (x1 + 5, (y0 + y1) / 2)))
    for a2, b2 in crossings:
        for g in lines(seen.intersection(LineString([a2, b2]))):
            n += 1
            ends = [frame.outside(p) for p in g.coords]
            town.ways.append(
                _path(f"{block.slug}-p{n:02d}", f"{block.zh}步道", f"{block.en} path", 3.0, ends)
            )
    town.grounds[block.slug] = shape
    town.landmarks.append(
        Landmark(f"landmark/{block.slug}", block.zh, block.en, "square" if square else "park", shape)
    )
    if block.kind == "stadium":
        _sports(town, block, frame, seen)
        return
    if not square and shape.area > 9_000:
        _pond(town, block, frame, seen)
    _pavilion(town, block, rng)


def _over_other_ground(town: Town, block: Block, line: LineString) -> bool:
    return any(
        other is not block and other.ground.intersects(line) and other.ground.intersection(line).length > 0.5
        for other in town.blocks
    )


def _shares(length: float) -> list[float]:
    n = max(1, min(5, int(length // 110)))
    return [(k + 1) / (n + 1) for k in range(n)]


def _pond(town: Town, block: Block, frame: Frame, seen: Polygon) -> None:
    x0, y0, x1, y1 = seen.bounds
    w, h = (x1 - x0), (y1 - y0)
    cx, cy = x0 + w * (0.27 if w < 300 else 0.12), y0 + h * 0.30
    rx, ry = min(w * 0.13, 34.0), min(h * 0.14, 20.0)
    ring = []
    for k in range(28):
        a = 2 * math.pi * k / 28
        r = 1 + 0.16 * math.sin(3 * a + 0.6) + 0.08 * math.cos(5 * a)
        ring.append(rounded(frame.outside((cx + rx * r * math.cos(a), cy + ry * r * math.sin(a)))))
    pond = Polygon(ring)
    clear = unary_union([w.line.buffer(3.0) for w in town.ways if w.slug.startswith(f"{block.slug}-p")])
    pond = tidy(largest(pond.difference(clear).intersection(town.grounds[block.slug].buffer(-6.0))), 0.2)
    round_enough = 4 * math.pi * pond.area > 0.4 * pond.length**2
    if pond.area > 250 and round_enough:
        town.landmarks.append(
            Landmark(f"landmark/{block.slug}-pond", f"{block.zh}池塘", f"{block.en} pond", "pond", pond)
        )
        town.shapes[f"pond:{block.slug}"] = pond


def _sports(town: Town, block: Block, frame: Frame, seen: Polygon) -> None:
    """A sports hall at one end of the ground, a running track with a pitch on the rest."""
    room = best_rectangle(largest(seen.buffer(-4.0)), -math.inf, math.inf)
    assert room is not None
    x0, y0, x1, y1 = room
    upright = y1 - y0 > x1 - x0
    low, high, across = (y0, y1, x1 - x0) if upright else (x0, x1, y1 - y0)
    middle = (x0 + x1) / 2 if upright else (y0 + y1) / 2

    def box(along0: float, along1: float, side0: float, side1: float) -> Polygon:
        if upright:
            return frame.rectangle(side0, along0, side1, along1)
        return frame.rectangle(along0, side0, along1, side1)

    half = min(24.0, across / 2 - 2.0)
    hall = box(low, low + 28.0, middle - half, middle + half)
    town.buildings.append(
        Building(
            f"building/{block.slug}-01",
            f"{block.zh}体育馆",
            f"{block.en} sports hall",
            hall,
            "sport",
            2,
            2,
            year=2011,
        )
    )
    radius = min(38.0, across / 2 - 1.0)
    a, b = low + 34.0 + radius, high - radius
    ends = [(middle, a), (middle, b)] if upright else [(a, middle), (b, middle)]
    spine = LineString([frame.outside(p) for p in ends])
    for key, zh, en, r in (("track", "跑道", "track", radius), ("pitch", "足球场", "pitch", radius - 9.0)):
        oval = tidy(spine.buffer(r, quad_segs=8), 0.1)
        town.landmarks.append(
            Landmark(f"landmark/{block.slug}-{key}", f"{block.zh}{zh}", f"{block.en} {en}", key, oval)
        )


_House = tuple[str, str, float, float, str]
_HOUSES: dict[str, tuple[_House, ...]] = {
    "park": (("管理房", "office", 14.0, 9.0, "other"), ("茶室", "tea house", 16.0, 12.0, "shop"), ("凉亭", "pavilion", 6.0, 6.0, "other")),
    "square": (("服务站", "service kiosk", 12.0, 7.0, "other"),),
    "gulou-square": (("鼓楼", "Drum Tower", 18.0, 14.0, "culture"),),
    "west-lake-park": (("管理房", "office", 14.0, 9.0, "other"), ("水榭", "lake pavilion", 16.0, 10.0, "culture"), ("茶室", "tea house", 16.0, 12.0, "shop"), ("游船码头", "boat house", 18.0, 9.0, "other")),
    "wharf-park": (("管理房", "office", 14.0, 9.0, "other"), ("码头陈列馆", "wharf museum", 26.0, 14.0, "culture"), ("茶室", "tea house", 16.0, 12.0, "shop")),
}  # fmt: skip


def _pavilion(town: Town, block: Block, rng: Random) -> None:
    ground = town.grounds[block.slug]
    frame = Frame(0.0, (0.0, 0.0))
    blocked = [w.line.buffer(w.width_m / 2 + 1.0) for w in town.ways if w.line.intersects(ground)]
    blocked += [s for k, s in sorted(town.shapes.items()) if k == f"pond:{block.slug}"]
    names = _HOUSES.get(block.slug, _HOUSES["park"] if block.kind == "park" else _HOUSES["square"])
    for n, (zh, en, w, h, use) in enumerate(names, start=1):
        x0, y0, x1, y1 = ground.bounds
        for _ in range(300):
            x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
            box = frame.rectangle(round(x, 1), round(y, 1), round(x, 1) + w, round(y, 1) + h)
            if not ground.buffer(-4.0).contains(box) or any(box.intersects(b) for b in blocked):
                continue
            town.buildings.append(
                Building(
                    f"building/{block.slug}-{n:02d}",
                    f"{block.zh}{zh}",
                    f"{block.en} {en}",
                    box,
                    use,
                    1 if h < 20 else 2,
                    year=2009,
                )
            )
            blocked.append(box.buffer(5.0))
            break


def riverside(town: Town) -> None:
    """The walk along the water, below the street bridges, and the green of the banks."""
    river = town.shapes["river-line"]
    for side, sign in (("west", 1.0), ("east", -1.0)):
        bank = next(w for w in town.ways if w.slug == f"qingxi-{side}-road")
        lower = list(river.coords)
        course: list[XY] = []
        for k in range(1, len(lower) - 1):
            p, a, b = lower[k], lower[k - 1], lower[k + 1]
            if p[1] < bank.coords[0][1] + 30 and bank.coords[0][1] < bank.coords[-1][1]:
                continue
            d = math.dist(a, b)
            off = (skeleton.width_of_river_m(p[1]) / 2 + 3.6) * sign
            course.append((p[0] - (b[1] - a[1]) / d * off, p[1] + (b[0] - a[0]) / d * off))
        promenade = [w for w in town.ways if w.slug == "lakeside-promenade"]
        spot = Point(course[-1])
        target = min(promenade, key=lambda w: w.line.distance(spot))
        course = [c for c in course if c[1] < spot.y - 24]
        end = target.coords[-1] if sign > 0 else target.coords[0]
        line = LineString([rounded(p) for p in [*course, end]]).simplify(0.4)
        coords = [rounded(p) for p in line.coords]
        zh, en = (
            ("清溪西亲水步道", "Qingxi West Waterside Walk")
            if side == "west"
            else ("清溪东亲水步道", "Qingxi East Waterside Walk")
        )
        town.ways.append(Way(f"waterside-{side}", zh, en, "footway", 3.0, coords, "none", street=False))
        total = bank.line.length
        n = 0
        walk = LineString(coords)
        clear = [w.line.buffer(w.width_m / 2 + 4) for w in town.ways if w.bridge]
        for k in range(1, 12):
            a = bank.line.interpolate(total * k / 12)
            b = nearest_points(walk, a)[0]
            step = LineString([a, b])
            if (
                step.length > 22
                or any(step.intersects(c) for c in clear)
                or step.intersects(town.shapes["river"])
            ):
                continue
            n += 1
            town.ways.append(
                Way(
                    f"waterside-{side}-steps-{n}",
                    f"{zh}台阶",
                    f"{en} steps",
                    "steps",
                    2.5,
                    [rounded((a.x, a.y)), rounded((b.x, b.y))],
                    "none",
                    street=False,
                )
            )
        first = bank.line.interpolate(min(26.0, total / 20))
        town.ways.append(
            Way(
                f"waterside-{side}-ramp",
                f"{zh}坡道",
                f"{en} ramp",
                "footway",
                2.5,
                [rounded((first.x, first.y)), coords[0]],
                "none",
                street=False,
            )
        )


def underpass(town: Town, north: str, south: str) -> None:
    """The foot tunnel under the avenue between a block to the north and a park to the south."""
    avenue = next(w for w in town.ways if w.slug == "mingze-avenue" and w.line.centroid.x > -300)
    park_ways = [w for w in town.ways if w.slug.startswith(f"{south}-p") and w.kind == "footway"]
    mall_ways = [w for w in town.ways if w.slug.startswith(f"{north}-p")]
    a = min(
        (Point(p) for w in park_ways for p in w.coords),
        key=lambda p: min(LineString(m.coords).distance(p) for m in mall_ways),
    )
    target = min(mall_ways, key=lambda w: w.line.distance(a))
    b = nearest_points(target.line, a)[0]
    line = LineString([a, b])
    hit = line.intersection(avenue.line)
    at = line.project(hit.centroid)
    span = substring(line, at - 19.0, at + 19.0)
    s0, s1 = (rounded(p) for p in (span.coords[0], span.coords[-1]))
    pieces = [
        Way(
            "avenue-underpass",
            "人民公园地下通道",
            "People's Park Underpass",
            "footway",
            5.0,
            [s0, s1],
            "none",
            layer=-1,
            tunnel=True,
            street=False,
        ),
        Way(
            "avenue-underpass-south",
            "地下通道南口",
            "Underpass south steps",
            "steps",
            4.0,
            [rounded(a.coords[0]), s0],
            "none",
            street=False,
        ),
        Way(
            "avenue-underpass-north",
            "地下通道北口",
            "Underpass north steps",
            "steps",
            4.0,
            [s1, rounded(b.coords[0])],
            "none",
            street=False,
        ),
    ]
    town.ways += [w for w in pieces if w.coords[0] != w.coords[1]]
