"""Who a page is for, and what they may see."""

from __future__ import annotations

from enum import StrEnum

from civdef.text import Text


class Audience(StrEnum):
    """Who a page is for; each sees what the one before sees, and more."""

    PUBLIC = "public"
    TEAM = "team"
    COMMAND = "command"


LABEL = {
    Audience.PUBLIC: Text("公众版", "Public edition"),
    Audience.TEAM: Text("队伍工作版（内部使用）", "Team edition (internal)"),
    Audience.COMMAND: Text("指挥部版（内部使用，注意保管）", "Command edition (internal, keep safe)"),
}


def guarded(count: int, audience: Audience, threshold: int) -> Text:
    """Return a count of persons; in public a small one is not told.

    Parameters
    ----------
    count
        [persons]
    audience
        Who reads it.
    threshold
        Smaller counts above zero are suppressed in public [persons].
    """
    if audience is Audience.PUBLIC and 0 < count < threshold:
        return Text(f"不足 {threshold} 人", f"fewer than {threshold}")
    return Text(f"{count:,} 人", f"{count:,}")
