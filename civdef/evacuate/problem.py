"""The frozen problem: everything a solver needs, in arrays; nothing of pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from civdef.graph.roads import CONNECTOR, StreetNetwork
from civdef.movement.network import WalkNetwork
from civdef.text import Text

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]


NOWHERE = -1
"""Shelter or entrance of a building that is left over."""


class Closed(IntEnum):
    """Why an arc is not walked."""

    OPEN = 0
    NO_WALKING = 1
    LOCKED_GATE = 2
    ASKED = 3
    HAZARD = 4
    ONE_WAY = 5


@dataclass(frozen=True, eq=False)
class Problem:
    """Who must get from where to which shelters over which streets: B buildings with demand, S shelters, E entrances.

    Attributes
    ----------
    network
        The streets; arcs, nodes and entrances below are its own.
    buildings
        Ids of buildings in scope with somebody in them, in id order, shape (B,).
    part
        Number of the entrance by which the people of this row leave, where a large building is split into several rows of
        the same id (see ``split``); 0 for a whole building, shape (B,).
    by_kind
        Persons by kind (adult, child, elderly, assisted), shape (B, 4).
    communities, community
        Ids of the communities, shape (C,); that of each building, shape (B,).
    node
        Network node of each building, shape (B,).
    trapped
        Whether nobody can walk out of the building any more, shape (B,).
    deadline_s
        When the building must have been left [s]; infinite: never, shape (B,).
    shelters
        Ids of all shelters, shape (S,).
    places
        Places of each shelter, 0 where it may not be used, shape (S,) [persons].
    refused
        Shelter → why it may not be used.
    allowed
        Whether building b may go to shelter s, shape (B, S).
    closed
        :class:`Closed` of each arc, shape (M,).
    speed_factor
        Walking speed relative to level ground, shape (M,).
    speeds_mps
        Free speed by kind, shape (4,) [m/s].
    width_share
        Share of a street's width that one direction may use.
    contraflow
        Arcs that have the whole width of their street, the other direction being closed, shape (M,).
    street_flow_p_m_s, door_flow_p_m_s
        Largest flow per metre of width [persons/(m·s)].
    """

    network: StreetNetwork
    buildings: tuple[str, ...]
    by_kind: Ints
    communities: tuple[str, ...]
    community: Nodes
    node: Nodes
    trapped: Bools
    deadline_s: Floats
    shelters: tuple[str, ...]
    places: Ints
    refused: Mapping[str, Text]
    allowed: Bools
    closed: NDArray[np.int8]
    speed_factor: Floats
    speeds_mps: tuple[float, float, float, float]
    width_share: float
    contraflow: Bools
    street_flow_p_m_s: float
    door_flow_p_m_s: float
    part: Ints

    @property
    def size(self) -> tuple[int, int]:
        """Number of buildings and of shelters."""
        return len(self.buildings), len(self.shelters)

    @cached_property
    def persons(self) -> Ints:
        """Persons in each building, shape (B,)."""
        total: Ints = self.by_kind.sum(axis=1)
        return total

    @cached_property
    def open(self) -> Bools:
        """Arcs that may be walked, shape (M,)."""
        return np.asarray(self.closed == Closed.OPEN)

    @cached_property
    def speed_mps(self) -> float:
        """One speed for planning: the persons' mean pace (seconds per metre) turned back into a speed [m/s]."""
        counts = self.by_kind.sum(axis=0)
        if counts.sum() == 0:
            return self.speeds_mps[0]
        return float(counts.sum() / (counts / np.array(self.speeds_mps)).sum())

    @cached_property
    def slowest_mps(self) -> Floats:
        """Free speed of each row's slowest kind of person, the first kind's where nobody is, shape (B,) [m/s]."""
        least = np.where(self.by_kind > 0, np.array(self.speeds_mps), np.inf).min(axis=1)
        return np.where(np.isfinite(least), least, self.speeds_mps[0])

    @cached_property
    def cost_m(self) -> Floats:
        """Metres of level walking along each arc, shape (M,)."""
        return self.network.length_m / self.speed_factor

    @cached_property
    def usable_width_m(self) -> Floats:
        """Width that one direction may use, shape (M,) [m].

        A share of every street, all of it where the street is walked in one direction only at its whole width. The way from a house's door to the street serves one direction, and the last stretch to
        a shelter's entrance is never narrower than lets its door work at full flow: the door is the bottleneck there.
        """
        net = self.network
        whole = (net.road == CONNECTOR) | self.contraflow
        width = np.where(whole, net.width_m, net.width_m * self.width_share)
        door = np.zeros(net.nodes)
        needed = net.entrance_width_m * (self.door_flow_p_m_s / self.street_flow_p_m_s)
        np.maximum.at(door, net.entrance_node, 2.0 * needed)
        return np.maximum(width, np.maximum(door[net.head], door[net.tail]))

    @cached_property
    def entrances(self) -> Nodes:
        """Indices of entrances of shelters that may be used and whose door is wide enough to pass, shape (<=E,)."""
        usable = (self.places[self.network.entrance_shelter] > 0) & (self.network.entrance_width_m > 0)
        return np.flatnonzero(usable).astype(np.int32)

    @cached_property
    def walk_network(self) -> WalkNetwork:
        """The open streets as the movement engine wants them; arcs that are not open are left out."""
        keep = np.flatnonzero(self.open)
        net = self.network
        return WalkNetwork.from_arrays(
            net.tail[keep],
            net.head[keep],
            net.length_m[keep],
            self.usable_width_m[keep],
            net.nodes,
            speed_factor=self.speed_factor[keep],
        )

    @cached_property
    def walk_arcs(self) -> NDArray[np.int64]:
        """Arc of `network` behind each arc of `walk_network`."""
        found: NDArray[np.int64] = np.flatnonzero(self.open)[self.walk_network.source_row]
        return found

    @cached_property
    def entrance_cost_m(self) -> Floats:
        """Metres of level walking from building to entrance, in the order of `entrances`; infinite: no way, shape (B, E')."""
        return self.costs_to_entrances(self.walk_network)

    def costs_to_entrances(self, walk: WalkNetwork) -> Floats:
        """Return the same on another pricing of the walk network, e.g. with waits added, shape (B, E')."""
        from civdef.movement.routing import next_arcs

        found = np.full((len(self.buildings), len(self.entrances)), np.inf)
        nodes = self.network.entrance_node[self.entrances]
        for k in range(0, len(nodes), 16):
            some = nodes[k : k + 16]
            starts = np.arange(len(some) + 1, dtype=np.int32)
            _, distance = next_arcs(walk, starts, some)
            found[:, k : k + 16] = distance[:, self.node].T
        return found

    @cached_property
    def shelter_cost_m(self) -> Floats:
        """Metres of level walking from building to the nearest entrance of each shelter; infinite: not allowed or no way, shape (B, S)."""
        return self.costs_to_shelters(self.entrance_cost_m)

    def costs_to_shelters(self, entrance_cost_m: Floats) -> Floats:
        """Return the least cost over the entrances of each shelter, shape (B, S)."""
        found = np.full(self.size, np.inf)
        of = self.network.entrance_shelter[self.entrances]
        for column, shelter in enumerate(of):
            found[:, shelter] = np.minimum(found[:, shelter], entrance_cost_m[:, column])
        found[~self.allowed] = np.inf
        found[self.trapped] = np.inf
        return found
