"""Results as JSON files."""

from __future__ import annotations

from pathlib import Path

from civdef import files
from civdef.result import Result


def write_json(path: Path, result: Result) -> Path:
    """Write a result as its JSON document; return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    files.write_text(path, result.to_json())
    return path
