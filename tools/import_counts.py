"""Every file of the public test data, imported by command or refused: the table of docs/import-counts.md.

    python -m tools.import_counts [DATA] > docs/import-counts.md

Each import goes into a blank workspace of its own (buildings and the like after the communities they need).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATUM = ("--crs", "wgs84")


@dataclass(frozen=True)
class Case:
    """One file (and layer), the commands that must go before, and its own, each after ``civdef import``."""

    file: str
    command: tuple[str, ...]
    layer: str | None = None
    before: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Row:
    """What became of one case; `refusal` is empty where it was imported."""

    case: Case
    read: int
    kept: int
    repaired: int
    dropped: int
    refusal: str
    parts: dict[str, int]


_JAKARTA = "networks/jakarta_kebayoran_setiabudi.gpkg"
_PRAGUE = "networks/prague_bubenec.gpkg"
_NAURU = "networks/nauru_island.gpkg"
_UXSIM = "networks/uxsim/"
_RW = ("communities", _JAKARTA, "--layer", "communities_rw", "--map", "name={KEL_NAME} {RW}")
_PLOTS = ("communities", _PRAGUE, "--layer", "plots")

CASES: tuple[Case, ...] = (
    *(
        Case(f"networks/{f}", ("osm",))
        for f in (
            "beijing_tsinghua_full.osm", "helsinki_center.osm.pbf", "shanghai_huangpu_roads.osm", "west_oakland.osm.bz2",
            "osm_tiny_with_multipolygons.osm",
        )
    ),
    Case("networks/tiny_short.graphml", ("roads",)),
    Case(_JAKARTA, ("roads",), "roads"),
    Case(_JAKARTA, ("communities", "--map", "name={KEL_NAME} {RW}"), "communities_rw"),
    Case(_JAKARTA, ("communities",), "kelurahan"),
    Case(_JAKARTA, ("communities",), "kecamatan"),
    Case(_JAKARTA, ("buildings",), "buildings", (_RW,)),
    Case(_JAKARTA, ("hazard", "--hazard", "flood", "--name", "flood2007"), "flood2007_rw"),
    Case(_NAURU, ("roads",), "links"),
    Case(_NAURU, ("roads",), "nodes"),
    Case(_PRAGUE, ("roads",), "streets"),
    Case(_PRAGUE, ("communities",), "plots"),
    Case(_PRAGUE, ("buildings",), "buildings", (_PLOTS,)),
    Case(_PRAGUE, ("compounds",), "tessellation", (_PLOTS,)),
    Case(_UXSIM + "tokyo_arterial_links.csv", ("roads", *DATUM, "--nodes", _UXSIM + "tokyo_arterial_nodes.csv")),
    Case(_UXSIM + "tokyo_arterial_nodes.csv", ("roads", *DATUM)),
    Case(_UXSIM + "siouxfalls_links.csv", ("roads", *DATUM, "--nodes", _UXSIM + "siouxfalls_nodes.csv")),
    Case(_UXSIM + "siouxfalls_nodes.csv", ("roads", *DATUM)),
    Case(_UXSIM + "siouxfalls_demand.csv", ("roads", *DATUM)),
    Case("shelters/taiwan_taipei_newtaipei_keelung.csv", ("shelters", *DATUM)),
    Case("shelters/japan_ibaraki_mito_P20.geojson", ("shelters",)),
    Case("communities/dalian/communities_2020.csv", ("communities", *DATUM)),
    Case("communities/dalian/communities_2023.csv", ("communities", *DATUM)),
    Case("communities/dalian/streets_2020.csv", ("communities", *DATUM)),
    Case("communities/dalian/streets_2023.csv", ("communities", *DATUM)),
    Case("hazard/jakarta_kebayoran_setiabudi_flood_depth.asc", ("hazard", "--hazard", "flood", "--name", "depth", *DATUM)),
)  # fmt: skip
"""Every file of networks, shelters, communities and hazard, and every layer of those that have several."""


def rows(data: Path, cases: Sequence[Case] = CASES) -> Iterator[Row]:
    """Import every case, each into a workspace of its own."""
    from civdef.load.init import make_blank

    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "ws"
            make_blank(root)
            for kind, file, *rest in case.before:
                _import(root, data, (kind, file, *rest))
            layer = ("--layer", case.layer) if case.layer else ()
            code, result = _import(root, data, (case.command[0], case.file, *case.command[1:], *layer))
        if code == 2:
            yield Row(case, 0, 0, 0, 0, result["error"]["message"] if "error" in result else str(result), {})
        else:
            parts = {p["target"]: p["read"] for p in result["parts"]}
            yield Row(
                case, result["read"], result["written"], result["repaired"], result["dropped"], "", parts
            )


def _import(root: Path, data: Path, command: Sequence[str]) -> tuple[int, dict[str, Any]]:
    from civdef.cli.main import main as civdef

    words = [str(data / w) if (data / w).is_file() else w for w in command]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            civdef(["-C", str(root), "--lang", "en", "--json", "import", *words])
        except SystemExit as leave:
            code = leave.code if isinstance(leave.code, int) else 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return code, found


def table(found: Sequence[Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| file | layer | command | read | kept | repaired | dropped | refused, because |",
        "|---|---|---|---:|---:|---:|---:|---|",
    ]
    for r in found:
        figures = f"{r.read} | {r.kept} | {r.repaired} | {r.dropped} |" if not r.refusal else "| | | |"
        lines.append(
            f"| {r.case.file} | {r.case.layer or ''} | `{r.case.command[0]}` | {figures} {r.refusal.replace('|', '/')} |"
        )
    return "\n".join(lines)


HEAD = """# Real files, counted 真实数据导入计数

Every file of the public test data, and every layer of those that have several, is imported by command or refused with a reason
(`python -m tools.import_counts`). Read, kept, repaired and dropped count features; an extract's count is of the objects that become
something. `tests/tools/test_import_counts.py` holds the table against counts made independently of civdef.

"""


def main() -> int:
    """Print the page."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CIVDEF_DATA", "../shared/data"))
    print(HEAD + table(list(rows(data))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
