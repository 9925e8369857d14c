"""A route as a marshal would say it: along which street, how far, where to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from civdef.graph.roads import CONNECTOR, StreetNetwork

Turn = Literal["start", "straight", "left", "right", "back"]
Compass = Literal["n", "ne", "e", "se", "s", "sw", "w", "nw"]
Arcs = NDArray[np.int32]

SHORT_M = 12.0
"""A stretch shorter than this between two streets is not told, e.g. the crossing of a main road [m]; a choice for words."""

NAMELESS = "?"
"""With this begin the names, by kind, of streets that have none of their own."""

_SLIGHT, _BACK = np.radians(35.0), np.radians(150.0)
_COMPASS: tuple[Compass, ...] = ("e", "ne", "n", "nw", "w", "sw", "s", "se")


@dataclass(frozen=True)
class Leg:
    """A stretch along one street.

    Attributes
    ----------
    road
        Id of a road of that name; None: the way between a door and the street.
    metres
        Length [m].
    turn
        How one comes onto it.
    compass
        Direction of its first stretch: one of n, ne, e, se, s, sw, w, nw.
    """

    road: str | None
    metres: float
    turn: Turn
    compass: Compass


def legs(network: StreetNetwork, names: Sequence[str], arcs: Arcs) -> tuple[Leg, ...]:
    """Return a route in words' reach: stretches of the same name joined, crossings left out.

    Parameters
    ----------
    network
        The streets.
    names
        Name of each road, in the order of ``network.road_ids``; roads of the same name are one street, those whose name
        begins with `NAMELESS` only where they go straight on.
    arcs
        The route, from a building's door to a shelter's.
    """
    parts: list[list[int]] = []
    for arc in arcs.tolist():
        if network.road[arc] == CONNECTOR:
            continue
        if parts and _one_street(network, names, parts[-1], arc):
            parts[-1].append(arc)
        else:
            parts.append([arc])
    parts = _without_crossings(network, names, parts)
    found: list[Leg] = []
    for k, part in enumerate(parts):
        begin = _bearing(network, part[0], first=True)
        turn = _turn(_bearing(network, parts[k - 1][-1], first=False), begin) if k else "start"
        found.append(
            Leg(
                network.road_ids[network.road[part[0]]],
                float(network.length_m[part].sum()),
                turn,
                _point(begin),
            )
        )
    return tuple(found)


def compass(network: StreetNetwork, arc: int) -> Compass:
    """Return the direction in which an arc begins."""
    return _point(_bearing(network, arc, first=True))


def _point(bearing: float) -> Compass:
    return _COMPASS[round(bearing / (np.pi / 4)) % 8]


def _without_crossings(
    network: StreetNetwork, names: Sequence[str], parts: list[list[int]]
) -> list[list[int]]:
    """Join short stretches to the one before, and what then is one street again."""
    kept: list[list[int]] = []
    for k, part in enumerate(parts):
        inner = 0 < k < len(parts) - 1
        short = float(network.length_m[part].sum()) < SHORT_M
        again = kept and _one_street(network, names, kept[-1], part[0])
        if kept and ((inner and short) or again):
            kept[-1] = kept[-1] + part
        else:
            kept.append(part)
    return kept


def _one_street(network: StreetNetwork, names: Sequence[str], part: Sequence[int], after: int) -> bool:
    """Return whether an arc goes on along the street of the part before it."""
    name = names[network.road[part[0]]]
    if name != names[network.road[after]]:
        return False
    if not name.startswith(NAMELESS):
        return True
    turn = _turn(_bearing(network, part[-1], first=False), _bearing(network, after, first=True))
    return turn == "straight"


def _bearing(network: StreetNetwork, arc: int, *, first: bool) -> float:
    """Return the direction at the beginning or the end of an arc, anticlockwise from east [radians]."""
    line = network.arc_lonlat(arc)
    step = line[1] - line[0] if first else line[-1] - line[-2]
    if not step.any():
        step = line[-1] - line[0]
    return float(np.arctan2(step[1], step[0] * np.cos(np.radians(line[0, 1]))))


def _turn(before: float, after: float) -> Turn:
    change = (after - before + np.pi) % (2 * np.pi) - np.pi
    if abs(change) <= _SLIGHT:
        return "straight"
    if abs(change) >= _BACK:
        return "back"
    return "left" if change > 0 else "right"
