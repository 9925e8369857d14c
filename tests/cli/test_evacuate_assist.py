"""``civdef evacuate assist``: JSON, tables, work lists, wrong uses, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import toy_town
from tests.cli.test_evacuate_compare import run

ASSISTANCE = """\
id,name_zh,name_en,household,mobility,helper_1,helper_2,reserve_helper
assisted/1,老安,Old An,household/1,wheelchair,person/eve,person/fay,person/gil
assisted/2,老薄,Old Bo,household/3,walks_with_help,person/eve,person/fay,
"""
VEHICLES = """\
id,name_zh,name_en,kind,seats,wheelchair_places,stretcher_places,base,driver
vehicle/van,面包车,Van,van,4,1,0,fixed-post/room,person/hal
"""
PEOPLE = "".join(
    f"person/{n},{zh},{n.title()},1990000001{k},office/toy,{home},10,5\n"
    for k, (n, zh, home) in enumerate(
        [("eve", "伊", "building/h1"), ("fay", "费", "building/h2"), ("gil", "吉", "building/h3"), ("hal", "哈", "building/h4")]
    )
)  # fmt: skip


def toy(root: Path, vehicles: str | None = VEHICLES) -> Path:
    files = toy_town.files()
    head, *rest = files["plans/roster.csv"].splitlines(keepends=True)
    roster = "id,name_zh,name_en,phone,office,home,travel_night_min,travel_workday_min\n"
    assert head.startswith("id,name_zh,name_en,phone,office,travel_night_min")
    roster += "".join(line.replace(",office/toy,", ",office/toy,,") for line in rest) + PEOPLE
    maps = toy_town.maps()
    shelters = maps["maps/shelters.geojson"]
    shelters[0]["properties"] |= {"barrier_free": True, "barrier_free_places": 2}
    return toy_town.write(
        root,
        {
            "plans/roster.csv": roster,
            "plans/assistance.csv": ASSISTANCE,
            "plans/vehicles.csv": vehicles,
            "maps/shelters.geojson": toy_town.collection(shelters),
        },
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy(tmp_path_factory.mktemp("assist"))


def test_json_and_tables(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    base = ("evacuate", "assist", "--plan", "toy", "-C", str(root))
    code, out, _ = run(capsys, *base, "--json")
    assert code == 0
    data = json.loads(out)
    assert data["schema"] == "civdef.assistance/1"
    assert (data["register_persons"], data["walking_persons"], data["riding_persons"]) == (2, 1, 1)
    assert "plans/assistance.csv" in data["inputs"]
    code, zh, _ = run(capsys, *base, "--list", "vehicles", "--list", "communities")
    assert code == 0
    assert "面包车，驾驶员哈" in zh
    assert "步行" in zh
    code, en, _ = run(capsys, *base, "--lang", "en", "--list", "vehicles")
    assert "Van, driver Hal" in en
    assert "Everybody has helpers" in en


def test_those_who_are_fetched_do_not_walk_as_well(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    base = ("--plan", "toy", "-C", str(root))
    code, out, _ = run(capsys, "evacuate", *base, "--fetch", "--json")
    assert code == 0
    data = json.loads(out)
    assert (data["demand_persons"], data["fetched_persons"], data["assisted_persons"]) == (12, 2, 0)
    code, zh, _ = run(capsys, "evacuate", *base, "--fetch")
    assert "由帮扶人和车辆接送" in zh
    code, out, _ = run(capsys, "evacuate", "compare", *base, "all walk=", "fetched=--fetch", "--json")
    assert [p["demand_persons"] for p in json.loads(out)["plans"]] == [14, 12]
    code, out, _ = run(capsys, "evacuate", "why", *base, "--fetch", "--json")
    assert code == 0


def test_without_a_vehicle_the_wheelchair_user_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = str(toy(tmp_path, None))
    code, out, _ = run(capsys, "evacuate", "assist", "--plan", "toy", "-C", where, "--lang", "en")
    assert code == 3
    assert "Old An" in out
    code, out, _ = run(capsys, "evacuate", "assist", "--plan", "toy", "-C", where, "--json")
    assert code == 3
    assert [(p["person"], p["reason"]) for p in json.loads(out)["left_over"]] == [
        ("assisted/1", "no_vehicle")
    ]


def test_what_ifs_and_wrong_names(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    base = ("evacuate", "assist", "--plan", "toy", "-C", str(root), "--json")
    code, out, _ = run(capsys, *base, "--absent", "eve", "--absent", "person/fay")
    data = json.loads(out)
    assert data["absent"] == ["person/eve", "person/fay"]
    assert all("person/eve" not in p["helpers"] for p in data["persons"])
    assert code == (3 if data["left_over"] else 0)
    code, _, err = run(capsys, *base, "--absent", "evee")
    assert code == 2
    assert "person/eve" in err
    code, _, err = run(capsys, *base, "--objective", "walking")
    assert code == 2


EMPTY = '{"type": "FeatureCollection", "features": []}\n'


@pytest.mark.parametrize("command", ["assist", "wartime"])
@pytest.mark.parametrize(
    "changed",
    [
        {"maps/roads.geojson": EMPTY},
        {"maps/shelters.geojson": EMPTY, "maps/entrances.geojson": EMPTY},
        {"plans/households.csv": "id,building,residents,children,elderly\n", "plans/assistance.csv": None},
        {"plans/vehicles.csv": None},
    ],
    ids=["no streets", "no shelters", "nobody", "no vehicles"],
)
def test_odd_towns_get_an_answer_and_no_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, changed: dict[str, str | None]
) -> None:
    toy(tmp_path)
    for name, text in changed.items():
        if text is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_text(text, encoding="utf-8")
    plan = tmp_path / "plans/contingency/toy.yaml"
    if command == "wartime":
        text = plan.read_text(encoding="utf-8").replace("hazards: [earthquake]", "hazards: [air_raid]")
        plan.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "evacuate", command, "--plan", "toy", "-C", str(tmp_path), "--json")
    assert code != 2, err
    data = json.loads(out)
    if command == "assist":
        assert data["helped_persons"] + data["left_over_persons"] == data["register_persons"]
        assert all(p["message_zh"] and p["fix_zh"] for p in data["left_over"])
        assert (code == 3) is bool(data["left_over_persons"])
    else:
        assert data["planned_persons"] + data["left_over_persons"] == data["present_persons"]
    code_again, out_again, _ = run(
        capsys, "evacuate", command, "--plan", "toy", "-C", str(tmp_path), "--lang", "zh"
    )
    assert code_again == code
    assert out_again


@pytest.mark.parametrize(
    "settings",
    [
        "[assistance]\npush_mps = { walks_with_help = 0, wheelchair = 0.7, stretcher = 0.5 }\n",
        "[assistance]\nhelper_turns = 0\n",
        "[assistance]\nspeed_kmh = { primary = 0 }\n",
        "[wartime]\nlimits_min = [3, -1]\n",
        "[wartime]\nearly_share = 1.5\n",
        "[[wartime.destinations]]\nname = { zh = '山里' }\ndistance_km = 0\nplaces = 5\n",
        "[wartime]\ncolumn_kmh = 'fast'\n",
    ],
)
def test_settings_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: str
) -> None:
    toy(tmp_path)
    with (tmp_path / "civdef.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + settings)
    code, _, err = run(capsys, "evacuate", "assist", "--plan", "toy", "-C", str(tmp_path))
    assert code == 2
    assert "civdef.toml" in err
