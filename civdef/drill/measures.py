"""Named measures of a drill, and which tasks feed each, so that what went wrong there touches its objectives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from civdef.model.plan import Action
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.world import TaskState, World

MOST = 0.9
"""Share of people that counts as "a community is warned"; a planning choice, stated with the measure."""

Value = float | None
Find = Callable[["World", str | None, str | None], Value]
Feed = Callable[["World", str | None, str | None], Iterable[str]]


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    unit
        ``min``, ``persons``, ``share``, ``days`` or ``tasks``.
    label
        What it says.
    find
        World, `of`, `task` → the value; None: never came about.
    feeds
        Tasks that lead to it.
    of
        Kinds of object it may be asked of; `needs_of`: it must be.
    """

    unit: str
    label: Text
    find: Find
    feeds: Feed
    of: tuple[str, ...] = ()
    needs_of: bool = False
    needs_task: bool = False


def _min(seconds: float | None) -> Value:
    return None if seconds is None or not np.isfinite(seconds) else round(float(seconds) / 60.0, 2)


def _acting(*actions: Action) -> Feed:
    def feeds(world: World, _of: str | None, _task: str | None) -> Iterable[str]:
        return [s.task.id for s in world.tasks.values() if s.task.action in actions]

    return feeds


def _all(world: World, _of: str | None, _task: str | None) -> Iterable[str]:
    return list(world.tasks)


def _tasks(world: World, *actions: Action) -> list[TaskState]:
    return [s for s in world.tasks.values() if s.task.action in actions]


# ------------------------------------------------------------------------------------------ command side


def _groups_reached(world: World, of: str | None, _task: str | None) -> Value:
    """Return when the last group leader knew, of one group or of all groups the plan calls or musters."""
    wanted = [of] if of else sorted(g for g in world.workspace.groups if _concerned(world, g))
    times = []
    for group in wanted:
        known = [t for p in world.chain(group) if (t := world.person(p).reached_s) is not None]
        if not known:
            return None
        times.append(min(known))
    return _min(max(times, default=None))


def _concerned(world: World, group: str) -> bool:
    noun = world.workspace.groups[group]
    bodies = {group, noun.head, *([noun.deputy] if noun.deputy else [])}
    return any(s.task.who == group or bodies & set(s.task.to) for s in world.tasks.values())


def _calls_of(world: World, of: str | None, _task: str | None) -> Iterable[str]:
    wanted = [of] if of is not None else sorted(world.workspace.groups)
    bodies: set[str] = set()
    for group in wanted:
        noun = world.workspace.groups[group]
        bodies |= {group, noun.head, *([noun.deputy] if noun.deputy else [])}
    return [s.task.id for s in _tasks(world, Action.CALL) if bodies & set(s.task.to)]


def _mustered(world: World, of: str | None, _task: str | None) -> Value:
    """Return when a body, or the last of all bodies the plan musters, had mustered."""
    states = [s for s in _tasks(world, Action.MUSTER) if of is None or s.task.who == of]
    if not states or any(s.done_s is None for s in states):
        return None
    return _min(max(s.done_s for s in states if s.done_s is not None))


def _musters_of(world: World, of: str | None, _task: str | None) -> Iterable[str]:
    return [s.task.id for s in _tasks(world, Action.MUSTER) if of is None or s.task.who == of]


def _headquarters(world: World, _of: str | None, _task: str | None) -> Value:
    """Return when a commander, or who acts for one, was in the command room and the groups based there had mustered."""
    headquarters = world.workspace.headquarters
    if headquarters is None:
        return None
    leaders = {p for c in headquarters.commanders for p in world.chain(c)}
    present = [t for p in leaders if p in world.people and (t := world.arrival_at_post(p)) is not None]
    rooms = [
        s.done_s
        for s in _tasks(world, Action.MUSTER)
        if (g := world.workspace.groups.get(s.task.who)) is not None and g.base == headquarters.command_room
    ]
    if not present or any(t is None for t in rooms):
        return None
    return _min(max([min(present), *(t for t in rooms if t is not None)]))


