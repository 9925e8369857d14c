"""The calendar: a binary heap of (time, entity), one entry per entity, so that it never grows.

Equal times are ordered by entity number, so the order of events depends on nothing but the input.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.movement.compiled import inner, shared

Times = NDArray[np.float64]
Ints = NDArray[np.int32]


@shared
def push(times: Times, who: Ints, where: Ints, size: NDArray[np.int64], entity: int, time_s: float) -> None:
    """Call `entity` at `time_s` at the latest: an earlier call that is already in the calendar stands.

    Parameters
    ----------
    times, who
        Heap of times [s] and entities, shape ``(X,)`` for X entities.
    where
        Place of each entity in the heap, -1: none, shape ``(X,)``.
    size
        Number of entries, shape ``(1,)`` or more; the first counts.
    entity
        0 … X-1.
    time_s
        When [s]; infinite: not at all.
    """
    if time_s == np.inf:
        return
    i = where[entity]
    if i >= 0:
        if times[i] <= time_s:
            return
    else:
        i = np.int32(size[0])
        size[0] += 1
    while i > 0:
        p = (i - 1) >> 1
        if times[p] < time_s or (times[p] == time_s and who[p] < entity):
            break
        times[i] = times[p]
        who[i] = who[p]
        where[who[i]] = i
        i = p
    times[i] = time_s
    who[i] = entity
    where[entity] = i


@inner
def pop(times: Times, who: Ints, where: Ints, size: NDArray[np.int64]) -> int:
    """Take the first entity out of a heap that is not empty.

    Parameters
    ----------
    times, who, where, size
        As in :func:`push`.
    """
    first = who[0]
    where[first] = -1
    size[0] -= 1
    n = size[0]
    if n > 0:
        time_s = times[n]
        entity = who[n]
        i = 0
        while True:
            c = 2 * i + 1
            if c >= n:
                break
            r = c + 1
            if r < n and (times[r] < times[c] or (times[r] == times[c] and who[r] < who[c])):
                c = r
            if times[c] > time_s or (times[c] == time_s and who[c] > entity):
                break
            times[i] = times[c]
            who[i] = who[c]
            where[who[i]] = i
            i = c
        times[i] = time_s
        who[i] = entity
        where[entity] = i
    return int(first)
