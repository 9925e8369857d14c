"""From a question (plan, time of day, footprint, what-ifs) and a workspace to the frozen problem."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from civdef.errors import UsageError
from civdef.evacuate.demand import Demand, demand_at
from civdef.evacuate.fetched import NOBODY, Fetched, kept, taken_out
from civdef.evacuate.objectives import Objective
from civdef.evacuate.problem import Closed, Nodes, Problem
from civdef.evacuate.split import split
from civdef.graph.roads import StreetNetwork
from civdef.hazards.effects import ArcEffects, Effects, arc_effects, effects_of
from civdef.model.base import Identified
from civdef.model.plan import Evacuation, OneWayStreet, Plan
from civdef.model.town import DayPart, RoadKind
from civdef.model.workspace import Workspace
from civdef.text import Text, listing, nearest

STAIR_SPEED_FACTOR = 0.8 / 1.2
"""Speed on steps relative to level ground: free speed up stairs over free speed in corridors (IMO MSC.1/Circ.1533);
the drawing does not say which way is up, so the slower is used."""


_NO_HAZARD_AREA = Text(
    "工作区中还没有危险区：用 civdef import hazard 导入，或画在 maps/hazards/ 下的 GeoJSON 文件中。",
    "The workspace has no hazard area yet: bring one in with civdef import hazard, or draw it in a GeoJSON file in maps/hazards/.",
)


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes
    ----------
    plan
        Plan id.
    time
        Time of day.
    footprints
        Hazard footprints; None: those the plan names.
    closed_roads, without_shelters, one_way
        What-ifs, on top of what the plan says.
    objective
        What is made as small as possible once nobody is left over who could be placed.
    scope
        ``street`` or ``footprint``; None: as the plan says.
    fetched
        People who are brought in by others: they do not walk by themselves, and their places are kept.
    by
        What goes to one shelter together: each building, or all buildings of a compound.
    """

    plan: str
    time: DayPart = DayPart.NIGHT
    footprints: tuple[str, ...] | None = None
    closed_roads: tuple[str, ...] = ()
    without_shelters: tuple[str, ...] = ()
    scope: Literal["street", "footprint"] | None = None
    one_way: tuple[OneWayStreet, ...] = ()
    objective: Objective = Objective.CLEARANCE
    fetched: Fetched = NOBODY
    by: Literal["building", "compound"] = "building"


@dataclass(frozen=True)
class Asked:
    """The problem and what it was made from.

    Attributes
    ----------
    question
        The question with every default filled in.
    plan, hazards
        The plan; the kinds of hazard its shelters must stand.
    demand
        Everybody in the street at that time, in scope or not.
    effects, arcs
        What the hazards do, to the town and to the arcs.
    problem
        For the solvers.
    """

    question: Question
    plan: Plan
    hazards: tuple[str, ...]
    demand: Demand
    effects: Effects
    arcs: ArcEffects
    problem: Problem


def resolve(kind: str, wanted: str, known: Mapping[str, Identified], what: Text) -> str:
    """Return the id meant by `wanted`, which may lack its prefix.

    Raises
    ------
    UsageError
        If no id is so; names those that bear the name, or the nearest.
    """
    names = list(known)
    for candidate in (wanted, f"{kind}/{wanted}"):
        if candidate in names:
            return candidate
    raise UsageError(
        Text("没有名为 {name} 的{what}", "There is no {what} called {name}").format(name=wanted, what=what),
        hint=_meant(kind, wanted, known),
    )


def _meant(kind: str, wanted: str, known: Mapping[str, Identified]) -> Text:
    """Return what to write instead: the ids of all that bear the name, else the id most alike, else what there is."""
    name = wanted.strip()
    names = {k: [n.casefold() for n in (v.name.zh, v.name.en) if n] for k, v in known.items()}
    called = [k for k, said in names.items() if name.casefold() in said]
    if not called and len(name) > 1:
        called = [k for k, said in names.items() if any(name.casefold() in n for n in said)]
    if called:
        return Text("请写标识，名称中有“{n}”的是：{ids}", "Give the id; {n} is in the name of {ids}").format(
            n=name, ids=listing(called, 20)
        )
    close = nearest(wanted if "/" in wanted else f"{kind}/{wanted}", known)
    if close:
        return Text("是否想写 {name}？", "Did you mean {name}?").format(name=close)
    if known:
        return Text("已有：{names}", "Known: {names}").format(names=listing(known))
    if kind == "hazard":
        return _NO_HAZARD_AREA
    return Text("工作区中还没有，请先登记。", "The workspace has none yet: register one first.")


