"""Reading a vector layer through GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.load.sources._limits import MAX_ROWS, unreadable
from civdef.load.sources._names import distinct
from civdef.text import Text, listing

_NO_LAYERS = {"layer_styles", "qgis_projects"}
"""Tables of QGIS inside a GeoPackage, which hold no features."""


def read_vector(
    path: Path, layer: str | None, kind: Text, *, data: bytes | None = None, **options: Any
) -> RawTable:
    """Return one layer of a file that GDAL reads.

    Parameters
    ----------
    kind
        What the file should be, for messages.
    data
        The content of a file of one layer, where it is not to be read from the disk as it stands.
    options
        Passed on to ``pyogrio.raw.read``.

    Raises
    ------
    ImportRefusedError
        If it is unreadable, or holds several layers and none was named.
    """
    import shapely

    where: Any = path if data is None else data
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RuntimeWarning
            )  # GDAL's asides; what is wrong with a shape is told later
            found, layer, meta, shapes, columns = _read(where, layer, path.name, data is None, options)
        drawn = None if shapes is None else shapely.from_wkb(shapes, on_invalid="ignore")
    except ImportRefusedError:
        raise
    except MemoryError as error:
        raise unreadable(path, Text("内存不足", "out of memory"), kind) from error
    except Exception as error:  # GDAL raises many kinds; all mean the same to the user
        why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise unreadable(path, why.replace(str(path), path.name), kind) from error
    if drawn is None:
        raise ImportRefusedError(
            Text("{f} 的图层 {n} 没有几何图形", "Layer {n} of {f} has no geometry").format(
                f=path.name, n=layer
            ),
            hint=Text(
                "若是带坐标列的表格，另存为 CSV 或 xlsx 再导入。",
                "A table with coordinate columns is imported as CSV or xlsx.",
            ),
        )
    names = tuple(distinct(str(f) for f in meta["fields"]))
    rows: list[dict[str, Any]] = [
        dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)
    ]
    if not names:
        rows = [{} for _ in drawn]
    source = path.name if len(found) == 1 else f"{path.name}:{layer}"
    return RawTable(source, meta["crs"], names, rows, list(drawn))


def _read(
    where: Any, layer: str | None, file: str, several: bool, options: Mapping[str, Any]
) -> tuple[list[tuple[str, Any]], str | None, Any, Any, Any]:
    import pyogrio

    found = [(str(n), g) for n, g in pyogrio.list_layers(where) if str(n) not in _NO_LAYERS]
    if several:
        layer = choose(file, [n for n, g in found if g is not None] or [n for n, _ in found], layer)
    meta, _, shapes, columns = pyogrio.raw.read(
        where, layer=layer if several else None, max_features=MAX_ROWS, **options
    )
    return found, layer, meta, shapes, columns


def choose(file: str, layers: Sequence[str], asked: str | None) -> str:
    """Return the layer to read.

    Raises
    ------
    ImportRefusedError
        If none was asked for and there are several, or there is none of that name.
    """
    if not layers:
        raise ImportRefusedError(Text("{f} 中没有图层", "{f} holds no layer").format(f=file))
    if asked is None:
        if len(layers) > 1:
            raise ImportRefusedError(
                Text("{f} 有多个图层，请指定一个", "{f} holds several layers: name one").format(f=file),
                hint=Text("--layer 加图层名：{l}", "Add --layer and one of {l}").format(
                    l=listing(layers, 30)
                ),
            )
        return layers[0]
    if asked not in layers:
        raise ImportRefusedError(
            Text("{f} 中没有图层 {l}", "{f} has no layer {l}").format(f=file, l=asked),
            hint=Text("已有图层：{l}", "Layers: {l}").format(l=listing(layers, 30)),
        )
    return asked
