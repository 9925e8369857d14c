"""The people of a drill, worked out once: who walks together, to which shelter, along which streets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.errors import InfeasibleError
from civdef.evacuate.binding import left_over
from civdef.evacuate.demand import Demand
from civdef.evacuate.kept import Kept, taken_up
from civdef.evacuate.problem import Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.routes import Routes
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.simulate import LARGEST_GROUP
from civdef.evacuate.solve import solve
from civdef.evacuate.split import household_rows
from civdef.graph.roads import StreetNetwork
from civdef.model.plan import Plan
from civdef.model.resident import Mobility
from civdef.model.scenario import Drill
from civdef.model.shelter import Shelter
from civdef.model.workspace import Workspace
from civdef.movement import Engine, Kind, People, Shelters, Speeds, door_flow_pps
from civdef.text import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Town:
    """B buildings to be left, P groups that walk together, S shelters, C communities.

    Attributes
    ----------
    problem, routes
        The evacuation question in arrays, and the way told to each building.
    communities
        Ids, shape (C,).
    building_community
        Index into `communities`, shape (B,).
    building_xy_m
        Shape (B, 2) [m].
    stairwells
        Of each building, at least 1, shape (B,).
    group_building, group_persons
        Shape (P,).
    group_fetched
        Whether the group cannot walk and must be fetched, shape (P,).
    group_placed
        Whether a shelter has room for the group, shape (P,).
    group_row
        Index of the group in the engine, -1 for those not placed, shape (P,).
    needs_opening
        Whether somebody must open the shelter, shape (S,).
    engine
        Nobody has left yet; every replicate takes a fork.
    walk_arc
        Arc of the street network → arc of the engine, -1 where nobody may walk, shape (M,).
    building_reason
        Why the evacuation plan has no place for the building, ``""`` where it has, shape (B,).
    """

    problem: Problem
    routes: Routes
    communities: tuple[str, ...]
    building_community: Ints
    building_xy_m: Floats
    stairwells: Ints
    group_building: Ints
    group_persons: Ints
    group_fetched: Bools
    group_placed: Bools
    group_row: Ints
    needs_opening: Bools
    engine: Engine
    walk_arc: NDArray[np.int32]
    building_reason: tuple[str, ...]

    @property
    def group_community(self) -> Ints:
        """Index into `communities`, shape (P,)."""
        return self.building_community[self.group_building]

    @property
    def used_shelters(self) -> Bools:
        """Whether the plan sends anybody there, shape (S,)."""
        found = np.zeros(len(self.problem.shelters), dtype=np.bool_)
        entrances = self.routes.entrance[self.routes.entrance >= 0]
        found[self.problem.network.entrance_shelter[entrances]] = True
        return found


def build_town(
    workspace: Workspace, network: StreetNetwork, plan: Plan, drill: Drill, kept: Kept | None = None
) -> Town:
    """Ask the evacuation question of the drill, or take up the plan that was kept, and make its groups.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask` and :func:`civdef.evacuate.kept.taken_up`.
    InfeasibleError
        If nobody can reach a shelter at all.
    """
    question = Question(plan.id, drill.day_part, drill.footprint or None)
    if kept is not None:
        asked = ask(workspace, network, question)
        shelter, routes = taken_up(workspace, asked, kept)
    else:
        # without packing: it takes minutes where places are tight, and a drill is to start within seconds
        effort = dataclasses.replace(Effort.of(workspace.settings.evacuation), packing=0)
        solution = solve(workspace, network, question, effort=effort)
        asked, shelter, routes = solution.asked, solution.plan.assignment.shelter, solution.plan.routes
    problem = asked.problem
    building, persons, kind, fetched = _groups(workspace, problem, asked.demand)
    placed = routes.entrance[building] >= 0
    row = np.where(placed, np.cumsum(placed) - 1, -1)
    reasons = {r.building: r.reason.value for r in left_over(problem, shelter) if r.building}
    if len(persons) and not placed.any():
        raise InfeasibleError(
            Text(
                "{plan}：没有一名居民能到达可用的避难场所，演练无从进行",
                "{plan}: not one resident can reach a shelter that may be used; there is nothing to run",
            ).format(plan=plan),
            hint=Text(
                "运行 civdef evacuate --plan {p} 查看卡在哪里。",
                "Run civdef evacuate --plan {p} to see what binds.",
            ).format(p=plan.id),
            place=workspace.place(plan.id, ("evacuation",)),
        )
    communities = tuple(workspace.communities)
    index = {c: i for i, c in enumerate(communities)}
    houses = [workspace.buildings[b] for b in problem.buildings]
    needs = np.array([not always_open(workspace.shelters[s]) for s in problem.shelters], dtype=np.bool_)
    engine, walk_arc = _engine(problem, routes, needs, building[placed], persons[placed], kind[placed])
    net = problem.network
    return Town(
        problem,
        routes,
        communities,
        np.array([index[h.community] for h in houses], dtype=np.int64),
        np.column_stack([net.x_m[problem.node], net.y_m[problem.node]]).reshape(-1, 2),
        np.array([h.stairwells for h in houses], dtype=np.int64),
        building,
        persons,
        fetched,
        placed,
        row,
        needs,
        engine,
        walk_arc,
        tuple(reasons.get(b, "") for b in problem.buildings),
    )


def always_open(shelter: Shelter) -> bool:
    """Return whether nobody has to open a shelter: it takes no time and needs no key."""
    return shelter.open_min == 0 and shelter.key_holder is None


def _groups(workspace: Workspace, problem: Problem, demand: Demand) -> tuple[Ints, Ints, Ints, Bools]:
    """Return building, persons, kind of the slowest member and whether fetched, one row per group, by building.

    Households keep together, except members in a wheelchair or on a stretcher, who are fetched one by one. Others walk in
    groups of one kind.
    """
    pace = np.argsort(np.argsort([-v for v in problem.speeds_mps], kind="stable"))
    family = demand.household_persons.reshape(-1, 4).copy()
    where = household_rows(problem, demand)
    inside = where >= 0
    at_home = np.zeros_like(problem.by_kind)
    np.add.at(at_home, where[inside], family[inside])
    carried = np.minimum(_cannot_walk(workspace, demand.household_ids), family[:, Kind.ASSISTED])
    family[:, Kind.ASSISTED] -= carried
    walking = inside & (family.sum(axis=1) > 0)
    alone = np.repeat(where[inside], carried[inside])
    building = [where[walking], alone]
    persons = [family[walking].sum(axis=1), np.ones(len(alone), dtype=np.int64)]
    kind = [
        np.where(family[walking] > 0, pace, -1).argmax(axis=1) if walking.any() else np.zeros(0, np.int64),
        np.full(len(alone), int(Kind.ASSISTED), dtype=np.int64),
    ]
    fetched = [np.zeros(int(walking.sum()), dtype=np.bool_), np.ones(len(alone), dtype=np.bool_)]
    rest = problem.by_kind - at_home
    for k in range(4):
        count = -(-rest[:, k] // LARGEST_GROUP)
        rows = np.repeat(np.arange(len(rest)), count)
        number = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        building.append(rows)
        persons.append(np.minimum(LARGEST_GROUP, rest[rows, k] - number * LARGEST_GROUP))
        kind.append(np.full(len(rows), k, dtype=np.int64))
        fetched.append(np.zeros(len(rows), dtype=np.bool_))
    whole = np.concatenate(building)
    order = np.argsort(whole, kind="stable")
    return (
        whole[order],
        np.concatenate(persons)[order],
        np.concatenate(kind)[order],
        np.concatenate(fetched)[order],
    )


def _cannot_walk(workspace: Workspace, household_ids: tuple[str, ...]) -> Ints:
    """Count people in a wheelchair or on a stretcher by household."""
    counts: dict[str, int] = {}
    for person in workspace.assisted.values():
        if person.mobility in (Mobility.WHEELCHAIR, Mobility.STRETCHER):
            counts[person.household] = counts.get(person.household, 0) + 1
    return np.array([counts.get(h, 0) for h in household_ids], dtype=np.int64)


def _engine(
    problem: Problem, routes: Routes, needs_opening: Bools, building: Ints, persons: Ints, kind: Ints
) -> tuple[Engine, NDArray[np.int32]]:
    """Return an engine in which nobody has left, and which shelters that must be opened are still shut in."""
    net = problem.network
    walk_arc = np.full(net.arcs, -1, dtype=np.int32)
    walk_arc[problem.walk_arcs] = np.arange(len(problem.walk_arcs), dtype=np.int32)
    lengths = np.array([len(a) for a in routes.arcs], dtype=np.int64)
    arcs = [walk_arc[routes.arcs[b]] for b in building]
    used = problem.entrances
    shelters = Shelters.from_arrays(
        net.entrance_node[used],
        net.entrance_shelter[used],
        door_flow_pps(net.entrance_width_m[used], specific_flow_p_m_s=problem.door_flow_p_m_s),
        problem.places,
        open=~needs_opening,
    )
    told = net.entrance_shelter[routes.entrance[building]] if len(building) else -1
    people = People.from_arrays(
        problem.node[building],
        persons=persons,
        kind=kind,
        shelter=told,
        route_indptr=np.concatenate([[0], np.cumsum(lengths[building])]).astype(np.int64),
        route_arcs=np.concatenate([np.zeros(0, dtype=np.int32), *arcs]),
    )
    return Engine(problem.walk_network, shelters, people, speeds=Speeds(*problem.speeds_mps)), walk_arc


def walking_min(
    workspace: Workspace, network: StreetNetwork, starts: Mapping[str, tuple[float, float]], speed_mps: float
) -> dict[str, dict[str, float]]:
    """Return for each start, and each shelter as a start, the walk to every shelter [min], on streets open today.

    Parameters
    ----------
    workspace, network
        The town; a shelter is reached at its nearest entrance.
    starts
        Name → position in the metric CRS [m]; the nearest street node stands for it.
    speed_mps
        Walking speed [m/s].
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    doors: dict[str, list[int]] = {}
    for shelter, node in zip(network.entrance_shelter.tolist(), network.entrance_node.tolist(), strict=True):
        doors.setdefault(network.shelter_ids[shelter], []).append(node)
    if network.nodes == 0:
        return {}
    at: dict[str, int] = {s: nodes[0] for s, nodes in doors.items()}
    for name, (x, y) in starts.items():
        at[name] = int(np.argmin((network.x_m - x) ** 2 + (network.y_m - y) ** 2))
    keep = network.passable
    weight = np.maximum(network.length_m[keep], 1e-6)
    size = (network.nodes, network.nodes)
    # parallel arcs would be summed: the shortest of each pair of nodes is kept
    tail, head = network.tail[keep], network.head[keep]
    order = np.lexsort((weight, head, tail))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
    pick = order[first]
    matrix = coo_array((weight[pick], (tail[pick], head[pick])), shape=size).tocsr()
    names = sorted(at)
    if not names:
        return {}
    distance = dijkstra(matrix, indices=[at[n] for n in names])
    return {
        name: {s: float(distance[i, nodes].min()) / speed_mps / 60.0 for s, nodes in doors.items()}
        for i, name in enumerate(names)
    }
