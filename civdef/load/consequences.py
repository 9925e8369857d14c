"""Faults that only follow from another fault are set aside, so that the cause is what the reader sees.

A layer that cannot be read would otherwise be drowned by a complaint for every reference to what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable

from civdef.errors import Fault
from civdef.load.tables import DOCUMENTS, EXTERNAL, LAYERS, ORGANISATION, ORGANISATION_LISTS, TABLES
from civdef.source import Place
from civdef.text import Text

FEW = 3
"""Up to so many references to a kind of thing that the workspace lacks are named one by one."""


def _files() -> dict[str, str]:
    """Return kind → the file, or the folder ending in a slash, that its objects are written in."""
    found = {"external": EXTERNAL, "headquarters": ORGANISATION, "hazard": "maps/hazards/"}
    found |= {getattr(layer.noun, "KIND", ""): file for file, layer in LAYERS.items()}
    found |= {getattr(table.noun, "KIND", ""): file for file, table in TABLES.items()}
    found |= {getattr(noun, "KIND", ""): ORGANISATION for _, noun in ORGANISATION_LISTS.values()}
    found |= {getattr(noun, "KIND", ""): f"{folder}/" for folder, (_, noun) in DOCUMENTS.items()}
    found.pop("", None)
    return found


def without_consequences(
    causes: Iterable[Fault], dangling: Iterable[Fault], refused: set[str], empty: set[str]
) -> list[Fault]:
    """Return the `dangling` references that are worth telling.

    Parameters
    ----------
    causes
        Faults of the files themselves.
    dangling
        Faults of references.
    refused
        Ids that are written in the workspace, but whose object was refused for a fault of its own.
    empty
        Kinds of which the workspace has no object at all.
    """
    files = _files()
    faulty = {fault.place.file for fault in causes}
    kept: list[Fault] = []
    lacking: dict[str, list[Fault]] = {}
    for fault in dangling:
        target = fault.value or ""
        kind = target.partition("/")[0]
        if fault.code != "dangling-reference" or target not in refused:
            if fault.code == "dangling-reference" and kind in empty and kind in files:
                lacking.setdefault(kind, []).append(fault)
            else:
                kept.append(fault)
    for kind, found in sorted(lacking.items()):
        file = files[kind]
        if any(f == file or (file.endswith("/") and f.startswith(file)) for f in faulty):
            continue
        kept.extend(found if len(found) <= FEW else [_summary(kind, file, found)])
    return kept


def _summary(kind: str, file: str, found: list[Fault]) -> Fault:
    first = min(found, key=lambda f: (f.place.file, f.place.line or 0, f.place.column or 0))
    return Fault(
        "dangling-reference",
        Place(file.rstrip("/")),
        Text(
            f"有 {len(found):,} 处引用 {kind}/…，这里却一个也没有；第一处：{first.place} 的 {first.value}",
            f"{len(found):,} references to {kind}/…, but there is none here; the first: {first.value} at {first.place}",
        ),
        allowed=Text("补上该文件或其中的内容", "supply the file or what belongs in it"),
    )
