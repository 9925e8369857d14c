"""Hostile files: seeded mutations of every format that is imported, each in a child process with limits.

    python -m tools.fuzz_imports [--cases 10000] [--seed 0] [--format NAME ...]

Small sound files of each format are made, then cut, flipped, re-encoded, nested, blown up. Every case is an import by the
command line in a forked child with limits on memory, processor time and the clock. It must end with exit code 0, 1 or 2,
without a traceback; a refusal must name the file and leave the workspace as it was, byte for byte; whatever is written
must be whole. Prints one line a format, and every case that broke that, with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import bz2
import contextlib
import hashlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MEMORY_BYTES = 3 << 30
CPU_S = 20
CLOCK_S = 60
LON, LAT = 123.0, 28.5


@dataclass(frozen=True)
class Format:
    """A format under test: a sound file, its name, and the import that reads it."""

    name: str
    file: str
    command: tuple[str, ...]
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """What one case did; `fault` is empty where it kept the rules."""

    code: int
    fault: str
    said: str


# --- sound files


def _geojson() -> bytes:
    def square(i: int) -> dict[str, object]:
        x, y = LON + 0.0005 * i, LAT
        ring = [[x, y], [x + 0.0003, y], [x + 0.0003, y + 0.0003], [x, y + 0.0003], [x, y]]
        return {
            "type": "Feature",
            "properties": {"名称": f"{i}号楼", "层数": 6, "用途": "住宅"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    return json.dumps(
        {"type": "FeatureCollection", "features": [square(i) for i in range(8)]}, ensure_ascii=False
    ).encode()


def _by_driver(driver: str, file: str) -> bytes:
    """Return the squares in another format; several files, or a folder, as a zip."""
    import geopandas

    with tempfile.TemporaryDirectory() as folder:
        frame = geopandas.read_file(io.BytesIO(_geojson()))
        made = Path(folder) / "made"
        made.mkdir()
        frame.to_file(made / file, driver=driver, encoding="utf-8")
        found = sorted(p for p in made.rglob("*") if p.is_file())
        if len(found) == 1:
            return found[0].read_bytes()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in found:
                archive.writestr(str(path.relative_to(made)), path.read_bytes())
        return out.getvalue()


def _kml() -> bytes:
    marks = "".join(
        f"<Placemark><name>{i}号警报器</name><Point><coordinates>{LON + i / 1000},{LAT},0</coordinates></Point></Placemark>"
        for i in range(8)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'.encode()


def _kmz() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", _kml())
    return out.getvalue()


def _csv() -> bytes:
    return ("名称,经度,纬度\n" + "".join(f"{i}号警报器,{LON + i / 1000},{LAT}\n" for i in range(8))).encode()


def _roster() -> bytes:
    return ("姓名,手机,职务\n" + "".join(f"王{i},1380000000{i},网格员\n" for i in range(8))).encode()


def _xlsx(text: bytes) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(text.decode().splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return out.getvalue()


def _osm() -> bytes:
    nodes = "".join(
        f'<node id="{i}" lat="{LAT + i // 4 / 1000}" lon="{LON + i % 4 / 1000}"/>' for i in range(16)
    )
    ways = "".join(
        f'<way id="{i}"><nd ref="{i * 4}"/><nd ref="{i * 4 + 1}"/><nd ref="{i * 4 + 3}"/><tag k="highway" v="residential"/>'
        f'<tag k="name" v="路{i}"/></way>'
        for i in range(4)
    )
    park = '<way id="9"><nd ref="0"/><nd ref="1"/><nd ref="5"/><nd ref="4"/><nd ref="0"/><tag k="leisure" v="park"/></way>'
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{nodes}{ways}{park}</osm>'.encode()


def _pbf() -> bytes:
    import osmium

    with tempfile.TemporaryDirectory() as folder:
        source, path = Path(folder) / "in.osm", Path(folder) / "out.osm.pbf"
        source.write_bytes(_osm())
        writer = osmium.SimpleWriter(str(path))
        for item in osmium.FileProcessor(str(source)):
            writer.add(item)
        writer.close()
        return path.read_bytes()


def _asc() -> bytes:
    rows = "\n".join(" ".join(str((r * c) % 5 / 2) for c in range(8)) for r in range(8))
    return f"ncols 8\nnrows 8\nxllcorner {LON}\nyllcorner {LAT}\ncellsize 0.0005\nNODATA_value -9999\n{rows}\n".encode()


def _tif() -> bytes:
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin

    with rasterio.MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=8, height=8, count=1, dtype="float32", crs="EPSG:4326",
            transform=from_origin(LON, LAT + 0.004, 0.0005, 0.0005),
        ) as raster:  # fmt: skip
            raster.write((np.arange(64, dtype="float32") % 5 / 2).reshape(1, 8, 8))
        return bytes(memory.read())


def _bounds() -> bytes:
    return "甲社区: 东至东街，南至南街，西至西街，北至北街\n乙社区: {east: 东街, south: 南街, west: 西街, north: 北路}\n".encode()


_HAZARD = ("hazard", "--hazard", "flood", "--name", "x", "--crs", "wgs84")
_MAKERS: dict[str, tuple[str, tuple[str, ...], Callable[[], bytes]]] = {
    "geojson": ("房屋.geojson", ("buildings",), _geojson),
    "geopackage": ("房屋.gpkg", ("buildings",), lambda: _by_driver("GPKG", "fw.gpkg")),
    "shapefile": ("房屋.zip", ("buildings",), lambda: _by_driver("ESRI Shapefile", "fw.shp")),
    "filegdb": ("库.zip", ("buildings",), lambda: _by_driver("OpenFileGDB", "fw.gdb")),
    "kml": ("警报.kml", ("sirens", "--set", "level_dbc=115"), _kml),
    "kmz": ("警报.kmz", ("sirens", "--set", "level_dbc=115"), _kmz),
    "csv": ("警报.csv", ("sirens", "--crs", "wgs84", "--set", "level_dbc=115"), _csv),
    "xlsx": ("警报.xlsx", ("sirens", "--crs", "wgs84", "--set", "level_dbc=115"), lambda: _xlsx(_csv())),
    "register-csv": ("名册.csv", ("roster",), _roster),
    "register-xlsx": ("名册.xlsx", ("roster",), lambda: _xlsx(_roster())),
    "asc": ("水深.asc", _HAZARD, _asc),
    "geotiff": ("水深.tif", _HAZARD, _tif),
    "osm": ("街道.osm", ("osm", "--force"), _osm),
    "osm-pbf": ("街道.osm.pbf", ("osm", "--force"), _pbf),
    "osm-bz2": ("街道.osm.bz2", ("osm", "--force"), lambda: bz2.compress(_osm())),
    "bounds": ("四至.yaml", ("bounds", "--force"), _bounds),
}
FORMATS = tuple(_MAKERS)


def make(name: str) -> Format:
    """Return a format with its sound file."""
    file, command, maker = _MAKERS[name]
    return Format(name, file, command, maker())


# --- mutations


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return a hostile relative of a sound file: one to three mutations, inside the members of an archive or outside."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if data[:2] == b"PK" and rng.random() < 0.7:
            data = _inside(data, rng)
        elif data[:3] == b"BZh" and rng.random() < 0.5:
            data = bz2.compress(_one(_unbz2(data), rng))
        else:
            data = _one(data, rng)
    return data


def _one(data: bytes, rng: random.Random) -> bytes:
    return rng.choice(_MUTATIONS)(bytearray(data), rng)


def _cut(data: bytearray, rng: random.Random) -> bytes:
    return bytes(data[: rng.randrange(len(data) + 1)])


def _flip(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 4, 30))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _splice(data: bytearray, rng: random.Random) -> bytes:
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    at = rng.randrange(len(data) + 1)
    return bytes(data[:at] + data[a:b] * rng.choice((0, 1, 2, 20)) + data[rng.choice((at, b)) :])


def _fill(data: bytearray, rng: random.Random) -> bytes:
    a = rng.randrange(len(data) + 1)
    some = rng.choice((b"\x00", b"\xff", b"\x80", b'"', b"\n", b"<", b"{", "镇".encode(), b"9"))
    return bytes(data[:a] + some * rng.choice((1, 7, 5000)) + data[a + rng.randrange(9) :])


def _encode(data: bytearray, rng: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-32", "gb18030", "cp932", "big5", "latin-1", "utf-8-sig", "utf-7")),
        "replace",
    )


_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_ODD = (
    b"1e308",
    b"-1e400",
    b"NaN",
    b"Infinity",
    b"99999999999999999999",
    b"-0",
    b"1" * 5000,
    b"",
    b"0x10",
    b"4e9",
    b"null",
)


def _numbers(data: bytearray, rng: random.Random) -> bytes:
    odd, share = rng.choice(_ODD), rng.choice((0.02, 0.3, 1.0))
    return _NUMBER.sub(lambda m: odd if rng.random() < share else m[0], bytes(data))


def _empty(_data: bytearray, rng: random.Random) -> bytes:
    return rng.choice(
        (
            b"",
            b" \n",
            b"{}",
            b"[]",
            b"<a/>",
            b'{"type":"FeatureCollection","features":[]}',
            b"a,b\n",
            b"\x00" * 512,
        )
    )


def _nest(data: bytearray, rng: random.Random) -> bytes:
    deep = rng.choice((b"[", b'{"a":', b"<a>", b"- ", b"(", b"&a [*a,"))
    return deep * rng.choice((50, 5000, 100_000)) + bytes(data)


_MUTATIONS: tuple[Callable[[bytearray, random.Random], bytes], ...] = (
    _cut, _flip, _flip, _splice, _fill, _encode, _numbers, _empty, _nest,
)  # fmt: skip


def _inside(data: bytes, rng: random.Random) -> bytes:
    """Return an archive with a hostile member: changed, missing, twice, ill-named, an archive itself, or a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(i.filename, archive.read(i)) for i in archive.infolist()]
    except Exception:
        return _one(data, rng)
    if not members:
        return data
    at = rng.randrange(len(members))
    name, content = members[at]
    what = rng.choice(("change", "change", "change", "drop", "rename", "nest", "bomb", "many"))
    if what == "change":
        members[at] = (name, _one(content, rng))
    elif what == "drop":
        del members[at]
    elif what == "rename":
        members[at] = (
            rng.choice(("../" * 9 + name, "/etc/" + name, "a\\b", "\udcff"[:0] + "名" * 200, name.upper())),
            content,
        )
    elif what == "nest":
        members = [(rng.choice(("inner.zip", name)), data)]
    elif what == "bomb":
        members[at] = (name, rng.choice((b"\x00", b" ", content[:64] or b"x")) * (rng.choice((1, 20)) << 16))
    else:
        members += [(f"x{i}/{name}", content) for i in range(200)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, bytes_ in members:
            archive.writestr(member, bytes_)
    return out.getvalue()


def _unbz2(data: bytes) -> bytes:
    try:
        return bz2.decompress(data)
    except (OSError, ValueError, EOFError):
        return data


# --- running


def template(root: Path) -> None:
    """Make the workspace into which every case imports: blank, with one community and a square of named streets."""
    from shapely.geometry import LineString, box

    from civdef.load.init import make_blank
    from civdef.load.write_layer import layer_text

    make_blank(root)
    west, south, east, north = LON - 0.01, LAT - 0.01, LON + 0.02, LAT + 0.02
    street = {"kind": "residential", "width_m": 8.0}
    sides = {
        "东街": [(east, south), (east, north)], "西街": [(west, south), (west, north)],
        "南街": [(west, south), (east, south)], "北街": [(west, north), (east, north)],
    }  # fmt: skip
    roads = [
        ({"id": f"road/r{i}", "name_zh": n, **street}, LineString(line))
        for i, (n, line) in enumerate(sides.items())
    ]
    (root / "maps").mkdir(exist_ok=True)
    (root / "maps/roads.geojson").write_text(layer_text(roads), encoding="utf-8")
    area = ({"id": "community/a", "name_zh": "甲社区"}, box(west, south, east, north))
    (root / "maps/communities.geojson").write_text(layer_text([area]), encoding="utf-8")


def digest_of(root: Path) -> dict[str, str]:
    """Return path → hash of every file of a workspace."""
    return {
        str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file()
    }


def run_case(form: Format, data: bytes, pattern: Path, before: dict[str, str], folder: Path) -> Outcome:
    """Import one file in a child of this process, and judge what it did."""
    root = folder / "ws"
    shutil.copytree(pattern, root)
    file, said = folder / form.file, folder / "said"
    file.write_bytes(data)
    try:
        child = os.fork()
        if child == 0:
            _child(form, file, root, said)
        status = _wait(child)
        text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
        code = os.waitstatus_to_exitcode(status) if status is not None else -99
        return Outcome(code, _judge(code, text, form, root, before), text)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        file.unlink(missing_ok=True)
        said.unlink(missing_ok=True)


def _child(form: Format, file: Path, root: Path, said: Path) -> None:
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        from civdef.cli.main import main

        main(["-C", str(root), "--lang", "en", "import", form.command[0], str(file), *form.command[1:]])
    except SystemExit as leave:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(leave.code if isinstance(leave.code, int) else 0)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(70)


def _wait(child: int) -> int | None:
    """Return the child's status; None if it had to be killed for taking too long."""
    end = time.monotonic() + CLOCK_S
    pause = 0.001
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _judge(code: int, said: str, form: Format, root: Path, before: dict[str, str]) -> str:
    """Return which rule a case broke; empty if none."""
    if code == -99:
        return "hang"
    if code < 0:
        return f"killed by signal {-code}"
    if "Traceback (most recent call last)" in said:
        return "traceback"
    if code not in (0, 1, 2):
        return f"exit code {code}"
    after = digest_of(root)
    if code == 2:
        if after != before:
            return "refused, yet the workspace changed"
        if form.file not in said:
            return "refusal does not name the file"
        return ""
    for name in after:
        path = root / name
        if path.suffix == ".geojson":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                return f"half-written {name}"
        elif path.suffix == ".toml":
            try:
                tomllib.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                return f"broken {name}"
        elif path.suffix == ".tmp" or path.name.endswith("~"):
            return f"left over {name}"
    return ""


def fuzz(name: str, cases: range, seed: int, report: Callable[[int, Outcome], None]) -> Counter[str]:
    """Run cases of one format; `report` is told of each that broke a rule. Returns how many ended how."""
    form = make(name)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        template(folder / "template")
        before = digest_of(folder / "template")
        for number in cases:
            data = form.data if number < 0 else mutate(form.data, random.Random(f"{seed}/{name}/{number}"))
            outcome = run_case(form, data, folder / "template", before, folder)
            counts[
                "broke a rule"
                if outcome.fault
                else {0: "imported", 1: "findings", 2: "refused"}[outcome.code]
            ] += 1
            if outcome.fault:
                report(number, outcome)
    return counts


def main() -> int:
    """Run the harness from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", action="append", choices=FORMATS)
    given = parser.parse_args()
    warm()
    broken = 0

    def told(number: int, outcome: Outcome) -> None:
        tail = outcome.said.strip().splitlines()[-3:]
        print(f"  --first {number} --cases 1: {outcome.fault}: {' | '.join(tail)[:300]}", flush=True)

    for name in given.format or FORMATS:
        began = time.perf_counter()
        counts = fuzz(name, range(given.first, given.first + given.cases), given.seed, told)
        broken += counts["broke a rule"]
        print(f"{name}: {dict(sorted(counts.items()))} in {time.perf_counter() - began:.0f} s", flush=True)
    return 1 if broken else 0


def warm() -> None:
    """Import once in this process what needs no threads, so that a child has all modules and only its file to read."""
    import osmium  # noqa: F401

    from civdef.cli.main import main as command
    from civdef.load import bounds, osm  # noqa: F401

    for name in ("geojson", "csv", "register-xlsx", "bounds"):
        form = make(name)
        with tempfile.TemporaryDirectory() as temporary:
            root, file = Path(temporary) / "ws", Path(temporary) / form.file
            template(root)
            file.write_bytes(form.data)
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
                contextlib.suppress(SystemExit),
            ):
                command(["-C", str(root), "import", form.command[0], str(file), *form.command[1:]])


if __name__ == "__main__":
    sys.exit(main())
