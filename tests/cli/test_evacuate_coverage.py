"""``civdef evacuate`` and ``civdef coverage``: exit codes, JSON, both languages, narrow consoles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from civdef.cli import main
from tests import toy_town


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert "Internal error" not in out + err
    assert "内部错误" not in out + err
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


def written(tmp_path: Path, changed: Mapping[str, str | None]) -> str:
    return str(toy_town.write(tmp_path, changed))


def test_evacuate_json_is_one_document(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    code, out, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--json")
    data = json.loads(out)
    assert code == 0
    assert err == ""
    assert data["placed_persons"] == data["demand_persons"] == 14
    assert data["bracket"] >= 1
    assert data["bound_s"] <= data["clearance_s"]
    assert str(toy) not in out


def test_evacuate_flow_states_optimum_and_gap(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    args = ("evacuate", "-C", str(toy), "--plan", "toy", "--json", "--step", "10")
    data = json.loads(run(capsys, *args)[1])
    assert data["bound_s"] <= data["optimum_s"] <= data["clearance_s"]
    assert data["gap"] == pytest.approx(data["clearance_s"] / data["optimum_s"] - 1, abs=1e-4)
    assert data["step_s"] == 10


def test_evacuate_speaks_both_languages(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    _, zh, _ = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--lang", "zh")
    _, en, _ = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--lang", "en")
    assert "人人有去处" in zh
    assert "北避难点" in zh
    assert "Everybody has a place" in en
    assert not any("一" <= c <= "鿿" for c in en.replace("h1", ""))


def test_too_few_places_is_infeasible_and_says_where(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    args = ("evacuate", "-C", str(toy), "--plan", "toy", "--without", "shelter/south", "--lang", "en")
    code, out, _ = run(capsys, *args)
    assert code == 3
    assert "4 places short" in out
    assert "Not feasible" in out
    code, out, _ = run(capsys, *args, "--json")
    data = json.loads(out)
    assert code == 3
    assert data["binding"][0]["objects"] == ["shelter/north"]
    assert sum(r["persons"] for r in data["left_over"]) == 4


def test_closed_roads_that_cut_people_off_are_named(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    cut = [a for r in ("main", "lane", "west", "middle", "east") for a in ("--closed", r)]
    code, out, _ = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", *cut, "--json")
    assert code == 3
    assert {o for b in json.loads(out)["binding"] for o in b["objects"]} >= {"road/main", "road/lane"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--plan", "tory"), "plan/toy"),
        ((), "plan/toy"),  # the default, plan/earthquake, is not there: says what is
        (("--plan", "toy", "--closed", "mian"), "road/main"),
        (("--plan", "toy", "--without", "nroth"), "shelter/north"),
        (("--plan", "toy", "--footprint", "lake"), "lake"),
        (("--plan", "toy", "--scope", "footprint"), "--footprint"),
    ],
)
def test_wrong_names_exit_2_with_the_nearest(
    capsys: pytest.CaptureFixture[str], toy: Path, args: tuple[str, ...], words: str
) -> None:
    code, out, err = run(capsys, "evacuate", "-C", str(toy), *args)
    assert (code, out) == (2, "")
    assert words in err


def test_coverage_of_the_toy_town(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    code, out, _ = run(capsys, "coverage", "-C", str(toy), "--json")
    data = json.loads(out)
    assert code == 0
    assert data["shelters"]["uncovered_persons"] == 0
    assert data["shelters"]["median_walk_m"] == pytest.approx(140, abs=0.1)
    code, out, _ = run(capsys, "coverage", "-C", str(toy), "--hazard", "flood", "--lang", "en")
    assert code == 1, "places are short"
    assert "8 short" in out


def test_coverage_findings_and_infeasible(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    near = toy_town.SETTINGS + (
        "[shelter_standards.emergency]\narea_m2_per_person = 1.0\nrefuge_distance_m = 100\nsource = 'test'\n"
    )
    folder = written(tmp_path, {"civdef.toml": near})
    code, out, _ = run(capsys, "coverage", "-C", folder, "--lang", "en")
    assert code == 1
    assert "9 of 14 persons are out of reach" in out
    code, out, _ = run(capsys, "coverage", "-C", folder, "--hazard", "typhoon", "--lang", "zh")
    assert code == 3
    assert "没有一处符合条件的避难场所" in out
    code, _, err = run(capsys, "coverage", "-C", folder, "--hazard", "flod")
    assert code == 2
    assert "flood" in err
    code, _, err = run(capsys, "coverage", "-C", folder, "--class", "grand")
    assert code == 2


def test_zero_shelters(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    empty = toy_town.collection([])
    folder = written(tmp_path, {"maps/shelters.geojson": empty, "maps/entrances.geojson": empty})
    code, out, _ = run(capsys, "evacuate", "-C", folder, "--plan", "toy", "--lang", "en")
    assert code == 3
    assert "The workspace has no shelter" in out
    assert run(capsys, "coverage", "-C", folder)[0] == 3


def test_a_disconnected_street_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    roads = [
        f
        for f in toy_town.maps()["maps/roads.geojson"]
        if f["properties"]["id"] in ("road/main", "road/lane")
    ]
    folder = written(tmp_path, {"maps/roads.geojson": toy_town.collection(roads)})
    code, out, _ = run(capsys, "evacuate", "-C", folder, "--plan", "toy", "--json")
    data = json.loads(out)
    # the lane's people (5 + 2) have only the 6 places in the south: the larger house goes, the smaller stays
    assert code == 3
    assert data["left_over"] == [{"building": "building/h4", "part": 0, "persons": 2, "reason": "no_room"}]
    assert data["binding"][0]["objects"] == ["shelter/south"]


@pytest.mark.parametrize("command", [("evacuate", "--plan", "toy"), ("coverage",)])
def test_a_gbk_console_shows_it_all(toy: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "civdef", *command, "-C", str(toy), "--lang", "zh"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("gbk")
    assert "避难" in text
    assert "\\u" not in text


def test_the_same_bytes_under_two_hash_seeds(toy: Path) -> None:
    def once(seed: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "civdef", "evacuate", "--plan", "toy", "-C", str(toy), "--json"],
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        ).stdout

    assert once("1") == once("77")


def test_places_of_different_classes_are_not_added_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shelters = toy_town.files()["maps/shelters.geojson"].replace(
        '"class": "emergency"', '"class": "air_raid"', 1
    )
    folder = written(tmp_path, {"maps/shelters.geojson": shelters})
    _, out, _ = run(capsys, "coverage", "-C", folder, "--lang", "en")
    assert "do not add up" in out
    assert "enough in all" not in out


def test_evacuate_is_a_group_that_answers_alone(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "evacuate", "compar", "--lang", "zh")
    assert (code, out) == (2, "")
    assert "没有命令 compar" in err
    code, out, _ = run(capsys, "evacuate", "--help", "--lang", "zh")
    assert code == 0
    assert "[命令 [参数]...]" in out
