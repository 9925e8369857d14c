"""Shapes as columns: nothing moves by more than half a unit, no shape is lost."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from civdef.render.columns import SCALE, line, polygons, rings, words

degrees = st.floats(min_value=-0.05, max_value=0.05).map(lambda v: round(v, 7))


def decoded(steps: list[int], origin: tuple[int, int]) -> np.ndarray:
    return (np.cumsum(np.array(steps).reshape(-1, 2), axis=0) + np.array(origin)) / SCALE


@given(st.lists(st.tuples(degrees, degrees), min_size=1, max_size=30))
def test_points_come_back_within_half_a_unit(offsets: list[tuple[float, float]]) -> None:
    points = np.add(offsets, [123.0, 28.5])
    origin = (122_990_000, 28_490_000)
    back = decoded(line(points, origin), origin)
    gaps = np.abs(points[:, None, :] - back[None, :, :]).max(axis=2).min(axis=1)
    assert gaps.max() <= 0.5 / SCALE + 1e-12
    assert np.abs(back[0] - points[0]).max() <= 0.5 / SCALE + 1e-12


def test_a_ring_is_not_closed_and_holes_and_parts_are_kept() -> None:
    ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    hole = [(1, 1), (1, 2), (2, 2), (1, 1)]
    shape = shapely.MultiPolygon(
        [shapely.Polygon(ring, [hole]), shapely.Polygon([(9, 9), (10, 9), (9, 10), (9, 9)])]
    )
    found = rings(shape, (0, 0))
    assert [len(r) // 2 for r in found] == [4, 3, 3]
    assert decoded(found[0], (0, 0)).tolist() == [[0, 0], [4, 0], [4, 4], [0, 4]]


def test_points_and_lines() -> None:
    assert rings(shapely.Point(1, 2), (0, 0)) == [[1_000_000, 2_000_000]]
    assert len(rings(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), (0, 0))) == 2


def test_a_shape_without_area_has_no_polygons() -> None:
    assert polygons(shapely.Point(0, 0)) is None
    mixed = shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    found = polygons(mixed)
    assert found is not None
    assert found.area == 1


@given(st.lists(st.one_of(st.none(), st.text(max_size=3))))
def test_words_come_back(values: list[str | None]) -> None:
    known, index = words(values)
    assert [None if i < 0 else known[i] for i in index] == values
    assert len(set(known)) == len(known)
