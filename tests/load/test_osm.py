"""``civdef import osm``: hostile files, the workspace it leaves, and counts of real extracts."""

from __future__ import annotations

import bz2
import gzip
import json
import re
import sys
from pathlib import Path

import pytest

from civdef.errors import ImportRefusedError, UsageError
from civdef.intake.osm.communities import WHOLE
from civdef.load import load_workspace
from civdef.load.init import make_blank
from civdef.load.osm import OsmRequest, import_osm
from civdef.load.sources._osm import read_osm

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">'
TOWN = (
    HEAD
    + '<bounds minlat="28.499" minlon="122.999" maxlat="28.502" maxlon="123.003"/>'
    + "".join(
        f'<node id="{i}" lat="{lat}" lon="{lon}"/>'
        for i, (lon, lat) in enumerate(
            [(123.0, 28.5), (123.002, 28.5), (123.0005, 28.5002), (123.0008, 28.5002), (123.0008, 28.5005), (123.0005, 28.5005)],
            start=1,
        )
    )
    + '<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="清华路"/></way>'
    + '<way id="11"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/>'
    '<tag k="building" v="apartments"/><tag k="building:levels" v="6"/></way></osm>'
)  # fmt: skip


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    make_blank(tmp_path / "ws")
    return tmp_path / "ws"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "pack"),
    [("t.osm", bytes), ("t.osm.gz", gzip.compress), ("t.osm.bz2", bz2.compress), ("t.txt", bytes)],
)
def test_the_content_decides_what_a_file_is(tmp_path: Path, name: str, pack: object) -> None:
    extract = read_osm(write(tmp_path, name, pack(TOWN.encode())))  # type: ignore[operator]
    assert dict(extract.read) == {"nodes": 6, "ways": 2, "relations": 0}
    assert extract.ways[10].coords == ((123.0, 28.5), (123.002, 28.5))
    assert extract.bounds == (122.999, 28.499, 123.003, 28.502)


def test_the_order_of_objects_does_not_matter(tmp_path: Path) -> None:
    nodes = '<node id="1" lat="28.5" lon="123"/><node id="2" lat="28.5" lon="123.001"/>'
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>'
    first = read_osm(write(tmp_path, "a.osm", f"{HEAD}{nodes}{way}</osm>"))
    last = read_osm(write(tmp_path, "b.osm", f"{HEAD}{way}{nodes}</osm>"))
    assert first.ways == last.ways


