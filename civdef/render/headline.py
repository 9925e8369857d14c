"""Title block, key figures and notes of a map."""

from __future__ import annotations

from civdef.evacuate.binding import binding_line
from civdef.evacuate.result import EvacuationResult
from civdef.model.shelter import ShelterClass
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL
from civdef.render.layer import MapContext
from civdef.text import Lang, Text

TIME = {
    DayPart.NIGHT: Text("夜间", "night"),
    DayPart.WORKDAY: Text("工作日", "working day"),
    DayPart.HOLIDAY: Text("节假日", "holiday"),
}


def titles(context: MapContext) -> tuple[str, str]:
    """Return title and subtitle."""
    settings = context.workspace.settings
    street = settings.name.in_(context.lang)
    if context.evacuation is not None and _under_cover(context):
        kind = Text("人员掩蔽图", "air-raid cover map")
    elif context.evacuation is not None:
        kind = Text("人员疏散图", "evacuation map")
    else:
        kind = Text("应急底图", "preparedness map")
    title = f"{street}{kind.zh}" if context.lang == "zh" else f"{street} · {kind.en}"
    under = [context.name(context.evacuation.plan)] if context.evacuation is not None else []
    if settings.district is not None:
        under.insert(0, settings.district.in_(context.lang))
    under.append(context.say(LABEL[context.audience]))
    return title, (" · ".join(under))


def _under_cover(context: MapContext) -> bool:
    """Return whether the plan uses air-raid shelters only: people take cover then, which is not called evacuation."""
    assert context.evacuation is not None
    shelters = context.workspace.shelters
    used = [shelters[row.shelter] for row in context.evacuation.shelters if row.usable]
    return bool(used) and all(s.shelter_class is ShelterClass.AIR_RAID for s in used)


MOST_AREAS = 3
"""Hazard areas named in the title block."""


def meta(context: MapContext) -> list[tuple[Text, str, str]]:
    """Return the labelled entries of the title block; the third text is the whole of one that was cut."""
    found: list[tuple[Text, str, str]] = []
    if context.evacuation is not None:
        found.append((Text("时段", "Time"), context.say(TIME[DayPart(context.evacuation.time)]), ""))
    if context.footprints:
        names = [context.name(f) for f in context.footprints]
        comma = "、" if context.lang == "zh" else "; "
        whole, shown = comma.join(names), comma.join(names[:MOST_AREAS])
        if len(names) > MOST_AREAS:
            cut = Text(f"{shown}等共 {len(names)} 处", f"{len(names)} areas: {shown} …")
            found.append((Text("危险区", "Hazard areas"), context.say(cut), whole))
        else:
            found.append((Text("危险区", "Hazard area"), whole, ""))
    as_of = date(context.workspace.settings.as_of.isoformat(), context.lang)
    found.append((Text("数据截至", "As of"), as_of, ""))
    return found


def date(iso: str, lang: Lang) -> str:
    """Return an ISO date as people write it."""
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日" if lang == "zh" else iso


def figures(context: MapContext) -> list[tuple[Text, Text]]:
    """Return the figures that stand beside the map."""
    ws = context.workspace
    if context.evacuation is not None:
        return _evacuation(context.evacuation)
    places = sum(s.places.whole for s in ws.shelters.values())
    return [
        (Text("居民", "Residents"), _persons(ws.residents)),
        (Text("避难场所", "Shelters"), Text(f"{len(ws.shelters)} 处", f"{len(ws.shelters)}")),
        (Text("可容纳", "Places"), _persons(places)),
    ]


def _evacuation(result: EvacuationResult) -> list[tuple[Text, Text]]:
    found = [
        (Text("需疏散", "To evacuate"), _persons(result.demand_persons)),
        (Text("已安置", "Placed"), _persons(result.placed_persons)),
        (Text("未安置", "Left over"), _persons(result.left_over_persons)),
        (Text("可用名额", "Places"), _persons(result.places_persons)),
    ]
    if result.simulated_clearance_s is not None:
        found.append(
            (
                Text("全部进入（计拥挤排队）", "All inside (with crowding)"),
                minutes(result.simulated_clearance_s),
            )
        )
    if result.clearance_s is not None:
        found.append(
            (Text("全部进入（按平均步速）", "All inside (at mean pace)"), minutes(result.clearance_s))
        )
    if result.bound_s is not None:
        found.append((Text("任何方案不会快于", "No plan is faster than"), minutes(result.bound_s)))
    if result.mean_walk_m is not None:
        found.append((Text("平均步行", "Mean walk"), _metres(result.mean_walk_m)))
    if result.longest_walk_m is not None:
        found.append((Text("最远步行", "Longest walk"), _metres(result.longest_walk_m)))
    return found


def infeasible(workspace: Workspace, result: EvacuationResult) -> list[Text]:
    """Return what stands in red beside the map of a plan that leaves people over: how many, and what binds."""
    if result.feasible:
        return []
    return [
        Text(
            f"方案不可行：有 {result.left_over_persons:,} 人未能安置，所在建筑用红色标出。",
            f"Not feasible: {result.left_over_persons:,} persons are left over; their buildings are marked red.",
        ),
        *(binding_line(workspace, b) for b in result.binding[:3]),
    ]


def minutes(seconds: float) -> Text:
    """Return a duration in minutes."""
    return Text(f"{seconds / 60:.0f} 分钟", f"{seconds / 60:.0f} min")


def foot(context: MapContext) -> list[Text]:
    """Return what the figures rest on, and what this edition leaves out; it stands under the map."""
    settings = context.workspace.settings
    found = []
    if settings.note is not None:
        found.append(settings.note.text)
    if context.public:
        least = settings.maps.public_small_count
        found.append(
            Text(
                f"公众版不含个人信息；单处人数不足 {least} 人的不显示具体数字。",
                f"The public edition holds no personal data; counts under {least} at one place are withheld.",
            )
        )
    if settings.credit is not None:
        found.append(settings.credit.text)
    return found


def notes() -> list[Text]:
    """Return what holds for every map."""
    return [
        Text(
            "示意图，不作为划界和测绘依据。比例尺适用于图幅中部。",
            "For orientation, not a survey and no evidence of boundaries. The scale holds at the middle of the map.",
        )
    ]


def _persons(count: int) -> Text:
    return Text(f"{count:,} 人", f"{count:,}")


def _metres(length_m: float) -> Text:
    return Text(f"{length_m:,.0f} 米", f"{length_m:,.0f} m")
