"""The answer of ``civdef evacuate why`` on the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from civdef.cli.common import App, in_all
from civdef.cli.evacuations._question import TIMES
from civdef.evacuate.orders import place_name
from civdef.render.evacuation.lists import REASONS
from civdef.render.evacuation.words import COMPASS
from civdef.text import Text, listing

if TYPE_CHECKING:
    from civdef.evacuate.why.result import Alternative, BindingCut, BuildingWhy, CutPart, Relief, WhyResult
    from civdef.model.workspace import Workspace

_KINDS = {"street": Text("道路", "street"), "door": Text("出入口", "door"), "places": Text("名额", "places")}
_SHORT = {
    "nearest": Text("就近", "nearest"),
    "nearer_shelters_full": Text("更近的已满", "nearer ones are full"),
    "better_for_all": Text("更近的有名额，但全局更慢", "a nearer one has room, but all in all is slower"),
    "left_over": Text("未安置", "left over"),
}
_PARTS = 12
_NAMES = 4
_DETAILED = 12
"""Buildings up to which each is told in sentences; more make a table."""


def print_why(app: App, workspace: Workspace, result: WhyResult, named: Sequence[str]) -> None:
    """Print why a plan is as it is; with buildings named, these come alone."""
    from civdef.evacuate.binding import binding_line

    if not named:
        _times(app, workspace, result)
        _cuts(app, workspace, result)
        _reliefs(app, workspace, result)
    for binding in result.binding:
        app.say(binding_line(workspace, binding, ids=True))
    if len(result.buildings) <= _DETAILED:
        for one in result.buildings:
            _building(app, workspace, one)
    else:
        _all(app, workspace, result)
    if named and not result.buildings:
        app.say(
            Text(
                "这些楼栋在这一问题中没有人需要疏散。",
                "Nobody has to leave these buildings in this question.",
            )
        )


def _times(app: App, workspace: Workspace, result: WhyResult) -> None:
    app.say(
        Text("为什么是这个时间：{p}，{t}", "Why this time: {p}, {t}").format(
            p=workspace.name(result.plan), t=TIMES[result.time.value]
        )
    )
    app.table(
        [Text("全部进入", "all inside"), Text("分钟", "min")],
        [
            (Text("本方案", "this plan"), _min(result.clearance_s)),
            (Text("最优（楼栋可以拆开）", "optimum (buildings divisible)"), _min(result.optimum_s)),
            (Text("理论下界", "proven lower bound"), _min(result.bound_s)),
        ],
    )


def _cuts(app: App, workspace: Workspace, result: WhyResult) -> None:
    together = sum(c.sets_time for c in result.cuts)
    for k, cut in enumerate(result.cuts):
        app.say(_cut(workspace, cut, first=k == 0))
        if cut.parts:
            app.table(
                [
                    Text("", ""), Text("卡在哪里", "what"), Text("方向", "towards"), Text("可用宽度（米）", "usable width [m]"),
                    Text("最多（人）", "at most"),
                ],
                [_part(workspace, p) for p in cut.parts[:_PARTS]],
                title=_more(len(cut.parts)),
            )  # fmt: skip
    if together > 1:
        app.say(
            Text(
                f"以上前 {together} 处同时卡住，只改其中一处不会提前。",
                f"The first {together} bind together: to change one alone gains nothing.",
            )
        )


def _cut(workspace: Workspace, cut: BindingCut, *, first: bool) -> Text:
    who = listing([workspace.name(b) for b in cut.buildings[:_NAMES]])
    n, more = len(cut.buildings), len(cut.buildings) > _NAMES
    if not cut.parts:
        return Text(
            f"{'卡住时间的是距离' if cut.sets_time else '再往下就只剩距离'}：{who.zh}{'等' if more else ''} {n} 栋楼的 {cut.persons:,} 人"
            f"走到有名额的地方就要这么久，拓宽道路和出入口都不会提前；只有更近的避难场所或近路才行。",
            f"{'Distance sets the time' if cut.sets_time else 'Then only distance is left'}: the {cut.persons:,} persons of"
            f" {who.en}{' and others,' if more else ''} ({n} buildings) walk that long to any place they could have; only a"
            " nearer shelter or a shorter way helps.",
        )
    head = (
        (Text("卡住时间的是", "What sets the time") if first else Text("同时卡住的还有", "Also binding"))
        if cut.sets_time
        else Text("解决以上之后，下一个卡住的是", "Once that is solved, what binds next")
    )
    return Text(
        f"{head.zh}：{who.zh}{'等' if more else ''} {n} 栋楼共 {cut.persons:,} 人，{_min(cut.too_early_s)} 分钟内最多只能进入"
        f" {min(cut.room_persons, cut.persons - 1):,} 人；下列各处若不受限，最快 {_min(cut.optimum_without_s)} 分钟。",
        f"{head.en}: {cut.persons:,} persons of {who.en}{' and others,' if more else ''} ({n} buildings), of whom at most"
        f" {min(cut.room_persons, cut.persons - 1):,} can be inside within {_min(cut.too_early_s)} min; were these without limit,"
        f" {_min(cut.optimum_without_s)} min at best.",
    )


def _part(workspace: Workspace, part: CutPart) -> tuple[object, ...]:
    name = workspace.name(part.object)
    if part.kind == "door" and part.shelter is not None and part.object not in workspace.entrances:
        name = workspace.name(part.shelter)
    return (
        _KINDS[part.kind],
        name,
        COMPASS[part.compass] if part.compass else None,
        None if part.width_m is None else f"{part.width_m:g}",
        part.persons,
    )


def _reliefs(app: App, workspace: Workspace, result: WhyResult) -> None:
    if not result.reliefs:
        return
    app.table(
        [
            Text("序", "no."), Text("放宽哪里", "what"), Text("最优提前（分）", "optimum gains [min]"),
            Text("重编方案提前（分）", "new plan gains [min]"), Text("选项", "option"),
        ],
        [
            (
                r.rank, _relief(workspace, r),
                _min(r.optimum_gain_s) if r.optimum_gain_s is not None else Text("有人走不通", "some cut off"),
                _min(r.clearance_gain_s), Text(r.change, r.change),
            )
            for r in result.reliefs[:_PARTS]
        ],
        title=Text("逐处放宽试算", "Each widened in turn"),
    )  # fmt: skip


def _relief(workspace: Workspace, relief: Relief) -> Text:
    names = listing([workspace.name(o) for o in relief.objects])
    pattern = {
        "door": Text("{n}增设出入口", "one more door at {n}"),
        "places": Text("{n}增加名额", "more places at {n}"),
        "street": Text("{n}单向走全宽", "{n}, whole width one way"),
    }
    return pattern[relief.kind].format(n=names)


def _all(app: App, workspace: Workspace, result: WhyResult) -> None:
    app.table(
        [
            Text("楼栋", "building"), Text("人数", "persons"), Text("避难场所", "shelter"), Text("步行（米）", "walk [m]"),
            Text("原因", "why"), Text("更近的", "nearer"),
        ],
        [
            (
                place_name(workspace, b.building, b.part), b.persons, workspace.name(b.shelter) if b.shelter else None,
                None if b.walk_m is None else round(b.walk_m), _SHORT[b.reason], _nearer(workspace, b),
            )
            for b in result.buildings
        ],
        title=Text("每栋楼为什么去那里", "Why each building goes where it goes"),
    )  # fmt: skip


def _nearer(workspace: Workspace, one: BuildingWhy) -> Text | None:
    """Return the nearest shelter that may be used and is nearer than the building's own."""
    for a in one.alternatives:
        closer = one.shortest_m is None or (a.walk_m is not None and a.walk_m < one.shortest_m)
        if closer and a.verdict not in ("refused", "no_way"):
            return Text("{s}（剩 {f}）", "{s} ({f} free)").format(
                s=workspace.name(a.shelter), f=a.free_places
            )
    return None


