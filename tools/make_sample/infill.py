"""Compounds: rows of buildings facing south, paths, walls and few gates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union

from tools.make_sample.frontage import street_sides
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
from tools.make_sample.styles import STYLES, Style
from tools.make_sample.town import Block, Building, Compound, Gate, Landmark, Town, Way

Span = tuple[float, float]


def span(shape: Polygon, y0: float, y1: float) -> Span | None:
    """The longest stretch of x over which `shape` covers the band y0 to y1."""
    x0, _, x1, _ = shape.bounds
    stretches: list[Span] = [(x0, x1)]
    for y in (y0, (y0 + y1) / 2, y1):
        hits = [
            (g.bounds[0], g.bounds[2])
            for g in lines(shape.intersection(LineString([(x0 - 5, y), (x1 + 5, y)])))
        ]
        stretches = [(max(a, c), min(b, d)) for a, b in stretches for c, d in hits if min(b, d) > max(a, c)]
    return max(stretches, key=lambda s: s[1] - s[0]) if stretches else None


def best_rectangle(shape: Polygon, x_from: float, x_to: float) -> tuple[float, float, float, float] | None:
    """A large upright rectangle (x0, y0, x1, y1) of `shape` between two x."""
    _, low, _, high = shape.bounds
    best: tuple[float, float, float, float] | None = None
    for i in range(9):
        for j in range(i + 3, 13):
            y0, y1 = low + (high - low) * i / 12, low + (high - low) * j / 12
            s = span(shape, y0, y1)
            if s is None:
                continue
            x0, x1 = max(s[0], x_from), min(s[1], x_to)
            if x1 - x0 < 15 or y1 - y0 < 15:
                continue
            if best is None or (x1 - x0) * (y1 - y0) > (best[2] - best[0]) * (best[3] - best[1]):
                best = (x0, y0, x1, y1)
    return best


class _Filler:
    def __init__(self, town: Town, block: Block, style: Style) -> None:
        self.town, self.block, self.style = town, block, style
        self.rng = Random(f"fill {block.slug}")
        sides = street_sides(town, block, style.shops)
        zones = [s.way.line.buffer(s.depth_m + 2.0) for s in sides]
        wall = block.ground.difference(unary_union(zones)) if zones else block.ground
        wall = largest(wall.buffer(-1.0, join_style="mitre").buffer(-3.0).buffer(3.0, join_style="mitre"))
        self.wall = tidy(wall, 0.8)
        self.frame = Frame(0.0, (0.0, 0.0))
        self.shape = self.wall
        self.compound_id = f"compound/{block.slug}" if style.walled else None
        self.path_no = 0
        self.spine_slug = ""
        self.side_x: dict[int, Span] = {}
        self.paths: list[Way] = []
        self.rows: list[tuple[float, Span]] = []
        self.spines: list[float] = []
        self.field: tuple[float, float, float, float] | None = None

    def path(self, kind: str, width_m: float, coords: Sequence[XY], drive: str) -> Way:
        self.path_no += 1
        way = Way(
            f"{self.block.slug}-p{self.path_no:02d}",
            f"{self.block.zh}{self.style.lane_zh}",
            f"{self.block.en} {self.style.lane_en}",
            kind,
            width_m,
            [rounded(self.frame.outside(p)) for p in coords],
            drive,
            10.0 if drive != "none" else None,
            compound=self.compound_id,
            street=False,
        )
        self.paths.append(way)
        return way

    def plan(self) -> bool:
        """Lay out rows and spines as they give most room; say whether there is any."""
        if self.wall.is_empty:
            return False
        base = block_angle(self.wall, 14.0)
        best: tuple[float, float, float] | None = None
        for share in (1.0, 0.6, 0.25):
            for shift in range(8):
                room = self._lay(base * share, shift / 8)
                if best is None or room > best[0] * 1.02:
                    best = (room, base * share, shift / 8)
        assert best is not None
        return self._lay(best[1], best[2]) > 0 or bool(self.rows and self.spines)

    def _lay(self, angle_deg: float, shift: float) -> float:
        self.frame = Frame(angle_deg, self.wall.centroid.coords[0])
        self.shape = self.frame.polygon_inside(self.wall)
        self.rng = Random(f"fill {self.block.slug}")
        self.rows, self.spines, self.field = [], [], None
        x0, y0, x1, y1 = self.shape.bounds
        inner = self.shape.buffer(-3.0)
        if not isinstance(inner, Polygon) or inner.is_empty:
            inner = largest(inner)
        if inner.is_empty:
            return 0.0
        limit = (-math.inf, math.inf)
        if self.style.reserve:
            cutoff = x0 + (x1 - x0) * (1 - self.style.reserve)
            self.field = best_rectangle(largest(self.shape.buffer(-5.0)), cutoff + 5.0, math.inf)
            limit = (-math.inf, cutoff)
            self.spines = [cutoff]
        depth = max(self.style.depth_m)
        pitch = self.style.pitch_m
        top = y1 - 3.0 - pitch * shift * 0.999
        count = int((y1 - y0) / pitch) + 1
        if not self.spines:
            n = max(1, round((x1 - x0) / self.style.spine_every_m))
            self.spines = [
                x0 + (x1 - x0) * ((k + 0.5) / n + (self.rng.uniform(-0.1, 0.1) / n)) for k in range(n)
            ]
        for k in range(count + 2):
            y = top - pitch * k
            if y < y0 + 2.5:
                break
            s = span(inner, y - 0.5, y + 0.5)
            if s is None:
                continue
            s = (s[0], min(s[1], limit[1] + 0.0))
            if s[1] - s[0] < 12 or not any(s[0] - 0.01 <= x <= s[1] + 0.01 for x in self.spines):
                continue
            self.rows.append((y, s))
        self.spines = [x for x in self.spines if any(s[0] - 0.01 <= x <= s[1] + 0.01 for _, s in self.rows)]
        if not self.spines:
            return 0.0
        room = 0.0
        close = self.shape.buffer(-2.5)
        for y, s in self.rows:
            band = span(largest(close), y - 3.4 - depth, y - 3.4)
            if band is not None:
                room += max(0.0, min(band[1], s[1] + 2.0) - max(band[0], s[0] - 2.0) - 7.2)
        return room + (0.0 if self.field is None else (self.field[2] - self.field[0]) * 0.5)

    def draw_paths(self) -> None:
        """Draw spines, rows and the ways out through the gates."""
        exits = self._exits()
        drive = "both"
        for n, x in enumerate(self.spines):
            crossed = [y for y, s in self.rows if s[0] - 0.01 <= x <= s[1] + 0.01]
            coords = [(x, max(crossed)), (x, min(crossed))]
            if self.field is not None:
                coords = [
                    (x, max(crossed[0], self.field[3] - 8.0)),
                    (x, min(crossed[-1], self.field[1] + 8.0)),
                ]
                inside = span(Frame(90, (0, 0)).polygon_inside(self.shape), -x - 0.4, -x + 0.4)
                if inside:
                    coords = [
                        (x, min(coords[0][1], inside[1] - 3.0)),
                        (x, max(coords[1][1], inside[0] + 3.0)),
                    ]
            top, low = exits.pop(("N", n), None), exits.pop(("S", n), None)
            line = [*(top[::-1] if top else []), *coords, *(low or [])]
            if len(line) > 2 or math.dist(coords[0], coords[1]) > 4.0:
                self.spine_slug = self.path("service", 5.0, line, drive).slug
        for n, (y, s) in enumerate(self.rows):
            west, east = exits.pop(("W", n), None), exits.pop(("E", n), None)
            line = [*(west[::-1] if west else []), (s[0], y), (s[1], y), *(east or [])]
            self.path("service", 4.0 if west or east else 3.5, line, drive)
        self._sides()
        if self.field is not None:
            x0, y0, _, y1 = self.field
            ys = [self.frame.inside(p)[1] for w in self.paths if w.slug == self.spine_slug for p in w.coords]
            for t in (0.2, 0.8):
                y = max(y0 + 3.0, min(y1 - 3.0, min(ys) + (max(ys) - min(ys)) * t))
                self.path("footway", 4.0, [(self.spines[0], y), (x0, y)], "none")

    def _sides(self) -> None:
        """Join the ends of neighbouring rows, so that paths go round the buildings."""
        inner = self.shape.buffer(-1.6)
        for n in range(len(self.rows) - 1):
            (y0, s0), (y1, s1) = self.rows[n], self.rows[n + 1]
            if y0 - y1 > self.style.pitch_m * 1.5:
                continue
            left, right = -math.inf, math.inf
            for k in (0, 1):
                if self.field is not None and k == 1:
                    continue
                if any(abs(s0[k] - x) < 14 or abs(s1[k] - x) < 14 for x in self.spines):
                    continue
                link = LineString([(s0[k], y0), (s1[k], y1)])
                if abs(s0[k] - s1[k]) > 22 or not inner.contains(link):
                    continue
                self.path("footway", 2.5, list(link.coords), "none")
                if k == 0:
                    left = max(s0[0], s1[0]) + 2.6
                else:
                    right = min(s0[1], s1[1]) - 2.6
            self.side_x[n] = (left, right)

    def _exits(self) -> dict[tuple[str, int], list[XY]]:
        wanted = self.style.gates
        found: list[tuple[float, tuple[str, int], list[XY], Way]] = []
        for n, x in enumerate(self.spines):
            ys = [y for y, s in self.rows if s[0] - 0.01 <= x <= s[1] + 0.01]
            found += self._exit(("N", n), (x, max(ys)), (0.0, 1.0))
            found += self._exit(("S", n), (x, min(ys)), (0.0, -1.0))
        for n, (y, s) in enumerate(self.rows):
            found += self._exit(("W", n), (s[0], y), (-1.0, 0.0))
            if not self.field:
                found += self._exit(("E", n), (s[1], y), (1.0, 0.0))
        found.sort(key=lambda f: (f[0], f[1]))
        chosen: list[tuple[float, tuple[str, int], list[XY], Way]] = []
        for f in found:
            if len(chosen) < wanted and all(
                f[3].slug != c[3].slug or math.dist(f[2][0], c[2][0]) > 70.0 for c in chosen
            ):
                chosen.append(f)
        out: dict[tuple[str, int], list[XY]] = {}
        for k, (_, key, course, way) in enumerate(chosen):
            out[key] = course
            if self.compound_id is not None:
                self._gate(k, course[0], way, len(chosen))
        return out

    def _exit(
        self, key: tuple[str, int], start: XY, direction: XY
    ) -> list[tuple[float, tuple[str, int], list[XY], Way]]:
        a = self.frame.outside(start)
        far = (start[0] + direction[0] * 140.0, start[1] + direction[1] * 140.0)
        ray = LineString([a, self.frame.outside(far)])
        walls = sorted(points(ray.intersection(self.wall.exterior)), key=lambda p: math.dist(a, p))
        kerbs = sorted(points(ray.intersection(self.block.face.exterior)), key=lambda p: math.dist(a, p))
        if not walls or not kerbs:
            return []
        gate, kerb = rounded(walls[-1]), rounded(kerbs[0])
        reach = math.dist(gate, kerb)
        if reach > 48.0 or math.dist(a, gate) > 60.0 or len(walls) > 1:
            return []
        out = LineString([gate, kerb])
        for other in self.town.blocks:
            if (
                other is not self.block
                and other.ground.intersects(out)
                and other.ground.intersection(out).length > 0.3
            ):
                return []
        spot = Point(kerb)
        ways = [
            w for w in self.town.ways
            if w.street and w.layer == 0 and w.kind not in ("steps", "footway") and w.line.distance(spot) < 0.05
        ]  # fmt: skip
        if not ways:
            return []
        rank = {"residential": 0.0, "tertiary": 0.2, "secondary": 0.5, "primary": 0.9}.get(ways[0].kind, 1.0)
        rank += self.rng.uniform(0.0, 0.8) + reach / 100.0
        inside = [self.frame.inside(gate), self.frame.inside(kerb)]
        return [(rank, key, inside, ways[0])]

    def _gate(self, k: int, at: XY, way: Way, of: int) -> None:
        assert self.compound_id is not None
        point = rounded(self.frame.outside(at))
        self.wall = with_vertex(self.wall, point)
        locked = k > 0 and k == of - 1 and self.rng.random() < 0.55
        side_zh, side_en = (
            ("正门", "main gate") if k == 0 else ("侧门", "side gate") if k == 1 else ("后门", "back gate")
        )
        self.town.gates.append(
            Gate(
                f"gate/{self.block.slug}-{k + 1}",
                f"{self.block.zh}{side_zh}({way.zh})",
                f"{self.block.en} {side_en} ({way.en})",
                self.compound_id,
                point,
                6.0 if k == 0 else self.rng.choice((3.0, 4.0, 4.5)),
                locked,
            )
        )

    def build(self) -> None:
        """Place the buildings south of their row path."""
        style, rng = self.style, self.rng
        inner = self.shape.buffer(-2.5)
        path_lines = [
            LineString([self.frame.inside(p) for p in w.coords]).buffer(w.width_m / 2 + 0.8)
            for w in self.paths
        ]
        taken = unary_union(path_lines)
        n = 0
        year = rng.randint(*style.years)
        for row, (y, s) in enumerate(self.rows):
            depth = rng.choice(style.depth_m)
            high, low = y - 3.4, y - 3.4 - depth
            band = span(largest(inner), low, high)
            if band is None:
                continue
            left, right = self.side_x.get(row, (-math.inf, math.inf))
            a, b = max(band[0], s[0] - 2.0, left), min(band[1], s[1] + 2.0, right)
            cuts = sorted(x for x in self.spines if a - 6 < x < b + 6)
            starts = [a, *(x + 3.6 for x in cuts)]
            stops = [*(x - 3.6 for x in cuts), b]
            for u, v in zip(starts, stops, strict=True):
                for x0, x1, stairs in self._fit(max(u, a), min(v, b)):
                    if rng.random() < style.garden:
                        continue
                    box = Polygon([(x0, low), (x1, low), (x1, high), (x0, high)])
                    if box.intersects(taken) or not inner.buffer(0.1).contains(box):
                        continue
                    n += 1
                    self._building(
                        n,
                        self.frame.rectangle(x0, low, x1, high),
                        stairs,
                        year + rng.choice((0, 0, 0, 1, 1, 2)),
                    )

    def _fit(self, u: float, v: float) -> list[tuple[float, float, int]]:
        style, rng = self.style, self.rng
        room = v - u
        shortest = min(style.stairs)
        out: list[tuple[float, int]] = []
        used = 0.0
        while True:
            left = room - used - (style.gap_m if out else 0.0)
            fits = [k for k in style.stairs if k * style.stair_m <= left]
            if not fits:
                break
            k = rng.choice(fits)
            rest = left - k * style.stair_m
            if shortest * style.stair_m + style.gap_m > rest:
                k = max(fits)
            used += k * style.stair_m + (style.gap_m if out else 0.0)
            out.append((k * style.stair_m, k))
        if not out:
            shrunk = room / shortest
            if shrunk >= style.stair_m * 0.78:
                return [(u, v, shortest)]
            return []
        gap = style.gap_m if len(out) == 1 else style.gap_m + min(10.0, (room - used) / (len(out) - 1))
        total = sum(w for w, _ in out) + gap * (len(out) - 1)
        x = u + max(0.0, (room - total) / 2)
        result = []
        for w, k in out:
            result.append((x, x + w, k))
            x += w + gap
        return result

    def _building(self, n: int, shape: Polygon, stairs: int, year: int) -> None:
        style, rng = self.style, self.rng
        floors = rng.choice(style.floors)
        zh, en = style.house
        self.town.buildings.append(
            Building(
                f"building/{self.block.slug}-{n:02d}",
                f"{self.block.zh}{zh.format(n=n)}",
                f"{self.block.en} {en.format(n=n)}",
                shape,
                style.use,
                floors,
                stairs,
                style.flats,
                basement_floors=style.basement,
                lift=floors >= style.lift_from,
                year=min(year, 2024),
                compound=self.compound_id,
            )
        )

    def finish(self) -> None:
        """Hand wall, paths and open ground to the town."""
        block, town = self.block, self.town
        town.ways.extend(self.paths)
        if self.compound_id is not None:
            town.compounds.append(
                Compound(
                    self.compound_id,
                    block.zh,
                    block.en,
                    self.wall,
                    block.kind,
                    angle_deg=self.frame.angle_deg,
                )
            )
        if self.field is not None:
            field = self.frame.rectangle(*self.field)
            for way in self.paths:
                if way.kind == "footway":
                    end = Point(way.coords[-1])
                    if field.exterior.distance(end) < 0.2:
                        field = with_vertex(field, way.coords[-1])
            town.grounds[block.slug] = field
            town.landmarks.append(
                Landmark(
                    f"landmark/{block.slug}-field",
                    f"{block.zh}操场",
                    f"{block.en} playground",
                    "playground",
                    field,
                )
            )
        elif self.style.basement:
            inner = largest(self.shape.buffer(-7.0))
            half = best_rectangle(inner, -math.inf, math.inf)
            if half is not None:
                town.grounds[f"basement-{block.slug}"] = self.frame.rectangle(*half)


def fill(town: Town, block: Block) -> bool:
    """Fill `block` in the style of its kind; say whether it had room."""
    filler = _Filler(town, block, STYLES[block.kind])
    if not filler.plan():
        return False
    filler.draw_paths()
    filler.build()
    filler.finish()
    return True
