"""GeoPackage."""

from civdef.load.sources._vector import read_vector as read

SUFFIXES = (".gpkg",)

__all__ = ["SUFFIXES", "read"]
