"""Evacuation routes: how many people walk along each street, and which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.graph.roads import CONNECTOR
from civdef.render.columns import line
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style
from civdef.text import Text

KEY = "routes"
TITLE = Text("疏散路线", "Evacuation routes")
GROUP = "evacuation"
ORDER = 60
DEFAULT_ON = True
NEEDS = frozenset({"evacuation"})
AUDIENCES = EVERYONE

LIMITS_PERSONS = (100, 400, 1000)
"""Streams are drawn wider from these many persons on [persons]; chosen for legible steps."""

_BLUE, _ARROW = "#1d5fb4", "#0f3f80"
_LABELS = (
    Text("不足 100 人", "under 100 persons"),
    Text("100–399 人", "100–399"),
    Text("400–999 人", "400–999"),
    Text("1,000 人以上", "1,000 or more"),
)
_STYLES = [
    Style(text, stroke=_BLUE, casing="#ffffff", fill=_ARROW, width=width, min_zoom=zoom)
    for text, width, zoom in zip(_LABELS, (1.5, 2.6, 4.0, 5.8), (15.0, 13.5, 0, 0), strict=True)
]


@dataclass(frozen=True)
class Stream:
    """A stretch on which the same people walk the same way."""

    points: NDArray[np.float64]
    persons: int
    level: int
    two_way: bool


def build(context: MapContext) -> Layer | None:
    """Draw streams; in public the legend's steps only."""
    if context.solution is None or not context.routes:
        return None
    found = streams(context)
    if not found:
        return None
    said = [
        None if context.public else context.say(Text("{n:,} 人", "{n:,} persons").format(n=s.persons))
        for s in found
    ]
    return Layer(
        "line", _STYLES, [s.level for s in found], KEY, [[line(s.points, context.origin)] for s in found],
        names=[context.say(Text("疏散人流", "Evacuation stream"))] * len(found), pick=45,
        fields=[
            Field(Text("人数", "Persons"), said),
            Field(Text("对向人流", "Opposed stream"), [context.say(Text("有", "yes")) if s.two_way else None for s in found]),
        ],
        extra={"flow": True, "twoWay": [int(s.two_way) for s in found]},
    )  # fmt: skip


def streams(context: MapContext) -> list[Stream]:
    """Add up everybody's route by street, and join stretches into streams."""
    assert context.solution is not None
    net, problem, routes = context.network, context.solution.asked.problem, context.solution.plan.routes
    persons = np.zeros(net.arcs, dtype=np.int64)
    for count, arcs in zip(problem.persons.tolist(), routes.arcs, strict=True):
        persons[arcs] += count
    persons[net.road == CONNECTOR] = 0
    walked = np.flatnonzero(persons)
    level = np.searchsorted(LIMITS_PERSONS, persons, side="right")
    two_way = persons[net.reverse] > 0
    out_of = np.bincount(net.tail[walked], minlength=net.nodes)
    into = np.bincount(net.head[walked], minlength=net.nodes)
    leaving = {int(net.tail[a]): int(a) for a in walked}
    after: dict[int, int] = {}
    for arc in walked.tolist():
        node = int(net.head[arc])
        if not two_way[arc] and into[node] == 1 and out_of[node] == 1:
            then = leaving[node]
            if level[then] == level[arc] and not two_way[then] and then != arc:
                after[arc] = then
    first = set(walked.tolist()) - set(after.values())
    found = []
    done: set[int] = set()
    for start in [*sorted(first), *walked.tolist()]:
        chain, arc = [], start
        while arc not in done:
            done.add(arc)
            chain.append(arc)
            arc = after.get(arc, arc)
        if chain:
            points = np.concatenate([net.arc_lonlat(a) for a in chain])
            most = int(persons[chain].max())
            found.append(Stream(points, most, int(level[start]), bool(two_way[start])))
    return sorted(found, key=lambda s: s.level)
