"""``civdef import repair``: told before it is done, done once, and what plans name stays."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import shapely

from civdef.cli import main
from civdef.errors import WorkspaceError
from civdef.intake.osm.streets import streets
from civdef.intake.osm.town import extent
from civdef.intake.repair import repair_streets
from civdef.load.imported import ImportResult
from civdef.load.imports import Request, run_import
from civdef.load.init import make_blank
from civdef.load.sources._osm import read_osm
from civdef.load.street_repair import ROADS, repair_workspace
from civdef.load.write_layer import layer_text
from civdef.model.settings import StreetRepair
from tests import toy_town

LON, LAT = 123.0, 28.5


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    """Run the command line and return exit code and standard output."""
    with pytest.raises(SystemExit) as left:
        main([*args, "--lang", "zh"])
    return int(left.value.code or 0), capsys.readouterr().out


def feature(
    name: str, *points: tuple[float, float], **more: Any
) -> tuple[dict[str, Any], shapely.LineString]:
    line = shapely.LineString([(round(LON + x * 1e-5, 7), round(LAT + y * 1e-5, 7)) for x, y in points])
    return {"id": f"road/{name}", "name_zh": name, "kind": "residential", "width_m": 4.0, **more}, line


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A toy town whose streets cross without a node, miss each other, and are drawn twice."""
    toy_town.write(tmp_path)
    roads = [
        feature("东街", (0, 0), (100, 0)),
        feature("南街", (40, -30), (40, 50)),
        feature("支路", (70, 60), (70, 1)),
        feature("东街二", (0, 0), (100, 0)),
    ]
    (tmp_path / ROADS).write_text(layer_text(roads), encoding="utf-8")
    return tmp_path


def test_nothing_is_written_unasked_then_once_and_for_all(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (broken / ROADS).read_bytes()
    code, said = run(capsys, "import", "repair", "-C", str(broken))
    assert (code, (broken / ROADS).read_bytes()) == (1, before)
    assert "尚未写入" in said
    code, said = run(capsys, "import", "repair", "--write", "-C", str(broken))
    assert code == 0
    after = (broken / ROADS).read_bytes()
    assert after != before
    code, said = run(capsys, "import", "repair", "--write", "-C", str(broken))
    assert (code, (broken / ROADS).read_bytes()) == (0, after)
    assert "无需修整" in said


def test_the_report_names_file_line_rule_place_and_what_was_before_and_after(broken: Path) -> None:
    result = repair_workspace(broken, "en", write=False)
    assert {(c.rule, c.road) for c in result.changes} == {
        ("duplicate", "road/东街二"), ("crossing", "road/东街"), ("near-miss", "road/支路"),
    }  # fmt: skip
    lines = (broken / ROADS).read_text(encoding="utf-8").splitlines()
    assert all(c.road in lines[c.line - 1] for c in result.changes)
    with (broken / result.report).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [r["道路 road"] for r in rows] == [c.road for c in result.changes]
    assert all(r["文件 file"] == ROADS and r["原因"] and r["处理前"] and r["处理后"] for r in rows)
    assert float(rows[0]["经度 lon"]) == pytest.approx(LON, abs=0.01)
    assert (result.before.components, result.after.components) == (3, 1)


def test_properties_that_are_not_ours_to_change_stay(broken: Path) -> None:
    roads = json.loads((broken / ROADS).read_text(encoding="utf-8"))
    roads["features"][0]["properties"] |= {"width_m": 7.25, "compound": None, "speed_kmh": 30}
    (broken / ROADS).write_text(json.dumps(roads), encoding="utf-8")
    repair_workspace(broken, "zh", write=True)
    after = {
        f["properties"]["id"]: f["properties"]
        for f in json.loads((broken / ROADS).read_text(encoding="utf-8"))["features"]
    }
    assert after["road/东街"] == roads["features"][0]["properties"]


def test_a_road_that_a_drill_names_outlives_its_twin(broken: Path) -> None:
    (broken / "drills").mkdir(exist_ok=True)
    (broken / "drills" / "cut.yaml").write_text("injects:\n  - {target: road/东街二}\n", encoding="utf-8")
    repair_workspace(broken, "zh", write=True)
    text = (broken / ROADS).read_text(encoding="utf-8")
    assert "road/东街二" in text
    assert '"road/东街"' not in text


def test_tolerances_come_from_the_settings_or_the_command(broken: Path) -> None:
    settings = broken / "civdef.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "\n[streets]\nnear_miss_m = 0.1\nisland_gap_m = 0.1\n",
        encoding="utf-8",
    )
    strict = repair_workspace(broken, "en", write=False)
    assert "near-miss" not in strict.rules
    assert repair_workspace(broken, "en", write=False, near_miss_m=2.0).rules["near-miss"] == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "json-syntax"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"road/a"},"geometry":{"type":"Point","coordinates":[1,2]}}]}', "wrong-geometry"),
        ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[1,2],[1,3]]}}]}', "bad-id"),
    ],
)  # fmt: skip
def test_streets_that_cannot_be_read_are_told_and_left(broken: Path, text: str, told: str) -> None:
    (broken / ROADS).write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        repair_workspace(broken, "en", write=True)
    assert told in {f.code for f in caught.value.faults} or caught.value.faults
    assert (broken / ROADS).read_text(encoding="utf-8") == text
    assert not (broken / "out").exists()


