"""Opposed streams: streets that a plan lets people walk in both directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.graph.roads import CONNECTOR


@dataclass(frozen=True)
class Opposed:
    """Streets walked in both directions.

    Attributes
    ----------
    length_m
        Their length [m].
    persons
        Persons in the smaller of the two streams, in the street where there are most.
    """

    length_m: float
    persons: int


def opposed(problem: Problem, routes: Routes) -> Opposed:
    """Return where people walk against each other, whether or not at the same time."""
    net = problem.network
    load = np.zeros(net.arcs, dtype=np.int64)
    for persons, arcs in zip(problem.persons.tolist(), routes.arcs, strict=True):
        load[arcs] += persons
    smaller = np.where(net.road == CONNECTOR, 0, np.minimum(load, load[net.reverse]))
    return Opposed(float(net.length_m[smaller > 0].sum() / 2), int(smaller.max(initial=0)))
