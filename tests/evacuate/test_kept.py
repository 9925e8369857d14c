"""A kept plan taken up again: the same arcs as when it was made, or refused with the reason."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from civdef.errors import UsageError
from civdef.evacuate.kept import Kept, taken_up
from civdef.evacuate.question import Question, ask
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.solve import Solution, report, solve
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from tests import toy_town

Town = tuple[Workspace, StreetNetwork, Solution, EvacuationResult]


def planned(ws: Workspace, question: Question, effort: Effort | None = None) -> Town:
    network = build_street_network(ws)
    solution = solve(ws, network, question, effort=effort)
    return ws, network, solution, report(ws, solution)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return planned(load_workspace(toy_town.write(tmp_path_factory.mktemp("toy"))), Question("toy"))


def kept(result: EvacuationResult) -> Kept:
    return Kept(result, "result.json", "0123456789abcdef")


def same(solution: Solution, shelter: np.ndarray, routes: object) -> None:
    plan = solution.plan
    assert shelter.tolist() == plan.assignment.shelter.tolist()
    assert routes.entrance.tolist() == plan.routes.entrance.tolist()  # type: ignore[attr-defined]
    assert [a.tolist() for a in routes.arcs] == [a.tolist() for a in plan.routes.arcs]  # type: ignore[attr-defined]
    assert routes.turns.tolist() == plan.routes.turns.tolist()  # type: ignore[attr-defined]


def test_everybody_walks_the_same_arcs_again(toy: Town) -> None:
    ws, _, solution, result = toy
    again = EvacuationResult.model_validate_json(result.to_json())
    same(solution, *taken_up(ws, solution.asked, kept(again)))


def test_the_ways_of_the_sample_are_found_again(sample_root: Path) -> None:
    ws = load_workspace(sample_root)
    _, _, solution, result = planned(ws, Question("flood"), Effort.none())
    assert len(result.assignments) > 100
    same(solution, *taken_up(ws, solution.asked, kept(result)))


def test_a_plan_of_other_files_is_refused(toy: Town) -> None:
    ws, _, solution, result = toy
    later = dataclasses.replace(
        ws, inputs={**ws.inputs, "maps/roads.geojson": "changed", "plans/new.yaml": "new"}
    )
    with pytest.raises(UsageError, match=r"out of date: maps/roads\.geojson, plans/new\.yaml changed"):
        taken_up(later, solution.asked, kept(result))


def test_another_scenario_of_a_drill_does_not_age_a_plan(toy: Town) -> None:
    ws, _, solution, result = toy
    later = dataclasses.replace(ws, inputs={**ws.inputs, "drills/other.yaml": "new"})
    same(solution, *taken_up(later, solution.asked, kept(result)))


def test_a_plan_of_another_question_is_refused(toy: Town) -> None:
    ws, network, _, result = toy
    other = ask(ws, network, Question("toy", DayPart.WORKDAY, closed_roads=("west",)))
    with pytest.raises(UsageError, match="time of day, closed roads"):
        taken_up(ws, other, kept(result))


@pytest.mark.parametrize(
    "edit",
    [
        {"shelter": "shelter/south", "entrance": "entrance/south"},
        {"persons": 99},
        {"walk_m": 12.3},
        {"roads": ("road/lane",)},
        {"roads": ("road/nowhere",)},
        {"entrance": "entrance/nowhere"},
    ],
)
def test_an_edited_plan_is_refused(toy: Town, edit: dict[str, object]) -> None:
    ws, _, solution, result = toy
    first = next(r for r in result.assignments if r.shelter == "shelter/north" and r.roads)
    rows = tuple(r.model_copy(update=edit) if r is first else r for r in result.assignments)
    with pytest.raises(UsageError, match="does not fit"):
        taken_up(ws, solution.asked, kept(result.model_copy(update={"assignments": rows})))


def test_a_plan_that_forgets_a_building_is_refused(toy: Town) -> None:
    ws, _, solution, result = toy
    with pytest.raises(UsageError, match="does not fit"):
        taken_up(ws, solution.asked, kept(result.model_copy(update={"assignments": result.assignments[1:]})))
