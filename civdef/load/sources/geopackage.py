"""GeoPackage."""

from __future__ import annotations

from pathlib import Path

from civdef.intake.raw import RawTable
from civdef.load.sources._limits import look
from civdef.load.sources._vector import read_vector
from civdef.text import Text

SUFFIXES = (".gpkg",)


def read(path: Path, layer: str | None, _encoding: str | None) -> RawTable:
    """Return one layer; its text is UTF-8 always. Raises ``ImportRefusedError``."""
    look(path)
    return read_vector(path, layer, Text("GeoPackage", "GeoPackage"))
