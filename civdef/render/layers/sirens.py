"""Sirens and loudspeaker points, with the reach of each as the coverage settings state it."""

from __future__ import annotations

from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style
from civdef.text import Text

KEY = "sirens"
TITLE = Text("警报器、广播点", "Sirens and loudspeakers")
GROUP = "shelter"
ORDER = 72
DEFAULT_ON = False
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLE = Style(Text("警报器、广播点", "siren or loudspeaker"), symbol="siren", fill="#ad1457")


def build(context: MapContext) -> Layer | None:
    """Draw sirens."""
    sirens = list(context.workspace.sirens.values())
    if not sirens:
        return None
    return Layer(
        "point", [_STYLE], [0] * len(sirens), KEY, [rings(s.shape, context.origin) for s in sirens],
        names=[context.name(s.id) for s in sirens], pick=8, kind=Text("警报器", "siren"),
        fields=[
            Field(Text("社区", "Community"), [context.name(s.community) if s.community else None for s in sirens]),
            Field(Text("30.5 米处声级", "Level at 30.5 m"), [f"{s.level_dbc:g} dB(C)" for s in sirens]),
        ],
    )  # fmt: skip
