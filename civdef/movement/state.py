"""The engine's memory: flat record arrays, so that a snapshot is a copy and replicates can run in threads.

Arcs of the network come first (0 … M-1); then every entrance is one more *arc* of no length (M … M+E-1) that people enter
from the street and leave through the door. Each arc has one first-in-first-out *lane* per speed class, so that fast people
overtake slow ones, and one lane more for those who wait at its tail to step onto it from a building.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.movement.density_flow import Relation
from civdef.movement.network import WalkNetwork
from civdef.movement.people import People
from civdef.movement.shelters import Shelters
from civdef.movement.speeds import Speeds

Records = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rules of movement rest on; the engine makes it from its arguments."""

    relation: Relation
    speeds: Speeds
    gridlock_release_s: float
    around_closures: bool
    to_other_shelters: bool


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
        ("speed", "f8"),  # free speed [m/s]
        ("access", "f8"),  # walk from the building's door to the street [s]
        ("persons", "i8"),
        ("ready", "f8"),  # when it reaches the end of its arc, or when it came to the node [s]
        ("departure", "f8"),  # [s]
        ("arrival", "f8"),  # last member through the door [s]
        ("reached", "f8"),  # first came to a forecourt [s]
        ("walked", "f8"),  # distance walked on the network [m]
        ("cursor", "i8"),  # next arc of the told route, -1: follow the table
        ("route_end", "i8"),
        ("after", "i8"),  # next group in the lane, -1: none
        ("arc", "i8"),  # arc it is on or waits to enter from a building, -1: none
        ("node", "i8"),  # last node it stood at
        ("target", "i8"),  # shelter, -1: nearest
        ("arrived_at", "i8"),  # shelter, -1: none
        ("reroutes", "i8"),  # times its told road was cut
        ("redirects", "i8"),  # times it was sent to another shelter
        ("lane", "i8"),  # speed class
        ("status", "i1"),
        ("reason", "i1"),
        ("street", "i1"),  # 1: on its arc; 0: at the node, waiting to step on
    ],
    align=True,
)
ARC = np.dtype(
    [
        ("length", "f8"),  # [m]
        ("area", "f8"),  # [m²]
        ("storage", "f8"),  # persons
        ("flow", "f8"),  # persons/s
        ("pace", "f8"),  # speed factor
        ("cost", "f8"),  # [m of level walking]
        ("free_in", "f8"),  # next admission [s]
        ("free_out", "f8"),  # next release [s]
        ("tag", "f8"),  # fair-queueing virtual time at the entry
        ("out_tag", "f8"),  # virtual finish of the last group let out of this arc
        ("origin_tag", "f8"),  # the same for people stepping on from buildings
        ("present", "i8"),  # persons on it
        ("passed", "i8"),  # persons that have entered it
        ("peak", "i8"),  # most persons on it at one time
        ("mark", "i8"),  # scratch of the gridlock search
        ("stack", "i8"),  # scratch of the gridlock search
        ("tail", "i8"),
        ("head", "i8"),
        ("shelter", "i8"),  # of an entrance; -1: a street
        ("incoming", "i8"),  # place i holds the i-th arc in order of (head, arc)
        ("out_to", "i8"),  # arc that `out_tag` refers to
        ("waiters", "i8"),  # first lane waiting to enter, -1: none
        ("closed", "i1"),
    ],
    align=True,
)
LANE = np.dtype(
    [("tag", "f8"), ("head", "i8"), ("tail", "i8"), ("wants", "i8"), ("next", "i8")],
    align=True,
)
SHELTER = np.dtype(
    [
        ("places", "i8"),
        ("inside", "i8"),
        ("promised", "i8"),
        ("first_door", "i8"),
        ("end_door", "i8"),
        ("state", "i1"),
        ("table_ready", "i1"),
    ],
    align=True,
)
CALL = np.dtype([("time", "f8"), ("who", "i8"), ("place", "i8")], align=True)
"""Heap entry i: time and entity; and, unrelated, the place of entity i in the heap, -1: none."""
NODE = np.dtype(
    [("first_in", "i8"), ("end_in", "i8"), ("place", "i8"), ("heap", "i8"), ("settled", "i1")], align=True
)
"""Arcs entering a node (places in `incoming`), and scratch of the search for shortest ways."""
STEP = np.dtype([("distance", "f8"), ("arc", "i8")], align=True)
"""One node of a next-arc table."""
TOWN = np.dtype(
    [
        ("clock", "f8"),
        ("release", "f8"),
        ("samples_per_density", "f8"),
        ("streets", "i8"),
        ("heap_size", "i8"),
        ("stamp", "i8"),
        ("squeezed", "i8"),
        ("events", "i8"),
        ("reroute", "i1"),
        ("redirect", "i1"),
    ],
    align=True,
)


