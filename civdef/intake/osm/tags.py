"""Reading the values of tags: names, lengths, counts, yes and no."""

from __future__ import annotations

import math
import re

from civdef.intake.osm.records import Tags
from civdef.text import Text

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NUMBER = re.compile(r"^\s*([+-]?\d+(?:[.,]\d+)?)\s*(.*?)\s*$")
_FEET_INCHES = re.compile(r"^\s*(\d+)\s*'\s*(?:(\d+)\s*\"\s*)?$")
_METRES = {"": 1.0, "m": 1.0, "米": 1.0, "cm": 0.01, "km": 1000.0, "ft": 0.3048, "'": 0.3048}
_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
NO = frozenset({"no", "false", "0", "none"})
YES = frozenset({"yes", "true", "1"})
LONGEST_NAME = 120
"""Longer names are cut [characters]."""


def is_set(tags: Tags, key: str) -> bool:
    """Whether a tag is there and does not say no."""
    return tags.get(key, "no").strip().lower() not in NO


def first(value: str | None) -> str:
    """Return the first of several values written ``a;b``, lower-case."""
    return (value or "").split(";")[0].strip().lower()


def length_m(value: str | None) -> float | None:
    """Return a length such as ``3.5``, ``3,5 m``, ``350 cm`` or ``10'6"`` [m]; None where it is none."""
    text = (value or "").split(";")[0]
    feet = _FEET_INCHES.match(text)
    if feet:
        return int(feet[1]) * 0.3048 + int(feet[2] or 0) * 0.0254
    return _scaled(text, _METRES)


def speed_kmh(value: str | None) -> float | None:
    """Return a speed such as ``50`` or ``30 mph`` [km/h]; None where it is none."""
    return _scaled((value or "").split(";")[0], _KMH)


def number(value: str | None) -> float | None:
    """Return the first number of a value, None where it is none."""
    return _scaled((value or "").split(";")[0], {"": 1.0})


def whole(value: str | None, low: int, high: int) -> int | None:
    """Return a count, rounded up (a half floor is one to walk down), None where it is none or out of range."""
    found = number(value)
    if found is None or not low <= math.ceil(found) <= high:
        return None
    return math.ceil(found)


def year(value: str | None) -> int | None:
    """Return the year a date starts with, None where it has none that can be."""
    found = re.match(r"^\s*(\d{4})(?:\D|$)", value or "")
    return int(found[1]) if found and 1000 <= int(found[1]) <= 2100 else None


def names(tags: Tags) -> dict[str, str]:
    """Return ``name_zh`` and ``name_en``, as many as there are; a plain name goes where its script says."""
    plain = clean(tags.get("name"))
    zh = next((n for k in ("name:zh", "name:zh-Hans", "name:zh-CN") if (n := clean(tags.get(k)))), None)
    en = clean(tags.get("name:en")) or clean(tags.get("int_name"))
    if plain:
        if _HAN.search(plain):
            zh = zh or plain
        else:
            en = en or plain
    zh = zh or clean(tags.get("name:zh-Hant"))
    return {k: v for k, v in (("name_zh", zh), ("name_en", en)) if v}


def called(tags: Tags, what: Text, part: str) -> dict[str, str]:
    """Return a thing's name; where it has none, what it is and the number it has in OpenStreetMap."""
    return names(tags) or numbered(what, part)


def numbered(what: Text, part: str) -> dict[str, str]:
    """Return the name of a thing without one, e.g. 房屋 w123; maps know not to print it."""
    return {"name_zh": f"{what.zh} {part}", "name_en": f"{what.en} {part}"}


def address(tags: Tags) -> dict[str, str]:
    """Return street and house number as a name; empty where either is not known."""
    street, house = clean(tags.get("addr:street")), clean(tags.get("addr:housenumber"))
    if not street or not house:
        return {}
    if _HAN.search(street):
        return {"name_zh": street + house + ("" if house[-1:] in "号號" else "号")}
    return {"name_en": f"{street} {house}"}


def clean(value: str | None) -> str | None:
    """Return text without what cannot be printed, None where nothing is left."""
    text = " ".join("".join(c if c.isprintable() else " " for c in value or "").split())
    return text[:LONGEST_NAME].strip() or None


def _scaled(text: str, units: dict[str, float]) -> float | None:
    found = _NUMBER.match(text)
    if not found or found[2].lower() not in units:
        return None
    value = float(found[1].replace(",", ".")) * units[found[2].lower()]
    return value if math.isfinite(value) else None
