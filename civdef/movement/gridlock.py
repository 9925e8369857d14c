"""When everybody waits for everybody: find it, and let one group squeeze in.

Full streets can wait for one another in a ring (or a knot of rings); no event would ever end that. A wait is a gridlock if
everyone it depends on, through any number of streets, waits in the same way: nobody walks, no door works, no room is left.
Then the group that is next by fair queueing is let onto the full street all the same, as people do who squeeze past one
another; the persons so let in are counted. A wait behind a door that is only slow, or not open yet, is no gridlock.
"""

from __future__ import annotations

from civdef.movement.compiled import shared
from civdef.movement.queues import admit_lane, first_waiter, serve
from civdef.movement.state import LANES, SQUEEZED, STAMP, STRIDE, Fixed, State


@shared
def is_gridlock(f: Fixed, s: State, arc: int, now: float) -> bool:
    """Say whether nothing that the wait for `arc` depends on can move by itself."""
    s.tally[STAMP] += 1
    stamp = s.tally[STAMP]
    s.stack[0] = arc
    s.marks[arc] = stamp
    size = 1
    while size > 0:
        size -= 1
        a = s.stack[size]
        if s.arcs[a].present == 0:
            return False
        for k in range(LANES):
            lane = a * STRIDE + k
            head = s.lanes[lane].head
            if head < 0:
                continue
            b = s.lanes[lane].wants
            if b < 0:
                return False  # walking, or at a door
            fits = s.arcs[b].present + f.groups[head].persons <= f.arcs[b].storage
            if s.arcs[b].free_in > now or s.arcs[b].present == 0 or fits:
                return False
            if s.marks[b] != stamp:
                s.marks[b] = stamp
                s.stack[size] = b
                size += 1
    return True


@shared
def check(f: Fixed, s: State, arc: int, now: float) -> None:
    """Release one group if the wait for `arc` is a gridlock."""
    if s.arcs[arc].waiters < 0 or not is_gridlock(f, s, arc, now):
        return
    lane = first_waiter(s, arc)
    s.tally[SQUEEZED] += f.groups[s.lanes[lane].head].persons
    admit_lane(f, s, lane, arc, now)
    serve(f, s, arc, now)
