"""Where the table begins on a sheet, and which of its columns is which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civdef.intake.registers.columns import Table, plain
from civdef.intake.registers.values import text_of
from civdef.intake.sheet import Cell, Sheet

SEARCHED_ROWS = 30
"""A heading further down is not looked for: titles and notes above a table are shorter than that."""

_BRACKETS = re.compile(r"[（(\[【][^）)\]】]{0,80}[）)\]】]\s*$")


@dataclass(frozen=True)
class Header:
    """The heading of a table on a sheet.

    Attributes
    ----------
    first, last
        Rows of the heading, 0-based, both included.
    titles
        Heading of each column, as written; of two rows, joined by a space.
    fields
        Field of the table → column, 0-based.
    """

    first: int
    last: int
    titles: tuple[str, ...]
    fields: Mapping[str, int]

    @property
    def unused(self) -> list[str]:
        """Headings of the columns that no field takes."""
        used = set(self.fields.values())
        return [t for i, t in enumerate(self.titles) if t and i not in used]


def find_header(sheet: Sheet, table: Table, mapping: Mapping[str, str]) -> Header | None:
    """Return the heading that names most fields of `table`; None where no row looks like one.

    Title rows above it are passed over; a heading of two rows, the upper one grouping columns of the lower one, is
    read as one.

    Parameters
    ----------
    mapping
        Field → heading, as the user said it; goes before what is guessed.
    """
    best: tuple[int, Header] | None = None
    for at in range(min(SEARCHED_ROWS, len(sheet.rows))):
        upper = _texts(sheet, at)
        if sum(bool(t) for t in upper) == 0:
            continue
        variants = [_single(t) for t in upper]
        best = _better(best, Header(at, at, tuple(upper), _match(variants, upper, table, mapping)))
        if at + 1 < len(sheet.rows) and _groups(sheet, at):
            joined, double = _double(sheet, at)
            best = _better(best, Header(at, at + 1, tuple(joined), _match(double, joined, table, mapping)))
    if best is None:
        return None
    found = set(best[1].fields)
    required = {c.field for c in table.columns if c.required}
    return best[1] if best[0] >= 2 or found & required or (mapping and found) else None


def _better(best: tuple[int, Header] | None, header: Header) -> tuple[int, Header] | None:
    score = len(header.fields)
    return (score, header) if score > (best[0] if best else 0) else best


def _texts(sheet: Sheet, row: int) -> list[str]:
    return [re.sub(r"\s+", " ", text_of(cell)) for cell in sheet.rows[row]]


def _single(title: str) -> list[str]:
    """Return the plain forms of a heading: whole, then without a unit in brackets."""
    forms = [plain(title), plain(_BRACKETS.sub("", title))]
    return [f for f in dict.fromkeys(forms) if f]


def _groups(sheet: Sheet, at: int) -> bool:
    """Whether row `at` may be the upper row of a heading: it groups columns, and the row below holds words only."""
    lower = [c for c in sheet.rows[at + 1] if c not in (None, "")]
    if not lower or any(not isinstance(c, str) or re.search(r"\d{3}", c) for c in lower):
        return False
    width = max(len(sheet.rows[at]), len(sheet.rows[at + 1]))
    merged = any(r0 <= at <= r1 and c1 > c0 and c1 - c0 + 1 < width for r0, c0, r1, c1 in sheet.merges)
    gaps = [c for c in range(width) if not _at(sheet.rows[at], c) and _at(sheet.rows[at + 1], c)]
    return merged or bool(gaps)


def _double(sheet: Sheet, at: int) -> tuple[list[str], list[list[str]]]:
    """Return the titles of a heading of two rows, and the plain forms under which each is looked for."""
    upper, lower = _texts(sheet, at), _texts(sheet, at + 1)
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    last = ""
    titles: list[str] = []
    variants: list[list[str]] = []
    for top, bottom in zip(upper, lower, strict=True):
        group = top or (last if bottom else "")
        last = group or last
        title = f"{group} {bottom}".strip()
        titles.append(title)
        forms = [*_single(title), *(_single(bottom) if bottom else [])]
        variants.append(list(dict.fromkeys(forms)))
    return titles, variants


def _match(
    variants: Sequence[Sequence[str]], titles: Sequence[str], table: Table, mapping: Mapping[str, str]
) -> dict[str, int]:
    fields: dict[str, int] = {}
    used: set[int] = set()
    for field, wanted in mapping.items():
        at = next((i for i, t in enumerate(titles) if t == wanted), None)
        if at is None:
            at = next((i for i, v in enumerate(variants) if plain(wanted) in v), None)
        if at is not None:
            fields[field] = at
            used.add(at)
    for column in table.columns:
        if column.field in mapping:
            continue
        for heading in column.headings:
            at = next((i for i, v in enumerate(variants) if i not in used and heading in v), None)
            if at is not None:
                fields[column.field] = at
                used.add(at)
                break
    return fields


def _at(row: Sequence[Cell], column: int) -> str:
    return text_of(row[column]) if column < len(row) else ""
