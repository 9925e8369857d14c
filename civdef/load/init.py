"""``civdef init``: a new workspace, from the sample or blank with comments that teach."""

from __future__ import annotations

import importlib.resources
from importlib.resources.abc import Traversable
from pathlib import Path

from civdef.errors import OutputError, UsageError
from civdef.files import reason, write_bytes, write_text
from civdef.load.cells import columns
from civdef.load.tables import LAYERS, SETTINGS, TABLES
from civdef.load.write_layer import layer_text
from civdef.text import Text

PARTS = (SETTINGS, "plans", "maps", "drills")
"""What makes up a workspace."""


def sample_root() -> Traversable:
    """Return the sample workspace: inside the installed package, else at the root of a checkout.

    Raises
    ------
    UsageError
        If this installation carries none.
    """
    package = importlib.resources.files("civdef")
    inside = package / "sample"
    if (inside / SETTINGS).is_file():
        return inside
    checkout = Path(str(package)).parent
    if (checkout / SETTINGS).is_file():
        return checkout
    raise UsageError(
        Text("安装包中没有样例工作区", "This installation carries no sample workspace"),
        hint=Text(
            "重新安装 civdef，或用 civdef init --blank。", "Install civdef again, or use civdef init --blank."
        ),
    )


def make_sample(target: Path) -> int:
    """Copy the sample workspace to `target`; return the number of files. Raises as :func:`_empty`."""
    _empty(target)
    root = sample_root()
    count = 0
    for part in PARTS:
        count += _copy(root / part, target / part)
    write_text(target / ".gitignore", (_blank() / "gitignore").read_text(encoding="utf-8"))
    return count + 1


def make_blank(target: Path) -> int:
    """Make a blank workspace in `target`; return the number of files. Raises as :func:`_empty`."""
    _empty(target)
    count = 0
    for entry in sorted(_blank().iterdir(), key=lambda e: e.name):
        if entry.name == "gitignore":
            write_bytes(target / ".gitignore", entry.read_bytes())
            count += 1
        elif entry.name != "__pycache__":
            count += _copy(entry, target / entry.name)
    for file in LAYERS:
        write_text(target / file, layer_text([]))
    for file, table in TABLES.items():
        write_text(target / file, "\ufeff" + ",".join(columns(table.noun)) + "\n")
    return count + len(LAYERS) + len(TABLES)


def _blank() -> Traversable:
    return importlib.resources.files("civdef.load") / "blank"


def _empty(target: Path) -> None:
    """Make sure that nothing can be lost.

    Raises
    ------
    UsageError
        If `target` is a file or a folder with anything in it.
    OutputError
        If it cannot be looked at.
    """
    try:
        taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise OutputError(
            Text("无法访问 {d}：{w}", "Cannot look at {d}: {w}").format(d=target, w=reason(error))
        ) from error
    if taken:
        raise UsageError(
            Text("{d} 已存在且不为空，未作改动", "{d} exists and is not empty; nothing was changed").format(
                d=target
            ),
            hint=Text("换一个新目录名。", "Choose a new folder."),
        )


def _copy(source: Traversable, target: Path) -> int:
    if source.is_dir():
        return sum(
            _copy(entry, target / entry.name)
            for entry in sorted(source.iterdir(), key=lambda e: e.name)
            if not entry.name.startswith((".", "__"))
        )
    if source.is_file():
        write_bytes(target, source.read_bytes())
        return 1
    return 0
