"""The quickest flow taken apart: who of its people went which way."""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

from civdef.evacuate.flow import Adapted
from civdef.evacuate.flow.state import Flow
from civdef.evacuate.stepped import Stepped

Path = tuple[int, tuple[int, ...], int]
"""A release of the step network, the chains walked after the one it stands on, and the door (column of the entrances)."""


class _Group:
    """People of one release who have gone the same way so far."""

    __slots__ = ("arcs", "release", "units")

    def __init__(self, units: int, release: int, arcs: tuple[int, ...]) -> None:
        self.units, self.release, self.arcs = units, release, arcs


def paths_of(adapted: Adapted, stepped: Stepped, flow: Flow) -> dict[Path, int]:
    """Return the ways of a flow with the units that took each; at every node whoever came first goes on first.

    Parameters
    ----------
    adapted
        The network of the flow.
    stepped
        The contracted streets it was made of.
    flow
        A flow that leaves nobody behind.

    Raises
    ------
    RuntimeError
        If the flow sends more people on than are there: it is not one of this network.
    """
    net = adapted.network
    here: dict[int, deque[_Group]] = defaultdict(deque)
    coming: dict[int, list[tuple[int, _Group]]] = defaultdict(list)
    for r in np.flatnonzero(flow.entry).tolist():
        coming[int(net.release_step[r])].append((int(net.release_node[r]), _Group(int(flow.entry[r]), r, ())))
    found: dict[Path, int] = defaultdict(int)
    for step in range(flow.arc.shape[1]):
        for node, group in coming.pop(step, []):
            here[node].append(group)
        arcs = {a: int(flow.arc[a, step]) for a in np.flatnonzero(flow.arc[:, step]).tolist()}
        doors = {d: int(flow.door[d, step]) for d in np.flatnonzero(flow.door[:, step]).tolist()}
        moved = True
        while arcs and moved:  # arcs of no time lead on within the step, so some need a second look
            moved = False
            for a in list(arcs):
                gone = _taken(here[int(net.tail[a])], arcs[a])
                for group in gone:
                    onward = _Group(group.units, group.release, (*group.arcs, a))
                    arcs[a] -= group.units
                    moved = True
                    if net.steps[a] == 0:
                        here[int(net.head[a])].append(onward)
                    else:
                        coming[step + int(net.steps[a])].append((int(net.head[a]), onward))
                if arcs[a] == 0:
                    del arcs[a]
        for d, units in doors.items():
            for group in _taken(here[int(net.door_node[d])], units):
                doors[d] -= group.units
                way = _chains(adapted, stepped, group)
                found[group.release, way, int(adapted.door_entrance[d])] += group.units
        if arcs or any(doors.values()):
            raise RuntimeError("the flow sends more people on than are there")
    return dict(found)


def _taken(line: deque[_Group], units: int) -> list[_Group]:
    """Take up to so many units off the front of a line."""
    found = []
    while units > 0 and line:
        first = line[0]
        n = min(first.units, units)
        found.append(_Group(n, first.release, first.arcs))
        units -= n
        first.units -= n
        if first.units == 0:
            line.popleft()
    return found


def _chains(adapted: Adapted, stepped: Stepped, group: _Group) -> tuple[int, ...]:
    """Return the chains a group has entered; a chain that buildings join is two arcs, to its far end and off it."""
    way: list[int] = []
    for a in group.arcs:
        chain = int(adapted.arc_chain[a])
        if not way or way[-1] != chain:
            way.append(chain)
    joins_chain = int(adapted.network.release_node[group.release]) >= stepped.junctions
    return tuple(way[1:] if joins_chain else way)
