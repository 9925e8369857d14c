"""How many people a shelter's doors allow.

Sources
-------
GB 50038-2005, 3.3.8: the clear widths of a personnel shelter's doors together are at least 0.30 m for each 100 persons, and no
door serves more than 700 persons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from civdef.model.wartime import WartimeSettings


@dataclass(frozen=True)
class Doors:
    """A shelter's doors against its places.

    Attributes
    ----------
    doors, width_m
        How many there are, and their clear widths together [m].
    needed_doors, needed_width_m
        What its places ask for.
    door_persons
        How many people the doors allow.
    usable_persons
        The fewer of places and that.
    """

    doors: int
    width_m: float
    needed_doors: int
    needed_width_m: float
    door_persons: int
    usable_persons: int


def doors(widths_m: Sequence[float], places: int, settings: WartimeSettings) -> Doors:
    """Return what a shelter's doors allow.

    Parameters
    ----------
    widths_m
        Clear width of each door [m].
    places
        People the shelter has room for.
    settings
        The two limits.
    """
    width = math.fsum(widths_m)
    by_width = whole(width / settings.door_m_per_100 * 100)
    allowed = min(by_width, settings.door_most_persons * len(widths_m))
    return Doors(
        len(widths_m),
        round(width, 3),
        math.ceil(places / settings.door_most_persons),
        round(places * settings.door_m_per_100 / 100, 3),
        allowed,
        min(places, allowed),
    )


def share(width_m: float, settings: WartimeSettings) -> float:
    """Return how many persons one door may pass by its own width and by the most of any one door, in fractions."""
    return min(width_m / settings.door_m_per_100 * 100, float(settings.door_most_persons))


def whole(persons: float) -> int:
    """Return whole persons: 0.9 m / 0.30 m is no whole number in binary."""
    return math.floor(persons + 1e-9)
