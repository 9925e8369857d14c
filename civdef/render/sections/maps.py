"""The maps, as large links at the top."""

from __future__ import annotations

from civdef.render.html import Html, tag
from civdef.render.links import link
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text

KEY = "maps"
TITLE = Text("地图", "Maps")
ORDER = 5


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """No figure of its own."""
    return None


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return a large link for each map."""
    maps = [f for f in summary.files if f.is_map]
    if not maps:
        return None
    return tag("p", *(tag("a", f.label.in_(lang), href=link(f.path)) for f in maps), class_="doors")
