"""The plan as a page that prints on A4: what it comes to, then a list for the marshals of each community."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civdef.evacuate.binding import binding_said
from civdef.evacuate.orders import Order, exceptions_said, place_name
from civdef.evacuate.result import EvacuationResult
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL, Audience, guarded
from civdef.render.blocks import Block, Heading, Paragraph, Quote, Strong, Table, html
from civdef.render.evacuation import words
from civdef.render.evacuation.lists import REASONS, facts, natural
from civdef.render.html import document, tag, tongue
from civdef.render.sections.evacuation import figures
from civdef.text import Lang, Text, listing


def report_page(
    workspace: Workspace, result: EvacuationResult, orders: Sequence[Order], audience: Audience, lang: Lang
) -> str:
    """Return the report as a page of its own."""
    title = Text("{s}人员疏散方案", "{s}: evacuation plan").format(s=workspace.settings.name).in_(lang)
    shown = html(report_blocks(workspace, result, orders, audience, lang))
    mark = tag("strong", LABEL[audience].in_(lang), class_="exercise")
    article = tag("article", mark, shown, class_="report orders", lang=tongue(lang))
    return document(title, lang, article, ("index.css", "report.css", "orders.css"))


def report_blocks(
    workspace: Workspace, result: EvacuationResult, orders: Sequence[Order], audience: Audience, lang: Lang
) -> list[Block]:
    """Return the report as blocks."""

    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    def count(persons: int) -> str:
        said = guarded(persons, audience, workspace.settings.maps.public_small_count).in_(lang)
        return said.removesuffix(" 人")

    out: list[Block] = [
        Heading(1, t("人员疏散方案", "Evacuation plan")),
        Paragraph(facts(workspace, result).in_(lang)),
        *_verdict(workspace, result, count, lang),
        Heading(2, t("一、总体情况", "1 The whole")),
        Table((t("项目", "item"), t("结果", "result")), [(a, b) for a, b in _figures(result, lang)], numbers=(1,)),
        Heading(2, t("二、各社区", "2 Communities")),
        Table(
            (t("社区", "community"), t("需疏散（人）", "persons"), t("未安置（人）", "left over"), t("全部进入（分）", "all inside [min]"), t("平均步行（米）", "mean walk [m]"), t("最远（米）", "longest [m]")),
            [
                (
                    workspace.name(c.community).in_(lang), count(c.persons), count(c.left_over_persons), _minutes(c.simulated_clearance_s),
                    _number(c.mean_walk_m), _number(c.longest_walk_m),
                )
                for c in result.communities
            ],
            numbers=(1, 2, 3, 4, 5),
        ),
        Heading(2, t("三、各避难场所", "3 Shelters")),
        Table(
            (t("避难场所", "shelter"), t("名额", "places"), t("安置（人）", "persons"), t("剩余", "free"), t("楼栋", "buildings")),
            [
                (workspace.name(s.shelter).in_(lang), f"{s.places:,}", f"{s.assigned_persons:,}", f"{s.places - s.assigned_persons:,}", str(s.buildings))
                for s in sorted(result.shelters, key=lambda s: (-s.assigned_persons, s.shelter))
                if s.assigned_persons
            ],
            numbers=(1, 2, 3, 4),
        ),
    ]  # fmt: skip
    if result.left_over:
        out += [
            Heading(2, t("四、尚无去处的楼栋", "4 Buildings without a place")),
            Table(
                (t("楼栋", "building"), t("人数", "persons"), t("原因", "reason")),
                [
                    (place_name(workspace, r.building, r.part).in_(lang) if r.building else "–", count(r.persons), REASONS[r.reason].in_(lang))
                    for r in result.left_over
                ],
                numbers=(1,),
            ),
        ]  # fmt: skip
    lists: list[Block] = []
    for part in result.communities:
        mine = sorted(
            (o for o in orders if o.community == part.community), key=lambda o: natural(workspace, o, lang)
        )
        if mine:
            # the first list follows the summary on its sheet: one community alone would else begin on an empty page
            lists += _community(
                workspace,
                part.community,
                mine,
                count,
                lang,
                staged=len(result.waves) > 1,
                new_sheet=bool(lists),
            )
    return out + lists


def _community(
    workspace: Workspace,
    community: str,
    mine: list[Order],
    count: object,
    lang: Lang,
    *,
    staged: bool,
    new_sheet: bool,
) -> list[Block]:
    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    assert callable(count)
    name = workspace.name(community).in_(lang)
    head = (
        t("楼栋", "building"), t("人数", "persons"), t("去往", "to"), t("路线", "way"), t("米", "m"),
        *((t("出发", "leave"),) if staged else ()), t("最迟进入", "inside by"),
    )  # fmt: skip
    rows = [
        (
            place_name(workspace, o.building, o.part).in_(lang),
            count(o.persons),
            workspace.name(o.shelter).in_(lang),
            words.told(workspace, o).in_(lang),
            f"{round(o.length_m):,}",
            *((words.clock(o.departure_s),) if staged else ()),
            words.inside(o).in_(lang),
        )
        for o in mine
    ]
    note = t(
        "路线由楼栋门口说起；时间从开始疏散算起（时:分）。",
        "Ways begin at the building's door; times count from the start (h:mm).",
    )
    return [
        Heading(2, t(f"{name}：楼栋去向", f"{name}: where each building goes"), new_sheet),
        Paragraph(note),
        Table(head, rows, numbers=(1, 4, 5, 6) if staged else (1, 4, 5)),
    ]


def _verdict(
    workspace: Workspace, result: EvacuationResult, count: Callable[[int], str], lang: Lang
) -> list[Block]:
    """Return what must be known before anything else: nobody to evacuate, somebody left over, somebody late."""
    if not result.demand_persons:
        said = Text("这一问题中没有人需要疏散。", "Nobody has to be evacuated in this question.")
        return [Paragraph(said.in_(lang))]
    late = [_late(result, count, lang)] if result.late_persons else []
    if result.feasible:
        return [Quote(late)] if late else []
    head = Text(
        f"还有 {result.left_over_persons:,} 人没有去处",
        f"{result.left_over_persons:,} persons have nowhere to go",
    )
    binding = [binding_said(workspace, b).in_(lang) for b in result.binding]
    return [Quote([Strong(head.in_(lang)), *binding, *late])]


def _late(result: EvacuationResult, count: Callable[[int], str], lang: Lang) -> str:
    zones = [z for z in result.zones if z.late_persons]
    due = listing(
        [Text("{m:g} 分钟", "{m:g} min").format(m=z.deadline_s / 60) for z in zones]
        if len(zones) == 1
        else [
            Text("{m:g} 分钟的 {n} 人", "{n} due within {m:g} min").format(
                m=z.deadline_s / 60, n=count(z.late_persons)
            )
            for z in zones
        ]
    )
    return (
        Text("按本方案有 {n} 人晚于期限到达（期限 {d}），须提前动员。", "{n} persons arrive after their deadline ({d}): start them earlier.")
        .format(n=count(result.late_persons), d=due)
        .in_(lang)
    )  # fmt: skip


def _figures(result: EvacuationResult, lang: Lang) -> list[tuple[str, str]]:
    first = [
        (
            Text("需疏散", "To evacuate"),
            Text(f"{result.demand_persons:,} 人", f"{result.demand_persons:,} persons"),
        ),
        (
            Text("已安置", "Placed"),
            Text(f"{result.placed_persons:,} 人", f"{result.placed_persons:,} persons"),
        ),
        (
            Text("未安置", "Left over"),
            Text(f"{result.left_over_persons:,} 人", f"{result.left_over_persons:,} persons"),
        ),
    ]
    return [*((a.in_(lang), b.in_(lang)) for a, b in (*first, *_streets(result))), *figures(result, lang)]


def _streets(result: EvacuationResult) -> list[tuple[Text, Text]]:
    """Return what the plan asks of those in the streets, where it asks anything out of the ordinary."""
    found: list[tuple[Text, Text]] = []
    if len(result.waves) > 1:
        last = words.clock(result.waves[-1].departure_s)
        said = Text(
            f"{len(result.waves)} 批，末批 {last} 出发", f"{len(result.waves)}, the last leaves at {last}"
        )
        found.append((Text("分批出发", "Departure waves"), said))
    if result.split:
        parts = sum(s.parts for s in result.split)
        said = Text(f"{len(result.split)} 栋，分 {parts} 路", f"{len(result.split)}, in {parts} parts")
        found.append((Text("分出口撤离的大楼", "Buildings split by their exits"), said))
    if result.exceptions:
        found.append(
            (Text("绕行或转弯多的路线", "Routes with a detour or many turns"), exceptions_said(result))
        )
    return found


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.1f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
