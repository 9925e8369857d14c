"""The preparedness graph: who, what, where, as a networkx ``MultiDiGraph``.

Nodes are ids of the workspace (and ``task/<plan>.<task>``); each carries `kind`, `zh`, `en`. Every edge carries
`kind`, and `file`, `line`, `column` of the line of the workspace that says so. Audit rules, call trees, the stress
test and map pop-ups all read this one graph.

Edges::

    leads          post → headquarters, group          person → team
    deputises      post → headquarters, group          person → team, post (stand-in)
    holds          person → post
    staffs         person → headquarters, group, team, office
    commands       headquarters → group → team;  headquarters → plan (approves)
    reports_to     group, body → post, body
    responsible_for  group → plan;  body → task;  team → shelter, community;  person → compound, gate, siren
    part_of        task → plan;  building, compound, unit → community;  entrance → shelter
    after          task → the task it waits for
    needs          task → equipment, channel
    acts_at        task → place
    informs        task → body it calls, orders or reports to
    stored_at      equipment, vehicle → fixed post
    covers         plan → hazard kind;  shelter → hazard kind;  footprint → hazard kind
    triggers       trigger of a plan → plan
    helps          person → assisted person
    on_duty        person → headquarters
    drives         person → vehicle
    backs_up       channel → channel
    exercises      drill → plan
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civdef.model.base import Name, Noun
from civdef.model.plan import Plan, task_id
from civdef.model.workspace import Workspace
from civdef.source import Path, Place

if TYPE_CHECKING:
    import networkx as nx

LEFT_OUT = ("household", "entrance", "landmark", "road")
"""Kinds that are no part of who–what–where and would only swell the graph."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement of the workspace: `source` does `kind` to `target`, as written under `owner` at `path`."""

    source: str
    target: str
    kind: str
    owner: str
    path: Path


