"""Vehicle columns: who drives whom from which assembly point to which destination, when; a timetable in whole minutes.

Vehicles are split into columns once and stay together. A column loads at one assembly point, a few vehicles at a time, marches to
one destination, unloads, and comes back for more. One column at a time loads at an assembly point; columns leave the street
one behind the other, with a headway, in the hours of march only.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civdef.model.wartime import WartimeSettings

DAY_MIN = 1440


@dataclass(frozen=True)
class Party:
    """People who go from one assembly point to one destination."""

    point: str
    destination: int
    persons: int


@dataclass(frozen=True)
class Column:
    """Vehicles that travel together: their names and seats, largest first."""

    vehicles: tuple[str, ...]
    seats: tuple[int, ...]


@dataclass(frozen=True)
class March:
    """One march of a column. Minutes count from the start of the stage.

    Attributes
    ----------
    column
        Index of the column.
    number
        March of that column, from 1.
    party
        Index of the party that it carries.
    point, destination, persons
        From where, to where, how many.
    vehicles
        Vehicles of the column that carry people, the first so many.
    load_from, leave, clear, arrive, done, back
        Loading begins; the first vehicle leaves; the last one has left; the last one is there; all are handed over; the
        column is at the street again [min].
    length_m
        Of the column on the road [m].
    """

    column: int
    number: int
    party: int
    point: str
    destination: int
    persons: int
    vehicles: int
    load_from: int
    leave: int
    clear: int
    arrive: int
    done: int
    back: int
    length_m: float


def columns_of(vehicles: Sequence[tuple[str, int]], settings: WartimeSettings) -> tuple[Column, ...]:
    """Return the columns of a fleet: as few as the largest size allows, of about the same number of seats.

    Parameters
    ----------
    vehicles
        (name, seats) of each.
    settings
        The size of a column.
    """
    order = sorted(vehicles, key=lambda v: (-v[1], v[0]))
    count = -(-len(order) // settings.column_vehicles)
    parts: list[list[tuple[str, int]]] = [[] for _ in range(count)]
    for vehicle in order:
        fits = [p for p in parts if len(p) < settings.column_vehicles]
        min(fits, key=lambda p: sum(s for _, s in p)).append(vehicle)
    return tuple(Column(tuple(n for n, _ in p), tuple(s for _, s in p)) for p in parts)


def length_m(vehicles: int, settings: WartimeSettings) -> float:
    """Return the length of a column on the road [m]."""
    return vehicles * settings.vehicle_m + max(vehicles - 1, 0) * settings.gap_m


def passing_min(vehicles: int, settings: WartimeSettings) -> int:
    """Return the time a column takes to pass a point, rounded up [min]."""
    return math.ceil(length_m(vehicles, settings) / (settings.column_kmh * 1000 / 60) - 1e-9)


def marches(
    parties: Sequence[Party],
    columns: Sequence[Column],
    distance_km: Sequence[float],
    settings: WartimeSettings,
) -> tuple[March, ...]:
    """Return all marches in order of departure; everybody of every party is carried if there is any column at all.

    Whichever column is back first takes the party that can begin to load soonest, of several the one with most people left.

    Parameters
    ----------
    parties
        Who goes where.
    columns
        Vehicles.
    distance_km
        To each destination [km].
    settings
        Speeds, times and headways.
    """
    left = [p.persons for p in parties]
    point_free: dict[str, int] = {}
    street_free = 0
    found: list[March] = []
    queue = [(0, c) for c in range(len(columns)) if sum(columns[c].seats) > 0]
    heapq.heapify(queue)
    count = [0] * len(columns)
    while queue and any(left):
        since, c = heapq.heappop(queue)
        open_ = [k for k, n in enumerate(left) if n > 0]
        k = min(open_, key=lambda k: (max(since, point_free.get(parties[k].point, 0)), -left[k], k))
        party = parties[k]
        used, persons = _filled(columns[c], left[k])
        load_from = max(since, point_free.get(party.point, 0))
        loading = math.ceil(-(-used // settings.bays) * settings.load_min)
        leave = _march_hours(max(load_from + loading, street_free), settings)
        clear = leave + passing_min(used, settings)
        road = math.ceil(distance_km[party.destination] / settings.column_kmh * 60 - 1e-9)
        arrive = clear + road
        done = arrive + math.ceil(settings.unload_min)
        back = done + math.ceil(settings.turn_round_min) + road
        count[c] += 1
        found.append(
            March(c, count[c], k, party.point, party.destination, persons, used, load_from, leave, clear, arrive, done,
                  back, length_m(used, settings))
        )  # fmt: skip
        left[k] -= persons
        point_free[party.point] = leave
        street_free = clear + math.ceil(settings.headway_min)
        heapq.heappush(queue, (back, c))
    return tuple(sorted(found, key=lambda m: (m.leave, m.column)))


def _filled(column: Column, persons: int) -> tuple[int, int]:
    """Return how many vehicles, the largest first, carry how many of the people waiting."""
    carried = 0
    for used, seats in enumerate(column.seats, start=1):
        carried += seats
        if carried >= persons:
            return used, persons
    return len(column.seats), carried


def _march_hours(minute: int, settings: WartimeSettings) -> int:
    """Return the first minute from then on at which a column may leave."""
    return minute if minute % DAY_MIN < settings.march_h * 60 else (minute // DAY_MIN + 1) * DAY_MIN


def finished(found: Sequence[March]) -> int:
    """Return when the last person is handed over [min]."""
    return max((m.done for m in found), default=0)


def more_needed(
    parties: Sequence[Party],
    vehicles: Sequence[tuple[str, int]],
    distance_km: Sequence[float],
    settings: WartimeSettings,
    limit_min: float,
    seats: int,
) -> int | None:
    """Return how many more vehicles of `seats` seats bring everybody out in time, found by trying; None: no number does."""

    def late(more: int) -> bool:
        fleet = [*vehicles, *((f"+{n}", seats) for n in range(more))]
        planned = marches(parties, columns_of(fleet, settings), distance_km, settings)
        return (
            sum(m.persons for m in planned) < sum(p.persons for p in parties) or finished(planned) > limit_min
        )

    most = 2
    while late(most):
        most *= 2
        if most > MOST_MORE:
            return None
    low = 0
    while most - low > 1:
        middle = (low + most) // 2
        low, most = (middle, most) if late(middle) else (low, middle)
    return most


MOST_MORE = 1024
"""So many more vehicles are tried at most."""


def send(
    persons: Mapping[str, int], places: Sequence[int], distance_km: Sequence[float]
) -> tuple[dict[tuple[str, int], int], dict[str, int]]:
    """Give communities their destinations: the largest first, whole where one has room, the nearest that has.

    Parameters
    ----------
    persons
        Community → people who leave.
    places, distance_km
        Of each destination.

    Returns
    -------
    (community, destination) → persons, and community → persons for whom no destination has room.
    """
    room = list(places)
    order = sorted(range(len(places)), key=lambda d: (distance_km[d], d))
    found: dict[tuple[str, int], int] = {}
    without: dict[str, int] = {}
    for community in sorted(persons, key=lambda c: (-persons[c], c)):
        rest = persons[community]
        whole = next((d for d in order if room[d] >= rest), None)
        for d in [whole] if whole is not None else order:
            part = min(rest, room[d])
            if part > 0:
                found[community, d] = part
                room[d] -= part
                rest -= part
        if rest:
            without[community] = rest
    return found, without