class World(NamedTuple):
    """Everything the kernel works on. Shapes: P groups, B = M + E arcs, N nodes, S shelters."""

    groups: Records  # (P,)
    arcs: Records  # (B,)
    lanes: Records  # (B * STRIDE,)
    shelters: Records  # (S,)
    heap: Records  # (P + 3 B,)
    town: Records  # (1,)
    nodes: Records  # (N,), scratch
    tables: Records  # (S, N), derived from closures and doors
    route_arcs: NDArray[np.int64]  # (R,), only ever grows
    factors: NDArray[np.float64]


SAVED = ("groups", "arcs", "lanes", "shelters", "heap", "town")
"""What a snapshot copies; the rest is constant, scratch or derived."""


def new_arcs(network: WalkNetwork, extra: int = 0) -> Records:
    """Return records of all streets, and `extra` blank ones for entrances, shape ``(M + extra,)``."""
    m = network.arc_count
    arcs = np.zeros(m + extra, dtype=ARC)
    for name in ("shelter", "out_to", "waiters"):
        arcs[name] = -1
    arcs["length"][:m] = network.length_m
    arcs["area"][:m] = network.length_m * network.width_m
    arcs["pace"] = 1.0
    arcs["pace"][:m] = network.speed_factor
    arcs["cost"][:m] = network.cost_m
    arcs["tail"][:m] = network.tail
    arcs["head"][:m] = network.head
    arcs["incoming"][:m] = network.in_arcs
    return arcs


def new_nodes(network: WalkNetwork) -> Records:
    """Return records of all nodes, shape ``(N,)``."""
    nodes = np.zeros(network.node_count, dtype=NODE)
    nodes["first_in"] = network.in_indptr[:-1]
    nodes["end_in"] = network.in_indptr[1:]
    return nodes


def new_groups(people: People, order: NDArray[np.int64], speeds: Speeds) -> Records:
    """Return records of all groups in the given order, before anybody has been warned, shape ``(P,)``."""
    groups = np.zeros(people.count, dtype=GROUP)
    groups["speed"] = people.free_speed_mps(speeds)[order]
    groups["lane"] = np.searchsorted(np.array(LANE_LIMITS_MPS), groups["speed"], side="right")
    groups["access"] = people.access_s[order]
    groups["persons"] = people.persons[order]
    groups["node"] = people.origin[order]
    groups["target"] = people.shelter[order]
    starts, ends = people.route_indptr[:-1][order], people.route_indptr[1:][order]
    groups["cursor"] = np.where(ends > starts, starts, -1)
    groups["route_end"] = ends
    for name in ("departure", "arrival", "reached"):
        groups[name] = np.inf
    for name in ("after", "arc", "arrived_at"):
        groups[name] = -1
    return groups


def new_world(
    network: WalkNetwork, shelters: Shelters, people: People, order: NDArray[np.int64], settings: Settings
) -> World:
    """Return the world before anybody has moved.

    Parameters
    ----------
    network, shelters, people
        As given to the engine.
    order
        Order in which groups are kept, shape ``(P,)``.
    settings
        Relation, speeds and rules.
    """
    m, e = network.arc_count, shelters.entrance_node.size
    relation = settings.relation
    arcs = new_arcs(network, e)
    arcs["storage"][:m] = arcs["area"][:m] * relation.jam_p_m2
    arcs["flow"][:m] = network.width_m * network.flow_factor * relation.max_flow_p_m_s
    arcs["storage"][m:] = shelters.forecourt_persons
    arcs["flow"][m:] = shelters.door_flow_pps
    arcs["tail"][m:] = arcs["head"][m:] = shelters.entrance_node
    arcs["shelter"][m:] = shelters.entrance_shelter
    groups = new_groups(people, order, settings.speeds)
    lanes = np.zeros(arcs.size * STRIDE, dtype=LANE)
    for name in ("head", "tail", "wants", "next"):
        lanes[name] = -1
    houses = np.zeros(shelters.count, dtype=SHELTER)
    houses["places"] = shelters.places
    houses["state"] = np.where(shelters.open, OPEN, SHUT)
    doors = m + np.searchsorted(shelters.entrance_shelter, np.arange(shelters.count + 1))
    houses["first_door"], houses["end_door"] = doors[:-1], doors[1:]
    told = groups["target"] >= 0
    np.add.at(houses["promised"], groups["target"][told], groups["persons"][told])
    heap = np.zeros(groups.size + 3 * arcs.size, dtype=CALL)
    heap["place"] = -1
    factors = relation.factors()
    town = np.zeros(1, dtype=TOWN)
    town["release"] = settings.gridlock_release_s
    town["samples_per_density"] = (factors.size - 1) / relation.critical_p_m2
    town["streets"] = m
    town["reroute"], town["redirect"] = settings.around_closures, settings.to_other_shelters
    tables = np.empty((shelters.count, network.node_count), dtype=STEP)
    routes = np.array(people.route_arcs, dtype=np.int64)
    return World(groups, arcs, lanes, houses, heap, town, new_nodes(network), tables, routes, factors)


def copied(world: World) -> World:
    """Return a world that goes its own way; only what never changes is shared."""
    return world._replace(**{name: getattr(world, name).copy() for name in (*SAVED, "nodes", "tables")})
