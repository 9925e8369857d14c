"""Houses along the street: shops below, often flats above."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from shapely.geometry import LineString, Point, Polygon
from shapely.prepared import prep

from tools.make_sample.geometry import lines, rounded
from tools.make_sample.town import Block, Building, Town, Way

PAVEMENT_M = {"primary": 6.5, "secondary": 5.0, "tertiary": 4.5, "residential": 3.0}
DEPTH_M = 10.5


@dataclass(frozen=True)
class Side:
    """The side of a street that a block lies on."""

    way: Way
    setback_m: float
    """From the middle of the street to the house fronts [m]."""

    @property
    def depth_m(self) -> float:
        """From the middle of the street to the backs of the houses [m]."""
        return self.setback_m + DEPTH_M


def street_sides(town: Town, block: Block, kinds: tuple[str, ...]) -> list[Side]:
    """Streets of the given kinds that bound `block`."""
    rim = block.face.exterior.buffer(0.5)
    out = []
    for way in town.ways:
        if way.street and way.layer == 0 and way.kind in kinds and way.line.intersection(rim).length > 40.0:
            out.append(Side(way, way.width_m / 2 + PAVEMENT_M[way.kind]))
    return out


@dataclass(frozen=True)
class Houses:
    """What kind of houses stand on a street front."""

    use: str = "shop"
    floors: tuple[int, ...] = (1, 2, 2, 2, 3, 3, 4, 5)
    lengths: tuple[float, float] = (20.0, 44.0)
    depth_m: float = DEPTH_M
    flats: int = 2
    flats_from: int = 4
    """Only houses of at least so many floors have flats above the shop."""
    first_home_floor: int = 2
    years: tuple[int, int] = (1982, 2012)
    letter: str = "s"


def build(
    town: Town, block: Block, kinds: tuple[str, ...], houses: Houses, keep_clear: list[Polygon]
) -> None:
    """Line the streets around `block` with houses.

    Parameters
    ----------
    town
        The town; houses are added to it.
    block
        The block whose rim is built on.
    kinds
        Kinds of street that get houses.
    houses
        What is built.
    keep_clear
        Ground that stays free (compounds, parks).
    """
    rng = Random(f"front {block.slug} {houses.letter}")
    ground = prep(block.ground.buffer(0.6))
    clear = [c.buffer(1.0) for c in keep_clear]
    clear += [
        w.line.buffer(w.width_m / 2 + 0.8)
        for w in town.ways
        if not w.street and w.line.intersects(block.face)
    ]
    near = [b.shape for b in town.buildings if b.shape.intersects(block.face)]
    n = 0
    for side in street_sides(town, block, kinds):
        for part in _rim(block, side.way):
            s = 6.0
            while s < part.length - 10.0:
                length = rng.uniform(*houses.lengths)
                placed = False
                for size in (length, 14.0):
                    box = _box(block, part, s, size, side.setback_m, houses.depth_m)
                    if box is None or not ground.contains(box) or any(box.intersects(c) for c in clear):
                        continue
                    if any(box.distance(other) < 0.6 for other in near):
                        continue
                    n += 1
                    near.append(box)
                    town.buildings.append(_house(block, side.way, houses, n, box, size, rng))
                    s += size + rng.choice((0.8, 0.8, 1.0, 3.0, 5.0))
                    placed = True
                    break
                if not placed:
                    s += 3.0


def _rim(block: Block, way: Way) -> list[LineString]:
    from shapely.ops import linemerge

    shared = way.line.intersection(block.face.exterior.buffer(0.3))
    parts = lines(shared)
    merged = linemerge(parts) if len(parts) > 1 else shared
    return sorted((g for g in lines(merged) if g.length > 25.0), key=lambda g: g.coords[0])


def _box(
    block: Block, part: LineString, s: float, length: float, setback_m: float, depth_m: float
) -> Polygon | None:
    if s + length > part.length:
        return None
    a, b = part.interpolate(s), part.interpolate(s + length)
    d = math.hypot(b.x - a.x, b.y - a.y)
    ux, uy = (b.x - a.x) / d, (b.y - a.y) / d
    nx, ny = -uy, ux
    middle = Point((a.x + b.x) / 2 + nx * setback_m, (a.y + b.y) / 2 + ny * setback_m)
    if not block.face.contains(middle):
        nx, ny = uy, -ux
    # The street may bulge towards the block between the ends of the chord.
    bulge = max(
        ((p.x - a.x) * nx + (p.y - a.y) * ny)
        for p in (part.interpolate(s + length * t) for t in (0.0, 0.25, 0.5, 0.75, 1.0))
    )
    near, far = setback_m + bulge, setback_m + bulge + depth_m
    return Polygon(
        [
            rounded((a.x + nx * near, a.y + ny * near)),
            rounded((b.x + nx * near, b.y + ny * near)),
            rounded((b.x + nx * far, b.y + ny * far)),
            rounded((a.x + nx * far, a.y + ny * far)),
        ]
    )


def _house(
    block: Block, way: Way, houses: Houses, n: int, box: Polygon, length: float, rng: Random
) -> Building:
    floors = rng.choice(houses.floors)
    homes = floors >= houses.flats_from
    number = n * 2 + rng.randint(0, 1)
    zh = f"{way.zh}{number}号({block.zh}旁)"
    en = f"{number} {way.en} (by {block.en})"
    return Building(
        f"building/{block.slug}-{houses.letter}{n:02d}",
        zh,
        en,
        box,
        houses.use,
        floors,
        max(1, int(length // 16)) if homes else 1,
        houses.flats if homes else 0,
        first_home_floor=houses.first_home_floor,
        lift=floors >= 7,
        year=rng.randint(*houses.years),
    )
