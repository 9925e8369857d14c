"""The metric CRS of a workspace: checked if given, chosen if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civdef.text import Text

if TYPE_CHECKING:
    from pyproj import CRS

CHINA = (73.0, 3.0, 136.0, 54.0)
"""Rough bounds inside which CGCS2000 is used [degrees]: west, south, east, north."""


def choose_crs(lon: float, lat: float) -> str:
    """Return a projected CRS in metres for a place.

    CGCS2000 3-degree Gauss-Krüger inside China (EPSG:4534 is the zone of 75° E, one code every 3°), UTM on WGS84
    elsewhere.
    """
    west, south, east, north = CHINA
    if west <= lon <= east and south <= lat <= north:
        meridian = min(max(round(lon / 3) * 3, 75), 135)
        return f"EPSG:{4534 + (meridian - 75) // 3}"
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def check_crs(code: str, lon: float, lat: float) -> Text | None:
    """Return what is wrong with a metric CRS for a place, or None."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(code)
    except CRSError:
        return Text("不认识的坐标系：{c}", "Unknown coordinate reference system: {c}").format(c=code)
    if not crs.is_projected or any(a.unit_name != "metre" for a in crs.axis_info):
        return Text(
            "{c} 不是以米为单位的投影坐标系", "{c} is not a projected coordinate reference system in metres"
        ).format(c=code)
    if not _covers(crs, lon, lat):
        return Text(
            "{c} 的适用范围不含本街道（东经 {lon:.2f}°，北纬 {lat:.2f}°）；建议 {best}",
            "{c} is not meant for this place (lon {lon:.2f}, lat {lat:.2f}); {best} would fit",
        ).format(c=code, lon=lon, lat=lat, best=choose_crs(lon, lat))
    return None


def _covers(crs: CRS, lon: float, lat: float) -> bool:
    """Whether a place lies in the CRS's area of use, with 3 degrees of tolerance at its rim."""
    area = crs.area_of_use
    if area is None:
        return True
    return bool(area.west - 3 <= lon <= area.east + 3 and area.south - 3 <= lat <= area.north + 3)
