"""Who rides in which march: whole buildings where they fit, else whole households, neighbours together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Persons of one household who gather at a point.

    Attributes
    ----------
    building, household
        Whose they are.
    persons
        How many.
    """

    building: str
    household: str
    persons: int


@dataclass(frozen=True)
class Ride:
    """A group, or a part of one, in one vehicle march.

    Attributes
    ----------
    march
        Index of the march as given; None: in none.
    group
        Who.
    persons
        How many of the group.
    first
        Whether the group begins here; the rest of a household that had to be split does not.
    """

    march: int | None
    group: Group
    persons: int
    first: bool


def board(groups: Sequence[Group], rooms: Sequence[int]) -> tuple[Ride, ...]:
    """Give everybody at an assembly point a march, each march exactly its persons.

    Marches are filled one after another with buildings in the order given. Of a building that does not fit whole, households ride
    that fill what is left, as nearly as their sizes allow; only where no household fits any more is one split.

    Parameters
    ----------
    groups
        Households, those of a building one after another.
    rooms
        Persons of each march, in order of loading.

    Returns
    -------
    Rides in order of marches and then of groups, those without a march last. Every march has its persons if there are as many.
    """
    waiting = [(g, g.persons) for g in groups]
    found: list[Ride] = []
    for march, room in enumerate(rooms):
        taken = _whole(waiting, room)
        left = room - sum(waiting[k][1] for k in taken)
        found += [_ride(march, *waiting[k]) for k in taken]
        waiting = [w for k, w in enumerate(waiting) if k not in taken]
        if left and waiting:  # every household that waits is larger than what is left, so one is enough
            group, persons = waiting[0]
            found.append(Ride(march, group, left, persons == group.persons))
            waiting[0] = (group, persons - left)
    found += [_ride(None, group, persons) for group, persons in waiting]
    place = {group: k for k, group in enumerate(groups)}
    last = len(rooms)
    return tuple(sorted(found, key=lambda r: (last if r.march is None else r.march, place[r.group])))


def _ride(march: int | None, group: Group, persons: int) -> Ride:
    return Ride(march, group, persons, persons == group.persons)


def _whole(waiting: Sequence[tuple[Group, int]], room: int) -> set[int]:
    """Return who rides without splitting any household: building by building, as many of each as there is room for."""
    taken: set[int] = set()
    for _, of_building in itertools.groupby(range(len(waiting)), key=lambda k: waiting[k][0].building):
        who = _most([(k, waiting[k][1]) for k in of_building], room)
        taken.update(who)
        room -= sum(waiting[k][1] for k in who)
        if room == 0:
            break
    return taken


def _most(items: Sequence[tuple[int, int]], room: int) -> tuple[int, ...]:
    """Return the items that make the most persons without exceeding the room; of several such choices the one found first."""
    if sum(n for _, n in items) <= room:
        return tuple(k for k, _ in items)
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for k, persons in items:
        for total, who in list(sums.items()):
            if total + persons <= room:
                sums.setdefault(total + persons, (*who, k))
    return sums[max(sums)]
