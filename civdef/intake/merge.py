"""What is there and what comes in → what is to be written: ids stay, edits stay, every difference is told.

Three versions of a row meet: the one an earlier import wrote (known by its fingerprint), the one that is in the workspace
now, and the one that comes in. A row that nobody edited since follows its source; an edited row keeps what was edited,
unless the import is forced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Row = Mapping[str, str]


class Key(Protocol):
    """Fields by which a row is known again; see :class:`civdef.intake.registers.columns.Key`."""

    @property
    def alone(self) -> bool:
        """Whether the fields tell only where one row on each side has them."""

    def of(self, row: Row) -> tuple[str, ...] | None:
        """Return a row's values, None where it lacks one."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What an earlier import wrote of one row: its fingerprint, and the file it came from."""

    fingerprint: str
    source: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that differs from what was there.

    Attributes
    ----------
    action
        ``added``, ``changed``, ``removed``, ``kept`` (edited by hand, so not overwritten) or ``needed`` (gone from the
        source, but still referred to).
    fields
        Field → (before, after); of a kept row, (what stays, what the source has).
    """

    id: str
    action: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Merged:
    """What is to be written.

    Attributes
    ----------
    rows
        Rows in the order of the source, if it has every row that stays; else in the order in which they stood, new ones
        last.
    memory
        Id → what to remember of the rows that came from a source.
    differences
        In the order of `rows`, removed rows last.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    memory: dict[str, Memory] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0

    def count(self, action: str) -> int:
        """Return the number of differences of a kind."""
        return sum(d.action == action for d in self.differences)


def fingerprint(row: Row) -> str:
    """Return a short hash of a row's filled cells; it does not depend on the order of columns or on empty ones."""
    filled = "\x1f".join(f"{k}\x1e{row[k]}" for k in sorted(row) if row[k])
    return hashlib.sha256(filled.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def match(incoming: Sequence[Row], present: Sequence[Row], keys: Sequence[Key]) -> list[int | None]:
    """Return, for each incoming row, the row of `present` that it is, None for a new one.

    The same id is the same row. Then each key in turn pairs what is still open: rows of the same key in the order in
    which they stand; by a weak one only a row that is alone on both sides.
    """
    paired: list[int | None] = [None] * len(incoming)
    ids = {r["id"]: i for i, r in enumerate(present) if r.get("id")}
    taken: set[int] = set()
    for i, row in enumerate(incoming):
        at = ids.get(row.get("id", ""))
        if at is not None and at not in taken:
            paired[i] = at
            taken.add(at)
    for key in keys:
        if len(taken) == len(present):
            break
        there = _by_key(present, key, (j for j in range(len(present)) if j not in taken))
        here = _by_key(
            incoming,
            key,
            (i for i in range(len(incoming)) if paired[i] is None and not incoming[i].get("id")),
        )
        for value, rows in here.items():
            others = there.get(value, [])
            if key.alone and (len(rows) != 1 or len(others) != 1):
                continue
            for i, j in zip(rows, others, strict=False):
                paired[i] = j
                taken.add(j)
    return paired


def _by_key(rows: Sequence[Row], key: Key, open_rows: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for i in open_rows:
        value = key.of(rows[i])
        if value is not None:
            found.setdefault(value, []).append(i)
    return found


def merge(
    incoming: Sequence[Row],
    present: Sequence[Row],
    memory: Mapping[str, Memory],
    *,
    source: str,
    fields: Collection[str],
    needed: Collection[str] = (),
    complete: bool = False,
    force: bool = False,
) -> Merged:
    """Return the rows to write.

    Parameters
    ----------
    incoming
        Rows that come in, each with its id.
    present
        Rows of the workspace, each with its id.
    memory
        What earlier imports wrote.
    source
        Name of the file that comes in.
    fields
        Fields that the source has a column for: only these are brought, others stay as they are.
    needed
        Ids that something else in the workspace refers to; such rows are never removed.
    complete
        Rows that the source does not have are removed, whoever brought them. Otherwise only rows that an earlier import
        of the same source brought, and that nobody edited since.
    force
        The source goes before what was edited by hand.
    """
    out = Merged()
    there = {r["id"]: r for r in present}
    for row in incoming:
        mine = there.pop(row["id"], None)
        brought = {f: row.get(f, "") for f in fields}
        if mine is None:
            new = {f: v for f, v in row.items() if v}
            out.rows.append(new)
            out.memory[row["id"]] = Memory(fingerprint(new), source)
            out.differences.append(Difference(row["id"], "added"))
        else:
            _settle(out, dict(mine), brought, memory.get(row["id"]), source, force=force)
    for object_id, row in there.items():
        known = memory.get(object_id)
        untouched = known is not None and known.fingerprint == fingerprint(row)
        gone = complete or (known is not None and known.source == source and (untouched or force))
        if gone and object_id not in needed:
            out.differences.append(Difference(object_id, "removed"))
            continue
        if gone:
            out.differences.append(Difference(object_id, "needed"))
        out.rows.append(dict(row))
        if known is not None:
            out.memory[object_id] = known
    if len(out.rows) > len(incoming):
        stood = {r["id"]: i for i, r in enumerate(present)}
        out.rows.sort(key=lambda r: stood.get(r["id"], len(stood)))
    return out


def _settle(
    out: Merged,
    mine: dict[str, str],
    brought: Mapping[str, str],
    known: Memory | None,
    source: str,
    *,
    force: bool,
) -> None:
    """Write a row that is there and comes in again."""
    object_id = mine["id"]
    differing = {f: (mine.get(f, ""), v) for f, v in brought.items() if f != "id" and mine.get(f, "") != v}
    untouched = known is not None and known.fingerprint == fingerprint(mine)
    free = {f: pair for f, pair in differing.items() if force or untouched or not pair[0]}
    kept = {f: pair for f, pair in differing.items() if f not in free and pair[1]}
    new = {**mine, **{f: after for f, (_, after) in free.items()}}
    out.rows.append(new)
    if free:
        out.differences.append(Difference(object_id, "changed", free))
    if kept:
        out.differences.append(Difference(object_id, "kept", kept))
        if known is not None:
            out.memory[object_id] = known
    else:
        out.memory[object_id] = Memory(fingerprint(new), source)
    if not differing:
        out.unchanged += 1
