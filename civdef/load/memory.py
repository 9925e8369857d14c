"""What earlier imports wrote: a small file for each file of the workspace, so that edits by hand are told from imports.

``.imported/plans/roster.csv.json`` remembers, for each id of ``plans/roster.csv``, a fingerprint of the row as it was
imported and the name of the source. It holds no content of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from civdef.intake.merge import Memory

FOLDER = ".imported"
SCHEMA = "civdef.imported/1"


def memory_path(root: Path, file: str) -> Path:
    """Return where the memory of a workspace file is kept."""
    return root / FOLDER / f"{file}.json"


def recall(root: Path, file: str) -> dict[str, Memory]:
    """Return id → what an import wrote; empty where nothing is remembered or it cannot be read.

    Without memory every row counts as edited by hand: nothing is lost, more must be forced.
    """
    try:
        data = json.loads(memory_path(root, file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        return {}
    rows, sources = data.get("rows"), data.get("sources")
    if not isinstance(rows, dict) or not isinstance(sources, list):
        return {}
    out = {}
    for object_id, entry in rows.items():
        match entry:
            case [str(fingerprint), int(at)] if 0 <= at < len(sources):
                out[object_id] = Memory(fingerprint, str(sources[at]))
    return out


def memory_text(memory: Mapping[str, Memory]) -> str:
    """Return the memory as the text of its file."""
    sources = sorted({m.source for m in memory.values()})
    index = {s: i for i, s in enumerate(sources)}
    lines = ",\n".join(
        f"{json.dumps(i)}: {json.dumps([m.fingerprint, index[m.source]])}" for i, m in sorted(memory.items())
    )
    head = json.dumps({"schema": SCHEMA, "sources": sources}, ensure_ascii=False)
    return f'{head[:-1]}, "rows": {{\n{lines}\n}}}}\n'
