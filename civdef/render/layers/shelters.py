"""Shelters: symbols by class, places, entrances' count; whose they are for the teams."""

from __future__ import annotations

from civdef.evacuate.result import ShelterLoad
from civdef.model.shelter import Shelter, ShelterClass
from civdef.render.columns import rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "shelters"
TITLE = Text("应急避难场所", "Shelters")
GROUP = "shelter"
ORDER = 80
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

GREEN = "#00843d"
"""Green of emergency-shelter signs; near the safety green of GB 2893."""

CLASS = {
    ShelterClass.EMERGENCY: Text("紧急避难场所", "emergency shelter"),
    ShelterClass.SHORT_TERM: Text("短期避难场所", "short-term shelter"),
    ShelterClass.MEDIUM_TERM: Text("中期避难场所", "medium-term shelter"),
    ShelterClass.LONG_TERM: Text("长期避难场所", "long-term shelter"),
    ShelterClass.CENTRAL: Text("中心避难场所", "central shelter"),
    ShelterClass.AIR_RAID: Text("人民防空掩蔽工程", "civil-air-defence shelter"),
}
_CLASSES = {
    c.value: Style(
        t,
        symbol="shelter-" + c.value.replace("_", "-"),
        fill="#1f4e9e" if c is ShelterClass.AIR_RAID else GREEN,
    )
    for c, t in CLASS.items()
}
_UNUSED = {
    "unused-" + k: Style(
        Text("本次不用的避难场所", "not used in this plan") if k == "emergency" else None,
        symbol=s.symbol, fill="#98a09b", min_zoom=16.25,
    )
    for k, s in _CLASSES.items()
}  # fmt: skip
_STYLES = {**_UNUSED, **_CLASSES}


def build(context: MapContext) -> Layer | None:
    """Draw a sign for each shelter at its middle."""
    ws = context.workspace
    shelters = list(ws.shelters.values())
    if not shelters:
        return None
    loads = {r.shelter: r for r in context.evacuation.shelters} if context.evacuation is not None else {}
    unused = {s for s, r in loads.items() if not r.usable}
    styles, style = used(
        _STYLES, [("unused-" if s.id in unused else "") + s.shelter_class.value for s in shelters]
    )
    first = [
        i for i, s in enumerate(shelters) if s.id not in unused and (loads or s.shelter_class not in _SECOND)
    ]
    later = [i for i in range(len(shelters)) if i not in set(first)]
    doors = dict.fromkeys(ws.shelters, 0)
    for entrance in ws.entrances.values():
        doors[entrance.shelter] += 1
    yes = context.say(Text("是", "yes"))
    return Layer(
        "point", styles, style, KEY, [rings(_middle(s), context.origin) for s in shelters],
        names=[context.name(s.id) for s in shelters], pick=0, search=True, kind=Text("避难场所", "shelter"),
        fields=[
            Field(Text("类别", "Class"), [context.say(CLASS[s.shelter_class]) for s in shelters]),
            Field(Text("可容纳", "Places"), [context.say(Text("{n:,} 人", "{n:,} persons").format(n=s.places.whole)) for s in shelters]),
            Field(Text("安排进入", "Assigned"), [_assigned(context, loads.get(s.id)) for s in shelters]),
            Field(Text("有效面积", "Effective area"), [f"{s.area_m2:,.0f} m²" if s.area_m2 else None for s in shelters]),
            Field(Text("室内", "Indoor"), [yes if s.indoor else None for s in shelters]),
            Field(Text("无障碍", "Barrier-free"), [_barrier_free(context, s) for s in shelters]),
            Field(Text("出入口", "Entrances"), [context.say(Text("{n} 处", "{n}").format(n=doors[s.id])) if doors[s.id] else None for s in shelters]),
            Field(Text("启用队伍", "Opened by"), [
                context.name(s.team) if s.team and not context.public else None for s in shelters
            ]),
            Field(Text("联系人", "Contact"), [_contact(context, s) for s in shelters]),
            Field(Text("说明", "Note"), [
                context.say(Text("候选或假定，尚未登记为避难场所", "a candidate or assumption, not a registered shelter"))
                if s.estimated else None for s in shelters
            ]),
        ],
        labels=[Labels("shelter", first, 12.8, 15), Labels("later", later, 16.5, 44)],
        extra={"shelters": [s.id for s in shelters]},
    )  # fmt: skip


_SECOND = {ShelterClass.AIR_RAID}
"""Classes that are named from closer by."""


def _assigned(context: MapContext, load: ShelterLoad | None) -> str | None:
    if load is None:
        return None
    if not load.usable:
        return context.say(Text("本次不用", "not used in this plan"))
    if context.public and 0 < load.assigned_persons < context.workspace.settings.maps.public_small_count:
        return context.persons(load.assigned_persons)
    return context.say(
        Text("{n:,} 人（{s:.0%}），{b} 栋", "{n:,} persons ({s:.0%}), {b} buildings").format(
            n=load.assigned_persons, s=load.assigned_persons / max(load.places, 1), b=load.buildings
        )
    )


def _middle(shelter: Shelter) -> object:
    shape = shelter.shape
    return shape if shape.geom_type == "Point" else shape.representative_point()


def _barrier_free(context: MapContext, shelter: Shelter) -> str | None:
    if shelter.barrier_free_places:
        return context.say(Text("{n} 个位置", "{n} places").format(n=shelter.barrier_free_places))
    return context.say(Text("是", "yes")) if shelter.barrier_free else None


def _contact(context: MapContext, shelter: Shelter) -> str | None:
    """Return who holds the key, with the telephone number; in the command edition only."""
    from civdef.render.audience import Audience

    ws = context.workspace
    team = ws.teams.get(shelter.team) if shelter.team else None
    who = shelter.key_holder or (team.leader if team is not None else None)
    holder = ws.holder(who) if who else None
    if context.audience is not Audience.COMMAND or holder is None:
        return None
    phone = ws.people[holder].phone
    return f"{context.name(holder)} {phone or ''}".strip()
