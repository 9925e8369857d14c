"""A zip archive that holds a Shapefile, a file geodatabase or another layer."""

from __future__ import annotations

import importlib
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.load.sources._limits import MAX_BYTES, ZIP_FAULTS, look, unreadable
from civdef.load.sources._vector import choose
from civdef.text import Text

SUFFIXES = (".zip",)

MAX_ENTRIES = 20_000
_KIND = Text("zip 压缩包", "zip archive")
_INSIDE = {
    ".shp": "shapefile",
    ".gdb": "filegdb",
    ".gpkg": "geopackage",
    ".geojson": "geojson",
    ".kml": "kml",
}


def read(path: Path, layer: str | None, encoding: str | None) -> RawTable:
    """Return the layer inside; of several files, `layer` names one by its stem.

    Raises
    ------
    ImportRefusedError
        If the archive is damaged, too large unpacked, or holds no layer.
    """
    look(path)
    with unpacked(path) as folder:
        found = sorted(
            p
            for p in folder.rglob("*")
            if p.suffix.lower() in _INSIDE
            and "__MACOSX" not in p.parts
            and not p.name.startswith("._")
            and not any(q.suffix.lower() == ".gdb" for q in p.relative_to(folder).parents)
        )
        if not found:
            nested = [p for p in folder.rglob("*") if p.suffix.lower() in (".zip", ".rar", ".7z")]
            raise ImportRefusedError(
                Text("{f} 里没有可导入的图层", "{f} holds no layer that can be imported").format(f=path.name),
                hint=Text("里面还有压缩包，请先解开。", "There are archives inside it: unpack them first.")
                if nested
                else Text(
                    "应含 .shp（连同 .dbf、.shx、.prj）、.gdb、.gpkg、.geojson 或 .kml。",
                    "It should hold .shp (with .dbf, .shx, .prj), .gdb, .gpkg, .geojson or .kml.",
                ),
            )
        if len(found) == 1:
            inner = layer
            chosen = found[0]
        else:
            name = choose(path.name, [p.stem for p in found], layer)
            inner = None
            chosen = next(p for p in found if p.stem == name)
        module = importlib.import_module(f"civdef.load.sources.{_INSIDE[chosen.suffix.lower()]}")
        raw: RawTable = module.read(chosen, inner, encoding)
    return replace(raw, source=f"{path.name}/{raw.source}")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Unpack an archive into a temporary folder, within limits, no file outside of it.

    Raises
    ------
    ImportRefusedError
        If it is damaged, encrypted, or would be too large.
    """
    with tempfile.TemporaryDirectory(prefix="civdef-") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
                if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_BYTES:
                    raise _too_large(path)
                left = MAX_BYTES
                for entry in entries:
                    target = _safe(folder, entry)
                    if target is None:
                        continue
                    target.parent.mkdir(parents=True, exist_ok=True)
                    left = _copy(archive, entry, target, left, path)
        except ZIP_FAULTS as error:
            encrypted = isinstance(error, RuntimeError) and "password" in str(error).lower()
            why = (
                Text("已加密", "it is encrypted")
                if encrypted
                else Text("压缩包已损坏", "the archive is damaged")
            )
            raise unreadable(path, why, _KIND) from error
        yield folder


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, path: Path) -> int:
    with archive.open(entry) as stream, target.open("wb") as out:
        while block := stream.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise _too_large(path)
            out.write(block)
    return left


def _too_large(path: Path) -> ImportRefusedError:
    return ImportRefusedError(
        Text("{f} 解开后过大（上限 {m} MB）", "{f} is too large unpacked (at most {m} MB)").format(
            f=path.name, m=MAX_BYTES // 1_000_000
        )
    )


def _safe(folder: Path, entry: zipfile.ZipInfo) -> Path | None:
    """Return where an entry goes; None for folders, links and names that lead outside."""
    name = entry.filename
    if not entry.flag_bits & 0x800:  # no UTF-8 flag: Windows in China writes names in GBK
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16) or not parts:
        return None
    if any(p in ("..", "/", "") or ":" in p or "\x00" in p or len(p.encode()) > 200 for p in parts):
        return None
    return folder.joinpath(*parts)
