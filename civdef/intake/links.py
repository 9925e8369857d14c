"""Networks given as two tables, of links between numbered nodes and of the places of the nodes → lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake.fields import Fields
from civdef.intake.guess import guess
from civdef.intake.raw import RawTable
from civdef.text import Text, listing

ENDS: dict[str, tuple[str, ...]] = {
    "from": ("from", "start", "from_node", "start_node", "a_node", "fnode", "source", "u", "起点", "起始节点", "起点编号"),
    "to": ("to", "end", "to_node", "end_node", "b_node", "tnode", "target", "v", "终点", "终止节点", "终点编号"),
}  # fmt: skip
"""Names of the columns of a link table that name its ends."""

NODE = ("id", "name", "node", "node_id", "osmid", "节点", "节点编号", "编号")


def is_links(raw: RawTable, given: Mapping[str, str]) -> bool:
    """Whether a table without coordinates lists links between nodes."""
    return not raw.placed and set(_ends(raw, given)) == {"from", "to"}


def drawn(links: RawTable, nodes: RawTable, given: Mapping[str, str]) -> RawTable:
    """Return the links as straight lines between their nodes; a link to an unknown node has no shape.

    Parameters
    ----------
    nodes
        Table of nodes, with a point each.
    given
        ``from`` and ``to`` → columns that the user named.

    Raises
    ------
    ImportRefusedError
        If the tables do not belong together.
    """
    ends = _ends(links, given)
    places = {_key(r): s for r, s in zip(_numbers(nodes), nodes.shapes, strict=True) if s is not None}
    fields = Fields(ends, {})
    shapes: list[BaseGeometry | None] = []
    for row in links.rows:
        a, b = places.get(_key(fields.get(row, "from"))), places.get(_key(fields.get(row, "to")))
        shapes.append(shapely.LineString([a, b]) if a is not None and b is not None else None)
    if shapes and not any(s is not None for s in shapes):
        raise ImportRefusedError(
            Text(
                "{l} 的起止节点在 {n} 里一个也找不到", "No end of {l} is found among the nodes of {n}"
            ).format(l=links.source, n=nodes.source),
            hint=Text("节点表的列：{c}", "Columns of the nodes: {c}").format(c=listing(nodes.columns, 20)),
        )
    notes = (
        *links.notes,
        *nodes.notes,
        Text(
            "路段按节点间直线画出，曲线和立交不可见；长度以图上为准",
            "links are drawn straight from node to node: bends and levels are not known, lengths are those on the map",
        ),
    )
    return replace(links, shapes=shapes, placed=True, notes=notes)


def _ends(raw: RawTable, given: Mapping[str, str]) -> dict[str, str]:
    own = {f: c for f, c in given.items() if f in ENDS}
    return {**guess(raw.columns, ENDS, own), **{f: f for f in ENDS if f in raw.columns}, **own}


def _numbers(nodes: RawTable) -> list[Any]:
    column = next((c for n in NODE for c in nodes.columns if c.casefold() == n), nodes.columns[0])
    return [r.get(column) for r in nodes.rows]


def _key(value: Any) -> str:
    return str(value).strip().removesuffix(".0") if value is not None else ""
