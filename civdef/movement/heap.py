"""The calendar: a binary heap of (time, entity), one entry per entity, so that it never grows.

Equal times are ordered by entity number, so the order of events depends on nothing but the input.
"""

from __future__ import annotations

import numpy as np

from civdef.movement.compiled import shared
from civdef.movement.state import Records


@shared
def push(heap: Records, town: Records, entity: int, time_s: float) -> None:
    """Call `entity` at `time_s` at the latest: an earlier call that is already in the calendar stands.

    Parameters
    ----------
    heap
        Records of :data:`~civdef.movement.state.CALL`, one for each entity.
    town
        Keeps the number of entries, ``heap_size``.
    entity
        Whom to call.
    time_s
        When [s]; infinite: not at all.
    """
    if time_s == np.inf:
        return
    i = heap[entity].place
    if i >= 0:
        if heap[i].time <= time_s:
            return
    else:
        i = town[0].heap_size
        town[0].heap_size = i + 1
    while i > 0:
        p = (i - 1) >> 1
        if heap[p].time < time_s or (heap[p].time == time_s and heap[p].who < entity):
            break
        heap[i].time = heap[p].time
        heap[i].who = heap[p].who
        heap[heap[i].who].place = i
        i = p
    heap[i].time = time_s
    heap[i].who = entity
    heap[entity].place = i


@shared
def pop(heap: Records, town: Records) -> int:
    """Take the first entity out of a heap that is not empty.

    Parameters
    ----------
    heap, town
        As in :func:`push`.
    """
    first = heap[0].who
    heap[first].place = -1
    n = town[0].heap_size - 1
    town[0].heap_size = n
    if n > 0:
        time_s = heap[n].time
        entity = heap[n].who
        i = 0
        while True:
            c = 2 * i + 1
            if c >= n:
                break
            r = c + 1
            if r < n and (
                heap[r].time < heap[c].time or (heap[r].time == heap[c].time and heap[r].who < heap[c].who)
            ):
                c = r
            if heap[c].time > time_s or (heap[c].time == time_s and heap[c].who > entity):
                break
            heap[i].time = heap[c].time
            heap[i].who = heap[c].who
            heap[heap[i].who].place = i
            i = c
        heap[i].time = time_s
        heap[i].who = entity
        heap[entity].place = i
    return int(first)
