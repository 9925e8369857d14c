"""The work lists of those who fetch people who cannot walk alone: a sheet for each vehicle and each community, and a page.

They hold names, floors and what people need, so they are made for a team or the command, never for the public.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from civdef import files
from civdef.evacuate.assist.lists import (
    community_lists,
    deadlines,
    left_over_list,
    minute,
    vehicle_lists,
)
from civdef.evacuate.assist.result import AssistanceResult, HelpedPerson, VehicleDuty
from civdef.evacuate.worklist import WorkList
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL, Audience
from civdef.render.blocks import Block, Heading, Paragraph, Strong, Table, html
from civdef.render.evacuation.lists import facts
from civdef.render.evacuation.sheets import Sheet, workbooks
from civdef.render.evacuation.worklists import count, refuse_public, sheet_of, table_of
from civdef.render.html import document, tag, tongue
from civdef.text import LANGS, Lang, Text

FORMATS = ("json", "xlsx", "html")
_TICK = {"vehicle": Text("已办", "done"), "community": Text("已接", "fetched")}
_FROM_START = Text("时间从开始疏散算起（时:分）。", "Times count from the start of the evacuation (h:mm).")


def write_assistance(
    workspace: Workspace,
    result: AssistanceResult,
    folder: Path,
    *,
    audience: Audience,
    lang: Lang,
    formats: Iterable[str] = FORMATS,
    langs: Iterable[Lang] = LANGS,
) -> list[Path]:
    """Write the work lists to a folder and return the files, those for people first.

    ``assist.LANG.html`` all lists as a page that prints; ``by-vehicle.xlsx`` the stops of each vehicle;
    ``assist-by-community.xlsx`` whom each community's helpers bring out; ``assistance.json`` the result.

    Parameters
    ----------
    workspace, result
        The plan.
    folder
        Where to.
    audience
        Team or command.
    lang
        Language of the workbooks.
    formats
        Which of `FORMATS`.
    langs
        Languages of the page.

    Raises
    ------
    OutputError
        If a file cannot be written; no file has changed then.
    UsageError
        For the public, and if the library for Excel is not installed.
    """
    refuse_public(
        audience,
        Text("行动不便人员名单不对公众公开", "Lists of people who need help are not made for the public"),
    )
    wanted = set(formats)
    mark = LABEL[audience].in_(lang)
    found: dict[Path, bytes] = {}
    if "html" in wanted:
        for one in langs:
            page = assistance_page(workspace, result, audience, one)
            found[folder / f"assist.{one}.html"] = page.encode("utf-8")
    if "xlsx" in wanted:
        books = {
            "by-vehicle.xlsx": vehicle_sheets(workspace, result, lang),
            "assist-by-community.xlsx": community_sheets(workspace, result, lang),
        }
        found |= workbooks(folder, books, lang, mark)
    if "json" in wanted:
        found[folder / "assistance.json"] = result.to_json().encode("utf-8")
    files.write_all(found)
    return list(found)


def vehicle_sheets(workspace: Workspace, result: AssistanceResult, lang: Lang) -> list[Sheet]:
    """Return a sheet for each vehicle that fetches somebody: its stops in order, with room to tick off."""
    head = Text("车辆任务单：{v}", "Vehicle: {v}")
    return [
        sheet_of(
            one, head.format(v=one.title), _vehicle_facts(workspace, result, one), _TICK["vehicle"], lang
        )
        for one in vehicle_lists(workspace, result)
    ]


def community_sheets(workspace: Workspace, result: AssistanceResult, lang: Lang) -> list[Sheet]:
    """Return a sheet for each community: whom its helpers bring out, in order; then one of those left over."""
    head = Text("帮扶任务单：{c}", "Helpers: {c}")
    question = facts(workspace, result)
    found = [
        sheet_of(
            one, head.format(c=one.title), _community_facts(workspace, result, one), _TICK["community"], lang
        )
        for one in community_lists(workspace, result)
    ]
    if result.left_over:
        left = left_over_list(workspace, result)
        found.append(sheet_of(left, left.title, [question], None, lang))
    return found


def assistance_page(workspace: Workspace, result: AssistanceResult, audience: Audience, lang: Lang) -> str:
    """Return all lists as a page of its own: what it comes to, those left over, vehicles, communities.

    Printed, each list is a sheet that is handed out by itself, so each says who may see it, which plan it belongs to
    and from when its times count.
    """
    title = Text("{s}行动不便人员转移", "{s}: fetching people who cannot walk alone").format(
        s=workspace.settings.name
    )
    shown = html(_blocks(workspace, result, LABEL[audience], lang))
    mark = tag("strong", LABEL[audience].in_(lang), class_="exercise")
    article = tag("article", mark, shown, class_="report assist", lang=tongue(lang))
    return document(title.in_(lang), lang, article, ("index.css", "report.css", "assist.css"))


def _blocks(workspace: Workspace, result: AssistanceResult, mark: Text, lang: Lang) -> list[Block]:
    def told(text: Text) -> str:
        return text.in_(lang)

    out: list[Block] = [
        Heading(1, told(Text("行动不便人员转移", "Fetching people who cannot walk alone"))),
        Paragraph(told(facts(workspace, result))),
        Paragraph(
            told(
                Text(
                    f"登记在册 {result.register_persons:,} 人：由帮扶人陪同步行 {result.walking_persons:,} 人，乘车 {result.riding_persons:,} 人，"
                    f"未落实 {result.left_over_persons:,} 人。{_FROM_START.zh}",
                    f"{result.register_persons:,} on the register: {result.walking_persons:,} walk with their helpers,"
                    f" {result.riding_persons:,} ride, {result.left_over_persons:,} are left over. {_FROM_START.en}",
                )
            )
        ),
    ]
    out += [Paragraph(told(t)) for t in _lateness(result.persons, result)]
    vehicles, communities = vehicle_lists(workspace, result), community_lists(workspace, result)
    if vehicles:
        out += [
            Heading(2, told(Text("出车一览", "Vehicles at a glance"))),
            _overview(workspace, result, lang),
        ]

    def handed_out(one: WorkList, said: Sequence[Text], tick: Text | None = None) -> None:
        first, *more = said
        out.extend(
            [
                Heading(2, told(one.title), new_sheet=True),
                Paragraph((Strong(told(mark)), told(Text("　{f}", "\u2003{f}").format(f=first)))),
                *(Paragraph(told(t)) for t in more),
                table_of(one, lang, tick),
            ]
        )

    if result.left_over:
        handed_out(left_over_list(workspace, result), [facts(workspace, result)])
    for one in vehicles:
        handed_out(one, _vehicle_facts(workspace, result, one), _TICK["vehicle"])
    for one in communities:
        handed_out(one, _community_facts(workspace, result, one), _TICK["community"])
    return out


def _overview(workspace: Workspace, result: AssistanceResult, lang: Lang) -> Table:
    """Return whom the duty officer calls, and when each vehicle is at its first stop and through."""
    head = (
        Text("车辆", "vehicle"), Text("驾驶员", "driver"), Text("电话", "telephone"), Text("趟数", "trips"),
        Text("人数", "persons"), Text("首站到达", "at the first stop"), Text("完成", "through"),
    )  # fmt: skip
    rows = []
    for duty in result.vehicles:
        stops = [stop for t in result.trips if t.vehicle == duty.vehicle for stop in t.stops]
        if not stops:
            continue
        rows.append(
            (
                workspace.name(duty.vehicle).in_(lang),
                workspace.name(duty.driver).in_(lang) if duty.driver else "",
                _phone(workspace, duty) or "",
                str(duty.trips),
                str(duty.persons),
                minute(min(stop.arrive_s for stop in stops)),
                minute(max(stop.end_s for stop in stops)),
            )
        )
    return Table(tuple(t.in_(lang) for t in head), rows, numbers=(3, 4, 5, 6))


def _lateness(persons: Sequence[HelpedPerson], result: AssistanceResult) -> list[Text]:
    """Say when the last of some people is inside, and how many of them are late; nothing of nobody."""
    if not persons:
        return []
    last = minute(max(p.inside_s for p in persons))
    said = Text("最后一人 {t} 进入避难场所", "The last is inside at {t}").format(t=last)
    late = sum(p.late for p in persons)
    if not late:
        return [Text("{s}。", "{s}.").format(s=said)]
    more = Text(
        "{s}；其中 {n} 人晚于期限（{d}），标为“晚”。",
        "{s}; {n} are later than their deadline ({d}), marked late.",
    )
    return [more.format(s=said, n=late, d=deadlines(result))]


def _vehicle_facts(workspace: Workspace, result: AssistanceResult, one: WorkList) -> list[Text]:
    duty = next(v for v in result.vehicles if v.vehicle == one.of)
    phone = _phone(workspace, duty)
    said = Text(
        f"{duty.trips} 趟，{duty.persons} 人；座位 {duty.seats}，轮椅位 {duty.wheelchair_places}，担架位 {duty.stretcher_places}",
        f"{count(duty.trips, 'trip')}, {count(duty.persons, 'person')}; places: {duty.seats} seated,"
        f" {duty.wheelchair_places} wheelchair, {duty.stretcher_places} stretcher",
    )
    if phone:
        said = Text("{s}；驾驶员电话 {p}", "{s}; driver's telephone {p}").format(s=said, p=phone)
    return [facts(workspace, result), said, _FROM_START]


def _community_facts(workspace: Workspace, result: AssistanceResult, one: WorkList) -> list[Text]:
    persons = [p for p in result.persons if p.community == one.of]
    return [facts(workspace, result), *_lateness(persons, result), _FROM_START]


def _phone(workspace: Workspace, duty: VehicleDuty) -> str | None:
    driver = workspace.people.get(duty.driver) if duty.driver else None
    return driver.phone if driver is not None else None
