"""What a table of the workspace consists of: one description, from which it is imported, exported and explained."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from civdef.text import Text

if TYPE_CHECKING:
    from civdef.intake.registers.draft import Draft


class Kind(Enum):
    """What the cells of a column are."""

    ID = "id"
    TEXT = "text"
    NAME = "name"
    PHONE = "phone"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    LIST = "list"
    REF = "ref"


@dataclass(frozen=True)
class Choice:
    """One value of an enumeration: what is stored, what people read, and what else they write for it."""

    code: str
    label: Text
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes
    ----------
    field
        Column of the workspace's table, e.g. ``name_zh``.
    title
        Heading in an exported workbook.
    note
        What is to be written in it.
    also
        Other headings under which offices keep it, the most usual first.
    required
        Whether a row without it is left out.
    choices
        Values of an enumeration.
    other
        Code for a value that is none of the choices; None refuses it.
    open
        Other words than the choices are kept as they are.
    refs
        Kinds of objects that a reference may name.
    low, high
        Least and largest number.
    month_end
        Of a date given by year and month only: take the last day rather than the first.
    aid
        Helps to find a reference, and is not stored.
    """

    field: str
    kind: Kind
    title: Text
    note: Text
    also: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[Choice, ...] = ()
    other: str | None = None
    open: bool = False
    refs: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    month_end: bool = False
    aid: bool = False

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Every heading, in plain form, the most telling first."""
        every = (self.field, self.title.zh, self.title.en, *self.also)
        return tuple(dict.fromkeys(plain(t) for t in every))

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Plain form of what people write → code."""
        found: dict[str, str] = {}
        for choice in self.choices:
            for word in (choice.code, choice.label.zh, choice.label.en, *choice.also):
                found.setdefault(plain(word), choice.code)
        return found

    @cached_property
    def labels(self) -> Mapping[str, Text]:
        """Code → what people read."""
        return {c.code: c.label for c in self.choices}


@dataclass(frozen=True)
class Key:
    """Fields by which a row is known again.

    Attributes
    ----------
    alone
        The fields are weak (a name and nothing else): they tell only where one row on each side has them.
    """

    fields: tuple[str, ...]
    alone: bool = False

    def of(self, row: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return a row's values, None where it lacks one."""
        values = []
        for name in self.fields:
            value = row.get(name)
            if not value:
                return None
            values.append(value)
        return tuple(values)


@dataclass(frozen=True)
class Table:
    """A table of the workspace.

    Attributes
    ----------
    name
        Word on the command line, e.g. ``roster``.
    kind
        Prefix of its ids; empty where rows have none.
    file
        File of the workspace.
    columns
        In the order of the file, aids last.
    keys
        Ways to know a row again, the surest first.
    settle
        What only this table does to a row, after its cells are read.
    """

    name: str
    kind: str
    file: str
    title: Text
    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    settle: Callable[[Draft], None] = field(default=lambda _draft: None)

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """Columns of the file."""
        return tuple(c for c in self.columns if not c.aid)

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """Field → column."""
        return {c.field: c for c in self.columns}


_NOISE = re.compile(r"[\s\u200b\ufeff*＊:：·,，.。、_\-—/\\|]+")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return a heading or name without case, width, spaces and punctuation, for comparing."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def by(*fields: str, alone: bool = False) -> Key:
    """Return a key made of fields, all of which must be filled."""
    return Key(fields, alone)


def choices(
    rows: Sequence[tuple[str, str, str] | tuple[str, str, str, tuple[str, ...]]],
) -> tuple[Choice, ...]:
    """Return choices from (code, Chinese, English) and other words."""
    return tuple(Choice(r[0], Text(r[1], r[2]), r[3] if len(r) == 4 else ()) for r in rows)
