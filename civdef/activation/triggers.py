"""Which plan and level a warning, an event or a signal starts."""

from __future__ import annotations

from dataclasses import dataclass

from civdef.model.plan import Plan, Trigger
from civdef.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Start:
    """A plan that is started, at which level, by which of its triggers."""

    plan: Plan
    level: int
    trigger: Trigger


def plans_started(
    workspace: Workspace, scale: str, value: str, hazard: str | None = None
) -> tuple[Start, ...]:
    """Return the plans that a value on a scale starts, in id order, each at its highest level (1 before 2).

    Parameters
    ----------
    workspace
        Its plans are asked.
    scale
        ``event_grade``, ``warning_colour``, ``response_level``, ``signal`` or ``observation``: kept apart, as in law.
    value
        The value on that scale.
    hazard
        Only plans for this kind of hazard.
    """
    found = []
    for plan in workspace.plans.values():
        if hazard is not None and hazard not in plan.hazards:
            continue
        fitting = [t for t in plan.triggers if t.scale == scale and t.value == value]
        if fitting:
            first = min(fitting, key=lambda t: (t.starts_level, t.id))
            found.append(Start(plan, first.starts_level, first))
    return tuple(found)
