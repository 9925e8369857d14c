"""Two official lists of communities, an old one and a new one → what became of each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from civdef.intake.registers.lookup import community_key

COUNTY, STREET, COMMUNITY = 6, 9, 12
"""Digits of a statistical code that tell the county, the street, and the community.

Sources
-------
统计用区划代码编制规则 (National Bureau of Statistics, 2009): province 2, city 2, county 2, street 3, community 3 digits.
"""


@dataclass(frozen=True)
class Entry:
    """A community or a street of an official list."""

    code: str
    name: str


@dataclass(frozen=True)
class Rename:
    """What one community or street was called and is called now; what is empty is not known, or stays as it was."""

    row: int = 0
    old_id: str = ""
    old_code: str = ""
    old_name: str = ""
    new_id: str = ""
    new_code: str = ""
    new_name: str = ""

    @property
    def street(self) -> bool:
        """Whether it is a street rather than a community."""
        code = self.old_code or self.new_code
        name = self.old_name or self.new_name
        return (
            len(code) == STREET
            if code
            else bool(re.search(r"(街道(办事处)?|镇|乡)$", name)) and not self.old_id
        )


@dataclass(frozen=True)
class Comparison:
    """What two lists come to.

    Attributes
    ----------
    renames
        Entries whose code or name changed.
    gone
        Entries of the old list that the new one does not have under any code or name that tells.
    ambiguous
        Entries that may have become any of several.
    same
        Number of entries that stayed.
    """

    renames: tuple[Rename, ...]
    gone: tuple[Entry, ...]
    ambiguous: tuple[tuple[Entry, tuple[Entry, ...]], ...]
    same: int


def compare(old: Sequence[Entry], new: Sequence[Entry]) -> Comparison:
    """Return what became of the entries of an old list.

    The same code is the same entry. An entry whose code is gone is the one of the same name in the same county whose
    code is new (the name as written, else but for 社区居委会, 村委会 and the like); of several, the one in the street to which most others of its old street went. A street that is gone
    became the one to which most of its communities went.
    """
    old_by, new_by = {e.code: e for e in old}, {e.code: e for e in new}
    fresh: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in new_by.values():
        if entry.code not in old_by:
            fresh[_key(entry)].append(entry)
    found: dict[str, Entry] = {}
    several: dict[str, tuple[Entry, ...]] = {}
    gone: list[Entry] = []
    for entry in old_by.values():
        if entry.code in new_by:
            found[entry.code] = new_by[entry.code]
            continue
        candidates = fresh.get(_key(entry), [])
        candidates = [c for c in candidates if c.name == entry.name] or candidates
        if len(candidates) == 1:
            found[entry.code] = candidates[0]
        elif candidates:
            several[entry.code] = tuple(candidates)
        elif len(entry.code) == STREET:
            continue
        else:
            gone.append(entry)
    went = _went(found)
    for code, many in list(several.items()):
        street = went.get(code[:STREET])
        near = [c for c in many if c.code[:STREET] == street]
        if len(near) == 1:
            found[code] = near[0]
            del several[code]
    gone += _one_each(found, several, old_by)
    for entry in old_by.values():
        if len(entry.code) == STREET and entry.code not in found and entry.code not in several:
            heir = new_by.get(went.get(entry.code, ""))
            if heir is not None:
                found[entry.code] = heir
            else:
                gone.append(entry)
    renames = [
        Rename(old_code=code, old_name=old_by[code].name, new_code=entry.code, new_name=entry.name)
        for code, entry in sorted(found.items())
        if entry != old_by[code]
    ]
    return Comparison(
        tuple(renames),
        tuple(sorted(gone, key=lambda e: e.code)),
        tuple((old_by[c], several[c]) for c in sorted(several)),
        sum(entry == old_by[code] for code, entry in found.items()),
    )


def _key(entry: Entry) -> tuple[str, str]:
    return f"{entry.code[:COUNTY]}:{len(entry.code)}", community_key(entry.name)


def _went(found: dict[str, Entry]) -> dict[str, str]:
    """Return old street → the street where most of its communities that moved are now."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, entry in found.items():
        if len(code) == COMMUNITY and code[:STREET] != entry.code[:STREET]:
            counts[code[:STREET]][entry.code[:STREET]] += 1
    return {street: min(c, key=lambda s: (-c[s], s)) for street, c in counts.items()}


def _one_each(
    found: dict[str, Entry], several: dict[str, tuple[Entry, ...]], old_by: dict[str, Entry]
) -> list[Entry]:
    """Take back what two entries became by name alone: two communities of one name are not known to be one.

    Where one of them has the very name, it stays, and the others are returned: nothing is known of them.
    """
    lost: list[Entry] = []
    claimed: dict[str, list[str]] = defaultdict(list)
    for code, entry in found.items():
        if code != entry.code and len(code) == COMMUNITY:
            claimed[entry.code].append(code)
    for codes in claimed.values():
        if len(codes) < 2:
            continue
        exact = [c for c in codes if old_by[c].name == found[c].name]
        for code in codes:
            if [code] == exact:
                continue
            heir = found.pop(code)
            if len(exact) == 1:
                lost.append(old_by[code])
            else:
                several[code] = (heir,)
    assert not set(several) & set(found)
    return lost
