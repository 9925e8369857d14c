"""Tables as Excel workbooks that people fill in and civdef reads back without losing a character."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civdef.intake.registers.columns import Column, Kind, Table
from civdef.intake.registers.lookup import Lookup
from civdef.render.excel import FONT, excel_book
from civdef.text import Lang, Text

NOTES = Text("填表说明", "Notes")
LISTS = Text("选项", "Lists")
SPARE_ROWS = 1000
"""Rows below the last one that have drop-down lists and formats too, for what people add."""

_WIDTH = (8, 44)


@dataclass(frozen=True)
class Content:
    """One table and its rows as the workspace has them (column → text)."""

    table: Table
    rows: Sequence[Mapping[str, str]]


@dataclass
class _Book:
    """A workbook in the making."""

    made: Any
    lang: Lang
    lookup: Lookup
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)
    list_sheet: Any = None

    def style(self, **more: Any) -> Any:
        return self.made.add_format({**FONT, "valign": "top", **more})


def workbook(contents: Sequence[Content], lookup: Lookup, lang: Lang) -> bytes:
    """Return a workbook: one sheet a table with drop-down lists, and a sheet that explains every column.

    Ids, telephones and other text are cells of text, so that no leading zero is lost and nothing becomes a formula.
    References are written ``name [id]``.

    Raises
    ------
    UsageError
        If the library that writes Excel is not installed.
    """
    out = io.BytesIO()
    with excel_book(out, "civdef export") as made:
        book = _Book(made, lang, lookup)
        sheets = [(made.add_worksheet(c.table.title.in_(lang)), c) for c in contents]
        _notes(book, contents)
        for sheet, content in sheets:
            _table(book, sheet, content)
    return out.getvalue()


def _table(book: _Book, sheet: Any, content: Content) -> None:
    columns = content.table.stored
    styles = {
        "text": book.style(num_format="@"),
        "number": book.style(align="right", indent=1),
        "date": book.style(num_format="yyyy-mm-dd", align="center"),
    }
    heads = {
        True: book.style(
            bold=True, bg_color="#1F4E78", font_color="#FFFFFF", border=1, text_wrap=True, valign="vcenter"
        ),
        False: book.style(bold=True, bg_color="#DDEBF7", border=1, text_wrap=True, valign="vcenter"),
    }
    last = max(len(content.rows), 1)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, _frozen(columns))
    sheet.autofilter(0, 0, last, len(columns) - 1)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.title.in_(book.lang), heads[column.required])
        shown = [_shown(column, row.get(column.field, ""), book) for row in content.rows]
        sheet.set_column(at, at, _width(column.title.in_(book.lang), shown), styles[_style(column)])
        for number, (row, text) in enumerate(zip(content.rows, shown, strict=True), start=1):
            _write(sheet, number, at, column, row.get(column.field, ""), text, styles)
        _guide(book, sheet, at, column, last + SPARE_ROWS)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")


def _frozen(columns: Sequence[Column]) -> int:
    return 2 if columns[1].kind in (Kind.NAME, Kind.TEXT) and columns[0].kind is Kind.ID else 1


def _style(column: Column) -> str:
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return "number"
    return "date" if column.kind is Kind.DATE else "text"


def _write(
    sheet: Any, row: int, at: int, column: Column, value: str, shown: str, styles: Mapping[str, Any]
) -> None:
    if not value:
        return
    if column.kind in (Kind.WHOLE, Kind.NUMBER) and _is_plain_number(value):
        sheet.write_number(row, at, float(value), styles["number"])
    elif column.kind is Kind.DATE and (day := _day(value)) is not None:
        sheet.write_datetime(row, at, day, styles["date"])
    else:
        sheet.write_string(row, at, shown, styles["text"])


def _is_plain_number(value: str) -> bool:
    """Whether a number comes back from a spreadsheet exactly as it is written here."""
    if not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,9})?", value):
        return False
    number = float(value)
    return value == (str(int(number)) if number == int(number) else repr(number))


def _day(value: str) -> dt.datetime | None:
    """Return a date that spreadsheets can hold; those before March 1900 differ between programs."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        day = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year > 1954 and day.year < 2119 else None


def _shown(column: Column, value: str, book: _Book) -> str:
    """Return what a cell shows."""
    if not value:
        return ""
    if column.kind is Kind.REF:
        return book.lookup.label(value)
    if column.kind is Kind.CHOICE:
        label = column.labels.get(value)
        return label.in_(book.lang) if label else value
    if column.kind is Kind.LIST:
        parts = [v.strip() for v in value.split(";") if v.strip()]
        labels = [column.labels[p].in_(book.lang) if p in column.labels else p for p in parts]
        between = "；" if book.lang == "zh" else "; "
        joined = between.join(labels)
        return joined + between.strip() if len(labels) == 1 and re.search(r"[、，,/\n]", joined) else joined
    return value


def _width(title: str, shown: Sequence[str]) -> float:
    """Return a width that shows nearly every cell whole [characters]."""
    widths = sorted(_cells(text) for text in shown)
    usual = widths[int(0.98 * (len(widths) - 1))] if widths else 0
    return min(max(usual, min(_cells(title), 16), _WIDTH[0]), _WIDTH[1]) + 2.0


def _cells(text: str) -> int:
    return max(
        (
            sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            for line in text.splitlines()
        ),
        default=0,
    )


