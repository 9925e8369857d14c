"""An evacuation plan as files: result, map layers for a GIS, work lists for Excel, a report and lists that print on A4."""

from civdef.render.evacuation.write import FORMATS, write_evacuation

__all__ = ["FORMATS", "write_evacuation"]
