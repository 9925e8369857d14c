"""The toy workspace loads; and every fault planted in it is found at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civdef.errors import UsageError, WorkspaceError
from civdef.load import find_root, load_workspace, read_workspace
from tests import toy_town


def faults(tmp_path: Path, changed: dict[str, str | None]) -> list[tuple[str, str, int | None, int | None]]:
    """Return (code, file, line, column) of every fault of a changed toy workspace."""
    toy_town.write(tmp_path, changed)
    _, found = read_workspace(tmp_path)
    return [(f.code, f.place.file, f.place.line, f.place.column) for f in found]


def test_toy_town_loads_whole(tmp_path: Path) -> None:
    ws = load_workspace(toy_town.write(tmp_path))
    assert list(ws.buildings) == ["building/h1", "building/h2", "building/h3", "building/h4"]
    assert ws.residents == 14
    assert ws.headquarters is not None
    assert ws.headquarters.commanders == ("post/commander",)
    assert ws.plans["plan/toy"].task("warn").where == ("community/toy",)
    assert ws.texts[("plan/toy", "zh")].clauses["4.3"].heading == "疏散"
    assert ws.crs == "EPSG:4550"
    assert ws.area_m is not None
    assert ws.area_m.area == pytest.approx(240 * 240, rel=1e-6)


def test_every_object_knows_its_line(tmp_path: Path) -> None:
    ws = load_workspace(toy_town.write(tmp_path))
    place = ws.place("person/bo")
    assert place is not None
    assert (place.file, place.line, place.row) == ("plans/roster.csv", 3, 2)
    task = ws.place("plan/toy", ("tasks", 1, "channel"))
    assert task is not None
    line = toy_town.PLAN.splitlines()[task.line - 1] if task.line else ""
    assert line.strip() == "channel: channel/phone"
    building = ws.place("building/h3")
    assert building is not None
    assert (building.line, building.feature) == (4, 2)


def test_all_faults_are_collected_not_the_first_only(tmp_path: Path) -> None:
    roster = toy_town.ROSTER.replace("office/toy,10,5\nperson/bo", "office/toi,ten,5\nperson/bo", 1)
    plan = toy_town.PLAN.replace("action: warn", "action: warm").replace("after: [call]", "after: [cal]")
    found = faults(tmp_path, {"plans/roster.csv": roster, "plans/contingency/toy.yaml": plan})
    codes = {(c, f) for c, f, _, _ in found}
    assert ("float-parsing", "plans/roster.csv") in codes
    assert ("enum", "plans/contingency/toy.yaml") in codes


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("plans/contingency/toy.yaml", "after: [call]", "after: [cal]", "dangling-reference"),
        ("plans/contingency/toy.yaml", "who: team/toy", "who: team/toys", "dangling-reference"),
        ("plans/contingency/toy.yaml", "who: team/toy", "who: channel/phone", "wrong-kind-of-reference"),
        ("plans/contingency/toy.yaml", "issued: 2026-01-05", "issued: 2026-02-30", "date-from-datetime-parsing"),
        ("plans/contingency/toy.yaml", "issued: 2026-01-05", "issued: 2026-13-05", "date-from-datetime-parsing"),
        ("plans/contingency/toy.yaml", "duration_min: 3", "duration_min: [3, 2, 1]", "value-error"),
        ("plans/contingency/toy.yaml", "lead: group/evacuation", "leed: group/evacuation", "extra-forbidden"),
        ("plans/contingency/toy.yaml", "hazards: [earthquake]", "hazards: [earthquack]", "dangling-reference"),
        ("plans/contingency/toy.yaml", "zh: toy.zh.md", "zh: toi.zh.md", "missing-file"),
        ("plans/contingency/toy.yaml", "kind: contingency", "kind: contingency\nkind: general", "duplicate-key"),
        ("plans/contingency/toy.yaml", "who: team/toy", "who: *team", "yaml-alias"),
        ("plans/contingency/toy.yaml", "who: team/toy", "who: !!python/name:os.system team/toy", "yaml-tag"),
        ("plans/contingency/toy.yaml", "evacuation:", "evacuation: [", "yaml-syntax"),
        ("plans/organisation.yaml", "leader: person/chen", "leader: person/chan", "dangling-reference"),
        ("plans/organisation.yaml", "teams:", "team:", "extra-forbidden"),
        ("plans/roster.csv", "person/bo,薄", "person/an,薄", "duplicate-id"),
        ("plans/roster.csv", "19900000002,office/toy,10,5", "19900000002,office/toy,10", "row-length"),
        ("plans/households.csv", "building/h3,5", "building/h9,5", "dangling-reference"),
        ("plans/households.csv", "building/h3,5,0,0", "building/h3,5,4,4", "value-error"),
        ("plans/households.csv", "residents", "residentes", "extra-forbidden"),
        ("civdef.toml", "as_of = 2026-11-01", "as_of = 2026-11-31", "toml-syntax"),
        ("civdef.toml", "EPSG:4550", "EPSG:4326", "wrong-crs"),
        ("civdef.toml", "EPSG:4550", "EPSG:2000000", "wrong-crs"),
        ("civdef.toml", "EPSG:4550", "EPSG:4534", "wrong-crs"),
        ("civdef.toml", "fictional = true", "ficional = true", "extra-forbidden"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_at_its_line(
    tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    text = toy_town.files()[file]
    assert old in text
    changed = text.replace(old, new, 1)
    found = faults(tmp_path, {file: changed})
    lines = [n for c, f, n, _ in found if (c, f) == (code, file)]
    assert lines, found
    if code != "yaml-syntax":
        place = next(i for i, row in enumerate(changed.splitlines(), 1) if new.splitlines()[-1] in row)
        assert lines[0] == place


def layer(file: str, index: int, **change: object) -> dict[str, str | None]:
    """Return a layer of the toy town with one feature changed."""
    features = toy_town.maps()[file]
    features[index] = {**features[index], **change}
    return {file: toy_town.collection(features)}


def test_shapes_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    file = "maps/buildings.geojson"
    bow_tie = toy_town.feature("Polygon", [[(0, 105), (10, 115), (10, 105), (0, 115), (0, 105)]])["geometry"]
    cases = {
        "no-geometry": None,
        "wrong-geometry": {"type": "Point", "coordinates": toy_town.lonlat(0, 0)},
        "empty-geometry": {"type": "Polygon", "coordinates": []},
        "not-lon-lat": {
            "type": "Polygon",
            "coordinates": [[[5e5, 3e6], [5e5 + 1, 3e6], [5e5, 3e6 + 1], [5e5, 3e6]]],
        },
        "invalid-geometry": bow_tie,
        "bad-geometry": {"type": "Polygon", "coordinates": [[["x", 1], [2, 3], [4, 5], ["x", 1]]]},
    }
    flat = [
        {"type": "Polygon", "coordinates": c} for c in ([[1, 2], [3, 4]], [[[1, 2]]], 5, [[[1], [2], [3]]])
    ]
    for geometry in flat:
        with pytest.raises(WorkspaceError) as caught:
            load_workspace(toy_town.write(tmp_path / "flat", layer(file, 0, geometry=geometry)))
        (fault,) = caught.value.faults
        assert fault.code == "bad-geometry"
        assert "coordinates 不是 Polygon 应有的写法" in fault.message.zh
        assert "its coordinates are not those of a Polygon" in fault.message.en
    for code, geometry in cases.items():
        found = faults(tmp_path, layer(file, 0, geometry=geometry))
        assert (code, file, 2, None) in found, code


def test_a_shape_far_from_the_street_is_named(tmp_path: Path) -> None:
    far = toy_town.feature("Polygon", toy_town.square(5000, 5000))["geometry"]
    found = faults(tmp_path, layer("maps/buildings.geojson", 0, geometry=far))
    assert found == [("outside-the-street", "maps/buildings.geojson", 2, None)]


def test_a_layer_in_another_crs_is_refused(tmp_path: Path) -> None:
    data = json.loads(toy_town.files()["maps/roads.geojson"])
    data["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    assert ("wrong-crs", "maps/roads.geojson", 1, None) in faults(
        tmp_path, {"maps/roads.geojson": json.dumps(data)}
    )


def test_a_required_file_that_is_missing_is_a_fault_and_an_empty_one_is_data(tmp_path: Path) -> None:
    assert faults(tmp_path / "a", {"maps/shelters.geojson": None, "maps/entrances.geojson": None}) == [
        ("missing-file", "maps/shelters.geojson", None, None)
    ]
    empty = toy_town.collection([])
    assert faults(tmp_path / "b", {"maps/shelters.geojson": empty, "maps/entrances.geojson": empty}) == []


@pytest.mark.parametrize(
    "file", ["civdef.toml", "plans/organisation.yaml", "plans/roster.csv", "maps/roads.geojson", "plans/contingency/toy.yaml"]
)  # fmt: skip
@pytest.mark.parametrize(
    "rubbish",
    [b"", b"\xff\xfe\x00", b"\x00" * 50, b"{[", b'"', b"\xed\xa0\x80", b"- [", b"a: b: c", b"[[[[" * 5000],
)
def test_rubbish_in_any_file_gives_faults_that_name_it(tmp_path: Path, file: str, rubbish: bytes) -> None:
    toy_town.write(tmp_path)
    (tmp_path / file).write_bytes(rubbish)
    _, found = read_workspace(tmp_path)
    if file == "plans/contingency/toy.yaml" and rubbish == b"":
        return  # an empty plan file holds no plan
    assert found, "rubbish was read without a word"
    if rubbish or file != "plans/organisation.yaml":
        assert any(f.place.file == file for f in found)
    for fault in found:
        assert fault.line("zh")
        assert fault.line("en")


def test_the_root_is_found_from_a_folder_below_and_missed_elsewhere(tmp_path: Path) -> None:
    toy_town.write(tmp_path / "ws")
    assert find_root(tmp_path / "ws" / "plans" / "contingency") == (tmp_path / "ws").resolve()
    with pytest.raises(UsageError):
        find_root(tmp_path)


def test_the_error_carries_every_fault_in_both_languages(tmp_path: Path) -> None:
    toy_town.write(tmp_path, {"maps/roads.geojson": None, "maps/buildings.geojson": None})
    with pytest.raises(WorkspaceError) as caught:
        load_workspace(tmp_path)
    assert len(caught.value.faults) >= 2
    assert caught.value.exit_code == 2
    assert "maps/roads.geojson" in "\n".join(caught.value.lines("zh"))
    assert "The file is missing" in "\n".join(caught.value.lines("en"))


def test_a_broken_object_is_reported_once_not_by_everything_that_names_it(tmp_path: Path) -> None:
    roster = toy_town.ROSTER.replace("19900000003,office/toy,10,5", "19900000003,office/toy,ten,5")
    assert [c for c, _, _, _ in faults(tmp_path / "a", {"plans/roster.csv": roster})] == ["float-parsing"]
    found = faults(tmp_path / "b", {"plans/contingency/toy.yaml": "id: [", "drills/toy.yaml": toy_town.DRILL})
    assert {f for _, f, _, _ in found} == {"plans/contingency/toy.yaml"}


def test_a_folder_or_a_broken_link_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    toy_town.write(tmp_path, {"plans/roster.csv": None})
    (tmp_path / "plans/roster.csv").mkdir()
    (tmp_path / "drills").mkdir()
    (tmp_path / "drills/toy.yaml").symlink_to("toy.yaml")
    _, found = read_workspace(tmp_path)
    named = {f.place.file for f in found if f.code == "not-a-file"}
    assert named == {"plans/roster.csv", "drills/toy.yaml"}
