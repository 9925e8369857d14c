"""Cover nearby: who has a personnel shelter within reach, who has a place there, and who is inside in time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.errors import UsageError
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.question import Asked, Question, ask
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.simulate import Walked, simulate
from civdef.evacuate.solve import Solution, solve
from civdef.evacuate.wartime.doors import Doors, doors, share
from civdef.evacuate.wartime.even import evened
from civdef.evacuate.wartime.result import BeyondLimit
from civdef.graph.roads import StreetNetwork
from civdef.model.base import figure
from civdef.model.settings import Settings
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HAZARD = "air_raid"


@dataclass(frozen=True, eq=False)
class Cover:
    """The town on the siren. B buildings with somebody in them, S shelters.

    Attributes
    ----------
    solution, walked
        The plan to the shelters, their places cut down to what the doors allow, and how it goes.
    doors
        Shelter that may be used → its doors against its places.
    beyond
        Entrance of the network to which more people come than it may pass by itself → why.
    nearest_m, nearest
        Way to the nearest cover, infinite without any, and which shelter, shape (B,) [m].
    within_persons
        Persons of each building who can have a place within the radius, in the best of all plans, shape (B,).
    start_s
        From the signal until the last household is at the building's door, shape (B,) [s].
    best_s
        Until the slowest is at the nearest cover without any crowd, shape (B,) [s].
    planned_s
        Until the last is inside by the plan, crowds and doors included; infinite for those without a place, shape (B,) [s].
    """

    solution: Solution
    walked: Walked
    doors: Mapping[str, Doors]
    beyond: Mapping[int, BeyondLimit]
    nearest_m: Floats
    nearest: NDArray[np.int32]
    within_persons: Ints
    start_s: Floats
    best_s: Floats
    planned_s: Floats

    @property
    def problem(self) -> Problem:
        """The question in arrays."""
        return self.solution.asked.problem


def question_of(workspace: Workspace, network: StreetNetwork, question: Question) -> Asked:
    """Return the question, resolved. Raises ``UsageError`` if its plan is not for air raids."""
    asked = ask(workspace, network, question)
    if HAZARD not in asked.hazards:
        known = [p.id for p in workspace.plans.values() if HAZARD in p.hazards and p.evacuation is not None]
        raise UsageError(
            Text("{p}不是防空袭的预案", "{p} is not a plan against air raids").format(p=asked.plan),
            hint=Text("用 --plan 指定（已有：{n}）。", "Name one with --plan (known: {n}).").format(
                n=listing(known)
            )
            if known
            else Text(
                "工作区中还没有 hazards 含 air_raid、带 evacuation 的预案。",
                "No plan of the workspace has air_raid among its hazards and an evacuation section.",
            ),
        )
    return asked


def door_limits(workspace: Workspace, problem: Problem) -> dict[str, Doors]:
    """Return the doors of every shelter that may be used; one without a drawn entrance has one of no stated width."""
    widths: dict[str, list[float]] = {}
    net = problem.network
    for e in range(len(net.entrance_ids)):
        shelter = problem.shelters[int(net.entrance_shelter[e])]
        widths.setdefault(shelter, []).append(float(net.entrance_width_m[e]))
    settings = workspace.settings.wartime
    return {
        s: doors(widths.get(s, []), int(places), settings)
        for s, places in zip(problem.shelters, problem.places.tolist(), strict=True)
        if s not in problem.refused
    }


def with_door_limits(workspace: Workspace, limits: Mapping[str, Doors]) -> Workspace:
    """Return the town with places cut down to what doors allow."""
    shelters = dict(workspace.shelters)
    for name, limit in limits.items():
        if limit.usable_persons < shelters[name].places.whole:
            shelters[name] = shelters[name].model_copy(
                update={"places": figure(limit.usable_persons, source="GB 50038-2005 3.3.8")}
            )
    return dataclasses.replace(workspace, shelters=shelters)


def cover(workspace: Workspace, network: StreetNetwork, question: Question) -> Cover:
    """Bring everybody under cover on the siren.

    The plan is taken as it is before the search for an earlier last arrival, which sends people farther: here the first
    minutes count more. Then each shelter's people are evened out over its doors; all times are those of that plan.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask`; for a plan that is not for air raids.
    """
    limits = door_limits(workspace, question_of(workspace, network, question).problem)
    limited = with_door_limits(workspace, limits)
    solution = solve(limited, network, question, effort=Effort.none())
    problem = solution.asked.problem
    start, settings = start_s(workspace, problem), workspace.settings
    shares = np.array([share(w, settings.wartime) for w in problem.network.entrance_width_m.tolist()])
    even = evened(
        problem, solution.asked.demand, solution.stepped, solution.plan,
        simulate(problem, solution.asked.demand, solution.plan.routes), shares, start, limits_s(settings),
    )  # fmt: skip
    walked = even.walked
    nearest_m = problem.shelter_cost_m.min(axis=1, initial=np.inf)
    nearest = np.full(len(problem.buildings), NOWHERE, dtype=np.int32)
    if problem.size[1]:
        some = np.isfinite(nearest_m)
        nearest[some] = problem.shelter_cost_m[some].argmin(axis=1)
    return Cover(
        dataclasses.replace(solution, plan=even.plan),
        walked,
        limits,
        even.reasons,
        nearest_m,
        nearest,
        places_within(problem, settings.wartime.radius_m),
        start,
        start + nearest_m / problem.slowest_mps,
        np.where(np.isfinite(walked.last_s), start + np.nan_to_num(walked.last_s), np.inf),
    )


def start_s(workspace: Workspace, problem: Problem) -> Floats:
    """Return the time from the signal until the last household is at the building's door, shape (B,) [s]."""
    settings = workspace.settings.wartime
    found = np.full(len(problem.buildings), settings.leave_min * 60.0)
    for i, building in enumerate(problem.buildings):
        levels = [h.floor - 1 if h.floor > 0 else -h.floor for h in workspace.households_of.get(building, ())]
        found[i] += max(levels, default=0) * settings.floor_s
    return found


