"""`civdef import osm` from start to end, as a command, on real extracts: a sub-district of 5 km² within five seconds.

    python -m benchmarks.bench_import_osm [DATA]

The limit is on processor time, which other work on the machine does not change. DATA holds ``networks`` of the public test data (``../shared/data`` or ``CIVDEF_DATA``). Prints the table of docs/osm.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LIMIT_S = 5.0
ROUNDS = 3
EXTRACTS = (
    "beijing_tsinghua_full.osm", "helsinki_center.osm.pbf", "shanghai_huangpu_roads.osm", "west_oakland.osm.bz2",
    "osm_tiny_with_multipolygons.osm",
)  # fmt: skip


def command(root: Path, *arguments: str) -> tuple[float, float, dict[str, Any]]:
    """Run civdef in a workspace; return its time by the clock and on the processor [s], and its result."""
    began, used = time.perf_counter(), os.times()
    found = subprocess.run(
        [sys.executable, "-m", "civdef", "-C", str(root), "--json", *arguments],
        check=True,
        stdout=subprocess.PIPE,
    )
    after = os.times()
    busy = after.children_user + after.children_system - used.children_user - used.children_system
    return time.perf_counter() - began, busy, json.loads(found.stdout)


def measure(path: Path) -> tuple[float, float, dict[str, Any], float]:
    """Return the best times of an import [s], its result, and the area [km²]."""
    clock, busy = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "ws"
            subprocess.run(
                [sys.executable, "-m", "civdef", "init", "--blank", str(root)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            seconds, cpu, result = command(root, "import", "osm", str(path), "--estimate-people")
            clock.append(seconds)
            busy.append(cpu)
            counted = command(root, "check")[2]
    return min(clock), min(busy), result, float(counted["totals"]["area_km2"])


def main(arguments: list[str]) -> int:
    """Measure every extract; 1 if one takes longer than it may."""
    data = Path(arguments[0] if arguments else os.environ.get("CIVDEF_DATA", "../shared/data"))
    there = [data / "networks" / name for name in EXTRACTS if (data / "networks" / name).is_file()]
    if not there:
        print(f"no extract in {data / 'networks'}: nothing measured")
        return 0
    print(
        "| extract | km² | layer: read → written | parts before → after | largest part before → after | s | CPU s |"
    )
    print("|---|---|---|---|---|---|---|")
    late = False
    for path in there:
        seconds, cpu, result, area = measure(path)
        late |= cpu > LIMIT_S
        layers = ", ".join(f"{p['target']} {p['read']:,} → {p['written']:,}" for p in result["parts"])
        before, after = result["streets"]["before"], result["streets"]["after"]
        print(
            f"| {path.name} | {area:.1f} | {layers} | {before['components']} → {after['components']} |"
            f" {before['largest_share']:.1%} → {after['largest_share']:.1%} | {seconds:.1f} | {cpu:.1f} |",
            flush=True,
        )
    return int(late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
