"""National identity numbers: recognised so that they are never stored.

A number has 18 characters (region, date of birth, serial, check character) or, before 1999, 15. Spreadsheets turn
them into numbers such as 4.40103196001011E+17; those are recognised by what is left of them.

Sources
-------
GB 11643-1999 (公民身份号码): structure, and the check character by ISO 7064 MOD 11-2. GB/T 2260: codes of provinces.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

PROVINCES = frozenset(
    [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62,
     63, 64, 65, 71, 81, 82, 83]
)  # fmt: skip
"""First two digits of an identity number; 9x is a foreigner's permanent residence card."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_18 = re.compile(r"(?<![0-9A-Za-z])(\d{6})[ \-]?(\d{4})[ \-]?(\d{4})[ \-]?(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_15 = re.compile(r"(?<![0-9A-Za-z.+\-])(\d{6})[ \-]?(\d{6})[ \-]?(\d{3})(?![0-9A-Za-z])")
_POWER = re.compile(r"(?<![0-9A-Za-z.])([1-9])\.?(\d*)[eE]\+?(14|17)(?![0-9])")
_MAYBE = re.compile(r"\d{6}|\d[eE]\+?1[47]")
"""What every number has, in whatever shape: most cells are done with at a glance (full-width digits are digits too)."""
_TITLES = re.compile(
    r"身份证|公民身份|身份号|证件号|idcard|idnumber|identity(card|number|no)|nationalid|citizenid", re.I
)
_OTHER_TITLES = re.compile(r"类型|种类|类别|是否|type|kind")

COLUMN_SHARE = 0.2
"""A column of which so many filled cells are identity numbers is a column of identity numbers; a tolerance, not a norm."""


def check_character(first17: str) -> str:
    """Return the check character of the first 17 digits."""
    return _CHECK[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def found(text: str) -> list[tuple[int, int]]:
    """Return where identity numbers stand in `text`, as (start, end).

    A number whose check character is wrong but whose region and date of birth are right counts: it is a slip of the
    pen, and still somebody's number.
    """
    if not _MAYBE.search(text):
        return []
    plain = _plain(text)
    spans = [m.span() for m in _18.finditer(plain) if _is_18(*m.groups())]
    spans += [m.span() for m in _15.finditer(plain) if _is_15(*m.groups()) and not _inside(m.span(), spans)]
    spans += [m.span() for m in _POWER.finditer(plain) if _is_power(m[1] + m[2])]
    return sorted(spans)


def without(text: str) -> tuple[str, int]:
    """Return `text` without identity numbers, and how many there were."""
    spans = found(text)
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    if spans:
        text = re.sub(r"(居民)?身份证号?码?[:：]?\s*(?=$|[，,；;。])|[（(]\s*[)）]", "", text)
        text = re.sub(r"\s{2,}", " ", text).strip(" ，,；;:：")
    return text, len(spans)


def is_number(value: object) -> bool:
    """Whether a cell holds an identity number and nothing else, as text or as a number."""
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return _is_numeric(value)
    if isinstance(value, str):
        plain = value.strip().strip("'’`")
        spans = found(plain)
        return len(spans) == 1 and not (plain[: spans[0][0]] + plain[spans[0][1] :]).strip()
    return False


def is_title(title: str) -> bool:
    """Whether a column's heading says that it holds identity numbers."""
    plain = re.sub(r"[\s_\-.（）()]", "", _plain(title))
    return bool(_TITLES.search(plain)) and not _OTHER_TITLES.search(plain)


def is_column(title: str, values: Iterable[object]) -> bool:
    """Whether a column holds identity numbers, by its heading or by its cells."""
    if is_title(title):
        return True
    filled = [v for v in values if v is not None and v != ""]
    hits = sum(is_number(v) for v in filled)
    return hits > 0 and hits >= COLUMN_SHARE * len(filled)


def _plain(text: str) -> str:
    """Return full-width digits and letters as plain ones; the length stays, so that places stay true."""
    if text.isascii():
        return text
    return "".join(f if len(f := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _is_18(region: str, year: str, day: str, serial: str) -> bool:
    if not _is_date(int(year), int(day[:2]), int(day[2:])):
        return False
    checked = check_character(region + year + day + serial[:3]) == serial[3].upper()
    return checked if region[0] == "9" else int(region[:2]) in PROVINCES


def _is_15(region: str, born: str, _serial: str) -> bool:
    return int(region[:2]) in PROVINCES and _is_date(1900 + int(born[:2]), int(born[2:4]), int(born[4:]))


def _is_power(digits: str) -> bool:
    return len(digits) >= 3 and int(digits[:2]) in PROVINCES


def _is_numeric(value: float) -> bool:
    if not 1e14 <= value < 1e18 or value != int(value):
        return False
    if value < 1e15:
        digits = str(int(value))
        return _is_15(digits[:6], digits[6:12], digits[12:])
    # Beyond 15 digits a number is rounded: the one before and the one after the day may be the one that was written.
    for near in (value, value - 1000, value + 1000):
        digits = str(round(near / 1000))
        if (
            len(digits) == 15
            and int(digits[:2]) in PROVINCES
            and _is_date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
        ):
            return True
    return False


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return 1850 <= dt.date(year, month, day).year <= 2100
    except ValueError:
        return False


def _inside(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in spans)
