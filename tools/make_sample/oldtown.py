"""The old town: alleys and low houses close together."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import shapely
from shapely.geometry import Polygon
from shapely.ops import unary_union

from tools.make_sample.geometry import Frame, block_angle, largest
from tools.make_sample.layout import split_face
from tools.make_sample.town import Block, Building, Town, Way

PLOT_M2 = 2_300.0


def fill(town: Town, block: Block, names: Iterator[tuple[str, str, str]]) -> None:
    """Cut `block` by alleys into plots and build houses on them."""
    rng = Random(f"old {block.slug}")
    queue, plots = [block.face], []
    alleys: list[Way] = []
    while queue:
        part = queue.pop(0)
        result = split_face(part, rng, 0.05) if part.area > PLOT_M2 * rng.uniform(0.9, 1.5) else None
        if result is None:
            plots.append(part)
            continue
        slug, zh, en = next(names)
        width = rng.choice((2.5, 3.0, 3.0, 3.5, 4.0)) if part.area < 9_000 else 5.0
        kind = "residential" if width >= 5 else "footway"
        drive = "both" if width >= 5 else "none"
        alleys.append(Way(slug, zh, en, kind, width, result[1], drive, 15.0 if drive == "both" else None))
        queue += result[0]
    town.ways.extend(alleys)
    taken = unary_union([w.line.buffer(w.width_m / 2 + 0.7) for w in alleys])
    n = 0
    for plot in sorted(plots, key=lambda p: (round(p.centroid.x), round(p.centroid.y))):
        free = largest(plot.intersection(block.ground).difference(taken))
        if free.area < 90:
            continue
        for box in _houses(free, rng):
            n += 1
            floors = rng.choice((1, 2, 2, 2, 3, 3, 4))
            shop = rng.random() < 0.13
            town.buildings.append(
                Building(
                    f"building/{block.slug}-{n:03d}",
                    f"{block.zh}{n}号",
                    f"{n} {block.en}",
                    box,
                    "shop" if shop else "residential",
                    floors,
                    1,
                    1 if box.area < 120 else 2,
                    first_home_floor=2 if shop else 1,
                    year=rng.randint(1936, 1984),
                    tags=frozenset({"oldtown"}),
                )
            )


def _houses(free: Polygon, rng: Random) -> list[Polygon]:
    frame = Frame(block_angle(free, 45.0), free.centroid.coords[0])
    shape = frame.polygon_inside(free)
    inner = shapely.buffer(shape, -0.2, join_style="mitre")
    x0, y0, x1, y1 = shape.bounds
    out: list[Polygon] = []
    rows = max(2, round((y1 - y0) / 15.0))
    pitch = (y1 - y0) / rows
    for r in range(rows):
        depth = min(11.0, pitch - 2.2) * rng.uniform(0.85, 1.0)
        base = y0 + pitch * r + (pitch - depth) * (0.1 if r == 0 else 0.9 if r == rows - 1 else 0.5)
        x = x0 + 0.3
        while x < x1 - 7:
            width = rng.uniform(9.5, 17.0)
            placed = False
            for w, d, lift in (
                (width, depth, 0.0),
                (width * 0.7, depth * 0.85, 1.2),
                (8.0, depth * 0.7, 2.0),
                (8.0, depth * 0.7, 0.0),
            ):
                box = Polygon(
                    [(x, base + lift), (x + w, base + lift), (x + w, base + lift + d), (x, base + lift + d)]
                )
                if inner.contains(box) and d > 5:
                    out.append(frame.rectangle(x, base + lift, x + w, base + lift + d))
                    x += w + rng.choice((0.6, 0.8, 1.0, 4.5))
                    placed = True
                    break
            if not placed:
                x += 2.0
    return out
