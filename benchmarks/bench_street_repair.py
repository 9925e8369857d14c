"""Street repair: real networks before and after, and 10,000 lines with planted faults.

    python -m benchmarks.bench_street_repair [DATA]

Prints the table of docs/streets.md for the networks in DATA (``../shared/data`` or ``CIVDEF_DATA``), then the time that
10,000 lines take.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum.declared import to_wgs84
from civdef.intake.fields import Fields
from civdef.intake.osm.streets import streets
from civdef.intake.osm.town import extent
from civdef.intake.repair import repair_streets
from civdef.intake.streets import clean_streets
from civdef.load.imports import parse
from civdef.load.sources._osm import read_osm
from civdef.model.settings import StreetRepair

Feature = tuple[dict[str, Any], BaseGeometry]

LAYERS: dict[str, tuple[str, dict[str, str]]] = {
    "jakarta_kebayoran_setiabudi.gpkg": ("roads", {"kind": "TYPE", "name": "NAME", "oneway": "ONEWAY"}),
    "nauru_island.gpkg": ("links", {"kind": "link_type", "name": "name"}),
    "prague_bubenec.gpkg": ("streets", {}),
}
EXTRACTS = (
    "beijing_tsinghua_full.osm", "shanghai_huangpu_roads.osm", "helsinki_center.osm.pbf", "west_oakland.osm.bz2",
    "osm_tiny_with_multipolygons.osm",
)  # fmt: skip


def network(folder: Path, name: str) -> list[Feature]:
    """Return the streets of a file of the public test data, as drawn."""
    path = folder / "networks" / name
    if name in EXTRACTS:
        extract = read_osm(path)
        return [(p, s) for p, s in streets(extract, extent(extract)).features if s is not None]
    layer, mapping = LAYERS[name]
    raw = parse(path, layer)
    moved = to_wgs84(raw.shapes, raw.crs or "EPSG:4326", source=name)
    cleaned = clean_streets(replace(raw, shapes=moved.shapes), Fields(mapping, {}))
    return [(p, s) for p, s in cleaned.features if s is not None]


def grid(lines: int = 10_000, seed: int = 1) -> list[Feature]:
    """Return about so many blocks' edges of nine vertices each; one in twenty ends wrong, one in a hundred is doubled."""
    rng = np.random.default_rng(seed)
    n = round((lines / 2) ** 0.5)
    out: list[Feature] = []

    def corner(i: int, j: int) -> tuple[float, float]:
        return 116.3 + i * 0.00117 + 0.0001 * np.sin(j), 39.9 + j * 0.0009 + 0.0001 * np.sin(i)

    def add(a: tuple[float, float], b: tuple[float, float]) -> None:
        t = np.linspace(0, 1, 9)[:, None]
        line = np.array(a) * (1 - t) + np.array(b) * t
        line[1:-1] += rng.normal(0, 2e-6, (7, 2))
        if rng.random() < 0.05:
            line[-1] += rng.normal(0, 5e-6, 2)
        road = f"road/r{len(out)}"
        out.append(({"id": road, "kind": "residential"}, shapely.LineString(np.round(line, 7))))

    for i in range(n):
        for j in range(n):
            if i + 1 < n:
                add(corner(i, j), corner(i + 1, j))
            if j + 1 < n:
                add(corner(i, j), corner(i, j + 1))
    for k in range(0, len(out), 100):
        out.append(({**out[k][0], "id": f"road/d{k}"}, out[k][1]))
    return out


def main() -> None:
    """Print both tables."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CIVDEF_DATA", "../shared/data"))
    repair_streets(grid(100), StreetRepair())  # libraries are loaded before the clock runs
    print(
        "| network | lines | parts before → after | largest part before → after | found (rule: places) | s |"
    )
    print("|---|---|---|---|---|---|")
    for name in (*LAYERS, *EXTRACTS):
        if not (folder / "networks" / name).is_file():
            continue
        drawn = network(folder, name)
        started = time.perf_counter()
        out = repair_streets(drawn, StreetRepair())
        took = time.perf_counter() - started
        found = ", ".join(f"{r}: {n}" for r, n in out.counts().items()) or "nothing"
        print(
            f"| {name} | {len(drawn)} | {out.before.components} → {out.after.components} |"
            f" {out.before.largest_share:.1%} → {out.after.largest_share:.1%} | {found} | {took:.2f} |"
        )
    drawn = grid()
    started = time.perf_counter()
    out = repair_streets(drawn, StreetRepair())
    took = time.perf_counter() - started
    print(
        f"\n{len(drawn)} lines, {sum(len(s.coords) for _, s in drawn)} vertices: {took:.2f} s, {out.counts()}"
    )


if __name__ == "__main__":
    main()