def test_coordinates_that_overpass_writes_on_ways(tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="Overpass API">'
    box = '<bounds minlat="28.5" minlon="123.0" maxlat="28.5" maxlon="123.002"/>'
    way = (
        f'<way id="10">{box}<nd ref="1" lat="28.5" lon="123.0"/><nd ref="2" lat="28.5" lon="123.002"/>'
        '<tag k="highway" v="residential"/></way>'
    )
    relation = (
        f'<relation id="5">{box}<member type="way" ref="11" role="outer"><nd lat="28.5" lon="123"/><nd lat="28.6" lon="123"/>'
        '</member><member type="node" ref="7" lat="28.5" lon="123" role="label"/><tag k="building" v="yes"/></relation>'
    )
    extract = read_osm(write(tmp_path, "geom.osm", f"{head}{way}{relation}</osm>"))
    assert extract.ways[10].coords == ((123.0, 28.5), (123.002, 28.5))
    assert [m.id for m in extract.relations[5].members] == [11, 7]
    centre = f'{head}<node id="1" lat="28.5" lon="123"/><way id="4"><center lat="28.5" lon="123"/><nd ref="1"/></way></osm>'
    assert read_osm(write(tmp_path, "center.osm", centre)).ways[4].nodes == (1,)


def test_ids_of_any_size_and_deleted_objects(tmp_path: Path) -> None:
    big = 2**62
    text = (
        f'{HEAD}<node id="{big}" lat="28.5" lon="123"/><node id="-7" lat="28.5" lon="123.001"/>'
        f'<way id="-3"><nd ref="{big}"/><nd ref="-7"/><tag k="highway" v="service"/></way>'
        '<way id="4" visible="false"><nd ref="-7"/><tag k="highway" v="service"/></way></osm>'
    )
    extract = read_osm(write(tmp_path, "a.osm", text))
    assert list(extract.ways) == [-3]
    assert extract.ways[-3].complete


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "an empty file"),
        (b"   \n", "an empty file"),
        (b"PK\x03\x04rubbish", "ZIP"),
        (b'{"elements": []}', "JSON"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"<?xml version='1.0'?><graphml></graphml>", "GraphML"),
        (b"<kml></kml>", "KML"),
        (b"\x00\x01\x02\xff" * 50, "something else"),
        (TOWN[:600].encode(), "Cannot read"),
        (HEAD.encode() + b"</osm>", "nothing on the map"),
        (HEAD.encode() + b'<way id="1"><nd ref="9"/><tag k="highway" v="path"/></way></osm>', "nothing on the map"),
        (gzip.compress(TOWN.encode(), mtime=0)[:-20], "damaged"),
        (bz2.compress(TOWN.encode())[:-20], "damaged"),
        (gzip.compress(b"", mtime=0), "an empty file"),
        (b"\x1f\x8b\x08\x00rubbish", "damaged"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\xff\xff\xff\x7f", "Cannot read"),
        (HEAD.encode() + b'<node id="1" lat="91e9" lon="x"/></osm>', "Cannot read"),
        (HEAD.encode() + b'<node id="999999999999999999999" lat="1" lon="1"/></osm>', "Cannot read"),
        (b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6">&a;</osm>', "a.osm"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(blank: Path, tmp_path: Path, content: bytes, word: str) -> None:
    path = write(tmp_path, "a.osm", content)
    before = {p: p.read_bytes() for p in blank.rglob("*") if p.is_file()}
    with pytest.raises(ImportRefusedError) as caught:
        import_osm(blank, OsmRequest(path), "en")
    assert word in caught.value.message.en
    assert "a.osm" in caught.value.message.en
    assert "a.osm" in caught.value.message.zh
    assert {p: p.read_bytes() for p in blank.rglob("*") if p.is_file()} == before


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(ImportRefusedError, match="needs an extra") as caught:
        read_osm(write(tmp_path, "t.osm", TOWN))
    assert caught.value.hint is not None
    assert "civdef[gis]" in caught.value.hint.zh


def test_a_packed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civdef.load.sources._osm.MAX_PLAIN_BYTES", 1_000_000)
    bomb = TOWN.replace("</osm>", " " * 3_000_000 + "</osm>").encode()
    for name, pack in (("a.osm.gz", gzip.compress), ("a.osm.bz2", bz2.compress)):
        path = write(tmp_path, name, pack(bomb))
        assert path.stat().st_size < 10_000
        with pytest.raises(ImportRefusedError, match="too large"):
            read_osm(path)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match="no file"):
        read_osm(tmp_path / "none.osm")
    with pytest.raises(ImportRefusedError, match="is no file"):
        read_osm(tmp_path)


def test_a_blank_workspace_becomes_a_valid_one(blank: Path, tmp_path: Path) -> None:
    result = import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN), people=True), "en")
    workspace = load_workspace(blank)
    assert workspace.settings.metric_crs == workspace.crs == "EPSG:4550"
    assert list(workspace.roads) == ["road/w10"]
    assert list(workspace.communities) == ["community/extract"]
    (building,) = workspace.buildings.values()
    assert (building.id, building.floors, building.community) == ("building/w11", 6, "community/extract")
    expected = building.shape_m.area * 6 / 36.5
    assert workspace.residents == pytest.approx(expected, abs=0.5 + 1e-6)
    assert {p.target: (p.read, p.written) for p in result.parts}["buildings"] == (1, 1)
    settings = (blank / "civdef.toml").read_text(encoding="utf-8")
    assert settings.count("metric_crs") == 1
    assert workspace.settings.credit is not None
    assert "OpenStreetMap" in workspace.settings.credit.in_("en")
    assert workspace.settings.note is not None
    assert settings.count("#") > 5, "comments are kept"


def test_the_same_file_again_changes_nothing_and_gives_the_same_bytes(blank: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "t.osm", TOWN)
    import_osm(blank, OsmRequest(path), "zh")
    first = {p.name: p.read_bytes() for p in (blank / "maps").rglob("*.geojson")}
    again = import_osm(blank, OsmRequest(path), "zh")
    assert [p.differences for p in again.parts] == [[]] * len(again.parts)
    assert {p.name: p.read_bytes() for p in (blank / "maps").rglob("*.geojson")} == first
    import_osm(blank, OsmRequest(path, force=True), "zh")
    assert {p.name: p.read_bytes() for p in (blank / "maps").rglob("*.geojson")} == first


