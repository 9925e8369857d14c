"""Cells as people fill them in → values of the workspace, as text; and why not, where they cannot be read."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass

from civdef.intake.registers.columns import Column, Kind, plain
from civdef.intake.sheet import Cell
from civdef.text import Text, listing, nearest

EMPTY = {
    "",
    "/",
    "\\",
    "-",
    "--",
    "---",
    "—",
    "——",
    "无",
    "暂无",
    "没有",
    "n/a",
    "na",
    "null",
    "none",
    "nil",
    "*",
    "?",
    "？",
    "待定",
    "未知",
    "不详",
}
"""What offices write into a cell that has nothing to say; not applied to free text, where it may mean something."""

_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f]")
_HAN = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED_NAME = re.compile(f"[{_HAN}](\\s+[{_HAN}]{{1,2}}){{1,3}}")
_WHOLE = re.compile(r"(?:约|共)?([+-]?\d[\d,]*)(?:\.0+)?\s*([^\d\s.]{0,3})")
_NUMBER = re.compile(r"(?:约)?([+-]?\d[\d,]*(?:\.\d+)?)\s*([^\d\s]{0,4})")
_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_YMD = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?")
_YM = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = (20_000, 80_000)
"""Numbers taken as days since 1899-12-30, as spreadsheets count: 1954 to 2119."""
_PHONE = re.compile(r"[0-9+][0-9 \-]{4,19}")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*\d{1,6}$", re.I)
_BETWEEN_PHONES = re.compile(r"[/、，,；;|\n]|\s{2,}|(?<=\d{11})\s+(?=\d{11})|或")
_SEMICOLONS = re.compile(r"[;；]+")
_PARTS = re.compile(r"[、，,/\n]+")


@dataclass(frozen=True)
class Read:
    """A cell that was read.

    Attributes
    ----------
    value
        As the workspace stores it; empty for nothing.
    told
        What was changed on the way, or why the cell cannot be used (`value` is empty then).
    more
        A second value in the same cell, e.g. another telephone number.
    """

    value: str
    told: Text | None = None
    more: str = ""


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without ``.0``, dates as 2026-11-01, no invisible characters at the ends."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        if "\r" in cell:
            cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        return _INVISIBLE.sub("", cell).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def read(column: Column, cell: Cell) -> Read:
    """Return a cell as its column wants it."""
    text = text_of(cell)
    if text in _ERRORS:
        said = Text("{c}是公式错误值 {t}，留空", "{c} is the error {t} of a formula; left empty")
        return Read("", said.format(c=column.title, t=text))
    if column.kind in (Kind.TEXT, Kind.ID, Kind.REF):
        if column.kind is Kind.REF and text.casefold() in EMPTY:
            return Read("")
        return Read(text)
    if column.kind is Kind.NAME:
        return Read(person_name(text))
    if text.casefold() in EMPTY:
        return Read("")
    if column.kind is Kind.PHONE:
        return phone(text)
    if column.kind is Kind.DATE:
        return date(cell, month_end=column.month_end)
    if column.kind is Kind.WHOLE:
        return whole(text, column)
    if column.kind is Kind.NUMBER:
        return number(text, column)
    if column.kind is Kind.LIST:
        return several(text, column)
    return choice(text, column)


def person_name(text: str) -> str:
    """Return a name; 张　三, spaced out to the width of three characters, is 张三."""
    if _SPACED_NAME.fullmatch(text):
        return re.sub(r"\s+", "", text)
    return _SPACES.sub(" ", text)


def phone(text: str) -> Read:
    """Return a telephone number, and a second one where the cell holds two."""
    wide = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-").replace("－", "-")
    wide = re.sub(r"^(?:tel|电话|手机|座机|联系电话)[:：.]?\s*", "", wide.strip(" '’`"), flags=re.I)
    found: list[str] = []
    told: Text | None = None
    for part in (p.strip() for p in _BETWEEN_PHONES.split(wide)):
        if not part:
            continue
        bare = _EXTENSION.sub("", part).strip()
        if bare != part:
            told = Text("电话 {p} 的分机号未保存", "The extension of {p} is not kept").format(p=part)
        bare = re.sub(r"[()（）]", "-", bare).strip("-").replace("--", "-")
        if _PHONE.fullmatch(bare):
            found.append(bare)
    if not found:
        return Read(
            "", Text("不是电话号码：{p}，留空", "No telephone number: {p}; left empty").format(p=_short(text))
        )
    if len(found) > 2:
        told = Text("电话 {p} 只保存前两个", "Only the first two of {p} are kept").format(p=_short(text))
    return Read(found[0], told, found[1] if len(found) > 1 else "")


def date(cell: Cell, *, month_end: bool) -> Read:
    """Return a date as 2026-11-01 from a date, a spreadsheet's day number, or text such as 2026年11月1日."""
    if isinstance(cell, dt.datetime):
        return _dated(cell.date())
    if isinstance(cell, dt.date):
        return _dated(cell)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text_of(cell)).strip(" '"))
    if text in ("长期", "永久", "长期有效", "无期限"):
        return Read("")
    serial = float(text) if re.fullmatch(r"\d{5}(?:\.\d+)?", text) else None
    if serial is not None and _SERIAL[0] <= serial <= _SERIAL[1]:
        return _dated(dt.date(1899, 12, 30) + dt.timedelta(days=int(serial)))
    full = _YMD.fullmatch(re.sub(r"(?<=\d)(?=\d{1,2}:\d{2})", "", text)) or _PACKED.fullmatch(text)
    try:
        if full:
            return _dated(dt.date(int(full[1]), int(full[2]), int(full[3])))
        month = _YM.fullmatch(text)
        if month:
            year, number = int(month[1]), int(month[2])
            day = calendar.monthrange(year, number)[1] if month_end else 1
            found = dt.date(year, number, day)
            said = Text("{t} 只有年月，记为 {d}", "{t} names a month only: taken as {d}").format(
                t=text, d=found
            )
            return Read(found.isoformat(), said)
    except ValueError:  # the 31st of a short month, month 13
        pass
    return Read("", Text("不是日期：{t}，留空", "No date: {t}; left empty").format(t=_short(text)))


