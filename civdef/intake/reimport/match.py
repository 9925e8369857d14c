"""Which feature of a new edition is which of those already there: by code, shape, name, and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import shapely

from civdef.intake.reimport.items import GEOMETRY, Item

SAME_AREA = 0.5
"""Two outlines are of one thing if what they share is at least this part of what they cover together."""

NEAR_M = 15.0
"""Points this near, of the same kind, are one thing [m]."""

NAMED_M = 1_000.0
"""Things of the same name that several bear are one only if they are this near [m]."""

_METRES = 111_320.0


def match(old: Sequence[Item], new: Sequence[Item]) -> dict[str, str]:
    """Return id of a new feature → id of the old one that it is; nothing is matched twice.

    Parameters
    ----------
    old
        What is there.
    new
        What comes, with ids that mean nothing by themselves (made from the order of rows).
    """
    found: dict[str, str] = {}
    left_old = {o.id: o for o in old}
    left_new = {n.id: n for n in new}

    def pair(new_id: str, old_id: str) -> None:
        found[new_id] = old_id
        del left_new[new_id], left_old[old_id]

    for key in (_code, _shape, _name):
        for new_id, old_id in _unique(left_old, left_new, key):
            pair(new_id, old_id)
    for new_id, old_id in _by_place(list(left_old.values()), list(left_new.values())):
        if new_id in left_new and old_id in left_old:
            pair(new_id, old_id)
    return found


def _code(item: Item) -> Hashable:
    return item.properties.get("code")


def _shape(item: Item) -> Hashable:
    return item.marks().get(GEOMETRY)


def _name(item: Item) -> Hashable:
    zh, en = item.properties.get("name_zh"), item.properties.get("name_en")
    return (zh or en, item.properties.get("kind")) if zh or en else None


def _unique(
    old: dict[str, Item], new: dict[str, Item], key: Callable[[Item], Hashable]
) -> list[tuple[str, str]]:
    """Return pairs whose key one old and one new feature have, and no other."""
    by_old: dict[Any, list[str]] = defaultdict(list)
    by_new: dict[Any, list[str]] = defaultdict(list)
    for items, index in ((old, by_old), (new, by_new)):
        for item in items.values():
            value = key(item)
            if value is not None:
                index[value].append(item.id)
    return [(n[0], by_old[k][0]) for k, n in by_new.items() if len(n) == 1 and len(by_old.get(k, ())) == 1]


def _by_place(old: list[Item], new: list[Item]) -> list[tuple[str, str]]:
    """Return pairs by how well they lie on one another, best first; one feature may stand in several."""
    drawn_old = [o for o in old if o.shape is not None and not o.shape.is_empty]
    drawn_new = [n for n in new if n.shape is not None and not n.shape.is_empty]
    if not drawn_old or not drawn_new:
        return []
    shapes_old = np.array([o.shape for o in drawn_old], dtype=object)
    shapes_new = np.array([n.shape for n in drawn_new], dtype=object)
    reach = NAMED_M / _METRES
    latitude = float(np.median(shapely.get_y(shapely.centroid(shapes_old))))
    scale = np.array([_METRES * np.cos(np.radians(latitude)), _METRES])
    middle_old = shapely.get_coordinates(shapely.centroid(shapes_old)) * scale
    middle_new = shapely.get_coordinates(shapely.centroid(shapes_new)) * scale
    tree = shapely.STRtree(shapes_old)
    scored: list[tuple[float, str, str]] = []
    at_new, at_old = tree.query(shapes_new, predicate="intersects")
    both_areas = (shapely.area(shapes_new[at_new]) > 0) & (shapely.area(shapes_old[at_old]) > 0)
    at_new, at_old = at_new[both_areas], at_old[both_areas]
    shared = shapely.area(
        shapely.intersection(shapely.make_valid(shapes_new[at_new]), shapely.make_valid(shapes_old[at_old]))
    )
    together = shapely.area(shapes_new[at_new]) + shapely.area(shapes_old[at_old]) - shared
    for n, o, part in zip(at_new, at_old, shared / together, strict=True):
        if part >= SAME_AREA:
            scored.append((1.0 - float(part), drawn_new[n].id, drawn_old[o].id))
    names_old: dict[Any, list[int]] = defaultdict(list)
    for i, item in enumerate(drawn_old):
        names_old[_name(item)].append(i)
    for n, item in enumerate(drawn_new):
        if _name(item) is not None:
            for o in names_old.get(_name(item), ()):
                apart = float(np.hypot(*(middle_new[n] - middle_old[o])))
                if apart <= NAMED_M:
                    scored.append((1.0 + apart / NAMED_M, item.id, drawn_old[o].id))
    points_old = np.flatnonzero(shapely.get_type_id(shapes_old) == 0)
    points_new = np.flatnonzero(shapely.get_type_id(shapes_new) == 0)
    if len(points_old) and len(points_new):
        near = shapely.STRtree(shapes_old[points_old])
        at_new, at_old = near.query(shapes_new[points_new], predicate="dwithin", distance=reach / 20)
        for n, o in zip(points_new[at_new], points_old[at_old], strict=True):
            apart = float(np.hypot(*(middle_new[n] - middle_old[o])))
            same = drawn_new[n].properties.get("kind") == drawn_old[o].properties.get("kind")
            if apart <= NEAR_M and same:
                scored.append((3.0 + apart, drawn_new[n].id, drawn_old[o].id))
    return [(n, o) for _, n, o in sorted(scored)]