def _task_done(world: World, _of: str | None, task: str | None) -> Value:
    state = world.tasks.get(task or "")
    return _min(state.done_s) if state is not None else None


def _task_itself(_world: World, _of: str | None, task: str | None) -> Iterable[str]:
    return [task] if task else []


def _on_time(world: World, _of: str | None, _task: str | None) -> Value:
    """Return the share of tasks with a time due that were done by it; tasks due after the end do not count."""
    owed = [s for s in world.tasks.values() if s.task.due_min is not None]
    owed = [s for s in owed if s.done_s is not None or s.due_s is None or s.due_s <= world.now]
    if not owed:
        return None
    good = [s for s in owed if s.done_s is not None and s.due_s is not None and s.done_s <= s.due_s]
    return round(len(good) / len(owed), 4)


def _reports(world: World, _of: str | None, _task: str | None) -> Value:
    owed = [r for sent in world.reports.values() for r in sent if r[0] <= world.now or r[1] is not None]
    if not owed:
        return None
    good = [1 for due, sent in owed if sent is not None and sent <= due]
    return round(len(good) / len(owed), 4)


def _failed(world: World, _of: str | None, _task: str | None) -> Value:
    return float(sum(s.status in ("failed", "blocked") for s in world.tasks.values()))


def _external(world: World, of: str | None, _task: str | None) -> Value:
    time = world.external_arrival_s.get(of or "")
    return _min(time) if time is not None and time <= world.prepared.stop_s else None


def _external_calls(world: World, of: str | None, _task: str | None) -> Iterable[str]:
    """Return the task that reached an outside body first, or all that should have."""
    states = [s for s in world.tasks.values() if of in s.task.to]
    done = [s for s in states if s.done_s is not None]
    return [min(done, key=lambda s: s.done_s or 0.0).task.id] if done else [s.task.id for s in states]


def _notice(world: World, _of: str | None, _task: str | None) -> Value:
    from civdef.drill.sirens import notice_days

    return notice_days(world.drill.start, world.drill.notice_date)


# --------------------------------------------------------------------------------------------- the people


def _share_by(persons: np.ndarray, times: np.ndarray, share: float) -> Value:
    """Return when `share` of all persons had reached their time [min]."""
    if persons.sum() == 0:
        return None
    order = np.argsort(times, kind="stable")
    running = np.cumsum(persons[order])
    at = int(np.searchsorted(running, share * persons.sum() - 1e-9))
    return _min(float(times[order[at]]))


def _pick(world: World, of: str | None) -> np.ndarray:
    assert world.crowd is not None
    return world.crowd.groups_of({of} if of else None)


