"""What was counted at the end of a drill: tasks, people, communities, shelters, and the moments of the crowd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from civdef.drill.result import Both, Community, LeftOver, People, ShelterUse, TaskOutcome
from civdef.drill.world import MIN_S
from civdef.text import Text, listing

if TYPE_CHECKING:
    from civdef.drill.crowd import Crowd
    from civdef.drill.world import TaskState, World

REASONS: dict[str, Text] = {
    "not_warned": Text("没有收到预警或通知", "no warning reached them"),
    "stayed": Text("收到通知但没有离开", "warned, but stayed"),
    "getting_ready": Text("收到通知，尚未出门", "warned, had not left yet"),
    "recalled": Text("解除警报时尚未出门", "had not left when the all-clear came"),
    "not_fetched": Text("行动不便，无人接送", "cannot walk and were not fetched"),
    "on_the_way": Text("演练结束时仍在途中", "still on the way at the end"),
    "at_door": Text("停留在避难场所门口", "stood at the door of a shelter"),
    "no_route": Text("道路不通，没有可走的路", "no way was left open"),
    "no_room": Text("避难场所已满", "no shelter had room"),
    "no_shelter": Text("没有开放的避难场所", "no shelter was open"),
    "road_cut": Text("道路中断", "the street was cut"),
    "inside_hazard": Text(
        "已无法步行离开危险区，需要救援", "can no longer walk out of the hazard area; need rescue"
    ),
    "no_allowed_shelter": Text("没有适用的避难场所", "no shelter may be used"),
    "unreachable": Text(
        "出路全在危险区内，没有路通到避难场所", "every way out leads through the hazard area"
    ),
    "too_big": Text("楼内人数超过任何一处的名额", "more people in the building than any shelter has places"),
}


def minutes(seconds: float | None) -> float | None:
    """Return minutes rounded to hundredths; None for never."""
    return None if seconds is None or not np.isfinite(seconds) else round(float(seconds) / MIN_S, 2)


def tasks(world: World) -> list[TaskOutcome]:
    """Return what became of every task, in the plan's order."""
    return [_task(s) for s in world.tasks.values()]


def _task(state: TaskState) -> TaskOutcome:
    task = state.task
    estimate = task.duration_min
    late = None
    if state.done_s is not None and state.due_s is not None and state.done_s > state.due_s:
        late = minutes(state.done_s - state.due_s)
    return TaskOutcome(
        id=task.id,
        name=Both.of(task.name.text),
        who=task.who,
        acting=state.acting,
        clause=task.clause,
        status=state.status,
        started_min=minutes(state.started_s),
        done_min=minutes(state.done_s),
        due_min=task.due_min,
        late_min=late,
        estimate_min=(estimate.low, estimate.likely, estimate.high),
        note=Both.of(state.note) if state.note else None,
    )


def people(world: World) -> People | None:
    """Count everybody once: arrived, or left over with a reason."""
    crowd = world.crowd
    if crowd is None:
        return None
    town = crowd.town
    persons = town.group_persons
    why = crowd.left_over()
    rows: dict[tuple[int, str], int] = {}
    for c, reason, n in zip(town.group_community.tolist(), why.tolist(), persons.tolist(), strict=True):
        if reason:
            rows[(c, reason)] = rows.get((c, reason), 0) + n
    left = [
        LeftOver(community=town.communities[c], reason=reason, persons=n, message=Both.of(REASONS[reason]))
        for (c, reason), n in sorted(rows.items())
    ]
    return People(
        persons=int(persons.sum()),
        told_persons=int(persons[crowd.warned_s <= world.now].sum()),
        arrived_persons=int(persons[why == ""].sum()),
        left_over_persons=sum(x.persons for x in left),
        left_over=left,
    )


def communities(world: World) -> list[Community]:
    """Return the figures of each community that has people to move."""
    crowd = world.crowd
    if crowd is None:
        return []
    found = []
    for c in np.unique(crowd.town.group_community).tolist():
        name = crowd.town.communities[c]
        rows = np.flatnonzero(crowd.town.group_community == c)
        persons, arrival = crowd.town.group_persons[rows], crowd.arrival_s[rows]
        found.append(
            Community(
                id=name,
                name=Both.of(world.name(name).text),
                persons=int(persons.sum()),
                warned_persons=int(persons[crowd.warned_s[rows] <= world.now].sum()),
                arrived_persons=int(persons[np.isfinite(arrival)].sum()),
                p95_arrival_min=minutes(quantile(persons, arrival, 0.95)),
            )
        )
    return found


def quantile(persons: np.ndarray, times: np.ndarray, share: float) -> float | None:
    """Return by when `share` of `persons` had reached their time; None if fewer ever did."""
    if persons.sum() == 0:
        return None
    order = np.argsort(times, kind="stable")
    at = int(np.searchsorted(np.cumsum(persons[order]), share * persons.sum() - 1e-9))
    return float(times[order[at]]) if np.isfinite(times[order[at]]) else None


