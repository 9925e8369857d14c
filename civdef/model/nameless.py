"""What people call a thing that has no name: what it is, a short number, and the street it stands on.

An import gives such a thing the number it has in OpenStreetMap (房屋 w88777729), which no marshal can use. The name in the files and the
id stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from civdef.model.base import Name, Noun, Placed

if TYPE_CHECKING:
    from civdef.model.workspace import Workspace

NEAR_M = 80.0
"""A street farther away says nothing about where a thing stands [m]; a choice of presentation."""

FEWEST_DIGITS = 3


def nameless(workspace: Workspace) -> Mapping[str, Name]:
    """Return for each thing on the map without a name of its own what it is called, e.g. 未命名房屋 729（人民路）.

    The number is the end of the thing's own, as long as it takes to tell it from others of its kind on the same street: it stays the
    same when others are added or taken away, unless their numbers end alike.
    """
    found = [o for o in workspace.objects.values() if isinstance(o, Placed) and o.number[0] and not o.named]
    what = [_what(o) for o in found]
    places = _places(workspace, found)
    digits = [o.number[0].lstrip("nwr-") for o in found]
    parts = [o.number[1] for o in found]
    length = [FEWEST_DIGITS] * len(found)
    keys: list[tuple[object, ...]] = []
    often: Counter[tuple[object, ...]] = Counter()
    for k in range(FEWEST_DIGITS, max(map(len, digits), default=0) + FEWEST_DIGITS):
        keys = [(o.KIND, what[i], places[i], digits[i][-length[i] :] + parts[i]) for i, o in enumerate(found)]
        often = Counter(keys)
        length = [k + 1 if often[keys[i]] > 1 else length[i] for i in range(len(found))]
    said: dict[str, Name] = {}
    for i, thing in enumerate(found):
        number = "".join(thing.number) if often[keys[i]] > 1 else digits[i][-length[i] :] + parts[i]
        zh, en = what[i]
        place = places[i]
        where_zh, where_en = (f"（{place[0]}）", f" ({place[1]})") if place else ("", "")
        said[thing.id] = Name(zh=f"未命名{zh} {number}{where_zh}", en=f"Unnamed {en} {number}{where_en}")
    return said


def _what(thing: Placed) -> tuple[str, str]:
    """Return what a thing is, from the name that an import gave it."""
    made_up = re.compile(rf"\s*{re.escape(thing.number[0])}(?:-\d+)*$")
    zh, en = (made_up.sub("", said) for said in (thing.name.in_("zh"), thing.name.in_("en")))
    return zh, en[:1].lower() + en[1:]


def _places(workspace: Workspace, things: Sequence[Placed]) -> list[tuple[str, str] | None]:
    """Return where each thing stands: the nearest street that has a name, else its compound or community, in both languages."""
    roads = [r for r in workspace.roads.values() if r.named]
    near: dict[int, int] = {}
    if roads and things:
        tree = shapely.STRtree([r.shape_m for r in roads])
        middles = np.array([t.shape_m.centroid for t in things], dtype=object)
        outlines = np.array([t.shape_m for t in things], dtype=object)
        rows, hits = tree.query_nearest(outlines, max_distance=NEAR_M, all_matches=True)
        metres = shapely.distance(middles[rows], np.array([r.shape_m for r in roads], dtype=object)[hits])
        for row, _, hit in sorted(zip(rows.tolist(), metres.round(1).tolist(), hits.tolist(), strict=True)):
            near.setdefault(row, hit)
    found: list[tuple[str, str] | None] = []
    for i, thing in enumerate(things):
        owner: Noun | None = roads[near[i]] if i in near else None
        for field in ("compound", "community"):
            owner = owner or workspace.objects.get(getattr(thing, field, None) or "")
        name = getattr(owner, "name", None)
        found.append((name.in_("zh"), name.in_("en")) if isinstance(name, Name) else None)
    return found
