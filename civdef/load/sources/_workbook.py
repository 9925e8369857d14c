"""What a workbook unpacks to, seen before the parser lays it out."""

from __future__ import annotations

import io
import re
import zipfile

from civdef.errors import ImportRefusedError
from civdef.load.sources._limits import ZIP_FAULTS
from civdef.text import Text

MAX_UNPACKED_BYTES = 1_000_000_000
MAX_CELLS = 20_000_000
"""Limits against files that are small and unpack to more than a table can be; tolerances."""

_ROW = re.compile(rb'\br="[A-Z]{0,3}(\d{1,7})"')
_COLUMN = re.compile(rb'\br="([A-Z]{1,3})\d{1,7}"')
_BEYOND = re.compile(rb'\b(?:r|ref)="[A-Z0-9:]*?\d{8}')
"""A row number that no sheet has: the parser would count past what its numbers hold."""


def look_inside(data: bytes, name: str) -> None:
    """Refuse a workbook that would unpack to more than memory holds: the parser lays out every cell up to the last.

    A workbook of the old kind is no archive and passes.

    Raises
    ------
    ImportRefusedError
        If it does, or if it is no whole archive.
    """
    if not data.startswith(b"PK"):
        return
    too_large = ImportRefusedError(
        Text("{f} 解压后过大，不像是普通表格", "{f} unpacks to more than a table can be").format(f=name),
        hint=Text(
            "删去表格以外的空行空列后另存。", "Delete empty rows and columns around the table and save it."
        ),
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(i.file_size for i in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise too_large
            for info in archive.infolist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
                    content = archive.read(info)
                    if len(content) > MAX_UNPACKED_BYTES or _BEYOND.search(content):
                        raise too_large
                    rows = max((int(r) for r in set(_ROW.findall(content))), default=0)
                    widest = max((_number(c) for c in set(_COLUMN.findall(content))), default=0)
                    if rows * widest > MAX_CELLS:
                        raise too_large
    except ZIP_FAULTS as error:
        raise ImportRefusedError(
            Text("{f} 已损坏，无法解压", "{f} is damaged: it cannot be unpacked").format(f=name),
            hint=Text("用 Excel 或 WPS 打开后另存为 xlsx。", "Open it in Excel and save it as xlsx."),
        ) from error


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
