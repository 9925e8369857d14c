"""The journal: what happened, when, by whom, and which clause of the plan it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pydantic import JsonValue

from civdef.drill.result import Both, Entry
from civdef.text import Lang, Text


class Journal:
    """Collects entries in the order in which they happen.

    Parameters
    ----------
    start
        Local time at which the drill starts.
    """

    def __init__(self, start: dt.datetime) -> None:
        self.start = start
        self._entries: list[tuple[float, int, Entry]] = []

    def add(
        self,
        t_s: float,
        kind: str,
        message: Text,
        *,
        who: str | None = None,
        task: str | None = None,
        clause: str | None = None,
        what: dict[str, JsonValue] | None = None,
    ) -> None:
        """Write an entry at `t_s` seconds after the start."""
        moment = round(t_s, 1)
        entry = Entry(
            t_s=moment,
            time=clock(self.start, t_s),
            kind=kind,
            who=who,
            what=what or {},
            task=task,
            clause=clause,
            message=Both.of(message),
        )
        self._entries.append((moment, len(self._entries), entry))

    def entries(self) -> list[Entry]:
        """Return all entries by time; those of one moment in the order in which they were written."""
        return [e for _, _, e in sorted(self._entries, key=lambda row: row[:2])]


def clock(start: dt.datetime, t_s: float) -> str:
    """Return the local time `t_s` seconds after `start`, whole seconds, ISO 8601."""
    return (start + dt.timedelta(seconds=int(t_s))).isoformat(timespec="seconds")


def json_lines(entries: Iterable[Entry], lang: Lang) -> str:
    """Return the journal as JSON lines with messages in `lang`; keys and their order are stable."""
    import json

    lines = []
    for entry in entries:
        record = entry.model_dump(mode="json")
        record["message"] = entry.message.in_(lang)
        lines.append(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
    return "".join(lines)
