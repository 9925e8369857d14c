"""What a street's plan must speak of (``data/contents.toml``), and whether a text does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from civdef.audit.rule import Source
from civdef.audit.standards import PLAN_MEASURES, RESPONSE_LAW
from civdef.model.plan import Plan
from civdef.model.workspace import PlanText
from civdef.text import Text

SOURCES: dict[str, Source] = {
    "response-law-28": RESPONSE_LAW.article(28),
    "plan-measures-15": PLAN_MEASURES.article(15),
}


@dataclass(frozen=True, slots=True)
class Content:
    """One thing that a plan must speak of."""

    id: str
    applies: str
    name: Text
    words: tuple[str, ...]
    source: Source
    anywhere: bool = False

    def wanted(self, plan: Plan) -> bool:
        """Return whether `plan` must speak of it."""
        if self.applies == "every":
            return True
        if self.applies == "response":
            return answers_an_event(plan)
        return plan.evacuation is not None

    def found(self, text: PlanText) -> bool:
        """Return whether a heading of `text` (or any clause, where that is enough) speaks of it."""
        if self.anywhere and any(word in text.text.lower() for word in self.words):
            return True
        return any(word in heading for heading in headings(text) for word in self.words)


def answers_an_event(plan: Plan) -> bool:
    """Return whether the plan answers an event; a support scheme, which moves nobody itself, does not."""
    return plan.kind == "contingency" or plan.evacuation is not None


def headings(text: PlanText) -> Iterator[str]:
    """Yield the headings of a text below its title, in lower case."""
    for line in text.text.splitlines():
        found = re.match(r"#{2,6}\s+(.+?)\s*$", line)
        if found:
            yield found[1].lower()


@cache
def contents() -> tuple[Content, ...]:
    """Return everything a plan must speak of, in the order of the file."""
    text = (files("civdef.audit") / "data" / "contents.toml").read_text(encoding="utf-8")
    return tuple(
        Content(
            row["id"],
            row["applies"],
            Text(row["zh"], row["en"]),
            tuple(row["words"]),
            SOURCES[row["source"]],
            row.get("anywhere", False),
        )
        for row in tomllib.loads(text)["content"]
    )
