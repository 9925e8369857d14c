"""What a register says of the four bounds of a community → the names on each side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

SIDES = ("east", "south", "west", "north")
"""In the order in which Chinese documents give them."""

_SIDE_OF = {"东": "east", "南": "south", "西": "west", "北": "north"} | {s: s for s in SIDES}
_BETWEEN = re.compile(r"[,，;；。、\n\r/]+|\s+and\s+|(?<=[路街道巷河江湖侧线])[和与及]")
_BREAK = re.compile(r"[,，;；。、\n\r]+")
_DIRECTION = re.compile(
    r"\s*(?:([东南西北])(?:[侧面边部]?[至到起邻临靠接以][:：]?|[侧面边部]?[:：]|[侧面边部])|(east|south|west|north)\b\s*(?:to\b|side\b|:|of\b)?\s*:?)\s*",
    re.IGNORECASE,
)
_MIDDLE = re.compile(r"(?:的?(?:道路)?(?:中心线|中轴线|中线|中央|中心)|(?<=[路街道巷])路?中)$")
_EDGE = re.compile(
    r"(?:为界|为止|一线|沿线|[内外][侧缘]|边线|边界|红线|岸线|(?<=[河湖江海])岸|[东南西北][侧岸])$"
)
_BEFORE = re.compile(
    r"^(?:the\s+)?(?:middle|centre ?line|center ?line|centre|center)\s+of\s+(?:the\s+)?", re.IGNORECASE
)


def parse_text(text: str) -> dict[str, str]:
    """Return side → what is said of it, of a text like 东至A路中心线、南至B街，西至C路，北至D河.

    A piece without a direction of its own goes on with the side before it (东至A路、E路). A street whose name begins
    with a direction (东风路) is not taken for one: a direction is followed by 至, 到, 邻 and the like, or a colon.
    """
    found: dict[str, list[str]] = {}
    side: str | None = None
    for piece in _BREAK.split(unicodedata.normalize("NFC", text)):
        match = _DIRECTION.match(piece)
        name = (match[1] or match[2].lower()) if match else None
        if match and name is not None and _SIDE_OF[name] not in found:
            side = _SIDE_OF[name]
            piece = piece[match.end() :]
            found[side] = []
        if side is not None and piece.strip():
            found[side].append(piece.strip())
    return {s: "、".join(found[s]) for s in SIDES if found.get(s)}


def names_of(cell: str) -> list[list[str]]:
    """Return the names on one side, each as the ways in which it may be meant, the most literal first.

    北清路中心线 gives 北清路中心线 and 北清路: a name that is on the map as it stands wins.
    """
    return [tried for part in _BETWEEN.split(cell) if (tried := _ways(part))]


def sides_of(row: Mapping[str, str | None]) -> dict[str, str]:
    """Return side → what is said of it, of a row with a column for each side, or one with a text of all (``bounds``)."""
    found = parse_text(row.get("bounds") or "")
    for side in SIDES:
        cell = row.get(side)
        if cell:
            found[side] = parse_text(cell).get(side) or cell
    return {s: found[s] for s in SIDES if found.get(s)}


def _ways(part: str) -> list[str]:
    name = " ".join(unicodedata.normalize("NFKC", part).split())
    out = [name] if name else []
    while True:
        shorter = _BEFORE.sub("", _EDGE.sub("", _MIDDLE.sub("", name))).strip()
        if shorter in (name, ""):
            return out
        name = shorter
        out.append(name)
