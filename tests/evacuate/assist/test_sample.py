"""The sample street: by night and by day, and with three in ten of the helpers gone."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest

from civdef.evacuate.assist.check import faults
from civdef.evacuate.assist.plan import plan_assistance
from civdef.evacuate.assist.report import report
from civdef.evacuate.assist.result import AssistReason
from civdef.evacuate.question import Question, ask
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from tests.evacuate.assist.test_pairs import blossom


@pytest.fixture(scope="module")
def street(sample_root: Path) -> tuple[Workspace, StreetNetwork]:
    ws = load_workspace(sample_root)
    return ws, build_street_network(ws)


def with_settings(ws: Workspace, **changed: object) -> Workspace:
    mine = ws.settings.assistance.model_copy(update=changed)
    return dataclasses.replace(ws, settings=ws.settings.model_copy(update={"assistance": mine}))


@pytest.mark.parametrize("time", list(DayPart))
def test_the_flood_plan_fetches_everybody(street: tuple[Workspace, StreetNetwork], time: DayPart) -> None:
    ws, net = street
    if time is not DayPart.NIGHT:
        ws = with_settings(ws, search_moves=20)
    asked = ask(ws, net, Question("flood", time))
    found = report(ws, plan_assistance(ws, asked))
    assert faults(ws, asked, found) == []
    assert found.feasible
    assert found.register_persons > 50
    assert found.trips


@pytest.mark.parametrize("turns", [1, 2])
def test_with_three_in_ten_helpers_gone_exactly_the_unserved_are_named(
    street: tuple[Workspace, StreetNetwork], turns: int
) -> None:
    """Only those named in the register, and who lives in the same building; the whole street."""
    ws, net = street
    ws = with_settings(ws, helper_reach_m=0, helper_turns=turns, search_moves=20)
    named = {
        h for p in ws.assisted.values() for h in (p.helper_1, p.helper_2, p.reserve_helper) if h is not None
    }
    gone = tuple(random.Random(30).sample(sorted(named), round(0.3 * len(named))))
    asked = ask(ws, net, Question("earthquake"))
    plan = plan_assistance(ws, asked, gone)
    found = report(ws, plan, gone)
    assert faults(ws, asked, found) == []
    assert found.left_over_persons > 50

    busy = set(plan.busy) | plan.fleet.drivers
    assert set(gone) <= busy
    free = [p for p in sorted(ws.people) if p not in busy]
    possible = np.full((len(ws.assisted), len(free)), np.inf)
    for i, entry in enumerate(ws.assisted.values()):
        home = ws.households[entry.household].building
        for q, helper in enumerate(free):
            if (
                helper in (entry.helper_1, entry.helper_2, entry.reserve_helper)
                or ws.people[helper].home == home
            ):
                possible[i, q] = 0.0
    most = blossom(possible, turns)
    reasons = [p.reason for p in found.left_over]
    assert reasons == [AssistReason.NO_HELPER_PAIR] * len(reasons)
    assert found.helped_persons == most
    assert {p.person for p in found.left_over} == set(ws.assisted) - {p.person for p in found.persons}
    for p in found.left_over:
        assert p.fix_zh.startswith("再落实")
