"""The work lists of war time as a page that prints on A4: each list a sheet of its own, its head on every page of it."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.evacuate.wartime import lists, tables
from civdef.evacuate.wartime.result import ColumnVehicle, DoorCheck, StageTransport, WartimeResult
from civdef.evacuate.wartime.words import STAGES, carried_seated, cover_short, doors_short, stage_short
from civdef.evacuate.worklist import WorkList
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL, Audience
from civdef.render.blocks import Block, HandOut, Heading, Items, Paragraph, Strong, Table, html
from civdef.render.evacuation import wartime_heads as heads
from civdef.render.evacuation.worklists import table_of
from civdef.render.html import document, tag, tongue
from civdef.text import Lang, Text

_LATE_SHOWN = 8


def wartime_page(workspace: Workspace, result: WartimeResult, audience: Audience, lang: Lang) -> str:
    """Return all lists as a page of its own: for the command the whole, then columns, assembly points, shelters, those left over."""
    title = Text("{s}战时疏散掩蔽任务单", "{s}: war-time work lists").format(s=workspace.settings.name)
    shown = html(_Page(workspace, result, audience, lang).blocks())
    article = tag("article", shown, class_="report wartime", lang=tongue(lang))
    return document(title.in_(lang), lang, article, ("index.css", "report.css", "wartime.css"))


class _Page:
    """The sheets of one edition in one language."""

    def __init__(self, workspace: Workspace, result: WartimeResult, audience: Audience, lang: Lang) -> None:
        self.workspace = workspace
        self.result = result
        self.audience = audience
        self.lang = lang

    def blocks(self) -> list[Block]:
        """Return all sheets, in the order in which they are handed out."""
        out: list[Block] = []
        if self.audience is Audience.COMMAND:
            out.append(self._command())
        glance = tables.columns(self.workspace, self.result)
        if glance.rows:
            said = [heads.question(self.workspace, self.result, None), heads.stage_clock(None)]
            out.append(self._sheet(glance.title, said, [self._table(glance)]))
        for stage in self.result.stages:
            out += [self._column(stage, column) for column in lists.columns(stage)]
        for stage in self.result.stages:
            out += [self._point(stage, point) for point in heads.points(stage)]
        out += [self._shelter(check) for check in self.result.doors if check.assigned_persons]
        if self.result.left_over_persons:
            left = lists.without_cover(self.workspace, self.result)
            out.append(
                self._sheet(left.title, heads.without_cover(self.workspace, self.result), [self._table(left)])
            )
        return out

    def _sheet(
        self, title: Text, said: Sequence[Text], body: Sequence[Block], more: Sequence[Text] = ()
    ) -> HandOut:
        """Return a sheet; its head says whose it is, for whom, of which plan and stage, and from when its times count."""
        first, *others = said
        mark = Strong(self._told(LABEL[self.audience]))
        head: list[Block] = [
            Heading(2, self._told(title)),
            Paragraph((mark, self._told(Text("　{f}", "\u2003{f}").format(f=first)))),
            *(Paragraph(self._told(t)) for t in others),
        ]
        return HandOut(head, [*(Paragraph(self._told(t)) for t in more), *body])

    def _column(self, stage: StageTransport, column: int) -> HandOut:
        orders = lists.orders(self.workspace, self.result, stage, column)
        vehicles = lists.vehicles(self.workspace, self.result, stage, column)
        said = heads.column(self.workspace, self.result, stage, column)
        body: list[Block] = [
            self._heading(Text("行程", "Marches")),
            self._table(orders),
            self._heading(Text("车辆和驾驶员", "Vehicles and drivers")),
            self._table(vehicles, heads.REPORTED),
        ]
        more = (
            [*said[2:], heads.REQUISITIONED] if any(not v.own for v in self._vehicles(column)) else said[2:]
        )
        return self._sheet(heads.COLUMN.format(s=STAGES[stage.stage], c=orders.title), said[:2], body, more)

    def _vehicles(self, column: int) -> list[ColumnVehicle]:
        return [v for v in self.result.fleet if v.column == column]

    def _point(self, stage: StageTransport, point: str | None) -> HandOut:
        who = lists.boardings(self.workspace, self.result, stage, point, alone=False)
        said = heads.point(self.workspace, self.result, stage, point, self.audience)
        body: list[Block] = []
        if point is not None:
            marches = lists.point_marches(self.workspace, self.result, stage, point)
            if marches.rows:
                body += [
                    self._heading(Text("来此接运的车队", "Columns that load here")),
                    self._table(marches),
                ]
        body += [
            self._heading(Text("在此集合的楼栋", "Buildings that gather here")),
            self._table(who, heads.COUNTED),
        ]
        return self._sheet(heads.POINT.format(s=STAGES[stage.stage], p=who.title), said[:2], body, said[2:])

    def _shelter(self, check: DoorCheck) -> HandOut:
        doors = lists.shelter_doors(self.workspace, check)
        who = lists.shelter_buildings(self.workspace, self.result, check.shelter)
        said = heads.shelter(self.workspace, self.result, check, self.audience)
        body: list[Block] = [
            self._heading(Text("出入口", "Doors")),
            self._table(doors),
            self._heading(Text("前来掩蔽的楼栋", "Buildings that come")),
            self._table(who, heads.COUNTED),
        ]
        return self._sheet(heads.SHELTER.format(s=who.title), said[:2], body, said[2:])

    def _command(self) -> HandOut:
        """Return the page of the whole: stages, what is short and would fix it, buildings that are too late."""
        result = self.result
        short = [t for s in result.stages for t in stage_short(s)]
        short += [t for s in result.stages if (t := carried_seated(s)) is not None]
        short += [*doors_short(result), cover_short(result)]
        late = tables.hopeless(self.workspace, result, _LATE_SHOWN)
        body: list[Block] = [
            self._heading(Text("一、分期疏散", "1 Stages")),
            self._stages(),
            self._heading(Text("二、缺口和补救办法", "2 What is short, and what would fix it")),
            Items([self._told(t) for t in short]),
            self._heading(Text("三、警报响起后来不及的楼栋", "3 Too late on the siren")),
            self._table(tables.in_time(result)),
        ]
        if late is not None:
            body += [Paragraph(Strong(self._told(late.title))), self._table(late)]
        title = Text("战时疏散掩蔽：指挥部综合页", "War time at a glance, for the command")
        return self._sheet(title, [heads.siren(self.workspace, result)], body)

    def _stages(self) -> Table:
        """Return the stages as rows, so that they take few lines."""
        rows = [tables.figures(s) for s in self.result.stages]
        head = (Text("期别", "stage"), *(Text(t.zh.strip("　"), t.en.strip()) for t, _ in rows[0]))
        cells = [
            (STAGES[s.stage], *("–" if value is None else value for _, value in row))
            for s, row in zip(self.result.stages, rows, strict=True)
        ]
        one = WorkList(None, Text("", ""), head, tuple(cells), numbers=tuple(range(1, len(head))))
        return self._table(one)

    def _heading(self, text: Text) -> Heading:
        return Heading(3, self._told(text))

    def _table(self, one: WorkList, tick: Text | None = None) -> Table:
        return table_of(one, self.lang, tick)

    def _told(self, text: Text) -> str:
        return text.in_(self.lang)
