"""Opposed streams: streets that a plan lets people walk in both directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.graph.roads import CONNECTOR

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Opposed:
    """Streets walked in both directions.

    Attributes
    ----------
    length_m
        Their length [m].
    persons
        Persons in the smaller of the two streams, in the street where there are most.
    person_m
        Metres walked by the persons of the smaller streams, in all such streets [person-metres].
    """

    length_m: float
    persons: int
    person_m: float


def opposed(problem: Problem, routes: Routes) -> Opposed:
    """Return where people walk against each other, whether or not at the same time."""
    net = problem.network
    load = loads(problem, routes)
    smaller = np.minimum(load, load[net.reverse])
    both = smaller > 0
    person_m = float((smaller[both] * net.length_m[both]).sum() / 2)
    return Opposed(float(net.length_m[both].sum() / 2), int(smaller.max(initial=0)), person_m)


def loads(problem: Problem, routes: Routes) -> Ints:
    """Return the persons that walk along each arc of a street, 0 for connectors, shape (M,)."""
    net = problem.network
    load = np.zeros(net.arcs, dtype=np.int64)
    for persons, arcs in zip(problem.persons.tolist(), routes.arcs, strict=True):
        load[arcs] += persons
    return np.where(net.road == CONNECTOR, 0, load)
