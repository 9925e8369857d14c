"""`civdef import buildings` of 15,000 polygons, from start to end as a command: within 5 s of processor time.

    python -m benchmarks.bench_import_buildings

The extract is measured by bench_import_osm, the register of 50,000 rows by bench_registers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas
import numpy as np
import shapely

from civdef.load.init import make_blank
from civdef.load.write_layer import layer_text

COUNT = 15_000
LIMIT_S = 5.0
LON, LAT = 123.0, 28.5
SUFFIXES = ("gpkg", "geojson", "shp")


def buildings() -> geopandas.GeoDataFrame:
    """Return made-up houses of twelve corners on a grid, some of them turned."""
    rng = np.random.default_rng(1)
    at = np.arange(COUNT)
    x, y = LON + at % 150 * 0.0002, LAT + at // 150 * 0.0002
    turn = rng.uniform(0, np.pi / 2, COUNT)[:, None]
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)[None, :] + turn
    ring = np.stack([x[:, None] + 6e-5 * np.cos(angle), y[:, None] + 6e-5 * np.sin(angle)], axis=2)
    return geopandas.GeoDataFrame(
        {"NAME": [f"{i}号楼" for i in at], "FLOORS": rng.integers(1, 30, COUNT), "USE": "住宅"},
        geometry=list(shapely.polygons(ring)),
        crs="EPSG:4326",
    )


def main() -> int:
    """Print the times; return 1 if one is over the limit."""
    slow = 0
    frame = buildings()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for suffix in SUFFIXES:
            path, root = folder / f"houses.{suffix}", folder / suffix
            frame.to_file(path, encoding="utf-8")
            make_blank(root)
            area = (
                {"id": "community/a", "name_zh": "甲社区"},
                shapely.box(LON - 0.01, LAT - 0.01, LON + 0.05, LAT + 0.05),
            )
            (root / "maps/communities.geojson").write_text(layer_text([area]), encoding="utf-8")
            began, used = time.perf_counter(), os.times()
            done = subprocess.run(
                [sys.executable, "-m", "civdef", "-C", str(root), "--json", "import", "buildings", str(path)],
                check=True,
                stdout=subprocess.PIPE,
            )
            after = os.times()
            busy = after.children_user + after.children_system - used.children_user - used.children_system
            clock = time.perf_counter() - began
            written = json.loads(done.stdout)["written"]
            print(
                f"{suffix}: {written:,} of {COUNT:,} buildings in {busy:.1f} s of processor, {clock:.1f} s by the clock"
            )
            slow += busy > LIMIT_S or written != COUNT
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
