"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, and their exact inverses.

All functions take and return arrays of longitude and latitude [degrees], shape (n,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]
Step = Callable[[Degrees, Degrees], Pair]

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.006_693_421_622_965_943
"""Krasovsky 1940: semi-major axis [m] and first eccentricity squared."""

ORIGIN = (105.0, 35.0)
"""Where the polynomial part of the shift is centred [degrees]."""

SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
"""Rectangle outside which web maps leave coordinates as they are: west, south, east, north [degrees]."""

_EAST = (300.0, 1.0, 2.0, 0.1, 0.1, 0.0, 0.1)
_NORTH = (-100.0, 2.0, 3.0, 0.0, 0.1, 0.2, 0.2)
"""Coefficients of 1, x, y, x², xy, y², √|x| in the shift to the east and to the north [m]."""

_FINE = ((6.0, 20.0), (2.0, 20.0))
_WAVES_EAST = ((1.0, 20.0), (1 / 3, 40.0), (1 / 12, 150.0), (1 / 30, 300.0))
_WAVES_NORTH = ((1.0, 20.0), (1 / 3, 40.0), (1 / 12, 160.0), (1 / 30, 320.0))
"""Waves: (frequency as a multiple of pi per degree, amplitude [m], of which two thirds count)."""

_BD_TURNS_PER_DEGREE = 3000.0 / 180.0
_BD_SHIFT = (0.0065, 0.006)

_ENOUGH = 1e-13
"""A fixed-point step below this has converged [degrees]; 1e-13 degrees is 10 nanometres."""
_MOST_STEPS = 60


def gcj02_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    """Return GCJ-02 coordinates of WGS84 places.

    Sources
    -------
    The algorithm was never published by its owner; these are the constants all public implementations agree on
    (checked against the test vectors of *eviltransform*, see the tests). Places outside `SHIFTED` stay where they are.
    """
    east, north = _gcj_shift(lon, lat)
    return lon + east, lat + north


def wgs84_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """Return the WGS84 places of GCJ-02 coordinates: the exact inverse of :func:`gcj02_from_wgs84`."""
    return _inverse(_gcj_shift, lon, lat)


def bd09_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """Return BD-09 coordinates (Baidu) of GCJ-02 coordinates."""
    east, north = _bd_shift(lon, lat)
    return lon + east, lat + north


def gcj02_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    """Return GCJ-02 coordinates of BD-09 coordinates: the exact inverse of :func:`bd09_from_gcj02`."""
    return _inverse(_bd_shift, lon, lat)


def bd09_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    """Return BD-09 coordinates of WGS84 places."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    """Return the WGS84 places of BD-09 coordinates."""
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


@np.errstate(invalid="ignore", over="ignore")
def _gcj_shift(lon: Degrees, lat: Degrees) -> Pair:
    """Return the shift of GCJ-02 at WGS84 places [degrees]; nothing outside `SHIFTED`."""
    x, y = lon - ORIGIN[0], lat - ORIGIN[1]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, np.sqrt(np.abs(x))])
    fine = _waves(x, _FINE)
    east_m = np.tensordot(np.array(_EAST), terms, axes=1) + fine + _waves(x, _WAVES_EAST)
    north_m = np.tensordot(np.array(_NORTH), terms, axes=1) + fine + _waves(y, _WAVES_NORTH)
    latitude = np.radians(lat)
    root = np.sqrt(1.0 - KRASOVSKY_E2 * np.sin(latitude) ** 2)
    meridian_m = KRASOVSKY_A_M * (1.0 - KRASOVSKY_E2) / root**3
    parallel_m = KRASOVSKY_A_M / root * np.cos(latitude)
    west, south, east, north = SHIFTED
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    # cos(latitude) never comes near zero inside, so the division is safe where it counts
    parallel_m = np.where(inside, parallel_m, 1.0)
    return (
        np.where(inside, np.degrees(east_m / parallel_m), 0.0),
        np.where(inside, np.degrees(north_m / meridian_m), 0.0),
    )


def _waves(along: Degrees, waves: tuple[tuple[float, float], ...]) -> Degrees:
    total = np.zeros_like(along)
    for frequency, amplitude_m in waves:
        total += amplitude_m * np.sin(along * (np.pi * frequency))
    return total * (2.0 / 3.0)


@np.errstate(invalid="ignore", over="ignore")
def _bd_shift(lon: Degrees, lat: Degrees) -> Pair:
    """Return the shift of BD-09 at GCJ-02 coordinates [degrees]: a wobble in polar coordinates, and a constant."""
    turn = np.pi * _BD_TURNS_PER_DEGREE
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * turn)
    return radius * np.cos(angle) + _BD_SHIFT[0] - lon, radius * np.sin(angle) + _BD_SHIFT[1] - lat


@np.errstate(invalid="ignore", over="ignore")
def _inverse(shift: Step, lon: Degrees, lat: Degrees) -> Pair:
    """Return where `shift` leads to (lon, lat) from, by fixed-point steps: the shift changes slowly with the place.

    Both shifts change by less than 0.02 degrees a degree, so each step gains almost two digits.
    """
    x, y = np.array(lon, dtype=float), np.array(lat, dtype=float)
    for _ in range(_MOST_STEPS):
        east, north = shift(x, y)
        new_x, new_y = lon - east, lat - north
        step = max(np.max(np.abs(new_x - x), initial=0.0), np.max(np.abs(new_y - y), initial=0.0))
        x, y = new_x, new_y
        if not step > _ENOUGH:
            break
    return x, y
