"""Ids for the rows of a register: kept where the row is known, new ones that nothing else has."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from civdef.intake.fields import slug
from civdef.intake.merge import Row, match
from civdef.intake.raw import Change
from civdef.intake.registers.columns import Table
from civdef.intake.registers.draft import Draft
from civdef.model.base import ID_PATTERN
from civdef.text import Text

WIDTH = {"household": 6}
"""Digits of a serial number, where a kind needs more than four."""


def give_ids(
    drafts: Sequence[Draft], present: Sequence[Row], table: Table, used: Collection[str]
) -> tuple[list[Draft], list[Change]]:
    """Give every row an id and return the rows that are kept, and what is to be told.

    A row that the workspace has already keeps its id, whatever else changed. An id written in the register is taken; a
    number such as 0012 becomes ``household/0012``. Others are numbered on from the highest number in use, so that an
    id that stood for somebody else is never given again.

    Parameters
    ----------
    present
        Rows of the workspace.
    used
        Ids that stand anywhere in the workspace, whether or not there is such a row.
    """
    if not table.kind:
        return _without_repeats(drafts, table)
    told: list[Change] = []
    for draft in drafts:
        _written_id(draft, table.kind)
    pairs = match([d.values for d in drafts], present, table.keys)
    kept: list[Draft] = []
    seen: dict[str, int] = {}
    for draft, at in zip(drafts, pairs, strict=True):
        if at is not None:
            draft.values["id"] = present[at]["id"]
        object_id = draft.values.get("id")
        if object_id and object_id in seen:
            said = Text("编号 {i} 与第 {n} 行重复", "Id {i} is that of row {n}").format(
                i=object_id, n=seen[object_id]
            )
            told.append(Change(draft.row, object_id, "dropped", said))
            continue
        if object_id:
            seen[object_id] = draft.row
        kept.append(draft)
    taken = {*used, *seen, *(r["id"] for r in present if r.get("id"))}
    _number_on(kept, table.kind, taken)
    return kept, told


def _written_id(draft: Draft, kind: str) -> None:
    written = draft.values.pop("id", "")
    if not written:
        return
    stem = written.removeprefix(f"{kind}/")
    if ID_PATTERN.match(f"{kind}/{stem}"):
        draft.values["id"] = f"{kind}/{stem}"
        return
    made = slug(stem)
    if made and stem.isascii():
        draft.values["id"] = f"{kind}/{made}"
    else:
        said = Text("编号“{w}”不能用作标识，另行编号", "{w} cannot be an id; another is given")
        draft.repair(said.format(w=written))


def _number_on(drafts: Sequence[Draft], kind: str, taken: set[str]) -> None:
    width = WIDTH.get(kind, 4)
    serial = re.compile(rf"{re.escape(kind)}/(\d+)")
    last = max((int(m[1]) for i in taken if (m := serial.fullmatch(i)) and len(m[1]) <= 12), default=0)
    for draft in drafts:
        if "id" in draft.values:
            continue
        stem = slug(draft.values.get("name_en", ""))
        if stem and f"{kind}/{stem}" not in taken:
            draft.values["id"] = f"{kind}/{stem}"
        else:
            last += 1
            draft.values["id"] = f"{kind}/{last:0{width}d}"
        taken.add(draft.values["id"])


def _without_repeats(drafts: Sequence[Draft], table: Table) -> tuple[list[Draft], list[Change]]:
    """Return rows of a table without ids, each once."""
    seen: dict[tuple[str, ...], int] = {}
    kept: list[Draft] = []
    told: list[Change] = []
    for draft in drafts:
        key = tuple(draft.values.get(c.field, "") for c in table.stored)
        if key in seen:
            said = Text("与第 {n} 行相同", "The same as row {n}").format(n=seen[key])
            told.append(Change(draft.row, None, "dropped", said))
            continue
        seen[key] = draft.row
        kept.append(draft)
    return kept, told
