"""The work lists of war time: a sheet for each assembly point, each column and each shelter, and a page for the command.

Residents are counted and never named on them; drivers and leaders are named with their telephones, so the lists are made for
a team or the command, never for the public.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from civdef import files
from civdef.evacuate.wartime import lists, tables
from civdef.evacuate.wartime.result import WartimeResult
from civdef.evacuate.wartime.words import STAGES
from civdef.evacuate.worklist import WorkList
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL, Audience
from civdef.render.evacuation import wartime_heads as heads
from civdef.render.evacuation.sheets import Sheet, workbooks
from civdef.render.evacuation.wartime_page import wartime_page
from civdef.render.evacuation.worklists import refuse_public, sheet_of
from civdef.text import LANGS, Lang, Text

FORMATS = ("json", "xlsx", "html")


def write_wartime(
    workspace: Workspace,
    result: WartimeResult,
    folder: Path,
    *,
    audience: Audience,
    lang: Lang,
    formats: Iterable[str] = FORMATS,
    langs: Iterable[Lang] = LANGS,
) -> list[Path]:
    """Write the work lists to a folder and return the files, those for people first.

    ``wartime.LANG.html`` all lists as a page that prints; ``by-assembly-point.xlsx`` who gathers where for which march; ``by-column.xlsx`` the marches of each column and all
    vehicles; ``cover-by-shelter.xlsx`` who comes to each shelter on the siren; for the command also ``wartime-command.xlsx`` the
    whole at a glance; ``wartime.json`` the result.

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
        audience, Text("战时疏散掩蔽任务单不对公众公开", "War-time work lists are not made for the public")
    )
    wanted = set(formats)
    mark = LABEL[audience].in_(lang)
    found: dict[Path, bytes] = {}
    if "html" in wanted:
        for one in langs:
            page = wartime_page(workspace, result, audience, one)
            found[folder / f"wartime.{one}.html"] = page.encode("utf-8")
    if "xlsx" in wanted:
        books = {
            "by-assembly-point.xlsx": point_sheets(workspace, result, audience, lang),
            "by-column.xlsx": column_sheets(workspace, result, lang),
            "cover-by-shelter.xlsx": shelter_sheets(workspace, result, audience, lang),
        }
        if audience is Audience.COMMAND:
            books["wartime-command.xlsx"] = command_sheets(workspace, result, lang)
        found |= workbooks(folder, books, lang, mark)
    if "json" in wanted:
        found[folder / "wartime.json"] = result.to_json().encode("utf-8")
    files.write_all(found)
    return list(found)


def point_sheets(workspace: Workspace, result: WartimeResult, audience: Audience, lang: Lang) -> list[Sheet]:
    """Return a sheet for each assembly point and stage: who gathers for which march; then those who get to none."""
    found = []
    for stage in result.stages:
        for point in heads.points(stage):
            one = lists.boardings(workspace, result, stage, point, alone=True)
            said = heads.point(workspace, result, stage, point, audience)
            title = heads.POINT.format(s=STAGES[stage.stage], p=one.title)
            found.append(sheet_of(_staged(one, STAGES[stage.stage]), title, said, heads.COUNTED, lang))
    return found


def column_sheets(workspace: Workspace, result: WartimeResult, lang: Lang) -> list[Sheet]:
    """Return a sheet for each column and stage: its marches; then one of all vehicles."""
    found = []
    for stage in result.stages:
        for column in lists.columns(stage):
            one = lists.orders(workspace, result, stage, column)
            said = heads.column(workspace, result, stage, column)
            title = heads.COLUMN.format(s=STAGES[stage.stage], c=one.title)
            found.append(sheet_of(_staged(one, STAGES[stage.stage]), title, said, None, lang))
    if found:
        all_ = lists.fleet(workspace, result)
        said = [heads.question(workspace, result, None), heads.REQUISITIONED]
        found.append(sheet_of(all_, all_.title, said, heads.REPORTED, lang))
    return found


def shelter_sheets(
    workspace: Workspace, result: WartimeResult, audience: Audience, lang: Lang
) -> list[Sheet]:
    """Return a sheet for each shelter in use: which buildings come, by which door, in what time; then those without a place."""
    found = []
    for check in result.doors:
        if check.assigned_persons:
            one = lists.shelter_buildings(workspace, result, check.shelter)
            said = heads.shelter(workspace, result, check, audience)
            found.append(sheet_of(one, heads.SHELTER.format(s=one.title), said, heads.COUNTED, lang))
    if result.left_over_persons:
        one = lists.without_cover(workspace, result)
        found.append(sheet_of(one, one.title, heads.without_cover(workspace, result), None, lang))
    return found


def command_sheets(workspace: Workspace, result: WartimeResult, lang: Lang) -> list[Sheet]:
    """Return the whole at a glance: stages, marches, cover in time, doors, all buildings that are late."""
    whole = [
        (tables.stages(result), heads.question(workspace, result, None)),
        *((tables.marches(workspace, result, s), heads.question(workspace, result, s)) for s in result.stages),
        (tables.in_time(result), heads.siren(workspace, result)),
        (tables.doors(workspace, result, everything=True), heads.siren(workspace, result)),
        (tables.late(workspace, result), heads.siren(workspace, result)),
    ]  # fmt: skip
    return [sheet_of(one, one.title, [said], None, lang) for one, said in whole if one.rows]


def _staged(one: WorkList, stage: Text) -> WorkList:
    """Return a list whose name says its stage, so that the sheets of both stages can be told apart."""
    return dataclasses.replace(one, title=Text("{s} {t}", "{s}, {t}").format(s=stage, t=one.title))
