"""Addresses as registers write them: 碧波花园3号楼2单元501室 → building, stairwell, floor."""

from __future__ import annotations

import re
import unicodedata

from civdef.intake.registers.draft import Draft
from civdef.intake.registers.values import chinese_number

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_ADDRESS = re.compile(
    rf"^(?P<building>.+?(?:号楼|栋|幢|座|号|#楼?|楼))?\s*(?:(?P<stairwell>{_NUMBER})\s*(?:单元|门洞|门))?"
    rf"\s*(?:(?P<floor>-?{_NUMBER})\s*(?:层|楼))?\s*[-—]?\s*(?:(?P<room>\d{{3,4}})\s*(?:室|号|户|房)?)?$"
)
_DASHED = re.compile(r"^(?P<building>\d{1,3})[-—](?P<stairwell>\d{1,2})[-—](?P<room>\d{3,4})$")


def split_address(draft: Draft) -> None:
    """Fill building, stairwell and floor from an address or room number, where the register has them together."""
    values = draft.values
    written = unicodedata.normalize("NFKC", values.pop("address", "")).strip()
    if written:
        found = _DASHED.match(written) or _ADDRESS.match(written)
        if found is None:
            values.setdefault("building", written)
        else:
            parts = found.groupdict()
            for name in ("building", "stairwell", "floor"):
                if parts.get(name):
                    number = parts[name] if name == "building" else _whole(parts[name])
                    if number:
                        values.setdefault(name, number)
            if parts.get("room"):
                values.setdefault("room", parts["room"])
    room = re.sub(r"\D", "", values.get("room", ""))
    if len(room) in (3, 4) and "floor" not in values and room[:-2].lstrip("0"):
        values["floor"] = str(int(room[:-2]))


def _whole(text: str) -> str:
    if re.fullmatch(r"-?\d+", text):
        return str(int(text))
    number = chinese_number(text)
    return "" if number is None else str(number)
