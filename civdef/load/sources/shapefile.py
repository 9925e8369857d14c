"""Shapefile: the geometry by GDAL, the text of its table decoded here, because its encoding is so often misstated."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.load.encodings import Reading, detect, named
from civdef.load.sources._limits import look
from civdef.load.sources._vector import read_vector
from civdef.text import Text, listing

SUFFIXES = (".shp",)

_KIND = Text("Shapefile", "Shapefile")
_BYTES = "ISO-8859-1"
"""Every byte is a character in it: text read so is turned back into the bytes of the file without loss."""


def read(path: Path, layer: str | None, encoding: str | None) -> RawTable:
    """Return the features.

    The encoding is the one asked for, else that of the ``.cpg`` file if the text fits it, else detected. A character
    that a width limit cut in two is left out, and told where it was in the name of a field.

    Raises
    ------
    ImportRefusedError
        If a file is missing or damaged, or the encoding is not known.
    """
    look(path)
    if _beside(path, ".dbf") is None:
        raise ImportRefusedError(
            Text("{f} 旁边没有同名的 .dbf 文件", "There is no .dbf file beside {f}").format(f=path.name),
            hint=Text(
                "Shapefile 由 .shp、.shx、.dbf、.prj 等文件组成，请放在同一目录或打成一个 zip。",
                "A Shapefile is .shp, .shx, .dbf and .prj together: put them in one folder, or one zip.",
            ),
        )
    import pyogrio

    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES" if _beside(path, ".shx") is None else None})
    raw = read_vector(path, layer, _KIND, encoding=_BYTES)
    names = [c.encode(_BYTES) for c in raw.columns]
    texts = {v for row in raw.rows for v in row.values() if isinstance(v, str) and not v.isascii()}
    found = {v: v.encode(_BYTES) for v in texts}
    reading = (
        Reading(named(encoding))
        if encoding
        else detect(
            [_whole(b, "gb18030", "utf-8") for b in (*names, *found.values())], path.name, _stated(path)
        )
    )
    try:
        columns, cut = _columns(names, reading.encoding)
        words = {v: decode_cut(b, reading.encoding) for v, b in found.items()}
    except UnicodeDecodeError as error:
        raise ImportRefusedError(
            Text("{f} 的文字不全是 {e}", "Not all text of {f} is {e}").format(
                f=path.name, e=reading.encoding
            ),
            hint=Text("去掉 --encoding，由程序识别。", "Leave --encoding out: the encoding is then detected.")
            if encoding
            else Text(
                "文字编码混杂或文件已损坏：请在 GIS 软件中打开，另存为 UTF-8 编码。",
                "Its text is of several encodings, or damaged: open it in a GIS and save it as UTF-8.",
            ),
        ) from error
    rows: list[dict[str, Any]] = [
        {c: words.get(v, v) if isinstance(v, str) else v for c, v in zip(columns, row.values(), strict=True)}
        for row in raw.rows
    ]
    notes = [n for n in (reading.note,) if n is not None]
    if cut:
        notes.append(
            Text(
                "字段名在第 10 个字节处被截断：{c}", "field names cut short at their tenth byte: {c}"
            ).format(c=listing(cut, 20))
        )
    return RawTable(path.name, raw.crs, tuple(columns), rows, raw.shapes, notes=tuple(notes))


def decode_cut(raw: bytes, encoding: str) -> str:
    """Return text of which the last character may have been cut in two: the half is left out."""
    return codecs.getincrementaldecoder(encoding)("strict").decode(raw, final=False).rstrip("\x00 ")


def _columns(names: list[bytes], encoding: str) -> tuple[list[str], list[str]]:
    """Return the names of the fields, none twice, and those that were cut."""
    columns: list[str] = []
    cut: list[str] = []
    for raw in names:
        name = decode_cut(raw, encoding)
        if len(name.encode(encoding)) < len(raw):
            cut.append(name)
        stem, number = name or "field", 2
        while name in columns or not name:
            name, number = f"{stem}_{number}", number + 1
        columns.append(name)
    return columns, cut


def _whole(raw: bytes, *encodings: str) -> bytes:
    """Return `raw` without the half of a character at its end, in the first of the encodings that reads the rest."""
    for encoding in reversed(encodings):
        try:
            text = codecs.getincrementaldecoder(encoding)("strict").decode(raw, final=False)
        except UnicodeDecodeError:
            continue
        return raw[: len(text.encode(encoding))]
    return raw


def _stated(path: Path) -> str | None:
    """Return the encoding that a ``.cpg`` file beside `path` states."""
    beside = _beside(path, ".cpg")
    if beside is None:
        return None
    try:
        text = beside.read_bytes()[:40].decode("ascii", "ignore").strip()
    except OSError:
        return None
    return text or None


def _beside(path: Path, suffix: str) -> Path | None:
    """Return the file of the same name with another ending, in small or capital letters."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.is_file():
            return candidate
    return None
