"""The vehicles' rounds as a problem of numbers: jobs, vehicles, driving times; and what a set of routes amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

FAR_S = 10_000_000
"""Driving time where there is no way [s]: beyond any plan."""


@dataclass(frozen=True)
class Job:
    """A person to fetch.

    Attributes
    ----------
    kind
        Seat (0), wheelchair place (1) or stretcher place (2).
    pick_up, drop
        Points of the driving-time table.
    load_s, unload_s
        Time at the stop; unloading includes the way to the shelter's door [s].
    ready_s
        When the pair has brought the person to the pick-up point, if both helpers are free [s].
    after
        Earlier jobs of the same helpers: (job, seconds from the end of its loading until this person is at the pick-up point).
    due_s
        When the person must be inside; -1: no deadline [s].
    """

    kind: int
    pick_up: int
    drop: int
    load_s: int
    unload_s: int
    ready_s: int
    after: tuple[tuple[int, int], ...] = ()
    due_s: int = -1


@dataclass(frozen=True)
class Car:
    """A vehicle: places by kind, where it stands, from when it may leave [s]."""

    places: tuple[int, int, int]
    start: int
    from_s: int


@dataclass(frozen=True, eq=False)
class Rounds:
    """Jobs, vehicles, and the driving time from point to point, shape (points, points) [s]."""

    jobs: tuple[Job, ...]
    cars: tuple[Car, ...]
    drive_s: Seconds


Cost = tuple[int, int, int, int]
"""People late, worst lateness [s], last arrival [s], driving time [s]."""

Route = list[int]
"""Stops of one vehicle: ``j`` loads job j, ``~j`` unloads it."""


@dataclass(frozen=True)
class Timed:
    """What routes amount to.

    Attributes
    ----------
    begin_s, end_s
        When each stop's loading or unloading begins and ends, route by route [s].
    arrive_s
        When the vehicle gets to each stop [s].
    last_s
        When the last person is inside [s].
    drive_s
        Driving time of all vehicles together [s].
    worst_s
        By how much the person who is latest misses the deadline; 0: nobody does [s].
    late
        People inside later than due.
    """

    begin_s: tuple[tuple[int, ...], ...]
    end_s: tuple[tuple[int, ...], ...]
    arrive_s: tuple[tuple[int, ...], ...]
    last_s: int
    drive_s: int
    worst_s: int
    late: tuple[int, ...]

    @property
    def cost(self) -> Cost:
        """What is minimised: people who are late, the worst lateness, the last arrival, then driving time."""
        return (len(self.late), self.worst_s, self.last_s, self.drive_s)


def timed(rounds: Rounds, routes: Sequence[Route]) -> Timed | None:
    """Carry routes out, everything as early as possible; None if they cannot be: places, order, or a wait in a circle."""
    jobs, cars = rounds.jobs, rounds.cars
    loaded: dict[int, int] = {}
    at = [0] * len(routes)
    clock = [car.from_s for car in cars]
    point = [car.start for car in cars]
    free = [list(car.places) for car in cars]
    begin: list[list[int]] = [[] for _ in routes]
    end: list[list[int]] = [[] for _ in routes]
    arrive: list[list[int]] = [[] for _ in routes]
    aboard: list[set[int]] = [set() for _ in routes]
    last = driving = worst = 0
    late: list[int] = []
    moved = True
    while moved:
        moved = False
        for v, route in enumerate(routes):
            while at[v] < len(route):
                stop = route[at[v]]
                job = jobs[stop if stop >= 0 else ~stop]
                if stop >= 0 and any(j not in loaded for j, _ in job.after):
                    break
                there = job.pick_up if stop >= 0 else job.drop
                leg = int(rounds.drive_s[point[v], there])
                if leg >= FAR_S:
                    return None
                driving += leg
                clock[v] += leg
                arrive[v].append(clock[v])
                point[v] = there
                if stop >= 0:
                    if free[v][job.kind] == 0 or stop in loaded:
                        return None
                    free[v][job.kind] -= 1
                    aboard[v].add(stop)
                    ready = max([job.ready_s, *(loaded[j] + wait for j, wait in job.after)])
                    start = max(clock[v], ready)
                    clock[v] = start + job.load_s
                    loaded[stop] = clock[v]
                else:
                    if ~stop not in aboard[v]:
                        return None
                    aboard[v].discard(~stop)
                    free[v][job.kind] += 1
                    start = clock[v]
                    clock[v] += job.unload_s
                    last = max(last, clock[v])
                    if 0 <= job.due_s < clock[v]:
                        late.append(~stop)
                        worst = max(worst, clock[v] - job.due_s)
                begin[v].append(start)
                end[v].append(clock[v])
                at[v] += 1
                moved = True
    if any(a < len(r) for a, r in zip(at, routes, strict=True)) or any(aboard):
        return None
    return Timed(
        tuple(map(tuple, begin)),
        tuple(map(tuple, end)),
        tuple(map(tuple, arrive)),
        last,
        driving,
        worst,
        tuple(sorted(late)),
    )


def soonest_s(rounds: Rounds) -> list[int]:
    """Return when each person is inside at the soonest, however many vehicles there are like those that stand nearest [s].

    Nobody is loaded before a vehicle with the right kind of place can be there or the helpers are; each then needs the
    loading, the drive and the unloading. Driving by way of other stops counts where the table has it shorter.
    """
    drive_s = rounds.drive_s.copy()
    for via in range(len(drive_s)):
        np.minimum(drive_s, drive_s[:, via, None] + drive_s[via], out=drive_s)
    loaded: dict[int, int] = {}
    inside = [0] * len(rounds.jobs)
    waiting = list(range(len(rounds.jobs)))
    while waiting:
        for j in list(waiting):
            job = rounds.jobs[j]
            if any(k not in loaded for k, _ in job.after):
                continue
            there = [
                c.from_s + int(drive_s[c.start, job.pick_up]) for c in rounds.cars if c.places[job.kind] > 0
            ]
            ready = max([job.ready_s, min(there, default=0), *(loaded[k] + wait for k, wait in job.after)])
            loaded[j] = ready + job.load_s
            inside[j] = loaded[j] + int(drive_s[job.pick_up, job.drop]) + job.unload_s
            waiting.remove(j)
    return inside


def last_bound_s(rounds: Rounds) -> int:
    """Return a time before which no routes can have brought everybody in [s].

    The latest of those who could be served by themselves at the soonest; and the vehicles that can take people of a kind
    must load and unload all of them, one after the other, each from when it may leave; one that may only leave later need not
    help.
    """
    bound = max(soonest_s(rounds), default=0)
    for kind in range(3):
        able = sorted(c.from_s for c in rounds.cars if c.places[kind] > 0)
        work = sum(j.load_s + j.unload_s for j in rounds.jobs if j.kind == kind)
        if work and able:
            bound = max(bound, min(-(-(work + sum(able[:n])) // n) for n in range(1, len(able) + 1)))
    return bound
