"""Opening shelters: a party walks there, the key must come, the doors are opened."""

from __future__ import annotations

import simpy

from civdef.activation.calltree import alert_channel
from civdef.drill.actions import Doing, Outcome
from civdef.drill.calls import reach
from civdef.drill.places import shelters_of
from civdef.drill.travel import getting_there_min
from civdef.drill.world import MIN_S, Steps, World
from civdef.model.plan import Action, Task
from civdef.text import Text, listing

ACTIONS = (Action.OPEN_SHELTER,)


def run(doing: Doing) -> Steps:
    """Open the task's shelters, in parties of two, each party taking the nearest that is left.

    A shelter takes its own opening time, or, where it has none, the task's estimate. Who holds a key is called; where no key
    comes, the door is forced if the settings allow it.
    """
    world, task = doing.world, doing.task
    wanted = shelters_of(world, task)
    if not wanted:
        yield world.wait(doing.duration_s())
        return Outcome()
    keys = {s: world.env.process(_key(doing, s)) for s in wanted}
    start = _start(world, doing)
    walk = world.prepared.walk_min
    wanted.sort(key=lambda s: (walk.get(start, {}).get(s, 0.0), s))
    parties = max(1, min(doing.held.people // 2, len(wanted)))
    work = [world.env.process(_party(doing, start, wanted[p::parties], keys)) for p in range(parties)]
    yield simpy.AllOf(world.env, work)
    missed = [s for s in wanted if s not in world.shelter_opened_s]
    if not missed:
        return Outcome()
    note = Text("未能开放：{s}", "not opened: {s}").format(s=listing(world.name(s) for s in missed))
    return Outcome("failed" if len(missed) == len(wanted) else "partial", "not_opened", note)


def _start(world: World, doing: Doing) -> str:
    """Return where the party sets out: the base of its team or group, else the command room."""
    ws = world.workspace
    body = ws.teams.get(doing.task.who) or ws.groups.get(doing.task.who)
    if body is not None:
        return body.base
    return (ws.headquarters.command_room if ws.headquarters is not None else None) or ""


def _key(doing: Doing, shelter: str) -> Steps:
    """Bring the key; return False if nobody does."""
    world, task = doing.world, doing.task
    holder = world.workspace.shelters[shelter].key_holder
    if holder is None:
        return True
    body = task.who if task.who in (*world.workspace.teams, *world.workspace.groups) else None
    present = set(world.pool(body).present) if body is not None else {doing.leader}
    chain = world.chain(holder)
    if any(p in present for p in chain):
        return True
    known = [p for p in chain if world.available(p) and world.person(p).reached_s is not None]
    if known:
        person: str | None = known[0]
    else:
        answers = yield from reach(world, task, doing.leader, [holder], alert_channel(world.workspace))
        person = answers[holder]
    if person is None:
        return False
    state = world.person(person)
    if state.arrived_s is None:
        since = state.reached_s if state.reached_s is not None else world.now
        yield world.wait(since + getting_there_min(world, task.who, person) * MIN_S - world.now)
    return True


def _party(doing: Doing, start: str, shelters: list[str], keys: dict[str, simpy.Process]) -> Steps:
    world, task = doing.world, doing.task
    at = start
    for shelter in shelters:
        yield world.wait(world.prepared.walk_min.get(at, {}).get(shelter, 0.0) * MIN_S)
        at = shelter
        came = yield keys[shelter]
        noun = world.workspace.shelters[shelter]
        if not came:
            forced = world.settings.forced_entry_min
            if forced is None:
                world.write(
                    "no_key",
                    Text("{s}钥匙无人送到", "{s}: nobody brings the key").format(s=noun),
                    who=doing.leader,
                    task=task,
                    what={"shelter": shelter},
                )
                continue
            world.deviate(
                "forced_entry",
                Text("{s}钥匙无人送到，破门进入", "{s}: no key came, the door is forced").format(s=noun),
                who=doing.leader,
                task=task,
                what={"shelter": shelter},
            )
            yield world.wait(forced * MIN_S)
        own = noun.open_min if noun.open_min > 0 else None
        drawn = world.streams.pert(f"open/{task.id}/{shelter}", task.duration_min)
        yield world.wait((own if own is not None else drawn) * doing.held.slower * MIN_S)
        open_up(world, shelter, task, doing.leader)


def open_up(world: World, shelter: str, task: Task | None, who: str | None) -> None:
    """Open a shelter, unless something keeps it shut; it opens later when that ends."""
    noun = world.workspace.shelters[shelter]
    world.shelter_tried.add(shelter)
    if world.shelter_blocked.get(shelter, 0) > 0:
        world.write(
            "shelter_not_usable",
            Text("{s}不能使用，无法开放", "{s} cannot be used and stays shut").format(s=noun),
            who=who,
            task=task,
            what={"shelter": shelter},
        )
        return
    if shelter in world.shelter_opened_s:
        return
    world.shelter_opened_s[shelter] = world.now
    if world.crowd is not None:
        world.crowd.engine.open_shelter(world.prepared.shelter_index[shelter])
    world.write(
        "shelter_opened",
        Text("{s}开放，可容纳 {n:,} 人", "{s} is open, {n:,} places").format(s=noun, n=noun.places.whole),
        who=who,
        task=task,
        what={"shelter": shelter, "places": noun.places.whole},
    )
