"""Better rounds by simulated annealing on the whole timetable, compiled: the same moves from the same seed everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.assist.rounds import FAR_S, Rounds, Route, timed
from civdef.movement.compiled import digest, entry, shared

NEAREST = 12
"""A person is moved beside one of so many whose pick-up and drop are nearest."""

SWAP = 0.15
"""Share of the moves that exchange two persons."""

LATE_S = 300.0
"""Weight of a person who is late, in seconds of the last arrival."""

MEAN = 0.1
"""Weight of a vehicle's mean end and driving time beside the last arrival: it leads the search where the last does not move."""

HOT_S, COLD_S = 120.0, 0.5
"""Temperature at the start and at the end, in seconds of the last arrival."""

I64 = NDArray[np.int64]


def anneal(rounds: Rounds, start: Sequence[Route], moves: int, seed: int = 1) -> list[Route]:
    """Return routes at least as good as those given, after a fixed number of moves.

    A move takes one person beside another whose way is alike, exchanges the two, or takes one on a trip of their own; takes
    a whole trip to another vehicle; or exchanges the rest of the day of two vehicles. Every move is judged by carrying the whole timetable out,
    helpers' turns included.

    Parameters
    ----------
    rounds
        The problem; every job of it must be in `start`.
    start
        Routes to begin with; they must be sound.
    moves
        Work; 0: none.
    seed
        Of the random numbers.
    """
    before = timed(rounds, start)
    assert before is not None
    n, m = len(rounds.jobs), len(rounds.cars)
    if moves <= 0 or n == 0:
        return [list(r) for r in start]
    routes = np.full((m, 2 * n), -1, dtype=np.int64)
    length = np.zeros(m, dtype=np.int64)
    for v, route in enumerate(start):
        length[v] = len(route)
        routes[v, : len(route)] = [s if s >= 0 else n + ~s for s in route]
    jobs = rounds.jobs
    after = np.full((n, 2, 2), -1, dtype=np.int64)
    for j, job in enumerate(jobs):
        for k, pair in enumerate(job.after):
            after[j, k] = pair
    point = np.array([*(j.pick_up for j in jobs), *(j.drop for j in jobs), *(c.start for c in rounds.cars)])
    data = (
        np.minimum(rounds.drive_s[np.ix_(point, point)], FAR_S).astype(np.int64),
        np.array([*(j.load_s for j in jobs), *(j.unload_s for j in jobs)], dtype=np.int64),
        np.array([j.kind for j in jobs], dtype=np.int64),
        np.array([j.ready_s for j in jobs], dtype=np.int64),
        np.array([j.due_s for j in jobs], dtype=np.int64),
        after,
        np.array([c.places for c in rounds.cars], dtype=np.int64).reshape(m, 3),
        np.array([c.from_s for c in rounds.cars], dtype=np.int64),
    )
    drive = data[0]
    away = drive[:n, :n] + drive[n : 2 * n, n : 2 * n]
    np.fill_diagonal(away, 4 * FAR_S)
    near = np.ascontiguousarray(np.argsort(away, axis=1, kind="stable")[:, : min(NEAREST, n)])
    best, sizes = routes.copy(), length.copy()
    state = np.array([2 * seed + 1], dtype=np.uint64)
    scratch = tuple(np.zeros(k, np.int64) for k in (n, n, m, m, m, (m, 3), 2 * n, 2 * n))
    run(routes, length, *data, near, moves, state, HOT_S, COLD_S, best, sizes, *scratch)
    found = [[int(s) if s < n else ~int(s - n) for s in best[v, : sizes[v]]] for v in range(m)]
    after_all = timed(rounds, found)
    return found if after_all is not None and after_all.cost < before.cost else [list(r) for r in start]


