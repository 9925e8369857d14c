"""People, equipment and vehicles that a task holds while it runs: what is busy is waited for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import simpy

from civdef.drill.muster import muster
from civdef.drill.world import Steps, World
from civdef.model.plan import Action, Task
from civdef.text import Text

DESK = frozenset({Action.ACTIVATE, Action.CALL, Action.ORDER, Action.REPORT, Action.INFORM, Action.SIGNAL})
"""Actions that a leader does in person, one after another, without taking hands from the group or team."""


@dataclass
class Held:
    """What a task holds.

    Attributes
    ----------
    people
        Hands taken from the pool.
    slower
        Factor on the task's duration because hands are missing, 1 or more.
    """

    people: int = 0
    slower: float = 1.0
    pool: simpy.Container | None = None
    attention: tuple[simpy.Resource, simpy.resources.resource.Request] | None = None
    stores: list[tuple[simpy.Container, int]] = field(default_factory=list)

    def give_back(self) -> None:
        """Return everything."""
        if self.pool is not None and self.people:
            self.pool.put(self.people)
        if self.attention is not None:
            resource, request = self.attention
            resource.release(request)
        for store, count in self.stores:
            store.put(count)


@dataclass(frozen=True)
class Lacking:
    """Why a task cannot have what it needs."""

    why: str
    message: Text


def take(world: World, task: Task, leader: str) -> Steps:
    """Take what `task` needs, waiting for what is busy; return :class:`Held`, or :class:`Lacking`.

    Everything is taken in one order (attention or hands, equipment by id, vehicles by kind), so no two tasks can wait for
    each other.
    """
    held = Held()
    body = _pool_of(world, task)
    if task.action in DESK or body is None:
        if leader not in world.workspace.external:
            desk = world.person(leader).attention
            request = desk.request()
            yield request
            held.attention = (desk, request)
    elif task.action is not Action.MUSTER:
        lacking = yield from _hands(world, task, body, held)
        if lacking is not None:
            return lacking
    for need in sorted(task.needs.equipment, key=lambda n: n.id):
        lacking = yield from _store(
            world, f"equipment {need.id}", world.workspace.equipment[need.id].quantity, need.quantity, held,
            Text("{x}", "{x}").format(x=world.name(need.id)),
        )  # fmt: skip
        if lacking is not None:
            held.give_back()
            return lacking
    for wanted in sorted(task.needs.vehicles, key=lambda n: n.kind):
        usable = sum(
            v.kind == wanted.kind and drivable(world, v.id) for v in world.workspace.vehicles.values()
        )
        lacking = yield from _store(
            world, f"vehicle {wanted.kind}", usable, wanted.quantity, held,
            Text("{k}（车辆）", "vehicles ({k})").format(k=wanted.kind),
        )  # fmt: skip
        if lacking is not None:
            held.give_back()
            return lacking
    return held


def drivable(world: World, vehicle_id: str) -> bool:
    """Return whether a vehicle is there and somebody can drive it; one without a named driver counts as driven."""
    if world.down.get(vehicle_id, 0) > 0:
        return False
    vehicle = world.workspace.vehicles[vehicle_id]
    drivers = [d for d in (vehicle.driver, vehicle.relief_driver) if d is not None]
    return not drivers or any(world.available(d) for d in drivers)


def _pool_of(world: World, task: Task) -> str | None:
    """Return the group or team whose hands a task takes: its own, or the one its post leads."""
    ws = world.workspace
    if task.who in ws.groups or task.who in ws.teams:
        return task.who
    if task.needs.people <= 1:
        return None
    for group in ws.groups.values():
        if task.who in (group.head, group.deputy):
            return group.id
    holders = world.chain(task.who)
    for team in ws.teams.values():
        if holders and team.leader == holders[0]:
            return team.id
    return None


def _hands(world: World, task: Task, body: str, held: Held) -> Steps:
    mustered = yield from muster(world, body, task)
    if not mustered:
        return Lacking(
            "not_mustered",
            Text("{b}没有集结起来", "{b} never mustered").format(b=world.name(body)),
        )
    pool = world.pool(body)
    needed = max(1, task.needs.people)
    while len(pool.present) < needed and not pool.settled.triggered:
        yield pool.changed | pool.settled
    got = min(needed, len(pool.present))
    if got < needed:
        if got < needed * world.settings.short_handed_share:
            return Lacking(
                "too_few_people",
                Text("{b}需要 {n} 人，只到场 {m} 人", "{b} needs {n} people and has {m}").format(
                    b=world.name(body), n=needed, m=got
                ),
            )
        held.slower = needed / got
        world.deviate(
            "short_handed",
            Text(
                "{b}应有 {n} 人，实到 {m} 人，用时相应延长",
                "{b} works with {m} of {n} people and takes longer",
            ).format(b=world.name(body), n=needed, m=got),
            who=body,
            task=task,
            what={"needed": needed, "present": got},
        )
    yield pool.hands.get(got)
    held.people, held.pool = got, pool.hands
    return None


def _store(world: World, key: str, total: int, wanted: int, held: Held, name: Text) -> Steps:
    store = world.stores.get(key)
    if store is None:
        store = world.stores[key] = simpy.Container(world.env, capacity=math.inf, init=total)
        world.totals[key] = total
    if wanted > world.totals[key]:
        return Lacking(
            "too_few_resources",
            Text("需要{x} {n}，只有 {m}", "needs {n} {x} and there are {m}").format(
                x=name, n=wanted, m=world.totals[key]
            ),
        )
    yield store.get(wanted)
    held.stores.append((store, wanted))
    return None
