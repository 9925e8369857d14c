"""The earliest way of every building to each shelter if nobody else were in the streets. Kernel, compiled."""

from __future__ import annotations

import numpy as np

from civdef.evacuate.carrying import NEVER
from civdef.evacuate.search.reach import look_around, new_look
from civdef.evacuate.search.slack import new_slack
from civdef.movement.compiled import digest, kernel

_SOURCES = [
    *(f"../evacuate/search/{name}.py" for name in ("alone", "reach", "records", "slack")),
    "../evacuate/carrying.py",
    "../evacuate/routes.py",
    "compiled.py",
]


def _alone(source_digest: int):
    @kernel
    def ways_alone(town, rows, room, steps, option, door, end, length, way):
        """Write the ways that take a row's last person inside within `steps`, the earliest shelters first.

        Parameters
        ----------
        town, rows, room
            See :mod:`civdef.evacuate.search.records`; `room` as if nobody were inside.
        steps
            Latest step.
        option, door, end, length, way
            Filled: the way onto the streets (-1: no further way), the door, the steps until the last person is inside, and the
            chains to enter, of up to W ways of each row, shapes (B, W) four times and (B, W, most chains).
        """
        if source_digest == 0:
            return
        junctions, doors = town.out_ptr.size - 1, town.door_steps.size
        chains, queues = town.chain_steps.size, town.units.size
        look = new_look(junctions, doors)
        finish, finish_m, price = np.zeros(doors, np.int64), np.zeros(doors), np.zeros(doors)
        load, toll = np.zeros(chains, np.int64), np.zeros(queues + room.size)
        empty, slack = np.zeros((queues, 0), np.int32), new_slack(queues, 0)
        done = np.zeros(room.size, np.bool_)
        for b in range(rows.people.size):
            option[b, :] = -1
            if rows.people[b] == 0:
                continue
            look_around(
                b, rows.people[b], rows.people[b], -1, steps, town, rows, room, load, toll, empty, slack, look, finish, finish_m, price
            )  # fmt: skip
            done[:] = False
            for w in range(option.shape[1]):
                pick = -1
                for d in range(doors):
                    if finish[d] > steps or finish[d] >= NEVER or done[town.door_shelter[d]]:
                        continue
                    if pick < 0 or finish[d] < finish[pick]:
                        pick = d
                if pick < 0:
                    break
                done[town.door_shelter[pick]] = True
                n, node = 0, town.door_node[pick]
                while look.from_chain[node] >= 0:
                    n += 1
                    node = town.chain_tail[look.from_chain[node]]
                if n > way.shape[2]:
                    continue
                option[b, w], door[b, w], end[b, w], length[b, w] = (
                    look.from_option[node],
                    pick,
                    finish[pick],
                    n,
                )
                node = town.door_node[pick]
                for k in range(n - 1, -1, -1):
                    way[b, w, k] = look.from_chain[node]
                    node = town.chain_tail[look.from_chain[node]]

    return ways_alone


ways_alone = _alone(digest(_SOURCES))
