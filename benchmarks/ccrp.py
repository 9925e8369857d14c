"""The capacity-constrained route planner, as a peer: one shortest way at a time, reserved for as many as it takes.

Lu, George and Shekhar, *Capacity Constrained Routing Algorithms for Evacuation Planning*, SSTD 2005. Classic form: as long as
anybody is left, one search by earliest arrival from all sources through what is not yet reserved; those of the source found
get the way, as many as its narrowest part lets through. Compiled by the same compiler as the product's kernels.

    from benchmarks.ccrp import ccrp
    from civdef.evacuate.flow import step_network
    done = ccrp(step_network(problem, stepped, placed).network)
    done.steps * stepped.step_s                            # clearance [s]
    done.unit_steps * stepped.step_s / UNITS / 60          # person-minutes until inside
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import StepNetwork
from civdef.evacuate.flow.reach import first_cut, shortage
from civdef.evacuate.flow.state import Flow, Graph, Ints32, graph_of, no_flow
from civdef.movement.compiled import kernel, shared

_FAR = 2**30


@dataclass(frozen=True, eq=False)
class Ccrp:
    """The plan of the route planner.

    Attributes
    ----------
    steps
        Steps until everybody is inside; None if somebody gets in nowhere.
    unit_steps
        Sum over all units of the steps until they are inside.
    ways
        Ways reserved.
    shelter_units
        Units in each shelter, shape (S,).
    """

    steps: int | None
    unit_steps: int
    ways: int
    shelter_units: NDArray[np.int64]


def ccrp(network: StepNetwork, horizon: int | None = None) -> Ccrp:
    """Plan everybody's way, one way at a time.

    Parameters
    ----------
    network
        Who must get where.
    horizon
        Steps to make room for; None: as many as are needed, by doubling.
    """
    nobody = np.zeros(len(network.places), dtype=np.int64)
    if network.total == 0:
        return Ccrp(0, 0, 0, nobody)
    if shortage(network) is not None:
        return Ccrp(None, 0, 0, nobody)
    steps = horizon or 2 * (first_cut(network).steps + 1)
    graph = graph_of(network)
    size = network.arcs + len(network.release_node) + network.nodes + 1
    while True:
        flow = no_flow(network, steps)
        free = _free(network.units, steps)
        door_free = _free(network.door_units, steps)
        label, through, at = (np.empty(network.nodes, dtype=np.int32) for _ in range(3))
        bucket = np.empty(steps + 1, dtype=np.int32)
        following, entry = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
        last, unit_steps, ways = _plan(
            graph, flow, free, door_free, steps, label, through, at, bucket, following, entry
        )
        if last >= 0:
            return Ccrp(int(last) + 1, int(unit_steps), int(ways), network.places - flow.room)
        if horizon is not None:
            return Ccrp(None, int(unit_steps), int(ways), network.places - flow.room)
        steps *= 2


def _free(units: NDArray[np.int64], steps: int) -> NDArray[np.int32]:
    """Return for each step the first one that has units free from then on, the horizon where nothing ever has."""
    rows = np.tile(np.arange(steps + 1, dtype=np.int32), (len(units), 1))
    rows[units == 0] = steps
    return rows


@shared
def _next_free(rows: Ints32, row: int, t: int) -> int:
    """Return the first step from t on that has units free; what was looked up is remembered."""
    d = rows[row, t]
    while d < rows.shape[1] - 1 and rows[row, d] != d:
        d = rows[row, d]
    rows[row, t] = d
    return int(d)


@kernel
def _plan(
    g: Graph, f: Flow, free: Ints32, door_free: Ints32, steps: int, label: Ints32, through: Ints32,
    at: Ints32, bucket: Ints32, following: Ints32, entry: Ints32,
) -> tuple[int, int, int]:  # fmt: skip
    """Reserve ways until nobody is left; return the last arrival (negative: the steps do not suffice), the sum of steps, the ways."""
    latest, unit_steps, ways, left = 0, 0, 0, f.left.sum()
    while left > 0:
        label[:] = _FAR
        bucket[:] = -1
        count = 0
        for r in range(g.release_node.size):
            v, t = g.release_node[r], g.release_step[r]
            if f.left[g.release_source[r]] > 0 and t < steps and t < label[v]:
                label[v], through[v], at[v] = t, -1 - r, t
                entry[count], following[count] = v, bucket[t]
                bucket[t] = count
                count += 1
        best, best_door, best_slot = steps, -1, 0
        t = 0
        while t < best:
            while bucket[t] >= 0:
                i = bucket[t]
                bucket[t] = following[i]
                u = entry[i]
                if label[u] != t or at[u] < 0:
                    continue
                for q in range(g.at_first[u], g.at_first[u + 1]):
                    d = g.at_door[q]
                    if f.room[g.door_shelter[d]] > 0:
                        slot = _next_free(door_free, d, t)
                        if slot + g.door_steps[d] < best:
                            best, best_door, best_slot = slot + g.door_steps[d], d, slot
                for q in range(g.out_first[u], g.out_first[u + 1]):
                    a = g.out_arc[q]
                    v = g.head[a]
                    if label[v] <= t + g.steps[a]:
                        continue
                    slot = _next_free(free, a, t)
                    x = slot + g.steps[a]
                    if x < steps and x < label[v]:
                        label[v], through[v], at[v] = x, a, slot
                        if count == entry.size:
                            return -2, unit_steps, ways
                        entry[count], following[count] = v, bucket[x]
                        bucket[x] = count
                        count += 1
            t += 1
        if best_door < 0:
            return -1, unit_steps, ways
        units = min(f.room[g.door_shelter[best_door]], g.door_units[best_door] - f.door[best_door, best_slot])
        v = g.door_node[best_door]
        while through[v] >= 0:
            a = through[v]
            units = min(units, g.units[a] - f.arc[a, at[v]])
            v = g.tail[a]
        r = -1 - through[v]
        units = min(units, f.left[g.release_source[r]])
        f.left[g.release_source[r]] -= units
        f.room[g.door_shelter[best_door]] -= units
        f.door[best_door, best_slot] += units
        if f.door[best_door, best_slot] == g.door_units[best_door]:
            door_free[best_door, best_slot] = best_slot + 1
        v = g.door_node[best_door]
        while through[v] >= 0:
            a = through[v]
            f.arc[a, at[v]] += units
            if f.arc[a, at[v]] == g.units[a]:
                free[a, at[v]] = at[v] + 1
            v = g.tail[a]
        f.entry[r] += units
        left -= units
        unit_steps += units * (best + 1)
        latest = max(latest, best)
        ways += 1
    return latest, unit_steps, ways
