"""From the call to the place of duty: getting ready and travelling."""

from __future__ import annotations

from civdef.activation.duty import travel_min
from civdef.drill.world import MIN_S, Steps, World
from civdef.text import Text


def getting_there_min(world: World, body: str, person: str) -> float:
    """Return how long a called person takes to get ready and travel [min]; the same however often it is asked."""
    state = world.person(person)
    if state.trip_min is None:
        unit = world.workspace.groups.get(body) or world.workspace.teams.get(body)
        estimate = unit.muster_min if unit is not None else None
        ready = world.streams.pert(f"ready/{person}", estimate or world.settings.ready_min)
        factor = world.streams.pert(f"travel/{person}", world.settings.travel_factor)
        entry = world.workspace.people.get(person)
        way = travel_min(entry, world.drill.day_part, at_post=False) if entry is not None else 0.0
        state.trip_min = ready + way * factor
    return state.trip_min


def to_post(world: World, post: str, person: str) -> None:
    """Let the holder of a post set out for the place of duty, once."""
    state = world.person(person)
    if state.arrived_s is None and state.trip_min is None:
        world.env.process(_travel(world, post, person, getting_there_min(world, post, person)))


def _travel(world: World, post: str, person: str, minutes: float) -> Steps:
    yield world.wait(minutes * MIN_S)
    state = world.person(person)
    if state.arrived_s is None and state.absent == 0:
        state.arrived_s = world.now
        headquarters = world.workspace.headquarters
        if headquarters is not None and post in (*headquarters.commanders, *headquarters.deputies):
            world.write(
                "arrived",
                Text("{post}（{person}）到达指挥室", "{post} ({person}) is in the command room").format(
                    post=world.name(post), person=world.name(person)
                ),
                who=person,
                what={"post": post},
            )
