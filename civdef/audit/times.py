"""Times that a Chinese clause states, such as 20分钟内, 2小时, 一个半小时, 半小时."""

from __future__ import annotations

import re

_DIGIT = {
    "零": 0,
    "〇": 0,
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
_CHINESE = "零〇一二两三四五六七八九十百"
_UNIT_MIN = {"分钟": 1.0, "小时": 60.0, "日": 1440.0, "天": 1440.0}
_TIME = re.compile(
    rf"(?P<half>半)?个?(?P<number>\d+(?:\.\d+)?|[{_CHINESE}]+)?\s*(?:个(?P<and_half>半)?)?\s*(?P<unit>分钟|小时)"
)


def stated_times_min(text: str) -> tuple[float, ...]:
    """Return the spans of minutes and hours that a text states, in its order, each once [min].

    Days and dates are left out: they are no due times of a response. ``十五分钟`` is 15, ``一个半小时`` 90, ``半小时`` 30.
    """
    found: dict[float, None] = {}
    for match in _TIME.finditer(text):
        unit = _UNIT_MIN[match["unit"]]
        if match["number"] is not None:
            value = float(match["number"]) if match["number"][0].isdigit() else float(_whole(match["number"]))
            value += 0.5 if match["and_half"] else 0
        elif match["half"]:
            value = 0.5
        else:
            continue
        found.setdefault(value * unit)
    return tuple(found)


def _whole(digits: str) -> int:
    """Return a Chinese whole number below a thousand."""
    total, current = 0, 0
    for character in digits:
        if character == "百":
            total += (current or 1) * 100
            current = 0
        elif character == "十":
            total += (current or 1) * 10
            current = 0
        else:
            current = _DIGIT[character]
    return total + current
