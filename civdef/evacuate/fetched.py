"""People who are brought in by others: they do not walk by themselves, and their places are kept.

What :mod:`civdef.evacuate.assist` promises, the walking plan must not promise again: whoever is fetched is taken out of the
people who walk, and their places out of the shelters' places, before anything is planned.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.demand import KINDS, Demand, Ints
from civdef.model.resident import PersonKind

ASSISTED = KINDS.index(PersonKind.ASSISTED)


@dataclass(frozen=True)
class Fetched:
    """Who is fetched.

    Attributes
    ----------
    households
        (household, persons of it who are fetched), in id order.
    places
        (shelter, places kept for them), in id order.
    """

    households: tuple[tuple[str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()


NOBODY = Fetched()
"""Everybody walks."""


def taken_out(demand: Demand, fetched: Fetched) -> Demand:
    """Return the people who are left to walk.

    At times at which a household's assisted member is away, nobody is taken out in their stead; the place stays kept.
    """
    if not fetched.households:
        return demand
    wanted = dict(fetched.households)
    here = np.array([wanted.get(h, 0) for h in demand.household_ids], dtype=np.int64)
    gone = np.minimum(here, demand.household_persons[:, ASSISTED])
    persons = demand.household_persons.copy()
    persons[:, ASSISTED] -= gone
    residents = demand.residents.copy()
    np.subtract.at(residents[:, ASSISTED], demand.household_building, gone)
    left = np.flatnonzero(persons.sum(axis=1) > 0)
    return dataclasses.replace(
        demand,
        residents=residents,
        household_ids=tuple(demand.household_ids[i] for i in left),
        household_building=demand.household_building[left],
        household_persons=persons[left],
        household_stairwell=demand.household_stairwell[left],
    )


def kept(places: Ints, shelters: tuple[str, ...], fetched: Fetched) -> Ints:
    """Return the places left for those who walk, shape (S,)."""
    taken = dict(fetched.places)
    return np.maximum(places - np.array([taken.get(s, 0) for s in shelters], dtype=np.int64), 0)
