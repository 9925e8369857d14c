"""People to open sites with least walking, groups divisible: a minimum-cost flow (OR-tools), exact in millimetres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.siting.instance import Bools, Instance, Siting

_MM = 1000
_LARGEST = 2**60
"""Totals stay below what 64 bits hold."""


@dataclass(frozen=True)
class Sent:
    """People sent to sites.

    Attributes
    ----------
    left_persons
        Persons without a place: as few as there can be.
    person_m
        Persons times metres of the others: as few as there can be then.
    loads
        Persons at each site, shape (S,).
    """

    left_persons: int
    person_m: float
    loads: np.ndarray[tuple[int], np.dtype[np.int64]]


def transport(instance: Instance, sites: Iterable[int], reach: Bools | None = None) -> Sent:
    """Send as many people as possible to the open sites and `sites`, walking as little as possible in all.

    Parameters
    ----------
    instance
        Groups, distances, places.
    sites
        New sites that are open.
    reach
        Pairs that may be used, shape (B, S); None: all with a way.

    Raises
    ------
    RuntimeError
        If the flow is not solved (numbers beyond 64 bits).
    """
    from ortools.graph.python import min_cost_flow

    which = np.flatnonzero(instance.open | np.isin(np.arange(instance.size[1]), list(sites)))
    allowed = np.isfinite(instance.distance) if reach is None else reach & np.isfinite(instance.distance)
    who, column = np.nonzero(allowed[:, which] & (instance.persons > 0)[:, None])
    metres = instance.distance[who, which[column]]
    everybody = int(instance.persons.sum())
    b, s = instance.size[0], len(which)
    longest = float(metres.max(initial=1.0))
    scale = _MM if everybody * longest * _MM < _LARGEST / (2 * s + 4) else 1
    cost = np.rint(metres * scale).astype(np.int64)
    stay = int(cost.max(initial=1)) * (2 * s + 2) + 1  # dearer than any chain of people making way
    places = np.full(s, everybody) if instance.places is None else instance.places[which]
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(who, b + column, instance.persons[who], cost)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(b), np.full(b, b + s), instance.persons, np.full(b, stay)
    )
    room = flow.add_arcs_with_capacity_and_unit_cost(
        b + np.arange(s), np.full(s, b + s), np.minimum(places, everybody), np.zeros(s, dtype=np.int64)
    )
    supply = np.concatenate([instance.persons, np.zeros(s, dtype=np.int64), [-everybody]])
    flow.set_nodes_supplies(np.arange(b + s + 1), supply)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the transport was not solved: {status}")
    sent = flow.flows(arcs)
    loads = np.zeros(instance.size[1], dtype=np.int64)
    loads[which] = flow.flows(room)
    return Sent(everybody - int(sent.sum()), float((sent * metres).sum()), loads)


def siting(instance: Instance, sites: Iterable[int], reach: Bools | None = None) -> Siting:
    """Return an answer from the sites that a model opens; those nobody walks to are not named."""
    sent = transport(instance, sites, reach)
    used = tuple(s for s in sorted(sites) if sent.loads[s] > 0)
    return Siting(used, int(sent.loads.sum()), sent.left_persons, sent.person_m)
