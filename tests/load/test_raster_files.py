"""Files of water depth: ESRI ASCII and GeoTIFF say the same; damaged and turned ones are refused with the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from civdef.errors import ImportRefusedError, UsageError
from civdef.load import load_workspace
from civdef.load.imports import ImportResult, Request, run_import
from civdef.load.init import make_blank
from civdef.load.sources import raster
from tests.load.test_imports import features

HEAD = "NCOLS 4\nNROWS 3\nXLLCORNER 116.3\nYLLCORNER 39.99\nCELLSIZE 0.001\nNODATA_VALUE -9999\n"
BODY = "0 0.2 0.4 -9999\n0.2 0.2 0.4 0.6\n1.5 2.5 0 0\n"


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    make_blank(tmp_path / "ws")
    return tmp_path / "ws"


def flood(root: Path, path: Path, **more: Any) -> ImportResult:
    return run_import(root, Request("hazard", path, None, {}, {}, hazard="flood", name="f", **more), "en")


def ascii_grid(tmp_path: Path, text: str = HEAD + BODY) -> Path:
    path = tmp_path / "depth.asc"
    path.write_text(text, encoding="ascii")
    return path


def shapes_of(root: Path) -> dict[float, Any]:
    found = features(root, "maps/hazards/f.geojson")
    return {f["properties"]["depth_m"]: shapely.geometry.shape(f["geometry"]) for f in found}


def test_an_ascii_grid_becomes_footprints_by_class(blank: Path, tmp_path: Path) -> None:
    result = flood(blank, ascii_grid(tmp_path), crs="wgs84")
    assert (result.read, result.written, result.dropped) == (5, 5, 0)
    found = shapes_of(blank)
    assert sorted(found) == [0.2, 0.4, 0.6, 1.5, 2.5]
    assert found[0.4].equals_exact(shapely.box(116.302, 39.991, 116.303, 39.993).normalize(), 1e-6) or found[0.4].symmetric_difference(shapely.box(116.302, 39.991, 116.303, 39.993)).area < 1e-12  # fmt: skip
    assert load_workspace(blank).footprints


def test_depths_of_the_settings_or_of_the_command(blank: Path, tmp_path: Path) -> None:
    settings = blank / "civdef.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[hazards]\ndepth_classes_m = [0.5]\n", "utf-8")
    flood(blank, ascii_grid(tmp_path), crs="wgs84")
    assert sorted(shapes_of(blank)) == [2.5]
    flood(blank, ascii_grid(tmp_path), crs="wgs84", depths_m=(0.1, 1.0))
    assert sorted(shapes_of(blank)) == [0.6, 2.5]


def test_a_geotiff_says_the_same_as_the_ascii_grid(blank: Path, tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    flood(blank, ascii_grid(tmp_path), crs="wgs84")
    want = shapes_of(blank)
    values = np.array([[float(v) for v in line.split()] for line in BODY.splitlines()], dtype=np.float32)
    where = rasterio.Affine(0.001, 0.0, 116.3, 0.0, -0.001, 39.993)
    with rasterio.open(tmp_path / "d.tif", "w", driver="GTiff", width=4, height=3, count=1, dtype="float32", crs="EPSG:4326", transform=where, nodata=-9999) as out:  # fmt: skip
        out.write(values, 1)
    result = flood(blank, tmp_path / "d.tif", force=True)
    assert result.crs == "EPSG:4326"
    got = shapes_of(blank)
    assert sorted(got) == sorted(want)
    assert all(got[d].symmetric_difference(want[d]).area < 1e-12 for d in want)


def test_a_projection_file_beside_the_grid_is_read(blank: Path, tmp_path: Path) -> None:
    from pyproj import CRS, Transformer

    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True).transform(116.3, 39.99)
    path = ascii_grid(tmp_path, f"ncols 1\nnrows 1\nxllcenter {x}\nyllcenter {y}\ncellsize 10\n1.2\n")
    path.with_suffix(".prj").write_text(CRS.from_epsg(4548).to_wkt("WKT1_ESRI"), "ascii")
    flood(blank, path)
    middle = shapes_of(blank)[1.2].centroid
    assert (middle.x, middle.y) == pytest.approx((116.3, 39.99), abs=2e-7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + BODY[:-6], "11|10|there are"),
        (HEAD + BODY.replace("1.5", "1,5"), "line 9"),
        (HEAD.replace("CELLSIZE 0.001", "CELLSIZE 0"), "head"),
        (HEAD.replace("CELLSIZE 0.001", "CELLSIZE nan"), "head"),
        (HEAD.replace("NCOLS 4", "NCOLS 99999999999"), "cells"),
        (HEAD.replace("NCOLS 4", "NCOLS -4"), "head"),
        (HEAD.replace("NCOLS 4", "NCOLS"), "line 1"),
        (HEAD + "0 " * 12, "deeper"),
        ("hello", "head"),
    ],
)
def test_damaged_grids_are_refused(blank: Path, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=words):
        flood(blank, ascii_grid(tmp_path, text), crs="wgs84")
    assert not (blank / "maps/hazards/f.geojson").exists()


def test_rasters_are_for_hazards_and_need_a_place(blank: Path, tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    path = ascii_grid(tmp_path)
    with pytest.raises(ImportRefusedError, match="does not say"):
        flood(blank, path)
    with pytest.raises(ImportRefusedError, match="raster"):
        run_import(blank, Request("roads", path, None, {}, {}, crs="wgs84"), "en")
    with pytest.raises(UsageError, match="--hazard"):
        run_import(blank, Request("hazard", path, None, {}, {}, crs="wgs84", name="f"), "en")
    turned = rasterio.Affine(1.0, 0.5, 0.0, 0.5, -1.0, 0.0)
    with rasterio.open(tmp_path / "t.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs="EPSG:4548", transform=turned) as out:  # fmt: skip
        out.write(np.ones((2, 2), dtype=np.float32), 1)
    with pytest.raises(ImportRefusedError, match="north-up"):
        flood(blank, tmp_path / "t.tif")
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(tmp_path / "n.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32") as out,
    ):  # fmt: skip
        out.write(np.ones((2, 2), dtype=np.float32), 1)
    with pytest.raises(ImportRefusedError, match="north-up"):
        flood(blank, tmp_path / "n.tif", crs="EPSG:4548")
    (tmp_path / "x.tif").write_bytes((tmp_path / "t.tif").read_bytes()[:60])
    with pytest.raises(ImportRefusedError, match=r"Cannot read x\.tif"):
        flood(blank, tmp_path / "x.tif")


@pytest.mark.real_data
def test_the_flood_of_jakarta_agrees_with_an_independent_polygoniser(blank: Path, real_data: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    from rasterio.features import shapes

    path = real_data / "hazard/jakarta_kebayoran_setiabudi_flood_depth.asc"
    with rasterio.open(path) as data:
        values, where = data.read(1).astype(float), data.transform
    result = flood(blank, path, crs="wgs84")
    assert result.written == 5
    classes = np.digitize(np.round(values, 4), [0.15, 0.3, 0.5, 1.0, 2.0], right=True).astype(np.uint8)
    want = {
        level: shapely.union_all([shapely.geometry.shape(s) for s, v in shapes(classes, transform=where) if v == level])
        for level in range(1, 6)
    }  # fmt: skip
    got = [s for _, s in sorted(shapes_of(blank).items())]
    assert [g.symmetric_difference(w).area / w.area < 1e-3 for g, w in zip(got, want.values(), strict=True)] == [True] * 5  # fmt: skip


def test_suffixes_are_told() -> None:
    assert raster.SUFFIXES == (".asc", ".tif", ".tiff")
