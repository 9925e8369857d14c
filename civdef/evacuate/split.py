"""Large buildings leave by several entrances: each part goes to its own shelter by its own route.

A building is split when it has more people than any shelter that may be used has places, or when its people, sent by the
best single way, would stream past the narrowest place of it for longer than a set time. Residents are divided by the
stairwell of their household; everybody else into parts of unequal size, as 3n : 3n - 2 : … : n + 2, so that
parts can be grouped to almost any share of the building for each direction its street can be left in.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.demand import Demand
from civdef.evacuate.problem import Problem
from civdef.model.settings import EvacuationSettings

Ints = NDArray[np.int64]

WIDTHS = 16
"""Widths tried for the best single way (a choice between time and precision)."""

_TRIES = 30
"""Numbers of parts tried until none is empty and each fits the largest shelter."""


def split(problem: Problem, demand: Demand, stairwells: Ints, settings: EvacuationSettings) -> Problem:
    """Return the problem with one row for each part of a building that is split.

    Parameters
    ----------
    problem
        With one row per building.
    demand
        Who is where; households know their stairwell.
    stairwells
        Separate entrances of each building of the problem, shape (B,).
    settings
        `split_passage_min`, `persons_per_exit`.
    """
    parts = parts_of(problem, stairwells, settings)
    room = int(problem.places.max(initial=0))
    made = problem
    for _ in range(_TRIES):
        if not (parts > 1).any():
            return problem
        made, rows = _divide(problem, demand, parts)
        empty = np.unique(rows[made.persons == 0])
        full = np.setdiff1d(rows[(made.persons > room) & (made.part > 0)], empty) if room else empty
        if not len(empty) and not len(full):
            break
        parts[empty] = np.maximum(parts[empty] - 1, 1)  # nobody lives at one of the stairwells
        parts[full] += 1
    return made


def _divide(problem: Problem, demand: Demand, parts: Ints) -> tuple[Problem, Ints]:
    """Return the problem with so many rows for each building, and the building of each row."""
    rows = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(parts) - parts, parts)
    made = dataclasses.replace(
        problem,
        buildings=tuple(problem.buildings[i] for i in rows),
        by_kind=np.zeros((len(rows), 4), dtype=np.int64),
        community=problem.community[rows],
        node=problem.node[rows],
        trapped=problem.trapped[rows],
        deadline_s=problem.deadline_s[rows],
        allowed=problem.allowed[rows],
        part=np.where(parts[rows] > 1, number + 1, 0),
    )
    where = household_rows(made, demand)
    inside = where >= 0
    at_home = np.zeros((len(rows), 4), dtype=np.int64)
    np.add.at(at_home, where[inside], demand.household_persons[inside])
    whole = np.zeros_like(problem.by_kind)
    np.add.at(whole, rows, at_home)
    rest, n = (problem.by_kind - whole)[rows], parts[rows]
    size = 3 * n - 2 * number  # the largest is less than three times the smallest
    after = (3 * n * (number + 1) - number * (number + 1))[:, None]
    before, total = after - size[:, None], (n * (2 * n + 1))[:, None]
    by_kind = at_home + rest * after // total - rest * before // total
    return dataclasses.replace(made, by_kind=by_kind), rows


def parts_of(problem: Problem, stairwells: Ints, settings: EvacuationSettings) -> Ints:
    """Return into how many parts each building is split, 1 for most, shape (B,).

    Parameters
    ----------
    problem
        With one row per building.
    stairwells
        Known entrances of each building, shape (B,).
    settings
        A building split for its street's sake is divided until the average part streams past for half the time that is
        allowed, at most into as many parts as it has entrances; where fewer are on the books than one for
        `persons_per_exit`, that many are assumed.
    """
    persons = problem.persons
    room = int(problem.places.max(initial=0))
    by_places = np.ceil(persons / room).astype(np.int64) if room > 0 else np.ones_like(persons)
    limit_s = settings.split_passage_min * 60
    stream_s = passage_s(problem) if limit_s > 0 else np.zeros(len(persons))
    by_street = np.where(stream_s > limit_s, 2 * np.ceil(stream_s / max(limit_s, 1e-9)), 1.0).astype(np.int64)
    exits = np.maximum(stairwells, np.ceil(persons / settings.persons_per_exit).astype(np.int64))
    by_street = np.minimum(by_street, exits)
    return np.maximum(np.maximum(by_places, by_street), 1)


def household_rows(problem: Problem, demand: Demand) -> Ints:
    """Return the row of the problem that each household of the demand belongs to, -1 outside its scope, shape (H,)."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for i, b in enumerate(problem.buildings):
        first.setdefault(b, i)
        count[b] = count.get(b, 0) + 1
    start = np.array([first.get(b, -1) for b in demand.building_ids], dtype=np.int64)
    parts = np.array([count.get(b, 1) for b in demand.building_ids], dtype=np.int64)
    building = demand.household_building
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    row = start[building] + (demand.household_stairwell - 1) % parts[building]
    return np.where(start[building] >= 0, row, -1)


def label(problem: Problem, row: int) -> str:
    """Return the name of a row in messages: the building's id, with the part where it is split."""
    part = int(problem.part[row])
    return f"{problem.buildings[row]}#{part}" if part else problem.buildings[row]


def passage_s(problem: Problem) -> NDArray[np.float64]:
    """Return how long each row's people stream past the narrowest place of their best single way, shape (B,) [s].

    The best way is the one on which the last of them would be inside first if nobody else walked; the time is what that
    takes beyond the shortest free walk. Ways are looked for among streets and doors of at least each width, narrower ones
    left out, for up to `WIDTHS` widths. Rows with no way take 0.
    """
    from civdef.movement.routing import next_arcs

    walk, net = problem.walk_network, problem.network
    free = problem.shelter_cost_m.min(axis=1, initial=np.inf) / problem.speed_mps
    best = np.full(len(problem.buildings), np.inf)
    width = problem.usable_width_m[problem.walk_arcs]
    door = net.entrance_width_m[problem.entrances]
    nodes = net.entrance_node[problem.entrances]
    scale = (
        problem.door_flow_p_m_s / problem.street_flow_p_m_s
    )  # a door lets as many through as a street so much wider
    widths = np.unique(np.concatenate([width, door * scale]))
    if len(widths) > WIDTHS:
        widths = widths[np.linspace(0, len(widths) - 1, WIDTHS).astype(np.int64)]
    for least in widths:
        goals = nodes[door * scale >= least - 1e-9]
        _, metres = next_arcs(walk, [0, len(goals)], goals, closed=width < least - 1e-9)
        time_s = metres[0, problem.node] / problem.speed_mps
        best = np.minimum(best, time_s + problem.persons / (least * problem.street_flow_p_m_s))
    known = np.isfinite(best) & np.isfinite(free)
    found = np.zeros(len(problem.buildings))
    found[known] = np.maximum(best[known] - free[known], 0.0)
    return found
