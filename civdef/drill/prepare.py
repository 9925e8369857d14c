"""Everything about a drill that does not depend on chance: worked out once, run as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civdef.drill import injects
from civdef.drill.measures import MEASURES
from civdef.drill.schedule import Schedule, schedule
from civdef.errors import Fault, UsageError, WorkspaceError
from civdef.model.plan import Action, Plan
from civdef.model.scenario import Drill
from civdef.model.workspace import Workspace
from civdef.source import Place
from civdef.text import Text, listing, nearest

if TYPE_CHECKING:
    from civdef.drill.town import Town
    from civdef.evacuate.kept import Kept
    from civdef.graph.roads import StreetNetwork


@dataclass(frozen=True, eq=False)
class Prepared:
    """A drill ready to run.

    Attributes
    ----------
    workspace, drill, plan
        What is drilled.
    schedule
        The tasks at the drill's level.
    town
        The people, streets and shelters; None where nobody is moved.
    to_open
        Shelters that the plan may use and somebody must open.
    open_from_start
        Shelters that the plan may use and that always stand open.
    shelter_index
        Shelter → its index in the engine.
    walk_min
        Start (fixed post or shelter) → shelter → walk [min].
    stop_s
        When the drill ends at the latest [s].
    last_script_s
        When the last inject or siren of the scenario is over [s].
    kept
        The evacuation plan that people follow; None: the drill's own, or nobody is moved.
    """

    workspace: Workspace
    drill: Drill
    plan: Plan
    schedule: Schedule
    town: Town | None
    to_open: frozenset[str]
    open_from_start: frozenset[str]
    shelter_index: Mapping[str, int]
    walk_min: Mapping[str, Mapping[str, float]]
    stop_s: float
    last_script_s: float
    kept: Kept | None = None


def find_drill(workspace: Workspace, wanted: str) -> Drill:
    """Return the scenario meant by `wanted`, whose prefix ``drill/`` may be left out.

    Raises
    ------
    UsageError
        If nothing is called so; names the nearest.
    """
    for name in (wanted, f"drill/{wanted}"):
        if name in workspace.drills:
            return workspace.drills[name]
    full = wanted if "/" in wanted else f"drill/{wanted}"
    near = nearest(full, workspace.drills)
    known = [d.partition("/")[2] for d in workspace.drills]
    hint = (
        Text("是否想写 {n}？", "Did you mean {n}?").format(n=near.partition("/")[2])
        if near
        else Text("已有的演练：{d}", "Known drills: {d}").format(d=listing(known, 20))
        if known
        else Text(
            "在 drills/ 中写一个演练方案，写法见 docs/drill.md。",
            "Write a scenario in drills/; see docs/drill.md.",
        )
    )
    raise UsageError(Text("没有名为 {w} 的演练", "There is no drill called {w}").format(w=wanted), hint=hint)


def prepare(
    workspace: Workspace, drill: Drill, network: StreetNetwork | None = None, kept: Kept | None = None
) -> Prepared:
    """Check a scenario and work out everything that chance does not touch.

    Parameters
    ----------
    workspace
        The street.
    drill
        The scenario.
    network
        Its street network, where it has been built already.
    kept
        The evacuation plan that people are to follow; None: the drill makes its own. Not read where the plan moves nobody.

    Raises
    ------
    WorkspaceError
        For a plan that waits for itself, or a scenario with unknown injects or measures; every fault is named.
    UsageError
        If the plan moves people inside a footprint and the scenario names none, or the plan kept is not of this question.
    """
    plan = workspace.plans[drill.plan]
    faults = [*_inject_faults(workspace, drill), *_objective_faults(workspace, drill)]
    if faults:
        raise WorkspaceError(
            Text("演练方案 {d} 有误", "Scenario {d} cannot be run").format(d=drill),
            faults,
            hint=Text("改正上面各处后再演练。", "Mend what is named above, then run it again."),
        )
    order = schedule(workspace, plan, drill.level)
    moves = plan.evacuation is not None and (
        bool(drill.sirens) or any(t.action is Action.EVACUATE for t in order.tasks)
    )
    town: Town | None = None
    to_open: set[str] = set()
    always: set[str] = set()
    index: dict[str, int] = {}
    walks: dict[str, dict[str, float]] = {}
    opens = any(t.action is Action.OPEN_SHELTER for t in order.tasks)
    if moves or opens:
        from civdef.drill.town import always_open, build_town, walking_min
        from civdef.graph.roads import build_street_network

        network = network if network is not None else build_street_network(workspace)
        if moves:
            town = build_town(workspace, network, plan, drill, kept)
            usable = [s for s, n in zip(town.problem.shelters, town.problem.places, strict=True) if n > 0]
            index = {s: i for i, s in enumerate(town.problem.shelters)}
        else:
            classes = plan.evacuation.shelter_classes if plan.evacuation else ()
            usable = [
                s.id
                for s in workspace.shelters.values()
                if (not classes or s.shelter_class in classes) and set(s.hazards) & set(plan.hazards)
            ]
        to_open = {s for s in usable if not always_open(workspace.shelters[s])}
        always = set(usable) - to_open
        starts = {p.id: (p.shape_m.centroid.x, p.shape_m.centroid.y) for p in workspace.fixed_posts.values()}
        walks = walking_min(workspace, network, starts, workspace.settings.walking.adult)
    return Prepared(
        workspace,
        drill,
        plan,
        order,
        town,
        frozenset(to_open),
        frozenset(always),
        index,
        walks,
        drill.stop_min * 60.0,
        60.0
        * max(
            [
                0.0,
                *(i.until_min if i.until_min is not None else i.at_min for i in drill.injects),
                *(s.at_min + 4.0 for s in drill.sirens),
            ]
        ),
        kept if town is not None else None,
    )


def _place(workspace: Workspace, drill: Drill, *path: str | int) -> Place:
    return workspace.place(drill.id, path) or Place(drill.id)


def _inject_faults(workspace: Workspace, drill: Drill) -> list[Fault]:
    known = injects.kinds()
    faults = []
    for i, inject in enumerate(drill.injects):
        if inject.kind not in known:
            faults.append(
                Fault(
                    "unknown-inject",
                    _place(workspace, drill, "injects", i, "kind"),
                    Text("没有这种情况：{k}", "there is no inject of kind {k}").format(k=inject.kind),
                    value=inject.kind,
                    allowed=listing(known, 20),
                    nearest=nearest(inject.kind, known),
                )
            )
            continue
        wanted = injects.module(inject.kind).TARGETS
        kind = inject.target.partition("/")[0] if inject.target else None
        if (wanted and kind not in wanted) or (not wanted and kind is not None):
            faults.append(
                Fault(
                    "wrong-target",
                    _place(workspace, drill, "injects", i, "target"),
                    Text("{k} 的对象不对", "the target of {k} is of the wrong kind").format(k=inject.kind),
                    value=inject.target,
                    allowed=listing(wanted) if wanted else Text("不要写 target", "no target"),
                )
            )
    return faults


def _objective_faults(workspace: Workspace, drill: Drill) -> list[Fault]:
    faults = []
    tasks = {t.id for t in workspace.plans[drill.plan].tasks}
    for i, objective in enumerate(drill.objectives):
        measure = MEASURES.get(objective.measure)
        at = ("objectives", i)
        if measure is None:
            faults.append(
                Fault(
                    "unknown-measure",
                    _place(workspace, drill, *at, "measure"),
                    Text("没有这个指标：{m}", "there is no measure {m}").format(m=objective.measure),
                    value=objective.measure,
                    allowed=listing(sorted(MEASURES), 40),
                    nearest=nearest(objective.measure, MEASURES),
                )
            )
            continue
        kind = objective.of.partition("/")[0] if objective.of else None
        if (measure.needs_of and kind is None) or (kind is not None and kind not in measure.of):
            faults.append(
                Fault(
                    "wrong-target",
                    _place(workspace, drill, *at, "of"),
                    Text(
                        "指标 {m} 的对象 of 不对", "`of` of measure {m} is missing or of the wrong kind"
                    ).format(m=objective.measure),
                    value=objective.of,
                    allowed=listing(measure.of) if measure.of else Text("不要写 of", "no `of`"),
                )
            )
        if measure.needs_task and objective.task not in tasks:
            faults.append(
                Fault(
                    "dangling-reference",
                    _place(workspace, drill, *at, "task"),
                    Text("指标 {m} 要写明预案中的任务", "measure {m} needs a task of the plan").format(
                        m=objective.measure
                    ),
                    value=objective.task,
                )
            )
    return faults
