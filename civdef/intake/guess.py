"""Which column of a foreign layer holds which field, where the user has not said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

_BRACKETS = re.compile(
    r"[(\[（【][^)\]）】]{0,80}[)\]）】]"
)  # bounded: a line of brackets must not take minutes
_JOINTS = re.compile(r"[\s_\-./:：、]+")

CUT_BYTES = 8
"""A column name at least this long may be the beginning of a longer one: Shapefiles keep ten bytes of it."""


def plain(name: str) -> str:
    """Return a column's name as it is compared: one width and case, no units in brackets, no spaces or joints."""
    text = unicodedata.normalize("NFKC", name)
    return _JOINTS.sub("", _BRACKETS.sub("", text)).casefold()


def guess(
    columns: Sequence[str], synonyms: Mapping[str, Sequence[str]], given: Mapping[str, str]
) -> dict[str, str]:
    """Return field → column for fields that nobody mapped, best synonym first; no column serves twice.

    Parameters
    ----------
    synonyms
        Field → names offices give the column, the most telling first. A field's own name is always one.
    given
        Field → column that the user named; these fields and columns are taken.
    """
    forms: dict[str, str] = {}
    for column in columns:
        forms.setdefault(plain(column), column)
    taken = set(given.values())
    found: dict[str, str] = {}
    for field, names in synonyms.items():
        if field in given or field in columns:
            continue
        for name in names:
            fits = forms.get(plain(name)) or _cut(plain(name), forms)
            if fits is not None and fits not in taken:
                found[field] = fits
                taken.add(fits)
                break
    return found


def _cut(wanted: str, forms: Mapping[str, str]) -> str | None:
    """Return the column whose name is the beginning of `wanted`, cut by a Shapefile."""
    for form, column in forms.items():
        if wanted != form and wanted.startswith(form) and len(form.encode("gb18030", "replace")) >= CUT_BYTES:
            return column
    return None
