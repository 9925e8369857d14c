"""``civdef evacuate wartime``: JSON, tables, wrong uses, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import toy_town
from tests.cli.test_evacuate_compare import run

WARTIME = """
[wartime]
early_share = 0.3
imminent_share = 0.3
key_targets = ["fixed-post/room"]

[[wartime.destinations]]
name = { zh = "山里", en = "Hills" }
distance_km = 30
places = 100

[[wartime.requisitioned]]
name = { zh = "大客车", en = "coach" }
seats = 45
vehicles = 1
"""


def toy(root: Path, more: str = WARTIME) -> Path:
    maps = toy_town.maps()
    for shelter in maps["maps/shelters.geojson"]:
        shelter["properties"] |= {"class": "air_raid", "hazards": ["air_raid"]}
    posts = maps["maps/posts.geojson"]
    posts.append(
        toy_town.feature("Point", (100, 95), id="fixed-post/square", name_zh="广场", kind="assembly")
    )
    plan = toy_town.PLAN.replace("hazards: [earthquake]", "hazards: [air_raid]").replace(
        "shelter_classes: [emergency]", "shelter_classes: [air_raid]"
    )
    return toy_town.write(
        root,
        {
            "maps/shelters.geojson": toy_town.collection(maps["maps/shelters.geojson"]),
            "maps/posts.geojson": toy_town.collection(posts),
            "plans/contingency/toy.yaml": plan,
            "civdef.toml": toy_town.SETTINGS + more,
        },
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy(tmp_path_factory.mktemp("wartime"))


def test_json_and_tables(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    base = ("evacuate", "wartime", "--plan", "toy", "-C", str(root))
    code, out, _ = run(capsys, *base, "--json")
    assert code == 0
    data = json.loads(out)
    assert data["schema"] == "civdef.wartime/2"
    assert (data["present_persons"], data["left_over_persons"]) == (14, 0)
    early, imminent = data["stages"]
    assert (early["ordered_persons"], early["persons"], early["carried_persons"]) == (4, 4, 4)
    assert imminent["ordered_persons"] == 4
    code, zh, _ = run(capsys, *base, "--list", "marches", "--list", "doors", "--list", "buildings")
    assert code == 0
    for words in ("早期疏散", "临战疏散", "北避难点", "山里", "广场", "警报响起后"):
        assert words in zh
    clock = early["marches"][0]["leave_min"]
    day, rest = clock // 1440 + 1, f"{clock % 1440 // 60:02}:{clock % 60:02}"
    assert f"第{day}日{rest}" in zh
    code, en, _ = run(capsys, *base, "--list", "marches", "--lang", "en")
    assert code == 0
    assert f" D{day}-{rest} " in en  # one word: a day on one line and its hour on the next cannot be read
    code, en, _ = run(capsys, *base, "--lang", "en", "--gone", "imminent")
    assert code == 0
    assert "imminent evacuation is over" in en


def test_what_is_short_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = str(toy(tmp_path, ""))
    code, out, _ = run(capsys, "evacuate", "wartime", "--plan", "toy", "-C", where, "--lang", "en")
    assert code == 3
    assert "no destination has room" in out
    code, _, err = run(capsys, "evacuate", "wartime", "-C", where)
    assert code == 2
    assert "plan/toy" in err
    code, out, _ = run(
        capsys, "evacuate", "wartime", "--plan", "toy", "-C", where, "--places", "north=1", "--without", "south", "--json"
    )  # fmt: skip
    assert code == 3
    assert json.loads(out)["left_over_persons"] == 14


def test_a_wrong_key_target_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = str(toy(tmp_path, WARTIME.replace("fixed-post/room", "fixed-post/roam")))
    code, _, err = run(capsys, "evacuate", "wartime", "--plan", "toy", "-C", where, "--lang", "en")
    assert code == 2
    assert "did you mean fixed-post/room" in err
