"""Where more shelters, doors or opened gates help most: screened by models, verified by whole evacuation plans.

* *Candidates* go through the three location models, and each alone through a transport problem.
* *Doors* are screened by the waiting at the doors of each shelter in the plan as it is.
* *Gates* are screened by how much nearer they bring people to the shelters.

The best of each kind are then opened one at a time, and the town is planned anew: what the ranking states is that plan's gain.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.changes import Changes, changed, suited
from civdef.evacuate.problem import NOWHERE, Closed, Problem
from civdef.evacuate.question import Question, ask
from civdef.evacuate.search.improve import Effort
from civdef.evacuate.siting.instance import Instance, Siting
from civdef.evacuate.siting.lscp import lscp
from civdef.evacuate.siting.mclp import mclp
from civdef.evacuate.siting.p_median import p_median
from civdef.evacuate.siting.result import (
    ModelAnswer,
    ModelName,
    OptionKind,
    RankedOption,
    SitingFigures,
    SitingGain,
    SitingResult,
)
from civdef.evacuate.siting.transport import transport
from civdef.evacuate.solve import Solution, solve
from civdef.graph.roads import build_street_network
from civdef.model.workspace import Workspace

KINDS: tuple[OptionKind, ...] = ("candidate", "door", "gate")


@dataclass(frozen=True)
class Wanted:
    """What is looked for.

    Attributes
    ----------
    number
        New sites that the models may open.
    kinds
        What may be opened or added.
    radius_m
        Longest walk that counts as within reach [m]; None: the refuge distance of the plan's first class of shelter.
    door_width_m
        Width of an added door [m].
    verify
        Options of each kind that are planned anew.
    """

    number: int = 3
    kinds: tuple[OptionKind, ...] = KINDS
    radius_m: float | None = None
    door_width_m: float = 2.0
    verify: int = 5


@dataclass(frozen=True)
class _Option:
    kind: OptionKind
    object: str
    places: int | None
    promise: float

    def changes(self, width_m: float) -> Changes:
        if self.kind == "door":
            return Changes(doors=((self.object, width_m),))
        return Changes(opened=(self.object,))

    def said(self, width_m: float) -> str:
        return f"--door {self.object}={width_m:g}" if self.kind == "door" else f"--open {self.object}"


def propose(
    workspace: Workspace,
    question: Question,
    wanted: Wanted | None = None,
    *,
    step_s: int | None = None,
    effort: Effort | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> SitingResult:
    """Rank what could be opened or added by what a plan gains from it.

    Parameters
    ----------
    workspace, question
        The town as it is, and what is asked of it.
    wanted
        What is looked for; None: the defaults.
    step_s
        Time step; None: the setting [s].
    effort
        How hard to search for each plan; None: not at all, because there are many plans and only differences count.
    progress
        Told the share of the work done.

    Raises
    ------
    UsageError
        As :func:`civdef.evacuate.question.ask`.
    """
    wanted = wanted or Wanted()
    effort = effort or Effort.none()
    base = solve(workspace, build_street_network(workspace), question, step_s=step_s, effort=effort)
    policy = base.asked.plan.evacuation
    assert policy is not None
    radius_m = wanted.radius_m
    if radius_m is None:
        radius_m = workspace.settings.shelter_standards[policy.shelter_classes[0]].refuge_distance_m
    here = figures(base, radius_m)
    models: list[tuple[ModelName, Siting, tuple[str, ...]]] = []
    options: dict[OptionKind, list[_Option]] = {k: [] for k in KINDS}
    if "candidate" in wanted.kinds:
        options["candidate"], models = _candidates(workspace, question, base, wanted, radius_m)
    if "door" in wanted.kinds:
        options["door"] = _doors(base)
    if "gate" in wanted.kinds:
        options["gate"] = _gates(workspace, base)
    proposed = {s for _, _, sites in models for s in sites}
    tried = [o for kind in KINDS for o in _most_promising(options[kind], wanted.verify, proposed)]
    work, done = len(tried) + len(models), 0

    def planned(changes: Changes) -> SitingFigures:
        nonlocal done
        town = changed(workspace, dataclasses.replace(changes, classes=policy.shelter_classes))
        plan = solve(town, build_street_network(town), question, step_s=step_s, effort=effort)
        found = figures(plan, radius_m)
        done += 1
        progress(done / work)
        return found

    alone = [(o, planned(o.changes(wanted.door_width_m))) for o in tried]
    answers = []
    for name, siting, sites in models:
        together = planned(Changes(opened=sites)) if sites else here
        answers.append(
            ModelAnswer(
                model=name,
                sites=sites,
                served_persons=siting.served_persons,
                left_persons=siting.left_persons,
                figures=together,
                gain=_gain(here, together),
            )
        )
    ranked = sorted(((o, f, _gain(here, f)) for o, f in alone), key=_order)
    return SitingResult(
        inputs=dict(workspace.inputs),
        plan=base.asked.plan.id,
        time=base.asked.question.time,
        footprints=base.asked.question.footprints or (),
        number=wanted.number,
        radius_m=radius_m,
        door_width_m=wanted.door_width_m,
        step_s=base.stepped.step_s,
        base=here,
        looked_at={k: len(options[k]) for k in wanted.kinds},
        models=tuple(answers),
        options=tuple(
            RankedOption(
                rank=k,
                kind=o.kind,
                object=o.object,
                change=o.said(wanted.door_width_m),
                places=o.places,
                figures=f,
                gain=g,
            )
            for k, (o, f, g) in enumerate(ranked, start=1)
        ),
    )


def figures(solution: Solution, radius_m: float) -> SitingFigures:
    """Return a plan in the figures that options are compared by."""
    problem, plan = solution.asked.problem, solution.plan
    placed = plan.assignment.shelter != NOWHERE
    persons = problem.persons[placed]
    walk_m = plan.routes.length_m[placed]
    total = int(persons.sum())
    return SitingFigures(
        placed_persons=total,
        left_over_persons=int(problem.persons.sum()) - total,
        reached_persons=int(persons[walk_m <= radius_m].sum()),
        clearance_s=float(plan.execution.steps * solution.stepped.step_s) if total else None,
        mean_walk_m=round(float((persons * walk_m).sum() / total), 1) if total else None,
    )


def _gain(before: SitingFigures, after: SitingFigures) -> SitingGain:
    def less(a: float | None, b: float | None) -> float | None:
        return None if a is None or b is None else round(a - b, 1)

    return SitingGain(
        placed_persons=after.placed_persons - before.placed_persons,
        reached_persons=after.reached_persons - before.reached_persons,
        clearance_s=less(before.clearance_s, after.clearance_s),
        mean_walk_m=less(before.mean_walk_m, after.mean_walk_m),
    )


def _order(row: tuple[_Option, SitingFigures, SitingGain]) -> tuple[float, float, float, float, str, str]:
    """Best first; by the figures themselves, because a town in which nobody has a place yet has none to gain over."""
    option, found, _ = row

    def late(value: float | None) -> float:
        return np.inf if value is None else value

    return (
        -found.placed_persons, late(found.clearance_s), -found.reached_persons, late(found.mean_walk_m),
        option.kind, option.object,
    )  # fmt: skip


def _most_promising(options: Sequence[_Option], most: int, proposed: Iterable[str]) -> list[_Option]:
    """Return the options worth a plan: the most promising ones, and those a model proposes."""
    names = set(proposed)
    ordered = sorted(options, key=lambda o: (-o.promise, o.object))
    useful = [o for o in ordered if o.promise > 0]
    return useful[:most] + [o for o in ordered if o.object in names and o not in useful[:most]]


def _candidates(
    workspace: Workspace, question: Question, base: Solution, wanted: Wanted, radius_m: float
) -> tuple[list[_Option], list[tuple[ModelName, Siting, tuple[str, ...]]]]:
    """Return the candidates that could be used, and what the models make of them."""
    policy = base.asked.plan.evacuation
    assert policy is not None
    names = suited(workspace, base.asked)
    if not names:
        return [], []
    town = changed(workspace, Changes(opened=names, classes=policy.shelter_classes))
    problem = ask(town, build_street_network(town), question).problem
    candidate_of = {workspace.candidates[n].shelter: n for n in names}
    new = np.array([s in candidate_of for s in problem.shelters], dtype=np.bool_)
    usable = problem.places > 0
    instance = Instance(
        problem.persons, np.where(usable, problem.shelter_cost_m, np.inf), ~new, problem.places
    )  # fmt: skip
    here = transport(instance, ())
    options = []
    for s in np.flatnonzero(new & usable).tolist():
        sent = transport(instance, (s,))
        promise = (here.left_persons - sent.left_persons) * 1e9 + (here.person_m - sent.person_m)
        options.append(
            _Option("candidate", candidate_of[problem.shelters[s]], int(problem.places[s]), promise)
        )
    answers: tuple[tuple[ModelName, Siting], ...] = (
        ("p_median", p_median(instance, wanted.number)),
        ("mclp", mclp(instance, wanted.number, radius_m)),
        ("lscp", lscp(instance, radius_m)),
    )
    named = [
        (name, siting, tuple(candidate_of[problem.shelters[s]] for s in siting.sites))
        for name, siting in answers
    ]
    return options, named


def _doors(base: Solution) -> list[_Option]:
    """Return the shelters whose doors let somebody in, by the person-time spent waiting before them."""
    problem, plan = base.asked.problem, base.plan
    entrance = plan.routes.entrance
    going = entrance != NOWHERE
    load = np.bincount(
        np.searchsorted(problem.entrances, entrance[going]),
        weights=problem.persons[going],
        minlength=len(problem.entrances),
    )
    waited = np.bincount(
        problem.network.entrance_shelter[problem.entrances],
        weights=load * plan.execution.door_wait,
        minlength=len(problem.shelters),
    )
    used = np.unique(plan.assignment.shelter[plan.assignment.shelter != NOWHERE])
    return [_Option("door", problem.shelters[s], None, float(waited[s])) for s in used.tolist()]


def _gates(workspace: Workspace, base: Solution) -> list[_Option]:
    """Return the locked gates, by the person-metres to the nearest shelter that each would save."""
    problem = base.asked.problem
    here = _nearest_m(problem)
    found = []
    for gate, arcs in zip(problem.network.gate_ids, problem.network.gate_arcs, strict=True):
        if not workspace.gates[gate].locked:
            continue
        closed = problem.closed.copy()
        opened = arcs[closed[arcs] == Closed.LOCKED_GATE]
        closed[opened] = Closed.OPEN
        saved = here - _nearest_m(dataclasses.replace(problem, closed=closed)) if len(opened) else 0.0
        found.append(_Option("gate", gate, None, float(saved)))
    return found


def _nearest_m(problem: Problem) -> float:
    """Return person-metres if everybody went to the nearest shelter; who has none counts as far away."""
    far = 100_000.0
    nearest: NDArray[np.float64] = problem.shelter_cost_m.min(axis=1, initial=far)
    return float((problem.persons * np.minimum(nearest, far)).sum())
