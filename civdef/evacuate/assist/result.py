"""The result of planning for people who cannot walk alone."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from civdef.model.resident import Mobility
from civdef.model.town import DayPart
from civdef.result import Record, Result


class AssistReason(StrEnum):
    """Why somebody is not helped."""

    INSIDE_HAZARD = "inside_hazard"
    NO_BARRIER_FREE_SHELTER = "no_barrier_free_shelter"
    NO_VEHICLE = "no_vehicle"
    NO_KERB = "no_kerb"
    UNREACHABLE = "unreachable"
    NO_BARRIER_FREE_PLACE = "no_barrier_free_place"
    NO_HELPER_PAIR = "no_helper_pair"
    HELPERS_CUT_OFF = "helpers_cut_off"


class HelpedPerson(Record):
    """Somebody who is helped: by whom, how, where and when. Seconds count from the start of the plan."""

    person: str
    household: str
    building: str
    community: str
    mobility: Mobility
    mode: Literal["walk", "vehicle"]
    helpers: tuple[str, str]
    named_helpers: bool = Field(description="whether the register names both")
    reserve: str | None = Field(description="free during that time, and not the reserve of another then")
    leave_s: tuple[float, float] = Field(
        description="each of the two sets out from home, or goes on from the person before [s]"
    )
    door_s: float = Field(description="both helpers are at the flat [s]")
    ready_s: float = Field(description="walking: leaves the building; by vehicle: at the pick-up point [s]")
    way_m: float = Field(
        description="walking: to the shelter; by vehicle: from the door to the pick-up point [m]"
    )
    carried_over_steps: bool
    pick_up_post: str | None = Field(description="registered pick-up point; null: the nearest kerb")
    pick_up_road: str | None
    pick_up_lonlat: tuple[float, float] | None
    vehicle: str | None
    trip: int | None = Field(description="trip of that vehicle, from 1")
    load_from_s: float | None
    load_until_s: float | None
    release_s: float = Field(description="the helpers are free again [s]")
    shelter: str
    entrance: str
    inside_s: float
    deadline_s: float | None
    late: bool


class Stop(Record):
    """A stop of a vehicle: one person gets on or off."""

    action: Literal["load", "unload"]
    person: str
    place: str | None = Field(description="pick-up post, or shelter")
    road: str | None
    lonlat: tuple[float, float]
    arrive_s: float
    begin_s: float
    end_s: float


class Trip(Record):
    """One trip of a vehicle: from empty to empty."""

    vehicle: str
    trip: int
    driver: str
    leave_s: float
    end_s: float
    drive_s: float = Field(description="at the wheel, the way to the first stop included [s]")
    persons: int
    most_seats: int = Field(description="most seats taken at once by those fetched")
    most_wheelchairs: int
    most_stretchers: int
    stops: tuple[Stop, ...]


class VehicleDuty(Record):
    """What a vehicle does."""

    vehicle: str
    used: bool
    driver: str | None
    relief_driver_drives: bool
    reason_zh: str | None = Field(description="why it does not fetch people")
    reason_en: str | None
    carries_people: bool = Field(description="not for goods or works")
    seats: int
    wheelchair_places: int
    stretcher_places: int
    ready_s: float | None
    trips: int
    persons: int
    drive_s: float
    until_s: float | None = Field(description="the last trip is over [s]")
    relief_due: bool = Field(description="on duty longer than one driver may be at the wheel")


class HavenLoad(Record):
    """Barrier-free places of a shelter."""

    shelter: str
    barrier_free_places: int
    kept: int


class NotHelped(Record):
    """Somebody who is left over, why, and what would change it."""

    person: str
    building: str
    community: str
    mobility: Mobility
    reason: AssistReason
    message_zh: str
    message_en: str
    fix_zh: str
    fix_en: str


class MoreVehicles(Record):
    """More vehicles like one that is there."""

    like: str
    vehicles: int
    busy_min: float = Field(description="the busiest of them is needed for [min]")


class Shortfall(Record):
    """What would bring everybody in before the deadline; tried out, not estimated."""

    late_persons: int
    late_by_mobility: dict[Mobility, int]
    more: tuple[MoreVehicles, ...] = Field(
        description="with these nobody who rides is late; empty: vehicles alone do not help"
    )
    message_zh: str
    message_en: str


class AssistanceResult(Result):
    """Who fetches whom, with what, when and where to."""

    SCHEMA: ClassVar[str] = "civdef.assistance/1"

    plan: str
    time: DayPart
    footprints: tuple[str, ...]
    closed_roads: tuple[str, ...]
    without_shelters: tuple[str, ...]
    changes: tuple[str, ...] = Field(description="what-ifs that changed the town: gates, doors, places")
    absent: tuple[str, ...] = Field(description="people taken as absent")
    register_persons: int = Field(description="on the register and in the question")
    helped_persons: int
    walking_persons: int
    riding_persons: int
    left_over_persons: int
    late_persons: int
    without_reserve_persons: int
    last_inside_s: float | None
    last_riding_s: float | None = Field(description="the last of those who ride is inside [s]")
    last_riding_bound_s: float | None = Field(
        description="no rounds of these vehicles can bring these people in sooner: the longest single service, or the loading"
        " and unloading shared out evenly [s]"
    )
    drive_s: float
    proven_most_helped: bool = Field(
        description="no more people can have a pair of helpers and a place; false where the search ended before its proof"
    )
    proven_best_rounds: bool = Field(
        description="no rounds of these vehicles bring these people in sooner; proven for a handful of people only"
    )
    persons: tuple[HelpedPerson, ...]
    left_over: tuple[NotHelped, ...]
    trips: tuple[Trip, ...]
    vehicles: tuple[VehicleDuty, ...]
    havens: tuple[HavenLoad, ...]
    shortfall: Shortfall | None = Field(description="null: nobody is late")

    @property
    def feasible(self) -> bool:
        """Whether everybody is helped."""
        return not self.left_over
