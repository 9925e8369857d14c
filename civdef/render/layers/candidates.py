"""Places that could serve as shelters and are none yet."""

from __future__ import annotations

from civdef.render.audience import Audience
from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style
from civdef.text import Text

KEY = "candidates"
TITLE = Text("候选避难场所（估算）", "Shelter candidates (estimated)")
GROUP = "shelter"
ORDER = 34
DEFAULT_ON = False
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE - {Audience.PUBLIC}
"""The public must not take a candidate for a place that is ready for them."""

_STYLE = Style(
    Text("尚未选用的候选场所", "candidate, not a shelter yet"), fill="rgba(0,132,61,0.10)", stroke="#00843d", width=1.6,
    dash=(5, 4),
)  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw the outlines; switched on at first where there is no shelter at all."""
    ws = context.workspace
    waiting = [c for c in ws.candidates.values() if c.shelter not in ws.shelters]
    found = [(c, p) for c in waiting if (p := polygons(c.shape)) is not None]
    if not found:
        return None
    return Layer(
        "polygon", [_STYLE], [0] * len(found), KEY, [rings(p, context.origin) for _, p in found],
        names=[context.name(c.id) for c, _ in found], pick=36, search=True, kind=Text("候选避难场所", "shelter candidate"),
        on=not ws.shelters,
        fields=[
            Field(Text("可用面积（估算）", "Usable area, estimated"), [f"{c.usable_m2:,.0f} m²" for c, _ in found]),
            Field(Text("可容纳（估算）", "Places, estimated"), [
                context.say(Text("{n:,} 人", "{n:,} persons").format(n=max(c.places.values()))) for c, _ in found
            ]),
            Field(Text("选用", "To make it a shelter"), [f"civdef import promote {c.id}" for c, _ in found]),
        ],
        labels=[Labels("later", range(len(found)), 14.5, 44)],
    )  # fmt: skip
