"""The settings alone, for commands that need nothing else of a workspace."""

from __future__ import annotations

from pathlib import Path

from civdef.errors import Fault
from civdef.load.tables import SETTINGS
from civdef.load.toml_file import parse_toml
from civdef.load.validate import build
from civdef.model.settings import Settings
from civdef.source import Origin, Place


def read_settings(root: Path) -> Settings | None:
    """Return the settings of the workspace at `root`, or None if they cannot be read; ``civdef check`` says why."""
    try:
        text = (root / SETTINGS).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    parsed = parse_toml(text, SETTINGS)
    faults: list[Fault] = list(parsed.faults)
    if faults:
        return None
    built = build(Settings, parsed.data, Origin(Place(SETTINGS, 1), parsed.marks), faults)
    return None if faults else built
