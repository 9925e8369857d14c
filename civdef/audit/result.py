"""What an audit found: as data in two languages, and as the JSON document of one run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import Field

from civdef.audit.rule import SEVERITIES, Profile, Rule, Severity, Source
from civdef.result import Record, Result
from civdef.source import Path, Place
from civdef.text import Lang, Text

Reason = Literal["profile", "settings", "only"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with its place, in both languages."""

    code: str
    name: str
    severity: Severity
    place: Place
    object_id: str
    path: Path
    message: Text
    fix: Text
    sources: tuple[Source, ...]
    related: tuple[str, ...] = ()
    key: str = ""

    @property
    def objects(self) -> tuple[str, ...]:
        """The object at fault, then the others concerned, each once."""
        return tuple(dict.fromkeys((self.object_id, *self.related)))

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that stay the same when lines move: of code, object, path, key and related objects."""
        parts = (self.code, self.object_id, *map(str, self.path), "|", self.key, *self.related)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    @property
    def order(self) -> tuple[str, int, int, str, str, str]:
        """Sort key: file, line, column, code, then object and message."""
        place = self.place
        return (
            place.file,
            place.line or 0,
            place.column or 0,
            self.code,
            self.object_id,
            self.message.en,
        )


@dataclass(frozen=True)
class Audit:
    """Everything one audit has to say.

    Attributes
    ----------
    findings
        In the order of files and lines.
    run
        Codes of the rules that ran.
    off
        Rules that did not run → why not.
    unanswered
        Rules whose question has no answer in this workspace → why.
    plans
        Plans asked for; empty: everything.
    outside
        Findings left out because they do not concern `plans`.
    rules
        Code → declaration, of every rule that exists.
    inputs
        Workspace file → hash.
    """

    profile: Profile
    findings: tuple[Finding, ...]
    run: tuple[str, ...]
    off: Mapping[str, Reason]
    unanswered: Mapping[str, Text]
    rules: Mapping[str, Rule]
    plans: tuple[str, ...] = ()
    outside: int = 0
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Severity, int]:
        """Severity → how many findings, gravest first."""
        return {s: sum(f.severity == s for f in self.findings) for s in SEVERITIES}

    def fails(self, fail_on: Severity) -> bool:
        """Return whether there is a finding as grave as `fail_on`, or graver."""
        limit = SEVERITIES.index(fail_on)
        return any(SEVERITIES.index(f.severity) <= limit for f in self.findings)

    def result(self, lang: Lang) -> AuditResult:
        """Return the JSON document; its sentences are in `lang`, everything else does not depend on it."""
        return AuditResult(
            inputs=dict(self.inputs),
            lang=lang,
            profile=self.profile,
            counts=Counts(**self.counts),
            findings=[_record(f, lang) for f in self.findings],
            rules_run=list(self.run),
            rules_off=[
                RuleOff(code=c, name=self.rules[c].name, reason=r) for c, r in sorted(self.off.items())
            ],
            rules_unanswered=[
                RuleUnanswered(code=c, name=self.rules[c].name, why=w.in_(lang))
                for c, w in sorted(self.unanswered.items())
            ],
            plans=list(self.plans),
            outside_plans=self.outside,
        )


class FindingRecord(Record):
    """A finding as data; `message`, `fix` and `sources` are in the language of the run."""

    code: str = Field(description="code of the rule, e.g. ORG001")
    name: str = Field(description="dotted name of the fault")
    severity: Severity
    file: str = Field(description="workspace file, with forward slashes")
    line: int | None = Field(description="1-based")
    column: int | None = Field(description="1-based")
    row: int | None = Field(description="1-based data row of a table")
    feature: int | None = Field(description="0-based index of a GeoJSON feature")
    message: str = Field(description="what is wrong here")
    fix: str = Field(description="what to do about it here")
    objects: list[str] = Field(description="ids: the object at fault first, then the others concerned")
    path: list[str | int] = Field(description="where inside the first object, keys as in the file")
    sources: list[str] = Field(description="laws, standards and clauses behind the rule")
    fingerprint: str = Field(description="stays the same when lines move")


class Counts(Record):
    """Findings by severity."""

    error: int
    warning: int
    info: int


class RuleOff(Record):
    """A rule that did not run."""

    code: str
    name: str
    reason: Reason = Field(
        description="profile: stands on a higher rung; settings: audit.disable; only: another was asked for"
    )


class RuleUnanswered(Record):
    """A rule whose question has no answer in this workspace."""

    code: str
    name: str
    why: str


class AuditResult(Result):
    """What ``civdef audit`` found."""

    SCHEMA: ClassVar[str] = "civdef.audit/1"

    lang: Lang = Field(description="language of the sentences in this document")
    profile: Profile
    counts: Counts
    findings: list[FindingRecord]
    rules_run: list[str] = Field(description="codes")
    rules_off: list[RuleOff]
    rules_unanswered: list[RuleUnanswered]
    plans: list[str] = Field(description="plans asked for; empty: everything")
    outside_plans: int = Field(description="findings left out because they do not concern those plans")


def _record(f: Finding, lang: Lang) -> FindingRecord:
    return FindingRecord(
        code=f.code,
        name=f.name,
        severity=f.severity,
        file=f.place.file,
        line=f.place.line,
        column=f.place.column,
        row=f.place.row,
        feature=f.place.feature,
        message=f.message.in_(lang),
        fix=f.fix.in_(lang),
        objects=list(f.objects),
        path=list(f.path),
        sources=[s.text.in_(lang) for s in f.sources],
        fingerprint=f.fingerprint,
    )
