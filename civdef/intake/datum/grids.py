"""The Gauss-Krüger grids of CGCS2000: their EPSG codes, and zone numbers written in front of eastings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from civdef.text import Text

if TYPE_CHECKING:
    from pyproj import CRS

ZONED_FROM_M = 1_000_000.0
"""An easting above this carries its zone number: 38 505 955 is 505 955 in zone 38 [m]."""

HALF_WIDTH_M = 500_000.0
"""No easting is further than this from the middle of its zone: a 6-degree zone is 668 km wide at the equator [m]."""


def zoned_code(zone: int) -> str | None:
    """Return the CGCS2000 code whose eastings carry this zone number; None if there is no such zone in China.

    Zones 25 to 45 are 3 degrees wide (EPSG:4513 to 4533), 13 to 23 are 6 degrees wide (EPSG:4491 to 4501).
    """
    if 25 <= zone <= 45:
        return f"EPSG:{4513 + zone - 25}"
    if 13 <= zone <= 23:
        return f"EPSG:{4491 + zone - 13}"
    return None


def meridian_of(zone: int) -> int:
    """Return the central meridian of a zone number of China [degrees east]."""
    return zone * 3 if zone >= 25 else zone * 6 - 3


def bare_code(meridian: float, *, wide: bool = False) -> str | None:
    """Return the CGCS2000 code of a central meridian whose eastings carry no zone number; `wide` for 6 degrees."""
    if not float(meridian).is_integer() or not 75 <= meridian <= 135 or int(meridian) % 3:
        return None
    if wide:
        return f"EPSG:{4502 + (int(meridian) - 75) // 6}" if (int(meridian) - 75) % 6 == 0 else None
    return f"EPSG:{4534 + (int(meridian) - 75) // 3}"


def middle(crs: CRS) -> tuple[float, float] | None:
    """Return false easting [m] and central meridian [degrees] of a transverse Mercator grid; None for others."""
    operation = crs.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower().replace("_", " "):
        return None
    values = {p.name.lower(): float(p.value) for p in operation.params}
    if "false easting" not in values or "longitude of natural origin" not in values:
        return None
    return values["false easting"], values["longitude of natural origin"]


def guess(east_m: float, north_m: float) -> Text | None:
    """Return which CGCS2000 code metres such as these may be in; None where they look like no Gauss-Krüger grid."""
    if not (0 < north_m < 6_500_000 and math.isfinite(east_m)):
        return None
    if east_m > ZONED_FROM_M:
        zone = int(east_m // 1_000_000)
        code = zoned_code(zone)
        if code is None:
            return None
        return Text(
            "横坐标前两位 {z} 是带号，像是高斯投影（中央经线 {m}°）：国家2000坐标用 --crs {c}",
            "The first two digits of the easting, {z}, are a zone number of a Gauss-Krüger grid (central meridian {m}):"
            " for CGCS2000 use --crs {c}",
        ).format(z=zone, m=meridian_of(zone), c=code)
    if 100_000 < east_m < 900_000:
        return Text(
            "像是不带带号的高斯投影坐标，须知道中央经线：国家2000三度带 114° 用 EPSG:4547，117° 用 EPSG:4548，"
            "120° 用 EPSG:4549，123° 用 EPSG:4550",
            "They look like a Gauss-Krüger grid without zone number; its central meridian must be known: CGCS2000,"
            " 3 degrees, 114 is EPSG:4547, 117 EPSG:4548, 120 EPSG:4549, 123 EPSG:4550",
        )
    return None
