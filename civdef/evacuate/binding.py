"""Why people are left over: which shelters are full, which closures cut them off; and what a bound leaves open."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Closed, Problem
from civdef.evacuate.result import Binding, EvacuationResult, LeftOver, LeftReason
from civdef.graph.roads import CONNECTOR
from civdef.model.base import Name
from civdef.model.workspace import Workspace
from civdef.text import Text, listing, percent

_TOO_MANY = 60
"""Objects listed in a binding reason at most."""


def left_over(problem: Problem, shelter: NDArray[np.int32]) -> tuple[LeftOver, ...]:
    """Name everybody who has no place, with the reason, in building order."""
    found: list[LeftOver] = []
    reach = np.isfinite(problem.shelter_cost_m)
    largest = int(problem.places.max(initial=0))
    for i in np.flatnonzero(shelter < 0).tolist():
        persons = int(problem.persons[i])
        if problem.trapped[i]:
            reason = LeftReason.INSIDE_HAZARD
        elif not problem.allowed[i].any():
            reason = LeftReason.NO_ALLOWED_SHELTER
        elif not reach[i].any():
            reason = LeftReason.UNREACHABLE
        elif persons > (problem.places[reach[i]].max() if reach[i].any() else largest):
            reason = LeftReason.TOO_BIG
        else:
            reason = LeftReason.NO_ROOM
        found.append(
            LeftOver(building=problem.buildings[i], part=int(problem.part[i]), persons=persons, reason=reason)
        )
    return tuple(found)


def binding(
    problem: Problem, shelter: NDArray[np.int32], left: tuple[LeftOver, ...], footprints: tuple[str, ...]
) -> tuple[Binding, ...]:
    """Say what binds: full shelters by minimum cut, closures around those cut off, refused shelters."""
    found: list[Binding] = []
    by_reason: dict[LeftReason, list[LeftOver]] = {}
    for row in left:
        by_reason.setdefault(row.reason, []).append(row)
    for rows in (by_reason.get(LeftReason.NO_ROOM, []) + by_reason.get(LeftReason.TOO_BIG, []),):
        if rows:
            found.append(_places(problem, shelter, rows))
    if LeftReason.UNREACHABLE in by_reason:
        found.extend(_cut_off(problem, by_reason[LeftReason.UNREACHABLE], footprints))
    if LeftReason.INSIDE_HAZARD in by_reason:
        rows = by_reason[LeftReason.INSIDE_HAZARD]
        persons = sum(r.persons for r in rows)
        message = Text(
            "危险区内 {n:,} 人已无法步行撤出（{h}）：须派船只或救援力量，或者就地向高处转移",
            "{n:,} persons inside the hazard area can no longer walk out ({h}): send boats or rescuers, or move them up",
        ).format(n=persons, h=listing(footprints))
        found.append(_row("hazard", footprints, persons, message))
    if LeftReason.NO_ALLOWED_SHELTER in by_reason:
        persons = sum(r.persons for r in by_reason[LeftReason.NO_ALLOWED_SHELTER])
        refused = tuple(problem.refused)
        reasons = sorted({t.en: t for t in problem.refused.values()}.items())
        why = Text(
            "；".join(f"{t.zh} {_count(problem, t)} 处" for _, t in reasons),
            "; ".join(f"{_count(problem, t)} {t.en}" for _, t in reasons),
        )
        message = (
            Text(
                "没有一处避难场所可用（{why}）", "No shelter may be used ({why})"
            ).format(why=why)
            if refused
            else Text("工作区没有避难场所", "The workspace has no shelter")
        )  # fmt: skip
        found.append(_row("policy", refused, persons, message))
    if LeftReason.NO_BUILDING in by_reason:
        persons = sum(r.persons for r in by_reason[LeftReason.NO_BUILDING])
        found.append(_row("network", (), persons, Text("工作区没有房屋", "The workspace has no buildings")))
    return tuple(found)


def _count(problem: Problem, text: Text) -> int:
    return sum(t == text for t in problem.refused.values())


def _row(kind: str, objects: tuple[str, ...], persons: int, message: Text) -> Binding:
    return Binding(
        kind=kind,  # type: ignore[arg-type]
        objects=objects[:_TOO_MANY],
        persons=persons,
        message_zh=message.zh,
        message_en=message.en,
    )


def _places(problem: Problem, shelter: NDArray[np.int32], rows: list[LeftOver]) -> Binding:
    """Name the shelters that bind: the full ones on the people's side of a minimum cut of people, ways and places.

    Where the relaxation could place everybody and only whole buildings do not fit, all shelters in reach are named.
    """
    names = {b: i for i, b in enumerate(problem.buildings)}
    mine = [names[r.building] for r in rows if r.building is not None]
    cut, shortfall = _minimum_cut(problem)
    persons = sum(r.persons for r in rows)
    reach = np.isfinite(problem.shelter_cost_m[mine]).any(axis=0)
    objects = tuple(problem.shelters[i] for i in np.flatnonzero(cut | (reach & (shortfall == 0))))
    if shortfall > 0:
        message = Text(
            "名额不足：能到达的 {n} 处避难场所都已用满，还缺 {k:,} 个名额",
            "Too few places: all {n} shelters within reach are full, {k:,} places short",
        ).format(n=len(objects), k=shortfall)
    else:
        largest = max(r.persons for r in rows)
        message = Text(
            "总名额够用，但剩余名额分散，整栋楼（最多 {k} 人）放不进任何一处；可以增加名额，或按单元分开安置",
            "There are places enough in all, but no shelter has room left for a whole building (up to {k} persons);"
            " add places, or split buildings by stairwell",
        ).format(k=largest)
    return _row("places", objects, persons, message)


def _minimum_cut(problem: Problem) -> tuple[NDArray[np.bool_], int]:
    """Return which shelters are cut (full whatever is done), and how many persons they lack."""
    from ortools.graph.python import max_flow

    reach = np.isfinite(problem.shelter_cost_m)
    rows = np.flatnonzero(reach.any(axis=1))
    b, s = len(rows), len(problem.places)
    cut = np.zeros(s, dtype=np.bool_)
    if b == 0:
        return cut, 0
    who, where = np.nonzero(reach[rows])
    persons = problem.persons[rows]
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(np.full(b, b + s), np.arange(b), persons)
    solver.add_arcs_with_capacity(who, b + where, persons[who])
    solver.add_arcs_with_capacity(b + np.arange(s), np.full(s, b + s + 1), problem.places)
    solver.solve(b + s, b + s + 1)
    short = int(persons.sum()) - int(solver.optimal_flow())
    if short > 0:
        side = np.array(solver.get_source_side_min_cut(), dtype=np.int64)
        inside = side[(side >= b) & (side < b + s)] - b
        cut[inside] = problem.places[inside] > 0
    return cut, short


def _cut_off(problem: Problem, rows: list[LeftOver], footprints: tuple[str, ...]) -> list[Binding]:
    """Name the closures around each part of the town that no way leads out of, the largest part first."""
    net = problem.network
    names = {b: i for i, b in enumerate(problem.buildings)}
    starts = problem.node[[names[r.building] for r in rows if r.building is not None]]
    part = _parts(problem, starts)
    boundary = (part[net.tail] >= 0) & (part[net.tail] != part[net.head])
    boundary &= (problem.closed != Closed.OPEN) & (problem.closed != Closed.NO_WALKING)
    by_cause: dict[tuple[str, tuple[str, ...]], int] = {}
    gates = _gate_of_arc(problem)
    for row, start in zip(rows, starts.tolist(), strict=True):
        arcs = np.flatnonzero(boundary & (part[net.tail] == part[start])).tolist()
        key = _cause(problem, arcs, gates, footprints)
        by_cause[key] = by_cause.get(key, 0) + row.persons
    ordered = sorted(by_cause.items(), key=lambda item: (-item[1], item[0]))
    return [_row(kind, ids, n, _cut_text(kind, ids, n)) for (kind, ids), n in ordered]


def _parts(problem: Problem, starts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the connected part each node within reach of the starts belongs to, -1 for other nodes, shape (N,)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    net, n = problem.network, problem.network.nodes
    tail, head = net.tail[problem.open], net.head[problem.open]
    rows = np.concatenate([tail, np.full(len(starts), n, dtype=np.int32)])
    columns = np.concatenate([head, starts])
    shape = (n + 1, n + 1)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=shape).tocsr()
    seen = np.zeros(n + 1, dtype=np.bool_)
    seen[breadth_first_order(graph, n, return_predecessors=False)] = True
    inside = seen[tail] & seen[head]
    ones = np.ones(int(inside.sum()), dtype=np.int8)
    _, label = connected_components(
        coo_array((ones, (tail[inside], head[inside])), shape=(n, n)), directed=False
    )
    return np.where(seen[:n], label, -1).astype(np.int64)


def _cause(
    problem: Problem, arcs: list[int], gates: dict[int, str], footprints: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return what closes these arcs: roads asked to be closed or struck, else locked gates, else the hazard area."""
    net = problem.network
    roads = {
        net.road_ids[net.road[a]]
        for a in arcs
        if problem.closed[a] in (Closed.ASKED, Closed.HAZARD, Closed.ONE_WAY) and net.road[a] != CONNECTOR
    }
    locked = {gates[a] for a in arcs if a in gates}
    if roads:
        return "road", tuple(sorted(roads))
    if locked:
        return "gate", tuple(sorted(locked))
    return ("hazard", footprints) if arcs else ("network", ())


