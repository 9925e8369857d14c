"""Walled grounds and their gates: residential compounds, campuses, hospitals, whatever a wall or fence encloses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.edge import clip, frame_of
from civdef.intake.osm.metric import Metric
from civdef.intake.osm.records import Box, Extract, Found, Node, Tags
from civdef.intake.osm.rings import Area, areas
from civdef.intake.osm.tags import NO, YES, called, first, length_m, names
from civdef.text import Text

INSTITUTIONS = frozenset(
    {"school", "university", "college", "kindergarten", "hospital", "nursing_home", "prison"}
)
ESTATES = frozenset({"residential", "industrial", "commercial", "military", "institutional", "education"})
WALLS = frozenset({"wall", "fence", "city_wall", "hedge", "retaining_wall"})
GATES: dict[str, float] = {
    "gate": 4.0,
    "lift_gate": 5.0,
    "swing_gate": 4.0,
    "sliding_gate": 5.0,
    "hampshire_gate": 3.0,
    "sally_port": 3.0,
    "entrance": 3.0,
    "toll_booth": 5.0,
    "kissing_gate": 1.0,
    "wicket_gate": 1.0,
    "turnstile": 0.8,
    "full-height_turnstile": 0.6,
}
"""Kind of gate → clear width where none is marked [m]; a planning assumption, to be measured on site."""

ON_WALL_M = 12.0
"""A gate this near the edge of grounds is a gate of theirs [m]; a tolerance for drawing."""

LARGEST_ESTATE_M2 = 1_000_000.0
"""Residential land larger than this is a district, no compound [m²]."""

_ESTATE_NAME = re.compile(r"(小区|苑|花园|家园|公寓|大院|新村|院|园|庭|府|宿舍|住宅区)$")


@dataclass(frozen=True)
class Grounds:
    """Compounds that were found, in id order.

    Attributes
    ----------
    compounds, gates
        The two layers.
    ids, shapes_m, gated
        For each compound its id, its area in metres, whether it has a gate.
    """

    compounds: Found
    gates: Found
    ids: tuple[str, ...]
    shapes_m: tuple[BaseGeometry, ...]
    gated: tuple[bool, ...]

    def holding(self, points_m: Sequence[BaseGeometry]) -> list[str | None]:
        """Return for each point the compound it lies in: the smallest that has gates, else the smallest; None outside."""
        best: list[tuple[bool, float, str] | None] = [None] * len(points_m)
        if self.ids and len(points_m):
            tree = shapely.STRtree(list(self.shapes_m))
            for point, k in zip(*tree.query(list(points_m), predicate="intersects"), strict=True):
                rank = (not self.gated[k], self.shapes_m[k].area, self.ids[k])
                if best[point] is None or rank < best[point]:
                    best[point] = rank
        return [b[2] if b else None for b in best]


def compounds(
    extract: Extract, metric: Metric, building_points_m: Sequence[BaseGeometry], area: Box | None = None
) -> Grounds:
    """Return grounds with a wall, and the gates in it; not yet in a community.

    Schools, hospitals and the like count as walled. Residential, commercial and industrial land counts where a wall,
    a fence or a gate is marked on its edge or its name is that of a compound. A closed wall or fence counts by itself.
    Grounds without a building are left out.
    """
    out, gates = Found(), Found()
    points = [n for n in extract.nodes if first(n.tags.get("barrier")) in GATES]
    spots = metric.of([shapely.Point(n.lon, n.lat) for n in points])
    walls = metric.of(_walls(extract))
    frame = frame_of(area)
    drawn = [clip(a, frame) for a in _grounds(extract)]
    shaped = [a for a in drawn if a.shape is not None]
    shapes = dict(
        zip(
            [a.osm for a in shaped], metric.of([s for a in shaped if (s := a.shape) is not None]), strict=True
        )
    )
    wall_tree, gate_tree = shapely.STRtree(walls), shapely.STRtree(spots)
    home_tree = shapely.STRtree(list(building_points_m))
    kept: list[tuple[Area, BaseGeometry]] = []
    for ground in drawn:
        if not _may_be_compound(ground.tags):
            continue
        out.read += 1
        shape = shapes.get(ground.osm)
        if shape is None:
            assert ground.problem is not None
            out.leave_out(ground.osm, ground.problem)
        elif not len(home_tree.query(shape, predicate="intersects")):
            out.leave_out(ground.osm, Text("其中没有房屋", "No building in it"))
        elif not _walled(ground, shape, walls, wall_tree, gate_tree):
            out.leave_out(ground.osm, Text("没有标出围墙或大门，按开放地块处理", "No wall or gate marked: taken as open ground"))  # fmt: skip
        elif any(k.equals(shape) for _, k in kept):
            out.leave_out(ground.osm, Text("与另一处范围相同", "The same ground as another"))
        else:
            kept.append((ground, shape))
            object_id = f"compound/{ground.name}"
            out.features.append(
                ({"id": object_id, **called(ground.tags, Text("院落", "Grounds"), ground.name)}, ground.shape)
            )
            if ground.problem is not None:
                out.mend(ground.osm, object_id, ground.problem)
    gated = _hang(points, spots, kept, gates)
    return Grounds(
        out,
        gates,
        tuple(f"compound/{a.name}" for a, _ in kept),
        tuple(s for _, s in kept),
        tuple(f"compound/{a.name}" in gated for a, _ in kept),
    )


def _grounds(extract: Extract) -> list[Area]:
    return areas(extract, ("landuse", "amenity", "barrier", "residential", "healthcare"))


def _may_be_compound(tags: Tags) -> bool:
    if "building" in tags and first(tags["building"]) not in NO:
        return False
    return (
        first(tags.get("amenity")) in INSTITUTIONS
        or first(tags.get("landuse")) in ESTATES
        or (first(tags.get("barrier")) in WALLS and "landuse" not in tags and "leisure" not in tags)
    )


def _walled(
    area: Area,
    shape: BaseGeometry,
    walls: Sequence[BaseGeometry],
    wall_tree: shapely.STRtree,
    gate_tree: shapely.STRtree,
) -> bool:
    tags = area.tags
    if first(tags.get("amenity")) in INSTITUTIONS or first(tags.get("barrier")) in WALLS:
        return True
    if shape.area > LARGEST_ESTATE_M2:
        return False
    if first(tags.get("residential")) in ("gated", "compound") or first(tags.get("access")) == "private":
        return True
    if first(tags.get("landuse")) == "residential" and any(
        _ESTATE_NAME.search(n) for n in names(tags).values()
    ):
        return True
    edge = shape.boundary
    if len(gate_tree.query(edge, predicate="dwithin", distance=ON_WALL_M)):
        return True
    near = [walls[k] for k in wall_tree.query(edge, predicate="dwithin", distance=ON_WALL_M)]
    if not near:
        return False
    along = edge.intersection(shapely.union_all([w.buffer(ON_WALL_M) for w in near]))
    return bool(along.length >= 0.5 * edge.length)


def _walls(extract: Extract) -> list[BaseGeometry]:
    found: list[BaseGeometry] = []
    for way in extract.ways.values():
        if first(way.tags.get("barrier")) in WALLS:
            coords = [c for c in way.coords if c is not None]
            if len(set(coords)) >= 2:
                found.append(shapely.LineString(coords))
    return found


def _hang(
    points: Sequence[Node],
    spots: Sequence[BaseGeometry],
    kept: Sequence[tuple[Area, BaseGeometry]],
    out: Found,
) -> set[str]:
    """Give every gate to the grounds whose edge it is on, the nearest edge first; return the grounds that have one."""
    edges = [s.boundary for _, s in kept]
    tree = shapely.STRtree(edges)
    used: set[str] = set()
    for node, spot in zip(points, spots, strict=True):
        out.read += 1
        near = (
            tree.query(spot, predicate="dwithin", distance=ON_WALL_M) if edges else np.zeros(0, dtype=np.intp)
        )
        if not len(near):
            out.leave_out(node.ref, Text("不在任何小区或院落的边界上", "On the edge of no compound"))
            continue
        best = min(near, key=lambda k: (round(edges[k].distance(spot), 2), kept[k][1].area, kept[k][0].osm))
        compound = f"compound/{kept[best][0].name}"
        used.add(compound)
        object_id = f"gate/n{node.id}"
        properties: dict[str, object] = {
            "id": object_id,
            **called(node.tags, Text("大门", "Gate"), f"n{node.id}"),
        }
        properties |= {"compound": compound, "width_m": _width(node.tags), "locked": _locked(node.tags)}
        out.features.append((properties, shapely.Point(node.lon, node.lat)))
    return used


def _width(tags: Tags) -> float:
    marked = length_m(tags.get("width") or tags.get("maxwidth"))
    if marked is not None and 0.5 <= marked <= 60:
        return round(marked, 2)
    return GATES[first(tags["barrier"])]


def _locked(tags: Tags) -> bool:
    """Return whether people on foot are kept out; a boom stops vehicles only."""
    if first(tags.get("locked")) in YES:
        return True
    may = first(tags.get("foot"))
    if not may and first(tags.get("barrier")) not in ("lift_gate", "toll_booth"):
        may = first(tags.get("access"))
    return may in ("no", "emergency")


def ground_tags(extract: Extract, metric: Metric, points_m: Sequence[BaseGeometry]) -> list[list[Tags]]:
    """Return for each point the tags of the land it lies on, the smallest piece first."""
    drawn = [
        a for a in areas(extract, ("landuse", "amenity")) if a.shape is not None and "building" not in a.tags
    ]
    shapes = metric.of([s for a in drawn if (s := a.shape) is not None])
    found: list[list[tuple[float, str, Tags]]] = [[] for _ in points_m]
    if drawn and len(points_m):
        tree = shapely.STRtree(shapes)
        for point, k in zip(*tree.query(list(points_m), predicate="intersects"), strict=True):
            found[point].append((shapes[k].area, drawn[k].osm, drawn[k].tags))
    return [[t for _, _, t in sorted(f, key=lambda x: (x[0], x[1]))] for f in found]


def by_id(grounds: Grounds) -> Mapping[str, BaseGeometry]:
    """Return compound → its area in metres."""
    return dict(zip(grounds.ids, grounds.shapes_m, strict=True))