def _building(app: App, workspace: Workspace, one: BuildingWhy) -> None:
    name = place_name(workspace, one.building, one.part)
    if one.shelter is None:
        assert one.left_reason is not None
        app.say(
            Text("{b}（{n} 人）未安置：{r}。", "{b} ({n} persons) is left over: {r}.").format(
                b=name, n=one.persons, r=REASONS[one.left_reason]
            )
        )
    else:
        app.say(
            Text("{b}（{n} 人）去{s}，步行 {m} 米，{t} 分钟内全部进入：{r}。", "{b} ({n} persons) goes to {s}, {m} m, all inside in {t} min: {r}.").format(
                b=name, n=one.persons, s=workspace.name(one.shelter), m=round(one.walk_m or 0), t=_min(one.inside_s), r=_SHORT[one.reason]
            )
        )  # fmt: skip
    refused = [a for a in one.alternatives if a.verdict == "refused"]
    for a in one.alternatives:
        if a.verdict != "refused":
            nearer = one.shortest_m is None or (a.walk_m is not None and a.walk_m < one.shortest_m)
            app.say(_alternative(workspace, one, a, nearer=nearer))
    if refused:
        said = [
            Text("{s}（{r}）", "{s} ({r})").format(
                s=workspace.name(a.shelter), r=Text(a.refused_zh or "不适用", a.refused_en or "not suited")
            )
            for a in refused[:_NAMES]
        ]
        app.say(
            Text("  不能用的有 {n} 处：{s}{m}。", "  {n} may not be used: {s}{m}.").format(
                n=len(refused),
                s=listing(said),
                m=Text("等", " and others") if len(refused) > _NAMES else Text("", ""),
            )
        )