def _cut_text(kind: str, ids: tuple[str, ...], persons: int) -> Text:
    if kind == "road":
        text = Text("{n:,} 人被封闭的道路隔断：{ids}", "{n:,} persons are cut off by closed streets: {ids}")
    elif kind == "gate":
        text = Text("{n:,} 人被上锁的大门隔断：{ids}", "{n:,} persons are cut off by locked gates: {ids}")
    elif kind == "hazard":
        text = Text("{n:,} 人被危险区隔断：{ids}", "{n:,} persons are cut off by the hazard area: {ids}")
    else:
        text = Text(
            "{n:,} 人所在的房屋没有步行道路通到任何可用的避难场所",
            "No walkable street leads from the buildings of {n:,} persons to any shelter that may be used",
        )
    return text.format(n=persons, ids=listing(ids))


def _gate_of_arc(problem: Problem) -> dict[int, str]:
    net = problem.network
    return {
        arc: gate
        for gate, arcs in zip(net.gate_ids, net.gate_arcs, strict=True)
        for arc in arcs.tolist()
        if net.locked[arc]
    }


def binding_said(workspace: Workspace, binding: Binding, *, ids: bool = False) -> Text:
    """Return what stands in the way, with names instead of ids; with `ids` both, for those who type them."""
    zh, en = binding.message_zh, binding.message_en
    for known in sorted(binding.objects, key=len, reverse=True):
        name = workspace.name(known)
        if ids and name.in_("zh") != known:
            name = Name(zh=f"{name.in_('zh')}（{known}）", en=f"{name.in_('en')} ({known})")
        mark = re.compile(rf"{re.escape(known)}(?![\w.-])")
        zh, en = name.in_("zh").join(mark.split(zh)), name.in_("en").join(mark.split(en))
    return Text(zh, en)


def binding_line(workspace: Workspace, binding: Binding, *, ids: bool = False) -> Text:
    """Return the same as a line by itself."""
    return Text("卡在：{b}。", "Binding: {b}.").format(b=binding_said(workspace, binding, ids=ids))


def bound_said(result: EvacuationResult) -> tuple[Text, str] | None:
    """Return what a bound that was not searched to the end leaves open: what, and how much; None: nothing."""
    if result.bound_exact:
        return None
    return (
        Text(
            "路网大，下界未求到底；最优方案比下界至多晚",
            "large town, bound not searched to the end; the best flow is later by at most",
        ),
        "—" if result.bracket is None else percent(100 * (result.bracket - 1)),
    )
