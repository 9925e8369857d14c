"""A name in a register → the lines on the map that it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shapely.geometry.base import BaseGeometry

_KIND = re.compile(
    r"(?:大街|大道|公路|街道|胡同|[路街道巷弄]|\s*\b(?:road|rd|street|st|avenue|ave|lane|boulevard|blvd)\.?)$"
)
_SECTION = re.compile(r"^(?P<stem>.+?[路街道巷])(?:[东南西北中上下]|[一二三四五六七八九十0-9]+)段$")
_NUMBERED = re.compile(r"/([nwr]-?\d+(?:-\d+)?)$")
NEAREST = 3
"""How many names are offered for one that is not found."""


@dataclass(frozen=True)
class Found:
    """Lines of one name: `name` as on the map, `told` where it is not the name that was asked for."""

    name: str
    shapes: tuple[BaseGeometry, ...]
    told: bool


class Names:
    """Named lines by name.

    Parameters
    ----------
    named
        Names of a feature (Chinese, English) and its shape; the outline of an area counts as its line.
    """

    def __init__(self, named: Iterable[tuple[Sequence[str], BaseGeometry]]) -> None:
        self._shapes: dict[str, list[BaseGeometry]] = {}
        self._shown: dict[str, str] = {}
        self._stems: dict[str, set[str]] = {}
        for names, shape in named:
            for name in names:
                for key in {_key(name), _key(_SECTION.sub(r"\g<stem>", name))}:
                    self._shapes.setdefault(key, []).append(shape)
                    self._shown.setdefault(
                        key, name if key == _key(name) else _SECTION.sub(r"\g<stem>", name)
                    )
        for key in self._shapes:
            self._stems.setdefault(_KIND.sub("", key), set()).add(key)

    def find(self, ways: Sequence[str]) -> Found | None:
        """Return the lines that a name means: the name itself, or the only one that differs by 路, 街, 大街 and the like."""
        for way in ways:
            key = _key(way)
            if key in self._shapes:
                return Found(self._shown[key], tuple(self._shapes[key]), told=False)
        for way in ways:
            stem = _KIND.sub("", _key(way))
            like = self._stems.get(stem, set()) if len(stem) > 1 else set()
            if len(like) == 1:
                (key,) = like
                return Found(self._shown[key], tuple(self._shapes[key]), told=True)
        return None

    def near(self, ways: Sequence[str]) -> list[str]:
        """Return names on the map that are most like one that is not there."""
        keys = get_close_matches(_key(ways[-1]), sorted(self._shapes), n=NEAREST, cutoff=0.5)
        return [self._shown[k] for k in keys]


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def names_in(properties: Mapping[str, object]) -> list[str]:
    """Return the names that a feature of the workspace carries; none where an import made them up (see ``Identified.named``)."""
    given = (properties.get(k) for k in ("name_zh", "name_en"))
    found = list(dict.fromkeys(n.strip() for n in given if isinstance(n, str) and n.strip()))
    object_id = str(properties.get("id", ""))
    number = _NUMBERED.search(object_id)
    if object_id in found or (number and any(n.endswith(number[1]) for n in found)):
        return []
    return found
