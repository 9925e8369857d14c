"""What earlier imports wrote into layers, feature by feature: ``.imported/``. From it an import tells edits from old values.

One file for each file of the workspace, one feature a line, holding short marks (hashes) of values, not the values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from civdef.intake.reimport.merge import Imported

FOLDER = ".imported"
VERSION = 1


def lock_file(file: str) -> str:
    """Return the file, in the workspace, that remembers what was imported into `file`."""
    return f"{FOLDER}/{file}.json"


def read_lock(root: Path, file: str) -> dict[str, Imported] | None:
    """Return id → what was imported; None where nothing ever was, or what is remembered cannot be read."""
    try:
        data = json.loads((root / lock_file(file)).read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            return None
        sources = list(data["sources"])
        return {
            i: Imported(str(sources[int(n)]), {str(k): str(v) for k, v in marks.items()})
            for i, (n, marks) in data["features"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None


def lock_text(imported: Mapping[str, Imported]) -> str:
    """Return the content of the file that remembers `imported`."""
    sources = sorted({i.source for i in imported.values()})
    number = {s: n for n, s in enumerate(sources)}
    lines = [
        f"{_json(i)}:{_json([number[m.source], dict(sorted(m.marks.items()))])}"
        for i, m in sorted(imported.items())
    ]
    body = ",\n".join(lines)
    return f'{{"version":{VERSION},"sources":{_json(sources)},"features":{{\n{body}\n}}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
