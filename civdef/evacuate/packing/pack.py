"""A plan for tight places: all buildings placed at once, judged by carrying each answer out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, ways_of
from civdef.evacuate.flow import quickest, step_network
from civdef.evacuate.packing.paths import paths_of
from civdef.evacuate.packing.pool import Pool
from civdef.evacuate.packing.programme import relaxed, whole
from civdef.evacuate.problem import Problem
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.search.earliest import earliest_alone
from civdef.evacuate.search.improve import rerouted
from civdef.evacuate.spread import Plan
from civdef.evacuate.stepped import UNITS, Stepped

Ints = NDArray[np.int64]

WITHIN = 0.08
"""The programme looks for a plan within this share of the optimum (the aim for tight places)."""

TIGHT_DETOURS = (2.0, 3.0)
"""Where all ways of ordinary length are full a route may be this times the shortest, the second only if the first is not enough, and
the plan says so (a planning choice; on the narrow streets of central Helsinki no plan near the optimum exists within 1.5 times,
and within 2 times two ways to the doors of the last shelter with room stay empty while all others are full to the end)."""

_WAYS = 12
"""Shelters to which each row is offered its earliest way (a choice between time and room to choose)."""

_MARGINS = (0.8, 1.0)
"""Share of a narrow place that is planned with: limits of single places do not see how queues feed one another, so a plan that
fills them ends late (found by trial: 131 steps against 143 in Beijing). Where nothing fits the narrower streets, they count whole."""


def _narrowed(stepped: Stepped, share: float) -> Stepped:
    """Return the network with all streets and doors narrower."""
    chains, doors = (
        np.maximum(1, (x * share).astype(np.int64)) for x in (stepped.chain_units, stepped.door_units)
    )
    return dataclasses.replace(stepped, chain_units=chains, door_units=doors)


def pack(
    problem: Problem,
    stepped: Stepped,
    plans: Sequence[Plan],
    optimum: int,
    rounds: int,
    group: Ints | None = None,
    slowest_s: float = np.inf,
    detour: float = TIGHT_DETOURS[0],
) -> Plan | None:
    """Return the least late plan the programme finds, or None if it finds none.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    plans
        Plans found so far, the best first; all place the same rows, and their ways may be used again.
    optimum
        Steps of the quickest flow of the same people.
    rounds
        Answers at most.
    group
        Rows with the same number go to the same shelter, shape (B,); None: each by itself.
    slowest_s
        See :func:`civdef.evacuate.search.improve.improve` [s].
    detour
        No route is longer than this times the shortest to the same shelter.
    """
    for margin in _MARGINS:
        found = _packed(problem, stepped, plans, optimum, rounds, group, slowest_s, detour, margin)
        if found is not None:
            return found
    return None


def _packed(
    problem: Problem,
    stepped: Stepped,
    plans: Sequence[Plan],
    optimum: int,
    rounds: int,
    group: Ints | None,
    slowest_s: float,
    detour: float,
    margin: float,
) -> Plan | None:
    """Return the least late plan of the programme with streets and doors narrower by a margin."""
    steps = int(optimum * (1 + WITHIN))
    pool = ways_for(problem, _narrowed(stepped, margin), plans, steps, slowest_s, detour)
    places = problem.places * UNITS
    visits = pool.visits()
    share, limits = relaxed(visits, places, steps)
    members = np.arange(len(problem.persons)) if group is None else group
    network = Network(stepped)
    answers = whole(visits, places, steps, limits, share, members, rounds)
    best = least_late(pool, network, answers, steps, enough=steps)
    return None if best is None else planned(problem, stepped, plans[0], pool, best)


def least_late(
    pool: Pool, network: Network, answers: Iterable[Ints], goal: int, enough: int = 0
) -> Ints | None:
    """Return the answer that is least late when carried out, None if there is none.

    Parameters
    ----------
    pool, network
        The ways that the answers choose from, and the streets they are carried out in.
    answers
        Ways chosen, shape (rows,) each.
    goal
        Steps that are not late.
    enough
        Steps within which an answer is good enough for no more to be asked for.
    """
    best: tuple[float, int, Ints] | None = None
    for picks in answers:
        ways = pool.ways(picks)
        late = lateness(network.carry(ways)[0], ways.units, goal)
        if best is None or late < best[:2]:
            best = (*late, picks)
        if best[1] <= enough:
            break
    return None if best is None else best[2]


def late_beyond(problem: Problem, plan: Plan, goal: int) -> tuple[float, int]:
    """Return how bad a plan is for a goal: see :func:`lateness`."""
    return lateness(plan.execution.done, problem.persons, goal)


def lateness(done: Ints, people: Ints, goal: int) -> tuple[float, int]:
    """Return how bad a plan is for a goal: how many are late by how many steps, squared, then its last step.

    Parameters
    ----------
    done
        Steps until the last person of each row is inside, shape (B,).
    people
        Persons or units of each row, shape (B,).
    goal
        Steps that are not late.
    """
    over = np.maximum(done - goal, 0).astype(np.float64)
    return float((people * over**2).sum()), int(done.max(initial=0))


def ways_for(
    problem: Problem,
    stepped: Stepped,
    plans: Sequence[Plan],
    steps: int,
    slowest_s: float,
    detour: float = TIGHT_DETOURS[0],
    of_flow: bool = True,
) -> Pool:
    """Return the ways of the plans, of the quickest flow, and each row's earliest ways in empty streets, by each of its ways onto them.

    Parameters
    ----------
    problem, stepped, plans, slowest_s
        See :func:`pack`.
    steps
        No earliest way takes longer.
    detour
        See :func:`civdef.evacuate.search.improve.improve`.
    of_flow
        Whether the ways of the quickest flow are taken in (a second or more).
    """
    pool = Pool(Arrays.of(problem, stepped, plans[0].routes, slowest_s, detour))
    for plan in plans:
        pool.add_plan(ways_of(problem, stepped, plan.routes))
    if of_flow:
        _add_flow(problem, stepped, pool, plans[0].assignment.shelter >= 0)
    _add_alone(pool, problem.places * UNITS, steps)
    return pool


def planned(problem: Problem, stepped: Stepped, plan: Plan, pool: Pool, picks: Ints) -> Plan:
    """Return the plan with the ways picked instead of its own, carried out."""
    made = Arrays(pool.arrays.town, pool.arrays.rows, pool.draft(picks))
    return rerouted(problem, stepped, plan, made.routes(problem, stepped, plan.routes))


def _add_flow(problem: Problem, stepped: Stepped, pool: Pool, placed: NDArray[np.bool_]) -> None:
    """Take in the ways of the quickest flow that keep to the limits."""
    adapted = step_network(problem, stepped, placed)
    flow = quickest(adapted.network).flow
    if flow is None:
        return
    pointer = pool.arrays.rows.opt_ptr
    options = np.concatenate(
        [np.arange(pointer[b], pointer[b + 1]) for b in adapted.source_building.tolist()]
    )
    for release, chains, door in paths_of(adapted, stepped, flow):
        row = int(adapted.source_building[adapted.network.release_source[release]])
        if pool.allowed(row, int(options[release]), chains, door):
            pool.add(row, int(options[release]), chains, door)


def _add_alone(pool: Pool, places: Ints, steps: int) -> None:
    """Take in each row's earliest ways in empty streets."""
    most = int(np.diff(pool.arrays.rows.opt_ptr).max(initial=0))
    for start in range(most):
        found = earliest_alone(pool.arrays, places, steps, _WAYS, start)
        for b, w in np.argwhere(found.option >= 0).tolist():
            way = tuple(found.way[b, w, : found.length[b, w]].tolist())
            pool.add(b, int(found.option[b, w]), way, int(found.door[b, w]))
