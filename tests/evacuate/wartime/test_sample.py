"""The sample street in war time: people add up, its figures are sane, and it says the same twice."""

from __future__ import annotations

from pathlib import Path

from civdef.evacuate.question import Question
from civdef.evacuate.wartime.report import wartime
from civdef.evacuate.wartime.stages import Stage
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace


def test_the_sample_street(sample_root: Path) -> None:
    ws = load_workspace(sample_root)
    net = build_street_network(ws)
    question = Question("civil-protection")
    found = wartime(ws, net, question)
    assert found.feasible
    assert found.residents_persons == ws.residents
    assert found.present_persons >= ws.residents
    assert sum(c.persons for c in found.communities) == found.present_persons
    assert sum(b.persons for b in found.buildings) == found.present_persons
    assert found.place_within_radius_persons <= found.within_radius_persons <= found.present_persons
    for one in found.in_time:
        inside = {
            b.building
            for b in found.buildings
            if b.planned_s is not None and b.planned_s <= one.limit_min * 60
        }
        assert inside.isdisjoint(one.late_buildings)
        assert one.planned_persons == sum(b.persons for b in found.buildings if b.building in inside)
    for door in found.doors:
        assert door.assigned_persons <= door.usable_persons <= door.places
        assert door.assigned_persons <= 700 * door.doors
        assert door.assigned_persons * 0.30 <= door.width_m * 100 + 1e-6
    for stage in found.stages:
        assert sum(m.persons for m in stage.marches) == stage.carried_persons == stage.persons
        assert stage.ordered_persons - 60 < stage.persons <= stage.ordered_persons
        assert not stage.late
    later = wartime(ws, net, question, gone=Stage.IMMINENT)
    assert later.present_persons == found.present_persons - sum(s.persons for s in found.stages)
    assert later.to_json() == wartime(ws, net, question, gone=Stage.IMMINENT).to_json()
