"""A new edition of a layer, what is there, and what was imported last → what is there next, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import shapely

from civdef.intake.reimport.items import GEOMETRY, Item
from civdef.intake.reimport.match import match

_NAMES = ("name_zh", "name_en")

Kind = Literal["added", "removed", "moved", "changed", "kept"]


@dataclass(frozen=True)
class Imported:
    """What an earlier import wrote for one feature: the file it came from, and the mark of every field."""

    source: str
    marks: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """One feature that is not as it was.

    Attributes
    ----------
    kind
        ``added``, ``removed``, ``moved`` (its shape), ``changed`` (other fields), or ``kept``: the file says otherwise,
        but the user edited it since the last import.
    fields
        Fields that changed or were kept; ``*`` stands for the whole feature.
    moved_m
        How far its centre moved [m].
    """

    id: str
    kind: Kind
    fields: tuple[str, ...] = ()
    moved_m: float | None = None


@dataclass
class Merged:
    """What is there next.

    Attributes
    ----------
    items
        Every feature of the file.
    imported
        What to remember for the next import.
    differences
        Against what was there, by id.
    stale
        File → how many features it brought earlier that the new file lacks and that stay.
    renamed
        Id that the cleaner gave → id that the feature has.
    brought
        Ids of the features that the file holds.
    """

    items: list[Item] = field(default_factory=list)
    imported: dict[str, Imported] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    stale: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    brought: set[str] = field(default_factory=set)


def merge(
    there: Sequence[Item],
    last: Mapping[str, Imported],
    coming: Sequence[Item],
    *,
    source: str,
    made: set[str] | frozenset[str] = frozenset(),
    unnamed: set[str] | frozenset[str] = frozenset(),
    add: bool = False,
    supersede: bool = False,
    force: bool = False,
) -> Merged:
    """Return what a layer holds after an import.

    A field that the user has not touched since the last import takes the new value; one that was edited stays, and if
    the file says something new about it that is told. A feature that the user drew stays; one that the user deleted
    stays deleted. What the same file brought last time and has no more is removed, unless it was edited.

    Parameters
    ----------
    last
        Id → what earlier imports wrote.
    source
        Name of the file that comes.
    made
        Ids of `coming` that were made up from the order of rows: such features are matched by code, shape, name and
        place, and take the id of the one that is there.
    unnamed
        Ids of `coming` whose names are made up; they take the name of the one that is there.
    add
        Remove nothing.
    supersede
        The file takes the place of every earlier file, whatever its name.
    force
        The file wins: edits are overwritten, and what the file lacks goes.
    """
    out = Merged()
    before = {i.id: i for i in there}
    after, out.renamed = _identified(there, last, coming, made, unnamed)
    for item in after:
        old, base = before.get(item.id), last.get(item.id)
        marks = item.marks()
        if old is None and base is not None and not force:
            out.differences.append(Difference(item.id, "kept", ("*",)))
            out.imported[item.id] = Imported(source, marks)
            continue
        out.imported[item.id] = Imported(source, marks)
        if old is None:
            out.items.append(item)
            out.differences.append(Difference(item.id, "added"))
            continue
        joined, kept = (item, ()) if force else _joined(old, item, base)
        out.items.append(joined)
        out.differences.extend(_compared(old, joined, kept))
    coming_ids = out.brought = {i.id for i in after}
    for old in there:
        if old.id in coming_ids:
            continue
        base = last.get(old.id)
        ours = base is not None and (base.source == source or supersede)
        edited = base is None or dict(base.marks) != old.marks()
        if (force and not add) or (ours and not edited and not add):
            out.differences.append(Difference(old.id, "removed"))
            continue
        out.items.append(old)
        if base is not None:
            out.imported[old.id] = base
            if ours and not add:
                out.differences.append(Difference(old.id, "kept", ("*",)))
            elif not ours and not add:
                out.stale[base.source] = out.stale.get(base.source, 0) + 1
    for (
        gone,
        base,
    ) in last.items():  # deleted by the user, and not in the file: remembered, so that it stays deleted
        if (
            gone not in before
            and gone not in coming_ids
            and not (force or base.source == source or supersede)
        ):
            out.imported[gone] = base
    out.items.sort(key=lambda i: i.id)
    out.differences.sort(key=lambda d: (d.id, d.kind))
    return out


def _identified(
    there: Sequence[Item],
    last: Mapping[str, Imported],
    coming: Sequence[Item],
    made: set[str] | frozenset[str],
    unnamed: set[str] | frozenset[str],
) -> tuple[list[Item], dict[str, str]]:
    """Return what comes, each under the id it has in the workspace, and which ids were changed for that."""
    given = {i.id for i in coming if i.id not in made}
    loose = [_nameless(i) if i.id in unnamed else i for i in coming if i.id in made]
    before = {o.id: o for o in there}
    found = match([o for o in there if o.id not in given], loose)
    taken = given | {o.id for o in there} | set(last)
    out = []
    renamed: dict[str, str] = {}
    for item in coming:
        new_id = item.id
        if item.id in found:
            new_id = found[item.id]
        elif item.id in made and item.id in taken:
            new_id = _free(item.id, taken)
        taken.add(new_id)
        names: dict[str, Any] = {}
        if item.id in unnamed and new_id in before:
            item, names = _nameless(item), _names(before[new_id])
        if new_id != item.id:
            renamed[item.id] = new_id
        if new_id != item.id or names:
            item = Item(new_id, {**item.properties, "id": new_id, **names}, item.shape)
        out.append(item)
    return out, renamed


def _nameless(item: Item) -> Item:
    return Item(item.id, {k: v for k, v in item.properties.items() if k not in _NAMES}, item.shape)


def _names(item: Item) -> dict[str, Any]:
    return {k: item.properties[k] for k in _NAMES if item.properties.get(k) is not None}


def _free(wanted: str, taken: set[str]) -> str:
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def _joined(old: Item, new: Item, base: Imported | None) -> tuple[Item, tuple[str, ...]]:
    """Return the feature with the user's edits kept, and the fields in which the file says otherwise than the user."""
    was, now = old.marks(), new.marks()
    marks = base.marks if base is not None else {}
    properties: dict[str, Any] = {}
    kept: list[str] = []
    for name in dict.fromkeys([*new.properties, *old.properties]):
        if _edited(name, was, marks):
            if old.properties.get(name) is not None:
                properties[name] = old.properties[name]
            if now.get(name) not in (was.get(name), marks.get(name)):
                kept.append(name)
        elif new.properties.get(name) is not None:
            properties[name] = new.properties[name]
    drawn = new.shape
    if _edited(GEOMETRY, was, marks):
        drawn = old.shape
        if now.get(GEOMETRY) not in (was.get(GEOMETRY), marks.get(GEOMETRY)):
            kept.append(GEOMETRY)
    elif now.get(GEOMETRY) == was.get(GEOMETRY):
        drawn = old.shape
    return Item(new.id, properties, drawn), tuple(kept)


def _edited(name: str, was: Mapping[str, str], marks: Mapping[str, str]) -> bool:
    return was.get(name) != marks.get(name)


def _compared(old: Item, new: Item, kept: tuple[str, ...]) -> list[Difference]:
    was, now = old.marks(), new.marks()
    out = []
    changed = tuple(sorted(k for k in {*was, *now} - {GEOMETRY} if was.get(k) != now.get(k)))
    if was.get(GEOMETRY) != now.get(GEOMETRY):
        out.append(Difference(new.id, "moved", (), _apart_m(old, new)))
    if changed:
        out.append(Difference(new.id, "changed", changed))
    if kept:
        out.append(Difference(new.id, "kept", kept))
    return out


def _apart_m(old: Item, new: Item) -> float | None:
    """Return how far apart the centres of two shapes are on the ellipsoid [m]."""
    from pyproj import Geod

    if old.shape is None or new.shape is None or old.shape.is_empty or new.shape.is_empty:
        return None
    a, b = shapely.centroid(old.shape), shapely.centroid(new.shape)
    return round(float(Geod(ellps="WGS84").inv(a.x, a.y, b.x, b.y)[2]), 2)
