"""GCJ-02 and BD-09: published values, and inverses exact to far less than a millimetre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pyproj import Geod

from civdef.intake.datum import offsets

LON = st.floats(72.5, 137.0)
LAT = st.floats(3.0, 54.5)
MILLIMETRE = 1e-3


def one(value: float) -> offsets.Degrees:
    return np.array([value])


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [  # lon, lat; the test vectors of eviltransform, and of coordtransform
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_gcj02_as_published(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    got = offsets.gcj02_from_wgs84(one(wgs[0]), one(wgs[1]))
    assert_allclose(np.ravel(got), gcj, rtol=0, atol=1e-10)


def test_bd09_as_published() -> None:
    got = offsets.bd09_from_gcj02(one(116.404), one(39.915))
    assert_allclose(np.ravel(got), (116.41036949371029, 39.92133699351021), rtol=0, atol=1e-10)


@given(LON, LAT)
def test_there_and_back_is_exact_everywhere_in_china(lon: float, lat: float) -> None:
    geod = Geod(ellps="WGS84")
    for there, back in (
        (offsets.gcj02_from_wgs84, offsets.wgs84_from_gcj02),
        (offsets.bd09_from_gcj02, offsets.gcj02_from_bd09),
        (offsets.bd09_from_wgs84, offsets.wgs84_from_bd09),
    ):
        for first, second in ((there, back), (back, there)):
            x, y = second(*first(one(lon), one(lat)))
            apart_m = geod.inv(lon, lat, x[0], y[0])[2]
            assert apart_m < MILLIMETRE, (there.__name__, lon, lat, apart_m)


def test_worst_round_trip_over_a_dense_grid_is_nanometres() -> None:
    lon, lat = (g.ravel() for g in np.meshgrid(np.linspace(73, 135, 400), np.linspace(4, 53, 400)))
    for there, back in (
        (offsets.gcj02_from_wgs84, offsets.wgs84_from_gcj02),
        (offsets.bd09_from_wgs84, offsets.wgs84_from_bd09),
    ):
        x, y = back(*there(lon, lat))
        worst_m = 111_320.0 * float(np.max(np.hypot(x - lon, y - lat)))
        assert worst_m < 1e-6


def test_the_shift_is_hundreds_of_metres_inside_and_nothing_outside() -> None:
    geod = Geod(ellps="WGS84")
    for lon, lat, low, high in ((116.4, 39.9, 500, 600), (114.06, 22.54, 550, 650), (87.6, 43.8, 200, 330)):
        x, y = offsets.gcj02_from_wgs84(one(lon), one(lat))
        assert low < geod.inv(lon, lat, x[0], y[0])[2] < high
    for lon, lat in ((24.94, 60.17), (-122.3, 37.8), (139.75, 35.6)):
        assert np.ravel(offsets.gcj02_from_wgs84(one(lon), one(lat))).tolist() == [lon, lat]
        assert np.ravel(offsets.wgs84_from_gcj02(one(lon), one(lat))).tolist() == [lon, lat]


def test_coordinates_that_are_no_numbers_come_back_as_they_were_and_end() -> None:
    x, y = offsets.wgs84_from_gcj02(np.array([np.nan, 116.4]), np.array([39.9, np.inf]))
    assert np.isnan(x[0])
    assert not np.isfinite(y[1])
    assert [a.size for a in offsets.wgs84_from_bd09(np.array([]), np.array([]))] == [0, 0]
