"""Buildings outside the refuge distance of every shelter."""

from __future__ import annotations

from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "uncovered"
TITLE = Text("避难距离以外的建筑", "Buildings out of reach")
GROUP = "shelter"
ORDER = 32
DEFAULT_ON = True
NEEDS = frozenset({"coverage"})
AUDIENCES = EVERYONE

_STYLES = {
    "far": Style(Text("最近的避难场所太远", "nearest shelter too far"), fill="rgba(230,126,34,0.55)", stroke="#a04000", width=1.2),
    "cut": Style(Text("步行到不了任何避难场所", "no shelter can be reached on foot"), fill="rgba(192,57,43,0.65)", stroke="#78170d", width=1.4, hatch="#78170d"),
}  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw them in orange and red; with an evacuation plan on the same map they are switched off at first."""
    result = context.coverage
    assert result is not None
    known = [b for b in result.buildings if b.building in context.building_row]
    rows = [b for b in known if not b.within]
    if not rows:
        return None
    styles, style = used(_STYLES, ["cut" if b.walk_m is None else "far" for b in rows])
    return Layer(
        "polygon", styles, style, "buildings", rows=[context.building_row[b.building] for b in rows],
        on=context.evacuation is None, pick=38, kind=Text("建筑", "building"),
        fields=[
            Field(Text("最近的避难场所", "Nearest shelter"), [context.name(b.shelter) if b.shelter else None for b in rows]),
            Field(Text("步行距离", "Walking distance"), [
                f"{b.walk_m:,.0f} m" if b.walk_m is not None else context.say(Text("无路可达", "no way")) for b in rows
            ]),
        ],
    )  # fmt: skip
