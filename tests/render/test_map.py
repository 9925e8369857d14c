"""The map as a document: layers, audiences, small counts, routes, determinism."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from civdef.coverage.shelters import coverage
from civdef.errors import UsageError
from civdef.evacuate.question import Question
from civdef.evacuate.solve import report, solve
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience, guarded
from civdef.render.columns import SCALE
from civdef.render.headline import titles
from civdef.render.layer import GROUPS
from civdef.render.map import layer_modules, map_document, map_page, write_map
from civdef.render.question import map_of
from civdef.text import Text
from tests import toy_town
from tests.render.test_offline import outside

ROOT = Path(__file__).resolve().parents[2]


def test_a_map_starts_without_the_compiled_planner() -> None:
    """It takes half a second to load, and a map of what is there needs none of it."""
    code = "import sys, civdef.render.headline, civdef.render.index; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == "False"


def document(
    ws: Workspace,
    net: StreetNetwork,
    audience: Audience = Audience.COMMAND,
    *,
    evacuation: bool = True,
    **more: Any,
) -> dict[str, Any]:
    solution = solve(ws, net, Question("plan/toy")) if evacuation else None
    result = report(ws, solution) if solution is not None else None
    found, _, _ = map_document(
        ws,
        net,
        lang="zh",
        audience=audience,
        coverage=coverage(ws, net),
        evacuation=result,
        solution=solution,
        **more,
    )
    return found


def layer(doc: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in doc["layers"] if one["key"] == key)


def told(doc: dict[str, Any], key: str, name: str, label: str) -> str | None:
    """Return what the pop-up of a feature says under a label."""
    one = layer(doc, key)
    names = layer(doc, "buildings")["names"] if one["table"] == "buildings" else one["names"]
    rows = one["rows"] if one["rows"] is not None else list(range(len(one["style"])))
    place = [names[r] for r in rows].index(name)
    for field in one["fields"]:
        if field["label"] == label and field["values"][place] >= 0:
            return str(field["words"][field["values"][place]])
    return None


def test_every_layer_declares_itself_in_both_languages() -> None:
    modules = layer_modules()
    assert len({m.KEY for m in modules}) == len(modules) >= 15
    for module in modules:
        assert module.__name__.rpartition(".")[2] == module.KEY
        assert module.TITLE.zh
        assert module.TITLE.en
        assert module.GROUP in GROUPS
        assert {"coverage", "evacuation"} >= module.NEEDS
        assert set(Audience) >= module.AUDIENCES
        assert module.__doc__
    page = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
    assert not [m.KEY for m in modules if f"`{m.KEY}`" not in page], "each layer has its line in docs/maps.md"


def test_every_layer_draws_in_the_toy_town(toy: Workspace, toy_network: StreetNetwork) -> None:
    doc = document(toy, toy_network, footprints=("hazard/pool",))
    keys = [one["key"] for one in doc["layers"]]
    absent = {
        "shelter_grounds",
        "candidates",
        "left_over",
        "uncovered",
    }  # point shelters, no candidates, room and reach for all
    assert set(keys) == {m.KEY for m in layer_modules()} - absent
    assert [one["order"] for one in doc["layers"]] == sorted(one["order"] for one in doc["layers"])
    for one in doc["layers"]:
        size = len(one["style"])
        rows = one["rows"] if one["rows"] is not None else list(range(len(doc["tables"][one["table"]])))
        assert len(rows) == size
        assert all(0 <= r < len(doc["tables"][one["table"]]) for r in rows)
        assert all(0 <= s < len(one["styles"]) for s in one["style"])
        assert all(len(f["values"]) == size for f in one["fields"])
        assert not one["names"] or len(one["names"]) == size
        for group in one["labels"]:
            assert all(0 <= r < size for r in group["rows"])


def test_results_that_are_missing_leave_their_layers_out(toy: Workspace, toy_network: StreetNetwork) -> None:
    doc, _, _ = map_document(toy, toy_network, lang="zh", audience=Audience.TEAM)
    assert not {"assignments", "routes", "left_over", "uncovered"} & {one["key"] for one in doc["layers"]}


def test_the_popup_of_a_house_tells_where_to_go(toy: Workspace, toy_network: StreetNetwork) -> None:
    doc = document(toy, toy_network)
    solution = solve(toy, toy_network, Question("plan/toy"))
    row = next(r for r in report(toy, solution).assignments if r.building == "building/h2")
    assert told(doc, "assignments", "h2", "去往") == toy.name(row.shelter).zh
    assert f"{row.walk_m:,.0f} 米" in (told(doc, "assignments", "h2", "步行") or "")
    assert told(doc, "assignments", "h2", "路线") == " → ".join(toy.name(r).in_("zh") for r in row.roads)


def test_the_popup_of_a_split_building_names_its_own_exits(
    toy: Workspace, toy_network: StreetNetwork
) -> None:
    solution = solve(toy, toy_network, Question("plan/toy"))
    result = report(toy, solution)
    row = next(r for r in result.assignments if r.building == "building/h2")
    parts = [
        row.model_copy(update={"part": k, "persons": n, "walk_m": m})
        for k, n, m in ((1, 40, 50.0), (2, 7, 146.0), (3, 30, 50.0))
    ]
    rest = [r for r in result.assignments if r.building != "building/h2"]
    split = result.model_copy(update={"assignments": (*rest, *parts)})
    common = {"lang": "zh", "coverage": None, "evacuation": split, "solution": None}
    doc, _, _ = map_document(toy, toy_network, audience=Audience.COMMAND, **common)  # type: ignore[arg-type]
    assert (
        told(doc, "assignments", "h2", "应疏散")
        == "77 人（本楼1号口 40 人，本楼2号口 7 人，本楼3号口 30 人）"
    )
    walk = told(doc, "assignments", "h2", "步行")
    assert walk is not None
    assert walk.startswith("本楼1、3号口 50 米")
    assert "；本楼2号口 146 米" in walk
    assert told(doc, "assignments", "h2", "去往") == toy.name(row.shelter).zh
    doc, _, _ = map_document(toy, toy_network, audience=Audience.PUBLIC, **common)  # type: ignore[arg-type]
    assert told(doc, "assignments", "h2", "应疏散") == "77 人"


def test_the_drawn_route_is_the_one_walked(toy: Workspace, toy_network: StreetNetwork) -> None:
    doc = document(toy, toy_network)
    one = layer(doc, "assignments")
    solution = solve(toy, toy_network, Question("plan/toy"))
    for building, arcs in zip(solution.asked.problem.buildings, solution.plan.routes.arcs, strict=True):
        at = one["extra"]["paths"][[list(toy.buildings)[r] for r in one["rows"]].index(building)]
        points: list[list[float]] = []
        while at >= 0:
            signed = doc["paths"]["arc"][at]
            steps = np.array(doc["tables"]["arcs"][abs(signed) - 1][0]).reshape(-1, 2)
            drawn = (np.cumsum(steps, axis=0) + np.array(doc["origin"])) / SCALE
            points += (drawn if signed > 0 else drawn[::-1]).tolist()
            at = doc["paths"]["next"][at]
        wanted = np.concatenate([toy_network.arc_lonlat(int(a)) for a in arcs])
        ends = np.array([points[0], points[-1]]) - wanted[[0, -1]]
        assert np.abs(ends).max() < 1e-6
        metres = np.hypot(*(np.diff(np.array(points), axis=0) * [97_800, 110_800]).T).sum()
        assert metres == pytest.approx(toy_network.length_m[arcs].sum(), abs=2.0)


def test_streams_carry_everybody_once_past_every_street(toy: Workspace, toy_network: StreetNetwork) -> None:
    doc = document(toy, toy_network)
    one = layer(doc, "routes")
    field = next(f for f in one["fields"] if f["label"] == "人数")
    most = max(int(field["words"][v].split()[0].replace(",", "")) for v in field["values"])
    assert 1 <= most <= 14


def test_public_pages_hold_no_personal_data(toy: Workspace, toy_network: StreetNetwork) -> None:
    secret = [p.phone for p in toy.people.values() if p.phone] + [
        a.name.in_("zh") for a in toy.assisted.values()
    ]
    assert len(secret) == 5
    text = map_page(document(toy, toy_network, Audience.PUBLIC), "zh")
    assert not [s for s in secret if s in text]
    assert "需要协助" not in text
    one = layer(document(toy, toy_network, Audience.PUBLIC), "routes")
    assert "人数" not in [f["label"] for f in one["fields"]]


def test_the_sample_street_in_public_holds_no_personal_data(sample: tuple[Workspace, StreetNetwork]) -> None:
    ws, net = sample
    doc, features, _ = map_document(ws, net, lang="zh", audience=Audience.PUBLIC)
    text = json.dumps(doc, ensure_ascii=False)
    phones = {p.phone for p in ws.people.values() if p.phone} | {
        p.phone for p in ws.fixed_posts.values() if p.phone
    }
    assert phones
    assert not [p for p in phones if p in text]
    assert not [a.id for a in ws.assisted.values() if a.name.in_("zh") in text]
    assert not [r.id for r in ws.people.values() if f'"{r.name.in_("zh")}' in text]
    assert features > 2000


def test_small_counts_are_withheld_in_public_only(toy: Workspace, toy_network: StreetNetwork) -> None:
    assert told(document(toy, toy_network, Audience.PUBLIC), "buildings", "h1", "居民") == "不足 5 人"
    assert told(document(toy, toy_network, Audience.PUBLIC), "buildings", "h3", "居民") == "5 人"
    assert told(document(toy, toy_network, Audience.TEAM), "buildings", "h1", "居民") == "4 人"
    assert told(document(toy, toy_network, Audience.TEAM), "buildings", "h1", "需要协助的人员") == "1 人"
    assert guarded(0, Audience.PUBLIC, 5) == Text("0 人", "0")
    assert guarded(4, Audience.PUBLIC, 5).en == "fewer than 5"


def test_few_people_or_households_are_not_told_in_public(toy: Workspace, toy_network: StreetNetwork) -> None:
    public, command = (document(toy, toy_network, a) for a in (Audience.PUBLIC, Audience.COMMAND))
    homes = len(toy.households)
    assert 0 < homes < 5
    name = next(iter(toy.communities.values())).in_("zh")
    assert told(command, "communities", name, "户数") == str(homes)
    assert told(public, "communities", name, "户数") is None
    assert public["page"]["subtitle"].endswith("公众版")


def test_phones_are_for_the_command_edition(tmp_path: Path) -> None:
    maps = toy_town.maps()
    maps["maps/shelters.geojson"][0]["properties"]["key_holder"] = "person/chen"
    ws = load_workspace(
        toy_town.write(
            tmp_path, {"maps/shelters.geojson": toy_town.collection(maps["maps/shelters.geojson"])}
        )
    )
    net = build_street_network(ws)
    assert told(document(ws, net, Audience.COMMAND), "shelters", "北避难点", "联系人") == "陈 19900000003"
    assert told(document(ws, net, Audience.TEAM), "shelters", "北避难点", "联系人") is None


def test_people_left_over_are_marked_and_said(tmp_path: Path) -> None:
    maps = toy_town.maps()
    for feature in maps["maps/shelters.geojson"]:
        feature["properties"]["places"] = 5
    root = toy_town.write(
        tmp_path / "w", {"maps/shelters.geojson": toy_town.collection(maps["maps/shelters.geojson"])}
    )
    ws = load_workspace(root)
    result = map_of(
        ws, build_street_network(ws), path=tmp_path / "m.html", shown_as="m.html", lang="zh",
        audience=Audience.TEAM, plan="plan/toy",
    )  # fmt: skip
    assert result.left_over_persons is not None
    assert result.left_over_persons > 0
    assert "left_over" in result.layers
    assert "不可行" in result.warnings[0]
    assert str(result.left_over_persons) in result.warnings[0]


@pytest.mark.parametrize("without", ["maps/shelters.geojson", "maps/roads.geojson", "maps/buildings.geojson"])
def test_a_workspace_without_shelters_streets_or_buildings_is_drawn_as_it_is(
    tmp_path: Path, without: str
) -> None:
    changed: dict[str, str | None] = {without: toy_town.collection([])}
    if without.endswith("shelters.geojson"):
        changed["maps/entrances.geojson"] = toy_town.collection([])
    if without.endswith("buildings.geojson"):
        changed["plans/households.csv"] = "id,building,residents,children,elderly\n"
    ws = load_workspace(toy_town.write(tmp_path / "w", changed))
    result = map_of(
        ws, build_street_network(ws), path=tmp_path / "m.html", shown_as="m.html", lang="en", audience=Audience.TEAM
    )  # fmt: skip
    assert result.plan is None
    assert len(result.warnings) == 1
    assert (tmp_path / "m.html").stat().st_size == result.size_bytes


def test_nothing_to_draw_is_explained(tmp_path: Path) -> None:
    changed: dict[str, str | None] = {name: toy_town.collection([]) for name in toy_town.maps()}
    changed |= {"plans/households.csv": "id,building,residents,children,elderly\n"}
    from civdef.load.workspace import read_workspace

    ws, _ = read_workspace(toy_town.write(tmp_path, changed))
    assert ws is not None
    with pytest.raises(UsageError, match="nothing that can be drawn"):
        write_map(ws, build_street_network(ws), lang="zh", path=tmp_path / "m.html")


def test_the_same_map_has_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    root = toy_town.write(tmp_path / "w")
    program = "import sys; from civdef.cli import main; sys.exit(main())"
    pages = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        done = subprocess.run(
            [sys.executable, "-c", program, "map", "-C", str(root), "-o", str(out), "--plan", "toy", "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        assert json.loads(done.stdout)["size_bytes"] == out.stat().st_size
        pages.append(out.read_bytes())
    assert pages[0] == pages[1]
    assert outside(pages[0].decode("utf-8")) == []


def test_the_sample_map_is_small_and_warns_of_nothing(
    sample: tuple[Workspace, StreetNetwork], tmp_path: Path
) -> None:
    ws, net = sample
    written = write_map(ws, net, lang="zh", path=tmp_path / "map.html")
    assert written.size_bytes < 4_000_000
    assert written.warnings == ()


def test_too_many_features_are_warned_of(
    toy: Workspace, toy_network: StreetNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civdef.render.map.MANY_FEATURES", 5)
    written = write_map(toy, toy_network, lang="zh", path=tmp_path / "map.html")
    assert "较慢" in written.warnings[0].zh


def test_whose_data_it_is_stands_on_every_edition(toy: Workspace, toy_network: StreetNetwork) -> None:
    credit = Name(zh="地图数据 © 某某", en="Map data © somebody")
    credited = replace(toy, settings=toy.settings.model_copy(update={"credit": credit}))
    for audience in Audience:
        foot = document(credited, toy_network, audience, evacuation=False)["page"]["foot"]
        assert "地图数据 © 某某" in foot
    assert not any("©" in line for line in document(toy, toy_network, evacuation=False)["page"]["foot"])


def test_candidates_are_for_those_who_choose(tmp_path: Path) -> None:
    """Shown where they are no shelters yet, on at first only where there is no shelter at all, never to the public."""

    def one(name: str, x_m: float) -> dict[str, Any]:
        return toy_town.feature(
            "Polygon", toy_town.square(x_m, 40, 10), id=f"candidate/{name}", name_zh=name, kind="park", area_m2=400,
            usable_m2=160, places={"emergency": 160}, hazards=["earthquake"],
        )  # fmt: skip

    shelters = toy_town.maps()["maps/shelters.geojson"]
    known = shelters[0]["properties"]["id"].partition("/")[2]
    files = {"maps/candidates.geojson": toy_town.collection([one(known, 40), one("garden", 80)])}
    some = load_workspace(toy_town.write(tmp_path / "some", files))
    network = build_street_network(some)
    drawn = layer(document(some, network), "candidates")
    assert (drawn["names"], drawn["on"]) == (["garden"], False)
    assert "candidates" not in {one["key"] for one in document(some, network, Audience.PUBLIC)["layers"]}
    none = replace(some, shelters={}, entrances={})
    bare, _, _ = map_document(none, network, lang="en", audience=Audience.COMMAND)
    drawn = layer(bare, "candidates")
    assert (len(drawn["names"]), drawn["on"]) == (2, True)


@pytest.mark.parametrize(
    ("used", "zh", "en"),
    [
        ({"air_raid"}, "人员掩蔽图", "air-raid cover map"),
        ({"air_raid", "emergency"}, "人员疏散图", "evacuation map"),
        ({"emergency"}, "人员疏散图", "evacuation map"),
        (set(), "人员疏散图", "evacuation map"),
    ],
)
def test_taking_cover_is_not_called_evacuation(
    sample: tuple[Workspace, StreetNetwork], used: set[str], zh: str, en: str
) -> None:
    ws = sample[0]
    loads = [
        SimpleNamespace(shelter=s.id, usable=s.shelter_class.value in used) for s in ws.shelters.values()
    ]
    for lang, title in (("zh", f"明泽湖街道{zh}"), ("en", f"Mingze Lake Sub-district · {en}")):
        context = SimpleNamespace(
            workspace=ws,
            lang=lang,
            evacuation=SimpleNamespace(plan="plan/civil-protection", shelters=loads),
            audience=Audience.COMMAND,
            name=str,
            say=str,
        )
        assert titles(context)[0] == title  # type: ignore[arg-type]
