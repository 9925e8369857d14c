"""Lines of one layer that cross or touch without a shared vertex get one; short stubs beyond it are cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.intake.repair.lines import Flat, Floats, Ints, Spot, Streets, as_spot
from civdef.intake.repair.notes import Notes
from civdef.text import Text

NODE_M = 0.05
"""A vertex this near a crossing is the crossing [m]: a few units of the grid, far below any survey's error."""

_EXACT = 1_000_000_000
"""Widest extent, in grid units, whose orientation tests fit 64-bit integers exactly."""


@dataclass(frozen=True)
class _Segments:
    """Segment s runs from row `row[s]` of the flat table to the next."""

    flat: Flat
    row: Ints
    level: Ints
    walk: NDArray[np.bool_]
    raised: NDArray[np.bool_]

    def apart(self, a: Ints, b: Ints) -> NDArray[np.bool_]:
        """Whether segments that cross are taken to do so on different levels, whatever their layers say."""
        out: NDArray[np.bool_] = (self.walk[a] != self.walk[b]) | (self.raised[a] != self.raised[b])
        return out

    def line(self, s: Ints) -> Ints:
        out: Ints = self.flat.line[self.row[s]]
        return out


def add_nodes(streets: Streets, notes: Notes) -> list[tuple[int, Spot]]:
    """Give crossing and touching lines of one layer a shared vertex.

    A line nobody may walk, or one whose name says that it is a viaduct or an underpass, that crosses a street on the
    same layer is left alone and noted: far more often its layer is missing than there is a crossing.

    Returns
    -------
    list of (int, Spot)
        Each line that got a vertex, and where.
    """
    segments = _segments(streets)
    a, b = _near(segments)
    wanted, found = _touches(segments, a, b)
    crossing, apart = _crossings(streets, segments, a, b)
    wanted += crossing
    for i, j, spot in apart:
        fast = streets.walk(i) != streets.walk(j)
        above = i if (not streets.walk(i) if fast else streets.raised(i)) else j
        below = j if above == i else i
        notes.add(
            "expressway" if fast else "raised",
            "noted",
            below,
            above,
            spot,
            Text(
                "与禁止步行的{o}在同一层相交，疑为高架或下穿而未注层次，未连通",
                "Crosses {o}, which nobody may walk, on one layer: probably a viaduct; not joined",
            ).format(o=notes.label(above))
            if fast
            else Text(
                "与{o}在同一层相交，按其名称应为立体交叉而未注层次，未连通",
                "Crosses {o} on one layer, though by its name that runs above or below; not joined",
            ).format(o=notes.label(above)),
            Text("相交无节点", "no node"),
            Text(
                "未作改动；确为立体交叉的，请注明 layer",
                "unchanged; state its layer if it runs above or below",
            ),
        )
    told: set[tuple[int, int, Spot]] = set()
    for i, j, spot in [*found, *((i, j, p) for i, j, p in _pairs(crossing))]:
        key = (min(i, j), max(i, j), spot)
        if key in told:
            continue
        told.add(key)
        notes.add(
            "crossing",
            "repaired",
            key[0],
            key[1],
            spot,
            Text(
                "与{o}同层相交而没有共用节点，已补", "Crosses {o} on one layer without a node: added"
            ).format(o=notes.label(key[1]))
            if i != j
            else Text("自身相交处没有节点，已补节点", "Crosses itself without a node: added"),
            Text("相交无节点", "no node"),
            Text("已连通", "joined"),
        )
    streets.insert(wanted)
    return list(dict.fromkeys((i, spot) for i, _, spot in wanted))


