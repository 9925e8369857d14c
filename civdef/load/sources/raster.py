"""Rasters of water depth: ESRI ASCII grids, read here, and GeoTIFF, read by rasterio."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civdef.errors import ImportRefusedError, installing
from civdef.intake.rasters import Grid
from civdef.intake.raw import RawTable
from civdef.load.encodings import read_text
from civdef.load.sources._limits import bytes_of, look, unreadable
from civdef.text import Text

SUFFIXES = (".asc", ".tif", ".tiff")

MAX_CELLS = 10_000_000
_KIND = Text("水深栅格（ESRI ASCII 或 GeoTIFF）", "raster of depth (ESRI ASCII or GeoTIFF)")
_HEADER = {"ncols", "nrows", "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize", "dx", "dy", "nodata_value"}  # fmt: skip


def read(path: Path, _layer: str | None, _encoding: str | None) -> RawTable:
    """Return a table without rows that carries the grid.

    Raises
    ------
    ImportRefusedError
        If the file is damaged, too large, or turned against north.
    """
    if path.suffix.lower() == ".asc":
        grid, crs, notes = _ascii(path)
    else:
        grid, crs, notes = _tiff(path)
    return RawTable(path.name, crs, (), (), (), grid=grid, notes=notes)


def _ascii(path: Path) -> tuple[Grid, str | None, tuple[Text, ...]]:
    text, _ = read_text(bytes_of(path), None, path.name)
    lines = text.splitlines()
    header: dict[str, float] = {}
    at = 0
    for at, line in enumerate(lines):
        words = line.split()
        if not words:
            continue
        if words[0].lower() not in _HEADER:
            break
        try:
            header[words[0].lower()] = float(words[1])
        except (IndexError, ValueError) as error:
            raise _at(path, at + 1) from error
    columns, rows = header.get("ncols", 0), header.get("nrows", 0)
    width, height = header.get("dx", header.get("cellsize", 0)), header.get("dy", header.get("cellsize", 0))
    west = header.get("xllcorner", header.get("xllcenter", math.nan) - width / 2)
    south = header.get("yllcorner", header.get("yllcenter", math.nan) - height / 2)
    if not (
        columns >= 1 and rows >= 1 and columns.is_integer() and rows.is_integer() and width > 0 and height > 0
        and all(math.isfinite(v) for v in (west, south, width, height))
    ):  # fmt: skip
        raise unreadable(
            path,
            Text(
                "文件头不全（ncols、nrows、xllcorner、yllcorner、cellsize）",
                "its head is not complete (ncols, nrows, xllcorner, yllcorner, cellsize)",
            ),
            _KIND,
        )
    _check_size(path, rows, columns)
    values = _numbers(path, lines, at, int(rows), int(columns))
    nodata = header.get("nodata_value", -9999.0)
    values[(values == nodata) | ~np.isfinite(values)] = np.nan
    projection = path.with_suffix(".prj")
    crs = None
    if projection.is_file():
        crs = read_text(bytes_of(projection, 100_000), None, projection.name)[0].strip() or None
    return Grid(values, west, south + rows * height, width, height), crs, ()


def _numbers(path: Path, lines: list[str], start: int, rows: int, columns: int) -> NDArray[np.float64]:
    try:
        values = np.array(" ".join(lines[start:]).split(), dtype=np.float64)
    except ValueError as error:
        for number, line in enumerate(lines[start:], start=start + 1):
            try:
                np.array(line.split(), dtype=np.float64)
            except ValueError:
                raise _at(path, number) from error
        raise unreadable(path, Text("数值有误", "a number is wrong"), _KIND) from error
    if len(values) != rows * columns:
        raise unreadable(
            path,
            Text(
                "应有 {r} 行 {c} 列共 {n} 个数，实有 {m} 个",
                "{r} rows of {c} columns should be {n} numbers; there are {m}",
            ).format(r=rows, c=columns, n=rows * columns, m=len(values)),
            _KIND,
        )
    return values.reshape(rows, columns)


def _tiff(path: Path) -> tuple[Grid, str | None, tuple[Text, ...]]:
    look(path)
    try:
        import rasterio
    except ImportError as error:
        raise ImportRefusedError(
            Text("读取 GeoTIFF 需要安装附加组件", "Reading GeoTIFF needs an extra"),
            hint=installing("gis", Text("转成 ESRI ASCII（.asc）", "convert it to ESRI ASCII (.asc)")),
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has no georeference is told below
            data = rasterio.open(path, driver="GTiff")
        with data:
            _check_size(path, data.height, data.width)
            bands, where, crs = data.count, data.transform, data.crs.to_wkt() if data.crs else None
            turned = where.b != 0 or where.d != 0 or where.a <= 0 or where.e >= 0
            values = data.read(1, masked=True).astype(np.float64).filled(np.nan)
    except ImportRefusedError:
        raise
    except Exception as error:  # GDAL raises many kinds; all mean the same to the user
        raise unreadable(path, str(error).replace(str(path), path.name)[:150], _KIND) from error
    if turned or where.is_identity:
        raise unreadable(path, Text("没有北向的地理定位", "it has no north-up georeference"), _KIND)
    values[~np.isfinite(values)] = np.nan
    notes = (
        () if bands == 1 else (Text("多波段栅格，取第 1 波段", "it has several bands: the first is taken"),)
    )
    return Grid(values, where.c, where.f, where.a, -where.e), crs, notes


def _check_size(path: Path, rows: float, columns: float) -> None:
    if rows * columns > MAX_CELLS:
        raise ImportRefusedError(
            Text("{f} 有 {n:,.0f} 个栅格，超过 {m:,}", "{f} has {n:,.0f} cells, more than {m:,}").format(
                f=path.name, n=rows * columns, m=MAX_CELLS
            ),
            hint=Text("先裁剪到本街道范围。", "Clip it to the street's area first."),
        )


def _at(path: Path, line: int) -> ImportRefusedError:
    return unreadable(path, Text("第 {n} 行有误", "line {n} is wrong").format(n=line), _KIND)