def _alternative(workspace: Workspace, one: BuildingWhy, a: Alternative, *, nearer: bool) -> Text:
    where = Text("{s}（{m} 米）", "{s} ({m} m)").format(s=workspace.name(a.shelter), m=round(a.walk_m or 0))
    if a.verdict == "no_way":
        return Text("  {w}：没有路通到。", "  {w}: no way there.").format(w=where)
    lead = (
        Text("更近的{w}", "nearer, {w}").format(w=where)
        if nearer
        else Text("再远一处{w}", "the next one farther, {w}").format(w=where)
    )
    if a.verdict == "full":
        said = Text("只剩 {f} 个名额，放不下 {n} 人", "has {f} places left, too few for {n} persons").format(
            f=a.free_places, n=one.persons
        )
        if a.exchange_building is not None and a.exchange_person_m is not None:
            swap = Text("与{b}对调，总步行{d} {m:,} 人·米", "to change places with {b} would {d} {m:,} person-metres").format(
                b=workspace.name(a.exchange_building),
                d=Text("多", "add") if a.exchange_person_m >= 0 else Text("少", "save"),
                m=round(abs(a.exchange_person_m)),
            )  # fmt: skip
            said = Text("{a}；{b}", "{a}; {b}").format(a=said, b=swap)
    else:
        said = _change(a)
    return Text("  {l}：{s}。", "  {l}: {s}.").format(l=lead, s=said)


def _change(a: Alternative) -> Text:
    """Return what comes of going to a shelter that has room."""
    all_s, own_s = a.clearance_change_s or 0.0, a.inside_change_s or 0.0
    if a.verdict == "more_late":
        return Text(
            "有名额，但会有 {n} 人晚于期限", "has room, but {n} persons would miss their deadline"
        ).format(n=a.late_change_persons)
    if a.verdict == "later" and all_s > 0:
        return Text(
            "有名额，但全部进入要晚 {t} 分钟", "has room, but everybody would be inside {t} min later"
        ).format(t=_min(all_s))
    if a.verdict == "later" and own_s > 0:
        return Text(
            "有名额，但这栋楼要晚 {t} 分钟进入", "has room, but this building would be inside {t} min later"
        ).format(t=_min(own_s))
    if a.verdict == "later":
        return Text("有名额，但别的楼栋要多等", "has room, but others would wait longer")
    if a.verdict == "longer":
        return Text("有名额，但按所求目标更差", "has room, but is worse by the objective asked")
    if a.verdict == "same":
        return Text("有名额，同样快", "has room and is as good")
    return Text(
        "有名额，单独改去反而略好（全部进入 {t} 分钟），本方案没有采用",
        "has room and would be slightly better by itself (everybody inside {t} min); the plan does not use it",
    ).format(t=f"{all_s / 60:+.1f}")


def _more(count: int) -> Text | None:
    if count <= _PARTS:
        return None
    return in_all(count, _PARTS, "处")


def _min(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds / 60:.1f}"