def shelters(world: World) -> list[ShelterUse]:
    """Return how each shelter that the plan uses, or that people came to, was used."""
    crowd = world.crowd
    if crowd is None:
        return []
    town, engine = crowd.town, crowd.engine
    inside = engine.shelter_persons
    bound, reached = engine.shelter, engine.reached_door_s
    where, arrival = engine.arrived_shelter, engine.arrival_s
    persons = engine.people.persons
    found = []
    for s, (shelter, used) in enumerate(zip(town.problem.shelters, town.used_shelters, strict=True)):
        if not used and not inside[s]:
            continue
        noun = world.workspace.shelters[shelter]
        opened = world.shelter_opened_s.get(shelter)
        if shelter in world.prepared.open_from_start and not world.shelter_blocked.get(shelter):
            opened = 0.0
        came = (bound == s) & np.isfinite(reached)
        waited = came & (reached < (np.inf if opened is None else opened))
        here = where == s
        found.append(
            ShelterUse(
                id=shelter,
                name=Both.of(noun.name.text),
                places=noun.places.whole,
                persons=int(inside[s]),
                opened_min=minutes(opened),
                first_arrival_min=minutes(float(arrival[here].min())) if here.any() else None,
                waited_persons=int(persons[waited].sum()),
            )
        )
    return found


def moments_of_people(world: World) -> None:
    """Write the crowd's key moments into the journal, and note what people had to do that no plan told them."""
    crowd = world.crowd
    if crowd is None:
        return
    persons, arrival = crowd.town.group_persons, crowd.arrival_s
    left = np.where(crowd.departure_s <= world.now, crowd.departure_s, np.inf)
    for kind, times, share, message in (
        ("first_departure", left, 0.0, Text("首批居民出门", "The first people leave home")),
        ("first_arrival", arrival, 0.0, Text("首批居民进入避难场所", "The first people are in a shelter")),
        (
            "half_arrived",
            arrival,
            0.5,
            Text("半数应疏散人员进入避难场所", "Half of the people are in shelters"),
        ),
        (
            "most_arrived",
            arrival,
            0.95,
            Text("95%应疏散人员进入避难场所", "95% of the people are in shelters"),
        ),
    ):
        at = quantile(persons, times, share)
        if at is not None:
            world.write(kind, message, t_s=at)
    set_out = np.isfinite(left)
    if set_out.any() and np.isfinite(arrival[set_out]).all():
        last = float(arrival[set_out].max())
        world.write(
            "all_arrived", Text("出发人员全部进入避难场所", "Everybody who set out is in a shelter"), t_s=last
        )
    _deviations(world, crowd)


def _deviations(world: World, crowd: Crowd) -> None:
    _without_place(world, crowd)
    engine = crowd.engine
    moved = engine.people.persons
    turned = int(moved[engine.reroutes > 0].sum())
    if turned:
        world.deviate(
            "rerouted",
            Text(
                "{n:,} 人因道路中断绕行", "{n:,} people had to leave the told route because a street was cut"
            ).format(n=turned),
            what={"persons": turned},
        )
    sent_on = int(moved[engine.redirects > 0].sum())
    if sent_on:
        world.deviate(
            "redirected",
            Text("{n:,} 人到达后被引导到其他避难场所", "{n:,} people were sent on to another shelter").format(
                n=sent_on
            ),
            what={"persons": sent_on},
        )
    waited = sum(s.waited_persons for s in shelters(world))
    if waited:
        world.deviate(
            "waited_at_door",
            Text(
                "{n:,} 人到达时避难场所尚未开放，在门外等候",
                "{n:,} people stood before a shelter that was not open yet",
            ).format(n=waited),
            what={"persons": waited},
        )
    behind = int(crowd.town.group_persons[crowd.left_over() == "not_fetched"].sum())
    if behind:
        world.deviate(
            "left_behind",
            Text("{n:,} 名行动不便人员无人接送", "{n:,} people who cannot walk were not fetched").format(
                n=behind
            ),
            breach=True,
            what={"persons": behind},
        )


def _without_place(world: World, crowd: Crowd) -> None:
    """The evacuation fails when the first of those for whom it has no place is told to leave."""
    town = crowd.town
    told = ~town.group_placed & (crowd.warned_s <= world.now)
    if not told.any():
        return
    counts: dict[str, int] = {}
    for building, n in zip(
        town.group_building[told].tolist(), town.group_persons[told].tolist(), strict=True
    ):
        reason = town.building_reason[building]
        counts[reason] = counts.get(reason, 0) + n
    why = listing(
        Text("{r} {n:,} 人", "{n:,} people: {r}").format(r=REASONS[r], n=n) for r, n in sorted(counts.items())
    )
    world.fail_evacuation(
        "no_place",
        Text(
            "通知撤离的人员中有 {n:,} 人无处可去（{why}）",
            "{n:,} people told to leave have nowhere to go ({why})",
        ).format(n=sum(counts.values()), why=why),
        float(crowd.warned_s[told].min()),
    )