def cut_overshoots(streets: Streets, nodes: list[tuple[int, Spot]], most_m: float, notes: Notes) -> None:
    """Cut the stub of a line beyond a vertex it has just been given, where it ends free within `most_m`.

    A stub that comes near yet another street stays: it is a near miss, not an overshoot.
    """
    flat = streets.flat()  # a cut takes away only vertices that nothing else uses, so the counts stay true
    living = streets.alive()
    tree = shapely.STRtree(streets.shapes_m(living) if nodes else [])
    for i, spot in nodes:
        drawn = streets.spots[i]
        at = np.flatnonzero((drawn == np.array(spot)).all(axis=1))
        if len(at) != 1 or not 0 < at[0] < len(drawn) - 1:
            continue
        uses = flat.uses_at(drawn)
        k = int(at[0])
        head, tail = drawn[: k + 1], drawn[k:]
        lengths = [_length(streets, head), _length(streets, tail)]
        free = [bool((uses[:k] == 1).all()), bool((uses[k + 1 :] == 1).all())]
        cut = 0 if lengths[0] <= lengths[1] else 1
        if not free[cut] or lengths[cut] > most_m:
            continue
        end = shapely.Point(streets.frame.metres(drawn[[0 if cut == 0 else -1]])[0])
        near = [living[t] for t in tree.query(end, predicate="dwithin", distance=most_m)]
        if any(j != i and not (streets.spots[j] == np.array(spot)).all(axis=1).any() for j in near):
            continue
        streets.set(i, tail if cut == 0 else head)
        notes.add(
            "overshoot",
            "repaired",
            i,
            None,
            spot,
            Text(
                "越过路口 {g:.2f} 米的线头，已截去", "Runs {g:.2f} m beyond a crossing and ends there: cut"
            ).format(g=lengths[cut]),
            Text("出头 {g:.2f} 米", "{g:.2f} m too long").format(g=lengths[cut]),
            Text("止于路口", "ends at the crossing"),
        )


def _segments(streets: Streets) -> _Segments:
    flat = streets.flat()
    level = np.array([streets.level(i) for i in range(len(streets))], dtype=np.int64)
    walk = np.array([streets.walk(i) for i in range(len(streets))], dtype=bool)
    line = flat.line[flat.segment]
    raised = np.array([streets.raised(i) for i in range(len(streets))], dtype=bool)
    return _Segments(flat, flat.segment, level[line], walk[line], raised[line])


def _near(s: _Segments) -> tuple[Ints, Ints]:
    """Return pairs of segments of one layer that come within `NODE_M`, the first number the smaller."""
    ends = np.stack([s.flat.xy_m[s.row], s.flat.xy_m[s.row + 1]], axis=1)
    shapes = shapely.linestrings(ends) if len(ends) else np.zeros(0, dtype=object)
    low, high = ends.min(axis=1) - NODE_M, ends.max(axis=1) + NODE_M
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    tree = shapely.STRtree(shapes)
    a, b = tree.query(boxes)
    keep = (a < b) & (s.level[a] == s.level[b])
    a, b = a[keep], b[keep]
    meets = s.flat.place[s.row[a] + 1] == s.flat.place[s.row[b]]
    plain = meets & (s.row[b] == s.row[a] + 1) & (_turn_cosine(ends, a, b) > -0.9)
    return a[~plain].astype(np.int64), b[~plain].astype(np.int64)


def _turn_cosine(ends: Floats, a: Ints, b: Ints) -> Floats:
    """Cosine of the change of direction from segment a to segment b, 1 straight on, -1 straight back."""
    u, v = ends[a, 1] - ends[a, 0], ends[b, 1] - ends[b, 0]
    size = np.hypot(u[:, 0], u[:, 1]) * np.hypot(v[:, 0], v[:, 1])
    out: Floats = (u * v).sum(axis=1) / np.where(size > 0, size, 1.0)
    return out


def _touches(
    s: _Segments, a: Ints, b: Ints
) -> tuple[list[tuple[int, int, Spot]], list[tuple[int, int, Spot]]]:
    """Vertices that lie on the inside of another segment: (line, segment, spot) to insert, (line, line, spot) to tell."""
    wanted: list[tuple[int, int, Spot]] = []
    told: list[tuple[int, int, Spot]] = []
    for first, second in ((a, b), (b, a)):
        p, q = s.flat.xy_m[s.row[second]], s.flat.xy_m[s.row[second] + 1]
        d = q - p
        size = np.hypot(d[:, 0], d[:, 1])
        size = np.where(size > 0, size, 1.0)
        mixed = s.apart(first, second)
        for offset in (0, 1):
            row = s.row[first] + offset
            v = s.flat.xy_m[row] - p
            along = (v * d).sum(axis=1) / size
            away = np.abs(v[:, 0] * d[:, 1] - v[:, 1] * d[:, 0]) / size
            ends = s.flat.is_end[row]
            inside = (along > NODE_M) & (along < size - NODE_M) & (away <= NODE_M) & (~mixed | ends)
            for k in np.flatnonzero(inside):
                spot = as_spot(s.flat.spots[row[k]])
                target = int(second[k])
                i, j = int(s.flat.line[row[k]]), int(s.flat.line[s.row[target]])
                wanted.append((j, int(s.flat.at[s.row[target]]), spot))
                told.append((i, j, spot))
    return wanted, told


