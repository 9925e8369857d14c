"""Each what-if equals a fresh run on an edited workspace; the measures of a plan are what they say."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.errors import UsageError
from civdef.evacuate.changes import Changes, changed, classes_of, suited
from civdef.evacuate.objectives import Measures, Objective, key
from civdef.evacuate.question import Question, ask
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.solve import evacuate
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.load.promote import run_promote
from civdef.model.plan import OneWayStreet
from civdef.model.shelter import ShelterClass
from civdef.model.town import Compound, Gate
from civdef.model.workspace import Workspace
from tests import toy_town
from tests.evacuate import towns

ASKED = {"inputs", "changes", "closed_roads", "without_shelters", "one_way"}
"""What says how the question was put, not what came of it."""


def run(ws: Workspace, question: Question, changes: Changes | None = None) -> EvacuationResult:
    ws = changed(ws, changes or Changes())
    return evacuate(ws, build_street_network(ws), question, step_s=10)


def outcome(found: EvacuationResult) -> dict[str, Any]:
    data = json.loads(found.to_json())
    return {k: v for k, v in data.items() if k not in ASKED}


def edited(root: Path, file: str, edit: Any) -> Workspace:
    """Return the toy town with one file edited."""
    text = toy_town.files()[file]
    if file.endswith(".geojson"):
        data = json.loads(text)
        edit(data["features"])
        text = json.dumps(data)
    else:
        text = edit(text)
    return load_workspace(toy_town.write(root, {file: text}))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load_workspace(toy_town.write(tmp_path_factory.mktemp("toy")))


def policy(more: str) -> Any:
    return lambda text: text.replace(
        "evacuation:\n  shelter_classes: [emergency]\n", f"evacuation:\n  shelter_classes: [emergency]\n  {more}\n"
    )  # fmt: skip


def test_without_equals_the_plan_ruling_the_shelter_out(toy: Workspace, tmp_path: Path) -> None:
    asked = outcome(run(toy, Question("toy", without_shelters=("south",))))
    fresh = outcome(run(edited(tmp_path, "plans/contingency/toy.yaml", policy("exclude_shelters: [shelter/south]")), Question("toy")))  # fmt: skip
    for row in (*asked["shelters"], *fresh["shelters"]):
        row.pop("refused")
    assert asked == fresh
    assert asked["left_over_persons"] == 4


def test_without_equals_a_register_without_the_shelter(toy: Workspace, tmp_path: Path) -> None:
    asked = outcome(run(toy, Question("toy", without_shelters=("south",))))
    shelters = [
        f for f in toy_town.maps()["maps/shelters.geojson"] if f["properties"]["id"] != "shelter/south"
    ]
    entrances = [f for f in toy_town.maps()["maps/entrances.geojson"] if f["properties"]["shelter"] != "shelter/south"]  # fmt: skip
    files = {"maps/shelters.geojson": toy_town.collection(shelters), "maps/entrances.geojson": toy_town.collection(entrances)}  # fmt: skip
    fresh = outcome(run(load_workspace(toy_town.write(tmp_path, files)), Question("toy")))
    asked["shelters"] = [s for s in asked["shelters"] if s["shelter"] != "shelter/south"]
    assert asked == fresh


def test_closed_equals_the_plan_closing_the_street(toy: Workspace, tmp_path: Path) -> None:
    asked = outcome(run(toy, Question("toy", closed_roads=("west",))))
    fresh = edited(tmp_path, "plans/contingency/toy.yaml", policy("closed_roads: [road/west]"))
    assert asked == outcome(run(fresh, Question("toy")))


def test_closed_equals_a_street_nobody_walks(toy: Workspace, tmp_path: Path) -> None:
    """No house of the toy town has its door on the street closed, so that drawing it unwalkable moves no door."""

    def unwalkable(features: list[dict[str, Any]]) -> None:
        next(f for f in features if f["properties"]["id"] == "road/west")["properties"]["walk"] = False

    asked = outcome(run(toy, Question("toy", closed_roads=("west",))))
    assert asked == outcome(run(edited(tmp_path, "maps/roads.geojson", unwalkable), Question("toy")))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_one_way_equals_the_plan_saying_so(toy: Workspace, tmp_path: Path, direction: Any, whole: bool) -> None:  # fmt: skip
    street = OneWayStreet(road="road/main", direction=direction, whole_width=whole)
    asked = run(toy, Question("toy", one_way=(street,)))
    said = f"one_way: [{{road: road/main, direction: {direction}, whole_width: {str(whole).lower()}}}]"
    fresh = edited(tmp_path, "plans/contingency/toy.yaml", policy(said))
    assert outcome(asked) == outcome(run(fresh, Question("toy")))
    assert [w.road for w in asked.one_way] == ["road/main"]


def test_a_door_equals_a_drawn_one(toy: Workspace, tmp_path: Path) -> None:
    def door(features: list[dict[str, Any]]) -> None:
        north = next(f for f in features if f["properties"]["shelter"] == "shelter/north")
        more = {
            "id": "entrance/north-added-1",
            "name_zh": "增设出入口 1",
            "shelter": "shelter/north",
            "width_m": 1.5,
        }
        features.append({**north, "properties": more})

    asked = run(toy, Question("toy"), Changes(doors=(("north", 1.5),)))
    assert asked.changes == ("door shelter/north=1.5",)
    assert outcome(asked) == outcome(run(edited(tmp_path, "maps/entrances.geojson", door), Question("toy")))


def test_a_second_door_keeps_the_assumed_first_one() -> None:
    ws = towns.town(
        towns.plan(), towns.road("one", (0, 0), (300, 0)), towns.house("a", 0, 10),
        towns.household("1", "a", 40), towns.shelter("s", 300, 20, 40, indoor=True),
    )  # fmt: skip
    more = changed(ws, Changes(doors=(("s", 3.0),)))
    assert {e.id: e.width_m for e in more.entrances.values()} == {
        "entrance/s-assumed": 2.0,
        "entrance/s-added-1": 3.0,
    }
    net, before = build_street_network(more), build_street_network(ws)
    assert net.entrance_width_m.sum() == before.entrance_width_m.sum() + 3.0
    at = before.entrance_node[0]
    assert net.x_m[net.entrance_node] == pytest.approx([before.x_m[at]] * 2, abs=1e-6)
    assert run(more, Question("plan/p")).feasible


def test_places_equal_a_register_with_them(toy: Workspace, tmp_path: Path) -> None:
    def places(features: list[dict[str, Any]]) -> None:
        next(f for f in features if f["properties"]["id"] == "shelter/south")["properties"]["places"] = 7

    asked = run(toy, Question("toy"), Changes(places=(("shelter/south", 7),)))
    assert outcome(asked) == outcome(run(edited(tmp_path, "maps/shelters.geojson", places), Question("toy")))


def walled(locked: bool) -> Workspace:
    """A house in a compound whose gate is between it and the shelter."""
    box = towns.placed(shapely.box(-50, -50, 150, 50))
    gate = towns.placed(shapely.Point(150, 0))
    compound = "compound/k"
    return towns.town(
        towns.plan(),
        towns.road("in", (0, 0), (150, 0), compound=compound),
        towns.road("out", (150, 0), (300, 0)),
        Compound(id=compound, name=towns.name("k"), community="community/c", **box),
        Gate(id="gate/k", name=towns.name("g"), compound=compound, width_m=3, locked=locked, **gate),
        towns.house("a", 0, 10, compound=compound),
        towns.household("1", "a", 4),
        towns.shelter("s", 300, 20, 10),
    )


def test_an_opened_gate_equals_one_that_is_never_locked() -> None:
    shut = run(walled(True), Question("plan/p"))
    assert shut.left_over_persons == 4
    assert shut.binding[0].objects == ("gate/k",)
    opened = run(walled(True), Question("plan/p"), Changes(opened=("k",)))
    assert opened.changes == ("open gate/k",)
    assert outcome(opened) == outcome(run(walled(False), Question("plan/p")))


def with_candidates(root: Path) -> Path:
    """The toy town with a park beside the lane and a hall that is one only for longer stays."""
    found = [
        toy_town.feature(
            "Polygon", toy_town.square(80, 20, 15), id="candidate/park", name_zh="小公园", kind="park", area_m2=900,
            usable_m2=540, places={"short_term": 200, "emergency": 5}, hazards=["earthquake"], community="community/toy",
        ),
        toy_town.feature(
            "Polygon", toy_town.square(150, 30, 8), id="candidate/hall", name_zh="礼堂", kind="hall", area_m2=256,
            usable_m2=128, places={"short_term": 40}, hazards=["earthquake"], indoor=True,
        ),
    ]  # fmt: skip
    return toy_town.write(root, {"maps/candidates.geojson": toy_town.collection(found)})


def test_an_opened_candidate_equals_a_promoted_one(tmp_path: Path) -> None:
    before = load_workspace(with_candidates(tmp_path / "a"))
    question = Question("toy", without_shelters=("south",))
    assert run(before, question).left_over_persons == 4
    changes = Changes(opened=("park",), classes=classes_of(before, "toy"))
    asked = run(before, question, changes)
    assert asked.changes == ("open candidate/park",)
    assert asked.left_over_persons == 0
    run_promote(with_candidates(tmp_path / "b"), ("park",), "zh", shelter_class=ShelterClass.EMERGENCY)
    promoted = load_workspace(tmp_path / "b")
    assert promoted.shelters["shelter/park"].places.whole == 5, "the class of the plan, not the first one"
    assert outcome(asked) == outcome(run(promoted, question))
    with pytest.raises(UsageError, match="already"):
        changed(promoted, changes)


def test_a_candidate_of_no_class_of_the_plan_is_open_and_refused(tmp_path: Path) -> None:
    ws = load_workspace(with_candidates(tmp_path))
    found = run(ws, Question("toy"), Changes(opened=("candidate/hall",), classes=classes_of(ws, "toy")))
    (hall,) = (s for s in found.shelters if s.shelter == "shelter/hall")
    assert hall.refused == "not of a class the plan uses"
    assert suited(ws, ask(ws, build_street_network(ws), Question("toy"))) == ("candidate/park",)


def test_what_ifs_that_say_nothing_or_two_things_are_refused(toy: Workspace) -> None:
    with pytest.raises(UsageError, match="open already"):
        changed(walled(False), Changes(opened=("k",)))
    with pytest.raises(UsageError, match="two numbers"):
        changed(toy, Changes(places=(("north", 5), ("shelter/north", 6))))
    with pytest.raises(UsageError) as error:
        changed(toy, Changes(doors=(("nort", 2.0),)))
    assert error.value.hint is not None
    assert "shelter/north" in error.value.hint.en
    both = tuple(OneWayStreet(road="road/main", direction=d) for d in ("forward", "backward"))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="both directions"):
        run(toy, Question("toy", one_way=both))


def test_one_way_streets_are_walked_one_way() -> None:
    """A ring of 300 m by 100 m: house and shelter 100 m apart; against the one-way street it is the long way round."""
    ring = [
        ("a", (0, 0), (100, 0)),
        ("b", (100, 0), (100, 100)),
        ("c", (100, 100), (0, 100)),
        ("d", (0, 100), (0, 0)),
    ]
    ws = towns.town(
        towns.plan(), *(towns.road(n, p, q) for n, p, q in ring),
        towns.house("h", 0, -5), towns.household("1", "h", 3),
        towns.shelter("s", 100, -5, 10), towns.entrance("s", "s", 100, -5),
    )  # fmt: skip
    along = run(ws, Question("plan/p", one_way=(OneWayStreet(road="road/a", direction="forward"),)))
    against = run(ws, Question("plan/p", one_way=(OneWayStreet(road="road/a", direction="backward"),)))
    assert along.assignments[0].roads == ("road/a",)
    assert against.assignments[0].roads == ("road/d", "road/c", "road/b")
    assert against.longest_walk_m == pytest.approx((along.longest_walk_m or 0) + 200, abs=0.5)


def test_contraflow_gives_the_whole_width() -> None:
    """200 persons through a lane of 1 m: half of it lets 0.5 x flow through, the whole twice that."""
    ws = towns.town(
        towns.plan(), towns.road("lane", (0, 0), (100, 0), width_m=1.0),
        towns.house("h", 0, 10), towns.household("1", "h", 60), towns.household("2", "h", 60),
        towns.household("3", "h", 60),
        towns.shelter("s", 100, 15, 300), towns.entrance("s", "s", 100, 5, width_m=0.6),
    )  # fmt: skip

    def network_width(question: Question) -> float:
        problem = ask(ws, build_street_network(ws), question).problem
        street = problem.network.arcs_of_road("road/lane")
        return float(problem.usable_width_m[street[problem.open[street]]].min())

    street = {"road": "road/lane", "direction": "forward"}
    one_way = Question("plan/p", one_way=(OneWayStreet(**street),))  # type: ignore[arg-type]
    contra = Question("plan/p", one_way=(OneWayStreet(**street, whole_width=True),))  # type: ignore[arg-type]
    share = ws.settings.evacuation.width_share
    assert network_width(one_way) >= share
    assert network_width(contra) >= 1.0
    slow, quick = run(ws, one_way), run(ws, contra)
    assert (quick.clearance_s or 0) <= (slow.clearance_s or 0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 4), st.integers(0, 2))
def test_one_more_door_never_raises_the_bound(seed: int, width_m: float, which: int) -> None:
    ws = towns.grid(seed, tightness=2.0)
    before = evacuate(ws, build_street_network(ws), Question("plan/p"))
    more = changed(ws, Changes(doors=((f"s{which}", width_m),)))
    after = evacuate(more, build_street_network(more), Question("plan/p"))
    assert after.demand_persons == before.demand_persons
    assert after.left_over_persons <= before.left_over_persons
    if before.left_over_persons == after.left_over_persons == 0:
        assert after.bound_s is not None
        assert before.bound_s is not None
        assert after.bound_s <= before.bound_s + 1.01  # both are found to the second


def test_communities_and_zones_add_up(toy: Workspace) -> None:
    flood = [
        towns.footprint("deep", "flood", (-20, -20, 50, 30), depth_m=1.2, from_min=2),
        towns.footprint("later", "flood", (80, -20, 120, 30), depth_m=1.2, from_min=60),
    ]
    ws = towns.town(
        towns.road("one", (0, 0), (300, 0)), towns.house("a", 0, 10), towns.house("b", 100, 10),
        towns.household("1", "a", 4), towns.household("2", "b", 6), towns.shelter("s", 300, 20, 10),
        towns.entrance("s", "s", 300, 0), *flood,
        towns.plan(hazards=("flood",), footprint=("hazard/deep", "hazard/later")),
    )  # fmt: skip
    found = run(ws, Question("plan/p"))
    assert [(z.deadline_s, z.footprints, z.persons, z.late_persons) for z in found.zones] == [
        (120, ("hazard/deep",), 4, 4),
        (3600, ("hazard/later",), 6, 0),
    ]
    assert found.zones[0].margin_s is not None
    assert found.zones[0].margin_s < 0 < (found.zones[1].margin_s or 0)
    assert sum(z.late_persons for z in found.zones) == found.late_persons
    (part,) = found.communities
    assert (part.persons, part.placed_persons, part.left_over_persons) == (10, 10, 0)
    assert part.clearance_s == found.clearance_s
    assert part.mean_walk_m == found.mean_walk_m


def test_nobody_left_over_comes_first_under_every_objective() -> None:
    good = Measures(0, 90, 900, 5000.0, 900.0, 50, 9000.0, 800.0)
    bad = Measures(1, 10, 10, 10.0, 10.0, 0, 0.0, 10.0)
    for objective in Objective:
        assert key(objective, good) < key(objective, bad)
    first = {
        Objective.CLEARANCE: {"steps": 89},
        Objective.WALKING: {"person_m": 4999.0},
        Objective.LONGEST_WALK: {"longest_m": 899.0},
        Objective.DEADLINE: {"late_persons": 49},
        Objective.FAIRNESS: {"worst_mean_m": 799.0},
    }
    worse = {
        "steps": 100, "person_steps": 2000, "person_m": 9000.0, "longest_m": 2000.0, "late_persons": 90,
        "late_person_s": 99999.0, "worst_mean_m": 2000.0,
    }  # fmt: skip
    for objective, better in first.items():
        other = dataclasses.replace(good, **{**worse, **better})  # type: ignore[arg-type]
        assert key(objective, other) < key(objective, good), objective
