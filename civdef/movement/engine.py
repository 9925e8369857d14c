"""People on streets: an engine that advances to a time and can be changed in between."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from civdef.movement import state as st
from civdef.movement.density_flow import WEIDMANN, Relation
from civdef.movement.network import WalkNetwork
from civdef.movement.people import People, check_routes
from civdef.movement.shelters import Shelters
from civdef.movement.speeds import Speeds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NO_INTS = np.zeros(0, dtype=np.int64)
_NO_FLOATS = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Reroute:
    """What people do when the plan breaks.

    Attributes
    ----------
    around_closures
        At a told arc that is closed they take the shortest open way; otherwise they are stranded there (`ROAD_CUT`)
        until it opens.
    to_other_shelters
        At a shelter that is closed or full, or that no open way leads to, they go to the nearest with places promised to
        nobody else; otherwise they are stranded.
    tell_at_once
        Word of a closed shelter reaches everybody at once; otherwise they learn it at its door (the default, because
        phones fail).
    gridlock_release_s
        How long [s] a full street is waited for before the wait is checked for gridlock and one group squeezes in.
        10 s is the default of the same rule ("stuck time") in MATSim's queue simulation; a model's choice.
    """

    around_closures: bool = True
    to_other_shelters: bool = True
    tell_at_once: bool = False
    gridlock_release_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse a release time that is not positive and finite.

        Raises
        ------
        ValueError
            As said.
        """
        if not (math.isfinite(self.gridlock_release_s) and self.gridlock_release_s > 0):
            raise ValueError("gridlock_release_s must be positive and finite")


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons by what they do at one moment; the five always add up to all persons.

    Attributes
    ----------
    waiting
        Not departed: not warned, or warned and still getting ready.
    walking
        On the way from their building or on a street, standing in a street's queue included.
    at_doors
        On the forecourt of a shelter, queueing for its door or waiting for it to open.
    arrived
        Through a shelter's door.
    stranded
        Stuck; :attr:`Engine.reason` says why.
    """

    waiting: int
    walking: int
    at_doors: int
    arrived: int
    stranded: int

    @property
    def total(self) -> int:
        """All persons."""
        return self.waiting + self.walking + self.at_doors + self.arrived + self.stranded


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """An engine's state at one moment; see :meth:`Engine.snapshot`."""

    arrays: tuple[NDArray[Any], ...]
    route_arcs: Ints


