"""References rewritten in the text of a file: everything else of it, comments and layout too, stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ID = re.compile(r"(?<![A-Za-z0-9./_-])community/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_ITEM = r"""(?:"community/[a-z0-9.-]+"|'community/[a-z0-9.-]+'|community/[a-z0-9.-]+)"""
_FLOW = re.compile(rf"\[\s*{_ITEM}(?:\s*,\s*{_ITEM})+\s*,?\s*\]")
_CELLS = re.compile(r"community/[a-z0-9.-]+(?:\s*;\s*community/[a-z0-9.-]+)+")
_BLOCK = re.compile(r"^(\s*-\s+)(['\"]?)(community/[a-z0-9.-]+)\2\s*(?:#.*)?$")


@dataclass(frozen=True)
class Replaced:
    """One place of a file.

    Attributes
    ----------
    what
        ``id``, ``code``, ``name``, or ``mention``: a name in a text that was left as it is.
    """

    line: int
    what: str
    before: str
    after: str


def rewrite(
    text: str,
    ids: Mapping[str, str],
    codes: Mapping[str, str],
    names: Mapping[str, str],
    *,
    change_names: bool,
    joined: frozenset[str] = frozenset(),
) -> tuple[str, list[Replaced]]:
    """Return a text with its references rewritten, all at once, and every place.

    Parameters
    ----------
    ids, codes, names
        Old → new. A code stands alone among digits; a name anywhere.
    change_names
        Whether names are rewritten; otherwise each is told as a mention.
    joined
        Ids that several become: lists that name one twice then are shortened.
    """
    out: list[Replaced] = []
    made, last = [], 0
    spots = sorted(_spots(text, ids, codes, names))
    line, at = 1, 0
    for start, end, what, after in spots:
        if start < last:
            continue
        line += text.count("\n", at, start)
        at = start
        before = text[start:end]
        if what == "name" and not change_names:
            out.append(Replaced(line, "mention", before, after))
            continue
        out.append(Replaced(line, what, before, after))
        made += [text[last:start], after]
        last = end
    new = "".join([*made, text[last:]])
    return (_without_repeats(new, joined) if joined else new), out


def ids_of(text: str) -> set[str]:
    """Return the ids of communities that stand in a text."""
    return set(_ID.findall(text))


def _spots(
    text: str, ids: Mapping[str, str], codes: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[tuple[int, int, str, str]]:
    if ids:
        for found in _ID.finditer(text):
            if found[0] in ids:
                yield found.start(), found.end(), "id", ids[found[0]]
    if codes:
        for found in re.finditer(r"(?<![\d.])(?:\d{12}|\d{9})(?![\d.])", text):
            if found[0] in codes:
                yield found.start(), found.end(), "code", codes[found[0]]
    if names:
        # The longest name first: of 东港 and 东港新 the latter is meant where it stands.
        words = "|".join(re.escape(n) for n in sorted(names, key=lambda n: (-len(n), n)))
        for found in re.finditer(words, text):
            yield found.start(), found.end(), "name", names[found[0]]


def _without_repeats(text: str, joined: frozenset[str]) -> str:
    """Return a text whose lists name no joined community twice."""

    def flow(found: re.Match[str]) -> str:
        items = [i.strip() for i in found[0][1:-1].split(",") if i.strip()]
        kept = _first(items, joined)
        return found[0] if len(kept) == len(items) else f"[{', '.join(kept)}]"

    def cells(found: re.Match[str]) -> str:
        items = [i.strip() for i in found[0].split(";")]
        kept = _first(items, joined)
        return found[0] if len(kept) == len(items) else ";".join(kept)

    return _blocks(_CELLS.sub(cells, _FLOW.sub(flow, text)), joined)


def _first(items: list[str], joined: frozenset[str]) -> list[str]:
    seen: set[str] = set()
    kept = []
    for item in items:
        plain = item.strip("'\"")
        if plain in joined and plain in seen:
            continue
        seen.add(plain)
        kept.append(item)
    return kept


def _blocks(text: str, joined: frozenset[str]) -> str:
    """Shorten YAML lists of one id a line."""
    kept: list[str] = []
    seen: set[str] = set()
    before = ""
    for line in text.split("\n"):
        item = _BLOCK.match(line.rstrip("\r"))
        if item is None:
            seen, before = set(), ""
        else:
            if item[1] != before:
                seen, before = set(), item[1]
            if item[3] in joined and item[3] in seen:
                continue
            seen.add(item[3])
        kept.append(line)
    return "\n".join(kept)
