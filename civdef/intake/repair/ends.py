"""Ends that nearly meet another street are joined to it; islands too, where a gap explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.repair.connect import components, dangling
from civdef.intake.repair.duplicates import nearest_on
from civdef.intake.repair.lines import UNITS, Floats, Spot, Streets, as_spot
from civdef.intake.repair.notes import Notes
from civdef.text import Text

WELD_M = 0.75
"""Gaps up to this are closed by moving the end, longer ones by drawing the line on [m].

Sources: the weld distance of the OpenStreetMap editor iD (its check for almost-junctions)."""

VERTEX_M = 0.5
"""A vertex is taken instead of the nearest point of a line where it is at most so much farther away [m]."""

_ROUNDING_M = 1e-6
"""A point this near a line lies on it [m]: far below a unit of the grid, far above the error of floating-point arithmetic."""

GATE_M = 3.0
"""A gap passes a wall only within this distance of a gate [m]; gates are drawn on streets."""


class Walls:
    """Walls that a gap is not closed across, except at a gate."""

    def __init__(
        self, streets: Streets, walls: Sequence[BaseGeometry], gates: Sequence[BaseGeometry]
    ) -> None:
        def metres(xy: Floats) -> Floats:
            return streets.frame.metres(np.round(xy * UNITS).astype(np.int64))

        lines = [w.boundary if w.geom_type in ("Polygon", "MultiPolygon") else w for w in walls]
        self.walls = shapely.STRtree(shapely.transform(np.array(lines, dtype=object), metres))
        self.gates = shapely.STRtree(shapely.transform(np.array(list(gates), dtype=object), metres))

    def between(self, a: Floats, b: Floats) -> bool:
        """Whether a wall without a gate stands between two positions [m]."""
        gap = shapely.LineString([a, b])
        if not len(self.walls.query(gap, predicate="intersects")):
            return False
        return not len(self.gates.query(gap, predicate="dwithin", distance=GATE_M))


@dataclass(frozen=True)
class _Gap:
    """An end of line `line` (its first vertex, or its last) and the spot of line `other` that it nearly meets."""

    gap_m: float
    line: int
    first: bool
    other: int
    spot: Spot
    segment: int | None
    """Segment of `other` that gets the spot as a new vertex; None where it has the vertex."""

    @property
    def order(self) -> tuple[float, int, bool, int]:
        return self.gap_m, self.line, not self.first, self.other


def join_near_misses(streets: Streets, most_m: float, walls: Walls, notes: Notes) -> bool:
    """Join ends that meet nothing to the street within `most_m`; return whether any was joined."""
    flat = streets.flat()
    rows = dangling(flat)
    gaps = _gaps(streets, rows.tolist(), most_m, walls, notes)
    done: set[tuple[int, bool]] = set()
    inserts: list[tuple[int, int, Spot]] = []
    redrawn: set[int] = set()
    for gap in sorted(gaps, key=lambda g: g.order):
        waits = redrawn | {other for other, _, _ in inserts}
        if (gap.line, gap.first) in done or gap.line in waits or gap.other in redrawn:
            continue
        if not _join(streets, gap):
            continue
        redrawn.add(gap.line)
        done.add((gap.line, gap.first))
        if gap.segment is not None:
            inserts.append((gap.other, gap.segment, gap.spot))
        else:
            done |= _ends_there(streets, gap)
        _tell(notes, "near-miss", gap)
    streets.insert(inserts)
    return bool(done)


def join_islands(streets: Streets, most_m: float, walls: Walls, notes: Notes) -> bool:
    """Join parts that hang apart where a gap of at most `most_m` at an end explains it; return whether any was joined."""
    part = components(streets)
    if part.max(initial=0) < 1:
        return False
    flat = streets.flat()
    loose = np.bincount(flat.place, weights=flat.is_end) == flat.uses
    rows = np.flatnonzero(flat.is_end & loose[flat.place] & (part[flat.line] >= 0))
    gaps = _gaps(streets, rows.tolist(), most_m, walls, notes, part=part)
    root = list(range(int(part.max()) + 1))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    redrawn: set[int] = set()
    joined = False
    for gap in sorted(gaps, key=lambda g: g.order):
        a, b = find(int(part[gap.line])), find(int(part[gap.other]))
        if a == b or {gap.line, gap.other} & redrawn:
            continue
        old = as_spot(streets.spots[gap.line][0 if gap.first else -1])
        flat = streets.flat()
        users = set(flat.line[(flat.spots == np.array(old)).all(axis=1)].tolist())
        if users & redrawn:
            continue
        if len(users) == 1:
            if not _join(streets, gap):
                continue
        else:
            streets.move({old: gap.spot})
        if gap.segment is not None:
            streets.insert([(gap.other, gap.segment, gap.spot)])
        redrawn |= users | {gap.other}
        root[max(a, b)] = min(a, b)
        joined = True
        _tell(notes, "island", gap)
    return joined


def _gaps(
    streets: Streets,
    rows: list[int],
    most_m: float,
    walls: Walls,
    notes: Notes,
    *,
    part: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None,
) -> list[_Gap]:
    """Return every gap of at most `most_m` between the ends `rows` and other lines; with `part`, other parts only."""
    flat = streets.flat()
    living = streets.alive()
    if not rows or not living:
        return []
    shapes = streets.shapes_m(living)
    tree = shapely.STRtree(shapes)
    points = shapely.points(flat.xy_m[rows])
    near, found = tree.query(points, predicate="dwithin", distance=most_m)
    out: list[_Gap] = []
    for k, f in zip(near.tolist(), found.tolist(), strict=True):
        row, j = rows[k], living[f]
        i, first = int(flat.line[row]), int(flat.at[row]) == 0
        if part is not None and (part[j] < 0 or part[i] == part[j]):
            continue
        gap = _gap(streets, i, first, j, flat.xy_m[row], most_m)
        if (
            gap is None
            or gap.gap_m >= streets.length_m(i)
            or (part is None and _meets_already(streets, i, first, j, 2 * most_m))
        ):
            continue
        target = streets.frame.metres(np.array([gap.spot]))[0]
        if walls.between(flat.xy_m[row], target):
            notes.add(
                "wall",
                "noted",
                i,
                j,
                as_spot(flat.spots[row]),
                Text(
                    "端点距{o}有 {g} 米，但隔着围墙且附近没有出入口，未接",
                    "Ends {g} m from {o}, but a wall without a gate lies between: not joined",
                ).format(g=f"{gap.gap_m:.2f}", o=notes.label(j)),
                Text("缺口 {g:.2f} 米", "gap of {g:.2f} m").format(g=gap.gap_m),
                Text("未作改动", "unchanged"),
            )
            continue
        out.append(gap)
    return out


def _gap(streets: Streets, i: int, first: bool, j: int, at: Floats, most_m: float) -> _Gap | None:
    drawn, spots = streets.metres(j), streets.spots[j]
    away = np.hypot(*(drawn - at).T)
    ends = [0, len(drawn) - 1]
    if i == j:
        other = ends[1] if first else ends[0]
        if away[other] > most_m or streets.length_m(i) < 4 * most_m:
            return None
        return _Gap(float(away[other]), i, first, j, as_spot(spots[other]), None)
    segment, x, y = nearest_on(drawn, at)
    direct = float(np.hypot(x - at[0], y - at[1]))
    direct = 0.0 if direct <= _ROUNDING_M else direct
    allowed = range(len(drawn)) if streets.level(i) == streets.level(j) else ends
    best = min(allowed, key=lambda k: (float(away[k]), k))
    if away[best] <= most_m and (away[best] <= direct + VERTEX_M or streets.level(i) != streets.level(j)):
        return _Gap(float(away[best]), i, first, j, as_spot(spots[best]), None)
    if streets.level(i) != streets.level(j) or direct > most_m:
        return None
    return _Gap(direct, i, first, j, streets.frame.spot(x, y), segment)


def _meets_already(streets: Streets, i: int, first: bool, j: int, along_m: float) -> bool:
    """Whether line i shares a vertex with line j within a short way from the end."""
    if i == j:
        return False
    spots = streets.spots[i] if first else streets.spots[i][::-1]
    xy = streets.frame.metres(spots)
    way = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    there = set(map(tuple, streets.spots[j].tolist()))
    return any((int(x), int(y)) in there for (x, y), w in zip(spots, way, strict=True) if w <= along_m)


def _join(streets: Streets, gap: _Gap) -> bool:
    """Draw the line on to the spot, or move its end there; False where nothing of the line would be left."""
    spots = streets.spots[gap.line] if gap.first else streets.spots[gap.line][::-1]
    xy = streets.frame.metres(np.vstack([spots[:2], [gap.spot]]))
    last, on = xy[0] - xy[1], xy[2] - xy[0]
    draw_on = gap.gap_m > WELD_M and float(last @ on) > 0
    new = np.vstack([[gap.spot], spots if draw_on else spots[1:]])
    if len({as_spot(s) for s in new}) < 2 or (len(new) == 2 and as_spot(new[0]) == as_spot(new[1])):
        return False
    streets.set(gap.line, new if gap.first else new[::-1])
    return True


def _ends_there(streets: Streets, gap: _Gap) -> set[tuple[int, bool]]:
    """Return the ends of the other line that lie on the spot and so are joined too."""
    spots = streets.spots[gap.other]
    return {(gap.other, first) for first, k in ((True, 0), (False, -1)) if as_spot(spots[k]) == gap.spot}


def _tell(notes: Notes, rule: str, gap: _Gap) -> None:
    reason = (
        Text("端点距{o}仅 {g} 米而未相接，已接上", "Ended {g} m from {o}: joined")
        if rule == "near-miss"
        else Text("孤立路段的端点距{o}仅 {g} 米，已接上", "End of an island {g} m from {o}: joined")
    )
    notes.add(
        rule,
        "repaired",
        gap.line,
        gap.other,
        gap.spot,
        reason.format(g=f"{gap.gap_m:.2f}", o=notes.label(gap.other)),
        Text("缺口 {g:.2f} 米", "gap of {g:.2f} m").format(g=gap.gap_m),
        Text("已相接", "joined"),
    )
