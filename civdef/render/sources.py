"""Source strings as they are written in settings and tables."""

from __future__ import annotations

from civdef.text import Text


def halves(source: str) -> Text:
    """Return a source in each language where it is written in both, as ``中文 · English``."""
    zh, middle, en = source.partition(" · ")
    if middle and any(c >= "\u2e80" for c in zh) and not any(c >= "\u2e80" for c in en):
        return Text(zh, en)
    return Text(source, source)
