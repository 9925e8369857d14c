"""Which vehicles fetch people, with whom at the wheel, from where and from when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civdef.evacuate.assist.commitments import held_back
from civdef.evacuate.assist.streets import Ways
from civdef.evacuate.question import Asked
from civdef.model.organisation import Person
from civdef.model.resident import Mobility
from civdef.model.resources import Vehicle
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace
from civdef.text import Text

PLACES = (Mobility.WALKS_WITH_HELP, Mobility.WHEELCHAIR, Mobility.STRETCHER)
"""Order of the capacities: seats, wheelchair places, stretcher places."""


@dataclass(frozen=True)
class Ready:
    """A vehicle that fetches people.

    Attributes
    ----------
    id, driver
        The vehicle and who drives it.
    relief
        Whether the relief driver drives, because the driver is needed elsewhere.
    places
        Seats, wheelchair places, stretcher places.
    node
        Kerb at its base.
    from_s
        When the driver is at the wheel [s].
    """

    id: str
    driver: str
    relief: bool
    places: tuple[int, int, int]
    node: int
    from_s: int


@dataclass(frozen=True)
class Fleet:
    """The vehicles in use, in id order, and why others are not."""

    ready: tuple[Ready, ...]
    refused: Mapping[str, Text]

    @property
    def drivers(self) -> frozenset[str]:
        """Everybody at a wheel."""
        return frozenset(v.driver for v in self.ready)


def fleet_of(workspace: Workspace, asked: Asked, ways: Ways, busy: Mapping[str, Text]) -> Fleet:
    """Choose vehicles and drivers. Each driver drives one vehicle; who is promised elsewhere drives none."""
    kept = held_back(workspace, asked.plan)
    refused: dict[str, Text] = {}
    ready: list[Ready] = []
    at_wheel: dict[str, str] = {}
    for vehicle in sorted(workspace.vehicles.values(), key=lambda v: v.id):
        places = (vehicle.seats, vehicle.wheelchair_places, vehicle.stretcher_places)
        if not carries_people(vehicle):
            refused[vehicle.id] = Text("不载人", "does not carry people")
            continue
        if vehicle.id in kept:
            refused[vehicle.id] = kept[vehicle.id]
            continue
        driver, why = _driver(workspace, vehicle, busy, at_wheel)
        if driver is None:
            refused[vehicle.id] = why
            continue
        base = workspace.fixed_posts[vehicle.base].shape_m.centroid
        node = ways.nearest_kerb(base.x, base.y)
        if node < 0:
            refused[vehicle.id] = Text("驻地没有可通车的道路", "no street to drive on at its base")
            continue
        at_wheel[driver] = vehicle.id
        person = workspace.people[driver]
        ready.append(
            Ready(
                vehicle.id,
                driver,
                driver != vehicle.driver,
                places,
                node,
                called_s(workspace, asked.question.time, person),
            )
        )
    return Fleet(tuple(ready), refused)


CARRY_GOODS = frozenset({"truck", "loader", "tanker", "excavator", "crane", "trailer", "tricycle", "boat"})
"""Kinds whose seats are for their crew: nobody who needs help rides on them."""


def carries_people(vehicle: Vehicle) -> bool:
    """Return whether people who need help may ride on a vehicle."""
    places = vehicle.seats + vehicle.wheelchair_places + vehicle.stretcher_places
    return vehicle.kind not in CARRY_GOODS and places > 0


def called_s(workspace: Workspace, time: DayPart, person: Person) -> int:
    """Return when someone who is called is at the place of duty: getting ready, and the way of that time of day [s]."""
    travel = person.travel_workday_min if time is DayPart.WORKDAY else person.travel_night_min
    return round((workspace.settings.response.ready_min.likely + travel) * 60)


def _driver(
    workspace: Workspace, vehicle: Vehicle, busy: Mapping[str, Text], at_wheel: Mapping[str, str]
) -> tuple[str | None, Text]:
    named = [d for d in (vehicle.driver, vehicle.relief_driver) if d is not None]
    why = Text("没有登记驾驶员", "no driver is registered")
    for driver in named:
        if driver in at_wheel:
            why = Text("驾驶员{name}已驾驶{v}", "its driver {name} drives {v}").format(
                name=workspace.name(driver), v=workspace.name(at_wheel[driver])
            )
        elif driver in busy:
            why = Text("驾驶员{name}{what}", "its driver, {name}, {what}").format(
                name=workspace.name(driver), what=busy[driver]
            )
        else:
            return driver, why
    return None, why
