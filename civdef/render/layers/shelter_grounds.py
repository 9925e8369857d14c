"""Grounds of shelters that are drawn as areas."""

from __future__ import annotations

from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Layer, MapContext, Style
from civdef.text import Text

KEY = "shelter_grounds"
TITLE = Text("避难场所范围", "Shelter grounds")
GROUP = "shelter"
ORDER = 35
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLE = Style(
    Text("避难场所范围", "shelter ground"), fill="rgba(0,132,61,0.16)", stroke="#00843d", width=1.4
)


def build(context: MapContext) -> Layer | None:
    """Draw the outlines."""
    result = context.evacuation
    unused = {r.shelter for r in result.shelters if not r.usable} if result is not None else set()
    found = [(s, polygons(s.shape)) for s in context.workspace.shelters.values() if s.id not in unused]
    drawn = [(s, p) for s, p in found if p is not None]
    if not drawn:
        return None
    return Layer(
        "polygon", [_STYLE], [0] * len(drawn), KEY, [rings(p, context.origin) for _, p in drawn],
        names=[context.name(s.id) for s, _ in drawn],
    )  # fmt: skip
