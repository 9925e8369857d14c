"""Why a plan is as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from civdef.evacuate.binding import binding, left_over
from civdef.evacuate.bounds import bracket, certified
from civdef.evacuate.question import Question, resolve
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.solve import solve
from civdef.evacuate.why.buildings import why_buildings
from civdef.evacuate.why.cuts import peel, told
from civdef.evacuate.why.relief import reliefs, trials
from civdef.evacuate.why.result import BindingCut, Relief, WhyResult
from civdef.graph.roads import build_street_network
from civdef.model.workspace import Workspace
from civdef.text import Text


def explain(
    workspace: Workspace,
    question: Question,
    *,
    buildings: Sequence[str] | None = (),
    verify: int = 3,
    step_s: int | None = None,
    effort: Effort | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> WhyResult:
    """Return why the plan that answers a question is as it is.

    Parameters
    ----------
    workspace, question
        The town, and what is asked of it.
    buildings
        Buildings to explain, a prefix ``building/`` may be left out; None: all.
    verify
        How many of the reliefs are planned anew; 0: none is tried at all.
    step_s
        Time step; None: the setting [s].
    effort
        How hard to search, for the plan and for the reliefs that are planned anew; None: the setting.
    progress
        Told the share of the work done.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask`, and for an unknown building.
    """
    wanted = None if buildings is None else [
        resolve("building", b, workspace.buildings, Text("楼栋", "building")) for b in buildings
    ]  # fmt: skip
    solution = solve(workspace, build_street_network(workspace), question, step_s=step_s, effort=effort)
    problem, plan, asked = solution.asked.problem, solution.plan, solution.asked.question
    shelter = plan.assignment.shelter
    placed = shelter >= 0
    cuts: tuple[BindingCut, ...] = ()
    helping: tuple[Relief, ...] = ()
    optimum_s = bound_s = None
    if placed.any():
        bounds = bracket(problem, solution.stepped, placed)
        optimum_s, bound_s = bounds.optimum_s, bounds.bound_s
        if solution.optimum_steps is not None:  # the bound that civdef evacuate states, searched more finely
            ours = workspace.settings.evacuation
            bound_s = certified(
                problem, solution.stepped, placed, flow_s=optimum_s, step_s=ours.bound_step_s,
                cells=ours.bound_cells, searches=ours.bound_searches,
            ).bound_s  # fmt: skip
        found = peel(bounds.optimum_network.network, bounds.optimum)
        cuts = told(problem, solution.stepped, bounds.optimum_network, found)
        if verify:
            tried = trials(workspace, solution, cuts)
            helping = reliefs(workspace, solution, tried, optimum_s, verify, effort, progress)
    rows = (
        range(len(problem.buildings))
        if wanted is None
        else [i for i, b in enumerate(problem.buildings) if b in set(wanted)]
    )
    persons = problem.persons
    return WhyResult(
        inputs=dict(workspace.inputs),
        plan=asked.plan,
        time=asked.time,
        footprints=asked.footprints or (),
        changes=workspace.changes,
        objective=asked.objective,
        step_s=solution.stepped.step_s,
        demand_persons=int(persons.sum()),
        placed_persons=int(persons[placed].sum()),
        left_over_persons=int(persons[~placed].sum()),
        clearance_s=float(plan.execution.steps * solution.stepped.step_s) if placed.any() else None,
        optimum_s=optimum_s,
        bound_s=bound_s,
        binding=binding(problem, shelter, left_over(problem, shelter), asked.footprints or ()),
        cuts=cuts,
        reliefs=helping,
        buildings=why_buildings(solution, np.asarray(rows, dtype=np.int64).tolist()),
    )
