"""A sheet of a workbook, or a CSV file, as it was read: nothing interpreted yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
"""What a cell may hold; numbers of a workbook are floats, text of a CSV file is always text."""


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    source
        File name and, of a workbook with several, the sheet: for messages and reports.
    rows
        Cells, row by row; rows may differ in length. Row 0 is row 1 of the sheet.
    merges
        Merged ranges as (first row, first column, last row, last column), 0-based, both ends included. Only the first
        cell of a range holds a value.
    """

    source: str
    rows: Sequence[Sequence[Cell]]
    merges: Sequence[tuple[int, int, int, int]] = field(default=())
