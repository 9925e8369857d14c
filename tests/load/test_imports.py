"""Importing: what is read, mended, left out and refused; nothing is overwritten unasked."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from civdef.errors import ImportRefusedError, UsageError
from civdef.load import load_workspace
from civdef.load.imports import Request, run_import
from civdef.load.init import make_blank
from tests import toy_town

AREA = shapely.box(123.0, 28.5, 123.01, 28.51)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    make_blank(tmp_path / "ws")
    return tmp_path / "ws"


def gpkg(path: Path, rows: list[dict[str, Any]], shapes: list[Any], crs: str | None = "EPSG:4326") -> Path:
    """Write a GeoPackage (or what the suffix says)."""
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=crs)
    frame.to_file(path, layer="layer") if path.suffix == ".gpkg" else frame.to_file(path)
    return path


def request(target: str, path: Path, **more: Any) -> Request:
    """Return a request with defaults."""
    return Request(target, path, None, more.pop("mapping", {}), more.pop("constants", {}), **more)


def features(root: Path, file: str) -> list[dict[str, Any]]:
    """Return the features of a written layer."""
    found: list[dict[str, Any]] = json.loads((root / file).read_text(encoding="utf-8"))["features"]
    return found


def communities(root: Path, tmp_path: Path) -> None:
    """Give the workspace one community."""
    path = gpkg(tmp_path / "c.gpkg", [{"N": "望海", "NO": 7}], [AREA])
    run_import(root, request("communities", path, mapping={"name": "{N}社区{NO}"}), "en")


def test_a_template_joins_columns_and_script_decides_the_language(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    assert features(blank, "maps/communities.geojson")[0]["properties"] == {
        "id": "community/c001",
        "name_zh": "望海社区7",
    }


def test_streets_get_kind_width_and_direction_and_each_change_is_told(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    line = shapely.LineString([(123.001, 28.501), (123.002, 28.501)])
    rows: list[dict[str, Any]] = [
        {"T": "primary_link", "O": "yes", "N": "A"},
        {"T": "footway", "O": None, "N": "B"},
        {"T": "motorway", "O": "-1", "N": "C"},
        {"T": "hoverway", "O": None, "N": "D"},
        {"T": "construction", "O": None, "N": "E"},
        {"T": "residential", "O": None, "N": "F"},
    ]
    shapes = [line, line, line, line, line, shapely.LineString([(123.001, 28.501), (123.001, 28.501)])]
    path = gpkg(tmp_path / "r.gpkg", rows, shapes)
    mapping = {"kind": "T", "oneway": "O", "name": "N"}
    result = run_import(blank, request("roads", path, mapping=mapping, repair=False), "en")
    assert (result.read, result.written, result.repaired, result.dropped) == (6, 4, 1, 2)
    got = {f["properties"]["name_en"]: f["properties"] for f in features(blank, "maps/roads.geojson")}
    assert (got["A"]["kind"], got["A"]["drive"], got["A"]["width_m"]) == ("primary", "forward", 8.0)
    assert (got["B"]["kind"], got["B"]["drive"]) == ("footway", "none")
    assert (got["C"]["walk"], got["C"]["drive"]) == (False, "backward")
    assert got["D"]["kind"] == "residential"
    with (blank / "out/import-roads.csv").open(encoding="utf-8-sig") as stream:
        told = [(int(r["行 row"]), r["处理 action"].split()[1]) for r in csv.DictReader(stream)]
    assert told == [(4, "repaired"), (5, "dropped"), (6, "dropped")]
    load_workspace(blank)


def test_buildings_are_mended_measured_and_put_in_their_community(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    house = shapely.box(123.001, 28.501, 123.0012, 28.5012)
    bow_tie = shapely.Polygon(
        [(123.002, 28.501), (123.0022, 28.5012), (123.0022, 28.501), (123.002, 28.5012)]
    )
    shapes = [
        house,
        bow_tie,
        AREA,
        shapely.box(123.5, 28.5, 123.5002, 28.5002),
        None,
        shapely.Point(123.001, 28.501),
    ]
    path = gpkg(tmp_path / "b.gpkg", [{"bid": i} for i in range(1, 7)], shapes)
    result = run_import(blank, request("buildings", path, mapping={"id": "bid"}), "en")
    assert (result.read, result.written, result.repaired, result.dropped) == (6, 2, 1, 4)
    assert [f["properties"]["id"] for f in features(blank, "maps/buildings.geojson")] == [
        "building/1",
        "building/2",
    ]
    assert {c.row for c in result.changes if c.action == "dropped"} == {3, 4, 5, 6}
    load_workspace(blank)


def test_a_projected_layer_lands_where_it_belongs(blank: Path, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame([{"N": "A"}], geometry=[AREA], crs="EPSG:4326").to_crs("EPSG:4550")
    frame.to_file(tmp_path / "p.gpkg", layer="layer")
    result = run_import(blank, request("communities", tmp_path / "p.gpkg", mapping={"name": "N"}), "en")
    assert "4550" in result.crs
    back = shapely.geometry.shape(features(blank, "maps/communities.geojson")[0]["geometry"])
    assert back.hausdorff_distance(AREA) < 2e-7


def test_what_no_import_brought_is_not_touched_unasked(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    lock = blank / ".imported/maps/communities.geojson.json"
    lock.unlink()
    before = (blank / "maps/communities.geojson").read_bytes()
    path = gpkg(tmp_path / "d.gpkg", [{"N": "other"}], [AREA])
    with pytest.raises(ImportRefusedError, match="already has data"):
        run_import(blank, request("communities", path, mapping={"name": "N"}), "en")
    assert (blank / "maps/communities.geojson").read_bytes() == before
    run_import(blank, request("communities", path, mapping={"name": "N"}, force=True), "en")
    assert (blank / "maps/communities.geojson").read_bytes() != before
    assert lock.is_file()


def test_what_cannot_be_read_is_refused_with_a_reason(blank: Path, tmp_path: Path) -> None:
    good = gpkg(tmp_path / "g.gpkg", [{"N": "x"}], [AREA])
    (tmp_path / "bad.gpkg").write_bytes(good.read_bytes()[:300])
    (tmp_path / "bad.geojson").write_text("{", encoding="utf-8")
    (tmp_path / "x.dwg").write_bytes(b"AC1032")
    for path, words in (
        (tmp_path / "none.gpkg", "no file"),
        (tmp_path / "bad.gpkg", "Cannot read"),
        (tmp_path / "bad.geojson", "Cannot read"),
        (tmp_path / "x.dwg", "Unknown file format"),
    ):
        with pytest.raises(ImportRefusedError, match=words):
            run_import(blank, request("communities", path), "en")
    with pytest.raises(ImportRefusedError, match="no column"):
        run_import(blank, request("communities", good, mapping={"name": "M"}), "en")
    with pytest.raises(UsageError, match="no field"):
        run_import(blank, request("communities", good, mapping={"nam": "N"}), "en")
    with pytest.raises(ImportRefusedError, match="no layer"):
        run_import(blank, Request("communities", good, "roads", {}, {}), "en")
    with pytest.warns(UserWarning, match="crs"):
        bare = gpkg(tmp_path / "bare.gpkg", [{"N": "x"}], [shapely.box(0, 0, 5, 5)], crs=None)
    with pytest.raises(ImportRefusedError, match="does not say"):
        run_import(blank, request("communities", bare), "en")
    with pytest.raises(ImportRefusedError, match="There must be communities"):
        run_import(blank, request("buildings", good), "en")
    assert features(blank, "maps/communities.geojson") == []


def test_a_shelter_without_places_is_left_out(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    spot = AREA.centroid
    path = gpkg(
        tmp_path / "s.gpkg", [{"P": 100, "N": "A"}, {"P": None, "N": "B"}, {"P": -1, "N": "C"}], [spot] * 3
    )
    mapping, constants = {"places": "P", "name": "N"}, {"class": "emergency", "hazards": "earthquake;flood"}
    result = run_import(blank, request("shelters", path, mapping=mapping, constants=constants), "en")
    assert (result.written, result.dropped) == (1, 2)
    shelter = load_workspace(blank).shelters["shelter/a"]
    assert (shelter.places.whole, shelter.hazards) == (100, ("earthquake", "flood"))


def test_names_that_look_like_formulas_stay_text_in_the_report(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    line = shapely.LineString([(123.001, 28.501), (123.002, 28.501)])
    path = gpkg(tmp_path / "r.gpkg", [{"T": "=cmd|calc"}], [line])
    run_import(blank, request("roads", path, mapping={"kind": "T"}), "zh")
    assert "\n=" not in (blank / "out/import-roads.csv").read_text(encoding="utf-8-sig")


def test_a_layer_of_which_nothing_can_be_used_replaces_nothing(blank: Path, tmp_path: Path) -> None:
    communities(blank, tmp_path)
    before = (blank / "maps/communities.geojson").read_bytes()
    lines = gpkg(tmp_path / "l.gpkg", [{"N": "x"}], [shapely.LineString([(123.0, 28.5), (123.01, 28.5)])])
    with pytest.raises(ImportRefusedError) as refused:
        run_import(blank, request("communities", lines, mapping={"name": "N"}, force=True), "en")
    assert "nothing was changed" in "\n".join(refused.value.lines("en"))
    assert (blank / "maps/communities.geojson").read_bytes() == before


def test_civdefs_own_layers_come_back_without_any_mapping(blank: Path, tmp_path: Path) -> None:
    town = load_workspace(toy_town.write(tmp_path / "toy"))
    for target in ("communities", "roads", "buildings", "shelters"):
        result = run_import(blank, request(target, tmp_path / "toy" / f"maps/{target}.geojson"), "en")
        assert (result.dropped, result.repaired) == (0, 0), target
    back = load_workspace(blank)
    for name in ("communities", "roads", "buildings", "shelters"):
        old, new = getattr(town, name), getattr(back, name)
        assert {o.name for o in old.values()} == {n.name for n in new.values()}, name
    assert {s.hazards for s in back.shelters.values()} == {s.hazards for s in town.shelters.values()}
    assert {s.places.whole for s in back.shelters.values()} == {10, 6}


def test_unknown_places_are_estimated_from_the_area_or_asked_for(blank: Path, tmp_path: Path) -> None:
    def shelter(name: str, **columns: object) -> dict[str, object]:
        return {
            "type": "Feature",
            "properties": {"P20_002": name, "P20_005": -1, "P20_006": -1, **columns},
            "geometry": {"type": "Point", "coordinates": [140.5, 36.3]},
        }

    def file(*features: dict[str, object]) -> Path:
        path = tmp_path / "p20.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    with pytest.raises(ImportRefusedError) as refused:
        run_import(blank, request("shelters", file(shelter("学校"))), "en")
    assert "--set places=N" in refused.value.message.en
    assert "--set places=人数" in refused.value.message.zh
    path = file(shelter("广场", P20_006=1001.5), shelter("学校"), shelter("公园", P20_005=80, P20_006=500))
    result = run_import(blank, request("shelters", path, constants={"class": "short_term"}), "en")
    assert (result.written, result.dropped, result.repaired) == (2, 1, 1)
    assert any("estimated at 500 from 1,002 m², 2 m² for each person" in c.reason for c in result.changes)
    found = {s.name.in_("zh"): s for s in load_workspace(blank).shelters.values()}
    assert (found["广场"].places.whole, found["广场"].estimated) == (500, True)
    assert (found["公园"].places.whole, found["公园"].estimated) == (80, False)
