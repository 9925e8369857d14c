"""The result of planning for war time."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from civdef.evacuate.wartime.stages import Stage
from civdef.model.town import DayPart
from civdef.result import Record, Result


class March(Record):
    """One march of a vehicle column. Minutes count from the start of the stage."""

    column: int = Field(description="number of the column, from 1")
    march: int = Field(description="march of that column, from 1")
    assembly_point: str
    community: str = Field(description="whose people ride")
    destination: int = Field(description="number in `destinations`, from 1")
    persons: int
    vehicles: tuple[str, ...] = Field(description="that carry people")
    seats: int
    length_m: float = Field(description="of the column on the road [m]")
    load_from_min: int
    leave_min: int = Field(description="the first vehicle leaves")
    clear_min: int = Field(description="the last vehicle has left")
    arrive_min: int = Field(description="the last vehicle is there")
    done_min: int = Field(description="everybody is handed over")
    back_min: int = Field(description="the column is at the street again")


class AssemblyPoint(Record):
    """People of one community who gather at one place."""

    stage: Stage
    community: str
    assembly_point: str
    persons: int
    carried_persons: int = Field(description="of them, by the marches that load this community's people here")
    without_destination_persons: int
    without_vehicle_persons: int


class LeftBehind(StrEnum):
    """Why people who are to leave are in no march."""

    NO_ASSEMBLY_POINT = "no_assembly_point"
    NO_DESTINATION = "no_destination"
    NO_VEHICLE = "no_vehicle"


class Boarding(Record):
    """People of one building who ride in one march, or in none. A building that fills several marches has a row for each."""

    building: str
    community: str
    assembly_point: str | None
    walk_m: float | None = Field(description="from the building to the assembly point, along the streets [m]")
    households: int = Field(description="a household that rides in two parts is counted with the first")
    persons: int
    assisted_persons: int = Field(description="of them on the assistance register")
    wheelchair_persons: int = Field(description="of these in a wheelchair")
    stretcher_persons: int
    column: int | None = Field(description="number of the column; null: in no march")
    march: int | None
    left: LeftBehind | None = Field(description="why in no march")


class StageTransport(Record):
    """How a stage leaves the street."""

    stage: Stage
    share: float = Field(description="of the residents, as ordered")
    ordered_persons: int
    households: int
    persons: int = Field(description="of whole households, never more than ordered")
    assisted_persons: int = Field(description="of them on the assistance register")
    near_key_targets_persons: int
    carried_persons: int
    without_destination_persons: int
    without_vehicle_persons: int
    without_assembly_point_persons: int
    limit_h: float
    finished_h: float | None = Field(
        description="everybody is handed over; null: not everybody is carried, or nobody leaves"
    )
    late: bool
    more_vehicles: int | None = Field(
        description="more vehicles of `more_seats` seats with which it ends in time"
    )
    more_seats: int | None
    marches: tuple[March, ...]
    boarding: tuple[Boarding, ...] = Field(
        description="who of each building gathers where and rides in which march"
    )


class ColumnVehicle(Record):
    """A vehicle and the column to which it belongs in both stages."""

    vehicle: str = Field(
        description="as in `marches[].vehicles`: the id, or name and number of a requisitioned one"
    )
    column: int
    name_zh: str
    name_en: str
    seats: int
    own: bool = Field(description="of the street; else requisitioned")
    driver: str | None = Field(description="of the street's own: the driver, or the relief driver; else null")


class DestinationLoad(Record):
    """A place that receives people."""

    number: int
    name_zh: str
    name_en: str
    distance_km: float
    places: int
    road_zh: str | None = Field(description="the way there")
    road_en: str | None
    persons: dict[Stage, int]


class BeyondLimit(StrEnum):
    """Why more people come to a door than it may pass by itself."""

    ROUNDING = "rounding"
    """The doors suffice together; only the limit of each, a whole number, is too small."""
    OTHER_DOORS_FULL = "other_doors_full"
    NONE_FITS_WHOLE = "none_fits_whole"
    """A building, or the part that leaves by one entrance, goes through one door; no division was found that fits better."""
    OTHERWISE_LATE = "otherwise_late"
    """By another door somebody would walk too long to be inside in time."""
    OTHER_DOORS_FAR = "other_doors_far"
    """The way to another door is longer, or has more turns, than a route may, or there is none."""


class EntranceLoad(Record):
    """One door of a shelter."""

    entrance: str
    width_m: float
    door_persons: int = Field(description="people its own width allows, at most those of any one door")
    assigned_persons: int
    beyond: BeyondLimit | None = Field(description="why more are assigned than that; null: they are not")


class DoorCheck(Record):
    """A shelter's doors against GB 50038: clear width for its places, persons a door."""

    shelter: str
    places: int
    doors: int
    width_m: float
    needed_width_m: float
    needed_doors: int
    door_persons: int = Field(description="people the doors allow")
    usable_persons: int = Field(description="the fewer of places and that")
    assigned_persons: int
    enough: bool
    entrances: tuple[EntranceLoad, ...]


