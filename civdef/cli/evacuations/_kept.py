"""Evacuation plans that were kept in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from civdef.errors import UsageError
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.evacuate.kept import Kept
    from civdef.evacuate.result import EvacuationResult


def kept_plan(path: Path) -> Kept:
    """Return a plan kept in a file, with the file's hash. Raises as :func:`read_plan`."""
    from civdef.evacuate.kept import Kept
    from civdef.files import digest

    path = path / "result.json" if path.is_dir() else path
    data = _read(path)
    return Kept(_parsed(path, data), path.name, digest(data))


def read_plan(path: Path) -> EvacuationResult:
    """Return a plan kept in a file. Raises ``UsageError`` if it cannot be read, or is no plan of this version."""
    return _parsed(path, _read(path))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error


def _parsed(path: Path, data: bytes) -> EvacuationResult:
    from pydantic import ValidationError

    from civdef.evacuate.result import EvacuationResult

    try:
        found = EvacuationResult.model_validate_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unreadable(path) from error
    except ValidationError as error:
        raise UsageError(
            Text("{f} 不是这一版本的疏散方案", "{f} is no evacuation plan of this version").format(f=path),
            hint=Text(
                "用 civdef evacuate --json > {f} 重新生成。",
                "Make it again with civdef evacuate --json > {f}.",
            ).format(f=path),
        ) from error
    if found.schema_ != EvacuationResult.SCHEMA:
        raise UsageError(
            Text("{f} 的格式是 {s}，应为 {w}", "{f} has the schema {s}, not {w}").format(
                f=path, s=found.schema_, w=EvacuationResult.SCHEMA
            )
        )
    return found


def _unreadable(path: Path) -> UsageError:
    return UsageError(
        Text("读不了文件 {f}", "Cannot read {f}").format(f=path),
        hint=Text("检查文件名；它应是 UTF-8 编码的 JSON。", "Check the name; it should be JSON in UTF-8."),
    )