def ask(workspace: Workspace, network: StreetNetwork, question: Question) -> Asked:
    """Check a question, fill in its defaults and freeze it into a problem.

    Raises
    ------
    UsageError
        For an unknown plan, footprint, road or shelter; a plan without an evacuation policy; a plan that moves those
        inside a footprint when there is none.
    """
    plan = _plan(workspace, question.plan)
    policy = plan.evacuation
    assert policy is not None
    footprints = tuple(
        resolve("hazard", f, workspace.footprints, Text("危险区", "hazard area"))
        for f in (policy.footprint if question.footprints is None else question.footprints)
    )
    roads = {resolve("road", r, workspace.roads, Text("道路", "road")) for r in question.closed_roads}
    roads.update(policy.closed_roads)
    without = tuple(
        resolve("shelter", s, workspace.shelters, Text("避难场所", "shelter"))
        for s in question.without_shelters
    )
    scope = question.scope or policy.scope
    if scope == "footprint" and not footprints:
        raise UsageError(
            Text(
                "{plan}只转移危险区内的人员，但没有指定危险区",
                "{plan} moves only those inside a hazard area, and none is named",
            ).format(plan=plan),
            hint=Text(
                "{none}再用 --footprint 指定，或用 --scope street 疏散整个街道。",
                "{none} Then name it with --footprint, or evacuate everybody with --scope street.",
            ).format(none=_NO_HAZARD_AREA)
            if not workspace.footprints
            else Text(
                "用 --footprint 指定（已有：{names}），或用 --scope street 疏散整个街道。",
                "Name one with --footprint (known: {names}), or evacuate everybody with --scope street.",
            ).format(names=listing(workspace.footprints)),
        )
    full = dataclasses.replace(
        question,
        plan=plan.id,
        footprints=tuple(sorted(set(footprints))),
        closed_roads=tuple(sorted(roads)),
        without_shelters=tuple(sorted(set(without))),
        scope=scope,
        one_way=_one_way(workspace, (*policy.one_way, *question.one_way)),
    )
    areas = [workspace.footprints[f] for f in full.footprints or ()]
    hazards = tuple(sorted({a.hazard for a in areas})) or plan.hazards[:1]
    effects = effects_of(workspace, areas, also=hazards)
    arcs = arc_effects(effects, workspace, network)
    demand = taken_out(demand_at(workspace, question.time), question.fetched)
    problem = _freeze(workspace, network, full, policy, hazards, demand, effects, arcs)
    return Asked(full, plan, hazards, demand, effects, arcs, problem)


def _one_way(workspace: Workspace, asked: Iterable[OneWayStreet]) -> tuple[OneWayStreet, ...]:
    """Return one-way streets with full ids in id order, each once.

    Raises
    ------
    UsageError
        For an unknown road, or one asked in both directions.
    """
    found: dict[str, OneWayStreet] = {}
    for street in asked:
        road = resolve("road", street.road, workspace.roads, Text("道路", "road"))
        before = found.get(road)
        if before is not None and before.direction != street.direction:
            raise UsageError(
                Text("{road}不能两个方向都是单行", "{road} cannot be one-way in both directions").format(
                    road=workspace.name(road)
                ),
                hint=Text(
                    "只留一个方向，预案 evacuation.one_way 中的也算在内。",
                    "Keep one direction; what evacuation.one_way of the plan says counts too.",
                ),
            )
        whole = street.whole_width or (before is not None and before.whole_width)
        found[road] = OneWayStreet(road=road, direction=street.direction, whole_width=whole)
    return tuple(found[r] for r in sorted(found))


