"""A layer in the wrong datum is found by the others; untouched towns raise no alarm, wherever they are put."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum import evidence, offsets
from civdef.intake.datum.plausibility import Plausibility, judge
from tests.intake.datum.towns import BEIJING, SHIFTS, grid_town, moved

Layers = Mapping[str, Sequence[BaseGeometry]]
Places = NDArray[np.float64]

CHINA = (BEIJING, (121.5, 31.2), (113.9, 22.5), (87.6, 43.8), (104.06, 30.67), (126.6, 45.8))


def put(layers: Layers, at: tuple[float, float]) -> dict[str, list[BaseGeometry]]:
    """Return a town set down elsewhere, true to size."""
    middles = [
        shapely.get_coordinates(shapely.centroid(np.array(s, dtype=object)))
        for s in layers.values()
        if len(s)
    ]
    lon, lat = np.median(np.vstack(middles), axis=0)
    wider = np.cos(np.radians(lat)) / np.cos(np.radians(at[1]))

    def carry(p: Places) -> Places:
        return (p - (lon, lat)) * (wider, 1.0) + at

    return {n: list(shapely.transform(np.array(s, dtype=object), carry)) for n, s in layers.items() if len(s)}


def said(found: Plausibility) -> list[tuple[tuple[str, ...], str]]:
    return [(s.layers, s.system) for s in found.suspects]


@pytest.mark.parametrize("at", CHINA)
def test_an_untouched_town_fits_and_each_shifted_layer_is_named(at: tuple[float, float]) -> None:
    town = grid_town(at=at)
    found = judge(town, {})
    assert (found.verdict, found.suspects, found.open) == ("agree", (), ())
    for layer in ("buildings", "roads", "communities"):
        for system, step in SHIFTS.items():
            found = judge({**town, layer: moved(town[layer], step)}, {})
            assert said(found) == [((layer,), system)], (layer, system)
            assert all(p.then is not None and p.now != p.then for p in found.suspects[0].pairs)


def test_layers_shifted_together_are_named_together() -> None:
    town = grid_town()
    both = {n: moved(s, SHIFTS["gcj02"]) if n in ("buildings", "units") else s for n, s in town.items()}
    assert said(judge(both, {})) == [(("buildings", "units"), "gcj02")]


def test_two_wrong_layers_in_two_systems() -> None:
    town = grid_town()
    town["buildings"] = moved(town["buildings"], SHIFTS["gcj02"])
    town["units"] = moved(town["units"], SHIFTS["bd09"])
    assert sorted(said(judge(town, {}))) == [(("buildings",), "gcj02"), (("units",), "bd09")]


def test_all_layers_shifted_alike_cannot_be_told() -> None:
    for step in SHIFTS.values():
        found = judge({n: moved(s, step) for n, s in grid_town().items()}, {})
        assert (found.verdict, found.suspects, found.shifted_here) == ("agree", (), True)


def test_a_correction_that_was_not_needed_is_seen_by_what_was_declared() -> None:
    town = grid_town()
    for declared, undo in (("gcj02", offsets.wgs84_from_gcj02), ("bd09", offsets.wgs84_from_bd09)):
        wrong = {**town, "buildings": moved(town["buildings"], undo)}
        assert said(judge(wrong, {"buildings": declared})) == [(("buildings",), "wgs84")]
        assert "buildings" not in [n for layers, _ in said(judge(wrong, {})) for n in layers]


def test_bd09_declared_as_gcj02() -> None:
    town = grid_town()
    wrong = moved(moved(town["buildings"], offsets.bd09_from_wgs84), offsets.wgs84_from_gcj02)
    assert said(judge({**town, "buildings": wrong}, {"buildings": "gcj02"})) == [(("buildings",), "bd09")]


def test_where_two_explanations_are_as_good_both_are_told() -> None:
    town = grid_town()
    two = {"roads": town["roads"], "buildings": moved(town["buildings"], SHIFTS["gcj02"])}
    found = judge(two, {"roads": "gcj02"})
    (suspect,) = found.suspects
    told = {(suspect.layers, suspect.system), *suspect.instead}
    assert told == {(("buildings",), "gcj02"), (("roads",), "wgs84")}


def test_a_shift_of_no_known_system_raises_no_alarm() -> None:
    town = grid_town()
    for east, north in ((0.004, 0.0), (-0.003, 0.002), (0.0, -0.005), (0.0012, 0.0007)):
        off = {**town, "buildings": moved(town["buildings"], lambda x, y, e=east, n=north: (x + e, y + n))}
        assert said(judge(off, {})) == []


def test_layers_that_have_nothing_to_do_with_one_another_raise_no_alarm() -> None:
    rng = np.random.default_rng(7)
    for _ in range(6):
        xy = rng.uniform(-0.02, 0.02, (400, 2)) + BEIJING
        houses = [shapely.box(x, y, x + 0.0004, y + 0.0002) for x, y in xy]
        ends = rng.uniform(-0.02, 0.02, (60, 4)) + np.tile(BEIJING, 2)
        roads = [shapely.LineString([e[:2], e[2:]]) for e in ends]
        assert said(judge({"roads": roads, "buildings": houses}, {})) == []


def test_little_and_nothing_cannot_be_judged() -> None:
    line = shapely.LineString([(116.3, 39.9), (116.301, 39.9)])
    for layers in ({}, {"roads": []}, {"roads": [line]}, {"roads": [line], "buildings": [shapely.box(116.3, 39.9, 116.3001, 39.9001)]}, {"buildings": [shapely.Polygon()], "roads": [line]}):  # fmt: skip
        found = judge(layers, {})
        assert (found.verdict, found.suspects) == ("unknown", ())


@np.errstate(invalid="ignore")
def test_slips_and_broken_shapes_are_passed_over() -> None:
    town = grid_town(5)
    bad: list[BaseGeometry] = [
        shapely.LineString([(116.3, 39.9), (1e300, 1e300)]),
        shapely.LineString([(116.3, 39.9), (np.inf, 0.0)]),
        shapely.LineString([(116.3, 39.9), (np.nan, 0.0)]),
        shapely.Polygon([(116.3, 39.9), (116.4, 40.0), (116.4, 39.9), (116.3, 40.0)]),
        shapely.GeometryCollection(
            [shapely.Point(116.3, 39.9), shapely.LineString([(116.3, 39.9), (116.4, 39.9)])]
        ),
        shapely.Polygon(),
        shapely.Point(0.0, 90.0),
    ]
    with_slips = {n: [*s, *bad] for n, s in town.items()}
    assert judge(with_slips, {}).verdict == judge(town, {}).verdict == "agree"
    assert judge({"roads": bad, "buildings": bad}, {}).verdict == "unknown"
    assert (
        judge(
            {"roads": [shapely.Point(0.0, 90.0)] * 99, "buildings": [shapely.Point(0.0, 90.0)] * 99}, {}
        ).verdict
        == "unknown"
    )


def test_outside_china_no_shift_is_suspected() -> None:
    town = grid_town(at=(24.94, 60.17))
    wrong = {**town, "buildings": moved(town["buildings"], lambda x, y: (x + 0.0065, y + 0.006))}
    found = judge(wrong, {})
    assert (found.suspects, found.shifted_here) == ((), False)


def test_every_kind_of_test_is_about_different_layers() -> None:
    assert all(k.points != k.other and 0 <= k.hit_m < k.near_m for k in evidence.KINDS)
    assert len({(k.points, k.other) for k in evidence.KINDS}) == len(evidence.KINDS)


def test_a_share_is_what_counting_one_by_one_gives() -> None:
    town = grid_town(5)
    for test in evidence.comparisons_of(town):
        other = shapely.transform(np.array(town[test.kind.other], dtype=object), test.frame.metres)
        whole = shapely.union_all(other)
        points = shapely.points(test.frame.metres(test.places))
        near = [p for p in points if p.distance(whole) <= test.kind.near_m]
        hit = [p for p in near if p.distance(whole) <= test.kind.hit_m]
        assert test.share(test.places) == pytest.approx(len(hit) / len(near))


def _vector_layers(folder: Path) -> dict[str, list[BaseGeometry]]:
    found = {}
    for path in sorted((folder / "maps").glob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        found[path.stem] = [shapely.geometry.shape(f["geometry"]) for f in features]
    return found


def _extract(real_data: Path, name: str, tmp_path: Path) -> dict[str, list[BaseGeometry]]:
    from civdef.load.init import make_blank
    from civdef.load.osm import OsmRequest, import_osm

    make_blank(tmp_path / name)
    import_osm(tmp_path / name, OsmRequest(real_data / "networks" / name), "en")
    return _vector_layers(tmp_path / name)


def _gpkg(path: Path, layers: Mapping[str, str]) -> dict[str, list[BaseGeometry]]:
    import geopandas as gpd

    return {
        n: [g for g in gpd.read_file(path, layer=source).to_crs(4326).geometry if g is not None]
        for n, source in layers.items()
    }


@pytest.mark.real_data
def test_beijing(real_data: Path, tmp_path: Path) -> None:
    """Untouched: no alarm. Buildings in GCJ-02 or BD-09 but declared WGS84: found. All alike: said to be untellable."""
    town = _extract(real_data, "beijing_tsinghua_full.osm", tmp_path)
    assert judge(town, {}).verdict == "agree"
    for layer in ("buildings", "roads"):
        for system, step in SHIFTS.items():
            assert said(judge({**town, layer: moved(town[layer], step)}, {})) == [((layer,), system)]
    every = judge({n: moved(s, SHIFTS["gcj02"]) for n, s in town.items() if s}, {})
    assert (every.verdict, every.suspects, every.shifted_here) == ("agree", (), True)


@pytest.mark.real_data
def test_untouched_cities_raise_no_alarm_where_they_are_nor_set_down_in_china(real_data: Path, tmp_path: Path) -> None:  # fmt: skip
    networks = real_data / "networks"
    towns = {
        "helsinki": _extract(real_data, "helsinki_center.osm.pbf", tmp_path),
        "shanghai": _extract(real_data, "shanghai_huangpu_roads.osm", tmp_path),
        "oakland": _extract(real_data, "west_oakland.osm.bz2", tmp_path),
        "tiny": _extract(real_data, "osm_tiny_with_multipolygons.osm", tmp_path),
        "jakarta": _gpkg(networks / "jakarta_kebayoran_setiabudi.gpkg", {"roads": "roads", "buildings": "buildings", "communities": "communities_rw"}),
        "prague": _gpkg(networks / "prague_bubenec.gpkg", {"roads": "streets", "buildings": "buildings", "compounds": "plots"}),
        "nauru": _gpkg(networks / "nauru_island.gpkg", {"roads": "links"}),
    }  # fmt: skip
    for name, town in towns.items():
        assert judge(town, {}).suspects == (), name
        for at in (BEIJING, CHINA[2]):
            assert judge(put(town, at), {}).suspects == (), (name, at)
    for name in ("helsinki", "jakarta"):
        here = put(towns[name], BEIJING)
        here["buildings"] = moved(here["buildings"], SHIFTS["gcj02"])
        assert said(judge(here, {})) == [(("buildings",), "gcj02")], name