def test_communities_of_the_workspace_are_kept(blank: Path, tmp_path: Path) -> None:
    ring = [[122.9, 28.4], [123.1, 28.4], [123.1, 28.6], [122.9, 28.6], [122.9, 28.4]]
    feature = {
        "type": "Feature",
        "properties": {"id": "community/wanghai", "name_zh": "望海"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (blank / "maps/communities.geojson").write_text(text, encoding="utf-8")
    import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN)), "en")
    assert (blank / "maps/communities.geojson").read_text(encoding="utf-8") == text
    assert {b.community for b in load_workspace(blank).buildings.values()} == {"community/wanghai"}


def community(name: str, west: float, east: float) -> dict[str, object]:
    ring = [[west, 28.4], [east, 28.4], [east, 28.6], [west, 28.6], [west, 28.4]]
    properties = {"id": f"community/{name}", "name_zh": name}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_the_placeholder_goes_once_real_communities_are_there(blank: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "t.osm", TOWN)
    first = import_osm(blank, OsmRequest(path), "en")
    assert any("one community for now" in n for n in first.notes)
    shelter = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [123.0006, 28.5003]},
        "properties": {"id": "shelter/a", "name_zh": "甲", "class": "emergency", "hazards": ["earthquake"], "places": 9, "community": WHOLE},
    }  # fmt: skip
    far = {**shelter, "geometry": {"type": "Point", "coordinates": [123.0029, 28.5]}}
    far["properties"] = {**shelter["properties"], "id": "shelter/b", "remark": "乙"}  # type: ignore[dict-item]
    (blank / "maps/shelters.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [shelter, far]}), encoding="utf-8"
    )
    file = blank / "maps/communities.geojson"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["features"].append(community("wanghai", 122.9, 123.001))
    file.write_text(json.dumps(data), encoding="utf-8")
    second = import_osm(blank, OsmRequest(path), "en")
    assert any("placeholder community" in n for n in second.notes)
    features = {
        n: json.loads((blank / f"maps/{n}.geojson").read_text(encoding="utf-8"))["features"]
        for n in ("communities", "shelters", "buildings")
    }
    belongs = {
        f["properties"]["id"]: f["properties"].get("community")
        for n in ("shelters", "buildings")
        for f in features[n]
    }
    assert belongs == {
        "shelter/a": "community/wanghai",
        "shelter/b": None,
        "building/w11": "community/wanghai",
    }
    assert [f["properties"]["id"] for f in features["communities"]] == ["community/wanghai"]
    third = import_osm(blank, OsmRequest(path), "en")
    assert not third.notes or not any("placeholder" in n for n in third.notes)
    assert [p.differences for p in third.parts] == [[]] * len(third.parts)


def test_two_extracts_side_by_side_are_one_area(blank: Path, tmp_path: Path) -> None:
    import_osm(blank, OsmRequest(write(tmp_path, "west.osm", TOWN)), "en")
    east = TOWN.replace('lon="123.0', 'lon="123.1').replace(
        'minlon="122.999" maxlat="28.502" maxlon="123.003"',
        'minlon="123.099" maxlat="28.502" maxlon="123.103"',
    )
    east = re.sub(r'(id|ref)="(\d+)"', r'\1="9\2"', east)
    import_osm(blank, OsmRequest(write(tmp_path, "east.osm", east)), "en")
    workspace = load_workspace(blank)
    assert sorted(workspace.buildings) == ["building/w11", "building/w911"]
    (whole,) = workspace.communities.values()
    assert all(whole.shape.covers(b.shape) for b in workspace.buildings.values())


def test_a_new_edition_under_another_name(blank: Path, tmp_path: Path) -> None:
    import_osm(blank, OsmRequest(write(tmp_path, "2025.osm", TOWN), people=True), "en")
    new = TOWN.replace('<way id="11">', '<way id="12">').replace('lat="28.5005"', 'lat="28.5007"')
    kept = import_osm(blank, OsmRequest(write(tmp_path, "2026.osm", new)), "en")
    assert list(load_workspace(blank).buildings) == ["building/w11", "building/w12"]
    assert any("--update" in n for n in kept.notes)
    import_osm(blank, OsmRequest(write(tmp_path, "2026.osm", new), update=True), "en")
    workspace = load_workspace(blank)
    assert list(workspace.buildings) == ["building/w12"]
    assert list(workspace.roads) == ["road/w10"]
    only_roads = re.sub('<way id="12">.*?</way>', "", new)
    import_osm(blank, OsmRequest(write(tmp_path, "2027.osm", only_roads), update=True), "en")
    assert list(load_workspace(blank).buildings) == ["building/w12"], (
        "a layer that the file does not have is left alone"
    )


