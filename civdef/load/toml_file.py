"""TOML → plain data and the line of every key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from civdef.errors import Fault
from civdef.source import Path, Place
from civdef.text import Text

_HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+\s*(#.*)?$")
_KEY = re.compile(r"^(\s*)([A-Za-z0-9_\-.\"']+)\s*=")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass
class TomlFile:
    """One parsed file: `data`, `marks` (path → line and column) and `faults`."""

    data: dict[str, Any] = field(default_factory=dict)
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def parse_toml(text: str, file: str) -> TomlFile:
    """Parse `text`; everything wrong goes to `faults`."""
    out = TomlFile()
    try:
        out.data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _AT.search(str(error))
        place = Place(file, int(found[1]), int(found[2])) if found else Place(file)
        why = _AT.sub("", str(error)).strip()
        out.faults.append(
            Fault(
                "toml-syntax", place, Text("TOML 语法错误：{why}", "TOML syntax error: {why}").format(why=why)
            )
        )
        return out
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _path(header[1])
            out.marks.setdefault(table, (number, line.index("[") + 1))
            continue
        key = _KEY.match(line)
        if key:
            path = table + _path(key[2])
            for cut in range(len(table) + 1, len(path) + 1):
                out.marks.setdefault(path[:cut], (number, len(key[1]) + 1))
    return out


def _path(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
