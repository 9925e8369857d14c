"""Markdown with numbered clauses → :class:`civdef.model.workspace.PlanText`."""

from __future__ import annotations

import re

from civdef.model.workspace import Clause, PlanText

_HEADING = re.compile(r"^#{1,6}\s+(?:第?)(?P<n>\d+(?:\.\d+)*)[.、．]?\s+(?P<rest>.+?)\s*$")
_PARAGRAPH = re.compile(r"^(?:\*\*)?(?P<n>\d+(?:\.\d+)+)(?:\*\*)?[.、．]?\s+(?P<rest>.+?)\s*$")
_TITLE = re.compile(r"^#\s+(?P<t>.+?)\s*$")


def parse_text(text: str, file: str) -> PlanText:
    """Return the title and the numbered clauses; a clause's body runs to the next number."""
    title = ""
    clauses: dict[str, Clause] = {}
    number, heading, line = "", "", 0
    body: list[str] = []
    for at, row in enumerate(text.splitlines(), start=1):
        found = _HEADING.match(row) or _PARAGRAPH.match(row)
        if found:
            if number:
                clauses.setdefault(number, Clause(number, heading, "\n".join(body).strip(), line))
            number, line, body = found["n"], at, []
            heading = found["rest"] if row.startswith("#") else ""
            if not heading:
                body.append(found["rest"])
            continue
        if not title and (head := _TITLE.match(row)):
            title = head["t"]
        elif number:
            body.append(row)
    if number:
        clauses.setdefault(number, Clause(number, heading, "\n".join(body).strip(), line))
    return PlanText(file, title, clauses, text)
