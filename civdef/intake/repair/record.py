"""What was mended, left out or left alone, place by place, and how connected the streets were before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from civdef.text import Text

RULES: dict[str, Text] = {
    "no-length": Text("线长为零", "line of no length"),
    "repeated-vertex": Text("重复折点", "repeated vertex"),
    "implied-layer": Text("桥隧未注层次", "bridge or tunnel without a layer"),
    "duplicate": Text("重复绘制", "drawn twice"),
    "overlap": Text("部分重叠", "drawn twice in part"),
    "folded": Text("自身来回重叠", "folded back on itself"),
    "crossing": Text("相交处缺节点", "crossing without a node"),
    "overshoot": Text("出头", "overshoot"),
    "near-miss": Text("端点未接上", "near miss"),
    "island": Text("孤立路段", "island"),
    "wall": Text("隔墙未接", "near miss across a wall"),
    "expressway": Text("与快速路同层相交", "crosses an expressway on one layer"),
    "raised": Text("与高架或地道同层相交", "crosses a viaduct or underpass on one layer"),
}
"""Rule → what it is called. The order is the order of reports."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing found in the streets.

    Attributes
    ----------
    rule
        Key of `RULES`.
    action
        ``repaired``, ``dropped``, or ``noted`` (found, and left alone).
    feature
        Number of the feature it was found in (0-based, as handed in).
    road_id, other_id
        The road, and the road it has to do with.
    lon, lat
        Where [degrees].
    reason
        What was found and what was done, for a person.
    before, after
        How it was, how it is now.
    """

    rule: str
    action: str
    feature: int
    road_id: str
    other_id: str | None
    lon: float
    lat: float
    reason: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Connectivity:
    """How well the streets hang together on foot.

    Attributes
    ----------
    roads, length_m
        Walkable lines and their length [m].
    components
        Parts that no walkable street joins.
    largest_share
        Share of the length that lies in the largest part; 1 where there are no streets.
    dangling
        Ends that meet nothing.
    """

    roads: int
    length_m: float
    components: int
    largest_share: float
    dangling: int


@dataclass(frozen=True)
class Repaired:
    """Streets after repair, and everything that was found."""

    features: list[tuple[dict[str, Any], BaseGeometry]]
    repairs: list[Repair] = field(default_factory=list)
    before: Connectivity = Connectivity(0, 0.0, 0, 1.0, 0)
    after: Connectivity = Connectivity(0, 0.0, 0, 1.0, 0)

    def counts(self) -> dict[str, int]:
        """Return how often each rule was used, in the order of `RULES`; rules that found nothing are left out."""
        found = Counter(r.rule for r in self.repairs)
        return {rule: found[rule] for rule in RULES if found[rule]}
