"""The ranked list: every gain is that of a plan of its own, the order is by gain, and what helps is found."""

from __future__ import annotations

from pathlib import Path

from civdef.evacuate.changes import Changes, changed, classes_of
from civdef.evacuate.question import Question
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.siting.propose import Wanted, figures, propose
from civdef.evacuate.siting.result import RankedOption
from civdef.evacuate.solve import evacuate, solve
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.town import Compound, Gate
from civdef.model.workspace import Workspace
from tests import toy_town
from tests.evacuate import towns


def compound() -> Workspace:
    """A walled compound of sixty people: its open gate leads away from the shelter, the locked one towards it.

    Sixty others stand before the shelter's only door, which is narrow.
    """
    yard = Compound(
        id="compound/y", name=towns.name("y"), community="community/c",
        **towns.placed(towns.shapely.box(90, 30, 210, 90)),
    )  # fmt: skip
    return towns.town(
        towns.plan(),
        towns.road("street", (0, 0), (200, 0), (600, 0), width_m=6), towns.road("back", (0, 0), (0, 60), (100, 60)),
        towns.road("yard", (100, 60), (200, 60), compound="compound/y"), towns.road("front", (200, 60), (200, 0)),
        yard,
        Gate(id="gate/open", name=towns.name("open"), compound="compound/y", width_m=3, **towns.placed(towns.shapely.Point(100, 60))),
        Gate(id="gate/shut", name=towns.name("shut"), compound="compound/y", width_m=3, locked=True, **towns.placed(towns.shapely.Point(200, 60))),
        towns.house("in", 150, 70, compound="compound/y"), towns.household("1", "in", 60),
        towns.house("out", 300, 10), towns.household("2", "out", 60),
        towns.shelter("s", 320, 20, 200), towns.entrance("e", "s", 320, 0, 0.6),
    )  # fmt: skip


def changes_of(option: RankedOption) -> Changes:
    flag, what = option.change.split()
    if flag == "--door":
        name, _, width = what.partition("=")
        return Changes(doors=((name, float(width)),))
    return Changes(opened=(what,))


def test_every_gain_is_that_of_a_plan_of_its_own() -> None:
    ws, question = compound(), Question("plan/p")
    found = propose(ws, question, Wanted(radius_m=200), step_s=5)
    assert {o.kind for o in found.options} == {"door", "gate"}
    base = solve(ws, build_street_network(ws), question, step_s=5, effort=Effort.none())
    assert found.base == figures(base, 200)
    for option in found.options:
        town = changed(ws, changes_of(option))
        fresh = evacuate(town, build_street_network(town), question, step_s=5, effort=Effort.none())
        assert option.figures.clearance_s == fresh.clearance_s
        assert option.figures.placed_persons == fresh.placed_persons
        assert option.figures.left_over_persons == fresh.left_over_persons
        assert option.figures.reached_persons == sum(r.persons for r in fresh.assignments if r.walk_m <= 200)
        assert found.base.clearance_s is not None
        assert fresh.clearance_s is not None
        assert option.gain.clearance_s == found.base.clearance_s - fresh.clearance_s


def test_the_gate_towards_the_shelter_and_its_door_are_found() -> None:
    found = propose(compound(), Question("plan/p"), Wanted(radius_m=250), step_s=5)
    by_kind = {o.kind: o for o in found.options}
    assert by_kind["gate"].object == "gate/shut"
    assert by_kind["gate"].gain.reached_persons == 60
    assert (by_kind["gate"].gain.clearance_s or 0) > 60
    assert by_kind["door"].object == "shelter/s"
    assert by_kind["door"].change == "--door shelter/s=2"
    ranks = [(o.gain.placed_persons, o.gain.clearance_s, o.gain.reached_persons) for o in found.options]
    assert ranks == sorted(ranks, reverse=True)
    assert [o.rank for o in found.options] == list(range(1, len(found.options) + 1))


def test_only_what_is_asked_for() -> None:
    found = propose(compound(), Question("plan/p"), Wanted(kinds=("gate",), radius_m=200), step_s=5)
    assert {o.kind for o in found.options} == {"gate"}
    assert found.looked_at == {"gate": 1}
    assert found.models == ()


def test_candidates_are_ranked_and_the_models_agree(tmp_path: Path) -> None:
    """South shelter out: four people lack a place. The park (5 places) takes them, the far yard (40) too."""
    park = {
        "kind": "park",
        "area_m2": 900,
        "usable_m2": 540,
        "hazards": ["earthquake"],
        "community": "community/toy",
    }
    found = [
        toy_town.feature("Polygon", toy_town.square(80, 20, 15), id="candidate/park", name_zh="小公园", places={"emergency": 5}, **park),
        toy_town.feature("Polygon", toy_town.square(20, 60, 8), id="candidate/yard", name_zh="大院", places={"emergency": 40}, **park),
        toy_town.feature("Polygon", toy_town.square(60, 60, 8), id="candidate/tiny", name_zh="角落", places={"emergency": 1}, **park),
        toy_town.feature("Polygon", toy_town.square(160, 60, 8), id="candidate/other", name_zh="别类", places={"long_term": 90}, **park),
    ]  # fmt: skip
    ws = load_workspace(toy_town.write(tmp_path, {"maps/candidates.geojson": toy_town.collection(found)}))
    question = Question("toy", without_shelters=("south",))
    result = propose(ws, question, Wanted(number=1, kinds=("candidate",), radius_m=300))
    assert result.looked_at == {"candidate": 3}, "one is of no class that the plan uses"
    options = {o.object: o for o in result.options}
    assert options["candidate/park"].gain.placed_persons == 4
    assert options["candidate/yard"].gain.placed_persons == 4
    assert options["candidate/yard"].places == 40
    assert options["candidate/tiny"].rank == 3
    models = {m.model: m for m in result.models}
    assert set(models) == {"p_median", "mclp", "lscp"}
    assert models["p_median"].left_persons == 0
    assert models["p_median"].gain.placed_persons == 4
    assert len(models["p_median"].sites) == 1
    for option in result.options:
        changes = Changes(opened=(option.object,), classes=classes_of(ws, "toy"))
        town = changed(ws, changes)
        fresh = evacuate(town, build_street_network(town), question, effort=Effort.none())
        assert (option.figures.placed_persons, option.figures.clearance_s) == (
            fresh.placed_persons,
            fresh.clearance_s,
        )


def test_the_same_twice() -> None:
    ws = towns.grid(11, tightness=0.9)
    assert propose(ws, Question("plan/p")).to_json() == propose(ws, Question("plan/p")).to_json()
