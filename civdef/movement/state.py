"""The engine's memory: flat record arrays, so that a snapshot is a copy and replicates can run in threads.

Arcs of the network come first (0 … M-1); then every entrance is one more *arc* of no length (M … M+E-1) that people enter
from the street and leave through the door. Each arc has one first-in-first-out *lane* per speed class, so that fast people
overtake slow ones, and one lane more for those who wait at its tail to step onto it from a building.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.movement.density_flow import Relation
from civdef.movement.network import WalkNetwork
from civdef.movement.shelters import Shelters

Records = NDArray[Any]

LANES = 4
"""Speed classes that may overtake one another on a street: a model's choice, one per kind of person."""
STRIDE = LANES + 1
LANE_LIMITS_MPS = (0.775, 0.905, 1.08)
"""Where one speed class ends and the next begins [m/s]: half-way between the default speeds of the four kinds."""

WAITING, WALKING, AT_DOOR, ARRIVED, STRANDED = range(5)
"""What a group does: not departed · on its way · on a forecourt · in a shelter · stuck, with a reason."""
NO_REASON, NO_ROUTE, NO_ROOM, NO_SHELTER, ROAD_CUT = range(5)
"""Why a group is stranded: no open way · no room · no open shelter · the told road is cut and rerouting is off."""
SHUT, OPEN, CLOSED = range(3)
"""A shelter that is not open yet (people wait) · open · closed (people are sent elsewhere)."""
HERE, UNREACHABLE = -2, -1
"""In a next-arc table: the node is an entrance · no way."""

GROUP = np.dtype(
    [
        ("ready", "f8"),  # when it reaches the end of its arc, or when it came to the node [s]
        ("departure", "f8"),  # [s]
        ("arrival", "f8"),  # last member through the door [s]
        ("reached", "f8"),  # first came to a forecourt [s]
        ("walked", "f8"),  # distance walked on the network [m]
        ("cursor", "i8"),  # next arc of the told route, -1: follow the table
        ("route_end", "i8"),
        ("after", "i4"),  # next group in the lane
        ("arc", "i4"),  # arc it is on or waits to enter from a building, -1: none
        ("node", "i4"),  # last node it stood at
        ("target", "i4"),  # shelter, -1: nearest
        ("arrived_at", "i4"),  # shelter, -1: none
        ("reroutes", "i4"),  # times its told road was cut
        ("redirects", "i4"),  # times it was sent to another shelter
        ("status", "i1"),
        ("reason", "i1"),
        ("street", "i1"),  # 1: on its arc; 0: at the node, waiting to step on
    ],
    align=True,
)
ARC = np.dtype(
    [
        ("free_in", "f8"),  # next admission [s]
        ("free_out", "f8"),  # next release [s]
        ("tag", "f8"),  # fair-queueing virtual time at the entry
        ("out_tag", "f8"),  # virtual finish of the last group let out of this arc
        ("origin_tag", "f8"),  # the same for people stepping on from buildings
        ("present", "i8"),  # persons on it
        ("passed", "i8"),  # persons that have entered it
        ("peak", "i8"),  # most persons on it at one time
        ("out_to", "i4"),  # arc that `out_tag` refers to
        ("waiters", "i4"),  # first lane waiting to enter, -1: none
        ("closed", "i1"),
    ],
    align=True,
)
LANE = np.dtype(
    [("tag", "f8"), ("head", "i4"), ("tail", "i4"), ("wants", "i4"), ("next", "i4")],
    align=True,
)
SHELTER = np.dtype([("inside", "i8"), ("promised", "i8"), ("state", "i1")], align=True)

FIXED_ARC = np.dtype(
    [
        ("length", "f8"),  # [m]
        ("area", "f8"),  # [m²]
        ("storage", "f8"),  # persons
        ("flow", "f8"),  # persons/s
        ("pace", "f8"),  # speed factor
        ("cost", "f8"),  # [m of level walking]
        ("tail", "i4"),
        ("head", "i4"),
    ],
    align=True,
)
FIXED_GROUP = np.dtype(
    [("speed", "f8"), ("access", "f8"), ("persons", "i8"), ("origin", "i4"), ("lane", "i4")], align=True
)

HEAP_SIZE, STAMP, SQUEEZED, EVENTS = range(4)
"""Places in :attr:`State.tally`."""


