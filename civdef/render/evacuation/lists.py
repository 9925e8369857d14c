"""The work lists of an evacuation: by community for marshals, by shelter for those who receive."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civdef.evacuate.assist.result import AssistanceResult
from civdef.evacuate.orders import Order, door_name, place_name
from civdef.evacuate.result import EvacuationResult, LeftReason
from civdef.evacuate.wartime.result import WartimeResult
from civdef.model.shelter import Shelter
from civdef.model.town import FixedPost
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation import words
from civdef.render.evacuation.sheets import Column, Sheet
from civdef.render.headline import TIME
from civdef.text import Lang, Text, apart, listing

REASONS = {
    LeftReason.NO_ALLOWED_SHELTER: Text("没有可用的避难场所", "no shelter may be used"),
    LeftReason.INSIDE_HAZARD: Text("已无法步行离开危险区", "can no longer walk out of the hazard area"),
    LeftReason.UNREACHABLE: Text("没有路通到可用的避难场所", "no way to a shelter that may be used"),
    LeftReason.TOO_BIG: Text("人数超过任何一处的名额", "more persons than any shelter has places"),
    LeftReason.NO_ROOM: Text("没有剩余名额放得下", "no room left for the whole building"),
    LeftReason.NO_BUILDING: Text("单位没有对应的房屋", "units without any building"),
}


def by_community(
    workspace: Workspace, orders: Sequence[Order], result: EvacuationResult, lang: Lang
) -> list[Sheet]:
    """Return a sheet for each community: which building goes where, by which way, when; with room to tick off."""
    return [
        _community(
            workspace, part.community, [o for o in orders if o.community == part.community], result, lang
        )
        for part in result.communities
    ]


def by_shelter(
    workspace: Workspace, orders: Sequence[Order], result: EvacuationResult, audience: Audience, lang: Lang
) -> list[Sheet]:
    """Return a sheet for each shelter in use: who comes, by which door, by when; with room to count."""
    return [
        _shelter(
            workspace, load.shelter, [o for o in orders if o.shelter == load.shelter], result, audience, lang
        )
        for load in result.shelters
        if load.assigned_persons
    ]


def natural(workspace: Workspace, order: Order, lang: Lang) -> tuple[object, ...]:
    """Return a key that sorts buildings as people walk: by compound, those without a name by street, numbers as numbers."""
    compound = workspace.name(order.compound).in_(lang) if order.compound else "\uffff"
    name = workspace.name(order.building).in_(lang)
    street = (
        ""
        if workspace.buildings[order.building].named
        else "".join(re.split(r"([（(])", name, maxsplit=1)[1:])
    )
    return compound, *(_numbers(x) for x in (street, name)), order.building, order.part


def _numbers(name: str) -> list[str | int]:
    """Return a name in pieces that compare, with its numbers as numbers."""
    return [int(p) if i % 2 else p for i, p in enumerate(re.split(r"(\d+)", name))]


def facts(workspace: Workspace, result: EvacuationResult | AssistanceResult | WartimeResult) -> Text:
    """Return the question in a line."""
    areas = listing([workspace.name(f) for f in result.footprints])
    said = Text("{p}，{t}", "{p}, {t}").format(p=workspace.name(result.plan), t=TIME[result.time])
    return (
        Text(f"{said.zh}；危险区：{areas.zh}", f"{said.en}; hazard areas: {areas.en}")
        if result.footprints
        else said
    )


def _community(
    workspace: Workspace, community: str, orders: list[Order], result: EvacuationResult, lang: Lang
) -> Sheet:
    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    name = workspace.name(community).in_(lang)
    orders = sorted(orders, key=lambda o: natural(workspace, o, lang))
    timed = any(o.deadline_s is not None for o in orders)
    staged = len(result.waves) > 1
    part = next(c for c in result.communities if c.community == community)
    columns = [
        Column(t("序号", "no."), 5, number=True),
        Column(t("楼栋", "building"), 20),
        Column(t("人数", "persons"), 7, number=True),
        Column(t("老人", "elderly"), 7, number=True),
        Column(t("儿童", "children"), 7 if lang == "zh" else 9, number=True),
        Column(t("需协助", "assisted"), 8 if lang == "zh" else 9, number=True),
        Column(t("避难场所", "shelter"), 21),
        Column(t("路线", "way"), 52),
        Column(t("步行（米）", "walk [m]"), 9, number=True),
        Column(t("用时（分）", "takes [min]"), 9, number=True),
        *([Column(t("出发", "leaves"), 7, centred=True)] if staged else []),
        Column(t("最迟进入", "all inside by"), 9, centred=True),
        *([Column(t("撤离期限", "deadline"), 9, centred=True)] if timed else []),
        Column(t("已离开", "gone"), 8),
    ]
    rows: list[list[str | int | float | None]] = []
    for k, o in enumerate(orders, start=1):
        rows.append(
            [
                k, place_name(workspace, o.building, o.part).in_(lang), o.persons, o.elderly or None, o.children or None,
                o.assisted or None, workspace.name(o.shelter).in_(lang),
                words.told(workspace, o).in_(lang), round(o.length_m), -int(-o.walk_s // 60),
                *([words.clock(o.departure_s)] if staged else []), words.inside(o).in_(lang),
                *([words.clock(o.deadline_s)] if timed else []), "",
            ]
        )  # fmt: skip
    for row in result.left_over:
        if row.building is not None and workspace.buildings[row.building].community == community:
            reason = t("未安置：", "left over: ") + REASONS[row.reason].in_(lang)
            cells: list[str | int | float | None] = [None] * len(columns)
            cells[0], cells[1], cells[2] = (
                len(rows) + 1,
                place_name(workspace, row.building, row.part).in_(lang),
                row.persons,
            )
            cells[6], cells[7] = "–", reason
            rows.append(cells)
    said = t(
        f"需疏散 {part.persons:,} 人，其中需协助 {sum(o.assisted for o in orders):,} 人；未安置 {part.left_over_persons:,} 人。"
        "时间从开始疏散算起（时:分）；用时按平均步速，最迟进入按各家步速和路上拥挤模拟。",
        f"{part.persons:,} persons to evacuate, {sum(o.assisted for o in orders):,} of them assisted; {part.left_over_persons:,} left"
        " over. Times count from the start (h:mm). Takes: at mean pace; all inside by: simulated, each household's own pace, with crowding.",
    )
    return Sheet(
        name,
        t(f"{apart(name).lstrip()}疏散任务清单", f"Evacuation list: {name}"),
        [facts(workspace, result).in_(lang), said, *_late(orders, lang)],
        columns,
        rows,
    )


def _shelter(
    workspace: Workspace,
    shelter: str,
    orders: list[Order],
    result: EvacuationResult,
    audience: Audience,
    lang: Lang,
) -> Sheet:
    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    name = workspace.name(shelter).in_(lang)
    noun = workspace.shelters[shelter]
    persons, assisted = sum(o.persons for o in orders), sum(o.assisted for o in orders)
    load = next(s for s in result.shelters if s.shelter == shelter)
    lines = [
        facts(workspace, result).in_(lang),
        t(
            f"名额 {load.places:,}，接收 {persons:,} 人（{len(orders)} 栋），其中需协助 {assisted:,} 人；"
            f"无障碍名额 {noun.barrier_free_places:,}。时间从开始疏散算起（时:分）。",
            f"{load.places:,} places; receives {persons:,} persons from {len(orders)} buildings, {assisted:,} of them assisted;"
            f" {noun.barrier_free_places:,} barrier-free places. Times count from the start (h:mm).",
        ),
    ]
    lines += _late(orders, lang)
    lines += [t.in_(lang) for t in in_charge(workspace, noun, audience)]
    columns = [
        Column(t("序号", "no."), 6, number=True),
        Column(t("入口", "entrance"), 28),
        Column(t("社区", "community"), 16),
        Column(t("楼栋", "building"), 34),
        Column(t("人数", "persons"), 8, number=True),
        Column(t("老人", "elderly"), 8, number=True),
        Column(t("儿童", "children"), 9, number=True),
        Column(t("需协助", "assisted"), 9, number=True),
        Column(t("最迟到齐", "all in by"), 10, centred=True),
        Column(t("实到人数", "counted"), 12),
        Column(t("备注", "remarks"), 26),
    ]
    ordered = sorted(orders, key=lambda o: (o.entrance, o.arrival_last_s or 0.0, o.building, o.part))
    rows: list[list[str | int | float | None]] = [
        [
            k, door_name(workspace, o.entrance).in_(lang), workspace.name(o.community).in_(lang),
            place_name(workspace, o.building, o.part).in_(lang), o.persons, o.elderly or None, o.children or None,
            o.assisted or None,
            words.inside(o).in_(lang), "", "",
        ]
        for k, o in enumerate(ordered, start=1)
    ]  # fmt: skip
    return Sheet(name, t(f"{apart(name).lstrip()}接收清单", f"Reception list: {name}"), lines, columns, rows)


def _late(orders: Sequence[Order], lang: Lang) -> list[str]:
    """Return the line about those who are late, if somebody is."""
    said = words.lateness(orders)
    return [] if said is None else [said.in_(lang)]


def in_charge(workspace: Workspace, place: Shelter | FixedPost, audience: Audience) -> list[Text]:
    """Return the line that says who opens and runs a place, with telephones, if that is known; nobody in public."""
    if audience is Audience.PUBLIC:
        return []
    team = workspace.teams.get(place.team) if place.team else None
    key = place.key_holder if isinstance(place, Shelter) else None
    found: list[Text] = []
    for label, person_id in (
        (team.name.text if team else None, team.leader if team else None),
        (Text("钥匙", "key"), workspace.holder(key) if key else None),
    ):
        person = workspace.people.get(person_id) if person_id else None
        if label is not None and person is not None:
            phone = f" {person.phone}" if person.phone else ""
            found.append(Text("{l} {p}{t}", "{l} {p}{t}").format(l=label, p=person.name, t=phone))
    return [Text("负责：{c}", "In charge: {c}").format(c=listing(found))] if found else []
