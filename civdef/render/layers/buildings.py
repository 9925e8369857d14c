"""Buildings, coloured by use."""

from __future__ import annotations

from civdef.model.town import Building, BuildingUse
from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.text import Text, apart

KEY = "buildings"
TITLE = Text("建筑（按用途着色）", "Buildings (by use)")
GROUP = "town"
ORDER = 30
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_EDGE = "#b3a795"
_STYLES = {
    "residential": Style(Text("住宅", "residential"), fill="#ddd2c1", stroke=_EDGE, width=0.7),
    "shop": Style(Text("商业", "shop"), fill="#e9c9a9", stroke="#c39b72", width=0.7),
    "office": Style(Text("办公", "office"), fill="#d3cfd9", stroke="#a79fb4", width=0.7),
    "industry": Style(Text("工业、仓储", "industry, store"), fill="#cfc7cb", stroke="#a3979d", width=0.7),
    "school": Style(
        Text("学校、幼儿园", "school, kindergarten"), fill="#f1dc97", stroke="#c6ab56", width=0.7
    ),
    "health": Style(Text("医疗、养老", "health, care home"), fill="#f0c2c0", stroke="#c98f8c", width=0.7),
    "government": Style(Text("机关", "government"), fill="#e5b8a4", stroke="#b98568", width=0.7),
    "culture": Style(Text("文化、体育", "culture, sport"), fill="#d9cbe4", stroke="#a992bb", width=0.7),
    "other": Style(Text("其他", "other"), fill="#d9d6d0", stroke="#b1aca2", width=0.7),
}
_STYLE_OF = {
    BuildingUse.RESIDENTIAL: "residential", BuildingUse.SHOP: "shop", BuildingUse.OFFICE: "office",
    BuildingUse.INDUSTRY: "industry", BuildingUse.STORE: "industry", BuildingUse.SCHOOL: "school",
    BuildingUse.KINDERGARTEN: "school", BuildingUse.HEALTH: "health", BuildingUse.CARE_HOME: "health",
    BuildingUse.GOVERNMENT: "government", BuildingUse.CULTURE: "culture", BuildingUse.SPORT: "culture",
    BuildingUse.UTILITY: "other", BuildingUse.OTHER: "other",
}  # fmt: skip
_USE = {
    BuildingUse.RESIDENTIAL: Text("住宅", "residential"),
    BuildingUse.SHOP: Text("商业", "shop"),
    BuildingUse.OFFICE: Text("办公", "office"),
    BuildingUse.INDUSTRY: Text("工业", "industry"),
    BuildingUse.SCHOOL: Text("学校", "school"),
    BuildingUse.KINDERGARTEN: Text("幼儿园", "kindergarten"),
    BuildingUse.HEALTH: Text("医疗", "health"),
    BuildingUse.CARE_HOME: Text("养老", "care home"),
    BuildingUse.GOVERNMENT: Text("机关", "government"),
    BuildingUse.CULTURE: Text("文化", "culture"),
    BuildingUse.SPORT: Text("体育", "sport"),
    BuildingUse.STORE: Text("仓储", "store"),
    BuildingUse.UTILITY: Text("市政设施", "utility"),
    BuildingUse.OTHER: Text("其他", "other"),
}


def build(context: MapContext) -> Layer | None:
    """Draw every building; shapes are shared with the layers that colour them otherwise."""
    ws = context.workspace
    buildings = list(ws.buildings.values())
    if not buildings:
        return None
    styles, style = used(_STYLES, [_STYLE_OF[b.use] for b in buildings])
    helped = dict.fromkeys(ws.buildings, 0)
    if not context.public:
        for person in ws.assisted.values():
            home = ws.households.get(person.household)
            if home is not None:
                helped[home.building] += 1
    special = [i for i, b in enumerate(buildings) if b.named and b.use is not BuildingUse.RESIDENTIAL]
    plain = [i for i, b in enumerate(buildings) if b.named and b.use is BuildingUse.RESIDENTIAL]
    return Layer(
        "polygon", styles, style, KEY, [rings(polygons(b.shape) or b.shape, context.origin) for b in buildings],
        names=[context.name(b.id) for b in buildings], pick=40, search=True, kind=Text("建筑", "building"),
        fields=[
            Field(Text("社区", "Community"), [context.name(b.community) for b in buildings]),
            Field(Text("小区", "Compound"), [context.name(b.compound) if b.compound else None for b in buildings]),
            Field(Text("用途", "Use"), [context.say(_USE[b.use]) for b in buildings]),
            Field(Text("层数", "Floors"), [_floors(context, b) for b in buildings]),
            Field(Text("居民", "Residents"), [_residents(context, b) for b in buildings]),
            Field(Text("需要协助的人员", "People who need assistance"), [
                context.persons(helped[b.id]) if helped[b.id] else None for b in buildings
            ]),
            Field(Text("单位", "Units"), [_units(context, b) for b in buildings]),
        ],
        labels=[Labels("small", special, 16.6, 60), Labels("small", plain, 17.6, 70)],
    )  # fmt: skip


def _floors(context: MapContext, building: Building) -> str:
    if building.basement_floors:
        return context.say(
            Text("地上 {n} 层，地下 {k} 层", "{n} above ground, {k} below").format(
                n=building.floors, k=building.basement_floors
            )
        )
    return context.say(Text("{n} 层", "{n}").format(n=building.floors))


def _residents(context: MapContext, building: Building) -> str | None:
    homes = context.workspace.households_of.get(building.id, ())
    if homes:
        return context.persons(sum(h.residents for h in homes))
    if building.persons_declared is not None:
        return context.persons(building.persons_declared.whole)
    return None


def _units(context: MapContext, building: Building) -> str | None:
    units = context.workspace.units_of.get(building.id, ())
    if not units:
        return None
    first = "、" if context.lang == "zh" else ", "
    shown = first.join(u.in_(context.lang) for u in units[:4])
    if len(units) <= 4:
        return shown
    return context.say(
        Text(f"{apart(shown).lstrip()}等 {len(units)} 家", f"{shown} and {len(units) - 4} more")
    )
