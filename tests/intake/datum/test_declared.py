"""Declared coordinate systems: followed exactly where they can be true, refused with the right one where they cannot."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from civdef.errors import ImportRefusedError
from civdef.intake.datum import grids
from civdef.intake.datum.declared import normal_name, to_wgs84

XIAN_80_WKT = (
    'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]]'
)
CGCS_ESRI_WKT = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def place(x: float, y: float, declared: str, **more: Any) -> tuple[float, float]:
    out = to_wgs84([shapely.Point(x, y)], declared, source="f", **more)
    assert out.shapes[0] is not None
    return out.shapes[0].x, out.shapes[0].y


def refusal(x: float, y: float, declared: str) -> str:
    with pytest.raises(ImportRefusedError) as refused:
        place(x, y, declared)
    assert refused.value.hint is not None
    for lang in ("zh", "en"):
        assert "{" not in "".join(refused.value.lines(lang))  # type: ignore[arg-type]
    return "\n".join(refused.value.lines("en"))


@given(st.integers(25, 45), st.floats(-1.4, 1.4), st.floats(18.5, 52.5))
def test_every_cgcs2000_grid_is_undone_exactly(zone: int, off: float, lat: float) -> None:
    lon = 3 * zone + off
    zoned, bare = grids.zoned_code(zone), grids.bare_code(3 * zone)
    assert zoned is not None
    assert bare is not None
    for code in (zoned, bare):
        area = CRS.from_user_input(code).area_of_use
        assert area is not None
        assume(area.south <= lat <= area.north)
        x, y = Transformer.from_crs("EPSG:4490", code, always_xy=True).transform(lon, lat)
        assert place(x, y, code) == pytest.approx((lon, lat), abs=1e-9)


def test_codes_of_zones_are_those_of_the_epsg_register() -> None:
    for zone in (*range(13, 24), *range(25, 46)):
        crs = CRS.from_user_input(grids.zoned_code(zone))
        assert grids.middle(crs) == (zone * 1e6 + 500_000, grids.meridian_of(zone))
        wide = zone < 24
        bare = CRS.from_user_input(grids.bare_code(grids.meridian_of(zone), wide=wide))
        assert grids.middle(bare) == (500_000, grids.meridian_of(zone))
        assert ("3-degree" in crs.name, "3-degree" in bare.name) == (not wide, not wide)
    assert grids.zoned_code(24) is None
    assert grids.bare_code(116.5) is None


def test_the_zone_mix_up_is_caught_both_ways_with_the_right_code() -> None:
    assert "EPSG:4526" in refusal(38_505_955, 3_412_345, "EPSG:4547")
    assert "EPSG:4547" in refusal(505_955, 3_412_345, "EPSG:4526")
    assert "EPSG:4527" in refusal(39_505_955, 3_412_345, "EPSG:4526")
    assert "EPSG:4547" in refusal(505_955, 3_412_345, CGCS_ESRI_WKT)


def test_swapped_axes_are_caught_and_swapped_back_when_asked() -> None:
    for x, y, code in ((3_412_345, 505_955, "EPSG:4547"), (3_412_345, 38_505_955, "EPSG:4526"), (39.9, 116.4, "wgs84"), (43.8, 87.6, "cgcs2000")):  # fmt: skip
        assert "--swap" in refusal(x, y, code)
        assert place(x, y, code, swap=True) == pytest.approx(place(y, x, code))


def test_metres_for_degrees_and_degrees_for_metres() -> None:
    assert "EPSG:4526" in refusal(38_505_955, 3_412_345, "wgs84")
    assert "EPSG:4548" in refusal(505_955, 3_412_345, "gcj02")
    assert "degrees" in refusal(116.4, 39.9, "EPSG:4548")


@pytest.mark.parametrize(
    ("x", "y", "declared"),
    [(114, 30, "EPSG:4610"), (505_955, 3_412_345, "EPSG:2383"), (38_505_955, 3_412_345, "EPSG:2362"), (114, 30, XIAN_80_WKT)],
)  # fmt: skip
def test_xian_1980_is_refused_in_every_dress(x: float, y: float, declared: str) -> None:
    assert "Xian 1980" in refusal(x, y, declared)


def test_a_datum_without_public_parameters_here_is_refused_not_shifted_by_nothing() -> None:
    assert "no public parameters" in refusal(114.0, 30.0, "EPSG:4214")


def test_cgcs2000_of_arcgis_is_known_by_its_name() -> None:
    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4526", always_xy=True).transform(114.06, 30.8)
    assert place(x, y, CGCS_ESRI_WKT) == pytest.approx((114.06, 30.8), abs=1e-9)


def test_unknown_and_local_systems_and_wrong_places() -> None:
    assert "unknown" in refusal(1, 2, "EPSG:99")
    assert "no place on earth" in refusal(1, 2, 'LOCAL_CS["site grid",UNIT["m",1]]')
    assert "not in China" in refusal(24.9, 60.2, "gcj02")
    assert "outside the area" in refusal(-68_964, 3_423_936, "EPSG:4549")


def test_names_people_write() -> None:
    names = ("GCJ-02", "火星坐标", "高德", "bd-09", "百度", "WGS 84", "国家2000", "EPSG:4549")
    assert [normal_name(n) for n in names] == ["gcj02", "gcj02", "gcj02", "bd09", "bd09", "wgs84", "cgcs2000", "EPSG:4549"]  # fmt: skip


def test_layers_without_anything_drawn_pass() -> None:
    assert to_wgs84([], "gcj02", source="f").shapes == []
    assert to_wgs84([None, shapely.Point()], "EPSG:4547", source="f").shapes[0] is None
