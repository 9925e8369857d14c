"""Published verification cases, run through the engine.

The numbers are facts restated from the sources named with each case; hand calculations use the hydraulic model: the last of N
persons passes a door of capacity C at (N - 1) / C after the first.

Sources
-------
* EvacuatioNZ verification report 2.11 (Spearpoint 2016), which restates NIST TN 1822 and IMO tests ("ENZ").
* RiMEA guideline, tests 1, 5 and 9; IMO MSC.1/Circ.1533 annex 3, tests 4, 5 and 9.
* SFPE Handbook and SFPE Engineering Guide examples, as restated in the report.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from civdef.movement.density_flow import FREE, SFPE, SFPE_A_M2, SFPE_FREE_P_M2, Relation, sfpe_stair_k_mps
from civdef.movement.engine import Engine
from civdef.movement.network import WalkNetwork
from civdef.movement.people import People
from civdef.movement.shelters import Shelters, door_flow_pps

DOOR_P_M_S = 1.33
"""Specific flow of doors in the report [persons/(m·s)]: SFPE's peak, rounded."""
BOUNDARY_M = 0.15
"""Boundary layer of doors and stairs [m] (SFPE Handbook)."""
INCH_M, FOOT_M = 0.0254, 0.3048


@dataclass(frozen=True, slots=True)
class Case:
    """One published case and what the engine made of it.

    Attributes
    ----------
    key, title
        Name of the case at its source, and what it asks.
    low, high
        What the source allows.
    measured
        What the engine gave.
    unit
        Of the three numbers.
    """

    key: str
    title: str
    low: float
    high: float
    measured: float
    unit: str

    @property
    def passed(self) -> bool:
        """Whether the engine is within what the source allows."""
        return self.low <= self.measured <= self.high


def corridor_s(length_m: float, speed_mps: float, width_m: float = 2.0) -> float:
    """Return how long one walker takes through a corridor [s]."""
    network = WalkNetwork.from_arrays([0], [1], [length_m], [width_m], 2)
    people = People.from_arrays([0], speed_mps=speed_mps, departure_s=0.0, shelter=0)
    return _clear(network, Shelters.from_arrays([1], [0], 100.0, [1]), people)


def door_s(persons: int, width_m: float, boundary_m: float) -> float:
    """Return when the last of a crowd that stands at a door has passed it [s]."""
    network = WalkNetwork.from_arrays([], [], [], [], 1)
    flow = door_flow_pps(width_m, specific_flow_p_m_s=DOOR_P_M_S, boundary_m=boundary_m)
    people = People.from_arrays(np.zeros(persons, int), departure_s=0.0, shelter=0)
    return _clear(network, Shelters.from_arrays([0], [0], flow, [persons]), people)


def stair_s(persons: int, length_m: float, width_m: float, door_pps: float = 100.0) -> float:
    """Return when the last of a crowd has come down a stair (riser 0.18 m, tread 0.28 m) and through a door [s].

    Speed is held at the free speed, as in the hand calculation.
    """
    k = sfpe_stair_k_mps(0.28, 0.18)
    relation = Relation(
        "sfpe flow, free speed", FREE.speed_mps, 1.0, SFPE.max_flow_p_m_s, SFPE.jam_p_m2, SFPE.source
    )
    level = SFPE_FREE_P_M2 * SFPE_A_M2
    network = WalkNetwork.from_arrays(
        [0], [1], [length_m], [width_m - 2 * BOUNDARY_M], 2, speed_factor=k / 1.4, flow_factor=k / 1.4
    )
    people = People.from_arrays(
        np.zeros(persons, int), speed_mps=1.4 * (1.0 - level), departure_s=0.0, shelter=0
    )
    return _clear(network, Shelters.from_arrays([1], [0], door_pps, [persons]), people, relation)


def exits_s(persons: int, exits: int) -> float:
    """Return how long a room of 30 × 20 m takes to clear through so many 1 m exits [s] (IMO test 9)."""
    node = np.arange(1, exits + 1)
    network = WalkNetwork.from_arrays(np.zeros(exits, int), node, 15.0, 1.0, exits + 1)
    share = np.arange(persons) % exits
    flow = door_flow_pps(1.0, specific_flow_p_m_s=DOOR_P_M_S)
    people = People.from_arrays(np.zeros(persons, int), departure_s=0.0, shelter=share)
    shelters = Shelters.from_arrays(node, np.arange(exits), flow, np.full(exits, persons))
    return _clear(network, shelters, people)