class InTime(Record):
    """Who is under cover so long after the signal began."""

    limit_min: float
    best_persons: int = Field(
        description="could be at the nearest cover, without crowds and whatever its room"
    )
    planned_persons: int = Field(description="are inside by the plan, crowds and doors included")
    late_buildings: tuple[str, ...] = Field(description="somebody of theirs is not inside by the plan")
    hopeless_buildings: tuple[str, ...] = Field(
        description="of them, those whose slowest cannot get there in time whatever the plan"
    )


class BuildingCover(Record):
    """One building on the siren, or the part that leaves by one entrance of a large one."""

    building: str
    part: int = Field(description="entrance of a building that is split, from 1; 0: the whole building")
    persons: int
    assisted_persons: int = Field(description="of them, cannot walk alone")
    nearest: str | None
    nearest_m: float | None
    within_radius: bool
    place_within_radius_persons: int
    best_s: float | None
    shelter: str | None
    entrance: str | None
    walk_m: float | None
    farther_m: float | None = Field(
        description="shortest way to its door beyond that to the shelter's nearest door, level walking [m]"
    )
    planned_s: float | None


class CommunityCover(Record):
    """A community on the siren."""

    community: str
    persons: int
    within_radius_persons: int
    place_within_radius_persons: int
    planned_persons: int = Field(description="have a place, at whatever distance")


class WartimeResult(Result):
    """Who leaves when and how, and who takes cover where and in what time."""

    SCHEMA: ClassVar[str] = "civdef.wartime/2"

    plan: str
    time: DayPart
    closed_roads: tuple[str, ...]
    without_shelters: tuple[str, ...]
    footprints: tuple[str, ...]
    changes: tuple[str, ...]
    gone: Stage | None = Field(
        description="the siren sounds when this stage is over; null: before anybody has left"
    )
    residents_persons: int = Field(description="registered")
    stages: tuple[StageTransport, ...]
    fleet: tuple[ColumnVehicle, ...] = Field(
        description="vehicles by column, in the order in which they fill"
    )
    assembly_points: tuple[AssemblyPoint, ...]
    destinations: tuple[DestinationLoad, ...]
    present_persons: int = Field(description="there when the siren sounds")
    radius_m: float
    within_radius_persons: int = Field(description="of buildings with cover within the radius")
    place_within_radius_persons: int = Field(
        description="can have a place within it, in the best of all plans"
    )
    planned_persons: int = Field(description="have a place by the plan, at whatever distance")
    left_over_persons: int
    all_inside_s: float | None = Field(
        description="by the plan; null: somebody has no place or never arrives"
    )
    in_time: tuple[InTime, ...]
    doors: tuple[DoorCheck, ...]
    lost_to_doors_persons: int = Field(
        description="places that may not be used because doors are too few or too narrow"
    )
    communities: tuple[CommunityCover, ...]
    buildings: tuple[BuildingCover, ...]

    @property
    def feasible(self) -> bool:
        """Whether everybody who is there has a place under cover, and everybody who is to leave is carried."""
        return self.left_over_persons == 0 and all(s.carried_persons == s.persons for s in self.stages)