def _warned_most(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    rows = _pick(world, of)
    times = np.where(world.crowd.warned_s <= world.now, world.crowd.warned_s, np.inf)
    return _share_by(world.crowd.town.group_persons[rows], times[rows], MOST)


def _warned_share(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    rows = _pick(world, of)
    persons = world.crowd.town.group_persons[rows]
    total = int(persons.sum())
    return round(float(persons[world.crowd.warned_s[rows] <= world.now].sum()) / total, 4) if total else None


def _communities_warned(world: World, _of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    town = world.crowd.town
    here = sorted({town.communities[c] for c in np.unique(town.group_community).tolist()})
    times = [_warned_most(world, c, None) for c in here]
    if not times or any(t is None for t in times):
        return None
    return max(t for t in times if t is not None)


def _shelter_open(world: World, of: str | None, _task: str | None) -> Value:
    """Return when a shelter, or the last of those the evacuation plan uses, was open."""
    if of is not None:
        if of in world.prepared.open_from_start and not world.shelter_blocked.get(of):
            return 0.0
        return _min(world.shelter_opened_s.get(of))
    if world.crowd is not None:
        used = world.crowd.town.used_shelters
        wanted = {s for s, u in zip(world.crowd.town.problem.shelters, used, strict=True) if u}
    else:
        wanted = set(world.prepared.to_open)
    times = [0.0]
    for shelter in sorted(wanted):
        time = _shelter_open(world, shelter, None)
        if time is None:
            return None
        times.append(time)
    return max(times) if wanted else None


def _arrivals(share: float) -> Find:
    def find(world: World, of: str | None, _task: str | None) -> Value:
        if world.crowd is None:
            return None
        rows = _pick(world, of)
        return _share_by(world.crowd.town.group_persons[rows], world.crowd.arrival_s[rows], share)

    return find


def _first_arrival(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    times = world.crowd.arrival_s[_pick(world, of)]
    return _min(float(times.min())) if len(times) else None


def _clearance(world: World, of: str | None, _task: str | None) -> Value:
    """Return when the last of those who set out was inside; None while one of them is not."""
    if world.crowd is None:
        return None
    rows = _pick(world, of)
    set_out = rows[np.isfinite(world.crowd.departure_s[rows])]
    times = world.crowd.arrival_s[set_out]
    return _min(float(times.max())) if len(times) else None


def _placed(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    rows = _pick(world, of)
    persons = world.crowd.town.group_persons[rows]
    inside = np.isfinite(world.crowd.arrival_s[rows])
    return round(float(persons[inside].sum()) / float(persons.sum()), 4) if persons.sum() else None


def _fetched(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None:
        return None
    rows = _pick(world, of)
    rows = rows[world.crowd.town.group_fetched[rows]]
    inside = np.isfinite(world.crowd.arrival_s[rows])
    return round(float(inside.mean()), 4) if len(rows) else None


def _left(*reasons: str) -> Find:
    def find(world: World, of: str | None, _task: str | None) -> Value:
        if world.crowd is None:
            return None
        rows = _pick(world, of)
        why = world.crowd.left_over()[rows]
        return float(world.crowd.town.group_persons[rows][np.isin(why, reasons)].sum())

    return find


def _inside(world: World, of: str | None, _task: str | None) -> Value:
    if world.crowd is None or of is None or of not in world.prepared.shelter_index:
        return None
    return float(world.crowd.engine.shelter_persons[world.prepared.shelter_index[of]])


STUCK = ("at_door", "no_route", "no_room", "no_shelter", "road_cut")
"""Reasons that mean a person left home and stands somewhere without a shelter."""

_WARNING = _acting(Action.WARN, Action.SIGNAL)
_MOVING = _acting(Action.WARN, Action.SIGNAL, Action.OPEN_SHELTER, Action.EVACUATE)
_COMMUNITY = ("community",)

MEASURES: dict[str, Measure] = {
    "activated_min": Measure(
        "min", Text("预案启动时间", "plan in force"),
        lambda w, _o, _t: _min(w.activated_s), _acting(Action.ACTIVATE),
    ),
    "first_call_min": Measure(
        "min", Text("首个呼叫接通时间", "first call answered"),
        lambda w, _o, _t: _min(w.first_call_s), _acting(Action.CALL),
    ),
    "groups_reached_min": Measure(
        "min", Text("指挥组负责人全部叫应时间", "leaders of the command groups reached"),
        _groups_reached, _calls_of, ("group",),
    ),
    "group_mustered_min": Measure(
        "min", Text("集结完成时间", "mustered"), _mustered, _musters_of, ("group", "team"),
    ),
    "headquarters_staffed_min": Measure(
        "min", Text("指挥部开设时间", "headquarters staffed"), _headquarters,
        lambda w, o, t: [*_acting(Action.MUSTER)(w, o, t), *_acting(Action.CALL)(w, o, t)],
    ),
    "warned_share_min": Measure(
        "min", Text("90%居民收到预警或通知的时间", "nine in ten people warned"), _warned_most, _WARNING, _COMMUNITY,
    ),
    "all_communities_warned_min": Measure(
        "min", Text("各社区均有90%居民收到预警或通知的时间", "nine in ten people warned in every community"),
        _communities_warned, _WARNING,
    ),
    "warned_share": Measure(
        "share", Text("收到预警或通知的居民比例", "share of people warned"), _warned_share, _WARNING, _COMMUNITY,
    ),
    "shelter_open_min": Measure(
        "min", Text("避难场所开放时间", "shelter open"), _shelter_open, _acting(Action.OPEN_SHELTER),
        ("shelter",), needs_of=True,
    ),
    "all_shelters_open_min": Measure(
        "min", Text("所需避难场所全部开放时间", "all shelters needed are open"),
        _shelter_open, _acting(Action.OPEN_SHELTER),
    ),
    "first_arrival_min": Measure(
        "min", Text("首批人员到达时间", "first people in a shelter"), _first_arrival, _MOVING, _COMMUNITY,
    ),
    "p50_arrival_min": Measure(
        "min", Text("半数应疏散人员到达时间", "half of the people in shelters"), _arrivals(0.5), _MOVING, _COMMUNITY,
    ),
    "p90_arrival_min": Measure(
        "min", Text("90%应疏散人员到达时间", "90% of the people in shelters"), _arrivals(0.9), _MOVING, _COMMUNITY,
    ),
    "p95_arrival_min": Measure(
        "min", Text("95%应疏散人员到达时间", "95% of the people in shelters"), _arrivals(0.95), _MOVING, _COMMUNITY,
    ),
    "clearance_min": Measure(
        "min", Text("出发人员全部到达时间", "everybody who set out is in a shelter"), _clearance, _MOVING, _COMMUNITY,
    ),
    "placed_share": Measure(
        "share", Text("到达避难场所的人员比例", "share of people in shelters"), _placed, _MOVING, _COMMUNITY,
    ),
    "assisted_placed_share": Measure(
        "share", Text("行动不便人员到达比例", "share of people who cannot walk in shelters"),
        _fetched, _acting(Action.ASSIST), _COMMUNITY,
    ),
    "stranded_persons": Measure(
        "persons", Text("途中滞留人数", "people stuck on the way"), _left(*STUCK), _MOVING, _COMMUNITY,
    ),
    "not_warned_persons": Measure(
        "persons", Text("未收到预警或通知的人数", "people no warning reached"), _left("not_warned"), _WARNING, _COMMUNITY,
    ),
    "shelter_persons": Measure(
        "persons", Text("避难场所收容人数", "people in the shelter"), _inside, _MOVING, ("shelter",), needs_of=True,
    ),
    "external_arrival_min": Measure(
        "min", Text("外部力量到场时间", "outside body arrives"), _external,
        _external_calls, ("external",), needs_of=True,
    ),
    "task_done_min": Measure(
        "min", Text("任务完成时间", "task done"), _task_done, _task_itself, needs_task=True,
    ),
    "tasks_on_time_share": Measure(
        "share", Text("按时完成的任务比例", "share of tasks done when due"), _on_time, _all,
    ),
    "tasks_failed": Measure(
        "tasks", Text("失败或受阻的任务数", "tasks failed or blocked"), _failed, _all,
    ),
    "reports_on_time_share": Measure(
        "share", Text("按时报送的报告比例", "share of reports sent in time"), _reports, _acting(Action.REPORT),
    ),
    "siren_notice_days": Measure(
        "days", Text("警报鸣响提前公告天数", "days of public notice before the sirens"),
        _notice, lambda _w, _o, _t: (),
    ),
}  # fmt: skip
"""Measure → what it is. Times are minutes after the start of the drill."""


def standing(world: World) -> dict[str, float | None]:
    """Return every measure that needs no object and no task, in name order."""
    return {
        name: m.find(world, None, None)
        for name, m in sorted(MEASURES.items())
        if not (m.needs_of or m.needs_task)
    }
