"""Which version of a law is in force: our register of laws (``data/laws.toml``) under the workspace's own entries."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a law that binds.

    Attributes
    ----------
    year
        Of the version in force.
    since
        From when it binds; None: always.
    before
        Year of the version before; None: not known.
    source
        Where that was read.
    """

    title: str
    year: int
    since: dt.date | None
    before: int | None
    source: str


class Register:
    """Versions in force by title."""

    def __init__(self, versions: Mapping[str, Version]) -> None:
        self._versions = dict(versions)

    def __len__(self) -> int:
        return len(self._versions)

    def version(self, title: str) -> Version | None:
        """Return what is known of a law by its Chinese title, or None."""
        return self._versions.get(plain_title(title))

    def right_years(self, title: str, as_of: dt.date) -> tuple[int, ...]:
        """Return the years under which a law may be cited on a date; empty where it is not known.

        While a new version is made but does not bind yet, both it and the one before may be cited.
        """
        found = self.version(title)
        if found is None:
            return ()
        if found.since is not None and as_of < found.since:
            return tuple(y for y in (found.before, found.year) if y is not None)
        return (found.year,)


def plain_title(title: str) -> str:
    """Return a title without 《》, blanks, remarks in brackets and "中华人民共和国", so that spellings meet."""
    bare = re.sub(r"[《》〈〉\s]", "", title)
    bare = re.sub(r"[（(][^（()）]*[)）]$", "", bare)
    return bare.removeprefix("中华人民共和国")


@cache
def _shipped() -> Mapping[str, Version]:
    text = (files("civdef.audit") / "data" / "laws.toml").read_text(encoding="utf-8")
    return {
        plain_title(row["title"]): Version(
            row["title"], row["year"], row["from"], row.get("was"), row["source"]
        )
        for row in tomllib.loads(text)["law"]
    }


def register(own: Mapping[str, int]) -> Register:
    """Return the register with the workspace's own entries (Chinese title → year) on top."""
    versions = dict(_shipped())
    for title, year in own.items():
        key = plain_title(title)
        known = versions.get(key)
        if known is None or known.year != year:
            versions[key] = Version(title, year, None, None, "civdef.toml, audit.laws")
    return Register(versions)