class Engine:
    """Moves people through streets and doors into shelters.

    Event-driven in continuous time: between events nothing is computed, and the result does not depend on how the time is
    cut into calls of :meth:`advance`. The first engine of a process loads the compiled kernel (and compiles it if no cached
    one is found).

    Parameters
    ----------
    network
        The streets.
    shelters
        Doors and places.
    people
        Groups that walk together.
    relation
        How density slows people, and the largest flow and density of a street.
    speeds
        Free speeds by kind of person.
    reroute
        What people do when the plan breaks.

    Raises
    ------
    ValueError
        For an entrance, origin or route that does not fit the network.
    """

    def __init__(
        self,
        network: WalkNetwork,
        shelters: Shelters,
        people: People,
        *,
        relation: Relation = WEIDMANN,
        speeds: Speeds | None = None,
        reroute: Reroute | None = None,
    ) -> None:
        from civdef.movement import kernel  # compiled code is loaded on first use, not on import

        self._kernel = kernel
        self.network = network
        self.shelters = shelters
        self.people = people
        self.relation = relation
        self.speeds = speeds or Speeds()
        self.reroute = reroute or Reroute()
        node = shelters.entrance_node.astype(np.int64)
        if node.size and node.max() >= network.node_count:
            raise ValueError("an entrance stands at a node that is not on the network")
        self._entrance_keys = shelters.entrance_shelter.astype(np.int64) * network.node_count + node
        people.check_against(network, self._entrance_keys, shelters.count)
        order, self._rank = _canonical(people, people.free_speed_mps(self.speeds))
        settings = st.Settings(
            relation,
            self.speeds,
            self.reroute.gridlock_release_s,
            self.reroute.around_closures,
            self.reroute.to_other_shelters,
        )
        self._world = st.new_world(network, shelters, people, order, settings)
        told = np.flatnonzero(np.isfinite(people.departure_s))
        if told.size:
            self.release(told, people.departure_s[told])

    def _run(
        self,
        order: int,
        who: Ints = _NO_INTS,
        what: Ints = _NO_INTS,
        when: Floats = _NO_FLOATS,
        until_s: float = 0.0,
    ) -> None:
        self._kernel.run(self._world, order, who, what, when, until_s)

    # ------------------------------------------------------------------------------------------ time

    def advance(self, until_s: float) -> None:
        """Run to a time.

        Parameters
        ----------
        until_s
            Time [s], not before :attr:`time_s`. Infinite: until nothing more can happen by itself.

        Raises
        ------
        ValueError
            If the time lies in the past or is NaN.
        """
        if not until_s >= self.time_s:
            raise ValueError(f"the clock stands at {self.time_s} s and cannot go to {until_s} s")
        self._run(self._kernel.ADVANCE, until_s=float(until_s))

    @property
    def time_s(self) -> float:
        """The clock [s]."""
        return float(self._world.town["clock"][0])

    @property
    def next_event_s(self) -> float:
        """When something happens next [s]; infinite: never by itself."""
        return float(self._world.heap["time"][0]) if self._world.town["heap_size"][0] > 0 else math.inf

    # ---------------------------------------------------------------------------------------- orders

    def release(self, people_index: ArrayLike, departure_s: ArrayLike) -> None:
        """Let groups depart: the warning has reached them.

        Parameters
        ----------
        people_index
            Groups. For those that have departed nothing changes.
        departure_s
            When they leave their building [s], one number or one for each, not in the past. Of two times given for a
            group the earlier one holds. Infinite: nothing changes.

        Raises
        ------
        ValueError
            For a group that does not exist or a time in the past.
        """
        who = self._groups(people_index)
        when = np.array(np.broadcast_to(np.asarray(departure_s, dtype=np.float64), who.shape))
        if not np.all(when >= self.time_s):
            raise ValueError(f"a departure before the clock ({self.time_s} s)")
        finite = np.isfinite(when)
        self._run(self._kernel.RELEASE, who[finite], when=when[finite])

    def close_arcs(self, arcs: ArrayLike) -> None:
        """Let nobody enter these arcs from now on; people already on them walk to their end.

        Raises
        ------
        ValueError
            For an arc that does not exist.
        """
        self._run(self._kernel.CLOSE_ARCS, _indices(arcs, self.network.arc_count, "arc"))

    def open_arcs(self, arcs: ArrayLike) -> None:
        """Open arcs again; stranded people look for a way anew.

        Raises
        ------
        ValueError
            For an arc that does not exist.
        """
        self._run(self._kernel.OPEN_ARCS, _indices(arcs, self.network.arc_count, "arc"))

    def close_shelter(self, shelter: int, *, wait: bool = False) -> None:
        """Close a shelter to newcomers; who is inside stays.

        Parameters
        ----------
        shelter
            Which.
        wait
            People who come wait at its door until it opens; otherwise they are sent elsewhere, or are stranded.

        Raises
        ------
        ValueError
            For a shelter that does not exist.
        """
        who = _indices([shelter], self.shelters.count, "shelter")
        self._world.shelters["state"][who] = st.SHUT if wait else st.CLOSED
        if not wait:
            if self.reroute.tell_at_once and self.reroute.to_other_shelters:
                self._run(self._kernel.RETELL, who)
            self._run(self._kernel.WAKE_SHELTERS, who)

    def open_shelter(self, shelter: int) -> None:
        """Open a shelter; people waiting at its door go in and stranded people look for a place anew.

        Raises
        ------
        ValueError
            For a shelter that does not exist.
        """
        who = _indices([shelter], self.shelters.count, "shelter")
        self._world.shelters["state"][who] = st.OPEN
        self._run(self._kernel.WAKE_SHELTERS, who)
        self._run(self._kernel.RETRY)

    def reassign(
        self, people_index: ArrayLike, shelter: ArrayLike, routes: list[ArrayLike] | None = None
    ) -> None:
        """Tell groups another shelter. Those on a street learn it at its end; those who have arrived stay.

        Parameters
        ----------
        people_index
            Groups.
        shelter
            New shelter, one number or one for each; -1: the nearest with room.
        routes
            New told route for each, only for groups that have not departed; default: the shortest way.

        Raises
        ------
        ValueError
            For a group or shelter that does not exist, or a route that does not fit or comes too late.
        """
        who = self._groups(people_index)
        given = np.array(np.broadcast_to(np.asarray(shelter, dtype=np.int64), who.shape))
        if given.size and (given.min() < -1 or given.max() >= self.shelters.count):
            raise ValueError("a group is told to go to a shelter that does not exist")
        starts = None if routes is None else self._add_routes(who, given, routes)
        self._run(self._kernel.REASSIGN, who, given)
        self._run(self._kernel.RETRY)
        if starts is not None:
            groups = self._world.groups
            groups["cursor"][who] = np.where(starts < groups["route_end"][who], starts, -1)

    def _add_routes(self, who: Ints, shelter: Ints, routes: list[ArrayLike]) -> Ints:
        """Append routes to the pool and return where each begins."""
        if len(routes) != who.size:
            raise ValueError("routes must have one entry per group")
        if np.any(self._world.groups["status"][who] != st.WAITING):
            raise ValueError("a new route can be told only to groups that have not departed")
        lists = [np.asarray(r, dtype=np.int64).ravel() for r in routes]
        indptr = np.concatenate([[0], np.cumsum([r.size for r in lists])]).astype(np.int64)
        arcs = np.concatenate([_NO_INTS, *lists])
        check_routes(
            self.network, self._entrance_keys, self._world.groups["node"][who], shelter, indptr, arcs
        )
        offset = self._world.route_arcs.size
        self._world = self._world._replace(route_arcs=np.concatenate([self._world.route_arcs, arcs]))
        self._world.groups["route_end"][who] = offset + indptr[1:]
        return offset + indptr[:-1]

    def _groups(self, people_index: ArrayLike) -> Ints:
        return self._rank[_indices(people_index, self.people.count, "group")]

    # ------------------------------------------------------------------------------------ what it says

    def _column(self, name: str) -> NDArray[Any]:
        return np.asarray(self._world.groups[name])[self._rank]

    @property
    def arrival_s(self) -> Floats:
        """When the last member of each group was through a shelter's door [s]; infinite: not yet, shape ``(P,)``."""
        return self._column("arrival")

    @property
    def arrived_shelter(self) -> Ints:
        """Shelter each group is in, -1: none, shape ``(P,)``."""
        return self._column("arrived_at")

    @property
    def shelter(self) -> Ints:
        """Shelter each group is bound for or in, -1: none, shape ``(P,)``."""
        return self._column("target")

    @property
    def departure_s(self) -> Floats:
        """When each group leaves or left its building [s]; infinite: not warned, shape ``(P,)``."""
        return self._column("departure")

    @property
    def reached_door_s(self) -> Floats:
        """When each group first stood before a shelter [s]; infinite: not yet, shape ``(P,)``."""
        return self._column("reached")

    @property
    def walked_m(self) -> Floats:
        """Distance each group has walked on streets it has left [m], shape ``(P,)``."""
        return self._column("walked")

    @property
    def status(self) -> NDArray[np.int8]:
        """WAITING, WALKING, AT_DOOR, ARRIVED or STRANDED of :mod:`civdef.movement.state`, shape ``(P,)``."""
        return self._column("status")

    @property
    def reason(self) -> NDArray[np.int8]:
        """Why a group is stranded: NO_ROUTE, NO_ROOM, NO_SHELTER, ROAD_CUT; NO_REASON: it is not, shape ``(P,)``."""
        return self._column("reason")

    @property
    def node(self) -> Ints:
        """Last node each group stood at, shape ``(P,)``."""
        return self._column("node")

    @property
    def arc(self) -> Ints:
        """Street each group is on, -1: none, shape ``(P,)``."""
        arc = self._column("arc")
        on_street = (self._column("street") == 1) & (arc < self.network.arc_count)
        return np.where(on_street, arc, -1)

    @property
    def reroutes(self) -> Ints:
        """How often the told road of each group was cut, shape ``(P,)``."""
        return self._column("reroutes")

    @property
    def redirects(self) -> Ints:
        """How often each group was sent to another shelter, shape ``(P,)``."""
        return self._column("redirects")

    def counts(self) -> Counts:
        """Return persons by what they do now."""
        groups = self._world.groups
        persons = np.bincount(groups["status"], weights=groups["persons"], minlength=5)
        return Counts(*(int(n) for n in persons))

    @property
    def arc_persons(self) -> NDArray[np.int64]:
        """Persons on each arc, shape ``(M,)``."""
        return self._world.arcs["present"][: self.network.arc_count].copy()

    @property
    def arc_passed(self) -> NDArray[np.int64]:
        """Persons that have entered each arc, shape ``(M,)``."""
        return self._world.arcs["passed"][: self.network.arc_count].copy()

    @property
    def arc_peak(self) -> NDArray[np.int64]:
        """Most persons that were on each arc at one time, shape ``(M,)``."""
        return self._world.arcs["peak"][: self.network.arc_count].copy()

    @property
    def arc_closed(self) -> NDArray[np.bool_]:
        """True where nobody may enter, shape ``(M,)``."""
        return np.asarray(self._world.arcs["closed"][: self.network.arc_count] != 0)

    @property
    def door_queue(self) -> NDArray[np.int64]:
        """Persons on the forecourt of each entrance (in the order of :class:`Shelters`), shape ``(E,)``."""
        return self._world.arcs["present"][self.network.arc_count :].copy()

    @property
    def shelter_persons(self) -> NDArray[np.int64]:
        """Persons inside each shelter, shape ``(S,)``."""
        return self._world.shelters["inside"].copy()

    @property
    def shelter_promised(self) -> NDArray[np.int64]:
        """Persons inside or bound for each shelter, shape ``(S,)``."""
        return self._world.shelters["promised"].copy()

    @property
    def squeezed_persons(self) -> int:
        """Persons let onto a full street to end a gridlock."""
        return int(self._world.town["squeezed"][0])

    @property
    def events(self) -> int:
        """Events computed so far."""
        return int(self._world.town["events"][0])

    @property
    def clearance_s(self) -> float:
        """When the last group so far arrived [s]; 0 if none has."""
        arrival = self._world.groups["arrival"]
        done = arrival[np.isfinite(arrival)]
        return float(done.max()) if done.size else 0.0

    # ----------------------------------------------------------------------------------- branching off

    def snapshot(self) -> Snapshot:
        """Return a copy of the present state, to come back to."""
        return Snapshot(tuple(getattr(self._world, name).copy() for name in st.SAVED), self._world.route_arcs)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state of this engine, or of one made from the same network, shelters and people.

        Raises
        ------
        ValueError
            If the snapshot is of another shape.
        """
        mine = [getattr(self._world, name) for name in st.SAVED]
        if any(a.shape != b.shape for a, b in zip(mine, snapshot.arrays, strict=True)):
            raise ValueError("the snapshot belongs to another engine")
        for target, source in zip(mine, snapshot.arrays, strict=True):
            target[...] = source
        self._world = self._world._replace(route_arcs=snapshot.route_arcs)
        self._world.shelters["table_ready"] = 0

    def fork(self) -> Engine:
        """Return an engine in the same state that goes its own way; what does not change is shared.

        Forks may run in different threads at the same time: the kernel releases the interpreter's lock.
        """
        twin: Engine = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._world = st.copied(self._world)
        return twin


def _indices(values: ArrayLike, count: int, what: str) -> Ints:
    index = np.atleast_1d(np.asarray(values))
    if index.size == 0:
        return _NO_INTS
    if index.ndim != 1 or not np.issubdtype(index.dtype, np.integer):
        raise ValueError(f"{what} numbers must be a list of whole numbers")
    if index.min() < 0 or index.max() >= count:
        raise ValueError(
            f"there is no {what} {int(index.min() if index.min() < 0 else index.max())}: they are 0 … {count - 1}"
        )
    return np.unique(index).astype(np.int64) if what != "group" else index.astype(np.int64)


def _canonical(people: People, speed_mps: Floats) -> tuple[NDArray[np.int64], Ints]:
    """Return the order in which groups are kept, and the place of each, so that the order of rows does not matter."""
    position = np.arange(people.route_arcs.size, dtype=np.int64)
    owner = np.repeat(np.arange(people.count), np.diff(people.route_indptr))
    step = (position - people.route_indptr[owner]).astype(np.uint64)
    mixed = (people.route_arcs.astype(np.uint64) + np.uint64(1)) * (
        step * np.uint64(2654435761) + np.uint64(40503)
    )
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    route = total[people.route_indptr[1:]] - total[people.route_indptr[:-1]]
    keys = (
        route,
        people.access_s,
        speed_mps,
        people.persons,
        people.shelter,
        people.departure_s,
        people.origin,
    )
    order = np.lexsort(keys)
    rank = np.empty(people.count, dtype=np.int64)
    rank[order] = np.arange(people.count)
    return order, rank
