"""The sample street in war time: people add up, its figures are sane, and it says the same twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civdef.evacuate.question import Question
from civdef.evacuate.wartime.even import Evened, evened
from civdef.evacuate.wartime.report import wartime
from civdef.evacuate.wartime.result import BeyondLimit
from civdef.evacuate.wartime.stages import Stage
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace


def test_the_doors_of_the_sample_are_evened_out(sample_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No door gets more than it may pass but those named with the reason; in none of the times fewer are inside than before."""
    seen: list[tuple[Any, ...]] = []

    def kept(*given: Any) -> Evened:
        seen.append((*given, found := evened(*given)))
        return found

    monkeypatch.setattr("civdef.evacuate.wartime.cover.evened", kept)
    ws = load_workspace(sample_root)
    result = wartime(ws, build_street_network(ws), Question("civil-protection"))
    [(problem, _, _, plan, walked, share, start_s, times_s, after)] = seen
    persons, limit = problem.persons, np.floor(share + 1e-9)

    def beyond(entrance: Any) -> float:
        load = np.bincount(entrance, weights=persons, minlength=len(limit))
        return float(np.maximum(load - limit, 0).sum())

    assert beyond(plan.routes.entrance) > 10_000
    assert beyond(after.plan.routes.entrance) <= 30
    assert (plan.assignment.shelter == after.plan.assignment.shelter).all()
    before_s, now_s = start_s + walked.last_s, start_s + after.walked.last_s
    moved = plan.routes.entrance != after.plan.routes.entrance
    for time in times_s:
        assert persons[now_s <= time].sum() >= persons[before_s <= time].sum()
        late = (before_s <= time) & (now_s > time)
        assert not (late & moved).any()
        # 197, were nobody sent elsewhere who makes others late by coming first
        assert persons[late].sum() < 150
    for check in result.doors:
        assert sum(e.assigned_persons for e in check.entrances) == check.assigned_persons
        for e in check.entrances:
            assert (e.beyond is not None) is (e.assigned_persons > e.door_persons)
            if e.beyond is BeyondLimit.ROUNDING:
                assert check.assigned_persons * 0.30 <= check.width_m * 100 + 1e-6
                assert e.assigned_persons - e.door_persons < check.doors
    named = [e for d in result.doors for e in d.entrances if e.beyond is not None]
    assert len(named) < 10
    assert sum(e.assigned_persons - e.door_persons for e in named) == beyond(after.plan.routes.entrance)


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
