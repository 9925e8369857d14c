"""What a rule is, what it may ask for, and what it yields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from civdef.source import Path
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.audit.context import View

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Gravest first."""

Profile = Literal["basic", "standard", "full"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
"""The ladder: each profile holds every rule of the ones before it."""

Need = Literal[
    "texts", "laws", "contents", "graph", "schedule", "streets", "coverage", "evacuation", "hazards", "run"
]
NEEDS: tuple[Need, ...] = get_args(Need)

CODE = re.compile(r"^[A-Z]{3}\d{3}$")
NAME = re.compile(r"^[a-z]+\.[a-z]+(-[a-z0-9]+)*$")
HEADINGS = ("disallow", "forbid", "no", "must", "require", "check", "ensure")
"""First words that would name the cure, or the checking, and not the fault."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule rests on: a law, a standard, or our own reasoning.

    Attributes
    ----------
    title
        Title, with year or number.
    clause
        Article or clause; None where the whole is meant.
    confirmed
        Whether the wording was read in the official text. What is not is marked "to be confirmed" in front of users.
    """

    title: Text
    clause: Text | None = None
    confirmed: bool = True

    @property
    def text(self) -> Text:
        """Title and clause in one line."""
        doubt = Text("", "") if self.confirmed else Text("（待核）", " (to be confirmed)")
        zh, en = (self.clause.zh, f" {self.clause.en}") if self.clause is not None else ("", "")
        return Text(f"{self.title.zh}{zh}{doubt.zh}", f"{self.title.en}{en}{doubt.en}")


@dataclass(frozen=True, slots=True)
class Hit:
    """One fault that a rule found. It names an object and a path inside it, never a line.

    Attributes
    ----------
    object_id
        Id of the object at fault, or a key of the source map such as ``settings`` or ``duty/3``.
    path
        Where inside the object, e.g. ``("tasks", 2, "after", 0)``; keys as in the file.
    message
        What is wrong here, with names and figures. Never a telephone number.
    fix
        What to do about it here.
    related
        Ids of other objects concerned.
    file, line
        For a fault in a plan's text: the file and line there.
    key
        Tells two faults of one rule at the same path apart, e.g. the content that is missing.
    """

    object_id: str
    path: Path
    message: Text
    fix: Text
    related: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The declaration of a rule.

    Attributes
    ----------
    code
        Three letters of the family and three digits, e.g. ``ORG001``. Never used again for another rule.
    name
        Dotted name of the *fault*; it reads well in "allow <name>".
    severity
        Unless ``audit.severity`` of the settings says otherwise: `error` — the plan cannot work or breaks a binding
        rule; `warning` — ought to be mended; `info` — worth knowing.
    profile
        The first rung of the ladder that holds the rule.
    title, why, fix
        What it finds; why that matters; how it is mended.
    wrong, right
        A short example of each, as it would stand in the workspace.
    sources
        What it rests on; at least one.
    needs
        What it asks of the context besides the workspace; anything else is refused.
    settings
        Keys of ``civdef.toml`` that it obeys.
    """

    code: str
    name: str
    severity: Severity
    profile: Profile
    title: Text
    why: Text
    fix: Text
    wrong: str
    right: str
    sources: tuple[Source, ...]
    needs: tuple[Need, ...] = ()
    settings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a declaration that would not read well. Raises ``ValueError``."""
        if not CODE.match(self.code):
            raise ValueError(f"{self.code}: a code is three capitals and three digits")
        if not NAME.match(self.name) or self.name.partition(".")[2].split("-")[0] in HEADINGS:
            raise ValueError(f"{self.code}: {self.name!r} does not read as 'allow <fault>'")
        if self.severity not in SEVERITIES or self.profile not in PROFILES:
            raise ValueError(f"{self.code}: unknown severity or profile")
        if not self.sources:
            raise ValueError(f"{self.code}: a rule rests on something; name it")
        unknown = set(self.needs) - set(NEEDS)
        if unknown:
            raise ValueError(f"{self.code}: unknown needs {sorted(unknown)}")

    @property
    def family(self) -> str:
        """The three letters of the code."""
        return self.code[:3]

    def in_profile(self, profile: Profile) -> bool:
        """Return whether `profile` holds this rule."""
        return PROFILES.index(self.profile) <= PROFILES.index(profile)


Check = Callable[["View"], Iterator[Hit]]

FAMILIES: dict[str, Text] = {
    "AUD": Text("审查本身", "the audit itself"),
    "TXT": Text("预案正文", "plan texts"),
    "ORG": Text("组织与人员", "organisation and people"),
    "TSK": Text("任务与响应", "tasks and response"),
    "RES": Text("物资与车辆", "equipment and vehicles"),
    "GEO": Text("场所与可达", "places and reach"),
    "DAT": Text("日期与时限", "dates and intervals"),
    "LAW": Text("法律与术语", "law and terms"),
}
"""Family → what it is about; a rule of a family that is not here is refused."""
