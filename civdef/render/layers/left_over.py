"""Buildings whose people have no place in the plan, and why."""

from __future__ import annotations

from civdef.evacuate.result import LeftReason
from civdef.render.layer import EVERYONE, Field, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "left_over"
TITLE = Text("未能安置的建筑", "Buildings left over")
GROUP = "evacuation"
ORDER = 33
DEFAULT_ON = True
NEEDS = frozenset({"evacuation"})
AUDIENCES = EVERYONE

REASON = {
    LeftReason.NO_ALLOWED_SHELTER: Text("没有可用的避难场所", "no shelter may be used"),
    LeftReason.INSIDE_HAZARD: Text("已无法步行离开危险区", "can no longer walk out of the hazard area"),
    LeftReason.UNREACHABLE: Text("没有路通到可用的避难场所", "no way to a shelter that may be used"),
    LeftReason.TOO_BIG: Text("人数超过任何一处的剩余名额", "more persons than any shelter has places"),
    LeftReason.NO_ROOM: Text("名额不够", "no room left"),
    LeftReason.NO_BUILDING: Text("单位没有对应的房屋", "units without any building"),
}
_STYLES = {
    r.value: Style(t, fill=fill, stroke="#7f0f0f", width=1.4, hatch=hatch)
    for (r, t), fill, hatch in zip(
        REASON.items(), ("#d9534f", "#a3322e", "#e0763f", "#c2416b", "#d9534f", "#d9534f"),
        ("#7f0f0f", None, "#7f3b0f", None, None, None), strict=True,
    )
}  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw them in red."""
    result = context.evacuation
    assert result is not None
    rows = [(r.building, r) for r in result.left_over if r.building in context.building_row]
    if not rows:
        return None
    styles, style = used(_STYLES, [r.reason.value for _, r in rows])
    return Layer(
        "polygon", styles, style, "buildings", rows=[context.building_row[b] for b, _ in rows if b is not None],
        fields=[
            Field(Text("未能安置", "Left over"), [context.persons(r.persons) for _, r in rows]),
            Field(Text("原因", "Reason"), [context.say(REASON[r.reason]) for _, r in rows]),
        ],
        pick=38, kind=Text("建筑", "building"),
    )  # fmt: skip
