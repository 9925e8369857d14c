"""ESRI file geodatabase: a folder whose name ends in ``.gdb``."""

from __future__ import annotations

from pathlib import Path

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.load.sources._limits import MAX_BYTES
from civdef.load.sources._vector import read_vector
from civdef.text import Text

SUFFIXES = (".gdb",)


def read(path: Path, layer: str | None, _encoding: str | None) -> RawTable:
    """Return one layer; its text is Unicode always. Raises ``ImportRefusedError``."""
    if not path.is_dir():
        raise ImportRefusedError(
            Text("{f} 不是文件地理数据库（应为目录）", "{f} is no file geodatabase (a folder)").format(
                f=path
            ),
            hint=Text(
                "请核对路径；打成 zip 的也可直接导入。", "Check the path; a zip of the folder will do too."
            ),
        )
    if sum(p.stat().st_size for p in path.iterdir() if p.is_file()) > MAX_BYTES:
        raise ImportRefusedError(Text("{f} 过大", "{f} is too large").format(f=path.name))
    return read_vector(path, layer, Text("文件地理数据库", "file geodatabase"))