def build_preparedness_graph(workspace: Workspace) -> nx.MultiDiGraph[str]:
    """Build the graph; nodes and edges come in a fixed order."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for kind, found in workspace.collections():
        if kind in LEFT_OUT:
            continue
        for object_id, noun in found.items():
            _node(graph, object_id, kind, noun)
    for plan in workspace.plans.values():
        for task in plan.tasks:
            graph.add_node(task_id(plan, task), kind="task", zh=task.name.in_("zh"), en=task.name.in_("en"))
        for trigger in plan.triggers:
            zh, en = trigger.condition.in_("zh"), trigger.condition.in_("en")
            graph.add_node(_trigger_id(plan, trigger.id), kind="trigger", zh=zh, en=en)
    for edge in edges(workspace):
        place = workspace.place(edge.owner, edge.path) or Place("?")
        for end in (edge.source, edge.target):
            if end not in graph:
                graph.add_node(
                    end, kind=end.partition("/")[0], zh=end.partition("/")[2], en=end.partition("/")[2]
                )
        graph.add_edge(
            edge.source,
            edge.target,
            kind=edge.kind,
            file=place.file,
            line=place.line or 0,
            column=place.column or 0,
        )
    return graph


def edges(workspace: Workspace) -> Iterator[Edge]:
    """Yield every edge, in a fixed order."""
    yield from _organisation(workspace)
    yield from _teams(workspace)
    yield from _things(workspace)
    for plan in workspace.plans.values():
        yield from _plan(plan)
    for drill in workspace.drills.values():
        yield Edge(drill.id, drill.plan, "exercises", drill.id, ("plan",))


def _node(graph: nx.MultiDiGraph[str], object_id: str, kind: str, noun: Noun) -> None:
    name = getattr(noun, "name", None)
    both = (name.in_("zh"), name.in_("en")) if isinstance(name, Name) else (object_id, object_id)
    graph.add_node(object_id, kind=kind, zh=both[0], en=both[1])


def _trigger_id(plan: Plan, local: str) -> str:
    return f"trigger/{plan.id.partition('/')[2]}.{local}"


def _organisation(ws: Workspace) -> Iterator[Edge]:
    for person in ws.people.values():
        if person.office:
            yield Edge(person.id, person.office, "staffs", person.id, ("office",))
    for post in ws.posts.values():
        if post.holder:
            yield Edge(post.holder, post.id, "holds", post.id, ("holder",))
        for i, stand_in in enumerate(post.stand_ins):
            yield Edge(stand_in, post.id, "deputises", post.id, ("stand_ins", i))
    hq = ws.headquarters
    if hq is not None:
        for i, commander in enumerate(hq.commanders):
            yield Edge(commander, hq.id, "leads", hq.id, ("commanders", i))
        for i, deputy in enumerate(hq.deputies):
            yield Edge(deputy, hq.id, "deputises", hq.id, ("deputies", i))
        for i, member in enumerate(hq.members):
            yield Edge(member, hq.id, "staffs", hq.id, ("members", i))
        if hq.command_room:
            yield Edge(hq.id, hq.command_room, "acts_at", hq.id, ("command_room",))
        if hq.alternate_command_room:
            yield Edge(hq.id, hq.alternate_command_room, "acts_at", hq.id, ("alternate_command_room",))
        for i, shift in enumerate(ws.duty):
            yield Edge(shift.person, hq.id, "on_duty", f"duty/{i}", ("person",))
    for group in ws.groups.values():
        yield Edge(group.head, group.id, "leads", group.id, ("head",))
        if group.deputy:
            yield Edge(group.deputy, group.id, "deputises", group.id, ("deputy",))
        for i, member in enumerate(group.members):
            yield Edge(member, group.id, "staffs", group.id, ("members", i))
        yield Edge(group.id, group.reports_to, "reports_to", group.id, ("reports_to",))
        if hq is not None:
            yield Edge(hq.id, group.id, "commands", group.id, ("id",))
        yield Edge(group.id, group.base, "acts_at", group.id, ("base",))
    for i, line in enumerate(ws.reporting_lines):
        yield Edge(line.sender, line.to, "reports_to", f"reporting-line/{i}", ("from",))
    for channel in ws.channels.values():
        if channel.backup:
            yield Edge(channel.backup, channel.id, "backs_up", channel.id, ("backup",))


def _teams(ws: Workspace) -> Iterator[Edge]:
    for team in ws.teams.values():
        yield Edge(team.leader, team.id, "leads", team.id, ("leader",))
        if team.deputy:
            yield Edge(team.deputy, team.id, "deputises", team.id, ("deputy",))
        for i, member in enumerate(team.members):
            yield Edge(member, team.id, "staffs", team.id, ("members", i))
        for i, section in enumerate(team.sections):
            for j, member in enumerate(section.members):
                yield Edge(member, team.id, "staffs", team.id, ("sections", i, "members", j))
        yield Edge(team.group, team.id, "commands", team.id, ("group",))
        yield Edge(team.id, team.base, "acts_at", team.id, ("base",))
        if team.community:
            yield Edge(team.id, team.community, "responsible_for", team.id, ("community",))


def _things(ws: Workspace) -> Iterator[Edge]:
    for compound in ws.compounds.values():
        yield Edge(compound.id, compound.community, "part_of", compound.id, ("community",))
        if compound.contact:
            yield Edge(compound.contact, compound.id, "responsible_for", compound.id, ("contact",))
    for gate in ws.gates.values():
        yield Edge(gate.id, gate.compound, "part_of", gate.id, ("compound",))
        if gate.key_holder:
            yield Edge(gate.key_holder, gate.id, "responsible_for", gate.id, ("key_holder",))
    for building in ws.buildings.values():
        yield Edge(
            building.id, building.compound or building.community, "part_of", building.id, ("community",)
        )
    for unit in ws.units.values():
        yield Edge(unit.id, unit.building or unit.community, "part_of", unit.id, ("community",))
        if unit.contact:
            yield Edge(unit.contact, unit.id, "responsible_for", unit.id, ("contact",))
    for siren in ws.sirens.values():
        if siren.operator:
            yield Edge(siren.operator, siren.id, "responsible_for", siren.id, ("operator",))
    for shelter in ws.shelters.values():
        if shelter.community:
            yield Edge(shelter.id, shelter.community, "part_of", shelter.id, ("community",))
        if shelter.team:
            yield Edge(shelter.team, shelter.id, "responsible_for", shelter.id, ("team",))
        if shelter.key_holder:
            yield Edge(shelter.key_holder, shelter.id, "responsible_for", shelter.id, ("key_holder",))
        for hazard in shelter.hazards:
            yield Edge(shelter.id, f"hazard-kind/{hazard}", "covers", shelter.id, ("hazards",))
    for footprint in ws.footprints.values():
        yield Edge(footprint.id, f"hazard-kind/{footprint.hazard}", "covers", footprint.id, ("hazard",))
    for fixed in ws.fixed_posts.values():
        if fixed.team:
            yield Edge(fixed.team, fixed.id, "responsible_for", fixed.id, ("team",))
    for equipment in ws.equipment.values():
        yield Edge(equipment.id, equipment.store, "stored_at", equipment.id, ("store",))
        if equipment.owner:
            yield Edge(equipment.owner, equipment.id, "responsible_for", equipment.id, ("owner",))
    for vehicle in ws.vehicles.values():
        yield Edge(vehicle.id, vehicle.base, "stored_at", vehicle.id, ("base",))
        if vehicle.owner:
            yield Edge(vehicle.owner, vehicle.id, "responsible_for", vehicle.id, ("owner",))
        for role in ("driver", "relief_driver"):
            driver = getattr(vehicle, role)
            if driver:
                yield Edge(driver, vehicle.id, "drives", vehicle.id, (role,))
    for person in ws.assisted.values():
        for role in ("helper_1", "helper_2", "reserve_helper"):
            helper = getattr(person, role)
            if helper:
                yield Edge(helper, person.id, "helps", person.id, (role,))
    for rule in ws.rules.values():
        yield Edge(rule.owner, rule.id, "responsible_for", rule.id, ("owner",))


def _plan(plan: Plan) -> Iterator[Edge]:
    yield Edge(plan.approved_by, plan.id, "commands", plan.id, ("approved_by",))
    yield Edge(plan.lead, plan.id, "leads", plan.id, ("lead",))
    for i, group in enumerate(plan.support):
        yield Edge(group, plan.id, "responsible_for", plan.id, ("support", i))
    for i, hazard in enumerate(plan.hazards):
        yield Edge(plan.id, f"hazard-kind/{hazard}", "covers", plan.id, ("hazards", i))
    for i, other in enumerate(plan.related):
        yield Edge(plan.id, other, "relates_to", plan.id, ("related", i))
    for i, trigger in enumerate(plan.triggers):
        yield Edge(_trigger_id(plan, trigger.id), plan.id, "triggers", plan.id, ("triggers", i))
    for i, level in enumerate(plan.levels):
        yield Edge(level.started_by, plan.id, "starts", plan.id, ("levels", i, "started_by"))
        yield Edge(level.ended_by, plan.id, "ends", plan.id, ("levels", i, "ended_by"))
    if plan.filed:
        yield Edge(plan.id, plan.filed.to, "filed_with", plan.id, ("filed", "to"))
    known = {t.id: task_id(plan, t) for t in plan.tasks}
    for i, task in enumerate(plan.tasks):
        me = known[task.id]
        path: Path = ("tasks", i)
        yield Edge(me, plan.id, "part_of", plan.id, path)
        yield Edge(task.who, me, "responsible_for", plan.id, (*path, "who"))
        for j, name in enumerate(task.after):
            if name in known:
                yield Edge(me, known[name], "after", plan.id, (*path, "after", j))
        for j, body in enumerate(task.to):
            yield Edge(me, body, "informs", plan.id, (*path, "to", j))
        for j, place in enumerate(task.where):
            yield Edge(me, place, "acts_at", plan.id, (*path, "where", j))
        if task.channel:
            yield Edge(me, task.channel, "needs", plan.id, (*path, "channel"))
        for j, need in enumerate(task.needs.equipment):
            yield Edge(me, need.id, "needs", plan.id, (*path, "needs", "equipment", j))
    for i, report in enumerate(plan.reports):
        yield Edge(report.sender, report.to, "reports_to", plan.id, ("reports", i, "from"))
