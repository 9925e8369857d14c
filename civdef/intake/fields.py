"""Columns of the source → fields of civdef: mapping, constants, names and ids."""

from __future__ import annotations

import contextlib
import json
import math
import re
import string
from collections.abc import Mapping
from typing import Any

_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SLUG = re.compile(r"[^a-z0-9]+")


class Fields:
    """Reads the fields of one row.

    Parameters
    ----------
    mapping
        Field of civdef → column of the source, or a template such as ``{KEL_NAME} {RW}``.
    constants
        Field of civdef → value for every row.
    """

    def __init__(self, mapping: Mapping[str, str], constants: Mapping[str, str]) -> None:
        self.mapping = mapping
        self.constants = constants

    def columns(self) -> set[str]:
        """Return every column of the source that is used."""
        used: set[str] = set()
        for value in self.mapping.values():
            found = template_columns(value)
            used |= found or {value}
        return used

    def get(self, row: Mapping[str, Any], field: str) -> Any:
        """Return the value of a field, None where the row has none. A field that is not mapped takes its own name's column."""
        if field in self.constants:
            return self.constants[field]
        source = self.mapping.get(field, field)
        if template_columns(source):
            parts = {c: _clean(row.get(c)) for c in template_columns(source)}
            if all(v is None for v in parts.values()):
                return None
            return source.format(**{c: "" if v is None else v for c, v in parts.items()}).strip()
        return _clean(row.get(source))

    def number(self, row: Mapping[str, Any], field: str) -> float | None:
        """Return a field as a number, None where it is missing or no number."""
        value = self.get(row, field)
        if isinstance(value, dict):
            value = value.get("value")
        try:
            number = float(value) if value is not None else None
        except (TypeError, ValueError):
            return None
        return number if number is not None and math.isfinite(number) else None

    def names(self, row: Mapping[str, Any], stem: str = "name") -> dict[str, str]:
        """Return ``name_zh`` and ``name_en`` (or those of another `stem`); a plain ``name`` goes where its script says."""
        out: dict[str, str] = {}
        for field in (f"{stem}_zh", f"{stem}_en"):
            value = self.get(row, field)
            if value is not None:
                out[field] = str(value)
        value = self.get(row, stem)
        if value is not None:
            out.setdefault(f"{stem}_zh" if _CJK.search(str(value)) else f"{stem}_en", str(value))
        return out


def template_columns(source: str) -> set[str]:
    """Return the columns named in a template ``{A} {B}``; empty for a plain column name."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(source) if name}
    except ValueError:
        return set()


class Ids:
    """Gives out ids that are stable for the same input and never repeat.

    Attributes
    ----------
    made
        Those that rest on no id of the source, but on a name or the order of rows.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.used: set[str] = set()
        self.made: set[str] = set()

    def take(self, wanted: Any, fallback: str) -> str:
        """Return an id made from a value of the source, or from `fallback`; repeats get a number.

        A value that is an id of this kind already (``building/a.1``) stays as it is.
        """
        given = _own_id(self.kind, wanted) or (slug(str(wanted)) if wanted is not None else "")
        stem = given or slug(fallback) or "x"
        name, number = stem, 2
        while f"{self.kind}/{name}" in self.used:
            name, number = f"{stem}-{number}", number + 1
        made = f"{self.kind}/{name}"
        self.used.add(made)
        if not given or name != stem:
            self.made.add(made)
        return made


def _own_id(kind: str, wanted: Any) -> str:
    """Return the part after the slash of a value that is already an id of `kind`, else nothing."""
    text = str(wanted).strip() if wanted is not None else ""
    return text.removeprefix(f"{kind}/") if re.fullmatch(rf"{kind}/[a-z0-9][a-z0-9.-]*", text) else ""


def slug(text: str) -> str:
    """Return lower-case letters and digits of `text` joined by hyphens; empty if there are none."""
    text = re.sub(r"\.0$", "", text.strip().lower())
    return _SLUG.sub("-", text).strip("-")[:60].strip("-")


def _clean(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        text = value.strip()
        if text[:1] + text[-1:] in ("[]", "{}"):
            with contextlib.suppress(ValueError):
                return json.loads(text)
        return text or None
    to_plain = getattr(value, "tolist", None)
    return to_plain() if callable(to_plain) else value
