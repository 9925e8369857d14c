"""Which lines hang together, by the same rule of joining that the street network uses."""

from __future__ import annotations

import numpy as np

from civdef.graph.noding import joins
from civdef.intake.repair.lines import Flat, Ints, Streets
from civdef.intake.repair.record import Connectivity


def junctions(streets: Streets) -> tuple[Ints, Ints]:
    """Return the uses that meet: line number and number of the meeting, each of shape (U,), meetings in a row."""
    flat = streets.flat()
    shared = np.flatnonzero(flat.uses[flat.place] > 1)
    shared = shared[np.argsort(flat.place[shared], kind="stable")]
    place = flat.place[shared]
    level = np.array([streets.level(int(i)) for i in range(len(streets))], dtype=np.int64)[flat.line[shared]]
    starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else np.zeros(0, np.int64)
    low = np.minimum.reduceat(level, starts) if len(starts) else level
    high = np.maximum.reduceat(level, starts) if len(starts) else level
    number = np.cumsum(np.r_[True, place[1:] != place[:-1]]) - 1 if len(place) else place
    meeting = number.astype(np.int64)
    extra = len(starts)
    ends = flat.is_end
    for k in np.flatnonzero(low != high):  # bridges and tunnels: few
        rows = np.flatnonzero(number == k)
        found = [
            (int(level[r]), int(flat.line[shared[r]]), int(flat.at[shared[r]]), bool(ends[shared[r]]))
            for r in rows
        ]
        of = {(i, at): r for r, (_, i, at, _) in zip(rows, found, strict=True)}
        for group in joins(found):
            for i, at, _ in group:
                meeting[of[(i, at)]] = extra
            extra += 1
    order = np.argsort(meeting, kind="stable")
    return flat.line[shared][order], meeting[order]


def components(streets: Streets) -> Ints:
    """Return the component on foot of each line, 0 the longest, -1 for lines that are gone or cannot be walked."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(streets)
    out = np.full(n, -1, dtype=np.int64)
    walked = np.array([len(streets.spots[i]) > 0 and streets.walk(i) for i in range(n)], dtype=bool)
    if not walked.any():
        return out
    line, meeting = junctions(streets)
    line, meeting = line[walked[line]], meeting[walked[line]]
    same = np.flatnonzero(meeting[1:] == meeting[:-1]) if len(meeting) else np.zeros(0, np.int64)
    ones = np.ones(len(same), dtype=np.int8)
    graph = coo_array((ones, (line[same], line[same + 1])), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    lengths = streets.flat().lengths_m(n)
    total = np.bincount(label[walked], weights=lengths[walked], minlength=int(label.max()) + 1)
    first = np.full(len(total), n)
    np.minimum.at(first, label[walked], np.flatnonzero(walked))
    rank = np.empty(len(total), dtype=np.int64)
    rank[np.lexsort((first, -total))] = np.arange(len(total))
    out[walked] = rank[label[walked]]
    return out


def connectivity(streets: Streets) -> Connectivity:
    """Return how well the streets hang together on foot."""
    part = components(streets)
    walked = np.flatnonzero(part >= 0)
    flat = streets.flat()
    lengths = flat.lengths_m(len(streets))[walked]
    total = float(lengths.sum())
    sums = np.bincount(part[walked], weights=lengths) if len(walked) else np.zeros(0)
    return Connectivity(
        roads=len(walked),
        length_m=round(total, 1),
        components=len(sums),
        largest_share=round(float(sums[0]) / total, 4) if total > 0 else 1.0,
        dangling=len(dangling(flat)),
    )


def dangling(flat: Flat) -> Ints:
    """Return the rows of `flat` that are ends of lines where nothing else passes or ends."""
    return np.flatnonzero(flat.is_end & (flat.uses[flat.place] == 1))