def _crossings(
    streets: Streets, s: _Segments, a: Ints, b: Ints
) -> tuple[list[tuple[int, int, Spot]], list[tuple[int, int, Spot]]]:
    """Proper crossings: (line, segment, spot) to insert, in pairs; and (line, line, spot) that are left apart."""
    if not len(a):
        return [], []
    spots = s.flat.spots
    wide = spots.max(axis=0) - spots.min(axis=0)
    base: Ints | Floats = spots - spots.min(axis=0)
    if int(wide.max()) >= _EXACT:
        base = base.astype(np.float64)
    p1, p2 = base[s.row[a]], base[s.row[a] + 1]
    q1, q2 = base[s.row[b]], base[s.row[b] + 1]
    o1, o2 = _side(p1, p2, q1), _side(p1, p2, q2)
    o3, o4 = _side(q1, q2, p1), _side(q1, q2, p2)
    proper = (np.sign(o1) * np.sign(o2) < 0) & (np.sign(o3) * np.sign(o4) < 0)
    wanted: list[tuple[int, int, Spot]] = []
    apart: list[tuple[int, int, Spot]] = []
    new: dict[tuple[int, int], list[Spot]] = {}
    for k in np.flatnonzero(proper):
        ra, rb = int(s.row[a[k]]), int(s.row[b[k]])
        t = float(o3[k]) / (float(o3[k]) - float(o4[k]))
        at = s.flat.xy_m[ra] + t * (s.flat.xy_m[ra + 1] - s.flat.xy_m[ra])
        i, j = int(s.flat.line[ra]), int(s.flat.line[rb])
        if s.apart(a[[k]], b[[k]])[0]:
            apart.append((i, j, streets.frame.spot(*at)))
            continue
        spot = _node(streets, s.flat, (ra, ra + 1, rb, rb + 1), at, new)
        wanted.append((i, int(s.flat.at[ra]), spot))
        wanted.append((j, int(s.flat.at[rb]), spot))
    return wanted, apart


def _node(
    streets: Streets,
    flat: Flat,
    rows: tuple[int, ...],
    at: Floats,
    new: dict[tuple[int, int], list[Spot]],
) -> Spot:
    """Return the spot of a crossing: a vertex of the two segments, or a new node near by, or a spot of its own."""
    for row in rows:
        if float(np.hypot(*(flat.xy_m[row] - at))) <= NODE_M:
            return as_spot(flat.spots[row])
    cell = (int(at[0] // NODE_M), int(at[1] // NODE_M))
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            for spot in new.get((cell[0] + dx, cell[1] + dy), ()):
                if float(np.hypot(*(streets.frame.metres(np.array([spot]))[0] - at))) <= NODE_M:
                    return spot
    made = streets.frame.spot(*at)
    new.setdefault(cell, []).append(made)
    return made


def _side(p: Ints | Floats, q: Ints | Floats, r: Ints | Floats) -> Ints | Floats:
    """Twice the signed area of each triangle p, q, r."""
    u, v = q - p, r - p
    out: Ints | Floats = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return out


def _pairs(crossing: list[tuple[int, int, Spot]]) -> list[tuple[int, int, Spot]]:
    return [(crossing[k][0], crossing[k + 1][0], crossing[k][2]) for k in range(0, len(crossing), 2)]


def _length(streets: Streets, spots: Ints) -> float:
    step = np.diff(streets.frame.metres(spots), axis=0)
    return float(np.hypot(step[:, 0], step[:, 1]).sum())
