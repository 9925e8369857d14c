"""Shapes in degrees → metres, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


class Metric:
    """Projects shapes from WGS84 into a metric CRS.

    Parameters
    ----------
    crs
        A projected CRS in metres.
    """

    def __init__(self, crs: str) -> None:
        from pyproj import Transformer

        self.crs = crs
        self._transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        self._back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)

    def of(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return the shapes in metres."""
        return self._moved(shapes, self._transformer)

    def back(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return shapes in metres in WGS84, rounded to 1e-7 degrees (about 1 cm)."""
        return self._moved(shapes, self._back, 7)

    def _moved(
        self, shapes: Sequence[BaseGeometry], how: Any, digits: int | None = None
    ) -> list[BaseGeometry]:
        if not shapes:
            return []

        def move(xy: Any) -> Any:
            moved = np.column_stack(how.transform(xy[:, 0], xy[:, 1]))
            return moved if digits is None else np.round(moved, digits)

        return list(shapely.transform(np.array(list(shapes), dtype=object), move))
