"""Who and what the plan has promised already: nobody helps or drives who has another task at that time."""

from __future__ import annotations

from collections.abc import Mapping

from civdef.evacuate.question import Asked
from civdef.model.plan import Action, Plan
from civdef.model.resources import Vehicle
from civdef.model.workspace import Workspace
from civdef.text import Text

FETCHING = frozenset({Action.ASSIST, Action.EVACUATE, Action.TRANSPORT})
"""Actions whose vehicles move people: they are the ones that fetch."""


def promised(workspace: Workspace, asked: Asked) -> Mapping[str, Text]:
    """Return person → what else they do in this plan.

    The headquarters; holders of posts, groups and teams that the plan gives a task or calls together; who holds the key
    of a shelter in use or of a locked gate. Drivers are promised to their vehicle, see `fleet_of`.
    """
    found: dict[str, Text] = {}
    for body in _bodies(workspace, asked.plan):
        what = Text("{name}人员", "belongs to {name}").format(name=workspace.name(body))
        for person in _people(workspace, body):
            found.setdefault(person, what)
    problem = asked.problem
    for shelter_id, places in zip(problem.shelters, problem.places, strict=True):
        holder = workspace.shelters[shelter_id].key_holder
        keeper = None if holder is None else workspace.holder(holder)
        if keeper is not None and places > 0:
            what = Text("保管{name}钥匙", "holds the key of {name}").format(name=workspace.name(shelter_id))
            found.setdefault(keeper, what)
    for gate in workspace.gates.values():
        if gate.locked and gate.key_holder is not None:
            what = Text("保管{name}钥匙", "holds the key of {name}").format(name=workspace.name(gate.id))
            found.setdefault(gate.key_holder, what)
    return found


def _bodies(workspace: Workspace, plan: Plan) -> list[str]:
    named = [plan.lead, *plan.support]
    for task in plan.tasks:
        named += [task.who, *task.to]
    if workspace.headquarters is not None:
        named.append(workspace.headquarters.id)
    return list(dict.fromkeys(named))


def _people(workspace: Workspace, body: str) -> list[str]:
    holders: list[str] = []
    headquarters = workspace.headquarters
    if headquarters is not None and body == headquarters.id:
        holders = [*headquarters.commanders, *headquarters.deputies, *headquarters.members]
    elif body in workspace.groups:
        group = workspace.groups[body]
        holders = [group.head, *([group.deputy] if group.deputy else []), *group.members]
    elif body in workspace.teams:
        holders = list(workspace.teams[body].people())
    elif body in workspace.posts:
        holders = [body]
    return [p for p in (workspace.holder(h) for h in holders) if p is not None]


def held_back(workspace: Workspace, plan: Plan) -> Mapping[str, Text]:
    """Return vehicle → the tasks of the plan that keep it from fetching people.

    Of each kind as many as all other tasks of the plan need together at the level at which people are moved, those with
    the fewest places first: the plan does not say which vehicle does which task. Tasks of recovery come later.
    """
    moving = [lv for t in plan.tasks if t.action in (Action.ASSIST, Action.EVACUATE) for lv in t.levels]
    level = min(moving, default=1)
    needed: dict[str, int] = {}
    tasks: dict[str, list[Text]] = {}
    for task in plan.tasks:
        if task.action in FETCHING or task.phase == "recover" or level not in task.levels:
            continue
        for need in task.needs.vehicles:
            needed[need.kind] = needed.get(need.kind, 0) + need.quantity
            tasks.setdefault(need.kind, []).append(Text(task.name.in_("zh"), task.name.in_("en")))
    found: dict[str, Text] = {}
    for kind, count in sorted(needed.items()):
        fleet = [v for v in workspace.vehicles.values() if v.kind == kind]
        for vehicle in sorted(fleet, key=_places)[:count]:
            found[vehicle.id] = Text("留作其他任务（{tasks}）", "kept for other tasks ({tasks})").format(
                tasks=_listed(tasks[kind])
            )
    return found


def _places(vehicle: Vehicle) -> tuple[int, int, str]:
    return (vehicle.wheelchair_places + vehicle.stretcher_places, vehicle.seats, vehicle.id)


def _listed(items: list[Text]) -> Text:
    unique = list(dict.fromkeys(items))
    return Text("、".join(t.zh for t in unique), ", ".join(t.en for t in unique))
