"""Small networks for the tests of movement."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from civdef.movement import FREE, Engine, People, Shelters, WalkNetwork

FLOW = FREE.max_flow_p_m_s


def line(lengths: list[float], widths: list[float] | float = 1.0) -> WalkNetwork:
    n = len(lengths)
    return WalkNetwork.from_arrays(range(n), range(1, n + 1), lengths, widths, n + 1)


def both_ways(pairs: list[tuple[int, int, float]], nodes: int, width: float = 2.0) -> WalkNetwork:
    tail = [p[0] for p in pairs] + [p[1] for p in pairs]
    head = [p[1] for p in pairs] + [p[0] for p in pairs]
    return WalkNetwork.from_arrays(tail, head, [p[2] for p in pairs] * 2, width, nodes)


def crowd(count: int, node: int = 0, **more: Any) -> People:
    more = {"departure_s": 0.0, "shelter": 0, "speed_mps": 1.0, **more}
    return People.from_arrays(np.full(count, node), **more)


def wide_open(node: int, places: int = 10**9) -> Shelters:
    return Shelters.from_arrays([node], [0], 1e6, [places])


def run(network: WalkNetwork, shelters: Shelters, people: People, **more: Any) -> Engine:
    engine = Engine(network, shelters, people, **{"relation": FREE, **more})
    engine.advance(math.inf)
    assert_conserved(engine)
    return engine


def assert_conserved(engine: Engine) -> None:
    """People in = people somewhere; nobody beyond the places; streets and doors agree with the groups."""
    persons = engine.people.persons
    counts = engine.counts()
    assert counts.total == persons.sum()
    assert min(counts.waiting, counts.walking, counts.at_doors, counts.arrived, counts.stranded) >= 0
    assert (engine.shelter_persons <= engine.shelters.places).all()
    inside = engine.arrived_shelter
    for s in range(engine.shelters.count):
        assert engine.shelter_persons[s] == persons[inside == s].sum()
    assert counts.arrived == engine.shelter_persons.sum()
    assert counts.at_doors == engine.door_queue.sum()
    on_street = np.bincount(
        engine.arc[engine.arc >= 0], weights=persons[engine.arc >= 0], minlength=engine.network.arc_count
    )
    assert (engine.arc_persons == on_street).all()
    assert (np.isfinite(engine.arrival_s) == (inside >= 0)).all()
