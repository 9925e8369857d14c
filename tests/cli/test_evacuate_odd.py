"""Infeasible questions say what binds and leave with 3; odd ones just work; nobody vanishes. By every evacuation command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from civdef.cli import main
from tests import toy_town

HEAD = "id,building,residents,children,elderly\n"


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert "Internal error" not in out + err
    assert "内部错误" not in out + err
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


def features(file: str, **changed: Any) -> list[dict[str, Any]]:
    """Return a layer of the toy town; `changed` replaces properties of the feature whose id ends so, None takes it out."""
    found = []
    for f in toy_town.maps()[f"maps/{file}.geojson"]:
        name = f["properties"]["id"].partition("/")[2]
        if name in changed and changed[name] is None:
            continue
        found.append({**f, "properties": {**f["properties"], **changed.get(name, {})}})
    return found


def layer(file: str, found: list[dict[str, Any]]) -> dict[str, str]:
    return {f"maps/{file}.geojson": toy_town.collection(found)}


def spot(f: dict[str, Any], shape: str, coordinates: Any) -> dict[str, Any]:
    return {**toy_town.feature(shape, coordinates, **f["properties"])}


def of(file: str, name: str) -> dict[str, Any]:
    return next(f for f in features(file) if f["properties"]["id"].endswith(f"/{name}"))


def island(house: bool = True) -> dict[str, str]:
    """A street far out with a house on it, joined to nothing."""
    road = toy_town.feature(
        "LineString",
        [(800, 0), (900, 0)],
        id="road/island",
        name_zh="岛上路",
        kind="residential",
        width_m=4.0,
    )
    home = toy_town.feature(
        "Polygon",
        toy_town.square(850, 10),
        id="building/h5",
        name_zh="h5",
        community="community/toy",
        use="residential",
    )
    ground = toy_town.feature(
        "Polygon", toy_town.square(400, 50, 620), id="community/toy", name_zh="玩具社区", name_en="Toy"
    )
    return {
        **layer("communities", [ground]),
        **layer("roads", [*features("roads"), road]),
        **layer("buildings", [*features("buildings"), home]),
        "plans/households.csv": toy_town.HOUSEHOLDS + ("household/5,building/h5,3,0,0\n" if house else ""),
    }


ODD: Mapping[str, tuple[dict[str, str], int]] = {
    "nobody at home": ({"plans/households.csv": HEAD}, 0),
    "a single shelter with room for all": (
        layer("shelters", features("shelters", north=None, south={"places": 40}))
        | layer("entrances", features("entrances", north=None)),
        0,
    ),
    "two buildings on one point": (
        layer("buildings", [*features("buildings"), spot(of("buildings", "h1") | {"properties": {
            **of("buildings", "h1")["properties"], "id": "building/h1b", "name_zh": "h1b"}}, "Polygon", toy_town.square(20, 110))])
        | {"plans/households.csv": toy_town.HOUSEHOLDS + "household/9,building/h1b,2,0,0\n"},
        0,
    ),
    "two shelters on one point": (
        layer("shelters", [features("shelters")[0], spot(of("shelters", "south"), "Point", (150, 115))])
        | layer("entrances", [features("entrances")[0], spot(of("entrances", "south"), "Point", (150, 100))]),
        0,
    ),
    "a shelter inside a house": (
        layer("shelters", [features("shelters")[0], spot(of("shelters", "south"), "Point", (20, -10))])
        | layer("entrances", [features("entrances")[0], spot(of("entrances", "south"), "Point", (20, -10))]),
        0,
    ),
    "a shelter without drawn entrances": (layer("entrances", []), 0),
    "exactly as many places as people": (
        layer("shelters", features("shelters", north={"places": 8}, south={"places": 6})), 0,
    ),
    "one place short": (layer("shelters", features("shelters", north={"places": 8}, south={"places": 5})), 3),
    "a shelter of no places": (layer("shelters", features("shelters", north={"places": 0}, south={"places": 40})), 0),
    "an island nobody lives on": (island(house=False), 0),
    "an island without a shelter": (island(), 3),
    "no shelter of the class": (layer("shelters", features("shelters", north={"class": "air_raid"}, south={"class": "air_raid"})), 3),
    "no shelter for the hazard": (layer("shelters", features("shelters", north={"hazards": ["flood"]}, south={"hazards": ["flood"]})), 3),
    "no shelter at all": (layer("shelters", []) | layer("entrances", []), 3),
    "one building of all": (
        layer("shelters", features("shelters", north={"places": 3}, south={"places": 3}))
        | {"plans/households.csv": HEAD + "household/1,building/h1,6,0,0\n"},
        -1,
    ),
}  # fmt: skip


def check(data: dict[str, Any], demand: int | None = None) -> None:
    """People in = people placed + people named as left over, in every table."""
    placed = sum(r["persons"] for r in data["assignments"])
    left = sum(r["persons"] for r in data["left_over"])
    assert placed == data["placed_persons"]
    assert left == data["left_over_persons"]
    assert placed + left == data["demand_persons"]
    assert demand is None or data["demand_persons"] == demand
    assert sum(s["assigned_persons"] for s in data["shelters"]) == placed
    assert all(s["assigned_persons"] <= s["places"] for s in data["shelters"])
    assert sum(c["persons"] for c in data["communities"]) == data["demand_persons"]
    assert bool(data["binding"]) == bool(left)
    assert sum(b["persons"] for b in data["binding"]) == left
    if data["clearance_s"] is not None:
        assert data["bound_s"] <= (data["optimum_s"] or data["clearance_s"]) <= data["clearance_s"]


def people(files: dict[str, str]) -> int:
    rows = files.get("plans/households.csv", toy_town.HOUSEHOLDS).splitlines()[1:]
    return sum(int(r.split(",")[2]) for r in rows)


@pytest.mark.parametrize("name", ODD)
def test_odd_questions(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    changed, expected = ODD[name]
    folder = str(toy_town.write(tmp_path / "w", changed))
    base = ("-C", folder, "--plan", "toy")
    code, out, _ = run(capsys, "evacuate", *base, "--json")
    data = json.loads(out)
    check(data, people(changed))
    if expected >= 0:
        assert code == expected
    assert code == (3 if data["left_over_persons"] else 0)
    for lang in ("zh", "en"):
        again, out, _ = run(capsys, "evacuate", *base, "--lang", lang)
        assert again == code
        if code == 3:
            assert {"zh": "卡在：", "en": "Binding: "}[lang] in out
        elif data["demand_persons"] == 0:
            assert {"zh": "没有人需要疏散", "en": "Nobody has to be evacuated"}[lang] in out
    again, out, _ = run(capsys, "evacuate", "why", *base, "--all", "--relief", "2", "--json")
    why = json.loads(out)
    assert again == code
    assert why["placed_persons"] + why["left_over_persons"] == data["demand_persons"]
    assert sum(b["persons"] for b in why["buildings"]) == data["demand_persons"]
    assert bool(why["cuts"]) == bool(data["placed_persons"])
    assert run(capsys, "evacuate", "why", *base, "--lang", "zh")[0] == code
    again, out, _ = run(capsys, "evacuate", "site", *base, "--json")
    assert again == 0
    assert json.loads(out)["base"]["placed_persons"] == data["placed_persons"]
    assert run(capsys, "evacuate", "site", *base, "--lang", "zh")[0] == 0
    again, out, _ = run(capsys, "evacuate", "compare", *base, "now=", "night=--time holiday", "--json")
    assert again in (0, 3)
    assert json.loads(out)["plans"][0]["left_over_persons"] == data["left_over_persons"]
    again, _, _ = run(capsys, "evacuate", *base, "-o", str(tmp_path / "out"), "--audience", "command")
    assert again == code
    assert (tmp_path / "out" / "plan.zh.html").exists()


def test_the_binding_reason_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def binding(name: str) -> list[dict[str, Any]]:
        folder = str(toy_town.write(tmp_path / name, ODD[name][0]))
        code, out, _ = run(capsys, "evacuate", "-C", folder, "--plan", "toy", "--json")
        assert code == 3
        return list(json.loads(out)["binding"])

    (short,) = binding("one place short")
    assert short["kind"] == "places"
    assert set(short["objects"]) <= {"shelter/north", "shelter/south"}
    (cut_off,) = binding("an island without a shelter")
    assert cut_off["kind"] == "network"
    assert cut_off["persons"] == 3
    for name in ("no shelter of the class", "no shelter for the hazard"):
        (rules,) = binding(name)
        assert rules["kind"] == "policy"
        assert set(rules["objects"]) == {"shelter/north", "shelter/south"}
    (nothing,) = binding("no shelter at all")
    assert nothing["message_zh"] == "工作区没有避难场所"


def test_a_footprint_over_everything_asks_for_rescue(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    box = [(-500, -500), (700, -500), (700, 700), (-500, 700), (-500, -500)]
    flood = toy_town.feature(
        "Polygon",
        [box],
        id="hazard/all",
        name_zh="淹没区",
        name_en="Flooded area",
        hazard="flood",
        depth_m=1.2,
    )
    toy_town.write(tmp_path, {"maps/hazards/flood.geojson": toy_town.collection([flood])})
    ask = ("--plan", "toy", "--footprint", "all", "-C", str(tmp_path))
    code, out, _ = run(capsys, "evacuate", *ask, "--lang", "zh")
    assert code == 3
    assert "共 4 处\n" in "".join(line.rstrip() + "\n" for line in out.splitlines())
    assert "还有 14 人步行出不来。请先按上面“卡在”所列安排救援。" in out
    assert "增加名额" not in out
    code, out, _ = run(capsys, "evacuate", "site", *ask, "--lang", "en")
    assert code == 0
    assert "civdef evacuate why says what keeps those left over" in out


def test_everything_closed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(toy_town.write(tmp_path))
    closed = [a for r in ("main", "lane", "west", "middle", "east") for a in ("--closed", r)]
    code, out, _ = run(capsys, "evacuate", "-C", folder, "--plan", "toy", *closed, "--json")
    data = json.loads(out)
    assert code == 3
    check(data, 14)
    assert {b["kind"] for b in data["binding"]} == {"road"}
    code, out, _ = run(capsys, "evacuate", "why", "-C", folder, "--plan", "toy", *closed, "--all", "--json")
    assert code == 3
    assert {b["left_reason"] for b in json.loads(out)["buildings"] if b["shelter"] is None} == {"unreachable"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--open", "gate/none"), "gate/none"),
        (("--open", "none"), "none"),
        (("--door", "north"), "--door"),
        (("--door", "north=0.1"), "--door"),
        (("--door", "north=wide"), "--door"),
        (("--door", "nowhere=2"), "nowhere"),
        (("--places", "north=-3"), "--places"),
        (("--places", "north=3", "--places", "north=4"), "--places"),
        (("--one-way", "main"), "--one-way"),
        (("--one-way", "main:up"), "--one-way"),
        (("--one-way", "mian:forward"), "road/main"),
        (("--one-way", "main:forward", "--contraflow", "main:backward"), "one-way"),
        (("--objective", "speed"), "--objective"),
        (("--step", "0"), "--step"),
    ],
)
@pytest.mark.parametrize("command", [(), ("why",), ("site",), ("compare", "now=")])
def test_wrong_what_ifs_are_refused(
    capsys: pytest.CaptureFixture[str], toy: Path, command: tuple[str, ...], args: tuple[str, ...], words: str
) -> None:
    code, out, err = run(capsys, "evacuate", *command, "-C", str(toy), "--plan", "toy", *args, "--lang", "en")
    assert (code, out) == (2, "")
    assert words in err


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def test_why_names_wrong_buildings(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    code, out, err = run(capsys, "evacuate", "why", "-C", str(toy), "--plan", "toy", "h9", "--lang", "en")
    assert (code, out) == (2, "")
    assert "building/h" in err


def test_why_states_the_bound_and_the_optimum_of_the_plan(
    capsys: pytest.CaptureFixture[str], toy: Path
) -> None:
    found = [
        json.loads(run(capsys, *ask.split(), "--plan", "toy", "-C", str(toy), "--json")[1])
        for ask in ("evacuate", "evacuate why --relief 0")
    ]
    for key in ("bound_s", "optimum_s", "clearance_s"):
        plan, why = (f[key] for f in found)
        assert plan == why, key


def test_why_in_both_languages(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    base = ("evacuate", "why", "-C", str(toy), "--plan", "toy")
    _, zh, _ = run(capsys, *base, "--lang", "zh")
    assert "卡住时间的是" in zh
    _, en, _ = run(capsys, *base, "--lang", "en")
    assert "sets the time" in en
    code, out, _ = run(capsys, *base, "h1", "building/h3", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["schema"] == "civdef.evacuation-why/1"
    assert [(b["building"], b["shelter"]) for b in data["buildings"]] == [
        ("building/h1", "shelter/south"),
        ("building/h3", "shelter/north"),
    ]
    assert data["reliefs"] == [], "asked about buildings only"
    _, zh, _ = run(capsys, *base, "h1", "--lang", "zh")
    assert "h1（4 人）去南避难点" in zh
    assert "分钟内全部进入" in zh


def test_site_ranks_candidates_and_says_what_to_ask(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    park = toy_town.feature(
        "Polygon", toy_town.square(80, 20, 15), id="candidate/park", name_zh="小公园", name_en="Small Park", kind="park", area_m2=900,
        usable_m2=540, places={"emergency": 60}, hazards=["earthquake"], community="community/toy",
    )  # fmt: skip
    folder = str(toy_town.write(tmp_path, layer("candidates", [park])))
    base = ("-C", folder, "--plan", "toy", "--without", "south")
    code, out, _ = run(capsys, "evacuate", "site", *base, "--kind", "candidate", "--radius", "300", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["schema"] == "civdef.siting/1"
    (best,) = data["options"]
    assert (best["change"], best["gain"]["placed_persons"], best["places"]) == (
        "--open candidate/park",
        4,
        60,
    )
    code, out, _ = run(capsys, "evacuate", *base, *best["change"].split(), "--json")
    assert code == 0
    assert json.loads(out)["placed_persons"] == best["figures"]["placed_persons"] == 14
    _, zh, _ = run(capsys, "evacuate", "site", *base, "--lang", "zh")
    assert "小公园" in zh
    assert "步行最少（p-中位）：1 处，小公园；安置多 4 人" in zh
    assert "civdef evacuate --open candidate/park" in zh
    _, en, _ = run(capsys, "evacuate", "site", *base, "--lang", "en")
    assert "least walking (p-median): 1, Small Park; placed: 4 more" in en
    code, out, err = run(capsys, "evacuate", "site", *base, "--kind", "tunnel", "--lang", "en")
    assert (code, out) == (2, "")
    assert "candidate, door, gate" in err


def test_a_town_too_large_for_the_bound_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    whole = toy_town.write(tmp_path / "whole")
    large = toy_town.write(
        tmp_path / "large", {"civdef.toml": toy_town.SETTINGS + "\n[evacuation]\nbound_cells = 1\n"}
    )
    found = {}
    for folder in (whole, large):
        code, out, _ = run(capsys, "evacuate", "-C", str(folder), "--plan", "toy", "--json")
        assert code == 0
        found[folder] = json.loads(out)
    exact, held = found[whole], found[large]
    assert (exact["bound_exact"], exact["bound_step_s"]) == (True, 2)
    assert (held["bound_exact"], held["fine_optimum_s"]) == (False, held["optimum_s"])
    assert held["bound_step_s"] > 2
    assert held["bound_s"] <= exact["fine_optimum_s"] <= held["optimum_s"] <= held["clearance_s"]
    assert held["clearance_s"] == exact["clearance_s"], "the plan does not depend on it"
    for lang, words in (("zh", "下界未求到底"), ("en", "bound not searched to the end")):
        for folder in (whole, large):
            _, out, _ = run(capsys, "evacuate", "-C", str(folder), "--plan", "toy", "--lang", lang)
            assert (words in out) == (folder == large)
