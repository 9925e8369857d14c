"""Names of columns as a file has them → names of which none stands twice."""

from __future__ import annotations

from collections.abc import Iterable


def distinct(names: Iterable[str], *, keep_empty: bool = False) -> list[str]:
    """Return the names, a second one of the same name with a number; empty ones too, unless they are to stay empty.

    Takes time in proportion to their number: a hostile heading has 100,000 of one name.
    """
    found: list[str] = []
    taken: set[str] = set()
    last: dict[str, int] = {}
    for stem in names:
        name, number = stem, last.get(stem, 1)
        while name in taken and (name or not keep_empty):
            number += 1
            name = f"{stem} {number}"
        last[stem] = number
        taken.add(name)
        found.append(name)
    return found
