"""Writing an evacuation plan's files: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from civdef import files
from civdef.evacuate.orders import orders
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.solve import Solution
from civdef.model.workspace import Workspace
from civdef.render.audience import LABEL, Audience
from civdef.render.evacuation.geopackage import geopackage
from civdef.render.evacuation.lists import by_community, by_shelter
from civdef.render.evacuation.report import report_page
from civdef.render.evacuation.sheets import Sheet, workbooks
from civdef.text import LANGS, Lang

FORMATS = ("json", "gpkg", "xlsx", "html")


def write_evacuation(
    workspace: Workspace,
    solution: Solution,
    result: EvacuationResult,
    folder: Path,
    *,
    audience: Audience,
    lang: Lang,
    formats: Iterable[str] = FORMATS,
    langs: Iterable[Lang] = LANGS,
) -> list[Path]:
    """Write the plan to a folder and return the files, those for people first.

    ``plan.LANG.html`` the report with a list for each community; ``by-community.xlsx`` and ``by-shelter.xlsx`` the work
    lists; ``plan.gpkg`` layers for a GIS; ``result.json`` the result. In public there are no work lists and no result:
    both tell how many people of each house need help.

    Parameters
    ----------
    workspace, solution, result
        The plan.
    folder
        Where to.
    audience
        Who it is for.
    lang
        Language of work lists and of layer names.
    formats
        Which of `FORMATS`.
    langs
        Languages of the report.

    Raises
    ------
    OutputError
        If a file cannot be written; no file has changed then.
    UsageError
        If the library for Excel is not installed.
    """
    wanted = set(formats)
    told = orders(workspace, solution, result)
    found: dict[Path, bytes] = {}
    if "html" in wanted:
        for one in langs:
            page = report_page(workspace, result, told, audience, one)
            found[folder / f"plan.{one}.html"] = page.encode("utf-8")
    if "xlsx" in wanted and audience is not Audience.PUBLIC:
        mark = LABEL[audience].in_(lang)
        lists: dict[str, list[Sheet]] = {
            "by-community.xlsx": by_community(workspace, told, result, lang),
            "by-shelter.xlsx": by_shelter(workspace, told, result, audience, lang),
        }
        found |= workbooks(folder, lists, lang, mark)
    if "gpkg" in wanted:
        layers = geopackage(workspace, solution, result, told, audience, lang)
        if layers:
            found[folder / "plan.gpkg"] = layers
    if "json" in wanted and audience is not Audience.PUBLIC:
        found[folder / "result.json"] = result.to_json().encode("utf-8")
    files.write_all(found)
    return list(found)
