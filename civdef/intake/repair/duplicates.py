"""Streets drawn twice: the same line, nearly the same line, stretches in common, a line folded back on itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from civdef.intake.repair.lines import Ints, Spot, Streets, as_spot
from civdef.intake.repair.notes import Notes
from civdef.model.town import Drive, RoadKind
from civdef.text import Text

SHORTEST = 4.0
"""Lines shorter than so many times the tolerance are never taken for a near duplicate: links at a junction are short."""

_FORWARD = {Drive.BOTH: (True, True), Drive.FORWARD: (True, False), Drive.BACKWARD: (False, True), Drive.NONE: (False, False)}  # fmt: skip


def merge_duplicates(streets: Streets, tolerance_m: float, notes: Notes) -> bool:
    """Merge lines that run along another of the same layer, all the way within `tolerance_m`; return whether any did.

    Steps and level ways are never merged: who cannot climb needs to know. Of two equal lines the first stays. Permissions and a missing name go over to the one that stays; a line that
    covers only part of the other is merged only where it permits nothing more. What met the merged line is moved to
    the one that stays.
    """
    touched: set[int] = set()
    moves: dict[Spot, Spot] = {}
    inserts: list[tuple[int, int, Spot]] = []
    gone: list[int] = []
    for short, long in _candidates(streets, tolerance_m):
        if short in touched or long in touched:
            continue
        equal = _covers(streets, short, long, tolerance_m)
        if equal and (short < long or streets.wanted(short)) and not streets.wanted(long):
            short, long = long, short
        if streets.wanted(short):
            continue
        same_way = _same_way(streets, short, long)
        met = _met(streets, short)
        meeting = {i for _, lines in met for i in lines} - {short, long}
        if meeting & touched:
            continue
        if not equal and not _permits(streets, long, short, same_way):
            continue
        spot = as_spot(streets.spots[short][0])
        length = streets.length_m(short)
        label = notes.label(long)
        if equal:
            _take_over(streets, long, short, same_way)
        touched |= {short, long, *meeting}
        _move_joins(streets, met, long, tolerance_m, moves, inserts)
        notes.add(
            "duplicate",
            "dropped",
            short,
            long,
            spot,
            Text(
                "全长 {n:.0f} 米与{t}重复（相距不超过 {d:g} 米），已并入",
                "Runs along {t} for all its {n:.0f} m (within {d:g} m): merged into it",
            ).format(n=length, t=label, d=tolerance_m),
            Text("两条线", "two lines"),
            Text("一条线", "one line"),
        )
        gone.append(short)
    streets.insert(inserts)
    streets.move(moves)
    for i in gone:
        streets.set(i, streets.spots[i][:0])
    return bool(touched)


def cut_shared_stretches(streets: Streets, notes: Notes) -> bool:
    """Leave each stretch that two lines of one layer, or one line twice, run along only once; return whether any was cut.

    A stretch stays on the line that permits more, else on the first. It is cut only where the other permits at least
    as much. A line cut in the middle goes on as two, the second with an id of its own.
    """
    flat = streets.flat()
    rows = flat.segment
    if not len(rows):
        return False
    ends = np.sort(np.stack([flat.place[rows], flat.place[rows + 1]], axis=1), axis=1)
    key = ends[:, 0] * (int(flat.place.max()) + 1) + ends[:, 1]
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    gone: dict[int, dict[int, int]] = {}
    k = 0
    while k < len(same):
        if not same[k]:
            k += 1
            continue
        stop = k
        while stop < len(same) and same[stop]:
            stop += 1
        uses = [(int(flat.line[rows[o]]), int(flat.at[rows[o]])) for o in order[k : stop + 1]]
        way = [int(flat.place[rows[o]]) for o in order[k : stop + 1]]
        for i, at, owner in _surplus(streets, uses, way):
            gone.setdefault(i, {})[at] = owner
        k = stop + 1
    for i, segments in sorted(gone.items()):
        _cut(streets, i, segments, notes)
    return bool(gone)


def _candidates(streets: Streets, tolerance_m: float) -> list[tuple[int, int]]:
    """Return pairs (shorter, longer) of one layer where the shorter lies within the tolerance of the longer, short first."""
    living = np.array(streets.alive(), dtype=np.int64)
    if len(living) < 2:
        return []
    shapes = np.array(streets.shapes_m(living.tolist()), dtype=object)
    length = shapely.length(shapes)
    tree = shapely.STRtree(shapes)
    middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    starts, ends = shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)
    a, b = tree.query(middle, predicate="dwithin", distance=tolerance_m)
    level = np.array([streets.level(int(i)) for i in living])
    steps = np.array([streets.properties[int(i)].get("kind") == RoadKind.STEPS for i in living])
    keep = (a != b) & (level[a] == level[b]) & (steps[a] == steps[b])
    keep &= (
        (length[a] < length[b])
        | ((length[a] == length[b]) & (a > b))
        | (np.abs(length[a] - length[b]) <= 2 * tolerance_m)
    )
    a, b = a[keep], b[keep]
    near = shapely.dwithin(starts[a], shapes[b], tolerance_m) & shapely.dwithin(
        ends[a], shapes[b], tolerance_m
    )
    a, b = a[near], b[near]
    out = []
    for k in np.lexsort((b, a, length[a])):
        i, j = int(a[k]), int(b[k])
        exact = shapely.equals_exact(shapes[i], shapes[j], 0.0) or shapely.equals_exact(
            shapely.reverse(shapes[i]), shapes[j], 0.0
        )
        if exact or (
            length[i] >= SHORTEST * tolerance_m
            and shapely.covered_by(shapes[i], shapes[j].buffer(tolerance_m))
        ):
            out.append((int(living[i]), int(living[j])))
    return out


def _covers(streets: Streets, i: int, j: int, tolerance_m: float) -> bool:
    """Whether line i runs along all of line j."""
    return bool(streets.shape_m(i).buffer(tolerance_m).covers(streets.shape_m(j)))


def _same_way(streets: Streets, i: int, j: int) -> bool:
    """Whether two lines that run along each other are drawn in the same direction."""
    line, other = streets.shape_m(i), streets.shape_m(j)
    if line.is_closed or other.is_closed:
        return bool(shapely.is_ccw(line) == shapely.is_ccw(other))
    at = [other.project(shapely.Point(c)) for c in (line.coords[0], line.coords[-1])]
    return bool(at[0] <= at[1])


def _ways(streets: Streets, i: int, same_way: bool) -> tuple[bool, bool]:
    forward, backward = _FORWARD[streets.drive(i)]
    return (forward, backward) if same_way else (backward, forward)


def _permits(streets: Streets, keeper: int, other: int, same_way: bool) -> bool:
    """Whether everything that the other line permits is permitted on the keeper."""
    mine, theirs = _ways(streets, keeper, True), _ways(streets, other, same_way)
    drive = all(m or not t for m, t in zip(mine, theirs, strict=True))
    return drive and (streets.walk(keeper) or not streets.walk(other))


def _take_over(streets: Streets, keeper: int, other: int, same_way: bool) -> None:
    """Give the keeper what the other permits, and its names where the keeper has none."""
    mine, theirs = _ways(streets, keeper, True), _ways(streets, other, same_way)
    union = (mine[0] or theirs[0], mine[1] or theirs[1])
    kept: dict[str, Any] = streets.properties[keeper]
    if union != mine:
        kept["drive"] = next(d for d, ways in _FORWARD.items() if ways == union).value
    if streets.walk(other) and not streets.walk(keeper):
        kept["walk"] = True
    second = streets.properties[other]
    unnamed = kept.get("name_zh") is None and kept.get("name_en") in (None, kept.get("id"))
    named = second.get("name_zh") or (second.get("name_en") not in (None, second.get("id")))
    if unnamed and named:
        for field in ("name_zh", "name_en"):
            kept.pop(field, None)
            if second.get(field):
                kept[field] = second[field]


def _met(streets: Streets, i: int) -> list[tuple[Spot, set[int]]]:
    """Return the spots of a line that other lines use too, and which lines."""
    flat = streets.flat()
    lo, hi = np.searchsorted(flat.line, [i, i + 1])
    shared = [r for r in range(lo, hi) if flat.uses[flat.place[r]] > 1]
    places = {int(flat.place[r]) for r in shared}
    rows = np.flatnonzero(np.isin(flat.place, list(places))) if places else np.zeros(0, dtype=np.int64)
    lines: dict[int, set[int]] = {}
    for r in rows:
        lines.setdefault(int(flat.place[r]), set()).add(int(flat.line[r]))
    return [(as_spot(flat.spots[r]), lines[int(flat.place[r])] - {i}) for r in shared]


def _move_joins(
    streets: Streets,
    met: list[tuple[Spot, set[int]]],
    keeper: int,
    tolerance_m: float,
    moves: dict[Spot, Spot],
    inserts: list[tuple[int, int, Spot]],
) -> None:
    """Plan to move what meets a line that goes onto the one that stays: its nearest vertex, or a new one."""
    drawn, spots = streets.metres(keeper), streets.spots[keeper]
    for spot, others in met:
        if not others or keeper in others:
            continue
        at = streets.frame.metres(np.array([spot]))[0]
        away = np.hypot(*(drawn - at).T)
        best = int(np.argmin(away))
        if away[best] <= tolerance_m:
            moves[spot] = as_spot(spots[best])
            continue
        segment, x, y = nearest_on(drawn, at)
        moves[spot] = streets.frame.spot(x, y)
        inserts.append((keeper, segment, moves[spot]))


def nearest_on(drawn: np.ndarray[Any, np.dtype[np.float64]], at: Any) -> tuple[int, float, float]:
    """Return the segment of a line nearest to a point, and the nearest position on it [m]."""
    p, d = drawn[:-1], np.diff(drawn, axis=0)
    size = (d * d).sum(axis=1)
    t = np.clip(((at - p) * d).sum(axis=1) / np.where(size > 0, size, 1.0), 0.0, 1.0)
    on = p + t[:, None] * d
    best = int(np.argmin(((on - at) ** 2).sum(axis=1)))
    return best, float(on[best, 0]), float(on[best, 1])


def _surplus(streets: Streets, uses: list[tuple[int, int]], way: list[int]) -> list[tuple[int, int, int]]:
    """Return the uses of one stretch that can go: (line, segment, line that keeps it)."""
    out: list[tuple[int, int, int]] = []
    kept: list[int] = []
    rank = sorted(range(len(uses)), key=lambda k: (-_worth(streets, uses[k][0]), uses[k]))
    for k in rank:
        i, at = uses[k]
        mine = [m for m in kept if uses[m][0] == i] if streets.wanted(i) else kept
        keeper = next(
            (
                m
                for m in mine
                if _alike(streets, uses[m][0], i)
                and (uses[m][0] == i or _permits(streets, uses[m][0], i, way[k] == way[m]))
            ),
            None,
        )
        if keeper is None:
            kept.append(k)
        else:
            out.append((i, at, uses[keeper][0]))
    return out


def _alike(streets: Streets, i: int, j: int) -> bool:
    """Whether two lines lie on one layer and both are steps or neither is."""
    kinds = [streets.properties[k].get("kind") == RoadKind.STEPS for k in (i, j)]
    return streets.level(i) == streets.level(j) and kinds[0] == kinds[1]


def _worth(streets: Streets, i: int) -> int:
    """Return a rank: lines that something refers to first, then those that permit more."""
    return sum(_FORWARD[streets.drive(i)]) + 2 * streets.walk(i) + 4 * streets.wanted(i)


def _cut(streets: Streets, i: int, gone: dict[int, int], notes: Notes) -> None:
    """Cut segments out of a line; what is left goes on as one line or several."""
    drawn = streets.spots[i]
    steps = np.diff(streets.metres(i), axis=0)
    length = float(np.hypot(*steps[sorted(gone)].T).sum())
    first = min(gone)
    owner = gone[first]
    spot = as_spot(drawn[first])
    runs: list[Ints] = []
    start = 0
    for at in [*sorted(gone), len(drawn) - 1]:
        if at > start:
            runs.append(drawn[start : at + 1])
        start = at + 1
    whole = not runs
    folded = owner == i
    notes.add(
        "folded" if folded else "duplicate" if whole else "overlap",
        "dropped" if whole else "repaired",
        i,
        owner,
        spot,
        Text(
            "自身来回重叠 {n:.1f} 米，已去掉重复的一段", "Runs twice along itself for {n:.1f} m: cut"
        ).format(n=length)
        if folded
        else Text("与{t}重叠 {n:.1f} 米，已去掉", "Runs along {t} for {n:.1f} m: cut").format(
            t=notes.label(owner), n=length
        ),
        Text("重叠 {n:.1f} 米", "{n:.1f} m drawn twice").format(n=length),
        Text("已并入", "merged") if whole else Text("其余 {k} 段保留", "{k} parts stay").format(k=len(runs)),
    )
    streets.set(i, runs[0] if runs else drawn[:0])
    for run in runs[1:]:
        streets.add_part(i, run)
