"""Why each building goes where it goes: hand-worked, and checked against the plan's own figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.errors import UsageError
from civdef.evacuate.question import Question
from civdef.evacuate.result import LeftReason
from civdef.evacuate.solve import evacuate
from civdef.evacuate.why import WhyResult, explain
from civdef.evacuate.why.result import Alternative, BuildingWhy
from civdef.graph.roads import build_street_network
from civdef.model.shelter import ShelterClass
from civdef.model.workspace import Workspace
from tests.evacuate import towns


def street(*more: Any, near: int = 10, far: int = 50) -> Workspace:
    """One straight street: houses at 0, 20 and 40 m, the near shelter at 60 m, the far one at 400 m."""
    return towns.town(
        towns.plan(), towns.road("one", (0, 0), (500, 0), width_m=6),
        towns.house("a", 0, 10), towns.household("1", "a", 6), towns.house("b", 20, 10), towns.household("2", "b", 6),
        towns.house("c", 40, 10), towns.household("3", "c", 6),
        towns.shelter("near", 60, 20, near), towns.entrance("n", "near", 60, 0, 4.0),
        towns.shelter("far", 400, 20, far), towns.entrance("f", "far", 400, 0, 4.0), *more,
    )  # fmt: skip


def told(why: WhyResult) -> dict[str, BuildingWhy]:
    return {b.building.partition("/")[2]: b for b in why.buildings}


def test_nearest_with_room_and_full() -> None:
    found = told(explain(street(), Question("plan/p"), buildings=None, verify=0))
    inside = [b for b, w in found.items() if w.shelter == "shelter/near"]
    assert len(inside) == 1, "two houses of six do not fit into ten places"
    for name, why in found.items():
        if name in inside:
            assert why.reason == "nearest"
            assert [a.shelter for a in why.alternatives] == ["shelter/far"], (
                "the next one farther away is told"
            )
        else:
            assert why.reason == "nearer_shelters_full"
            (full,) = why.alternatives
            assert (full.shelter, full.verdict, full.free_places) == ("shelter/near", "full", 4)
            assert full.exchange_building == f"building/{inside[0]}"
            assert full.exchange_person_m == pytest.approx(0, abs=0.5), (
                "all walk along one street: an exchange is even"
            )


def test_the_way_is_the_shortest_one() -> None:
    found = told(explain(street(near=100), Question("plan/p"), buildings=("a", "building/c"), verify=0))
    assert set(found) == {"a", "c"}
    assert found["a"].walk_m == pytest.approx(60 + 10, abs=0.5), (
        "to the street, then along it; the house's own wall at 6 m"
    )
    assert found["a"].alternatives[0].walk_m == pytest.approx(400 + 10, abs=0.5)


def test_refused_shelters_are_told_with_the_reason() -> None:
    more = (
        towns.shelter("basement", 5, 20, 100, shelter_class=ShelterClass.LONG_TERM), towns.entrance("x", "basement", 5, 0),
        towns.shelter("quake", 8, 20, 100, hazards=("flood",)), towns.entrance("y", "quake", 8, 0),
    )  # fmt: skip
    found = told(explain(street(*more, near=100), Question("plan/p"), buildings=("a",), verify=0))
    why = found["a"]
    assert why.reason == "nearest", "a shelter that may not be used does not count as nearer"
    refused = {
        a.shelter: (a.verdict, a.refused_en, a.walk_m) for a in why.alternatives if a.verdict == "refused"
    }
    assert refused["shelter/basement"][1] == "not of a class the plan uses"
    assert refused["shelter/quake"][1] == "not suited to this hazard"
    assert refused["shelter/basement"][2] == pytest.approx(15, abs=0.5)


def test_left_over_people_are_told_what_was_full() -> None:
    found = told(explain(street(near=7, far=8), Question("plan/p"), buildings=None, verify=0))
    left = [w for w in found.values() if w.shelter is None]
    assert len(left) == 1
    assert left[0].reason == "left_over"
    assert left[0].left_reason == LeftReason.NO_ROOM
    assert {a.verdict for a in left[0].alternatives} == {"full"}
    assert len(left[0].alternatives) == 2


def test_nobody_can_get_in_at_all() -> None:
    why = explain(street(), Question("plan/p", without_shelters=("near", "far")), buildings=None)
    assert why.cuts == ()
    assert why.reliefs == ()
    assert why.optimum_s is None
    assert why.binding[0].kind == "policy"
    assert {b.reason for b in why.buildings} == {"left_over"}
    assert {a.verdict for b in why.buildings for a in b.alternatives} == {"refused"}


def test_an_unknown_building_is_refused() -> None:
    with pytest.raises(UsageError, match="building"):
        explain(street(), Question("plan/p"), buildings=("aa",))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.7, 1.05, 1.5]))
def test_every_verdict_is_true(seed: int, tightness: float) -> None:
    ws = towns.grid(seed, tightness=tightness)
    net = build_street_network(ws)
    why = explain(ws, Question("plan/p"), buildings=None, verify=0, step_s=10)
    plan = evacuate(ws, net, Question("plan/p"), step_s=10)
    free = {s.shelter: s.places - s.assigned_persons for s in plan.shelters}
    persons: dict[str, int] = {}
    for row in (*plan.assignments, *plan.left_over):
        assert row.building is not None
        persons[row.building] = persons.get(row.building, 0) + row.persons
    assert sum(b.persons for b in why.buildings) == plan.demand_persons, "nobody vanishes"
    assert {b.building for b in why.buildings} == set(persons)
    for b in why.buildings:
        walks = [a.walk_m for a in b.alternatives if a.walk_m is not None]
        assert walks == sorted(walks)
        assert b.shelter not in {a.shelter for a in b.alternatives}
        for a in b.alternatives:
            check(b, a, free)
        nearer = [
            a
            for a in b.alternatives
            if a.walk_m is not None and b.shortest_m is not None and a.walk_m < b.shortest_m - 0.1
        ]
        if b.reason == "nearest":
            assert all(a.verdict in ("refused", "no_way") for a in nearer)
        if b.reason == "nearer_shelters_full":
            assert nearer
            assert all(a.verdict in ("full", "refused", "no_way") for a in nearer)


def check(b: BuildingWhy, a: Alternative, free: dict[str, int]) -> None:
    assert a.free_places == max(free[a.shelter], 0)
    if a.verdict == "full":
        assert free[a.shelter] < b.persons
    elif a.verdict in ("later", "longer", "more_late", "same", "better"):
        assert free[a.shelter] >= b.persons
        assert a.clearance_change_s is not None
        assert a.inside_change_s is not None
    if a.verdict == "better":
        assert b.shelter is None or (a.clearance_change_s or 0) <= 0
    if a.verdict == "same":
        assert a.clearance_change_s == 0
