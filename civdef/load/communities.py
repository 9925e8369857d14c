"""The placeholder for all communities goes once real ones are there, and what referred to it moves along."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.osm.communities import WHOLE
from civdef.intake.reimport.items import Item
from civdef.load.imported import read_items
from civdef.load.lock import lock_file, lock_text, read_lock
from civdef.load.write_layer import layer_text
from civdef.text import Text

COMMUNITIES = "maps/communities.geojson"

REPLACED = Text(
    "“全部范围（社区未划定）”已由导入的社区代替，原先属于它的场所改按位置归入各社区",
    "the placeholder community for the whole area is gone, now that there are real ones; what was in it went to the"
    " community where it lies",
)


def without_placeholder(
    root: Path, known: Mapping[str, BaseGeometry], keep: Collection[str]
) -> dict[Path, bytes]:
    """Return the files of the workspace at `root` without the placeholder: path → content.

    Parameters
    ----------
    known
        Real communities, id → area in WGS84.
    keep
        Layers that are written anew anyway.
    """
    files: dict[Path, bytes] = {}
    ids = list(known)
    tree = shapely.STRtree([known[c] for c in ids])
    for path in sorted((root / "maps").rglob("*.geojson")):
        name = path.relative_to(root).as_posix()
        items = read_items(path)
        if name == COMMUNITIES:
            files[path] = _text([i for i in items if i.id != WHOLE])
        elif name not in keep and any(i.properties.get("community") == WHOLE for i in items):
            files[path] = _text([_moved(i, ids, tree) for i in items])
    remembered = read_lock(root, COMMUNITIES)
    if remembered is not None:
        left = {c: m for c, m in remembered.items() if c != WHOLE}
        files[root / lock_file(COMMUNITIES)] = lock_text(left).encode()
    return files


def _moved(item: Item, ids: list[str], tree: shapely.STRtree) -> Item:
    """Return an item in the community where it lies; in none where it lies in none."""
    if item.properties.get("community") != WHOLE or item.shape is None:
        return item
    found = tree.query(item.shape.representative_point(), predicate="intersects")
    properties = {k: v for k, v in item.properties.items() if k != "community"}
    return replace(item, properties=properties | ({"community": ids[int(min(found))]} if len(found) else {}))


def _text(items: list[Item]) -> bytes:
    return layer_text(
        [({**i.properties, "id": i.id}, i.shape) for i in items if i.shape is not None]
    ).encode()
