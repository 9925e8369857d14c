"""Gates of compounds: where people get out, and which are locked."""

from __future__ import annotations

from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "gates"
TITLE = Text("小区大门", "Gates")
GROUP = "town"
ORDER = 62
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLES = {
    "open": Style(Text("大门", "gate"), symbol="gate", fill="#7a6a4f", min_zoom=16.25),
    "locked": Style(Text("平时上锁的大门", "gate, normally locked"), symbol="gate-locked", fill="#c0392b", min_zoom=16.25),
}  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw gates; from where the streets are large enough to see them."""
    gates = list(context.workspace.gates.values())
    if not gates:
        return None
    styles, style = used(_STYLES, ["locked" if g.locked else "open" for g in gates])
    return Layer(
        "point", styles, style, KEY, [rings(g.shape, context.origin) for g in gates],
        names=[g.in_(context.lang) for g in gates], pick=20, kind=Text("大门", "gate"),
        fields=[
            Field(Text("小区", "Compound"), [context.name(g.compound) for g in gates]),
            Field(Text("净宽", "Clear width"), [f"{g.width_m:g} m" for g in gates]),
            Field(Text("平时", "Normally"), [
                context.say(Text("上锁", "locked") if g.locked else Text("开放", "open")) for g in gates
            ]),
        ],
    )  # fmt: skip
