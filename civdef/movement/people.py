"""Who walks: one row per group that keeps together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from civdef.movement.network import WalkNetwork
from civdef.movement.speeds import Kind, Speeds


@dataclass(frozen=True, eq=False)
class People:
    """Groups that walk together at the speed of their slowest member. Make them with :meth:`from_arrays`.

    Attributes
    ----------
    origin
        Network node where each group steps onto the street, shape ``(P,)``.
    persons
        Persons in each group, at least 1, shape ``(P,)``.
    kind
        :class:`~civdef.movement.speeds.Kind` of the slowest member, shape ``(P,)``.
    speed_mps
        Free speed where it is known [m/s]; NaN: take it from the kind, shape ``(P,)``.
    shelter
        Shelter each group was told to go to; -1: whichever is nearest and has room, shape ``(P,)``.
    departure_s
        When each group leaves its building [s]; infinite: not yet warned, shape ``(P,)``.
    access_s
        Walk from the building's door to `origin` [s], shape ``(P,)``.
    route_indptr, route_arcs
        Route told to each group, arcs ``route_arcs[route_indptr[p]:route_indptr[p+1]]``; an empty one means the shortest
        way to the shelter. Shapes ``(P+1,)`` and ``(R,)``.
    """

    origin: NDArray[np.int64]
    persons: NDArray[np.int64]
    kind: NDArray[np.int8]
    speed_mps: NDArray[np.float64]
    shelter: NDArray[np.int64]
    departure_s: NDArray[np.float64]
    access_s: NDArray[np.float64]
    route_indptr: NDArray[np.int64]
    route_arcs: NDArray[np.int64]

    @classmethod
    def from_arrays(
        cls,
        origin: ArrayLike,
        *,
        persons: ArrayLike = 1,
        kind: ArrayLike = int(Kind.ADULT),
        speed_mps: ArrayLike = np.nan,
        shelter: ArrayLike = -1,
        departure_s: ArrayLike = np.inf,
        access_s: ArrayLike = 0.0,
        routes: Sequence[ArrayLike] | None = None,
        route_indptr: ArrayLike | None = None,
        route_arcs: ArrayLike | None = None,
    ) -> People:
        """Check and freeze.

        Parameters
        ----------
        origin, persons, kind, speed_mps, shelter, departure_s, access_s
            One entry per group, or one number for all; see the class.
        routes
            One list of arcs per group; or give `route_indptr` and `route_arcs` (see the class). Default: no routes.

        Raises
        ------
        ValueError
            For arrays of different lengths, fewer than one person in a group, an unknown kind, a speed outside (0, 5],
            a negative or NaN time, an infinite access walk, or a broken route index.
        """
        start = np.atleast_1d(np.asarray(origin, dtype=np.int64))
        count = start.size

        def column(name: str, value: ArrayLike, dtype: type[np.generic]) -> NDArray[np.generic]:
            array = np.asarray(value)
            if array.ndim and array.shape != (count,):
                raise ValueError(f"{name} must have one entry per group ({count}), not {array.shape}")
            if issubclass(dtype, np.integer) and array.size and not np.issubdtype(array.dtype, np.integer):
                raise ValueError(f"{name} must be whole numbers")
            return np.array(np.broadcast_to(array.astype(dtype), (count,)))

        if routes is not None:
            if len(routes) != count:
                raise ValueError(f"routes must have one entry per group ({count})")
            lists = [np.asarray(r, dtype=np.int64).ravel() for r in routes]
            indptr = np.concatenate([[0], np.cumsum([r.size for r in lists])]).astype(np.int64)
            arcs = np.concatenate([np.zeros(0, np.int64), *lists]).astype(np.int64)
        elif route_indptr is not None and route_arcs is not None:
            indptr = np.asarray(route_indptr, dtype=np.int64)
            arcs = np.asarray(route_arcs, dtype=np.int64)
        else:
            indptr = np.zeros(count + 1, dtype=np.int64)
            arcs = np.zeros(0, dtype=np.int64)
        if (
            indptr.shape != (count + 1,)
            or indptr[0] != 0
            or indptr[-1] != arcs.size
            or np.any(np.diff(indptr) < 0)
        ):
            raise ValueError(
                "route_indptr must rise from 0 to the number of route arcs, one more entry than groups"
            )
        people = cls(
            start,
            column("persons", persons, np.int64),  # type: ignore[arg-type]
            column("kind", kind, np.int8),  # type: ignore[arg-type]
            column("speed_mps", speed_mps, np.float64),  # type: ignore[arg-type]
            column("shelter", shelter, np.int64),  # type: ignore[arg-type]
            column("departure_s", departure_s, np.float64),  # type: ignore[arg-type]
            column("access_s", access_s, np.float64),  # type: ignore[arg-type]
            indptr,
            arcs,
        )
        if np.any(people.persons < 1):
            raise ValueError("a group has at least one person")
        if np.any((people.kind < 0) | (people.kind >= len(Kind))):
            raise ValueError("unknown kind of person")
        known = people.speed_mps[~np.isnan(people.speed_mps)]
        if np.any((known <= 0) | (known > 5.0)):
            raise ValueError("a walking speed must be above 0 and at most 5 m/s")
        if not (
            np.all(people.departure_s >= 0) and np.all(np.isfinite(people.access_s) & (people.access_s >= 0))
        ):
            raise ValueError("departures and access walks cannot be negative or NaN")
        return people

    @property
    def count(self) -> int:
        """Number of groups P."""
        return int(self.origin.size)

    def free_speed_mps(self, speeds: Speeds) -> NDArray[np.float64]:
        """Return each group's free speed [m/s], shape ``(P,)``: the one known, else the one of its kind."""
        return np.where(np.isnan(self.speed_mps), speeds.of(self.kind), self.speed_mps)

    def check_against(
        self, network: WalkNetwork, entrance_keys: NDArray[np.int64], shelter_count: int
    ) -> None:
        """Refuse origins, shelters and routes that do not fit the network.

        Parameters
        ----------
        network
            The streets.
        entrance_keys
            Sorted ``shelter * node_count + node`` of every entrance.
        shelter_count
            Number of shelters.

        Raises
        ------
        ValueError
            For an origin off the network, a shelter that does not exist, or a route that does not start at the origin,
            has a gap, or does not end at an entrance of the group's shelter.
        """
        if self.count == 0:
            return
        if self.origin.min() < 0 or self.origin.max() >= network.node_count:
            raise ValueError("a group starts at a node that is not on the network")
        if self.shelter.min() < -1 or self.shelter.max() >= shelter_count:
            raise ValueError("a group is told to go to a shelter that does not exist")
        check_routes(network, entrance_keys, self.origin, self.shelter, self.route_indptr, self.route_arcs)


