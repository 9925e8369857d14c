"""The ranked list: every gain is that of a plan of its own, the order is by gain, and what helps is found."""

from __future__ import annotations

from civdef.evacuate.changes import Changes, changed
from civdef.evacuate.question import Question
from civdef.evacuate.siting.propose import Wanted, figures, propose
from civdef.evacuate.siting.result import RankedOption
from civdef.evacuate.solve import evacuate, solve
from civdef.graph.roads import build_street_network
from civdef.model.town import Compound, Gate
from civdef.model.workspace import Workspace
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
    base = solve(ws, build_street_network(ws), question, step_s=5)
    assert found.base == figures(base, 200)
    for option in found.options:
        town = changed(ws, changes_of(option))
        fresh = evacuate(town, build_street_network(town), question, step_s=5, bound="none")
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


def test_the_same_twice() -> None:
    ws = towns.grid(11, tightness=0.9)
    assert propose(ws, Question("plan/p")).to_json() == propose(ws, Question("plan/p")).to_json()
