"""Where a task happens: people and shelters behind its places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.drill.world import World
from civdef.model.plan import Task

Ints = NDArray[np.int64]


def groups_at(world: World, task: Task) -> Ints:
    """Return the groups of the crowd at a task's places; a task without places is for everybody."""
    crowd = world.crowd
    assert crowd is not None
    if not task.where:
        return crowd.groups_of(None)
    ws = world.workspace
    communities = {w for w in task.where if w in ws.communities}
    compounds = {w for w in task.where if w in ws.compounds}
    buildings = {w for w in task.where if w in ws.buildings}
    buildings |= {u.building for w in task.where if (u := ws.units.get(w)) is not None and u.building}
    if compounds:
        buildings |= {b.id for b in ws.buildings.values() if b.compound in compounds}
    footprints = [ws.footprints[w].shape_m for w in task.where if w in ws.footprints]
    for shape in footprints:
        buildings |= {b.id for b in ws.buildings.values() if shape.intersects(b.shape_m)}
    return crowd.groups_of(communities, buildings)


def shelters_of(world: World, task: Task) -> list[str]:
    """Return the shelters that a task opens, in id order: those the plan may use and that need opening.

    Those it names, or of the communities it names; without places, those whose team or key holder it is, else those of the
    team's community, else all.
    """
    ws = world.workspace
    usable = [s for s in ws.shelters.values() if s.id in world.prepared.to_open]
    if task.where:
        places = set(task.where)
        return [s.id for s in usable if s.id in places or s.community in places]
    mine = [s.id for s in usable if task.who in (s.team, s.key_holder)]
    if mine:
        return mine
    team = ws.teams.get(task.who)
    if team is not None and team.community is not None:
        return [s.id for s in usable if s.community == team.community]
    return [s.id for s in usable]
