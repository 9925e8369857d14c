"""A raster of water depth → one footprint for each class of depth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.text import Text

DEEPEST_M = 1000.0
"""No water on land is deeper; the highest dams are some 300 m. A tolerance against wrong units and missing NODATA."""
MOST_PIECES = 60_000
"""A class in more pieces than this is noise, not water, and would take minutes to draw."""


@dataclass(frozen=True)
class Grid:
    """A raster as read.

    Attributes
    ----------
    values
        Depths [m], row 0 in the north, NaN where nothing is known, shape (rows, columns).
    west, north
        Outer corner of the first cell, in the raster's CRS.
    width, height
        Size of a cell, in the raster's CRS, both positive.
    """

    values: NDArray[np.float64]
    west: float
    north: float
    width: float
    height: float


def footprints(grid: Grid, limits_m: Sequence[float], raw: RawTable) -> RawTable:
    """Return a table of footprints, one for each class of depth that occurs, along the edges of the cells.

    Columns: ``name_zh``, ``name_en``, ``depth_m``: the greatest depth that occurs in the class, rounded up to a centimetre,
    so that what holds for the footprint holds for every cell of it.

    Parameters
    ----------
    limits_m
        Lower limits of the classes [m], ascending; shallower water makes no footprint. A class holds depths above its
        limit, up to and with the next one.

    Raises
    ------
    ImportRefusedError
        If the limits are out of order, nothing is as deep as the first, or the raster is too ragged.
    """
    if not limits_m or sorted(set(limits_m)) != list(limits_m) or not limits_m[0] >= 0:
        raise ImportRefusedError(
            Text(
                "水深分级 {v} 应为由小到大的正数", "Depth classes {v} must be positive and ascending"
            ).format(v=", ".join(f"{v:g}" for v in limits_m)),
            hint=Text("例如 --depths 0.15,0.3,0.5,1,2。", "For example --depths 0.15,0.3,0.5,1,2."),
        )
    with np.errstate(over="ignore"):
        depths = np.round(grid.values, 4)  # 0.3 in four bytes is a little more than 0.3
    greatest = float(np.max(depths, where=~np.isnan(depths), initial=0.0))
    if greatest > DEEPEST_M:
        raise ImportRefusedError(
            Text(
                "{s} 中有深达 {d:g} 米的水，不可能是水深", "{s} has water {d:g} m deep, which no flood is"
            ).format(s=raw.source, d=greatest),
            hint=Text(
                "核对单位是否为米、无数据值（NODATA）是否写明，以及是否误用了高程栅格。",
                "Check that the unit is metres, that NODATA is stated, and that it is not a raster of elevations.",
            ),
        )
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry | None] = []
    for low, high in zip(limits_m, (*limits_m[1:], math.inf), strict=True):
        inside = (depths > low) & (depths <= high)
        if not inside.any():
            continue
        deepest = min(math.ceil(float(depths[inside].max()) * 100 - 1e-6) / 100, high)
        span = f"{low:g}–{high:g}" if math.isfinite(high) else f"{low:g}"
        rows.append(
            {
                "name_zh": f"水深 {span} 米" if math.isfinite(high) else f"水深 {span} 米以上",
                "name_en": f"{span} m deep" if math.isfinite(high) else f"over {span} m deep",
                "depth_m": deepest,
            }
        )
        shapes.append(cells(inside, grid))
    if not rows:
        raise ImportRefusedError(
            Text("{s} 中没有深于 {d:g} 米的积水", "Nothing in {s} is deeper than {d:g} m").format(
                s=raw.source, d=limits_m[0]
            ),
            hint=Text(
                "核对单位是否为米，或用 --depths 改分级。",
                "Check that the unit is metres, or give other classes with --depths.",
            ),
        )
    note = Text(
        "栅格按水深分为 {n} 级，每级一个范围；depth_m 取该级中出现的最大水深",
        "the raster became {n} footprints by class of depth; depth_m is the greatest depth in the class",
    ).format(n=len(rows))
    return RawTable(
        raw.source, raw.crs, ("name_zh", "name_en", "depth_m"), rows, shapes, notes=(*raw.notes, note)
    )


def cells(inside: NDArray[np.bool_], grid: Grid) -> BaseGeometry:
    """Return the area of the cells that are `inside`, shape (rows, columns), in the grid's CRS.

    Raises
    ------
    ImportRefusedError
        If they are in more than `MOST_PIECES` pieces.
    """
    padded = np.zeros((inside.shape[0], inside.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = inside
    step = np.diff(padded, axis=1)
    row, first = np.nonzero(step == 1)
    _, last = np.nonzero(step == -1)
    order = np.lexsort((row, last, first))  # runs of the same columns in rows below one another make one box
    row, first, last = row[order], first[order], last[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (np.diff(first) != 0) | (np.diff(last) != 0) | (np.diff(row) != 1)
    top = row[new]
    bottom = row[np.append(np.flatnonzero(new)[1:] - 1, len(row) - 1)] + 1
    if len(top) > MOST_PIECES:
        raise ImportRefusedError(
            Text(
                "栅格过于破碎：一个水深等级就有 {n:,} 块",
                "The raster is too ragged: {n:,} pieces of one class of depth",
            ).format(n=len(top)),
            hint=Text(
                "先平滑或重采样为较粗的栅格（如 5 米），裁剪到本街道范围，或用 --depths 减少分级。",
                "Smooth it or resample it to coarser cells (5 m, say), clip it to the street's area, or ask for fewer classes"
                " with --depths.",
            ),
        )
    boxes = shapely.box(
        grid.west + first[new] * grid.width,
        grid.north - bottom * grid.height,
        grid.west + last[new] * grid.width,
        grid.north - top * grid.height,
    )
    area: BaseGeometry = shapely.union_all(boxes)
    return area
