"""What would help: each part of the cuts that set the time made wider as a what-if, the optimum and the plan computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.changes import Changes, changed
from civdef.evacuate.flow import quickest, step_network
from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.question import Question, ask
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.solve import Solution, solve
from civdef.evacuate.stepped import contract
from civdef.evacuate.why.result import BindingCut, CutPart, PartKind, Relief
from civdef.graph.roads import build_street_network
from civdef.model.plan import OneWayStreet
from civdef.model.workspace import Workspace

DOOR_M = 2.0
"""Width of a door added for a trial [m]; what a double door of a school gives."""

MORE_PLACES = 0.2
"""Share of places added for a trial; a choice."""

_WAITING_DOORS = 3


@dataclass(frozen=True)
class Trial:
    """A what-if that widens something.

    Attributes
    ----------
    kind, objects
        What is widened.
    options
        As asked with ``civdef evacuate``.
    changes, one_way
        The what-if.
    in_cut
        Whether it widens a part of a cut that sets the time.
    """

    kind: PartKind
    objects: tuple[str, ...]
    options: tuple[str, ...]
    changes: Changes = field(default_factory=Changes)
    one_way: tuple[OneWayStreet, ...] = ()
    in_cut: bool = True

    @property
    def change(self) -> str:
        """What to type."""
        return " ".join(self.options)


def trials(workspace: Workspace, solution: Solution, cuts: Iterable[BindingCut]) -> list[Trial]:
    """Return what to try: every part of the cuts that set the time, and the doors where the plan waits longest."""
    found: dict[str, Trial] = {}
    for cut in cuts:
        for part in cut.parts if cut.sets_time else ():
            one = _of_part(workspace, part)
            found.setdefault(one.change, one)
    for shelter in _waiting(solution):
        one = _door(shelter, in_cut=False)
        found.setdefault(one.change, one)
    return list(found.values())


def reliefs(
    workspace: Workspace,
    solution: Solution,
    tried: list[Trial],
    optimum_s: float,
    verify: int,
    effort: Effort | None,
    progress: Callable[[float], None],
) -> tuple[Relief, ...]:
    """Try each, plan the best anew, and rank them.

    Parameters
    ----------
    workspace, solution
        The town and its plan as they are.
    tried
        What to try.
    optimum_s
        Optimum as it is [s].
    verify
        How many of the best are planned anew.
    effort
        How hard to search for each; None: the setting.
    progress
        Told the share of the work done.
    """
    clearance_s = float(solution.plan.execution.steps * solution.stepped.step_s)
    work = len(tried) + 4 * min(verify, len(tried))
    done = 0
    optima: list[tuple[float, int]] = []
    for k, one in enumerate(tried):
        optima.append((_optimum_s(workspace, solution, one), k))
        done += 1
        progress(done / work)
    best = sorted(range(len(tried)), key=lambda k: (optima[k][0], not tried[k].in_cut, tried[k].change))
    planned: dict[int, float] = {}
    for k in best[:verify]:
        planned[k] = _clearance_s(workspace, solution, tried[k], effort)
        done += 4
        progress(min(done / work, 1.0))
    order = sorted(best, key=lambda k: (optima[k][0], planned.get(k, np.inf), tried[k].change))
    return tuple(
        Relief(
            rank=rank,
            change=tried[k].change,
            kind=tried[k].kind,
            objects=tried[k].objects,
            in_cut=tried[k].in_cut,
            optimum_s=optima[k][0] if np.isfinite(optima[k][0]) else None,
            optimum_gain_s=optimum_s - optima[k][0] if np.isfinite(optima[k][0]) else None,
            clearance_s=planned.get(k) if np.isfinite(planned.get(k, 0.0)) else None,
            clearance_gain_s=clearance_s - planned[k] if np.isfinite(planned.get(k, np.inf)) else None,
        )
        for rank, k in enumerate(order, start=1)
    )


def _of_part(workspace: Workspace, part: CutPart) -> Trial:
    if part.kind == "door":
        assert part.shelter is not None
        return _door(part.shelter, in_cut=True)
    if part.kind == "places":
        had = workspace.shelters[part.object].places.whole
        number = -(-int(had * (1 + MORE_PLACES)) // 10) * 10
        return Trial("places", (part.object,), (f"--places {part.object}={number}",),
                     Changes(places=((part.object, number),)))  # fmt: skip
    assert part.direction is not None
    return Trial(
        "street",
        part.roads,
        tuple(f"--contraflow {r}:{part.direction}" for r in part.roads),
        one_way=tuple(OneWayStreet(road=r, direction=part.direction, whole_width=True) for r in part.roads),
    )


def _door(shelter: str, *, in_cut: bool) -> Trial:
    return Trial("door", (shelter,), (f"--door {shelter}={DOOR_M:g}",),
                 Changes(doors=((shelter, DOOR_M),)), in_cut=in_cut)  # fmt: skip


def _waiting(solution: Solution) -> list[str]:
    """Return the shelters before whose doors most person-time is spent, most first."""
    problem, plan = solution.asked.problem, solution.plan
    entrance = plan.routes.entrance
    going = entrance != NOWHERE
    column = np.searchsorted(problem.entrances, entrance[going])
    load: NDArray[np.float64] = np.bincount(column, problem.persons[going], len(problem.entrances)).astype(
        float
    )
    of = problem.network.entrance_shelter[problem.entrances]
    waited = np.bincount(of, load * plan.execution.door_wait, len(problem.shelters))
    order = np.lexsort((np.arange(len(waited)), -waited))
    return [problem.shelters[s] for s in order[:_WAITING_DOORS].tolist() if waited[s] > 0]


def _question(solution: Solution, trial: Trial) -> Question:
    asked = solution.asked.question
    return replace(asked, one_way=(*asked.one_way, *trial.one_way))


def _optimum_s(workspace: Workspace, solution: Solution, trial: Trial) -> float:
    """Return the optimum for those whom the plan places; infinite if not all of them have a way any more [s]."""
    if _opposed(solution, trial):
        return np.inf
    town = changed(workspace, trial.changes)
    problem = ask(town, build_street_network(town), _question(solution, trial)).problem
    placed = solution.plan.assignment.shelter != NOWHERE
    of = {b for b, p in zip(solution.asked.problem.buildings, placed.tolist(), strict=True) if p}
    step_s = solution.stepped.step_s
    mine = np.array([b in of for b in problem.buildings], dtype=np.bool_)
    found = quickest(step_network(problem, contract(problem, step_s), mine).network)
    return np.inf if found.steps is None else float(found.steps * step_s)


def _clearance_s(workspace: Workspace, solution: Solution, trial: Trial, effort: Effort | None) -> float:
    """Return the clearance of a plan of its own; infinite if it leaves more people over [s]."""
    if _opposed(solution, trial):
        return np.inf
    town = changed(workspace, trial.changes)
    step_s = solution.stepped.step_s
    found = solve(town, build_street_network(town), _question(solution, trial), step_s=step_s, effort=effort)
    left = found.plan.assignment.shelter == NOWHERE
    before = solution.plan.assignment.shelter == NOWHERE
    persons = found.asked.problem.persons
    if int(persons[left].sum()) > int(solution.asked.problem.persons[before].sum()):
        return np.inf
    return float(found.plan.execution.steps * step_s)


def _opposed(solution: Solution, trial: Trial) -> bool:
    """Return whether a street of the trial is one-way the other way already."""
    now = {w.road: w.direction for w in solution.asked.question.one_way}
    return any(now.get(w.road, w.direction) != w.direction for w in trial.one_way)
