"""What the figures rest on."""

from __future__ import annotations

from civdef.render.html import Html, tag
from civdef.render.sources import halves
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text

KEY = "notes"
TITLE = Text("说明", "Notes")
ORDER = 90


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """No figure of its own."""
    return None


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return source and assumptions."""
    settings = summary.workspace.settings
    notes: list[Text] = []
    if settings.note is not None:
        notes.append(settings.note.text)
    if settings.credit is not None:
        notes.append(settings.credit.text)
    home, pace = halves(settings.presence.night.source), halves(settings.walking.source)
    notes.append(
        Text(
            f"在家比例：{home.zh}。步行速度：{pace.zh}。", f"Presence: {home.en}. Walking speeds: {pace.en}."
        )
    )
    notes.append(
        Text(
            "凡属地方规定或规划假设的数值都写在 civdef.toml 中并注明来源，换成本地数据后结果随之更新。本简报供内部使用。",
            "Every number that is local or assumed stands in civdef.toml with its source; replace it and every result follows."
            " This briefing is for internal use.",
        )
    )
    return tag("ul", *(tag("li", n.in_(lang)) for n in notes), class_="remarks")
