"""Streets cut into stretches from crossing to crossing, ready to be written."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from tools.make_sample.geometry import XY
from tools.make_sample.town import Town, Way


def stretches(town: Town) -> list[tuple[str, Way]]:
    """Id and line of every road; public streets are cut where public streets meet."""
    meets: Counter[XY] = Counter()
    for way in town.ways:
        if way.street and way.layer == 0:
            for k, p in enumerate(way.coords):
                meets[p] += 1 if k in (0, len(way.coords) - 1) else 2
    pieces: dict[str, list[Way]] = defaultdict(list)
    for way in town.ways:
        if not way.street or way.layer:
            pieces[way.slug].append(way)
            continue
        start = 0
        for k in range(1, len(way.coords)):
            if k == len(way.coords) - 1 or meets[way.coords[k]] >= 3:
                pieces[way.slug].append(replace(way, coords=way.coords[start : k + 1]))
                start = k
    out: list[tuple[str, Way]] = []
    for slug in sorted(pieces):
        found = pieces[slug]
        for n, way in enumerate(found, start=1):
            out.append((f"road/{slug}" if len(found) == 1 else f"road/{slug}-{n:02d}", way))
    return sorted(out, key=lambda item: item[0])