def check_routes(
    network: WalkNetwork,
    entrance_keys: NDArray[np.int64],
    origin: NDArray[np.int64],
    shelter: NDArray[np.int64],
    indptr: NDArray[np.int64],
    arcs: NDArray[np.int64],
) -> None:
    """Refuse a route that does not lead from its origin to an entrance of its shelter without a gap.

    Parameters
    ----------
    network, entrance_keys
        As in :meth:`People.check_against`.
    origin, shelter
        One entry per route.
    indptr, arcs
        The routes; empty ones pass.

    Raises
    ------
    ValueError
        Names the first route that is wrong.
    """
    if arcs.size == 0:
        return
    if arcs.min() < 0 or arcs.max() >= network.arc_count:
        raise ValueError("a route names an arc that is not on the network")
    given = np.flatnonzero(np.diff(indptr) > 0)
    first, last = indptr[given], indptr[given + 1] - 1
    joined = np.ones(arcs.size, dtype=np.bool_)
    joined[1:] = network.tail[arcs[1:]] == network.head[arcs[:-1]]
    joined[first] = network.tail[arcs[first]] == origin[given]
    if not joined.all():
        group = int(np.searchsorted(indptr, np.flatnonzero(~joined)[0], side="right")) - 1
        raise ValueError(f"the route of group {group} has a gap or does not start where the group does")
    keys = shelter[given].astype(np.int64) * network.node_count + network.head[arcs[last]]
    ends = np.isin(keys, entrance_keys) & (shelter[given] >= 0)
    if not ends.all():
        raise ValueError(
            f"the route of group {int(given[~ends][0])} does not end at an entrance of its shelter"
        )
