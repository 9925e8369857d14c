"""What can pass a queue in time: the heads and tails of one-machine scheduling.

Whoever passes a queue no sooner than `head` steps after the start and has at least `tail` steps to go after it must fit into
the steps between: if all are to be inside within T steps, at most (T - head - tail) · (units per step) of them can. This
holds of any set of ways, whatever the order in which they pass, so a plan that breaks such a limit takes longer than T.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.packing.pool import Visits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Limit:
    """No more than `units(T)` of the `members` if all are to be inside within T steps."""

    queue: int
    head: int
    tail: int


def members(visits: Visits, limit: Limit) -> Ints:
    """Return the ways a limit counts, in order."""
    first, last = np.searchsorted(visits.queue, [limit.queue, limit.queue + 1])
    mine = slice(first, last)
    counted = (visits.head[mine] >= limit.head) & (visits.tail[mine] >= limit.tail)
    found: Ints = visits.way[mine][counted]
    return found


def room(visits: Visits, limit: Limit, steps: int) -> int:
    """Return the units a limit lets through within so many steps."""
    return int(visits.units[limit.queue]) * max(0, steps - limit.head - limit.tail)


def broken(visits: Visits, share: Floats, steps: int, tolerance: float = 0.05) -> tuple[list[Limit], float]:
    """Return the limit of each queue that is broken most, where one is, and the steps the worst of them takes.

    Parameters
    ----------
    visits
        What the ways do to the queues.
    share
        Share of its row that takes each way, shape (W,).
    steps
        Steps within which all should be inside.
    tolerance
        Steps by which a limit may be broken.
    """
    load = visits.people * share
    used = load[visits.way] > 1e-6
    queue, way, head, tail = visits.queue[used], visits.way[used], visits.head[used], visits.tail[used]
    work = load[way] / visits.units[queue]
    found: list[Limit] = []
    worst = float(steps)
    first = np.flatnonzero(np.diff(queue, prepend=-1))
    last = np.append(first[1:], len(queue))
    if not len(first):
        return found, worst
    most = np.maximum.reduceat(head, first) + np.maximum.reduceat(tail, first) + np.add.reduceat(work, first)
    for k in np.flatnonzero(most > steps + tolerance).tolist():
        here = slice(first[k], last[k])
        order = np.argsort(-head[here], kind="stable")
        h, t, w = head[here][order], tail[here][order], work[here][order]
        tails = np.unique(t)
        counted = t[None, :] >= tails[:, None]
        takes = np.where(
            counted, np.cumsum(np.where(counted, w, 0.0), axis=1) + h[None, :] + tails[:, None], -1.0
        )
        at = int(takes.argmax())
        i, j = divmod(at, len(h))
        if takes[i, j] > steps + tolerance:
            found.append(Limit(int(queue[first[k]]), int(h[j]), int(tails[i])))
            worst = max(worst, float(takes[i, j]))
    return found, worst
