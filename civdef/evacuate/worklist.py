"""A work list as plain rows.

Whoever prints it — console, workbook, paper — chooses the form; the words and their order are the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from civdef.text import Text


@dataclass(frozen=True)
class WorkList:
    """A table for those who do the work.

    Attributes
    ----------
    of
        Id of the vehicle, community, place or column it belongs to; None: the whole street.
    title, columns, rows
        Cells are texts, numbers, or None for nothing.
    numbers
        Columns that hold numbers or times, set to the right and never broken over two lines.
    """

    of: str | None
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[object, ...], ...]
    numbers: tuple[int, ...] = ()
