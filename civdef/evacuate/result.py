"""The result of an evacuation plan."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from civdef.evacuate.objectives import Objective
from civdef.model.town import DayPart
from civdef.result import Record, Result


class LeftReason(StrEnum):
    """Why people are left over."""

    NO_ALLOWED_SHELTER = "no_allowed_shelter"
    INSIDE_HAZARD = "inside_hazard"
    UNREACHABLE = "unreachable"
    TOO_BIG = "too_big"
    NO_ROOM = "no_room"
    NO_BUILDING = "no_building"


class LeftOver(Record):
    """People of one building that have no place."""

    building: str | None = Field(description="null: persons of units in a workspace without buildings")
    part: int = Field(
        description="of a building that is split by its entrances, from 1; 0: the whole building"
    )
    persons: int
    reason: LeftReason


RouteException = Literal[
    "longer_because_the_short_way_is_full",
    "more_turns_because_no_plainer_way_exists",
    "more_turns_because_plainer_ways_are_later",
    "more_turns_because_not_every_plainer_way_was_tried",
]
"""Why a route is more than 1.5 times the shortest to its shelter, or has more than 12 turns."""


class AssignmentRow(Record):
    """Where the people of one building, or of one entrance of a split building, go, and how."""

    building: str
    part: int = Field(description="entrance of a building that is split, from 1; 0: the whole building")
    shelter: str
    entrance: str
    persons: int
    assisted_persons: int = Field(description="of them, on the assistance register")
    walk_m: float = Field(description="length of the route [m]")
    walk_s: float = Field(description="free walk at the mean pace [s]")
    times_shortest: float = Field(
        description="the route over the shortest to this shelter, both with steps and slopes as level walking"
    )
    roads: tuple[str, ...] = Field(description="roads in walking order, repeats merged")
    turns: int
    exceptions: tuple[RouteException, ...] = Field(
        description="why the route is longer than 1.5 times the shortest to this shelter or has more than 12 turns"
    )
    fewest_turns: int | None = Field(
        description="where the route has more than 12: those of the plainest way within 1.5 times the shortest to this shelter"
    )
    plainer_later_s: float | None = Field(
        description="where that is 12 or fewer: so much later somebody would be inside if this building took it [s]"
    )
    departure_s: float = Field(description="when they leave, by wave [s]")
    arrival_first_s: float | None = Field(description="movement engine [s]")
    arrival_last_s: float | None
    deadline_s: float | None = Field(description="when the building must have been left [s]")


class ShelterLoad(Record):
    """How full a shelter gets."""

    shelter: str
    usable: bool
    refused: str | None = Field(description="why it may not be used, in English")
    places: int
    assigned_persons: int
    buildings: int
    door_s: float | None = Field(
        description="persons divided by the flow of the doors they were given, slowest door [s]"
    )


class Binding(Record):
    """What stands in the way of more people reaching a place."""

    kind: Literal["places", "road", "gate", "hazard", "network", "policy"]
    objects: tuple[str, ...] = Field(description="full shelters, closed roads, locked gates, footprints")
    persons: int = Field(description="persons left over because of it")
    message_zh: str
    message_en: str


class OneWay(Record):
    """A street walked in one direction only."""

    road: str
    direction: Literal["forward", "backward"] = Field(description="along the drawn line, or against it")
    whole_width: bool = Field(description="contraflow: the direction has the street's whole width")


class CommunityPart(Record):
    """What the plan means for one community."""

    community: str
    persons: int = Field(description="to evacuate")
    placed_persons: int
    left_over_persons: int
    late_persons: int = Field(description="placed, but inside later than their building's deadline")
    clearance_s: float | None = Field(description="its last person inside, time-expanded network [s]")
    simulated_clearance_s: float | None = Field(description="the same in the movement engine [s]")
    mean_walk_m: float | None
    longest_walk_m: float | None


class ZonePart(Record):
    """What the plan means for the buildings that a hazard reaches at one time, e.g. with the front of a flood."""

    deadline_s: float = Field(description="when the buildings must have been left [s]")
    footprints: tuple[str, ...]
    buildings: int
    persons: int = Field(description="placed persons of these buildings")
    late_persons: int
    simulated_last_s: float | None = Field(description="their last person inside, movement engine [s]")
    margin_s: float | None = Field(description="deadline less that; negative: late [s]")


class Wave(Record):
    """Those who leave at the same time."""

    wave: int = Field(description="from 1")
    departure_s: float
    buildings: int
    persons: int


class SplitBuilding(Record):
    """A building whose people leave by several entrances, each part with a shelter and a route of its own."""

    building: str
    parts: int
    persons: int
    reason: Literal["too_big_for_any_shelter", "street_too_narrow"]


class EvacuationResult(Result):
    """An evacuation plan: one shelter and one route for every building, and what it takes."""

    SCHEMA: ClassVar[str] = "civdef.evacuation/2"

    plan: str
    time: DayPart
    scope: Literal["street", "footprint"]
    by: Literal["building", "compound"] = Field(description="what goes to one shelter together")
    hazards: tuple[str, ...]
    footprints: tuple[str, ...]
    closed_roads: tuple[str, ...]
    without_shelters: tuple[str, ...]
    one_way: tuple[OneWay, ...]
    changes: tuple[str, ...] = Field(description="what-ifs that changed the town: gates, doors, places")
    objective: Objective
    demand_persons: int
    residents_persons: int = Field(description="of the demand, residents at home")
    visitors_persons: int = Field(description="of the demand, staff, pupils and guests of units")
    assisted_persons: int
    fetched_persons: int = Field(
        description="brought in by helpers and vehicles, not part of the demand; their places are kept"
    )
    buildings: int = Field(description="buildings with somebody to move")
    placed_persons: int
    left_over_persons: int
    places_persons: int = Field(description="places of all shelters that may be used")
    clearance_s: float | None = Field(
        description="last person inside in the time-expanded network of step_s [s]; null: nobody was placed"
    )
    nearest_clearance_s: float | None = Field(
        description="the same for the plan with the least walking, before people were spread over streets and doors [s]"
    )
    optimum_s: float | None = Field(
        description="quickest flow of the same people in the same network, buildings divisible [s]"
    )
    bound_s: float | None = Field(
        description="proven lower bound on the clearance of those placed, whatever the step [s]"
    )
    gap: float | None = Field(description="clearance / optimum − 1")
    bound_step_s: int | None = Field(default=None, description="step of the bound [s]; longer in large towns")
    bound_exact: bool = Field(
        default=True,
        description="whether the bound was searched to the end; if not, it is what a limited search of a large town proves",
    )
    fine_optimum_s: float | None = Field(
        description="quickest flow in the short steps of the bound; optimum_s where the bound is not exact [s]"
    )
    bracket: float | None = Field(
        description="fine_optimum_s / bound_s: how far rounding, and a search not made to the end, can mislead"
    )
    step_s: int
    simulated_clearance_s: float | None = Field(description="last person inside in the movement engine [s]")
    simulated_p50_s: float | None
    simulated_p95_s: float | None
    speed_mps: float = Field(description="mean pace of the demand, used for clearance, optimum and bound")
    person_m: float = Field(description="persons times metres of level walking")
    relaxed_person_m: float = Field(description="the same if buildings could be split: a lower bound")
    mean_walk_m: float | None
    longest_walk_m: float | None
    late_persons: int = Field(description="placed, but inside later than their building's deadline")
    through_hazard_persons: int = Field(
        description="safe at home, but no way to a shelter leads past the hazard area"
    )
    moved_units: tuple[str, ...] = Field(
        description="units that name no building, counted in the nearest one"
    )
    waves: tuple[Wave, ...] = Field(description="one: everybody leaves at once")
    standing_person_min: float = Field(
        description="standing in queues, time-expanded network [person-minutes]"
    )
    at_once_standing_person_min: float = Field(description="the same if everybody left at once")
    at_once_simulated_clearance_s: float | None = Field(
        description="movement engine, everybody leaving at once [s]"
    )
    exceptions: int = Field(description="routes that are longer or have more turns than a route should")
    opposed_m: float = Field(description="length of streets that people walk in both directions [m]")
    opposed_persons: int = Field(
        description="largest number of persons who walk against the larger stream of a street"
    )
    opposed_person_m: float = Field(
        description="metres that the persons of the smaller streams walk against the larger ones [person-metres]"
    )
    split: tuple[SplitBuilding, ...]
    divided_compounds: tuple[str, ...] = Field(
        description="planned together, but too big for any shelter's room"
    )
    communities: tuple[CommunityPart, ...] = Field(description="those with somebody to evacuate")
    zones: tuple[ZonePart, ...] = Field(description="by deadline, earliest first; none without deadlines")
    binding: tuple[Binding, ...]
    left_over: tuple[LeftOver, ...]
    shelters: tuple[ShelterLoad, ...]
    assignments: tuple[AssignmentRow, ...]

    @property
    def feasible(self) -> bool:
        """Whether everybody has a place."""
        return self.left_over_persons == 0
