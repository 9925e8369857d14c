"""In which order each helper brings people out, and when pairs and people are where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from civdef.evacuate.assist.fleet import PLACES
from civdef.evacuate.assist.pairs import Helpers
from civdef.evacuate.assist.people import Needy, by_mobility
from civdef.evacuate.assist.places import Options
from civdef.evacuate.assist.rounds import Job
from civdef.evacuate.assist.streets import Ways
from civdef.model.assistance import AssistanceSettings
from civdef.model.resident import Mobility
from civdef.model.workspace import Workspace


@dataclass(frozen=True)
class Promise:
    """What one person has been promised.

    Attributes
    ----------
    row
        Row of the person.
    pair
        The two helpers, positions in `Helpers`.
    haven
        Index of the haven.
    rides
        Whether a vehicle takes them.
    """

    row: int
    pair: tuple[int, int]
    haven: int
    rides: bool


@dataclass(frozen=True)
class Walked:
    """Times of a person who walks with the pair: both at the door, leaving the building, inside the shelter [s]."""

    door_s: int
    leave_s: int
    inside_s: int


@dataclass(eq=False)
class Turns:
    """The order of all promises and what follows from it.

    Attributes
    ----------
    order
        Rows of people in the order in which they are served; each helper serves theirs in this order.
    walked
        Row → times, of those who walk.
    jobs
        Row → job, of those who ride; `after` refers to rows.
    cut_off
        Rows of people whose helpers cannot get to them in time for this turn: no way leads back.
    before
        Row → helper → where the helper comes from: (row before, or -1 from the start; metres).
    """

    order: list[int] = field(default_factory=list)
    walked: dict[int, Walked] = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)
    cut_off: list[int] = field(default_factory=list)
    before: dict[int, dict[int, tuple[int, float]]] = field(default_factory=dict)


def in_order(people: Sequence[Needy], promises: Mapping[int, Promise]) -> list[int]:
    """Return the rows in the order of service.

    Those who walk come before those who ride, who wait for vehicles anyway; within each, people who share a helper are
    coloured apart (greedily, the most pressing first), so that chains of people waiting for one another stay short.
    """
    colour: dict[int, int] = {}
    by_helper: dict[tuple[int, bool], set[int]] = {}
    for row in sorted(promises, key=lambda r: people[r].first):
        promise = promises[row]
        taken = set().union(*(by_helper.get((q, promise.rides), set()) for q in promise.pair))
        free = next(c for c in range(len(taken) + 1) if c not in taken)
        colour[row] = free
        for q in promise.pair:
            by_helper.setdefault((q, promise.rides), set()).add(free)
    return sorted(promises, key=lambda r: (promises[r].rides, colour[r], people[r].first))


def turns_of(
    workspace: Workspace,
    ways: Ways,
    people: Sequence[Needy],
    helpers: Helpers,
    found: Options,
    promises: Mapping[int, Promise],
    points: Mapping[int, int],
) -> Turns:
    """Work out when each pair is where, up to the vehicles.

    Parameters
    ----------
    people, helpers, found
        Rows and positions refer to these.
    promises
        Row → promise.
    points
        Node → point of the driving-time table.
    """
    settings = workspace.settings.assistance
    helper_mps = workspace.settings.walking.adult
    order = in_order(people, promises)
    turns = Turns(order=order)
    to = ways.to("come", np.array([people[r].node for r in order], dtype=np.int32))
    way_to = {r: to[k] for k, r in enumerate(order)}
    free: dict[int, tuple[int, int, int]] = {}
    """Helper → (free from, node, row of the last person; when that person rides the time is open)."""
    for row in order:
        person, promise = people[row], promises[row]
        haven = found.havens[promise.haven]
        come: dict[int, tuple[int, float]] = {}
        arrivals: list[int] = []
        after: list[tuple[int, int]] = []
        brought_s = person.prepare_s + (0 if not promise.rides else push_s(settings, person, found))
        for q in promise.pair:
            if q in free:
                since, node, last = free[q]
                way = float(way_to[row][node])
            else:
                since, last = helpers.from_s[q], -1
                way = float(helpers.way_m[row, q])
            come[q] = (last, way)
            if not math.isfinite(way):
                break
            walk = math.ceil(way / helper_mps)
            if last >= 0 and last in turns.jobs:
                after.append((last, walk + brought_s))
            else:
                arrivals.append(since + walk)
        if any(not math.isfinite(w) for _, w in come.values()):
            turns.cut_off.append(row)
            continue
        turns.before[row] = come
        door = max(arrivals, default=0)
        if promise.rides:
            pick_up = found.pick_up[person.id]
            due = -1 if math.isinf(person.deadline_s) else int(person.deadline_s)
            turns.jobs[row] = Job(
                kind=PLACES.index(person.mobility),
                pick_up=points[pick_up.node],
                drop=points[haven.drop],
                load_s=round(by_mobility(settings.load_min, person.mobility) * 60),
                unload_s=round(by_mobility(settings.unload_min, person.mobility) * 60)
                + math.ceil(haven.drop_m / by_mobility(settings.push_mps, person.mobility)),
                ready_s=door + brought_s if arrivals else 0,
                after=tuple(after),
                due_s=due,
            )
            spot, since = pick_up.node, 0
        else:
            assert not after, "people who walk are served before those who ride"
            leave = door + person.prepare_s
            inside = leave + math.ceil(
                float(found.walk_m[row, promise.haven]) / by_mobility(settings.push_mps, person.mobility)
            )
            turns.walked[row] = Walked(door, leave, inside)
            spot, since = haven.entrance_node, inside
        for q in promise.pair:
            free[q] = (since, spot, row)
    turns.order = [r for r in order if r not in set(turns.cut_off)]
    return turns


def push_s(settings: AssistanceSettings, person: Needy, found: Options) -> int:
    """Return the time from the building's door to the pick-up point [s]."""
    at = found.pick_up[person.id]
    mps = by_mobility(settings.push_mps, person.mobility)
    if at.carried:
        mps = min(mps, by_mobility(settings.push_mps, Mobility.STRETCHER))
    return math.ceil(at.way_m / mps)
