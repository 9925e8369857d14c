"""From promises to rounds: the driving-time table, the search, and more vehicles tried out where people are late."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.assist.anneal import anneal
from civdef.evacuate.assist.construct import construct
from civdef.evacuate.assist.exact import MOST, exact
from civdef.evacuate.assist.fleet import Ready
from civdef.evacuate.assist.rounds import FAR_S, Car, Cost, Job, Rounds, Route, timed
from civdef.evacuate.assist.streets import Ways

QUICK = 200
"""Moves for each person when more vehicles are tried out: what they find is a plan that works, if not the best."""

RUNS = 4
FEW = 600
"""The search is repeated so often, and as long as for so many people in all, where there are fewer."""

MOST_MORE = 64
"""So many more vehicles in all are tried at most."""


def driving(
    ways: Ways, nodes: Iterable[int]
) -> tuple[dict[int, int], np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Return node → point, and the driving time from point to point, rounded up [s]."""
    order = sorted(set(nodes))
    if not order:
        return {}, np.zeros((0, 0), dtype=np.int64)
    spots = np.array(order, dtype=np.int32)
    found = ways.from_("drive", spots)[:, spots]
    table = np.where(np.isfinite(found), np.ceil(np.nan_to_num(found, posinf=0.0)), FAR_S).astype(np.int64)
    return {node: k for k, node in enumerate(order)}, table


def rounds_of(
    jobs: Mapping[int, Job],
    vehicles: Sequence[Ready],
    points: Mapping[int, int],
    drive_s: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> tuple[Rounds, list[int]]:
    """Return the problem and the row behind each of its jobs."""
    rows = list(jobs)
    at = {row: k for k, row in enumerate(rows)}
    renumbered = tuple(
        dataclasses.replace(jobs[r], after=tuple((at[q], wait) for q, wait in jobs[r].after)) for r in rows
    )
    cars = tuple(Car(v.places, points[v.node], v.from_s) for v in vehicles)
    return Rounds(renumbered, cars, drive_s), rows


def plan_rounds(rounds: Rounds, moves: int) -> tuple[list[Route], bool]:
    """Return good routes that do every job, and whether they are proven best.

    A sound construct, improved by annealing, up to `RUNS` times from different seeds where few people make that cheap; a
    handful of people are routed exactly.
    """
    start, undone = construct(rounds)
    assert not undone, "every job has a vehicle that can do it"
    n = len(rounds.jobs)
    if n <= MOST:
        return exact(rounds, anneal(rounds, start, moves * n))
    runs = min(max(FEW // n, 1), RUNS)
    length = max(moves * n, moves * FEW // RUNS)
    found = [anneal(rounds, start, length, seed) for seed in range(1, runs + 1)]
    return min(found, key=lambda routes: _cost(rounds, routes)), False


def _cost(rounds: Rounds, routes: Sequence[Route]) -> Cost:
    found = timed(rounds, routes)
    assert found is not None
    return found.cost


@dataclass(frozen=True)
class More:
    """Vehicles that would bring everybody in on time.

    Attributes
    ----------
    like
        Positions of the vehicles they are like, one for each kind of place with people late.
    count
        How many of each.
    busy_s
        How long the busiest of each is in use [s].
    """

    like: tuple[int, ...]
    count: tuple[int, ...]
    busy_s: tuple[int, ...]


def more_needed(rounds: Rounds, late: Sequence[int]) -> More | None:
    """Return vehicles with which nobody is late, found by trying; None where up to `MOST_MORE` do not help.

    For every kind of place that somebody who is late needs, vehicles like the one with most such places (then the one that
    is ready first), in proportion to the people late; as few in all as do.

    Parameters
    ----------
    rounds
        The problem as it is.
    late
        Jobs that are late in its answer.
    """
    need = {k: sum(rounds.jobs[j].kind == k for j in late) for k in range(3)}
    kinds = [k for k in range(3) if need[k]]
    like = tuple(
        max(
            range(len(rounds.cars)),
            key=lambda v, k=k: (
                rounds.cars[v].places[k] - sum(rounds.cars[v].places) / 100,
                -rounds.cars[v].from_s,
                -v,
            ),  # type: ignore[misc]
        )
        for k in kinds
    )
    best: More | None = None
    low, high = 0, len(kinds)
    while high <= MOST_MORE:
        best = _with_more(rounds, like, _shared_out(high, [need[k] for k in kinds]))
        if best is not None:
            break
        low, high = high, high * 2
    while best is not None and high - low > 1:
        middle = (low + high) // 2
        found = _with_more(rounds, like, _shared_out(middle, [need[k] for k in kinds]))
        if found is None:
            low = middle
        else:
            best, high = found, middle
    return best


def _shared_out(count: int, need: Sequence[int]) -> tuple[int, ...]:
    """Return `count` in whole numbers, at least one each where it suffices, in proportion to `need`."""
    shares = [1 if k < count else 0 for k in range(len(need))]
    while sum(shares) < count:
        k = max(range(len(need)), key=lambda k: (need[k] / shares[k], -k))
        shares[k] += 1
    return tuple(shares)


def _with_more(rounds: Rounds, like: Sequence[int], count: Sequence[int]) -> More | None:
    added = [v for v, n in zip(like, count, strict=True) for _ in range(n)]
    cars = (*rounds.cars, *(rounds.cars[v] for v in added))
    tried = Rounds(rounds.jobs, cars, rounds.drive_s)
    routes, _ = construct(tried)
    routes = anneal(tried, routes, QUICK * len(rounds.jobs))
    found = timed(tried, routes)
    assert found is not None
    if found.late:
        return None
    busy: list[int] = []
    first = len(rounds.cars)
    for n in count:
        ends = [found.end_s[v][-1] - cars[v].from_s for v in range(first, first + n) if found.end_s[v]]
        busy.append(max(ends, default=0))
        first += n
    return More(tuple(like), tuple(count), tuple(busy))
