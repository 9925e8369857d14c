"""From a question to a map: evacuation and coverage are computed where the workspace allows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civdef.coverage.result import CoverageResult
from civdef.coverage.shelters import coverage
from civdef.errors import CivdefError
from civdef.evacuate.question import Question
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.solve import Solution, report, solve
from civdef.graph.roads import StreetNetwork
from civdef.hazards import kinds
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.headline import infeasible
from civdef.render.map import write_map
from civdef.render.result import MapResult
from civdef.text import Lang, Text

DEFAULT_PLAN = "plan/earthquake"


def map_of(
    workspace: Workspace,
    network: StreetNetwork,
    *,
    path: Path,
    shown_as: str,
    lang: Lang,
    audience: Audience,
    plan: str | None = None,
    time: DayPart = DayPart.NIGHT,
    footprints: Sequence[str] = (),
    routes: bool = True,
) -> MapResult:
    """Compute what the map shows and write it.

    An infeasible plan is drawn with the people who are left over marked. A workspace without shelters, streets or plans is
    drawn as it is, with a remark.

    Parameters
    ----------
    workspace, network
        The town.
    path, shown_as
        File to write, and how the result names it.
    lang, audience
        Language; who it is for.
    plan, time, footprints
        The evacuation question; plan None: `DEFAULT_PLAN`, or the first that has an evacuation policy, or none.
    routes
        Whether to draw routes.

    Raises
    ------
    UsageError
        For a plan or footprint that does not exist, or nothing to draw.
    OutputError
        If the file cannot be written.
    """
    warnings: list[Text] = []
    solution, result = _evacuation(workspace, network, plan, time, tuple(footprints), warnings)
    shown = result.footprints if result is not None else tuple(footprints)
    covered = _coverage(workspace, network, time, result)
    written = write_map(
        workspace, network, coverage=covered, evacuation=result, solution=solution, lang=lang, audience=audience,
        path=path, footprints=shown, routes=routes, warnings=warnings,
    )  # fmt: skip
    return MapResult(
        inputs=dict(workspace.inputs),
        file=shown_as,
        size_bytes=written.size_bytes,
        features=written.features,
        layers=written.layers,
        audience=audience,
        plan=result.plan if result is not None else None,
        time=result.time if result is not None else None,
        footprints=shown,
        placed_persons=result.placed_persons if result is not None else None,
        left_over_persons=result.left_over_persons if result is not None else None,
        uncovered_persons=covered.shelters.uncovered_persons if covered is not None else None,
        warnings=tuple(w.in_(lang) for w in written.warnings),
    )


def _evacuation(
    workspace: Workspace,
    network: StreetNetwork,
    plan: str | None,
    time: DayPart,
    footprints: tuple[str, ...],
    warnings: list[Text],
) -> tuple[Solution | None, EvacuationResult | None]:
    able = [p.id for p in workspace.plans.values() if p.evacuation is not None]
    wanted = plan or (DEFAULT_PLAN if DEFAULT_PLAN in able else next(iter(able), None))
    if wanted is None:
        warnings.append(
            Text(
                "工作区没有规定人员疏散的预案，图上没有疏散路线。",
                "No plan of the workspace has an evacuation policy: the map shows no routes.",
            )
        )
        return None, None
    if plan is None and not (workspace.shelters and workspace.buildings and workspace.roads):
        warnings.append(
            Text(
                "缺少避难场所、建筑或道路，无法编排疏散，图上只有现有数据。",
                "Shelters, buildings or streets are missing: no evacuation can be planned, the map shows what there is.",
            )
        )
        return None, None
    try:
        solution = solve(workspace, network, Question(wanted, time, footprints or None))
    except CivdefError as error:
        if plan is not None or footprints:
            raise
        warnings.append(error.message)
        return None, None
    result = report(workspace, solution)
    warnings.extend(infeasible(workspace, result))
    return solution, result


def _coverage(
    workspace: Workspace, network: StreetNetwork, time: DayPart, result: EvacuationResult | None
) -> CoverageResult | None:
    if not (workspace.shelters and workspace.buildings):
        return None
    known = [h for h in (result.hazards if result is not None else ()) if h in set(kinds())]
    return coverage(workspace, network, time=time, hazard=known[0] if known else None)
