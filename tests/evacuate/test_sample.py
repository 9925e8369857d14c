"""The sample street: every plan that moves people, by night and by day; people conserved, times in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from civdef.evacuate.question import Question
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.solve import evacuate
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from tests.evacuate.test_evacuate import conserved


@pytest.fixture(scope="module")
def street(sample_root: Path) -> tuple[Workspace, StreetNetwork]:
    ws = load_workspace(sample_root)
    return ws, build_street_network(ws)


def test_the_earthquake_plan_places_everybody_at_any_time(street: tuple[Workspace, StreetNetwork]) -> None:
    ws, net = street
    for time in DayPart:
        found = evacuate(ws, net, Question("earthquake", time))
        conserved(found)
        assert found.feasible
        assert found.clearance_s is not None
        assert found.nearest_clearance_s is not None
        assert found.clearance_s <= found.nearest_clearance_s
        assert found.gap is not None
        assert found.gap <= 0.05
        assert found.demand_persons == found.residents_persons + found.visitors_persons
        if time is DayPart.NIGHT:
            assert found.residents_persons == ws.residents


@pytest.mark.parametrize("time", [DayPart.NIGHT, DayPart.HOLIDAY])
def test_the_flood_plan_is_within_a_twentieth_of_the_optimum(
    street: tuple[Workspace, StreetNetwork], time: DayPart
) -> None:
    found = evacuate(*street, Question("flood", time))
    assert found.gap is not None
    assert found.gap <= 0.05
    assert found.bracket is not None
    assert found.bracket <= 1.05


def test_plans_with_a_footprint_leave_nobody_behind_in_silence(
    street: tuple[Workspace, StreetNetwork],
) -> None:
    ws, net = street
    asked = [
        p.id for p in ws.plans.values() if p.evacuation is not None and p.evacuation.scope == "footprint"
    ]
    assert asked
    for plan in asked:
        found = evacuate(ws, net, Question(plan), effort=Effort(20, 5, packing=0))
        conserved(found)
        assert found.footprints
        struck = {ws.footprints[f].hazard for f in found.footprints}
        used = {a.shelter for a in found.assignments}
        assert all(struck <= set(ws.shelters[s].hazards) for s in used)


def test_removing_a_used_shelter_moves_its_people_and_nothing_vanishes(
    street: tuple[Workspace, StreetNetwork],
) -> None:
    ws, net = street
    before = evacuate(ws, net, Question("earthquake"), effort=Effort.none())
    busiest = max(before.shelters, key=lambda s: s.assigned_persons).shelter
    after = evacuate(ws, net, Question("earthquake", without_shelters=(busiest,)), effort=Effort.none())
    conserved(after)
    assert busiest not in {a.shelter for a in after.assignments}
    assert after.demand_persons == before.demand_persons
    assert after.relaxed_person_m >= before.relaxed_person_m
