"""Jakarta's flood of 2007: the real district becomes a workspace, and coverage, evacuation and the map run on it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from civdef.cli import main
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tools import real_district


def test_people_keep_their_expectation_and_are_whole() -> None:
    rng = np.random.default_rng(1)
    areas = [100.0, 7.0, 0.1, 15.0] * 5000
    persons = real_district.people(areas, rng)
    wanted = [a * real_district.FLOORS / real_district.M2_PER_PERSON for a in areas]
    assert all(abs(n - w) < 1 for n, w in zip(persons, wanted, strict=True))
    assert sum(persons) == pytest.approx(sum(wanted), rel=0.01)


@pytest.fixture(scope="module")
def district(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workspace made by the recipe."""
    target = tmp_path_factory.mktemp("district") / "ws"
    counts = real_district.build(real_data, target)
    assert counts["communities"] == 127
    assert counts["places"] >= real_district.PLACES_PER_PERSON * counts["persons"]
    return target


@pytest.fixture(scope="module")
def workspace(district: Path) -> Workspace:
    return load_workspace(district)


def test_the_recipe_gives_the_same_bytes_twice(district: Path, real_data: Path, tmp_path: Path) -> None:
    real_district.build(real_data, tmp_path / "again")
    for path in sorted(
        p for p in district.rglob("*") if p.is_file() and "out" not in p.relative_to(district).parts
    ):
        assert (tmp_path / "again" / path.relative_to(district)).read_bytes() == path.read_bytes(), path


def test_shelters_stand_on_ground_that_is_free_and_dry(workspace: Workspace) -> None:
    flooded = shapely.union_all([f.shape_m for f in workspace.footprints.values()])
    houses = shapely.union_all([b.shape_m for b in workspace.buildings.values()])
    spots = [s.shape_m for s in workspace.shelters.values()]
    assert all(s.shelter_class == "emergency" and s.estimated for s in workspace.shelters.values())
    for spot in spots:
        assert spot.intersection(houses).area == 0
        assert spot.intersection(flooded).area < 0.001 * spot.area
    for i, one in enumerate(spots):
        assert all(one.centroid.distance(o.centroid) >= real_district.APART_M - 1 for o in spots[i + 1 :])


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    code = left.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().out


def test_coverage_evacuation_and_map_run_on_it(
    district: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # How early the plan ends is shown elsewhere: it is searched briefly.
    target = shutil.copytree(district, tmp_path / "ws")
    with (target / "civdef.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[evacuation]\nsearch_rounds = 20\npolish_rounds = 5\npacking_rounds = 0\n")
    here = ("-C", str(target), "--json")
    code, out = run(capsys, "coverage", "--hazard", "flood", *here)
    assert code == 1
    covered = json.loads(out)
    assert covered["shelters"]["persons"] == workspace.residents
    code, out = run(capsys, "evacuate", "--plan", "flood", *here)
    result = json.loads(out)
    assert code in (0, 3)
    assert len(result["footprints"]) == 32
    left = sum(r["persons"] for r in result["left_over"])
    assert result["placed_persons"] + left == result["demand_persons"]
    assert result["placed_persons"] > 0.95 * result["demand_persons"]
    assert 0 < result["bound_s"] <= result["optimum_s"] <= result["clearance_s"]
    assert result["bound_s"] <= result["fine_optimum_s"] <= 1.05 * result["bound_s"]
    places = {s["shelter"]: s["places"] for s in result["shelters"]}
    loads: dict[str, int] = {}
    for row in result["assignments"]:
        loads[row["shelter"]] = loads.get(row["shelter"], 0) + row["persons"]
    assert all(n <= places[s] for s, n in loads.items())
    code, _ = run(capsys, "map", "--plan", "flood", *here)
    assert code in (0, 3)
    page = (target / "out/map.html").read_text(encoding="utf-8")
    assert "not verified on site" in page or "未经实地核实" in page