def whole(text: str, column: Column) -> Read:
    """Return a whole number from ``12``, ``12.0``, ``1,200``, ``12人`` or ``十二``."""
    plain_text = unicodedata.normalize("NFKC", text).strip()
    found = _WHOLE.fullmatch(plain_text)
    if found:
        return _ranged(int(found[1].replace(",", "")), column, more=found[2])
    spelled = chinese_number(re.sub(r"[人户个台套辆件名位层楼座]$", "", plain_text))
    if spelled is not None:
        return _ranged(spelled, column)
    said = Text("{c} 不是整数：{t}", "{c} is no whole number: {t}").format(c=column.title, t=_short(text))
    return Read("", said)


def number(text: str, column: Column) -> Read:
    """Return a number from ``12.5``, ``12.5分钟``."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found:
        written = found[1].replace(",", "").removeprefix("+")
        return _ranged(float(written), column, written=written)
    said = Text("{c} 不是数字：{t}", "{c} is no number: {t}").format(c=column.title, t=_short(text))
    return Read("", said)


def choice(text: str, column: Column) -> Read:
    """Return the code of an enumeration's value."""
    code = column.codes.get(plain(text))
    if code is None and column.open:
        return Read(text)
    if code is None and column.other is not None:
        if re.fullmatch(r"[a-z][a-z_]*", text):
            return Read(text)
        said = Text("{c}“{t}”不在所列各项，记为{o}", "{c} {t} is none of those listed: taken as {o}")
        label = column.labels.get(column.other, Text(column.other, column.other))
        return Read(column.other, said.format(c=column.title, t=_short(text), o=label))
    if code is None:
        words = [c.label.zh for c in column.choices] + [c.label.en for c in column.choices]
        near = nearest(text, words)
        said = Text("{c}“{t}”不在所列各项（{k}）", "{c} {t} is none of {k}")
        filled = said.format(c=column.title, t=_short(text), k=listing(c.label for c in column.choices))
        if near:
            filled = Text(f"{filled.zh}，是否想写 {near}？", f"{filled.en}. Did you mean {near}?")
        return Read("", filled)
    return Read(code)


def several(text: str, column: Column) -> Read:
    """Return a list ``a;b`` from values separated by semicolons, or where there are none by 、 , or /."""
    between = _SEMICOLONS if _SEMICOLONS.search(text) else _PARTS
    parts = [p.strip() for p in between.split(text) if p.strip()]
    return Read(";".join(dict.fromkeys(column.codes.get(plain(p), p) for p in parts)))


def chinese_number(text: str) -> int | None:
    """Return a number from 0 to 9999 spelled in Chinese, such as 二十三 or 一百零五; None for anything else."""
    if not text or any(c not in _DIGITS and c not in "十百千" for c in text):
        return None
    if not any(c in "十百千" for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) < 5 else None
    total, digit = 0, None
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c] or None
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = None
    return total + (digit or 0)


def _dated(found: dt.date) -> Read:
    if not 1900 <= found.year <= 2200:
        said = Text("日期年份不对：{d}，留空", "The year is wrong: {d}; left empty").format(
            d=found.isoformat()
        )
        return Read("", said)
    return Read(found.isoformat())


def _ranged(value: float, column: Column, more: str = "", written: str = "") -> Read:
    if (column.low is not None and value < column.low) or (column.high is not None and value > column.high):
        limits = Text(f"{_or(column.low)} 至 {_or(column.high)}", f"{_or(column.low)} to {_or(column.high)}")
        said = Text("{c} 应为 {l}，实为 {v}", "{c} must be {l}, and is {v}")
        return Read("", said.format(c=column.title, l=limits, v=f"{value:g}"))
    return Read(written or str(value), more=more)


def _or(limit: float | None) -> str:
    return "…" if limit is None else f"{limit:g}"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
