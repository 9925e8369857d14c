"""CSV → rows of text with their line numbers. UTF-8 with or without BOM, UTF-16 with BOM, else GB18030."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from civdef.errors import Fault
from civdef.source import Place
from civdef.text import Text

MAX_BYTES = 200_000_000
MAX_CELL = 100_000


@dataclass(frozen=True)
class Row:
    """One data row: its number (1-based, header not counted), physical line, and cells by column."""

    number: int
    line: int
    cells: dict[str, str]


@dataclass
class CsvFile:
    """All rows of one file and what was wrong."""

    columns: list[str] = field(default_factory=list)
    header_line: int = 1
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def decode(data: bytes) -> str:
    """Return text from bytes as offices write it. Raises ``UnicodeDecodeError`` if no encoding fits."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def parse_csv(data: bytes, file: str) -> CsvFile:
    """Parse `data`; everything wrong goes to `faults`. Empty lines are skipped."""
    out = CsvFile()
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        out.faults.append(
            Fault(
                "encoding",
                Place(file),
                Text("无法识别文字编码（第 {at} 字节）", "Unknown text encoding (byte {at})").format(
                    at=error.start
                ),
                allowed=Text("UTF-8、UTF-16（带 BOM）或 GB18030", "UTF-8, UTF-16 with BOM, or GB18030"),
            )
        )
        return out
    if "\x00" in text:
        out.faults.append(
            Fault("encoding", Place(file), Text("文件含有空字节，不是 CSV", "Null bytes: not a CSV file"))
        )
        return out
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    last_line = 0
    number = 0
    try:
        for cells in reader:
            line, last_line = last_line + 1, reader.line_num
            if not any(c.strip() for c in cells):
                continue
            if not out.columns:
                out.columns = [c.strip() for c in cells]
                out.header_line = line
                _check_header(out, file, line)
                continue
            number += 1
            if len(cells) != len(out.columns):
                out.faults.append(
                    Fault(
                        "row-length",
                        Place(file, line, row=number),
                        Text(
                            "该行有 {n} 格，表头有 {m} 列", "The row has {n} cells, the header {m} columns"
                        ).format(n=len(cells), m=len(out.columns)),
                    )
                )
                continue
            out.rows.append(
                Row(number, line, dict(zip(out.columns, (c.strip() for c in cells), strict=True)))
            )
    except csv.Error as error:
        out.faults.append(
            Fault(
                "csv-syntax",
                Place(file, reader.line_num),
                Text("CSV 语法错误：{why}", "CSV syntax error: {why}").format(why=str(error)),
                allowed=Text("检查引号是否成对", "check that quotes are paired"),
            )
        )
    if not out.columns and not out.faults:
        out.faults.append(
            Fault(
                "no-header",
                Place(file, 1),
                Text("文件为空，缺少表头", "The file is empty; the header row is missing"),
            )
        )
    return out


def _check_header(out: CsvFile, file: str, line: int) -> None:
    seen: set[str] = set()
    for column in out.columns:
        if not column:
            out.faults.append(
                Fault("empty-header", Place(file, line), Text("表头有空列名", "A column has no name"))
            )
        elif column in seen:
            out.faults.append(
                Fault(
                    "duplicate-column",
                    Place(file, line, field=column),
                    Text("列名 {c} 重复", "Column {c} appears twice").format(c=column),
                )
            )
        seen.add(column)
