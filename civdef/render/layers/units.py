"""Units of interest: where many people gather or danger is kept. Shops and offices stay in the buildings' pop-ups."""

from __future__ import annotations

from civdef.model.town import Unit, UnitKind
from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "units"
TITLE = Text("重点单位", "Units of interest")
GROUP = "shelter"
ORDER = 65
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLES = {
    "school": Style(Text("学校、幼儿园", "school, kindergarten"), symbol="dot", fill="#b8860b", min_zoom=16.25),
    "care": Style(Text("养老机构", "care home"), symbol="dot", fill="#a0522d", min_zoom=16.25),
    "crowd": Style(Text("市场、宾馆等人员密集单位", "market, hotel or other crowded place"), symbol="dot", fill="#7b5ea7", min_zoom=16.75),
    "danger": Style(Text("危险物品单位", "dangerous goods"), symbol="danger", fill="#d35400", min_zoom=16.25),
}  # fmt: skip
_KIND = {
    UnitKind.SCHOOL: "school",
    UnitKind.KINDERGARTEN: "school",
    UnitKind.CARE_HOME: "care",
    UnitKind.MARKET: "crowd",
    UnitKind.HOTEL: "crowd",
}


def _class(unit: Unit) -> str | None:
    return "danger" if unit.hazardous else _KIND.get(unit.kind)


def build(context: MapContext) -> Layer | None:
    """Draw units that a plan must look after first."""
    units = [u for u in context.workspace.units.values() if _class(u) is not None]
    if not units:
        return None
    styles, style = used(_STYLES, [_class(u) or "crowd" for u in units])
    return Layer(
        "point", styles, style, KEY, [rings(u.shape, context.origin) for u in units],
        names=[u.in_(context.lang) for u in units], pick=12, search=True, kind=Text("单位", "unit"),
        fields=[
            Field(Text("社区", "Community"), [context.name(u.community) for u in units]),
            Field(Text("工作日人数", "Persons on a working day"), [
                context.persons(u.workday_persons) if u.workday_persons else None for u in units
            ]),
            Field(Text("夜间人数", "Persons at night"), [
                context.persons(u.night_persons) if u.night_persons else None for u in units
            ]),
            Field(Text("危险物品", "Dangerous goods"), [
                context.say(Text("储存或使用危险物品、燃油或燃气", "stores or uses dangerous goods, fuel or gas"))
                if u.hazardous else None for u in units
            ]),
        ],
        labels=[Labels("point", range(len(units)), 16.9, 58)],
    )  # fmt: skip
