"""GeoJSON."""

from civdef.load.sources._vector import read_vector as read

SUFFIXES = (".geojson", ".json")

__all__ = ["SUFFIXES", "read"]
