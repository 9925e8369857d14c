"""Shapes in a declared coordinate system → WGS84; refused where the declaration cannot be true or cannot be followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake.datum import grids, offsets
from civdef.text import Text

if TYPE_CHECKING:
    from pyproj import CRS

Points = NDArray[np.float64]

NAMED = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}
SHIFTED: dict[str, Callable[[offsets.Degrees, offsets.Degrees], offsets.Pair]] = {
    "gcj02": offsets.wgs84_from_gcj02,
    "bd09": offsets.wgs84_from_bd09,
}
_ALSO = {
    "wgs-84": "wgs84",
    "wgs 84": "wgs84",
    "gcj-02": "gcj02",
    "gcj": "gcj02",
    "bd-09": "bd09",
    "bd": "bd09",
    "bd09ll": "bd09",
    "国家2000": "cgcs2000",
    "2000国家大地坐标系": "cgcs2000",
    "火星坐标": "gcj02",
    "百度": "bd09",
    "高德": "gcj02",
}

SAME_AS_WGS84 = ("china 2000", "china geodetic coordinate system 2000", "cgcs2000", "world geodetic system 1984", "wgs 84", "wgs 1984")  # fmt: skip
"""Datums that agree with WGS84 within a metre, so that only the projection has to be undone."""

TOLERANCE_DEG = 3.0
"""So far beyond its area of use a grid may be used: offices draw a whole city in one zone [degrees]."""

ROUGH_M = 2.0
"""A datum shift known no better than this is told to the user [m]."""


@dataclass(frozen=True)
class Converted:
    """Shapes in WGS84, the name of the system they came in, and what the user should know of it."""

    shapes: list[BaseGeometry | None]
    crs: str
    notes: list[Text] = field(default_factory=list)


def normal_name(declared: str) -> str:
    """Return the usual way to write a coordinate system: ``GCJ-02`` and 火星坐标 are ``gcj02``."""
    text = declared.strip()
    low = text.lower()
    return _ALSO.get(low, low if low in NAMED or low in SHIFTED else text)


def to_wgs84(
    shapes: Sequence[BaseGeometry | None], declared: str, *, source: str, swap: bool = False
) -> Converted:
    """Return shapes in WGS84, without heights.

    Parameters
    ----------
    declared
        ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``, ``EPSG:n``, or the WKT of a file.
    source
        File, for messages.
    swap
        Whether the file has latitude before longitude, or northing before easting.

    Raises
    ------
    ImportRefusedError
        If the system is unknown, is Xian 1980 or another without public parameters, or cannot be that of these
        coordinates: metres for degrees, axes swapped, zone number missing or one too many, another part of the world.
    """
    array = shapely.force_2d(np.array(list(shapes), dtype=object))
    if swap:
        array = shapely.transform(array, lambda xy: xy[:, ::-1])
    name = normal_name(declared)
    xy = shapely.get_coordinates(array)
    xy = xy[np.isfinite(xy).all(axis=1)]
    centre = np.median(xy, axis=0) if len(xy) else None
    if name in SHIFTED:
        _check_degrees(centre, name, source)
        _check_china(centre, name, source)
        return Converted(list(_moved(array, SHIFTED[name])), name)
    crs = _crs(NAMED.get(name, name), source)
    label = name if name in NAMED else _label(crs)
    if centre is None:
        return Converted(list(array), label)
    if crs.is_geographic:
        _check_degrees(centre, label, source)
    else:
        _check_grid(crs, centre, label, source)
    step, notes = _step(crs, centre, label, source)
    return Converted(list(array if step is None else _moved(array, step)), label, notes)


def _moved(array: Any, step: Callable[[offsets.Degrees, offsets.Degrees], offsets.Pair]) -> Any:
    def move(xy: Points) -> Points:
        with np.errstate(invalid="ignore"):
            return np.column_stack(step(xy[:, 0], xy[:, 1]))

    return shapely.transform(array, move)


def _crs(text: str, source: str) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(text).to_2d()
    except (CRSError, ValueError) as error:
        short = " ".join(text.split())[:60]
        raise ImportRefusedError(
            Text("{s}：不认识的坐标系 {c}", "{s}: unknown coordinate reference system {c}").format(
                s=source, c=short
            ),
            hint=Text(
                "用 --crs 写明：wgs84、cgcs2000、gcj02、bd09 或 EPSG:代号（如 EPSG:4549）。",
                "State it with --crs: wgs84, cgcs2000, gcj02, bd09 or EPSG:n (such as EPSG:4549).",
            ),
        ) from error
    if not (crs.is_geographic or crs.is_projected or crs.is_bound):
        raise ImportRefusedError(
            Text(
                "{s} 的坐标系“{c}”不是大地坐标系，无法放到地图上",
                "The coordinate system of {s}, {c}, is tied to no place on earth",
            ).format(s=source, c=crs.name),
            hint=Text(
                "请提供数据的单位转成国家2000坐标，再用 --crs EPSG:代号 导入。",
                "Ask those who made it for CGCS2000 coordinates, then import with --crs EPSG:n.",
            ),
        )
    return crs


def _label(crs: CRS) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def _place(centre: Points) -> Text:
    x, y = (float(v) for v in centre)
    digits = 0 if max(abs(x), abs(y)) > 360 else 5
    return Text(f"({x:.{digits}f}, {y:.{digits}f})", f"({x:.{digits}f}, {y:.{digits}f})")


def _check_degrees(centre: Points | None, label: str, source: str) -> None:
    """Refuse coordinates that cannot be longitude and latitude."""
    if centre is None:
        return
    x, y = abs(float(centre[0])), abs(float(centre[1]))
    if x > 360 or y > 360:
        raise ImportRefusedError(
            Text(
                "{s} 声明为 {c}（经纬度），但坐标如 {p} 是以米计的投影坐标",
                "{s} is declared as {c}, in degrees, but coordinates such as {p} are metres on a grid",
            ).format(s=source, c=label, p=_place(centre)),
            hint=grids.guess(float(centre[0]), float(centre[1]))
            or Text("用 --crs EPSG:代号 写明投影坐标系。", "State the projected system with --crs EPSG:n."),
        )
    china = 3 <= centre[0] <= 54 and 73 <= centre[1] <= 136
    if y > 90 or (china and y > 72):
        raise ImportRefusedError(
            Text(
                "{s} 的坐标如 {p}：纬度在前、经度在后，次序颠倒",
                "{s} has latitude before longitude: {p}",
            ).format(s=source, p=_place(centre)),
            hint=Text("加 --swap 交换两轴。", "Add --swap to exchange the axes."),
        )


def _check_china(centre: Points | None, label: str, source: str) -> None:
    west, south, east, north = offsets.SHIFTED
    if centre is not None and not (west <= centre[0] <= east and south <= centre[1] <= north):
        raise ImportRefusedError(
            Text(
                "{s} 声明为 {c}，但坐标 {p} 不在中国境内；该坐标系只在中国境内有偏移",
                "{s} is declared as {c}, but {p} is not in China, where alone that system differs",
            ).format(s=source, c=label, p=_place(centre)),
            hint=Text("请核对 --crs；多半是 wgs84。", "Check --crs; it is probably wgs84."),
        )


def _check_grid(crs: CRS, centre: Points, label: str, source: str) -> None:
    """Refuse coordinates that cannot lie on this grid."""
    x, y = float(centre[0]), float(centre[1])
    if abs(x) <= 180 and abs(y) <= 180:
        raise ImportRefusedError(
            Text(
                "{s} 声明为投影坐标系 {c}，但坐标如 {p} 是经纬度",
                "{s} is declared as the grid {c}, in metres, but coordinates such as {p} are degrees",
            ).format(s=source, c=label, p=_place(centre)),
            hint=Text(
                "用 --crs wgs84、cgcs2000、gcj02 或 bd09 写明。",
                "State --crs wgs84, cgcs2000, gcj02 or bd09.",
            ),
        )
    middle = grids.middle(crs)
    if middle is None:
        return
    false_easting, meridian = middle
    if abs(x - false_easting) <= grids.HALF_WIDTH_M:
        return
    if abs(y - false_easting) <= grids.HALF_WIDTH_M and 0 < x < 1e7:
        raise ImportRefusedError(
            Text(
                "{s} 的坐标如 {p}：纵坐标在前、横坐标在后，次序颠倒",
                "{s} has northing before easting: {p}",
            ).format(s=source, p=_place(centre)),
            hint=Text("加 --swap 交换两轴。", "Add --swap to exchange the axes."),
        )
    if x > grids.ZONED_FROM_M and false_easting < grids.ZONED_FROM_M:
        zone = int(x // 1_000_000)
        better = grids.zoned_code(zone)
        raise ImportRefusedError(
            Text(
                "{s}：横坐标 {x:.0f} 带有带号 {z}，而 {c} 的横坐标不带带号",
                "{s}: the easting {x:.0f} carries zone number {z}, but eastings of {c} carry none",
            ).format(s=source, x=x, z=zone, c=label),
            hint=Text(
                "国家2000坐标请用 --crs {b}（第 {z} 带，中央经线 {m}°）。",
                "For CGCS2000 use --crs {b} (zone {z}, central meridian {m}).",
            ).format(b=better, z=zone, m=grids.meridian_of(zone))
            if better
            else Text("带号不在中国范围内，请核对坐标。", "No such zone in China: check the coordinates."),
        )
    if x < grids.ZONED_FROM_M <= false_easting:
        better = grids.bare_code(meridian, wide=false_easting < 24_000_000)
        raise ImportRefusedError(
            Text(
                "{s}：横坐标 {x:.0f} 不带带号，而 {c} 的横坐标应带带号 {z}",
                "{s}: the easting {x:.0f} carries no zone number, but eastings of {c} carry {z}",
            ).format(s=source, x=x, c=label, z=int(false_easting // 1_000_000)),
            hint=Text(
                "国家2000坐标、中央经线 {m:g}° 请用 --crs {b}。",
                "For CGCS2000 with central meridian {m:g} use --crs {b}.",
            ).format(m=meridian, b=better or "EPSG:n"),
        )
    zone, own = int(x // 1_000_000), int(false_easting // 1_000_000)
    better = grids.zoned_code(zone)
    if zone != own and better:
        raise ImportRefusedError(
            Text(
                "{s}：横坐标 {x:.0f} 属于第 {z} 带，而 {c} 是第 {o} 带",
                "{s}: the easting {x:.0f} is of zone {z}, but {c} is zone {o}",
            ).format(s=source, x=x, z=zone, c=label, o=own),
            hint=Text("国家2000坐标请用 --crs {b}。", "For CGCS2000 use --crs {b}.").format(b=better),
        )


def _step(
    crs: CRS, centre: Points, label: str, source: str
) -> tuple[Callable[[offsets.Degrees, offsets.Degrees], offsets.Pair] | None, list[Text]]:
    """Return how to get from `crs` to WGS84 (None: nothing to do) and what to tell about it."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError
    from pyproj.transformer import AreaOfInterest

    base = crs.geodetic_crs
    datum = str(base.datum.name if base is not None and base.datum is not None else "")
    plain = datum.lower().replace("_", " ").replace("-", " ").removeprefix("d ")
    if ("xian" in plain or "西安" in plain) and "80" in plain:
        raise ImportRefusedError(
            Text(
                "{s} 用的是1980西安坐标系（{c}）：它与国家2000坐标系之间没有公开的转换参数，"
                "硬当作 WGS84 会偏差几十米至上百米",
                "{s} is in Xian 1980 ({c}): there are no public parameters from it to CGCS2000, and taking it for WGS84"
                " would be wrong by tens of metres",
            ).format(s=source, c=label),
            hint=Text(
                "请当地自然资源（测绘）部门转成国家2000坐标，再用 --crs EPSG:代号 导入。",
                "Ask the local surveying authority to convert it to CGCS2000, then import with --crs EPSG:n.",
            ),
        )
    lon, lat = float(centre[0]), float(centre[1])
    if not crs.is_geographic:
        assert base is not None
        lon, lat = Transformer.from_crs(crs, base, always_xy=True).transform(lon, lat)
        if not (np.isfinite(lon) and np.isfinite(lat)):
            lon, lat = 999.0, 999.0
    area = crs.area_of_use
    if not crs.is_geographic and (
        abs(lat) > 90
        or (
            area is not None
            and not (
                area.west - TOLERANCE_DEG <= lon <= area.east + TOLERANCE_DEG
                and area.south - TOLERANCE_DEG <= lat <= area.north + TOLERANCE_DEG
            )
        )
    ):
        raise ImportRefusedError(
            Text(
                "{s}：坐标如 {p} 不在 {c}（{n}）的适用范围内",
                "{s}: coordinates such as {p} are outside the area of {c} ({n})",
            ).format(s=source, p=_place(centre), c=label, n=crs.name),
            hint=grids.guess(float(centre[0]), float(centre[1])) or Text("请核对 --crs。", "Check --crs."),
        )
    if any(n in plain for n in SAME_AS_WGS84):
        if crs.is_geographic:
            return None, []
        return Transformer.from_crs(crs, base, always_xy=True).transform, []
    try:
        around = AreaOfInterest(lon - 0.05, lat - 0.05, lon + 0.05, lat + 0.05)
        shift = Transformer.from_crs(
            crs, CRS.from_epsg(4326), always_xy=True, allow_ballpark=False, area_of_interest=around
        )
    except (ProjError, ValueError) as error:
        raise ImportRefusedError(
            Text(
                "{s}：从 {c}（基准 {d}）到 WGS84 没有公开的转换参数",
                "{s}: there are no public parameters from {c} (datum {d}) to WGS84",
            ).format(s=source, c=label, d=datum or "?"),
            hint=Text(
                "请提供数据的单位转成国家2000坐标再导入。", "Ask those who made it for CGCS2000 coordinates."
            ),
        ) from error
    accuracy = float(shift.accuracy or -1.0)
    notes = []
    if accuracy > ROUGH_M:
        notes.append(
            Text(
                "{c} 按公开参数转换，平面误差约 {a:.0f} 米；要更准，请用当地参数转成国家2000坐标",
                "{c} was converted with public parameters, good to about {a:.0f} m; for better, have it converted to"
                " CGCS2000 with local parameters",
            ).format(c=label, a=accuracy)
        )
    return shift.transform, notes
