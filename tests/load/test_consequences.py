"""A broken file is named once; what merely follows from it is not told a thousand times."""

from __future__ import annotations

from pathlib import Path

import pytest

from civdef.errors import Fault, WorkspaceError
from civdef.load import load_workspace, read_workspace
from civdef.source import Place
from civdef.text import Text
from tests import toy_town


def faults(tmp_path: Path, changed: dict[str, str | None]) -> list[Fault]:
    """Return every fault of a changed toy workspace."""
    toy_town.write(tmp_path, changed)
    return read_workspace(tmp_path)[1]


@pytest.mark.parametrize(
    "file",
    [
        "maps/communities.geojson",
        "maps/buildings.geojson",
        "maps/shelters.geojson",
        "plans/organisation.yaml",
    ],
)
@pytest.mark.parametrize("text", [None, "{"])
def test_a_file_that_cannot_be_read_is_the_only_fault(tmp_path: Path, file: str, text: str | None) -> None:
    toy_town.write(tmp_path, {})
    if text is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert {f.place.file for f in read_workspace(tmp_path)[1]} == {file}


def test_an_object_refused_for_its_own_fault_is_not_called_missing(tmp_path: Path) -> None:
    text = toy_town.files()["plans/roster.csv"].replace(
        "office/toy,10,5\nperson/bo", "office/toy,ten,5\nperson/bo", 1
    )
    found = faults(tmp_path, {"plans/roster.csv": text})
    assert [(f.code, f.place.line) for f in found] == [("float-parsing", 2)]


def test_a_table_that_is_not_there_is_one_fault_and_says_how_many_ask_for_it(tmp_path: Path) -> None:
    toy_town.write(tmp_path, {})
    (tmp_path / "plans/roster.csv").unlink()
    found = read_workspace(tmp_path)[1]
    assert [(f.code, f.place.file) for f in found] == [("dangling-reference", "plans/roster.csv")]
    assert "person/" in found[0].message.zh
    assert found[0].message.zh != found[0].message.en


def test_a_plain_slip_is_still_found_beside_a_broken_file(tmp_path: Path) -> None:
    plan = toy_town.PLAN.replace("who: team/toy", "who: team/toys")
    found = faults(tmp_path, {"maps/shelters.geojson": "{", "plans/contingency/toy.yaml": plan})
    assert {(f.code, f.place.file) for f in found} >= {("dangling-reference", "plans/contingency/toy.yaml")}


@pytest.mark.parametrize("places", [-5, 1e308])
def test_a_number_of_places_that_cannot_be_is_refused(tmp_path: Path, places: float) -> None:
    features = toy_town.maps()["maps/shelters.geojson"]
    features[0]["properties"]["places"] = places
    found = faults(tmp_path, {"maps/shelters.geojson": toy_town.collection(features)})
    assert {(f.place.file, f.place.line) for f in found} == {("maps/shelters.geojson", 2)}


@pytest.mark.parametrize("start", ["9999-12-31T23:59:59", "0001-01-01T00:00:00"])
def test_a_year_that_is_a_slip_of_the_pen_is_refused(tmp_path: Path, start: str) -> None:
    drill = toy_town.DRILL.replace(toy_town.DRILL.split("start: ")[1].split("\n")[0], start)
    found = faults(tmp_path, {"drills/toy.yaml": drill})
    assert [f.place.file for f in found] == ["drills/toy.yaml"]
    assert "1900" in found[0].message.zh
    assert "1900" in found[0].message.en


def test_a_walking_speed_that_nobody_walks_is_refused(tmp_path: Path) -> None:
    """A run with it would not end within a day."""
    found = faults(
        tmp_path, {"civdef.toml": toy_town.SETTINGS + "[walking]\nadult = 1e-9\nsource = 'slip'\n"}
    )
    assert [f.place.file for f in found] == ["civdef.toml"]


def test_what_is_allowed_is_listed_without_english_words_between(tmp_path: Path) -> None:
    plan = toy_town.PLAN.replace("action: warn", "action: warm")
    allowed = [f.allowed for f in faults(tmp_path, {"plans/contingency/toy.yaml": plan})]
    assert allowed[0] is not None
    assert " or " not in allowed[0].zh


def test_other_commands_than_check_print_the_first_faults_only(tmp_path: Path) -> None:
    many = [Fault("x", Place("plans/roster.csv", i), Text("错", "wrong")) for i in range(100)]
    error = WorkspaceError(Text("坏", "bad"), many)
    for lang, words in (("zh", "另有 60 处"), ("en", "60 more")):
        lines = error.lines(lang)  # type: ignore[arg-type]
        assert len(lines) == 42
        assert words in lines[-1]
    toy_town.write(tmp_path, {"civdef.toml": "name = {"})
    with pytest.raises(WorkspaceError):
        load_workspace(tmp_path)