def test_the_sample_needs_no_mending(sample_root: Path, tmp_path: Path) -> None:
    for name in ("civdef.toml", "maps", "plans", "drills"):
        source = sample_root / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    result = repair_workspace(tmp_path, "zh", write=True)
    assert (result.changes, result.written, result.after.components) == ([], False, 1)


MEASURED = {
    "beijing_tsinghua_full.osm": (0.979, 0.982),
    "helsinki_center.osm.pbf": (0.98, 0.985),
    "shanghai_huangpu_roads.osm": (0.86, 0.91),
}
"""File → least share of the largest part before and after repair."""


@pytest.mark.real_data
@pytest.mark.parametrize("name", MEASURED)
def test_real_streets_hang_together_better_and_stay_so(real_data: Path, name: str) -> None:
    extract = read_osm(real_data / "networks" / name)
    found = [(p, s) for p, s in streets(extract, extent(extract)).features if s is not None]
    once = repair_streets(found, StreetRepair())
    assert once.before.largest_share >= MEASURED[name][0]
    assert once.after.largest_share >= max(MEASURED[name][1], once.before.largest_share)
    assert once.after.components <= once.before.components
    twice = repair_streets(once.features, StreetRepair())
    assert [(p, s.wkb) for p, s in twice.features] == [(p, s.wkb) for p, s in once.features]


@pytest.mark.real_data
def test_importing_streets_mends_them_unless_told_not_to(real_data: Path, tmp_path: Path) -> None:
    make_blank(tmp_path / "ws")
    path = real_data / "networks" / "jakarta_kebayoran_setiabudi.gpkg"

    def brought(**more: Any) -> ImportResult:
        request = Request("roads", path, "roads", {"kind": "TYPE"}, {}, force=True, **more)
        return run_import(tmp_path / "ws", request, "en")

    plain = brought(repair=False)
    assert (plain.streets, plain.written) == (None, 1577)
    mended = brought()
    assert mended.streets is not None
    assert (mended.streets.before.components, mended.streets.before.largest_share) == (29, 0.9087)
    assert mended.streets.after.components == 10
    assert mended.streets.after.largest_share > 0.99
    assert {c.group for c in mended.changes} >= {"crossing without a node", "near miss", "island"}
    assert all(1 <= c.row <= 1578 for c in mended.changes)
    again = run_import(tmp_path / "ws", Request("roads", path, "roads", {"kind": "TYPE"}, {}), "en")
    assert (again.parts[0].unchanged, again.parts[0].differences) == (mended.written, [])
