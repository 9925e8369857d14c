"""How much a foreign file may hold, and how a file that cannot be read is refused."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from civdef.errors import ImportRefusedError
from civdef.files import reason
from civdef.text import Text

MAX_BYTES = 500_000_000
"""Largest file, and largest content of an archive [bytes]; a city's buildings take a tenth of it."""

MAX_ROWS = 2_000_000

ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What reading a damaged or encrypted archive may raise."""


def bytes_of(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    ImportRefusedError
        If it is missing, too large or unreadable.
    """
    look(path, most)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=reason(error))
        ) from error


def look(path: Path, most: int = MAX_BYTES) -> None:
    """Refuse a file that is missing or too large. Raises ``ImportRefusedError``."""
    try:
        if not path.is_file():
            raise ImportRefusedError(
                Text("没有文件 {f}", "There is no file {f}").format(f=path),
                hint=Text("请核对路径。", "Check the path."),
            )
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else Text(str(error), str(error))
        raise ImportRefusedError(
            Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=why)
        ) from error
    if size > most:
        raise ImportRefusedError(
            Text(
                "文件 {f} 过大（{s:,} MB，上限 {m:,} MB）",
                "File {f} is too large ({s:,} MB; at most {m:,} MB)",
            ).format(f=path.name, s=size // 1_000_000, m=most // 1_000_000),
            hint=Text("先裁剪到本街道范围。", "Clip it to the street's area first."),
        )
    if size == 0:
        raise ImportRefusedError(Text("文件 {f} 是空的", "File {f} is empty").format(f=path.name))


def unreadable(path: Path, why: str | Text, kind: Text) -> ImportRefusedError:
    """Return the refusal of a file that is not what its name says, or is damaged."""
    return ImportRefusedError(
        Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=why),
        hint=Text("确认文件完整，并且确是 {k}。", "Check that the file is whole and really a {k}.").format(
            k=kind
        ),
    )
