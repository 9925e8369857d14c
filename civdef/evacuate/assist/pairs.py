"""Helper pairs: two helpers for as many people as possible, those named in the register first, then the nearest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.assist.fleet import called_s
from civdef.evacuate.assist.people import URGENCY, Needy
from civdef.evacuate.assist.streets import Ways
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NAMED, RESERVE, NEAR = 0.0, 10.0, 20.0
"""Cost of a helper whom the register names, of its reserve, and of another volunteer (up to 10 more with the distance):
a plan that people know already is kept where it can be."""

SECOND = 1000.0
"""Cost of a second turn where helpers' turns make people late: above that of any other helper."""

NODES = 20_000
"""Nodes of the search for the most people served, in each part of town: work, not time. Where they do not suffice, the result
says that it is not proven."""


@dataclass(frozen=True, eq=False)
class Helpers:
    """Everybody who is free to help, in id order, Q.

    Attributes
    ----------
    ids
        People.
    from_s
        When each can set out from `node` [s], shape (Q,).
    node
        Where they set out: their home's own node, -1 where no home is known, shape (Q,).
    way_m
        From there to each needy person's building, infinite without a way, shape (P, Q).
    """

    ids: tuple[str, ...]
    from_s: tuple[int, ...]
    node: tuple[int, ...]
    way_m: Floats

    def index(self) -> dict[str, int]:
        """Id → position."""
        return {h: q for q, h in enumerate(self.ids)}


def helpers_of(
    workspace: Workspace, ways: Ways, people: Sequence[Needy], time: DayPart, taken: Collection[str]
) -> Helpers:
    """Find who is free to help and how far they live.

    At night and on holidays a helper sets out from home once ready; on a working day the way back from work (the roster's
    `travel_workday_min`) comes first. Without a home in the register the travel time of the roster stands for the way.

    Parameters
    ----------
    people
        All needy people, in order.
    time
        Time of day.
    taken
        People who do something else, or are away.
    """
    network = ways.network
    ids = tuple(p for p in sorted(workspace.people) if p not in taken)
    ready = round(workspace.settings.response.ready_min.likely * 60)
    start: list[int] = []
    node: list[int] = []
    for i in ids:
        person = workspace.people[i]
        home = -1 if person.home is None else int(network.building_node[network.building_index[person.home]])
        node.append(home)
        at_home = home >= 0 and time is not DayPart.WORKDAY
        start.append(ready if at_home else called_s(workspace, time, person))
    to = ways.to("come", np.array([p.node for p in people], dtype=np.int32))
    homes = np.array(node, dtype=np.int64)
    way = np.where(homes >= 0, to[:, np.maximum(homes, 0)], 0.0) if ids else np.zeros((len(people), 0))
    return Helpers(ids, tuple(start), tuple(node), way)


def costs(workspace: Workspace, people: Sequence[Needy], helpers: Helpers) -> Floats:
    """Return what each helper costs for each person, infinite: not asked, shape (P, Q).

    Whoever the register names is asked whatever the distance, others when they live within the helpers' reach.
    """
    reach = workspace.settings.assistance.helper_reach_m
    known = np.array([n >= 0 for n in helpers.node], dtype=np.bool_)
    near = np.isfinite(helpers.way_m) & (helpers.way_m <= reach) & known
    found = np.where(near, NEAR + 10.0 * helpers.way_m / max(reach, 1.0), np.inf)
    at = helpers.index()
    for i, needy in enumerate(people):
        person = needy.person
        for name, cost in (
            (person.reserve_helper, RESERVE),
            (person.helper_1, NAMED),
            (person.helper_2, NAMED),
        ):
            q = at.get(name) if name else None
            if q is not None and np.isfinite(helpers.way_m[i, q]):
                found[i, q] = cost
    return found


@dataclass(frozen=True)
class Pairs:
    """Pairs given out.

    Attributes
    ----------
    of
        Person → the pair, positions in rising order; people who get none are missing.
    proven
        Whether it is proven that no more people can be served.
    """

    of: Mapping[str, tuple[int, int]]
    proven: bool


def match(
    people: Sequence[Needy],
    cost: Floats,
    turns: int,
    wanted: Collection[str],
    room: tuple[Bools, Sequence[int]] | None = None,
) -> Pairs:
    """Give two different helpers to as many wanted people as possible; nobody helps more than `turns` people.

    Who is served is an integer programme for each part of town that shares helpers (HiGHS, within fixed work): the most
    people, of equally many those who can do least for themselves. Who helps whom is then a transport problem: the least
    cost of serving them.

    Parameters
    ----------
    people
        All needy people, row by row of `cost`.
    cost
        From `costs`, shape (P, Q).
    turns
        People one helper may bring out.
    wanted
        Ids of the people who are to get a pair.
    room
        Who can get to which haven, shape (P, H), and the places of each: pairs go only to as many people as have a place
        too. None: places do not bind.
    """
    rows = [i for i, p in enumerate(people) if p.id in wanted and np.isfinite(cost[i]).sum() >= 2]
    easy = {i: np.flatnonzero(cost[i] == NAMED) for i in rows}
    load = np.zeros(cost.shape[1], dtype=np.int64)
    for pair in easy.values():
        if len(pair) == 2:
            load[pair] += 1
    if room is None and all(len(pair) == 2 for pair in easy.values()) and not (load > turns).any():
        return Pairs({people[i].id: (int(pair[0]), int(pair[1])) for i, pair in easy.items()}, proven=True)
    served: list[int] = []
    proven = True
    for part in _parts(cost, rows, room):
        weight = np.array([2 * len(rows) + 3 - URGENCY[people[i].mobility] for i in part], dtype=np.float64)
        chosen, optimal = _most(cost[part], turns, weight, room and (room[0][part], room[1]))
        served += [part[k] for k in chosen]
        proven = proven and optimal
    pairs = _least(cost[served], turns)
    return Pairs({people[i].id: pair for i, pair in sorted(zip(served, pairs, strict=True))}, proven)


