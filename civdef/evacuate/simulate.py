"""Carrying the plan out with the movement engine: congestion, doors, families together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.demand import Demand
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.evacuate.split import household_rows
from civdef.movement import Engine, People, Shelters, Speeds, door_flow_pps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_GROUP = 4
"""Persons of a unit (staff, pupils, guests) walk in groups up to this size; a model's choice."""


@dataclass(frozen=True)
class Walked:
    """What the engine saw.

    Attributes
    ----------
    clearance_s
        When the last person was through a shelter's door [s]; None if somebody never arrived.
    p50_s, p95_s
        Times by which half and 95% of the persons were inside [s]; None if fewer ever were.
    first_s, last_s
        First and last arrival of each building's people, NaN for buildings that send nobody, shape (B,) [s].
    arrived_persons
        Persons inside in the end.
    """

    clearance_s: float | None
    p50_s: float | None
    p95_s: float | None
    first_s: Floats
    last_s: Floats
    arrived_persons: int


def groups(problem: Problem, demand: Demand) -> tuple[Ints, Ints, Ints]:
    """Split the people of each building into groups that keep together.

    Households walk together at the speed of their slowest member; residents without a household table and persons of
    units walk in groups of up to `LARGEST_GROUP` of one kind.

    Returns
    -------
    building : numpy.ndarray
        Building of each group, shape (P,), rising.
    persons : numpy.ndarray
        Persons in it, shape (P,).
    kind : numpy.ndarray
        Kind of the slowest member, shape (P,).
    """
    pace = np.argsort(np.argsort([-v for v in problem.speeds_mps], kind="stable"))
    slowest = np.where(demand.household_persons > 0, pace, -1).argmax(axis=1)
    family_building = household_rows(problem, demand)
    family_persons = demand.household_persons.sum(axis=1)
    inside = family_building >= 0
    building = [family_building[inside]]
    persons = [family_persons[inside]]
    kind = [slowest[inside]]
    at_home = np.zeros_like(problem.by_kind)
    np.add.at(at_home, family_building[inside], demand.household_persons[inside])
    rest = problem.by_kind - at_home
    for k in range(4):
        count = -(-rest[:, k] // LARGEST_GROUP)
        rows = np.repeat(np.arange(len(rest)), count)
        number = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        building.append(rows)
        persons.append(np.minimum(LARGEST_GROUP, rest[rows, k] - number * LARGEST_GROUP))
        kind.append(np.full(len(rows), k, dtype=np.int64))
    where, size, who = np.concatenate(building), np.concatenate(persons), np.concatenate(kind)
    order = np.argsort(where, kind="stable")
    return where[order], size[order], who[order]


def engine_for(
    problem: Problem, demand: Demand, routes: Routes, departure_s: Floats | Ints | None = None
) -> tuple[Engine, Ints]:
    """Return an engine in which everybody placed leaves on the told route, and the row of each group.

    `departure_s` says when each row leaves, shape (B,) [s]; None: all at once.
    """
    building, persons, kind = groups(problem, demand)
    going = routes.entrance[building] >= 0
    building, persons, kind = building[going], persons[going], kind[going]
    walk_of = np.full(problem.network.arcs, -1, dtype=np.int32)
    walk_of[problem.walk_arcs] = np.arange(len(problem.walk_arcs), dtype=np.int32)
    lengths = np.array([len(a) for a in routes.arcs], dtype=np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths[building])]).astype(np.int64)
    arcs = [walk_of[routes.arcs[b]] for b in building]
    shelter_of = problem.network.entrance_shelter
    used = problem.entrances
    shelters = Shelters.from_arrays(
        problem.network.entrance_node[used],
        shelter_of[used],
        door_flow_pps(problem.network.entrance_width_m[used], specific_flow_p_m_s=problem.door_flow_p_m_s),
        problem.places,
    )
    people = People.from_arrays(
        problem.node[building],
        persons=persons,
        kind=kind,
        shelter=shelter_of[routes.entrance[building]],
        departure_s=np.zeros(len(building))
        if departure_s is None
        else departure_s[building].astype(np.float64),
        route_indptr=indptr,
        route_arcs=np.concatenate([np.zeros(0, dtype=np.int32), *arcs]),
    )
    return Engine(problem.walk_network, shelters, people, speeds=Speeds(*problem.speeds_mps)), building


def simulate(
    problem: Problem, demand: Demand, routes: Routes, departure_s: Floats | Ints | None = None
) -> Walked:
    """Let everybody placed walk the told route, leaving at `departure_s` (None: at once), and say when they arrive."""
    b = len(problem.buildings)
    first, last = np.full(b, np.inf), np.full(b, -np.inf)
    if not (routes.entrance >= 0).any():
        return Walked(0.0, None, None, np.full(b, np.nan), np.full(b, np.nan), 0)
    engine, building = engine_for(problem, demand, routes, departure_s)
    engine.advance(np.inf)
    arrival, persons = engine.arrival_s, engine.people.persons
    there = np.isfinite(arrival)
    np.minimum.at(first, building[there], arrival[there])
    np.maximum.at(last, building[there], arrival[there])
    order = np.argsort(arrival, kind="stable")
    running = np.cumsum(persons[order])
    whole = int(persons.sum())

    def by(share: float) -> float | None:
        time = arrival[order[np.searchsorted(running, share * whole)]]
        return float(time) if np.isfinite(time) else None

    return Walked(
        float(arrival.max()) if there.all() else None,
        by(0.5),
        by(0.95),
        np.where(np.isfinite(first), first, np.nan),
        np.where(np.isfinite(last), last, np.nan),
        int(persons[there].sum()),
    )
