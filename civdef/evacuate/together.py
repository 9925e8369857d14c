"""Buildings that go to the same shelter: assignment by group, a group being divided only where it fits nowhere whole."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.assignment import Assignment, assign
from civdef.evacuate.problem import NOWHERE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def assign_together(
    persons: Ints, places: Ints, cost_m: Floats, group: Ints | None = None, *, polish: bool = True
) -> Assignment:
    """Assign rows to shelters, rows of a group to the same one; fewest left over first, then fewest person-metres.

    Parameters
    ----------
    persons, places, cost_m, polish
        As for :func:`civdef.evacuate.assignment.assign`, shapes (B,), (S,), (B, S).
    group
        Rows with the same number belong together, shape (B,); None: each by itself. A group that has room nowhere as a
        whole is divided: its rows then take what places are left, each by itself.
    """
    if group is None or not len(persons):
        return assign(persons, places, cost_m, polish=polish)
    _, member = np.unique(group, return_inverse=True)
    member = member.reshape(-1)
    together = np.bincount(member, weights=persons).astype(np.int64)
    weighted = np.zeros((len(together), len(places)))
    np.add.at(weighted, member, cost_m * persons[:, None])
    whole = assign(together, places, weighted / together[:, None], polish=polish)
    shelter = whole.shelter[member]
    alone = np.flatnonzero(shelter == NOWHERE)
    if len(alone):
        taken = np.bincount(
            shelter[shelter >= 0], weights=persons[shelter >= 0], minlength=len(places)
        ).astype(np.int64)
        shelter[alone] = assign(persons[alone], places - taken, cost_m[alone], polish=polish).shelter
    placed = np.flatnonzero(shelter >= 0)
    person_m = float((persons[placed] * cost_m[placed, shelter[placed]]).sum())
    return dataclasses.replace(whole, shelter=shelter.astype(np.int32), person_m=person_m)


def divided(shelter: NDArray[np.int32], group: Ints) -> Ints:
    """Return the groups whose rows go to more than one shelter, or are placed only in part."""
    order = np.lexsort((shelter, group))
    g, s = group[order], shelter[order]
    apart = (g[1:] == g[:-1]) & (s[1:] != s[:-1])
    return np.unique(g[1:][apart])