def _parts(cost: Floats, rows: list[int], room: tuple[Bools, Sequence[int]] | None) -> list[list[int]]:
    """Split rows into parts that share neither a helper nor a haven."""
    from scipy.sparse import block_array, csr_array
    from scipy.sparse.csgraph import connected_components

    if not rows:
        return []
    links = np.isfinite(cost[rows])
    if room is not None:
        links = np.hstack([links, room[0][rows]])
    graph = block_array([[None, csr_array(links)], [csr_array(links.T), None]])
    label = connected_components(graph, directed=False)[1][: len(rows)]
    return [[rows[k] for k in np.flatnonzero(label == c)] for c in np.unique(label)]


def _most(
    cost: Floats, turns: int, weight: Floats, room: tuple[Bools, Sequence[int]] | None
) -> tuple[list[int], bool]:
    """Return the rows of the weightiest set of people who can all have a pair (and a place), and whether it is proven."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    person, helper = np.nonzero(np.isfinite(cost))
    edges, n = len(person), len(cost)
    used, column = np.unique(helper, return_inverse=True)
    reach, places = room or (np.zeros((n, 0), dtype=np.bool_), ())
    guest, haven = np.nonzero(reach)
    edge, one = np.arange(edges), np.arange(n)
    seat = edges + n + np.arange(len(guest))
    columns = edges + n + len(guest)
    """One for each helper of each person, one for each person, one for each haven of each person."""

    def rule(count: int, *parts: tuple[Any, Any, float]) -> Any:
        values = np.concatenate([np.full(len(r), v) for r, _, v in parts])
        where = (np.concatenate([r for r, _, _ in parts]), np.concatenate([c for _, c, _ in parts]))
        return coo_array((values, where), shape=(count, columns)).tocsc()

    rules = [
        LinearConstraint(rule(n, (person, edge, 1.0), (one, edges + one, -2.0)), 0, 0),
        LinearConstraint(rule(len(used), (column, edge, 1.0)), -np.inf, turns),
        LinearConstraint(rule(edges, (edge, edge, 1.0), (edge, edges + person, -1.0)), -np.inf, 0),
    ]
    if room is not None:
        rules += [
            LinearConstraint(rule(n, (guest, seat, 1.0), (one, edges + one, -1.0)), 0, 0),
            LinearConstraint(rule(len(places), (haven, seat, 1.0)), -np.inf, np.array(places)),
        ]
    found = milp(
        np.concatenate([np.zeros(edges), -weight, np.zeros(len(guest))]),
        integrality=np.ones(columns),
        bounds=Bounds(0, 1),
        constraints=rules,
        options={"mip_rel_gap": 0.0, "node_limit": NODES},
    )
    if found.x is None:
        return [], False
    return np.flatnonzero(found.x[edges : edges + n] > 0.5).tolist(), bool(found.status == 0)


def spread(
    people: Sequence[Needy], cost: Floats, turns: int, served: Collection[str]
) -> Mapping[str, tuple[int, int]]:
    """Return pairs for people who can all be served, with the fewest second turns, then the least cost."""
    rows = [i for i, p in enumerate(people) if p.id in served]
    pairs = _least(cost[rows], turns, SECOND)
    return {people[i].id: pair for i, pair in zip(rows, pairs, strict=True)}


def _least(cost: Floats, turns: int, second: float = 0.0) -> list[tuple[int, int]]:
    """Return the cheapest pairs of people who can all be served: a transport problem, so its corners are whole.

    `second` is the cost of every turn of a helper after the first.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    person, helper = np.nonzero(np.isfinite(cost))
    if not len(person):
        return []
    edge = np.arange(len(person))
    used, column = np.unique(helper, return_inverse=True)
    again = np.arange(len(used))
    columns = len(edge) + len(used)
    two = coo_array((np.ones(len(edge)), (person, edge)), shape=(len(cost), columns))
    load = coo_array(
        (
            np.concatenate([np.ones(len(edge)), np.full(len(used), -1.0)]),
            (np.concatenate([column, again]), np.concatenate([edge, len(edge) + again])),
        ),
        shape=(len(used), columns),
    )
    found = milp(
        np.concatenate([cost[person, helper], np.full(len(used), second)]),
        integrality=np.ones(columns),
        bounds=Bounds(0, np.concatenate([np.ones(len(edge)), np.full(len(used), turns - 1.0)])),
        constraints=[LinearConstraint(two.tocsc(), 2, 2), LinearConstraint(load.tocsc(), -np.inf, 1)],
        options={"mip_rel_gap": 0.0},
    )
    assert found.success, found.message
    chosen = found.x[: len(edge)] > 0.5
    pairs = [np.sort(helper[chosen & (person == i)]) for i in range(len(cost))]
    return [(int(a), int(b)) for a, b in pairs]