def places_within(problem: Problem, radius_m: float) -> Ints:
    """Return how many persons of each building can have a place within the radius, as many in all as possible, shape (B,).

    A maximum flow of people to places; the people of a building may go to several shelters.
    """
    from ortools.graph.python import max_flow

    b, s = problem.size
    near = np.argwhere(problem.shelter_cost_m <= radius_m)
    solver = max_flow.SimpleMaxFlow()
    source, sink = b + s, b + s + 1
    out = solver.add_arcs_with_capacity(np.full(b, source), np.arange(b), problem.persons.astype(np.int64))
    if len(near):
        solver.add_arcs_with_capacity(
            near[:, 0], b + near[:, 1], problem.persons[near[:, 0]].astype(np.int64)
        )
    solver.add_arcs_with_capacity(b + np.arange(s), np.full(s, sink), problem.places.astype(np.int64))
    if b == 0:
        return np.zeros(0, dtype=np.int64)
    status = solver.solve(source, sink)
    assert status == solver.OPTIMAL
    found: Ints = np.asarray(solver.flows(out), dtype=np.int64)
    return found


def households_gone(workspace: Workspace, gone: frozenset[str]) -> Workspace:
    """Return the town after these households have left; a building whose households are registered stays counted by them."""
    if not gone:
        return workspace
    buildings = {
        b: n.model_copy(update={"persons_declared": None}) if b in workspace.households_of else n
        for b, n in workspace.buildings.items()
    }
    return dataclasses.replace(
        workspace,
        buildings=buildings,
        households={h: n for h, n in workspace.households.items() if h not in gone},
        assisted={a: n for a, n in workspace.assisted.items() if n.household not in gone},
    )


def limits_s(settings: Settings) -> tuple[float, ...]:
    """Return the times by which people are counted, rising [s]."""
    return tuple(sorted({m * 60 for m in settings.wartime.limits_min}))
