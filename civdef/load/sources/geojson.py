"""GeoJSON, whatever encoding it was saved in."""

from __future__ import annotations

import json
from pathlib import Path

from civdef.intake.raw import RawTable
from civdef.load.encodings import read_text
from civdef.load.sources._limits import bytes_of, unreadable
from civdef.load.sources._vector import choose, read_vector
from civdef.text import Text

SUFFIXES = (".geojson", ".json")

_KIND = Text("GeoJSON", "GeoJSON")


def read(path: Path, layer: str | None, encoding: str | None) -> RawTable:
    """Return the features. Raises ``ImportRefusedError``."""
    text, reading = read_text(bytes_of(path), encoding, path.name)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = getattr(error, "lineno", None)
        why = Text("JSON 语法错误", "JSON syntax error")
        if where is not None:
            why = Text("第 {n} 行 JSON 语法错误", "JSON syntax error in line {n}").format(n=where)
        raise unreadable(path, why, _KIND) from error
    if not isinstance(document, dict) or document.get("type") not in ("FeatureCollection", "Feature"):
        raise unreadable(path, Text("不是要素集合", "not a FeatureCollection"), _KIND)
    name = document.get("name")
    choose(path.name, [name if isinstance(name, str) else path.stem], layer)
    raw = read_vector(path, None, _KIND, data=text.encode("utf-8"))
    return RawTable(
        path.name, raw.crs, raw.columns, raw.rows, raw.shapes, notes=(reading.note,) if reading.note else ()
    )
