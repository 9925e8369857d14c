"""Work lists as Excel workbooks that print on A4: landscape, heading repeated, pages numbered; every cell plain text or number."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civdef.render.excel import FONT, excel_book
from civdef.text import Lang

_TITLE_LONGEST = 31
"""Longest name of a sheet that Excel allows [characters]."""


@dataclass(frozen=True)
class Column:
    """A column of a work list.

    Attributes
    ----------
    title
        Heading.
    width
        Width [characters of Latin text].
    number
        Whether it holds numbers, set to the right.
    centred
        Whether its text is set in the middle, e.g. times.
    """

    title: str
    width: float
    number: bool = False
    centred: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, facts under it, a table.

    Attributes
    ----------
    name
        Name of the sheet; cut and made unique.
    title
        Printed on top.
    facts
        Lines under the title.
    columns, rows
        The table.
    """

    name: str
    title: str
    facts: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int | float | None]]


def workbook(sheets: Sequence[Sheet], lang: Lang, mark: str) -> bytes:
    """Return a workbook, the same bytes for the same sheets.

    Parameters
    ----------
    sheets
        At least one.
    lang
        Language of page numbers.
    mark
        Who it is for, printed at the head of every page.

    Raises
    ------
    UsageError
        If the library that writes Excel is not installed.
    """
    out = io.BytesIO()
    with excel_book(out) as book:
        styles = _styles(book)
        taken: set[str] = set()
        for sheet in sheets:
            _write(book.add_worksheet(sheet_name(sheet.name, taken)), sheet, styles, lang, mark)
    return out.getvalue()


def workbooks(folder: Path, books: Mapping[str, Sequence[Sheet]], lang: Lang, mark: str) -> dict[Path, bytes]:
    """Return the files of several workbooks by name; one without sheets is left out. Raises as :func:`workbook`."""
    return {folder / name: workbook(sheets, lang, mark) for name, sheets in books.items() if sheets}


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel takes for a sheet and that is not taken yet, and take it."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip().strip("'").strip() or "–"
    if clean.casefold() in ("history",):
        clean += " "
    name, k = clean[:_TITLE_LONGEST].strip(), 1
    while name.casefold() in taken:
        k += 1
        tail = f" {k}"
        name = clean[: _TITLE_LONGEST - len(tail)].strip() + tail
    taken.add(name.casefold())
    return name


def _styles(book: Any) -> dict[str, Any]:
    def style(**more: Any) -> Any:
        return book.add_format({**FONT, "valign": "vcenter", **more})

    line = {"border": 1, "border_color": "#A59D90"}
    return {
        "title": style(bold=True, font_size=15),
        "fact": style(font_color="#4A463F"),
        "head": style(bold=True, bg_color="#EFE6D8", text_wrap=True, align="center", **line),
        "text": style(text_wrap=True, indent=1, **line),
        "centred": style(align="center", text_wrap=True, **line),
        "number": style(num_format="#,##0", align="right", indent=1, **line),
        "decimal": style(num_format="#,##0.0", align="right", indent=1, **line),
    }


def _write(page: Any, sheet: Sheet, styles: dict[str, Any], lang: Lang, mark: str) -> None:
    last = len(sheet.columns) - 1
    page.write_string(0, 0, sheet.title, styles["title"])
    page.set_row(0, 26)
    for k, fact in enumerate(sheet.facts, start=1):
        page.write_string(k, 0, fact, styles["fact"])
    top = len(sheet.facts) + 1
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(top, at, column.title, styles["head"])
    page.set_row(top, 32)
    for k, row in enumerate(sheet.rows, start=top + 1):
        lines = 1
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if isinstance(value, (int, float)):
                page.write_number(k, at, value, styles["number" if isinstance(value, int) else "decimal"])
                continue
            text = value or ""
            page.write_string(k, at, text, styles["centred" if column.centred else "text"])
            lines = max(lines, -(-cells(text) // max(int(column.width) - 3, 1)))
        page.set_row(k, 15.0 * lines + 4)
    page.freeze_panes(top + 1, 2 if last >= 2 else 0)
    if sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), last)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.center_horizontally()
    page.set_header(f"&L&9{_safe(sheet.title)}&R&9{_safe(mark)}")
    page.set_footer("&C&9第 &P 页，共 &N 页" if lang == "zh" else "&C&9page &P of &N")


def _safe(text: str) -> str:
    """Return text for a page header, where ``&`` begins a command and 255 characters are the most."""
    return text[:90].replace("&", "&&")


def cells(text: str) -> int:
    """Return how wide text is, Chinese counted double [characters of Latin text]."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
