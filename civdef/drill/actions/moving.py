"""Leading people to shelters, and fetching those who cannot walk."""

from __future__ import annotations

import numpy as np

from civdef.drill.actions import Doing, Outcome
from civdef.drill.places import groups_at
from civdef.drill.world import MIN_S, Steps
from civdef.model.plan import Action
from civdef.text import Text

ACTIONS = (Action.EVACUATE, Action.ASSIST)

LOOK_S = 60.0
"""How often a leader looks whether everybody is in [s]; a model's choice."""


def run(doing: Doing) -> Steps:
    """Lead or fetch the people of the task's places.

    The task takes its estimate, and goes on until everybody who left is in a shelter. Where no warning of the plan reaches a
    place, leading people out is what tells them. Those who cannot walk are taken from home one after another over the
    estimated time.
    """
    world, task, crowd = doing.world, doing.task, doing.world.crowd
    duration_s = doing.duration_s()
    if crowd is None:
        yield world.wait(duration_s)
        return Outcome()
    groups = groups_at(world, task)
    town = crowd.town
    fetching = task.action is Action.ASSIST
    if fetching:
        mine = groups[town.group_fetched[groups]]
        spread = (np.arange(len(mine)) + 1) / max(1, len(mine)) * duration_s
        crowd.fetch(mine, world.now + spread)
        world.write(
            "fetching",
            Text("接送行动不便人员 {n:,} 人", "{n:,} people who cannot walk are fetched").format(n=len(mine)),
            who=doing.leader,
            task=task,
            what={"persons": len(mine)},
        )
    elif not _warned_by_plan(doing, groups):
        order = np.unique(town.group_building[groups])
        share = (np.searchsorted(order, town.group_building[groups]) + 1) / max(1, len(order))
        crowd.warn(groups, world.now + share * duration_s)
    yield world.wait(duration_s)
    while crowd.on_their_way(groups, fetched=fetching):
        yield world.wait(min(LOOK_S, world.prepared.stop_s + MIN_S))
    return Outcome()


def _warned_by_plan(doing: Doing, groups: np.ndarray) -> bool:
    """Return whether a warning of the plan, or of the sirens, is meant for these people."""
    world = doing.world
    if world.soundings or world.drill.sirens:
        return True
    warnings = [s.task for s in world.tasks.values() if s.task.action in (Action.WARN, Action.SIGNAL)]
    return any(bool(np.isin(groups, groups_at(world, task)).any()) for task in warnings)
