"""When each helper is taken, and who stands by in reserve."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from civdef.evacuate.assist.plan import Assistance
from civdef.model.workspace import Workspace


@dataclass(frozen=True)
class Service:
    """When one person is served [s].

    Attributes
    ----------
    leave_s
        Each helper of the pair sets out, or goes on from the person before.
    door_s
        Both are at the flat.
    ready_s
        The person leaves the building (walking) or is at the pick-up point (riding).
    load_s
        Loading begins and ends; None for those who walk.
    release_s
        The helpers are free again.
    inside_s
        The person is inside the shelter.
    """

    leave_s: tuple[float, float]
    door_s: float
    ready_s: float
    load_s: tuple[int, int] | None
    release_s: float
    inside_s: float


def services(workspace: Workspace, plan: Assistance) -> Mapping[int, Service]:
    """Return the timetable of every person who is helped, by row, in the order of service."""
    from civdef.evacuate.assist.turns import push_s

    settings = workspace.settings
    loads: dict[int, tuple[int, int]] = {}
    inside: dict[int, int] = {}
    for v, route in enumerate(plan.routes):
        for k, stop in enumerate(route):
            if stop >= 0:
                loads[plan.rows[stop]] = (plan.times.begin_s[v][k], plan.times.end_s[v][k])
            else:
                inside[plan.rows[~stop]] = plan.times.end_s[v][k]
    found: dict[int, Service] = {}
    for row in plan.turns.order:
        promise, person = plan.promises[row], plan.people[row]
        leave: list[float] = []
        arrive: list[float] = []
        for q in promise.pair:
            last, way = plan.turns.before[row][q]
            since = plan.helpers.from_s[q] if last < 0 else found[last].release_s
            leave.append(since)
            arrive.append(since + math.ceil(way / settings.walking.adult))
        door = max(arrive)
        if promise.rides:
            load = loads[row]
            ready = door + person.prepare_s + push_s(settings.assistance, person, plan.found)
            found[row] = Service((leave[0], leave[1]), door, ready, load, load[1], inside[row])
        else:
            walked = plan.turns.walked[row]
            found[row] = Service(
                (leave[0], leave[1]), door, walked.leave_s, None, walked.inside_s, walked.inside_s
            )
    return found


def reserves(plan: Assistance, times: Mapping[int, Service]) -> Mapping[int, str]:
    """Return row → reserve helper: free while the pair is at work, and nobody else's reserve then.

    The one in the register first, then the nearest who would do as a helper.
    """
    taken: dict[int, list[tuple[float, float]]] = {}
    for row, service in times.items():
        for q, leave in zip(plan.promises[row].pair, service.leave_s, strict=True):
            taken.setdefault(q, []).append((leave, service.release_s))
    at = plan.helpers.index()
    found: dict[int, str] = {}
    for row, service in times.items():
        named = at.get(plan.people[row].person.reserve_helper or "")
        cost = plan.cost[row].copy()
        if named is not None:
            cost[named] = -1.0
        span = (min(service.leave_s), service.release_s)
        for q in np.lexsort((np.arange(len(cost)), cost)):
            if not math.isfinite(cost[q]):
                break
            if not any(a < span[1] and span[0] < b for a, b in taken.get(int(q), ())):
                found[row] = plan.helpers.ids[int(q)]
                taken.setdefault(int(q), []).append(span)
                break
    return found