@pytest.mark.parametrize(
    "more",
    [
        'note = { zh = """\n# metric_crs = 1\n[totals]\n""" }\n',
        'languages = [\n"zh"\n]\r\n',
        "[walking]\n",
        'metric_crs = "EPSG:4550"\n[walking]\n',
    ],
)
def test_settings_of_any_shape_stay_readable(blank: Path, tmp_path: Path, more: str) -> None:
    head = 'name = { zh = "某街道" }\nas_of = 2026-01-01\n'
    (blank / "civdef.toml").write_text(head + more, encoding="utf-8-sig")
    before = load_workspace(blank).settings
    import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN), people=True), "en")
    after = load_workspace(blank).settings
    assert after.metric_crs == "EPSG:4550"
    assert after.credit is not None
    assert (after.note == before.note) is (before.note is not None)
    assert after.languages == before.languages


def test_estimates_stay_until_they_are_not_wanted(blank: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "t.osm", TOWN)
    first = import_osm(blank, OsmRequest(path), "en")
    assert any("--estimate-people" in n for n in first.notes)
    assert load_workspace(blank).residents == 0
    import_osm(blank, OsmRequest(path, people=True), "en")
    estimated = load_workspace(blank).residents
    assert estimated > 100
    import_osm(blank, OsmRequest(path), "en")
    assert load_workspace(blank).residents == estimated
    import_osm(blank, OsmRequest(path, people=False), "en")
    assert load_workspace(blank).residents == 0


def test_one_layer_alone(blank: Path, tmp_path: Path) -> None:
    result = import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN), layers=("roads",)), "en")
    assert [p.target for p in result.parts] == ["roads"]
    assert not load_workspace(blank).buildings


def test_a_crs_that_does_not_fit_is_refused(blank: Path, tmp_path: Path) -> None:
    settings = blank / "civdef.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('# metric_crs = "EPSG:4547"', 'metric_crs = "EPSG:32635"'), encoding="utf-8")  # fmt: skip
    with pytest.raises(ImportRefusedError, match="not meant for this place"):
        import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN)), "en")
    settings.write_text("name = ", encoding="utf-8")
    with pytest.raises(UsageError, match=r"civdef\.toml"):
        import_osm(blank, OsmRequest(write(tmp_path, "t.osm", TOWN)), "en")


@pytest.mark.real_data
@pytest.mark.parametrize(
    "file",
    [
        "beijing_tsinghua_full.osm", "helsinki_center.osm.pbf", "shanghai_huangpu_roads.osm", "west_oakland.osm.bz2",
        "osm_tiny_with_multipolygons.osm",
    ],
)  # fmt: skip
def test_counts_of_real_extracts_agree(real_data: Path, blank: Path, file: str) -> None:
    known = json.loads((real_data / "COUNTS.json").read_text(encoding="utf-8"))["networks"][
        f"networks/{file}"
    ]
    extract = read_osm(real_data / "networks" / file)
    assert dict(extract.read) == {k: known[k] for k in ("nodes", "ways", "relations")}
    result = import_osm(blank, OsmRequest(real_data / "networks" / file), "en")
    parts = {p.target: p for p in result.parts}
    assert parts["roads"].read == known["highway_ways"]
    assert sum("building" in w.tags for w in extract.ways.values()) == known["buildings"]
    if "buildings" in parts:
        tagged = sum(
            "building" in item.tags
            for item in (*extract.nodes, *extract.ways.values(), *extract.relations.values())
        )
        assert parts["buildings"].read == tagged
        assert parts["buildings"].read == parts["buildings"].written + parts["buildings"].dropped
    workspace = load_workspace(blank)
    assert len(workspace.roads) == parts["roads"].written
    before = {p: p.read_bytes() for p in (blank / "maps").rglob("*.geojson")}
    again = import_osm(blank, OsmRequest(real_data / "networks" / file), "zh")
    assert [d for p in again.parts for d in p.differences] == []
    assert {p: p.read_bytes() for p in (blank / "maps").rglob("*.geojson")} == before


@pytest.mark.real_data
def test_a_processed_network_is_refused_with_the_reason(real_data: Path, blank: Path) -> None:
    with pytest.raises(ImportRefusedError, match="GraphML"):
        import_osm(blank, OsmRequest(real_data / "networks/tiny_short.graphml"), "en")
