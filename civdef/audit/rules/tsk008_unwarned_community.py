"""TSK008: a plan moves people whom none of its tasks warns."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES
from civdef.model.plan import Action
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

RULE = Rule(
    code="TSK008",
    name="task.unwarned-community",
    severity="error",
    profile="basic",
    title=Text("要疏散的社区没有人去通知", "A community that is to leave is warned by no task"),
    why=Text(
        "没有接到通知的居民不会离开；预案要求疏散的每个社区都必须有一项通知任务覆盖。",
        "People who were not told do not leave; every community that a plan moves must be reached by a warning.",
    ),
    fix=Text(
        "增加一项 warn 任务，where 写上这些社区（不写则为全街道）。",
        "Add a `warn` task with these communities under `where` (empty means the whole street).",
    ),
    wrong="evacuation: {scope: street}\ntasks:\n  - {action: warn, where: [community/wanghai]}",
    right="evacuation: {scope: street}\ntasks:\n  - {action: warn, where: [community/wanghai, community/hubin]}",
    sources=(PLAN_MEASURES.article(15),),
)

WARNING = frozenset({Action.WARN, Action.SIGNAL})


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan that moves people and leaves communities without a warning; untasked plans are left alone."""
    ws = audit.workspace
    for plan in ws.plans.values():
        policy = plan.evacuation
        if policy is None or not plan.tasks:
            continue
        warnings = [t for t in plan.tasks if t.action in WARNING]
        if any(not t.where for t in warnings):
            continue
        reached = {c for t in warnings for place in t.where for c in _communities(ws, place)}
        moved = policy.communities or _moved(ws, policy.scope, policy.footprint)
        missing = [c for c in moved if c not in reached]
        if missing:
            yield Hit(
                plan.id,
                ("evacuation",),
                Text(
                    "{p}要疏散{c}，但没有任务通知那里的居民",
                    "{p} moves the people of {c}, and no task warns them",
                ).format(p=plan, c=listing(ws.name(c) for c in missing)),
                RULE.fix,
                tuple(missing),
            )


def _communities(ws: Workspace, place: str) -> tuple[str, ...]:
    """Return the communities in which a place lies; a hazard area or a road touches every one that it meets."""
    if place in ws.communities:
        return (place,)
    found = ws.objects.get(place)
    community = getattr(found, "community", None)
    if community is not None:
        return (community,)
    shape = getattr(found, "shape_m", None)
    return tuple(c.id for c in ws.communities.values() if shape is not None and c.shape_m.intersects(shape))


def _moved(ws: Workspace, scope: str, footprint: tuple[str, ...]) -> tuple[str, ...]:
    if scope == "street" or not footprint:
        return tuple(ws.communities) if scope == "street" else ()
    touched = {c for f in footprint for c in _communities(ws, f)}
    return tuple(c for c in ws.communities if c in touched)
