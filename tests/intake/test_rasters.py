"""Rasters of depth → footprints: every cell lies in the footprint of its class, and in no other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from civdef.errors import ImportRefusedError
from civdef.intake.rasters import Grid, cells, footprints
from civdef.intake.raw import RawTable

RAW = RawTable("depth.asc", "EPSG:4326", (), (), ())
DEPTHS = st.one_of(st.just(math.nan), st.sampled_from([0.0, 0.15, 0.3, 0.5, 1.0]), st.floats(-1.0, 4.0))


def grid(values: list[list[float]]) -> Grid:
    return Grid(np.array(values, dtype=float), 500_000.0, 3_400_000.0, 10.0, 5.0)


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=DEPTHS))
def test_every_cell_is_in_the_footprint_of_its_class(values: np.ndarray) -> None:  # type: ignore[type-arg]
    limits = (0.15, 0.3, 1.0)
    raster = Grid(values, 100.0, 900.0, 10.0, 5.0)
    if not (np.round(values, 4) > limits[0]).any():
        with pytest.raises(ImportRefusedError, match="deeper"):
            footprints(raster, limits, RAW)
        return
    found = footprints(raster, limits, RAW)
    areas = [s for s in found.shapes if s is not None]
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            middle = shapely.Point(100 + 10 * column + 5, 900 - 5 * row - 2.5)
            inside = [r["depth_m"] for r, a in zip(found.rows, areas, strict=True) if a.contains(middle)]
            depth = round(float(values[row, column]), 4)
            if not depth > limits[0]:
                assert inside == []
                continue
            assert len(inside) == 1
            low = max(v for v in limits if v < depth)
            assert low < depth <= inside[0] + 1e-9
            assert inside[0] <= {0.15: 0.3, 0.3: 1.0}.get(low, math.inf)
    wet = int((np.round(values, 4) > limits[0]).sum())
    assert sum(a.area for a in areas) == pytest.approx(50.0 * wet)
    assert all(a.is_valid for a in areas)


def test_a_class_is_told_by_its_greatest_depth_and_a_hole_stays_dry() -> None:
    ring = [[0.4, 0.4, 0.4], [0.4, 0.0, 0.4], [0.4, 0.4, 0.412]]
    found = footprints(grid(ring), (0.3, 0.5), RAW)
    assert [r["depth_m"] for r in found.rows] == [0.42]
    assert found.shapes[0] is not None
    assert found.shapes[0].equals(shapely.box(500_000, 3_399_985, 500_030, 3_400_000) - shapely.box(500_010, 3_399_990, 500_020, 3_399_995))  # fmt: skip


def test_four_byte_numbers_stay_in_the_class_they_are_written_in() -> None:
    found = footprints(Grid(np.array([[0.3]], dtype=np.float32).astype(float), 0, 0, 1, 1), (0.15, 0.3), RAW)
    assert (found.rows[0]["name_en"], found.rows[0]["depth_m"]) == ("0.15–0.3 m deep", 0.3)


@pytest.mark.parametrize("limits", [(), (0.5, 0.3), (0.3, 0.3), (-1.0, 2.0), (math.nan,)])
def test_limits_out_of_order_are_refused(limits: tuple[float, ...]) -> None:
    with pytest.raises(ImportRefusedError, match="ascending"):
        footprints(grid([[1.0]]), limits, RAW)


def test_a_large_raster_is_cut_in_a_moment() -> None:
    x, y = np.meshgrid(np.linspace(0, 30, 1500), np.linspace(0, 30, 1500))
    wet = np.sin(x) + np.cos(y) > 0
    area = cells(wet, Grid(wet.astype(float), 0.0, 1500.0, 1.0, 1.0))
    assert area.area == pytest.approx(float(wet.sum()))


def test_noise_is_refused_before_it_takes_minutes() -> None:
    wet = np.random.default_rng(1).random((1000, 1000)) > 0.6
    with pytest.raises(ImportRefusedError, match="too ragged"):
        footprints(Grid(wet.astype(float), 0.0, 0.0, 1.0, 1.0), (0.5,), RAW)
