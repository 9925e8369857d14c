"""Made-up towns, and layers carried through a change of coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum import offsets

SHIFTS: dict[str, Callable[[offsets.Degrees, offsets.Degrees], offsets.Pair]] = {
    "gcj02": offsets.gcj02_from_wgs84,
    "bd09": offsets.bd09_from_wgs84,
}
BEIJING = (116.33, 39.99)


def moved(shapes: Sequence[BaseGeometry], step: Callable[..., offsets.Pair]) -> list[BaseGeometry]:
    """Return shapes carried through a change of coordinates."""
    array = np.array(list(shapes), dtype=object)
    return list(shapely.transform(array, lambda p: np.column_stack(step(p[:, 0], p[:, 1]))))


def grid_town(blocks: int = 9, at: tuple[float, float] = BEIJING) -> dict[str, list[BaseGeometry]]:
    """Return a made-up town: streets of uneven spacing, houses in the blocks, a unit in every third house."""
    rng = np.random.default_rng(20260101)
    lines = np.cumsum(rng.uniform(90, 190, blocks + 1))
    end = lines[-1]
    roads = [shapely.LineString([(v, lines[0]), (v, end)]) for v in lines]
    roads += [shapely.LineString([(lines[0], v), (end, v)]) for v in lines]
    houses, units, areas = [], [], []
    for x0, x1 in pairwise(lines):
        for y0, y1 in pairwise(lines):
            areas.append(shapely.box(x0, y0, x1, y1))
            y = y0 + 12
            while y + 14 < y1 - 8:
                x = x0 + rng.uniform(10, 14)
                while (wide := rng.uniform(20, 60)) + x < x1 - 8:
                    houses.append(shapely.box(x, y, x + wide, y + 12))
                    x += wide + rng.uniform(5, 15)
                y += rng.uniform(24, 40)
    units = [h.centroid for h in houses[::3]]
    layers = {"roads": roads, "buildings": houses, "communities": areas, "units": units}
    scale = np.array([111_320.0 * np.cos(np.radians(at[1])), 111_320.0])
    return {
        n: list(shapely.transform(np.array(s, dtype=object), lambda p: (p - end / 2) / scale + at))
        for n, s in layers.items()
    }
