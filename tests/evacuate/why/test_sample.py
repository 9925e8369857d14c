"""On the sample street: what is named as setting the time is widened in the workspace itself, and so is everything else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pytest

from civdef.evacuate.flow import quickest, step_network
from civdef.evacuate.question import Question, ask
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.stepped import contract
from civdef.evacuate.why import WhyResult, explain
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.base import figure
from civdef.model.workspace import Workspace

MUCH = 20.0


@pytest.fixture(scope="module")
def sample(sample_root: Path) -> Workspace:
    return load_workspace(sample_root)


def widened(ws: Workspace, wanted: Callable[[str], bool]) -> Workspace:
    """Return the town with the streets, doors and places that are wanted made much wider."""
    return dataclasses.replace(
        ws,
        roads={k: r.model_copy(update={"width_m": r.width_m * MUCH}) if wanted(k) else r for k, r in ws.roads.items()},
        entrances={k: e.model_copy(update={"width_m": e.width_m * MUCH}) if wanted(k) else e for k, e in ws.entrances.items()},
        shelters={
            k: s.model_copy(update={"places": figure(s.places.whole * 20)}) if wanted(k) else s for k, s in ws.shelters.items()
        },
    )  # fmt: skip


def optimum_s(ws: Workspace, plan: str, step_s: int) -> float:
    problem = ask(ws, build_street_network(ws), Question(plan)).problem
    found = quickest(
        step_network(
            problem, contract(problem, step_s), np.ones(len(problem.buildings), dtype=np.bool_)
        ).network
    )
    assert found.steps is not None
    return float(found.steps * step_s)


def named(why: WhyResult) -> Collection[str]:
    cuts = [c for c in why.cuts if c.sets_time]
    assert len(cuts) < len(why.cuts), "something would bind next"
    return {o for c in cuts for p in c.parts for o in (p.object, *p.roads)}


@pytest.mark.parametrize("plan", ["flood", "earthquake"])
def test_the_named_cut_is_the_one(sample: Workspace, plan: str) -> None:
    why = explain(sample, Question(plan), verify=0, effort=Effort.none())
    assert why.optimum_s is not None
    assert why.left_over_persons == 0
    cut = named(why)
    assert cut, "on the sample street distance does not set the time"
    assert optimum_s(widened(sample, lambda k: k in cut), plan, why.step_s) < why.optimum_s
    assert optimum_s(widened(sample, lambda k: k not in cut), plan, why.step_s) == why.optimum_s
