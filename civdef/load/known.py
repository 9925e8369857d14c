"""What registers may name: the workspace's objects by their names, and every id that stands anywhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from civdef.intake.registers.lookup import Home, Known, Lookup
from civdef.model.base import Name
from civdef.model.resident import Household
from civdef.model.workspace import Workspace

_TEXTS = (
    "civdef.toml",
    "plans/**/*.yaml",
    "plans/*.csv",
    "drills/*.yaml",
    "maps/**/*.geojson",
    "programme/*.csv",
)


def lookup_of(workspace: Workspace) -> Lookup:
    """Return the names of a workspace's objects."""
    objects = {
        kind: [_known(i, o) for i, o in found.items()]
        for kind, found in workspace.collections()
        if kind not in ("road", "landmark", "entrance", "plan", "rule", "drill", "hazard")
    }
    living: dict[str, list[str]] = {}
    for person in workspace.assisted.values():
        names = [n for n in (person.name.zh, person.name.en) if n]
        living.setdefault(person.household, []).extend(names)
    homes = {
        building: [_home(h, living.get(h.id, ())) for h in households]
        for building, households in workspace.households_of.items()
    }
    return Lookup(objects, homes)


def _known(object_id: str, noun: Any) -> Known:
    name = getattr(noun, "name", None)
    names = tuple(n for n in (name.zh, name.en) if n) if isinstance(name, Name) else ()
    within = tuple(
        v for f in ("compound", "community", "office", "building") if (v := getattr(noun, f, None))
    )
    phones = tuple(v for f in ("phone", "alternate_phone") if (v := getattr(noun, f, None)))
    return Known(object_id, names, within, phones)


def _home(household: Household, names: list[str] | tuple[()]) -> Home:
    return Home(
        household.id, str(household.stairwell), str(household.floor), household.elderly > 0, tuple(names)
    )


def ids_in(root: Path, kind: str, *, but: str | None = None) -> set[str]:
    """Return every id of a kind that stands anywhere in the files of a workspace, other than in the file `but`."""
    token = re.compile(rf"(?<![a-z0-9-]){re.escape(kind)}/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
    found: set[str] = set()
    for path in texts_of(root):
        if but is None or path.relative_to(root).as_posix() != but:
            try:
                found.update(token.findall(path.read_text(encoding="utf-8", errors="replace")))
            except OSError:
                continue
    return found


def texts_of(root: Path) -> Iterator[Path]:
    """Yield the text files of a workspace that may hold ids, in order."""
    for pattern in _TEXTS:
        yield from sorted(p for p in root.glob(pattern) if p.is_file())
