"""Reading the sheets of a workbook, or a CSV file, as they stand."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civdef.errors import ImportRefusedError, installing
from civdef.files import reason
from civdef.intake.sheet import Sheet
from civdef.load.csv_file import decode
from civdef.load.sources._workbook import look_inside
from civdef.text import Text

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
TEXTS = (".csv", ".txt", ".tsv")
MAX_BYTES = 100_000_000
"""Largest file that a register can be [bytes]; a tolerance."""


def read_sheets(path: Path) -> list[Sheet]:
    """Return the visible sheets of a workbook, or the one of a CSV file.

    Raises
    ------
    ImportRefusedError
        If the file is missing, too large, protected, damaged, or of no kind that can be read.
    """
    suffix = path.suffix.lower()
    if suffix not in WORKBOOKS + TEXTS:
        raise ImportRefusedError(
            Text("{f} 不是 Excel 工作簿或 CSV 文件", "{f} is no Excel workbook or CSV file").format(
                f=path.name
            ),
            hint=Text("可用格式：xlsx、xls、csv；其他格式请先另存为 xlsx。", "Save it as xlsx, xls or csv."),
        )
    try:
        if not path.is_file():
            raise ImportRefusedError(Text("没有文件 {f}", "There is no file {f}").format(f=path))
        if path.stat().st_size > MAX_BYTES:
            raise ImportRefusedError(Text("文件 {f} 过大", "File {f} is too large").format(f=path.name))
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=reason(error))
        ) from error
    if not data.strip():
        raise ImportRefusedError(Text("{f} 是空文件", "{f} is empty").format(f=path.name))
    if suffix in TEXTS and not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return [_csv(data, path.name)]
    return _workbook(data, path.name)


def _csv(data: bytes, name: str) -> Sheet:
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        raise ImportRefusedError(
            Text(
                "无法识别 {f} 的文字编码（第 {at} 字节）", "Unknown text encoding of {f} (byte {at})"
            ).format(f=name, at=error.start),
            hint=Text("另存为 UTF-8 编码的 CSV，或直接导入 xlsx。", "Save it as UTF-8, or import the xlsx."),
        ) from error
    if "\x00" in text:
        raise ImportRefusedError(
            Text("{f} 含有空字节，不是 CSV", "{f} holds null bytes: no CSV file").format(f=name)
        )
    head = text[:20_000].split("\n", 1)[0]
    between = max((",", "\t", ";", "，"), key=head.count)
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise ImportRefusedError(
            Text("{f} 的 CSV 语法错误：{w}", "CSV syntax error in {f}: {w}").format(f=name, w=str(error)),
            hint=Text("检查引号是否成对。", "Check that quotes are paired."),
        ) from error
    return Sheet(name, rows)


def _workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise ImportRefusedError(
            Text("读取 Excel 需要安装附加组件", "Reading Excel needs an extra"),
            hint=installing("office", Text("把表另存为 CSV", "save the sheet as CSV")),
        ) from error
    look_inside(data, name)
    try:
        with _silent():
            book = calamine.load_workbook(io.BytesIO(data))
            visible = [
                m.name
                for m in book.sheets_metadata
                if m.visible == calamine.SheetVisibleEnum.Visible
                and m.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return [_sheet(book, s, name if len(visible) == 1 else f"{name}:{s}") for s in visible]
    except calamine.PasswordError as error:
        raise ImportRefusedError(
            Text("{f} 有密码保护，无法读取", "{f} is protected by a password").format(f=name),
            hint=Text("在 Excel 中取消密码后另存。", "Save it without a password."),
        ) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the parser is native: a damaged file may panic it, which is no Exception
        why = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise ImportRefusedError(
            Text("{f} 已损坏或不是 Excel 工作簿：{w}", "{f} is damaged or no Excel workbook: {w}").format(
                f=name, w=why
            ),
            hint=Text("用 Excel 或 WPS 打开后另存为 xlsx。", "Open it in Excel and save it as xlsx."),
        ) from error


def _sheet(book: Any, sheet: str, source: str) -> Sheet:
    read = book.get_sheet_by_name(sheet)
    rows = read.to_python(skip_empty_area=False)
    merges = [(a[0], a[1], b[0], b[1]) for a, b in (read.merged_cell_ranges or ())]
    return Sheet(source, rows, merges)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what a native library writes to stderr when it panics from the user, who gets a message of ours."""
    try:
        stream = sys.__stderr__
        number = stream.fileno() if stream is not None else -1
        kept = os.dup(number)
    except (OSError, ValueError):
        yield
        return
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), number)
            yield
    finally:
        os.dup2(kept, number)
        os.close(kept)