def _plan(workspace: Workspace, wanted: str) -> Plan:
    plan = workspace.plans[resolve("plan", wanted, workspace.plans, Text("预案", "plan"))]
    if plan.evacuation is None:
        able = [p.id for p in workspace.plans.values() if p.evacuation is not None]
        raise UsageError(
            Text("{plan}没有规定人员疏散", "{plan} has no evacuation policy").format(plan=plan),
            place=workspace.place(plan.id),
            hint=Text("规定了疏散的预案：{names}", "Plans that have one: {names}").format(names=listing(able))
            if able
            else Text("在预案文件中补上 evacuation 一节。", "Add an evacuation section to the plan's file."),
        )
    return plan


def _freeze(
    workspace: Workspace,
    network: StreetNetwork,
    question: Question,
    policy: Evacuation,
    hazards: tuple[str, ...],
    demand: Demand,
    effects: Effects,
    arcs: ArcEffects,
) -> Problem:
    settings = workspace.settings
    keep = _in_scope(workspace, question, policy, effects) & (demand.persons > 0)
    rows = np.flatnonzero(keep)
    buildings = tuple(demand.building_ids[i] for i in rows)
    refused = refused_shelters(workspace, policy, hazards, question.without_shelters, effects)
    places = np.array(
        [0 if s.id in refused else max(s.places.whole, 0) for s in workspace.shelters.values()],
        dtype=np.int64,
    )
    places = kept(places, tuple(workspace.shelters), question.fetched)
    deadline = np.array([effects.unsafe_buildings.get(b, np.inf) * 60 for b in buildings], dtype=np.float64)
    deadline[deadline <= 0] = np.inf
    if policy.deadline_min is not None:
        deadline = np.minimum(deadline, policy.deadline_min * 60)
    stairs = np.array([r.kind is RoadKind.STEPS for r in workspace.roads.values()] + [False], dtype=np.bool_)
    walking = settings.walking
    goals = network.entrance_node[places[network.entrance_shelter] > 0]
    problem = Problem(
        network=network,
        buildings=buildings,
        by_kind=demand.by_kind[rows],
        communities=tuple(workspace.communities),
        community=_community(workspace, buildings),
        node=network.building_node[rows],
        trapped=np.array([effects.trapped_buildings.get(b, np.inf) <= 0 for b in buildings], dtype=np.bool_),
        deadline_s=deadline,
        shelters=tuple(workspace.shelters),
        places=places,
        refused=refused,
        allowed=np.broadcast_to(places > 0, (len(buildings), len(places))).copy(),
        closed=_closed(network, question, effects, arcs, policy.deadline_min, goals),
        speed_factor=np.where(stairs[network.road], STAIR_SPEED_FACTOR, 1.0),
        speeds_mps=(walking.adult, walking.child, walking.elderly, walking.assisted),
        width_share=settings.evacuation.width_share,
        contraflow=_contraflow(network, question),
        street_flow_p_m_s=settings.evacuation.street_flow_p_m_s,
        door_flow_p_m_s=settings.evacuation.door_flow_p_m_s,
        part=np.zeros(len(buildings), dtype=np.int64),
    )
    stairwells = np.array([workspace.buildings[b].stairwells for b in buildings], dtype=np.int64)
    return split(problem, demand, stairwells, settings.evacuation)


def _community(workspace: Workspace, buildings: tuple[str, ...]) -> Nodes:
    """Return the index of each building's community, shape (B,)."""
    index = {c: i for i, c in enumerate(workspace.communities)}
    return np.array([index[workspace.buildings[b].community] for b in buildings], dtype=np.int32)


def _contraflow(network: StreetNetwork, question: Question) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the arcs that have their street's whole width, shape (M,)."""
    found = np.zeros(network.arcs, dtype=np.bool_)
    for street in question.one_way:
        if street.whole_width:
            found[_arcs_along(network, street)[0]] = True
    return found


def _arcs_along(network: StreetNetwork, street: OneWayStreet) -> tuple[Nodes, Nodes]:
    """Return the arcs of a street in its direction, and those against it."""
    arcs = network.arcs_of_road(street.road)
    along = network.forward[arcs] == (street.direction == "forward")
    return arcs[along], arcs[~along]


