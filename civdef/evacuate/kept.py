"""A plan that was kept, taken up again: who goes where along which arcs, from what its result says.

A result names streets, not arcs. The way is found again on them: from the building's door to the entrance, along those streets in that
order, as long as the result says. A plan made from other files, for another question or by another version is refused, never bent to fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.errors import UsageError
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.question import Asked
from civdef.evacuate.result import AssignmentRow, EvacuationResult
from civdef.evacuate.routes import Routes, described
from civdef.graph.roads import CONNECTOR
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

Choice = NDArray[np.int32]

_NEAR_M = 0.06
"""Results give metres to one decimal."""

_MOST_STEPS = 50_000
"""Arcs looked at for one way; an honest one takes some hundreds."""

_AGAIN = Text(
    "重新编制：civdef evacuate，加 -o 目录 保存；或不给 --evacuation，让演练自行编排。",
    "Make it again with civdef evacuate and keep it with -o DIR; or leave --evacuation out, and the drill makes its own.",
)


@dataclass(frozen=True)
class Kept:
    """A plan that was kept.

    Attributes
    ----------
    result
        What was kept.
    file
        Name of the file, without its folder.
    digest
        Hash of the file, as of the inputs of a result.
    """

    result: EvacuationResult
    file: str
    digest: str


def taken_up(workspace: Workspace, asked: Asked, kept: Kept) -> tuple[Choice, Routes]:
    """Return the shelter of each row of the problem, shape (B,), and the routes, as they were when the plan was made.

    Raises
    ------
    UsageError
        If the plan was made from other files, for another question, or does not fit the town as this version reads it.
    """
    _same_files(workspace, kept)
    _same_question(workspace, asked, kept)
    problem, result = asked.problem, kept.result
    net = problem.network
    row_of = {(b, int(p)): i for i, (b, p) in enumerate(zip(problem.buildings, problem.part, strict=True))}
    shelter = np.full(len(row_of), NOWHERE, dtype=np.int32)
    entrance = np.full(len(row_of), NOWHERE, dtype=np.int32)
    arcs: list[Choice] = [np.zeros(0, dtype=np.int32)] * len(row_of)
    shelters = {s: i for i, s in enumerate(problem.shelters)}
    entrances = {e: i for i, e in enumerate(net.entrance_ids)}
    ways = _Ways(problem)
    left = {(r.building, r.part) for r in result.left_over if r.building is not None}
    told = {(r.building, r.part): r for r in result.assignments}
    if len(told) != len(result.assignments) or told.keys() & left or told.keys() | left != row_of.keys():
        raise _unfit(kept)
    for key, row in told.items():
        i, s, e = row_of[key], shelters.get(row.shelter), entrances.get(row.entrance)
        if s is None or e is None or net.entrance_shelter[e] != s or row.persons != int(problem.persons[i]):
            raise _unfit(kept)
        found = ways.found(int(problem.node[i]), int(net.entrance_node[e]), row)
        if found is None or not problem.allowed[i, s]:
            raise _unfit(kept)
        shelter[i], entrance[i], arcs[i] = s, e, np.array(found, dtype=np.int32)
    used = np.bincount(shelter[shelter >= 0], weights=problem.persons[shelter >= 0], minlength=len(shelters))
    if (used > problem.places).any():
        raise _unfit(kept)
    return shelter, described(problem, entrance, tuple(arcs))


class _Ways:
    """Finds ways again on the streets a result names."""

    def __init__(self, problem: Problem) -> None:
        net = problem.network
        self._road = {r: i for i, r in enumerate(net.road_ids)}
        self._out: dict[int, list[tuple[int, int, int, float]]] = {}
        walk = problem.walk_arcs
        for arc, tail, head, road, metres in zip(
            walk.tolist(), net.tail[walk].tolist(), net.head[walk].tolist(), net.road[walk].tolist(),
            net.length_m[walk].tolist(), strict=True,
        ):  # fmt: skip
            self._out.setdefault(tail, []).append((arc, head, road, metres))

    def found(self, start: int, end: int, row: AssignmentRow) -> list[int] | None:
        """Return the arcs from start to end along the row's streets, in order and of its length; None if there are none."""
        roads = [self._road.get(r, NOWHERE - 1) for r in row.roads]
        arcs: list[int] = []
        stack: list[Iterator[tuple[int, int, int, float]]] = [iter(self._out.get(start, ()))]
        path: list[tuple[int, int, float]] = [(start, -1, 0.0)]  # node, streets begun less one, metres
        on_path = {start}
        if self._there(path[-1], end, roads, row):
            return arcs
        for _ in range(_MOST_STEPS):
            if not stack:
                return None
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                on_path.discard(path.pop()[0])
                if arcs:
                    arcs.pop()
                continue
            arc, head, road, metres = step
            _, begun, gone = path[-1]
            k = _next(roads, begun, road)
            if k is None or head in on_path or gone + metres > row.walk_m + _NEAR_M:
                continue
            arcs.append(arc)
            path.append((head, k, gone + metres))
            if self._there(path[-1], end, roads, row):
                return arcs
            on_path.add(head)
            stack.append(iter(self._out.get(head, ())))
        return None

    @staticmethod
    def _there(at: tuple[int, int, float], end: int, roads: Sequence[int], row: AssignmentRow) -> bool:
        node, k, gone = at
        return node == end and k == len(roads) - 1 and abs(gone - row.walk_m) <= _NEAR_M


