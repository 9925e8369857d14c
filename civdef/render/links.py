"""Links to files of ``out/``: how a path becomes a link, and what a drill wrote."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from civdef.drill.result import DrillResult
from civdef.render.summary import DemoSummary, OutFile


def link(path: str) -> str:
    """Return a relative path as a link, whatever signs it holds."""
    return "./" + quote(path, safe="/")


def drill_of(summary: DemoSummary, folder: str) -> DrillResult | None:
    """Return the drill that wrote a folder."""
    name = folder.rpartition("/")[2]
    return next((d for d in summary.drills if d.drill.partition("/")[2] == name), None)


def named(files: Iterable[OutFile]) -> dict[str, OutFile]:
    """Return files by their name without folder."""
    return {f.path.rpartition("/")[2]: f for f in files}
