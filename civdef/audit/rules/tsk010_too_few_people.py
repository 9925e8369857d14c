"""TSK010: tasks need more people than the body that does them has."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.schedule import Slot, peak
from civdef.audit.standards import PLANNING_GUIDE
from civdef.model.workspace import Workspace
from civdef.text import Text, listing

RULE = Rule(
    code="TSK010",
    name="task.too-few-people",
    severity="warning",
    profile="standard",
    title=Text("同一时间需要的人多于队伍人数", "Tasks need more people than their team has"),
    why=Text(
        "人不够，任务只能排队或减员去做，写明的时限就落空了。",
        "Tasks then queue or go short-handed, and the times in the plan do not hold.",
    ),
    fix=Text(
        "充实队伍，把任务分给另一支队伍，或错开先后。",
        "Add people, give a task to another team, or let one wait for the other.",
    ),
    wrong="team/toy has 2 people\n- {id: warn, who: team/toy, needs: {people: 8}}",
    right="- {id: warn, who: team/toy, needs: {people: 2}}",
    sources=(PLANNING_GUIDE.whole,),
    needs=("schedule",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every body and plan that runs out of people, at the level where most are missing."""
    ws = audit.workspace
    worst: dict[tuple[str, str], tuple[int, int, tuple[Slot, ...]]] = {}
    for (plan_id, level), slots in audit.schedule.items():
        for who in dict.fromkeys(s.task.who for s in slots.values()):
            needed, busy = peak(slots, lambda t, who=who: t.needs.people if t.who == who else 0)  # type: ignore[misc]
            if needed > worst.get((plan_id, who), (0, 0, ()))[0]:
                worst[(plan_id, who)] = (needed, level, busy)
    for (plan_id, who), (needed, level, busy) in sorted(worst.items()):
        have = _strength(ws, who)
        if have is None or needed <= have:
            continue
        last = max(busy, key=lambda s: (s.start_min, s.index))
        yield Hit(
            plan_id,
            ("tasks", last.index, "needs", "people"),
            Text(
                "{w}只有 {h} 人，{l} 级响应时同时需要 {n} 人（{t}）",
                "{w}: {h} in all, {n} needed at once at level {l} ({t})",
            ).format(w=ws.name(who), h=have, n=needed, l=level, t=listing(s.task.id for s in busy)),
            RULE.fix,
            (who,),
        )


def _strength(ws: Workspace, who: str) -> int | None:
    """Return how many people a body has, or None for an outside body, whose strength is not ours to know."""
    if who in ws.teams:
        return len(ws.teams[who].people())
    if who in ws.groups:
        group = ws.groups[who]
        leaders = {p for p in (ws.holder(group.head), ws.holder(group.deputy or "")) if p}
        teams = {p for t in ws.teams.values() if t.group == who for p in t.people()}
        return len(leaders | set(group.members) | teams)
    if who in ws.posts:
        return 1
    return None
