"""Buildings coloured by the shelter they go to; their pop-up tells route and arrival."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from civdef.evacuate.result import AssignmentRow
from civdef.render.columns import Ring, line
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style
from civdef.text import Text

KEY = "assignments"
TITLE = Text("建筑去向（按避难场所着色）", "Assignment (coloured by shelter)")
GROUP = "evacuation"
ORDER = 31
DEFAULT_ON = True
NEEDS = frozenset({"evacuation"})
AUDIENCES = EVERYONE

_PALETTE = (
    "#8fb8de", "#f2b880", "#b7d48c", "#d4a5cf", "#f0d264", "#86c7bd", "#e79a94", "#b0a8d9", "#c9b18c", "#9ccfe8",
    "#d8c0de", "#a9c49a",
)  # fmt: skip
_EDGE = (
    "#5d8fbd", "#c98a49", "#87aa55", "#a873a2", "#bf9f2c", "#4f998e", "#bb625b", "#7d73b3", "#977d53", "#5f9fbd",
    "#a487ab", "#749364",
)  # fmt: skip
_NEIGHBOURS = 8
"""Nearest shelters that should not share a colour."""


def build(context: MapContext) -> Layer | None:
    """Colour placed buildings so that neighbouring shelters differ."""
    result = context.evacuation
    assert result is not None
    parts: dict[str, list[AssignmentRow]] = {}
    for row in result.assignments:
        if row.building in context.building_row:
            parts.setdefault(row.building, []).append(row)
    rows = [
        max(p, key=lambda r: (r.persons, -r.part)) for p in parts.values()
    ]  # of a split building, the largest part
    if not rows:
        return None
    shelters = list(context.workspace.shelters)
    used = sorted({r.shelter for r in rows})
    colour = _colours(context, used)
    tables, tree, start = _paths(context, rows)
    return Layer(
        "polygon",
        [Style(fill=f, stroke=e, width=0.9) for f, e in zip(_PALETTE, _EDGE, strict=True)],
        [colour[r.shelter] for r in rows], "buildings", rows=[context.building_row[r.building] for r in rows],
        fields=_fields(context, list(parts.values())), pick=39, kind=Text("建筑", "building"),
        note=Text(
            "一种颜色去一处避难场所，该场所标志的外框同色；沿蓝色箭头走。仍按用途着色的建筑本次无人疏散。",
            "One colour, one shelter: its sign is framed in that colour. Follow the blue arrows. Buildings still in the"
            " colour of their use have nobody to move.",
        ),
        extra={
            "strip": sorted(set(colour.values())),
            "shelter": [shelters.index(r.shelter) for r in rows],
            "paths": [start.get(r.building, -1) for r in rows],
        },
        tables=tables, paths=tree,
    )  # fmt: skip


def _fields(context: MapContext, buildings: Sequence[Sequence[AssignmentRow]]) -> list[Field]:
    def each(say: Callable[[AssignmentRow], str | None]) -> list[str | None]:
        return [_by_part(context, rows, say) for rows in buildings]

    def walk(row: AssignmentRow) -> str:
        said = Text("{m:,.0f} 米，约 {t:.0f} 分钟", "{m:,.0f} m, about {t:.0f} min")
        return context.say(said.format(m=row.walk_m, t=max(1.0, row.walk_s / 60)))

    return [
        Field(
            Text("应疏散", "To evacuate"),
            [_persons(context, rows) for rows in buildings],
        ),
        Field(Text("去往", "Goes to"), each(lambda r: context.name(r.shelter))),
        Field(Text("由此进入", "Entrance"), each(lambda r: context.name(r.entrance))),
        Field(Text("步行", "Walk"), each(walk)),
        Field(Text("路线", "Route"), each(lambda r: " → ".join(_named(context, r.roads)) or None)),
        *_departure(context, each),
        Field(Text("预计到达", "Arrival"), each(lambda r: _arrival(context, r))),
    ]


def _persons(context: MapContext, rows: Sequence[AssignmentRow]) -> str:
    """Return how many leave a building, and of a split one how many by each exit."""
    whole = context.persons(sum(r.persons for r in rows))
    if len(rows) < 2 or context.public:
        return whole
    told = Text("本楼{k}号口 {n}", "exit {k}: {n}")
    pause = context.say(Text("，", ", "))
    parts = pause.join(context.say(told.format(k=r.part, n=context.persons(r.persons))) for r in rows)
    return context.say(Text("{w}（{p}）", "{w} ({p})").format(w=whole, p=parts))


def _departure(
    context: MapContext, each: Callable[[Callable[[AssignmentRow], str | None]], list[str | None]]
) -> list[Field]:
    """Return when everybody leaves; nothing if all leave at once."""
    assert context.evacuation is not None
    if len(context.evacuation.waves) < 2:
        return []
    at_once, later = Text("立即", "at once"), Text("开始疏散后 {m:.0f} 分钟", "{m:.0f} min after the start")
    return [
        Field(
            Text("出发", "Leaves"),
            each(lambda r: context.say(later.format(m=r.departure_s / 60) if r.departure_s else at_once)),
        )
    ]


def _by_part(
    context: MapContext, rows: Sequence[AssignmentRow], say: Callable[[AssignmentRow], str | None]
) -> str | None:
    """Return what holds for a building; where its entrances differ, what holds for each."""
    said = [say(r) for r in rows]
    if len(set(said)) == 1:
        return said[0]
    exits: dict[str, list[int]] = {}
    for row, value in zip(rows, said, strict=True):
        exits.setdefault(value or "–", []).append(row.part)
    pause, stop = context.say(Text("、", ", ")), context.say(Text("；", "; "))
    told = Text("本楼{k}号口 {v}", "exit {k}: {v}")
    return stop.join(context.say(told.format(k=pause.join(map(str, k)), v=v)) for v, k in exits.items())


def _named(context: MapContext, roads: Sequence[str]) -> list[str]:
    """Return the names of streets in walking order; unnamed lanes are left out, repeats merged."""
    found: list[str] = []
    for road in roads:
        noun = context.workspace.roads[road]
        text = noun.name.in_(context.lang)
        if noun.named and (not found or found[-1] != text):
            found.append(text)
    return found


def _arrival(context: MapContext, row: AssignmentRow) -> str | None:
    if row.arrival_first_s is None or row.arrival_last_s is None:
        return None
    return context.say(
        Text("出发后 {a:.0f}–{b:.0f} 分钟", "{a:.0f}–{b:.0f} min after leaving").format(
            a=(row.arrival_first_s - row.departure_s) / 60, b=(row.arrival_last_s - row.departure_s) / 60
        )
    )


def _colours(context: MapContext, used: Sequence[str]) -> dict[str, int]:
    """Return a palette index for each shelter; those near each other differ."""
    middle = np.array([context.workspace.shelters[s].shape_m.centroid.coords[0] for s in used])
    found: dict[str, int] = {}
    for i, shelter in enumerate(used):
        far = np.hypot(*(middle - middle[i]).T)
        near = [used[j] for j in np.argsort(far, kind="stable")[1 : _NEIGHBOURS + 1]]
        taken = {found[s] for s in near if s in found}
        spare = [c for c in range(len(_PALETTE)) if c not in taken]
        counts = [sum(v == c for v in found.values()) for c in spare]
        found[shelter] = spare[int(np.argmin(counts))] if spare else i % len(_PALETTE)
    return found


def _paths(
    context: MapContext, rows: Sequence[AssignmentRow]
) -> tuple[dict[str, Sequence[list[Ring]]], Mapping[str, Sequence[int]] | None, dict[str, int]]:
    """Return the streets walked, the suffix tree of routes, and where each building's route starts in it."""
    if context.solution is None or not context.routes:
        return {}, None, {}
    net = context.network
    row_of: dict[int, int] = {}
    known: dict[tuple[int, int], int] = {}
    start: dict[str, int] = {}
    largest = {(r.building, r.part) for r in rows}
    problem = context.solution.asked.problem
    for building, part, arcs in zip(
        problem.buildings, problem.part.tolist(), context.solution.plan.routes.arcs, strict=True
    ):
        if (building, part) not in largest:
            continue
        at = -1
        for arc in arcs[::-1].tolist():
            number = row_of.setdefault(int(net.line[arc]), len(row_of)) + 1
            at = known.setdefault((number if net.forward[arc] else -number, at), len(known))
        start[building] = at
    shapes = [[line(net.lines[k], context.origin)] for k in row_of]
    tree = {"arc": [arc for arc, _ in known], "next": [after for _, after in known]}
    return {"arcs": shapes}, tree, start
