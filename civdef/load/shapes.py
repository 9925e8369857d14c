"""GeoJSON geometry → shapely, with a fault for everything that is not a usable shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.errors import Fault
from civdef.model.base import Placed
from civdef.model.workspace import Workspace
from civdef.source import Place
from civdef.text import Text

if TYPE_CHECKING:
    from pyproj import Transformer

OUTSIDE_M = 1000.0
"""Things farther than this from every community are taken for misplaced [m]; a tolerance, not a norm."""

POINT = ("Point",)
LINE = ("LineString",)
AREA = ("Polygon", "MultiPolygon")


def _unread(kind: object, error: Exception) -> Text:
    """Say why a geometry cannot be read; Python's own words about lists and floats help nobody."""
    if isinstance(error, shapely.errors.ShapelyError):
        return Text(str(error)[:120], str(error)[:120])
    return Text(
        "coordinates 不是 {k} 应有的写法（括号层数不对、点数不够、缺少坐标或混入了文字）",
        "its coordinates are not those of a {k} (wrong number of brackets, too few points, a number missing or text among them)",
    ).format(k=kind)


def to_shape(
    geometry: Mapping[str, Any] | None, kinds: tuple[str, ...], place: Place, faults: list[Fault]
) -> BaseGeometry | None:
    """Return the shapely geometry, or None after adding a fault.

    Refused: no geometry, another type than `kinds`, empty, not numbers, outside the range of longitude and
    latitude, invalid (with shapely's reason and the spot).
    """
    wanted = Text("、".join(kinds), " or ".join(kinds))
    if geometry is None:
        faults.append(
            Fault("no-geometry", place, Text("没有几何图形", "There is no geometry"), allowed=wanted)
        )
        return None
    kind = geometry.get("type")
    if kind not in kinds:
        faults.append(
            Fault(
                "wrong-geometry",
                place,
                Text("几何类型不对：{k}", "Wrong type of geometry: {k}").format(k=kind),
                str(kind),
                wanted,
            )
        )
        return None
    try:
        shape = shapely.geometry.shape(dict(geometry))
        shape = shapely.force_2d(shape)
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as error:
        faults.append(
            Fault(
                "bad-geometry",
                place,
                Text("几何无法读取：{w}", "Unreadable geometry: {w}").format(w=_unread(kind, error)),
            )
        )
        return None
    if shape.is_empty:
        faults.append(Fault("empty-geometry", place, Text("几何为空", "The geometry is empty")))
        return None
    west, south, east, north = shape.bounds
    if not (np.isfinite(shape.bounds).all() and -180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        faults.append(
            Fault(
                "not-lon-lat",
                place,
                Text(
                    "坐标不是经纬度（{x:.1f}, {y:.1f}）",
                    "Coordinates are not longitude and latitude ({x:.1f}, {y:.1f})",
                ).format(x=west, y=south),
                allowed=Text(
                    "WGS84 经纬度；其他坐标系请用 civdef import --crs 导入",
                    "WGS84 degrees; bring other systems in with civdef import --crs",
                ),
            )
        )
        return None
    if not shape.is_valid or (shape.length == 0 and "Point" not in kinds):
        why = shapely.is_valid_reason(shape) if not shape.is_valid else "zero length"
        faults.append(
            Fault(
                "invalid-geometry",
                place,
                Text("图形无效：{w}", "Invalid shape: {w}").format(w=why),
                allowed=Text("边界不自相交、首尾闭合", "a closed outline that does not cross itself"),
            )
        )
        return None
    return shape


def project(shapes: list[BaseGeometry], crs: str) -> list[BaseGeometry]:
    """Return WGS84 shapes in the metric CRS, in one vectorised call."""
    if not shapes:
        return []
    forward = _forward(crs)

    def move(xy: Any) -> Any:
        return np.column_stack(forward.transform(xy[:, 0], xy[:, 1]))

    return list(shapely.transform(np.array(shapes, dtype=object), move))


@lru_cache(maxsize=8)
def _forward(crs: str) -> Transformer:
    """Return the way from WGS84 into a metric CRS; setting it up takes longer than a small town's shapes."""
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def check_inside(workspace: Workspace) -> list[Fault]:
    """Return a fault for everything on the map that lies nowhere near the street."""
    area = workspace.area_m
    if area is None:
        return []
    faults: list[Fault] = []
    near = area.buffer(OUTSIDE_M)
    shapely.prepare(near)
    for kind, found in workspace.collections():
        if kind in ("community", "landmark"):
            continue
        for object_id, noun in found.items():
            if isinstance(noun, Placed) and not near.intersects(noun.shape_m):
                far = float(area.distance(noun.shape_m))
                faults.append(
                    Fault(
                        "outside-the-street",
                        workspace.place(object_id) or Place("?"),
                        Text("{i} 在街道范围之外 {d:.0f} 米", "{i} lies {d:.0f} m outside the street").format(
                            i=object_id, d=far
                        ),
                        allowed=Text("检查坐标系或坐标", "check the coordinates and their reference system"),
                    )
                )
    return faults
