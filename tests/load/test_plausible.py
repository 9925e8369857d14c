"""``civdef check`` on layers in the wrong coordinate system: what it says, and that what it says to do puts it right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from civdef import registry
from civdef.errors import ImportRefusedError
from civdef.intake.datum import evidence, offsets
from civdef.load.check import check
from civdef.load.imports import Request, run_import
from civdef.load.init import make_blank, make_sample
from civdef.load.plausible import LAYERS
from tests.intake.datum.towns import SHIFTS, grid_town, moved


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "ws"
    make_sample(root)
    return root


def shifted(source: Path, target: Path) -> Path:
    """Write a layer as a web map would have it."""
    data = json.loads(source.read_text(encoding="utf-8"))
    for feature in data["features"]:
        shape = shapely.transform(
            shapely.geometry.shape(feature["geometry"]),
            lambda p: np.column_stack(offsets.gcj02_from_wgs84(p[:, 0], p[:, 1])),
        )
        feature["geometry"] = shapely.geometry.mapping(shape)
    target.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return target


def test_the_sample_fits_and_the_limit_of_that_is_said(sample: Path) -> None:
    result, _ = check(sample, "zh")
    assert result.layers is not None
    assert (result.ok, result.layers.verdict, result.layers.suspects) == (True, "agree", [])
    assert {"roads", "buildings", "communities"} <= set(result.layers.fitting[0])
    assert result.layers.message is not None
    assert "偏得一样，这里看不出来" in result.layers.message


def test_a_web_maps_buildings_are_named_and_the_advice_puts_them_right(sample: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    shutil.copytree(sample, root)
    file = shifted(root / "maps/buildings.geojson", tmp_path / "房屋.geojson")
    told = run_import(root, Request("buildings", file, None, {}, {}, force=True), "zh")
    assert "civdef import buildings 文件 --crs gcj02" in told.notes[0]
    result, faults = check(root, "zh")
    assert result.layers is not None
    (suspect,) = result.layers.suspects
    assert (suspect.layers, suspect.system, suspect.declared) == (
        ["buildings"],
        "gcj02",
        {"buildings": "EPSG:4326"},
    )
    assert "civdef import buildings 文件 --crs gcj02" in suspect.fix
    assert not result.ok
    assert "房屋" in suspect.message
    before = json.loads((sample / "maps/buildings.geojson").read_text("utf-8"))["features"]
    told = run_import(root, Request("buildings", file, None, {}, {}, crs="gcj02"), "zh")
    assert not any("--crs" in n for n in told.notes)
    result, faults = check(root, "en")
    assert result.layers is not None
    assert (faults, result.layers.verdict, result.ok) == ([], "agree", True)
    after = json.loads((root / "maps/buildings.geojson").read_text("utf-8"))["features"]
    there = {f["properties"]["id"]: shapely.geometry.shape(f["geometry"]) for f in before}
    assert len(after) == len(before)
    for f in after:
        apart = shapely.geometry.shape(f["geometry"]).hausdorff_distance(there[f["properties"]["id"]])
        assert apart < 2.5e-7  # two roundings to seven decimals


def test_a_projected_file_cannot_simply_be_declared_anew(sample: Path, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    shutil.copytree(sample, root)
    shifted(root / "maps/buildings.geojson", root / "maps/buildings.geojson")
    with (root / "civdef.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[layers.buildings]\ncrs = "EPSG:4549"\nsource = "b.shp"\n')
    result, _ = check(root, "en")
    assert result.layers is not None
    assert "plain CGCS2000" in result.layers.suspects[0].fix


def test_an_empty_workspace_says_nothing_of_layers(tmp_path: Path) -> None:
    make_blank(tmp_path / "ws")
    result, _ = check(tmp_path / "ws", "zh")
    assert result.layers is not None
    assert (result.ok, result.layers.message, result.layers.verdict) == (True, None, "unknown")


def test_every_layer_that_is_compared_has_a_name_and_an_import() -> None:
    compared = {n for k in evidence.KINDS for n in (k.points, k.other)}
    assert compared <= set(LAYERS)
    assert compared <= set(registry.names("civdef.cli.imports"))


def test_where_nothing_is_left_because_of_the_datum_the_refusal_says_so(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    make_blank(root)
    town = grid_town(6)
    town["buildings"] = moved(town["buildings"], SHIFTS["bd09"])
    for layer in ("communities", "roads"):
        gpd.GeoDataFrame({"名称": ["甲"] * len(town[layer])}, geometry=town[layer], crs=4326).to_file(
            tmp_path / f"{layer}.geojson"
        )
        run_import(root, Request(layer, tmp_path / f"{layer}.geojson", None, {}, {}), "zh")
    gpd.GeoDataFrame({"层数": [6] * len(town["buildings"])}, geometry=town["buildings"], crs=4326).to_file(
        tmp_path / "b.geojson"
    )
    with pytest.raises(ImportRefusedError) as refused:
        run_import(root, Request("buildings", tmp_path / "b.geojson", None, {}, {}), "zh")
    said = "".join(refused.value.lines("zh"))
    assert "一个也不能用" in said
    assert "civdef import buildings 文件 --crs bd09" in said