class Fixed(NamedTuple):
    """What does not change while people walk."""

    arcs: Records
    groups: Records
    in_indptr: NDArray[np.int32]
    in_arcs: NDArray[np.int32]
    entrance_indptr: NDArray[np.int32]
    entrance_node: NDArray[np.int32]
    entrance_shelter: NDArray[np.int32]
    places: NDArray[np.int64]
    route_arcs: NDArray[np.int32]
    factors: NDArray[np.float64]
    samples_per_density: float
    release_s: float
    reroute: bool
    redirect: bool


class State(NamedTuple):
    """What changes while people walk. `next_arc` and `distance_m` are derived and not part of a snapshot."""

    groups: Records
    arcs: Records
    lanes: Records
    shelters: Records
    times: NDArray[np.float64]
    who: NDArray[np.int32]
    where: NDArray[np.int32]
    tally: NDArray[np.int64]
    clock: NDArray[np.float64]
    marks: NDArray[np.int64]
    stack: NDArray[np.int32]
    table_ready: NDArray[np.int8]
    next_arc: NDArray[np.int32]
    distance_m: NDArray[np.float64]


SAVED = ("groups", "arcs", "lanes", "shelters", "times", "who", "where", "tally", "clock")
"""Fields of :class:`State` that a snapshot copies."""


def fixed_arcs(network: WalkNetwork, shelters: Shelters, relation: Relation) -> Records:
    """Return the records of all arcs and entrances.

    Parameters
    ----------
    network, shelters, relation
        As given to the engine.

    Returns
    -------
    numpy.ndarray
        Records, shape ``(M+E,)``.
    """
    m, e = network.arc_count, shelters.entrance_node.size
    arcs = np.zeros(m + e, dtype=FIXED_ARC)
    arcs["length"][:m] = network.length_m
    arcs["area"][:m] = network.length_m * network.width_m
    arcs["storage"][:m] = arcs["area"][:m] * relation.jam_p_m2
    arcs["flow"][:m] = network.width_m * network.flow_factor * relation.max_flow_p_m_s
    arcs["pace"][:m] = network.speed_factor
    arcs["cost"][:m] = network.cost_m
    arcs["tail"][:m] = network.tail
    arcs["head"][:m] = network.head
    arcs["storage"][m:] = shelters.forecourt_persons
    arcs["flow"][m:] = shelters.door_flow_pps
    arcs["pace"][m:] = 1.0
    arcs["tail"][m:] = shelters.entrance_node
    arcs["head"][m:] = shelters.entrance_node
    return arcs


def new_state(fixed: Fixed, shelters: Shelters, node_count: int, target: NDArray[np.int32]) -> State:
    """Return the state before anybody has moved.

    Parameters
    ----------
    fixed
        What does not change.
    shelters
        Which are open.
    node_count
        Number of nodes N.
    target
        Shelter of each group, -1: nearest, shape ``(P,)``.
    """
    p, b, s = fixed.groups.size, fixed.arcs.size, shelters.count
    groups = np.zeros(p, dtype=GROUP)
    groups["departure"] = np.inf
    groups["arrival"] = np.inf
    groups["reached"] = np.inf
    groups["cursor"] = -1
    for name in ("after", "arc", "arrived_at"):
        groups[name] = -1
    groups["node"] = fixed.groups["origin"]
    groups["target"] = target
    arcs = np.zeros(b, dtype=ARC)
    arcs["out_to"] = -1
    arcs["waiters"] = -1
    lanes = np.zeros(b * STRIDE, dtype=LANE)
    for name in ("head", "tail", "wants", "next"):
        lanes[name] = -1
    houses = np.zeros(s, dtype=SHELTER)
    houses["state"] = np.where(shelters.open, OPEN, SHUT)
    told = target >= 0
    np.add.at(houses["promised"], target[told], fixed.groups["persons"][told])
    entities = p + 3 * b
    return State(
        groups,
        arcs,
        lanes,
        houses,
        np.zeros(entities),
        np.zeros(entities, dtype=np.int32),
        np.full(entities, -1, dtype=np.int32),
        np.zeros(4, dtype=np.int64),
        np.zeros(1),
        np.zeros(b, dtype=np.int64),
        np.zeros(b, dtype=np.int32),
        np.zeros(s, dtype=np.int8),
        np.empty((s, node_count), dtype=np.int32),
        np.empty((s, node_count)),
    )


def copied(state: State) -> State:
    """Return a copy that shares no array with `state`."""
    return state._replace(**{name: getattr(state, name).copy() for name in state._fields})