def _next(roads: Sequence[int], k: int, road: int) -> int | None:
    """Return which of the streets one is on after an arc of `road`; None if it is not the next one."""
    if road == CONNECTOR or (k >= 0 and roads[k] == road):
        return k
    return k + 1 if k + 1 < len(roads) and roads[k + 1] == road else None


def _same_files(workspace: Workspace, kept: Kept) -> None:
    """A drill's own scenario does not touch the plan; every other file may."""
    then, now = kept.result.inputs, workspace.inputs
    changed = sorted(f for f in {*then, *now} if then.get(f) != now.get(f) and not f.startswith("drills/"))
    if changed:
        raise UsageError(
            Text("疏散方案 {f} 已过期：编制以后改过 {c}", "The evacuation plan {f} is out of date: {c} changed since").format(
                f=kept.file, c=listing(changed)
            ),
            hint=_AGAIN,
        )  # fmt: skip


def _same_question(workspace: Workspace, asked: Asked, kept: Kept) -> None:
    question, result = asked.question, kept.result
    one_way = tuple((w.road, w.direction, w.whole_width) for w in question.one_way)
    pairs: list[tuple[Text, object, object]] = [
        (Text("预案", "plan"), asked.plan.id, result.plan),
        (Text("时段", "time of day"), question.time, result.time),
        (Text("疏散范围", "scope"), question.scope, result.scope),
        (Text("危险区", "hazard areas"), question.footprints or (), result.footprints),
        (Text("封闭的道路", "closed roads"), question.closed_roads, result.closed_roads),
        (Text("停用的避难场所", "shelters left out"), question.without_shelters, result.without_shelters),
        (Text("单向的道路", "one-way streets"), one_way, tuple((w.road, w.direction, w.whole_width) for w in result.one_way)),
        (Text("假设的改动", "what-ifs"), workspace.changes, result.changes),
        (Text("由车辆接送的人员", "people fetched"), 0, result.fetched_persons),
    ]  # fmt: skip
    other = [label for label, mine, its in pairs if mine != its]
    if other:
        raise UsageError(
            Text(
                "疏散方案 {f} 回答的是另一个问题，与演练不同的是：{o}",
                "The evacuation plan {f} answers another question than the drill's; they differ in: {o}",
            ).format(f=kept.file, o=listing(other)),
            hint=_AGAIN,
        )


def _unfit(kept: Kept) -> UsageError:
    return UsageError(
        Text(
            "疏散方案 {f} 与这一版本读出的街道对不上，可能由别的版本编制或被改动过",
            "The evacuation plan {f} does not fit the street as this version reads it: made by another version, or edited",
        ).format(f=kept.file),
        hint=_AGAIN,
    )
