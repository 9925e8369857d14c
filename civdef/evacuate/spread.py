"""Spreading people over shelters, doors and streets so that queues do not set the time.

The first plan walks as little as possible. Carried out in the time-expanded network it shows where people queue; the
waits are turned into metres, averaged over the rounds so far (method of successive averages), added to streets and doors,
and everything is assigned and routed anew. The best plan of all rounds is kept, by the objective asked: fewest left over,
then by default earliest clearance, then least person-time. Deterministic: a fixed number of rounds.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.assignment import Assignment
from civdef.evacuate.execution import Execution, execute
from civdef.evacuate.objectives import Key, Objective, key, measure
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes, route
from civdef.evacuate.stepped import Stepped
from civdef.evacuate.together import assign_together

ROUNDS = 4
"""Rounds after the first plan; on the sample street later rounds gain nothing (a choice between time and seconds)."""


@dataclass(frozen=True)
class Plan:
    """An assignment with routes, carried out.

    Attributes
    ----------
    assignment, routes, execution
        See their classes.
    nearest_steps
        Clearance of the first plan, before anything was spread [steps].
    relaxed_person_m
        Lower bound on the person-metres of an assignment that places as many.
    """

    assignment: Assignment
    routes: Routes
    execution: Execution
    nearest_steps: int
    relaxed_person_m: float


def spread(
    problem: Problem,
    stepped: Stepped,
    rounds: int = ROUNDS,
    objective: Objective = Objective.CLEARANCE,
    group: NDArray[np.int64] | None = None,
) -> Plan:
    """Plan with the least walking, then spread it.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    rounds
        Rounds after the first plan; 0 keeps the first plan.
    objective
        Which of the plans found is kept.
    group
        Rows with the same number go to the same shelter, shape (B,); None: each by itself.
    """
    found = assign_together(problem.persons, problem.places, problem.shelter_cost_m, group)
    routes = route(problem, found.shelter)
    carried = execute(problem, stepped, routes)
    first, relaxed_person_m = carried.steps, found.relaxed_person_m
    best = (_key(problem, stepped, objective, found, routes, carried), found, routes, carried)
    pace = problem.speed_mps * stepped.step_s
    begin = np.array([c[0] for c in stepped.chain_arcs], dtype=np.int64)
    end = np.array([c[-1] for c in stepped.chain_arcs], dtype=np.int64)
    arc_m, door_m = np.zeros(problem.network.arcs), np.zeros(len(problem.entrances))
    walk = problem.walk_network
    for k in range(1, rounds + 1):
        if not (carried.entry_wait.any() or carried.leave_wait.any() or carried.door_wait.any()):
            break
        now: NDArray[np.float64] = np.zeros_like(arc_m)
        np.add.at(now, begin, carried.entry_wait * pace)
        np.add.at(now, end, carried.leave_wait * pace)
        arc_m += (now - arc_m) / (k + 1)
        door_m += (carried.door_wait * pace - door_m) / (k + 1)
        priced = dataclasses.replace(
            walk, length_m=walk.length_m + arc_m[problem.walk_arcs] * walk.speed_factor
        )
        costs = problem.costs_to_entrances(priced) + door_m
        costs_m = problem.costs_to_shelters(costs)
        found = assign_together(problem.persons, problem.places, costs_m, group, polish=False)
        routes = route(problem, found.shelter, priced)
        carried = execute(problem, stepped, routes)
        ours = _key(problem, stepped, objective, found, routes, carried)
        if ours < best[0]:
            best = (ours, found, routes, carried)
    _, found, routes, carried = best
    return Plan(found, routes, carried, first, relaxed_person_m)


def _key(
    problem: Problem,
    stepped: Stepped,
    objective: Objective,
    found: Assignment,
    routes: Routes,
    carried: Execution,
) -> Key:
    return key(objective, measure(problem, found.shelter, routes, carried, stepped.step_s))