@shared
def _random(state: Any) -> float:
    """Return a number from 0 to 1 (xorshift64*), so that numbers do not depend on a library's version."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@shared
def _judge(
    routes: I64, length: I64, drive: I64, service: I64, kind: I64, ready: I64, due: I64, after: I64, places: I64,
    from_s: I64, loaded: I64, at: I64, clock: I64, spot: I64, free: I64,
) -> Any:  # fmt: skip
    """Carry all routes out; return (energy, late, worst lateness, last arrival, driving), energy infinite if they cannot be."""
    m, n = len(length), len(kind)
    loaded[:] = -1
    driving = 0
    late = 0
    worst = 0
    last = 0
    for v in range(m):
        at[v] = 0
        clock[v] = from_s[v]
        spot[v] = 2 * n + v
        for k in range(3):
            free[v, k] = places[v, k]
    moved = True
    while moved:
        moved = False
        for v in range(m):
            while at[v] < length[v]:
                stop = routes[v, at[v]]
                if stop < n:
                    begin = ready[stop]
                    blocked = False
                    for k in range(2):
                        other = after[stop, k, 0]
                        if other >= 0:
                            if loaded[other] < 0:
                                blocked = True
                                break
                            begin = max(begin, loaded[other] + after[stop, k, 1])
                    if blocked:
                        break
                    leg = drive[spot[v], stop]
                    if leg >= FAR_S or free[v, kind[stop]] == 0:
                        return np.inf, 0, 0, 0, 0
                    free[v, kind[stop]] -= 1
                    driving += leg
                    clock[v] = max(clock[v] + leg, begin) + service[stop]
                    loaded[stop] = clock[v]
                else:
                    leg = drive[spot[v], stop]
                    if leg >= FAR_S:
                        return np.inf, 0, 0, 0, 0
                    free[v, kind[stop - n]] += 1
                    driving += leg
                    clock[v] += leg + service[stop]
                    last = max(last, clock[v])
                    if 0 <= due[stop - n] < clock[v]:
                        late += 1
                        worst = max(worst, clock[v] - due[stop - n])
                spot[v] = stop
                at[v] += 1
                moved = True
    total = 0
    for v in range(m):
        if at[v] < length[v]:
            return np.inf, 0, 0, 0, 0
        if length[v] > 0:
            total += clock[v]
    energy = LATE_S * late + 2.0 * worst + last + MEAN * (total + driving) / m
    return energy, late, worst, last, driving


@shared
def _copy(source: I64, target: I64, size: int) -> None:
    for i in range(size):
        target[i] = source[i]


@shared
def _remove(route: I64, size: int, stop: int) -> int:
    k = 0
    for i in range(size):
        if route[i] != stop:
            route[k] = route[i]
            k += 1
    return k


@shared
def _insert(route: I64, size: int, where: int, stop: int) -> int:
    for i in range(size, where, -1):
        route[i] = route[i - 1]
    route[where] = stop
    return size + 1


@shared
def _find(route: I64, size: int, stop: int) -> int:
    for i in range(size):
        if route[i] == stop:
            return i
    return -1


@shared
def _gap(route: I64, size: int, n: int, pick: float) -> int:
    """Return a position at which the vehicle is empty, by a number from 0 to 1."""
    count = 1
    aboard = 0
    for i in range(size):
        aboard += 1 if route[i] < n else -1
        if aboard == 0:
            count += 1
    wanted = int(pick * count)
    if wanted == 0:
        return 0
    aboard = 0
    seen = 0
    for i in range(size):
        aboard += 1 if route[i] < n else -1
        if aboard == 0:
            seen += 1
            if seen == wanted:
                return i + 1
    return size


@shared
def _other(stop: int, j: int, k: int, n: int) -> int:
    """Return the stop with persons j and k exchanged."""
    if stop == j:
        return k
    if stop == k:
        return j
    if stop == n + j:
        return n + k
    if stop == n + k:
        return n + j
    return stop


@shared
def _trip_end(route: I64, size: int, n: int, start: int) -> int:
    aboard = 0
    for i in range(start, size):
        aboard += 1 if route[i] < n else -1
        if aboard == 0:
            return i + 1
    return size


def _run(source_digest: int) -> Any:
    @entry
    def anneal_(
        routes: I64, length: I64, drive: I64, service: I64, kind: I64, ready: I64, due: I64, after: I64, places: I64,
        from_s: I64, near: I64, moves: int, state: Any, hot: float, cold: float, best: I64, best_length: I64,
        of: I64, loaded: I64, at: I64, clock: I64, spot: I64, free: I64, a_row: I64, b_row: I64,
    ) -> None:  # fmt: skip
        if source_digest == 0:
            return
        m, n = len(length), len(kind)
        for v in range(m):
            for i in range(length[v]):
                if routes[v, i] < n:
                    of[routes[v, i]] = v
        energy, late, worst, last, driving = _judge(
            routes,
            length,
            drive,
            service,
            kind,
            ready,
            due,
            after,
            places,
            from_s,
            loaded,
            at,
            clock,
            spot,
            free,
        )
        best_cost = (late, worst, last, driving)
        for step in range(moves):
            heat = hot * (cold / hot) ** (step / moves)
            move = _random(state)
            j = -1
            swap = False
            if move < 0.7:
                j = int(_random(state) * n)
                a = of[j]
                if move < 0.5 and n > 1:
                    k = near[j, int(_random(state) * (near.shape[1]))]
                    if k == j:
                        continue
                    b = of[k]
                    swap = move < SWAP
                else:
                    k = -1
                    b = int(_random(state) * m)
                if places[b, kind[j]] == 0 or (swap and places[a, kind[k]] == 0):
                    continue
            else:
                if m < 2:
                    continue
                a = int(_random(state) * m)
                b = int(_random(state) * (m - 1))
                if b >= a:
                    b += 1
                if length[a] == 0:
                    continue
                k = -1
            size_a, size_b = length[a], length[b]
            _copy(routes[a], a_row, size_a)
            _copy(routes[b], b_row, size_b)
            if swap:
                for i in range(size_a):
                    routes[a, i] = _other(routes[a, i], j, k, n)
                if b != a:
                    for i in range(size_b):
                        routes[b, i] = _other(routes[b, i], j, k, n)
            elif j >= 0:
                length[a] = _remove(routes[a], length[a], j)
                length[a] = _remove(routes[a], length[a], n + j)
                if k >= 0:
                    p = _find(routes[b], length[b], k) + int(_random(state) * 2)
                    length[b] = _insert(routes[b], length[b], p, j)
                    d = max(_find(routes[b], length[b], n + k) + int(_random(state) * 2), p + 1)
                else:
                    p = _gap(routes[b], length[b], n, _random(state))
                    length[b] = _insert(routes[b], length[b], p, j)
                    d = p + 1
                length[b] = _insert(routes[b], length[b], d, n + j)
            elif move < 0.85:
                p = _gap(routes[a], length[a], n, _random(state))
                if p == length[a]:
                    continue
                e = _trip_end(routes[a], length[a], n, p)
                q = _gap(routes[b], length[b], n, _random(state))
                for i in range(p, e):
                    length[b] = _insert(routes[b], length[b], q + i - p, a_row[i])
                for i in range(e, size_a):
                    routes[a, p + i - e] = routes[a, i]
                length[a] = size_a - (e - p)
            else:
                p = _gap(routes[a], length[a], n, _random(state))
                q = _gap(routes[b], length[b], n, _random(state))
                for i in range(q, size_b):
                    routes[a, p + i - q] = b_row[i]
                for i in range(p, size_a):
                    routes[b, q + i - p] = a_row[i]
                length[a] = p + size_b - q
                length[b] = q + size_a - p
            new, late, worst, last, driving = _judge(
                routes,
                length,
                drive,
                service,
                kind,
                ready,
                due,
                after,
                places,
                from_s,
                loaded,
                at,
                clock,
                spot,
                free,
            )
            if new <= energy or _random(state) < np.exp((energy - new) / heat):
                energy = new
                for i in range(length[a]):
                    if routes[a, i] < n:
                        of[routes[a, i]] = a
                for i in range(length[b]):
                    if routes[b, i] < n:
                        of[routes[b, i]] = b
                if (late, worst, last, driving) < best_cost:
                    best_cost = (late, worst, last, driving)
                    for w in range(m):
                        _copy(routes[w], best[w], length[w])
                    _copy(length, best_length, m)
            else:
                length[a], length[b] = size_a, size_b
                _copy(a_row, routes[a], size_a)
                _copy(b_row, routes[b], size_b)

    return anneal_


run = _run(digest((Path(__file__),)))
"""The compiled search; it changes `best` and `best_length`."""
