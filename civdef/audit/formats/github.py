"""Annotations of GitHub Actions: one ``::error file=…`` line for each finding."""

from __future__ import annotations

from civdef.audit.result import Audit, Finding
from civdef.audit.rule import Severity
from civdef.text import Lang

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(audit: Audit, lang: Lang) -> str:
    """Return the annotations; nothing at all for a clean workspace."""
    return "".join(_line(f, lang) + "\n" for f in audit.findings)


def _line(finding: Finding, lang: Lang) -> str:
    place = finding.place
    fields = {
        "file": place.file,
        "line": place.line,
        "col": place.column,
        "title": f"{finding.code} {finding.name}",
    }
    given = ",".join(f"{k}={_property(str(v))}" for k, v in fields.items() if v is not None)
    message = f"{finding.message.in_(lang)}\n{finding.fix.in_(lang)}"
    return f"::{COMMANDS[finding.severity]} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
