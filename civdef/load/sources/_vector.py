"""Reading a vector layer through GDAL."""

from __future__ import annotations

from pathlib import Path

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.text import Text, listing

MAX_BYTES = 500_000_000


def read_vector(path: Path, layer: str | None) -> RawTable:
    """Return one layer of a file that GDAL reads.

    Raises
    ------
    ImportRefusedError
        If the file is missing, too large, unreadable, or holds several layers and none was named.
    """
    import pyogrio
    import shapely

    if not path.is_file():
        raise ImportRefusedError(Text("没有文件 {f}", "There is no file {f}").format(f=path))
    if path.stat().st_size > MAX_BYTES:
        raise ImportRefusedError(Text("文件 {f} 过大", "File {f} is too large").format(f=path.name))
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if layer is None and len(layers) > 1:
            raise ImportRefusedError(
                Text("{f} 有多个图层，请指定一个", "{f} holds several layers: name one").format(f=path.name),
                hint=Text("--layer {l}", "--layer {l}").format(l=listing(layers)),
            )
        if layer is not None and layer not in layers:
            raise ImportRefusedError(
                Text("{f} 中没有图层 {l}", "{f} has no layer {l}").format(f=path.name, l=layer),
                hint=Text("已有图层：{l}", "Layers: {l}").format(l=listing(layers)),
            )
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
    except ImportRefusedError:
        raise
    except Exception as error:  # GDAL raises many kinds; all mean the same to the user
        why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=why),
            hint=Text(
                "确认文件完整，并且确是 GeoPackage 或 GeoJSON。",
                "Check that the file is whole and really a GeoPackage or GeoJSON.",
            ),
        ) from error
    if shapes is None:
        raise ImportRefusedError(Text("{f} 没有几何图形", "{f} has no geometry").format(f=path.name))
    names = tuple(str(f) for f in meta["fields"])
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    if not names:
        rows = [{} for _ in shapes]
    source = path.name if layer is None else f"{path.name}:{layer}"
    return RawTable(source, meta["crs"], names, rows, list(shapely.from_wkb(shapes, on_invalid="ignore")))
