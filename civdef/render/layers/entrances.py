"""Entrances of shelters."""

from __future__ import annotations

from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style
from civdef.text import Text

KEY = "entrances"
TITLE = Text("避难场所出入口", "Shelter entrances")
GROUP = "shelter"
ORDER = 70
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLE = Style(Text("出入口", "entrance"), symbol="entrance", fill="#00843d", min_zoom=16.25)


def build(context: MapContext) -> Layer | None:
    """Draw doors and gates, from where they can be told apart."""
    doors = list(context.workspace.entrances.values())
    if not doors:
        return None
    return Layer(
        "point", [_STYLE], [0] * len(doors), KEY, [rings(d.shape, context.origin) for d in doors],
        names=[d.in_(context.lang) for d in doors], pick=10, kind=Text("出入口", "entrance"),
        fields=[
            Field(Text("避难场所", "Shelter"), [context.name(d.shelter) for d in doors]),
            Field(Text("净宽", "Clear width"), [f"{d.width_m:g} m" for d in doors]),
            Field(Text("无台阶", "Step-free"), [
                context.say(Text("是", "yes") if d.step_free else Text("否", "no")) for d in doors
            ]),
        ],
    )  # fmt: skip