def _in_scope(
    workspace: Workspace, question: Question, policy: Evacuation, effects: Effects
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    wanted = set(policy.communities)
    return np.array(
        [
            (not wanted or b.community in wanted)
            and (question.scope == "street" or b.id in effects.unsafe_buildings)
            for b in workspace.buildings.values()
        ],
        dtype=np.bool_,
    )


def refused_shelters(
    workspace: Workspace,
    policy: Evacuation,
    hazards: Iterable[str],
    without: Iterable[str],
    effects: Effects,
) -> Mapping[str, Text]:
    """Return shelter → why it may not be used, for every shelter that may not."""
    found: dict[str, Text] = {}
    needed = tuple(hazards)
    missing = set(without)
    for shelter in workspace.shelters.values():
        if shelter.id in missing:
            found[shelter.id] = Text("本次停用", "left out of this question")
        elif shelter.id in policy.exclude_shelters:
            found[shelter.id] = Text("预案规定不用", "ruled out by the plan")
        elif shelter.shelter_class not in policy.shelter_classes:
            found[shelter.id] = Text("类别不在预案所列之内", "not of a class the plan uses")
        elif any(h not in shelter.hazards for h in needed):
            found[shelter.id] = Text("不适用于此类灾害", "not suited to this hazard")
        elif shelter.id in effects.unsafe_shelters:
            found[shelter.id] = effects.unsafe_shelters[shelter.id]
        elif shelter.places.whole <= 0:
            found[shelter.id] = Text("没有名额", "has no places")
    return found


def _closed(
    network: StreetNetwork,
    question: Question,
    effects: Effects,
    arcs: ArcEffects,
    deadline_min: float | None,
    goals: Nodes,
) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """Return why each arc is closed. Later reasons do not replace earlier ones.

    Arcs into a hazard area are closed from the start, unless the hazard gets there only after the plan's deadline, when
    everybody must be inside, or unless no other way leads out (see `_enclosed`) and the area can still be crossed:
    always for those who must leave it, before the hazard is there for others.
    """
    asked = np.zeros(network.arcs, dtype=np.bool_)
    for road in question.closed_roads:
        asked[network.arcs_of_road(road)] = True
    against = np.zeros(network.arcs, dtype=np.bool_)
    for street in question.one_way:
        against[_arcs_along(network, street)[1]] = True
    by_blockage = np.isfinite(arcs.impassable_min) & (arcs.zone >= len(effects.zones))
    limit = np.inf if deadline_min is None else deadline_min
    struck = (arcs.forbidden_min < limit) | (arcs.impassable_min <= 0) | by_blockage
    found: np.ndarray[tuple[int], np.dtype[np.int8]] = np.select(
        [~network.walk, network.locked, asked, against, struck],
        [Closed.NO_WALKING, Closed.LOCKED_GATE, Closed.ASKED, Closed.ONE_WAY, Closed.HAZARD],
        Closed.OPEN,
    ).astype(np.int8)
    crossable = (found == Closed.HAZARD) & ~by_blockage & (arcs.impassable_min > 0)
    if question.scope == "street":  # whoever is safe at home does not walk into what is already there
        crossable &= arcs.forbidden_min > 0
    found[crossable & _enclosed(network, found, goals)[network.tail]] = Closed.OPEN
    return found


def _enclosed(
    network: StreetNetwork, closed: np.ndarray[tuple[int], np.dtype[np.int8]], goals: Nodes
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the nodes from which no way leads to any of the goals, shape (N,).

    Parts of town that a hazard area shuts in, and the bends of a street along its edge, have no other way out than
    through it: their people may cross it (`through_hazard_persons` of the result counts them).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order

    n = network.nodes
    keep = closed == Closed.OPEN
    rows = np.concatenate([network.head[keep], np.full(len(goals), n, dtype=np.int32)])
    columns = np.concatenate([network.tail[keep], goals])
    ones = np.ones(len(rows), dtype=np.int8)
    graph = coo_array((ones, (rows, columns)), shape=(n + 1, n + 1)).tocsr()
    found = np.ones(n + 1, dtype=np.bool_)
    found[breadth_first_order(graph, n, return_predecessors=False)] = False
    return found[:n]