def earliest_start_margin_s() -> float:
    """Return by how much the hastiest of ten people beats their own delay of 10, 20 … 100 s plus their walk [s]."""
    delay = np.linspace(10.0, 100.0, 10)
    network = WalkNetwork.from_arrays([0], [1], [8.0], [1.0], 2)
    people = People.from_arrays(np.zeros(10, int), speed_mps=1.0, departure_s=delay, shelter=0)
    engine = Engine(network, Shelters.from_arrays([1], [0], DOOR_P_M_S, [10]), people)
    engine.advance(math.inf)
    return float(np.max(delay + 8.0 - engine.arrival_s))


def storeys_s() -> float:
    """Return when the last of 1,200 people is out, if the first needs 61 s to a 0.91 m exit door [s]."""
    network = WalkNetwork.from_arrays([], [], [], [], 1)
    flow = door_flow_pps(0.91, specific_flow_p_m_s=DOOR_P_M_S, boundary_m=BOUNDARY_M)
    people = People.from_arrays(np.zeros(1200, int), departure_s=0.0, access_s=61.0, shelter=0)
    return _clear(network, Shelters.from_arrays([0], [0], flow, [1200]), people)


def _clear(network: WalkNetwork, shelters: Shelters, people: People, relation: Relation = FREE) -> float:
    engine = Engine(network, shelters, people, relation=relation)
    engine.advance(math.inf)
    return engine.clearance_s


def cases() -> Iterator[Case]:
    """Run every case.

    The engine has no time step, so a tolerance of "one step" is taken as 0.01 s; where a source's own rounding is coarser
    (ENZ 2.5 "about 1,539 s", ENZ 2.6 "lower + 2 steps") its tolerance stands, with steps of 1 s.

    Yields
    ------
    Case
        In the order of the sources.
    """
    step = 0.01

    def hand(key: str, title: str, seconds: float, measured: float) -> Case:
        return Case(key, title, seconds - step, seconds + step, measured, "s")

    yield hand("NIST 2.1", "one walker, 40 m at 1 m/s", 40.0, corridor_s(40, 1.0))
    yield Case("RiMEA 1", "one walker, 40 m at 1.33 m/s", 26, 34, corridor_s(40, 1.33), "s")
    for n, narrow, wide in ((1, 0.0, 0.0), (10, 9.667, 6.7669), (100, 106.3373, 74.4361)):
        yield hand(f"ENZ 2.2 door, {n}", "1 m door, layers 0.15 m", narrow, door_s(n, 1.0, BOUNDARY_M))
        yield hand(f"ENZ 2.2 opening, {n}", "1 m opening, no layers", wide, door_s(n, 1.0, 0.0))
    flow = 99.0 / door_s(100, 1.0, 0.0)
    yield Case("IMO 4", "largest flow of a 1 m exit", 0.0, 1.33 + 1e-9, flow, "persons/s")
    for n, length, seconds in ((1, 10.0, 10.845), (10, 200.0, 229.601), (100, 200.0, 356.648)):
        yield hand(
            f"ENZ 2.3 stair, {n}", f"down a 1 m stair of {length:g} m", seconds, stair_s(n, length, 1.0)
        )
    yield Case("ENZ 2.5 SFPE", "nine storeys, 1,200 people an exit", 1538.0, 1540.0, storeys_s(), "s")
    door = float(door_flow_pps(32 * INCH_M, specific_flow_p_m_s=DOOR_P_M_S, boundary_m=BOUNDARY_M))
    stair = stair_s(150, 50 * FOOT_M, 44 * INCH_M, door)
    yield Case("ENZ 2.6 SFPE guide", "150 people, stair of 50 ft, 32 in door", 234.94, 236.94, stair, "s")
    yield hand("ENZ 3.2", "100 people, 1 m door, no delay", 106.34, door_s(100, 1.0, BOUNDARY_M))
    yield Case(
        "RiMEA 5 / IMO 5",
        "nobody leaves before their delay",
        -1e9,
        1e-9,
        earliest_start_margin_s(),
        "s early",
    )
    yield Case(
        "IMO 9", "1,000 people, 2 exits ÷ 4 exits", 1.9, 2.1, exits_s(1000, 2) / exits_s(1000, 4), "ratio"
    )


def table() -> str:
    """Return all cases as a Markdown table."""
    rows = ["| case | what | allowed | engine | |", "|---|---|---|---|---|"]
    for case in cases():
        if case.low < -1e6:
            allowed = "none"
        elif case.low <= 0.0 and case.unit == "persons/s":
            allowed = f"≤ {case.high:.2f}"
        else:
            allowed = f"{max(case.low, 0.0):.2f}–{case.high:.2f}"
        measured = max(case.measured, 0.0) if case.unit == "s early" else case.measured
        rows.append(
            f"| {case.key} | {case.title} | {allowed} {case.unit} | {measured:.3f} {case.unit} "
            f"| {'yes' if case.passed else '**no**'} |"
        )
    return "\n".join(rows) + "\n"
