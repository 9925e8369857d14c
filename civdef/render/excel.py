"""Opening an Excel workbook to write: text stays text, and the same content gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from civdef.errors import UsageError, installing
from civdef.text import Text

if TYPE_CHECKING:
    from xlsxwriter import Workbook

FONT = {"font_name": "Microsoft YaHei", "font_size": 10}

_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Excel wants a date of creation; one that does not change keeps the bytes the same."""


def check_excel() -> None:
    """Refuse at once what would end in a workbook that cannot be written, rather than after the work.

    Raises
    ------
    UsageError
        If the library that writes Excel is not installed.
    """
    try:
        import xlsxwriter  # noqa: F401
    except ImportError as error:
        raise UsageError(
            Text("写出 Excel 需要安装附加组件", "Writing Excel needs an extra"), hint=installing("office")
        ) from error


def excel_book(out: io.BytesIO, comments: str | None = None) -> Workbook:
    """Return a workbook that is written to `out` when it is closed; no text becomes a formula, a link or a number.

    Raises
    ------
    UsageError
        If the library that writes Excel is not installed.
    """
    check_excel()
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _CREATED, **({"comments": comments} if comments else {})})
    return book
