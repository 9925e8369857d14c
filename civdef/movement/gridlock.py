"""When everybody waits for everybody: find it, and let one group squeeze in.

Full streets can wait for one another in a ring (or a knot of rings); no event would ever end that. A wait is a gridlock if
everyone it depends on, through any number of streets, waits in the same way: nobody walks, no door works, no room is left.
Then the group that is next by fair queueing is let onto the full street all the same, as people do who squeeze past one
another; the persons so let in are counted. A wait behind a door that is only slow, or not open yet, is no gridlock.
"""

from __future__ import annotations

from civdef.movement.compiled import shared
from civdef.movement.queues import admit_lane, first_waiter, serve
from civdef.movement.state import LANES, STRIDE, World


@shared
def is_gridlock(w: World, arc: int, now: float) -> bool:
    """Say whether nothing that the wait for `arc` depends on can move by itself."""
    w.town[0].stamp += 1
    stamp = w.town[0].stamp
    w.arcs[0].stack = arc
    w.arcs[arc].mark = stamp
    size = 1
    while size > 0:
        size -= 1
        a = w.arcs[size].stack
        if w.arcs[a].present == 0:
            return False
        for k in range(LANES):
            lane = a * STRIDE + k
            head = w.lanes[lane].head
            if head < 0:
                continue
            b = w.lanes[lane].wants
            if b < 0:
                return False  # walking, or at a door
            fits = w.arcs[b].present + w.groups[head].persons <= w.arcs[b].storage
            if w.arcs[b].free_in > now or w.arcs[b].present == 0 or fits:
                return False
            if w.arcs[b].mark != stamp:
                w.arcs[b].mark = stamp
                w.arcs[size].stack = b
                size += 1
    return True


@shared
def check(w: World, arc: int, now: float) -> None:
    """Release one group if the wait for `arc` is a gridlock."""
    if w.arcs[arc].waiters < 0 or not is_gridlock(w, arc, now):
        return
    lane = first_waiter(w, arc)
    w.town[0].squeezed += w.groups[w.lanes[lane].head].persons
    admit_lane(w, lane, arc, now)
    serve(w, arc, now)
