"""Tables whose columns hold coordinates: CSV and Excel workbooks. Cells stay text, so that no leading zero is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from civdef.errors import ImportRefusedError, installing
from civdef.intake.raw import RawTable
from civdef.load.encodings import read_text
from civdef.load.sources._limits import MAX_ROWS, bytes_of, unreadable
from civdef.load.sources._names import distinct
from civdef.load.sources._vector import choose
from civdef.load.sources._workbook import look_inside
from civdef.text import Text

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")

_KIND = Text("表格", "table")
_QUOTED = re.compile(r'"[^"]*"')
MAX_COLUMNS = 16_384
"""What a sheet of Excel can have."""
LONGEST_NAME = 200
"""Letters of a heading that are kept; a longer one is no name."""
SEARCHED_ROWS = 20
"""A heading further down is not looked for: titles above a table are shorter than that."""


def read(path: Path, layer: str | None, encoding: str | None) -> RawTable:
    """Return the rows below the heading, each with its row in the file; the heading may stand below a title.

    Raises
    ------
    ImportRefusedError
        If the file is damaged or has no heading.
    """
    notes: tuple[Text, ...] = ()
    source = path.name
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        text, reading = read_text(bytes_of(path), encoding, path.name)
        notes = (reading.note,) if reading.note else ()
        cells = _lines(text, path)
    else:
        name, cells = _sheet(path, layer)
        source = f"{path.name}:{name}" if layer is not None else path.name
    header = _header(cells)
    if header is None:
        raise unreadable(path, Text("没有表头", "it has no heading"), _KIND)
    if len(cells[header][1]) > MAX_COLUMNS:
        raise unreadable(path, Text("列数过多", "too many columns"), _KIND)
    columns = _names(cells[header][1])
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for number, values in cells[header + 1 :]:
        if any(v not in (None, "") for v in values):
            padded = [*values, *[None] * (len(columns) - len(values))]
            rows.append({c: v for c, v in zip(columns, padded, strict=False) if c})
            numbers.append(number)
    if len(rows) > MAX_ROWS:
        raise unreadable(path, Text("行数过多", "too many rows"), _KIND)
    return RawTable(
        source,
        None,
        tuple(c for c in columns if c),
        rows,
        [None] * len(rows),
        placed=False,
        numbers=numbers,
        notes=notes,
    )


def _lines(text: str, path: Path) -> list[tuple[int, Sequence[Any]]]:
    """Return line number and cells of every line that is not empty."""
    if "\x00" in text:
        raise unreadable(path, Text("含有空字节", "it holds null bytes"), _KIND)
    head = [_QUOTED.sub("", line) for line in text[:20_000].splitlines()]
    first = max(head[:SEARCHED_ROWS], key=lambda line: max(line.count(d) for d in ",\t;|"), default="")
    delimiter = max(",\t;|", key=first.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    out: list[tuple[int, Sequence[Any]]] = []
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                out.append((reader.line_num, [c.strip() or None for c in cells]))
    except csv.Error as error:
        raise unreadable(
            path, Text("第 {n} 行不是 CSV", "line {n} is no CSV").format(n=reader.line_num), _KIND
        ) from error
    return out


def _sheet(path: Path, layer: str | None) -> tuple[str, list[tuple[int, Sequence[Any]]]]:
    """Return the name of a sheet, and row number and cells of every row that is not empty."""
    try:
        import python_calamine
    except ImportError as error:
        raise ImportRefusedError(
            Text("读取 Excel 需要安装附加组件", "Reading Excel needs an extra"),
            hint=installing("office", Text("把表另存为 CSV", "save the sheet as CSV")),
        ) from error
    data = bytes_of(path, 100_000_000)
    look_inside(data, path.name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        filled = [n for n in names if book.get_sheet_by_name(n).height > 1]
        name = choose(path.name, names if layer is not None else filled or names, layer)
        sheet = book.get_sheet_by_name(name)
        start = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=True)
    except ImportRefusedError:
        raise
    except Exception as error:  # calamine has a class of error for each format, and panics are exceptions too
        raise unreadable(path, str(error)[:120], Text("Excel 工作簿", "workbook")) from error
    out: list[tuple[int, Sequence[Any]]] = []
    for number, cells in enumerate(rows, start=start + 1):
        values = [_value(c) for c in cells]
        if any(v is not None for v in values):
            out.append((number, values))
    return name, out


def _value(cell: Any) -> Any:
    """Return a cell without losing anything: whole floats as whole numbers, dates as text, empty cells as None."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, dt.date | dt.datetime | dt.time):
        return cell.isoformat()
    return cell


def _header(cells: Sequence[tuple[int, Sequence[Any]]]) -> int | None:
    """Return which of the rows is the heading: the first that is as wide as the widest of the first rows, all words."""
    near = cells[:SEARCHED_ROWS]
    widest = max((sum(v is not None for v in row) for _, row in near), default=0)
    for at, (_, row) in enumerate(near):
        words = [v for v in row if isinstance(v, str) and not _is_number(v)]
        filled = sum(v is not None for v in row)
        if filled >= max(2, 0.6 * widest) and len(words) >= 0.8 * filled:
            return at
    return 0 if widest == 1 else None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _names(cells: Sequence[Any]) -> list[str]:
    """Return the names of the columns, none twice; empty for a column without heading."""
    names = ("" if c is None else " ".join(str(c)[:LONGEST_NAME].split()) for c in cells)
    return distinct(names, keep_empty=True)
