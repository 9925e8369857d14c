"""The plainest ways from a building to a shelter: fewest turns within so many metres. Kernel, compiled.

A turn depends on where one comes from, so the search goes over the chains by which a junction is reached, not over junctions.
Its labels come off the heap by turns, then metres; one that was reached at the same chain in no more turns and no more metres
is dropped. So the first label at a door has the fewest turns, and what follows is the whole front of turns against metres.
"""

from __future__ import annotations

import numpy as np

from civdef.evacuate.search.reach import bends, pop, push
from civdef.evacuate.search.records import STRAIGHT
from civdef.movement.compiled import digest, kernel

_SOURCES = [
    *(f"../evacuate/search/{name}.py" for name in ("plain", "reach", "records")),
    "../evacuate/routes.py",
    "compiled.py",
]

_TURN_M = 1e8
"""A turn as metres in the heap's keys: longer than any way."""


@kernel
def _longer(old):
    return np.concatenate((old, np.zeros_like(old)))


def _front(source_digest: int):
    @kernel
    def front(town, rows, b, shelter, limit_m, turns, rest_m, marks):
        """Return the ways of a row to a shelter that no other betters in both turns and metres to the same door.

        A way here may come to a junction twice, unless that junction is marked; it neither turns round on the spot nor
        passes its own house again.

        Parameters
        ----------
        town, rows
            See :mod:`civdef.evacuate.search.records`.
        b, shelter
            Row and shelter.
        limit_m
            Longest way [m of level walking].
        turns
            Most turns; if no way has so few, those with the fewest turns of all.
        rest_m
            Metres from each junction to the shelter's nearest door, shape (K,).
        marks
            A bit of its own for each junction that no way may come to twice, 0 for the others, shape (K,).

        Returns
        -------
        ends : numpy.ndarray
            Last label and door of each way, fewest turns first, shape (F, 2).
        labels : numpy.ndarray
            Chain (-1: the first label of a way), label before it (-1), way onto the streets, turns, of each label, (L, 4).
        """
        if source_digest == 0:
            return np.zeros((0, 2), np.int64), np.zeros((0, 4), np.int64)
        chains, doors = town.chain_steps.size, town.door_steps.size
        labels = np.zeros((1024, 4), np.int64)
        seen = np.zeros((1024, 2), np.int64)  # marked junctions passed, next settled label of the chain
        metres = np.zeros(1024)
        heap, keys = np.zeros(1024, np.int64), np.zeros(1024)
        settled = np.full(chains, -1, np.int64)
        least = np.full(doors, np.inf)
        ends = np.zeros((16, 2), np.int64)
        found, count, size, most = 0, 0, 0, -1
        for o in range(rows.opt_ptr[b], rows.opt_ptr[b + 1]):
            place = rows.opt_place[o]
            node = town.chain_head[place] if place < chains else place - chains
            if rows.opt_m[o] + rest_m[node] > limit_m:
                continue
            labels[count, 0], labels[count, 1], labels[count, 2], labels[count, 3] = (
                -1,
                -1,
                o,
                rows.opt_turns[o],
            )
            seen[count, 0], metres[count] = marks[node], rows.opt_m[o]
            size = push(heap, keys, size, count, _TURN_M * rows.opt_turns[o] + rows.opt_m[o])
            count += 1
        while size > 0:
            label = heap[0]
            size = pop(heap, keys, size)
            chain, option, bent, m = labels[label, 0], labels[label, 2], labels[label, 3], metres[label]
            if 0 <= most < bent:
                break
            if chain >= 0:
                other, worse = settled[chain], False
                while other >= 0:
                    if metres[other] <= m and seen[other, 0] & ~seen[label, 0] == 0:
                        worse = True
                        break
                    other = seen[other, 1]
                if worse:
                    continue
                seen[label, 1], settled[chain] = settled[chain], label
                node, bearing = town.chain_head[chain], town.ends[chain]
            else:
                place = rows.opt_place[option]
                node = town.chain_head[place] if place < chains else place - chains
                bearing = rows.opt_end[option]
            for i in range(town.door_ptr[node], town.door_ptr[node + 1]):
                d = town.door_at[i]
                whole = m + town.door_m[d]
                if town.door_shelter[d] == shelter and whole <= limit_m and whole < least[d]:
                    least[d] = whole
                    if found == ends.shape[0]:
                        ends = _longer(ends)
                    ends[found, 0], ends[found, 1] = label, d
                    found += 1
                    most = max(bent, turns)
            own = rows.opt_place[option]
            for i in range(town.out_ptr[node], town.out_ptr[node + 1]):
                c = town.out_chain[i]
                head, back = town.chain_head[c], town.reverse[c]
                if back >= 0 and back in (chain, own):
                    continue
                if (
                    c == own
                    or m + town.chain_m[c] + rest_m[head] > limit_m
                    or marks[head] & seen[label, 0] != 0
                ):
                    continue
                onto = bent + town.chain_turns[c]
                if bearing < STRAIGHT:
                    onto += bends(bearing, town.begins[c])
                if 0 <= most < onto:
                    continue
                if count == labels.shape[0]:
                    labels, seen, metres = _longer(labels), _longer(seen), _longer(metres)
                    heap, keys = _longer(heap), _longer(keys)
                labels[count, 0], labels[count, 1], labels[count, 2], labels[count, 3] = (
                    c,
                    label,
                    option,
                    onto,
                )
                seen[count, 0], metres[count] = seen[label, 0] | marks[head], m + town.chain_m[c]
                size = push(heap, keys, size, count, _TURN_M * onto + metres[count])
                count += 1
        return ends[:found], labels[:count]

    return front


front = _front(digest(_SOURCES))
