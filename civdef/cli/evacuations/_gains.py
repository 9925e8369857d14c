"""What a change gains or costs, in words: a minus sign before minutes is read as either."""

from __future__ import annotations

from civdef.text import Text

SAME = Text("不变", "same")


def earlier(seconds: float | None) -> Text | None:
    """Return how much earlier, or later where it is negative; None where there is nothing to compare."""
    if seconds is None:
        return None
    minutes = round(seconds / 60, 1)
    if not minutes:
        return SAME
    said = (
        Text("早 {m:.1f} 分钟", "{m:.1f} min earlier")
        if minutes > 0
        else Text("晚 {m:.1f} 分钟", "{m:.1f} min later")
    )
    return said.format(m=abs(minutes))  # fmt: skip


def more_persons(count: int) -> Text:
    """Return how many persons more, or fewer where it is negative."""
    if not count:
        return SAME
    said = Text("多 {n:,} 人", "{n:,} more") if count > 0 else Text("少 {n:,} 人", "{n:,} fewer")
    return said.format(n=abs(count))


def less_walk(metres: float | None) -> Text | None:
    """Return how many metres less, or more where it is negative; None where there is nothing to compare."""
    if metres is None:
        return None
    if not round(metres):
        return SAME
    said = Text("少 {m:,} 米", "{m:,} m less") if metres > 0 else Text("多 {m:,} 米", "{m:,} m more")
    return said.format(m=abs(round(metres)))
