"""Coordinates: how exactly shifts are undone, and how well a layer in the wrong system is found in made-up towns.

    python -m benchmarks.bench_layers [TOWNS]

Prints the figures of docs/import.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum import offsets
from civdef.intake.datum.plausibility import judge
from tests.intake.datum.towns import SHIFTS, grid_town, moved

SIDE = 1_500
WEST, EAST, SOUTH, NORTH = 98.0, 125.0, 22.0, 42.0
"""Where the towns stand [degrees]."""


def round_trips() -> None:
    """Print the worst error there and back over China."""
    lon, lat = (g.ravel() for g in np.meshgrid(np.linspace(72.5, 137, SIDE), np.linspace(3, 54.5, SIDE)))
    pairs: tuple[tuple[str, Callable[..., offsets.Pair], Callable[..., offsets.Pair]], ...] = (
        ("gcj02", offsets.gcj02_from_wgs84, offsets.wgs84_from_gcj02),
        ("bd09", offsets.bd09_from_wgs84, offsets.wgs84_from_bd09),
    )
    for name, there, back in pairs:
        began = time.perf_counter()
        x, y = back(*there(lon, lat))
        took = time.perf_counter() - began
        worst_m = 111_320.0 * float(np.max(np.hypot((x - lon) * np.cos(np.radians(lat)), y - lat)))
        print(
            f"{name}: {len(lon):,} places there and back in {took:.1f} s, worst error {worst_m * 1e9:.1f} nm"
        )
        assert worst_m < 1e-3


def unrelated(rng: np.random.Generator) -> dict[str, Sequence[BaseGeometry]]:
    """Return layers that have nothing to do with one another."""
    at = np.array([rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)])
    corners = rng.uniform(-0.02, 0.02, (400, 2)) + at
    ends = rng.uniform(-0.02, 0.02, (60, 4)) + np.tile(at, 2)
    return {
        "roads": [shapely.LineString([e[:2], e[2:]]) for e in ends],
        "buildings": [shapely.box(x, y, x + 0.0004, y + 0.0002) for x, y in corners],
        "units": [shapely.Point(p) for p in rng.uniform(-0.02, 0.02, (200, 2)) + at],
    }


def main(towns: int = 20) -> None:
    """Print what was found."""
    round_trips()
    alarms = sum(bool(judge(unrelated(np.random.default_rng(s)), {}).suspects) for s in range(3 * towns))
    print(f"layers that have nothing to do with one another: {alarms} alarms in {3 * towns} towns")
    untouched, found = 0, Counter[str]()
    began, judged = time.perf_counter(), 0
    for seed in range(towns):
        rng = np.random.default_rng(seed)
        town = grid_town(at=(rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)))
        untouched += bool(judge(town, {}).suspects)
        judged += 1
        for names in (tuple(town), ("roads", "buildings")):
            for layer in ("buildings", "roads", "communities"):
                if layer not in names:
                    continue
                for system, step in SHIFTS.items():
                    layers = {n: moved(town[n], step) if n == layer else town[n] for n in names}
                    said = [(s.layers, s.system) for s in judge(layers, {}).suspects]
                    found[
                        "right" if said == [((layer,), system)] else "wrong" if said else "nothing said"
                    ] += 1
                    judged += 1
    took = (time.perf_counter() - began) / judged
    print(f"untouched: {untouched} alarms in {towns} towns")
    print(f"one layer shifted: {dict(sorted(found.items()))} of {found.total()}; {took:.2f} s each")
    assert not alarms
    assert not untouched


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:2]))
