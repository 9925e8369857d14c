"""Groups and teams come together: members are called, get ready, travel; a quorum with its leader has mustered."""

from __future__ import annotations

import math
from collections.abc import Sequence

from civdef.activation.calltree import alert_channel, muster_channel
from civdef.drill.calls import reach
from civdef.drill.travel import getting_there_min
from civdef.drill.world import MIN_S, Pool, Steps, World
from civdef.model.organisation import Channel
from civdef.model.plan import Action, Task
from civdef.text import Text


def muster(world: World, body: str, task: Task | None) -> Steps:
    """Call a group or team together; return True once it has mustered, False if it cannot.

    Members arrive in the background even after the quorum is there. Somebody whom another body has taken already does not
    come: nobody can stand in two places.
    """
    pool = world.pool(body)
    if not pool.started:
        pool.started = True
        world.env.process(_assemble(world, pool, task))
    yield pool.mustered | pool.settled
    return pool.mustered.triggered


def quorum(world: World, pool: Pool) -> int:
    """Return how many must be there."""
    return max(1, math.ceil(world.settings.quorum_share * len(pool.members)))


def _assemble(world: World, pool: Pool, task: Task | None) -> Steps:
    leader = yield from find_leader(world, pool.body, task)
    coming: list[str] = []

    def called(_target: str, person: str) -> None:
        coming.append(person)
        world.env.process(_come(world, pool, person, task))

    if leader is not None:
        called(leader, leader)
        known = [p for p in pool.members if p != leader and world.person(p).reached_s is not None]
        for person in known:
            if world.available(person):
                called(person, person)
            else:
                pool.gone.add(person)
        others = [p for p in pool.members if p != leader and p not in known]
        channel = _task_channel(world, task) or muster_channel(world.workspace)
        yield from reach(world, task, leader, others, channel, reached=called)
    while any(not _over(pool, p) for p in coming):
        yield pool.changed
    if not pool.mustered.triggered and len(pool.present) >= quorum(world, pool):
        world.deviate(
            "no_leader",
            Text("{b}负责人未到，由到场人员先行组织", "{b} starts without its leader").format(
                b=world.name(pool.body)
            ),
            who=pool.body,
            task=task,
        )
        _mustered(world, pool, task)
    pool.settled.succeed()


def _task_channel(world: World, task: Task | None) -> Channel | None:
    if task is None or task.channel is None or task.action is not Action.MUSTER:
        return None
    return world.workspace.channels.get(task.channel)


def _over(pool: Pool, person: str) -> bool:
    """Return whether it is settled that a person has come or will not."""
    return person in pool.present or person in pool.gone


def _come(world: World, pool: Pool, person: str, task: Task | None) -> Steps:
    state = world.person(person)
    if state.engaged is not None:
        world.deviate(
            "promised_twice",
            Text("{p}已在{a}，不能再到{b}", "{p} is already with {a} and cannot join {b}").format(
                p=world.name(person), a=world.name(state.engaged.lstrip("?")), b=world.name(pool.body)
            ),
            who=person,
            task=task,
            what={"with": state.engaged.lstrip("?"), "not_with": pool.body},
        )
        pool.gone.add(person)
        _changed(world, pool)
        return
    state.engaged = f"?{pool.body}"
    if state.arrived_s is None:
        since = world.now if state.reached_s is None else state.reached_s
        arrival = since + getting_there_min(world, pool.body, person) * MIN_S
        yield world.wait(arrival - world.now)
        while pool.held_up_until_s > world.now:
            if math.isinf(pool.held_up_until_s):
                break
            yield world.wait(pool.held_up_until_s - world.now)
        if not world.available(person) or pool.held_up_until_s > world.now:
            state.engaged = None
            pool.gone.add(person)
            _changed(world, pool)
            return
        state.arrived_s = world.now
    state.engaged = pool.body
    pool.present.append(person)
    yield pool.hands.put(1)
    if not pool.mustered.triggered and len(pool.present) >= quorum(world, pool):
        chain = world.chain(pool.body)
        if any(p in chain for p in pool.present):
            _mustered(world, pool, task)
    _changed(world, pool)


def _changed(world: World, pool: Pool) -> None:
    event, pool.changed = pool.changed, world.env.event()
    event.succeed()


def _mustered(world: World, pool: Pool, task: Task | None) -> None:
    pool.mustered.succeed()
    world.write(
        "mustered",
        Text("{b}集结完毕，到场 {n} 人（共 {m} 人）", "{b} has mustered: {n} of {m} there").format(
            b=world.name(pool.body), n=len(pool.present), m=len(pool.members)
        ),
        who=pool.body,
        task=task,
        what={"present": len(pool.present), "members": len(pool.members)},
    )


def find_leader(world: World, body: str, task: Task | None) -> Steps:
    """Return who leads `body` now, alerting somebody if nobody knows yet; None if nobody can be found.

    Whoever acts already goes on. Else the first of the chain, if reached already; those who could not be reached before are
    passed over. Else the line of command calls, or, where it knows nothing either, whoever did the task before: then the
    plan does not say who tells them, which is noted.
    """
    acting = world.acting.get(body)
    if acting is not None and world.available(acting):
        return acting
    chain = world.chain(body)
    for person in chain:
        if person in world.unreachable:
            continue
        if not world.available(person) or world.person(person).reached_s is None:
            break
        world.acting[body] = person
        world.body_reached_s.setdefault(body, world.now)
        if person != chain[0]:
            world.deviate(
                "stand_in",
                Text(
                    "{post}联系不上，由{person}代行", "{post} could not be reached; {person} acts instead"
                ).format(post=world.name(body), person=world.name(person)),
                who=person,
                task=task,
                what={"for": body},
            )
        return person
    first = task is not None and not world.prepared.schedule.before.get(task.id)
    if first and chain and world.available(chain[0]):  # the alarm itself reaches whoever is to act first
        world.mark_reached(chain[0])
        world.acting[body] = chain[0]
        return chain[0]
    caller, in_line = _who_alerts(world, body, task)
    if not in_line and chain:
        world.deviate(
            "untold",
            Text(
                "预案没有写明由谁通知{b}，临时通知", "The plan does not say who tells {b}; told on the spot"
            ).format(b=world.name(body)),
            who=caller,
            task=task,
            what={"to": body},
        )
    answers = yield from reach(world, task, caller, [body], alert_channel(world.workspace))
    return answers[body]


def _who_alerts(world: World, body: str, task: Task | None) -> tuple[str | None, bool]:
    """Return who calls a body that knows nothing yet, and whether the line of command says so."""
    for superior in superiors(world, body):
        for person in world.chain(superior):
            if world.available(person) and world.person(person).reached_s is not None:
                return person, True
    before: Sequence[str] = world.prepared.schedule.before.get(task.id, ()) if task else ()
    for name in sorted(before, key=lambda n: (-(world.tasks[n].done_s or 0.0), n)):
        acting = world.tasks[name].acting
        if acting is not None and world.available(acting):
            return acting, False
    return None, False


def superiors(world: World, body: str) -> list[str]:
    """Return who stands above a body in the line of command."""
    ws = world.workspace
    if body in ws.teams:
        return [ws.teams[body].group]
    if body in ws.groups:
        return [ws.groups[body].reports_to]
    found: list[str] = []
    for group in ws.groups.values():
        if body == group.deputy:
            found.append(group.head)
        if body == group.head:
            found.append(group.reports_to)
    headquarters = ws.headquarters
    if headquarters is not None and body in (*headquarters.deputies, *headquarters.members):
        found.extend(headquarters.commanders)
    return found
