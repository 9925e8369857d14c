"""Closed ways and multipolygon relations → areas, and what is missing where an extract was cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.records import Extract, Member, Relation, Tags, Way
from civdef.text import Text

CUT = Text("轮廓不完整：部分节点或成员不在文件中", "Outline incomplete: nodes or members are not in the file")
OPEN = Text("轮廓没有闭合", "The outline does not close")
CROSSED = Text("轮廓自相交，已修复", "The outline crossed itself; mended")
HOLES = Text("内环不完整，缺的未挖去", "Inner rings incomplete; those that lack are not cut out")
PARTLY = Text("外环不完整，只取闭合的部分", "Outer rings incomplete; only those that close are used")
FLAT = Text("轮廓没有面积", "The outline has no area")


@dataclass(frozen=True, slots=True)
class Area:
    """An area as drawn.

    Attributes
    ----------
    osm
        The object, e.g. ``way/12``.
    name
        The last part of ids made from it, e.g. ``w12``.
    tags
        Its tags.
    shape
        Polygon or MultiPolygon in WGS84; None where it cannot be made.
    problem
        Why there is no shape, or what was done to get one.
    ring_ways
        Ids of the ways that make its outline.
    """

    osm: str
    name: str
    tags: Tags
    shape: BaseGeometry | None
    problem: Text | None = None
    ring_ways: tuple[int, ...] = ()


def areas(extract: Extract, wanted: Iterable[str]) -> list[Area]:
    """Return every closed way and multipolygon (or boundary) relation that has one of the wanted keys, in id order.

    A way that is the outline of a wanted relation with the same key is left to the relation.
    """
    keys = frozenset(wanted)
    found: list[Area] = []
    outlines: set[tuple[int, str]] = set()
    for relation in extract.relations.values():
        have = keys & relation.tags.keys()
        if not have or relation.tags.get("type") not in ("multipolygon", "boundary"):
            continue
        area = relation_area(relation, extract.ways)
        found.append(area)
        if area.shape is not None:
            outlines |= {
                (m.id, k) for m in relation.members if m.kind == "w" and m.role != "inner" for k in have
            }
    for way in extract.ways.values():
        have = keys & way.tags.keys()
        if have and all((way.id, k) in outlines for k in have):
            continue
        if have and (way.closed or not way.complete):
            found.append(way_area(way))
    return found


def way_area(way: Way) -> Area:
    """Return the area inside a closed way."""
    coords = [c for c in way.coords if c is not None]
    if not way.complete:
        return Area(way.ref, f"w{way.id}", way.tags, None, CUT, (way.id,))
    if not way.closed:
        return Area(way.ref, f"w{way.id}", way.tags, None, OPEN, (way.id,))
    if len(set(coords)) < 3:
        return Area(way.ref, f"w{way.id}", way.tags, None, FLAT, (way.id,))
    shape, problem = _mended(shapely.Polygon(coords))
    return Area(way.ref, f"w{way.id}", way.tags, shape, problem, (way.id,))


def relation_area(relation: Relation, ways: Mapping[int, Way]) -> Area:
    """Return the area of a multipolygon or boundary relation.

    Rings are joined by their nodes; holes and islands in holes follow from the rings themselves. Where the extract cut
    the relation, what still closes is used, and the problem says so.
    """
    members = [m for m in relation.members if m.kind == "w"]
    outer = [m for m in members if m.role != "inner"]
    inner = [m for m in members if m.role == "inner"]
    ring_ways = tuple(m.id for m in members)
    outer_whole, inner_whole = _whole(outer, ways), _whole(inner, ways)

    def made(shape: BaseGeometry | None, problem: Text | None) -> Area:
        return Area(relation.ref, f"r{relation.id}", relation.tags, shape, problem, ring_ways)

    if not outer:
        return made(None, OPEN)
    if outer_whole and inner_whole:
        shape, problem = _mended(shapely.build_area(_lines(members, ways)))
        return made(shape, problem) if shape is not None else made(None, FLAT)
    body = _closed(outer, ways)
    if body is None:
        return made(None, CUT)
    holes = _closed(inner, ways)
    if holes is not None:
        body = body.difference(holes)
    shape, _ = _mended(body)
    return made(shape, HOLES if outer_whole else PARTLY)


def _whole(members: Sequence[Member], ways: Mapping[int, Way]) -> bool:
    """Whether every member is there and every ring closes."""
    ends: Counter[int] = Counter()
    for member in members:
        way = ways.get(member.id)
        if way is None or not way.complete or len(way.nodes) < 2:
            return False
        ends[way.nodes[0]] += 1
        ends[way.nodes[-1]] += 1
    return all(n % 2 == 0 for n in ends.values())


def _lines(members: Iterable[Member], ways: Mapping[int, Way]) -> BaseGeometry:
    lines = []
    for member in members:
        way = ways.get(member.id)
        coords = [c for c in way.coords if c is not None] if way is not None and way.complete else []
        if len(set(coords)) >= 2:
            lines.append(shapely.LineString(coords))
    merged: BaseGeometry = shapely.union_all(lines) if lines else shapely.GeometryCollection()
    return merged


def _closed(members: Sequence[Member], ways: Mapping[int, Way]) -> BaseGeometry | None:
    """Return what the rings that close cover, None if none does."""
    lines = _lines(members, ways)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    faces = [f for f in faces if f.area > 0]
    return shapely.union_all(faces) if faces else None


def _mended(shape: BaseGeometry | None) -> tuple[BaseGeometry | None, Text | None]:
    """Return a valid area and whether it had to be mended."""
    if shape is None or shape.is_empty:
        return None, FLAT
    if shape.is_valid and shape.area > 0:
        return shape, None
    parts = [p for p in shapely.get_parts(shapely.make_valid(shape)) if p.geom_type == "Polygon"]
    parts += [
        q
        for p in shapely.get_parts(shapely.make_valid(shape))
        if p.geom_type == "MultiPolygon"
        for q in p.geoms
    ]
    merged = shapely.union_all(parts) if parts else None
    if merged is None or merged.is_empty or merged.area == 0:
        return None, FLAT
    return merged, CROSSED