def _guide(book: _Book, sheet: Any, at: int, column: Column, last: int) -> None:
    """Give the cells of a column their drop-down list, and the note that shows when one is chosen."""
    note = {
        "input_title": column.title.in_(book.lang)[:32],
        "input_message": column.note.in_(book.lang)[:255],
    }
    items: tuple[str, ...] = ()
    if column.kind in (Kind.CHOICE, Kind.LIST):
        items = tuple(c.label.in_(book.lang) for c in column.choices)
    elif column.kind is Kind.REF:
        items = tuple(book.lookup.labels(column.refs))
    if items:
        strict = column.kind is Kind.CHOICE and not column.open and column.other is None
        rule: dict[str, Any] = {
            "validate": "list",
            "source": _list(book, items),
            "error_type": "stop" if strict else "information",
            "show_error": strict,
            "error_title": Text("不在列表中", "Not in the list").in_(book.lang),
            "error_message": Text("请从下拉列表中选择。", "Choose from the list.").in_(book.lang),
        }
    elif column.kind is Kind.WHOLE:
        least, most = column.low, column.high
        rule = {
            "validate": "integer",
            "criteria": "between",
            "minimum": int(least) if least is not None else 0,
            "maximum": int(most) if most is not None else 10_000_000,
            "error_type": "warning",
        }
    else:
        rule = {"validate": "any"}
    sheet.data_validation(1, at, last, at, {**rule, **note})


def _list(book: _Book, items: tuple[str, ...]) -> str:
    """Return the reference to a list, written once on a hidden sheet: lists in the rule itself may not be long."""
    if items not in book.lists:
        if book.list_sheet is None:
            book.list_sheet = book.made.add_worksheet(LISTS.in_(book.lang))
            book.list_sheet.hide()
        at = len(book.lists)
        for row, item in enumerate(items):
            book.list_sheet.write_string(row, at, item)
        letters = _letters(at)
        book.lists[items] = f"='{LISTS.in_(book.lang)}'!${letters}$1:${letters}${len(items)}"
    return book.lists[items]


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    name: str = xl_col_to_name(column)
    return name


def _notes(book: _Book, contents: Sequence[Content]) -> None:
    """Write the sheet that explains every column, in both languages."""
    sheet = book.made.add_worksheet(NOTES.in_(book.lang))
    title = book.style(bold=True, font_size=14)
    head = book.style(bold=True, bg_color="#DDEBF7", border=1, text_wrap=True)
    cell = book.style(border=1, text_wrap=True)
    for at, width in enumerate((20, 20, 22, 8, 46, 46, 40)):
        sheet.set_column(at, at, width)
    sheet.set_row(0, 24)
    sheet.write_string(0, 0, NOTES.zh + " · " + NOTES.en, title)
    for row, text in enumerate(_GENERAL, start=1):
        sheet.merge_range(row, 0, row, 6, f"{text.zh}\n{text.en}", book.style(text_wrap=True))
        sheet.set_row(row, 15.0 * sum(-(-_cells(part) // 190) for part in (text.zh, text.en)) + 2)
    row = len(_GENERAL) + 2
    for content in contents:
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, f"{content.table.title.zh} · {content.table.title.en}", title)
        row += 1
        for at, word in enumerate(_HEADS):
            sheet.write_string(row, at, word, head)
        row += 1
        for column in content.table.columns:
            words = [f"{c.label.zh} {c.label.en}" for c in column.choices]
            cells = (
                column.title.zh,
                column.title.en,
                column.field,
                "是 yes" if column.required else "",
                _kept(column).zh + column.note.zh,
                _kept(column).en + column.note.en,
                "、".join(words),
            )
            widths = (20, 20, 22, 8, 46, 46, 40)
            lines = max(-(-_cells(t) // (w - 2)) for t, w in zip(cells, widths, strict=True))
            for at, word in enumerate(cells):
                sheet.write_string(row, at, word, cell)
            sheet.set_row(row, 15.0 * max(1, lines) + 2)
            row += 1
        row += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _kept(column: Column) -> Text:
    if column.aid:
        return Text("（导入时可用，不保存）", "(May be imported, is not kept.) ")
    return Text("", "")


_HEADS = ("列名", "Column", "字段 field", "必填 required", "填写说明", "What to write", "可选值 values")
_GENERAL = (
    Text(
        "深色表头的列必须填写；选中单元格时显示填写提示，部分列有下拉列表。增减行、调整列的顺序都可以，列名不要改。",
        "Columns with a dark heading are needed. Rows may be added and columns moved; leave the headings as they are.",
    ),
    Text(
        "引用写成“名称 [编号]”，从下拉列表中选择；只写名称也可以，重名时须带编号。",
        "References are written “name [id]”: choose from the list, or write the name alone where it is not ambiguous.",
    ),
    Text(
        "编号列是 civdef 识别各行的依据：已有的不要改动，新增的留空。电话、编号按文本保存，不会丢失前面的 0。",
        "Ids are how rows are known again: leave them as they are, and empty in new rows. Telephones and ids are text.",
    ),
    Text(
        "不得填写公民身份号码：导入时一律删去。填好后运行 civdef import 表名 文件，逐行报告见 out/import-表名.csv。",
        "Never write identity numbers: they are taken out. Import with civdef import TABLE FILE; see out/import-TABLE.csv.",
    ),
)
