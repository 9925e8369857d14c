"""Shelters and their entrances, and hazard footprints."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from civdef.model.base import CommunityRef, Figure, Noun, PersonRef, Placed, PostRef, RefTo, TeamRef


class ShelterClass(StrEnum):
    """Class of a shelter: by length of stay (GB 51143), or a civil-air-defence personnel shelter (GB 50038)."""

    EMERGENCY = "emergency"
    SHORT_TERM = "short_term"
    MEDIUM_TERM = "medium_term"
    LONG_TERM = "long_term"
    CENTRAL = "central"
    AIR_RAID = "air_raid"


class Shelter(Placed):
    """A place where people are safe, with a counted number of places."""

    KIND: ClassVar[str] = "shelter"
    shelter_class: ShelterClass = Field(description="class; `class` in the file")
    hazards: tuple[str, ...] = Field(min_length=1, description="kinds of hazard it may be used for")
    places: Figure = Field(description="people it may take [persons]")
    area_m2: float | None = Field(default=None, gt=0, description="effective sheltering area [m²]")
    community: CommunityRef | None = None
    indoor: bool = False
    barrier_free: bool = False
    barrier_free_places: int = Field(default=0, ge=0)
    team: TeamRef | None = Field(default=None, description="who opens and runs it")
    key_holder: PersonRef | PostRef | None = None
    open_min: float = Field(
        default=0, ge=0, description="time to open once the team or key holder is there [min]"
    )
    estimated: bool = Field(default=False, description="a candidate or assumption, not a registered shelter")


class Entrance(Placed):
    """A door or gate of a shelter, drawn as a point."""

    KIND: ClassVar[str] = "entrance"
    shelter: Annotated[str, RefTo("shelter")]
    width_m: float = Field(gt=0, le=100, description="clear width [m]")
    step_free: bool = True
    estimated: bool = Field(default=False, description="put where a way leads in, not seen on site")


class CandidateKind(StrEnum):
    """Kind of place that could serve as a shelter."""

    SCHOOL = "school"
    SCHOOL_BUILDING = "school_building"
    PARK = "park"
    SQUARE = "square"
    SPORTS_GROUND = "sports_ground"
    CAR_PARK = "car_park"
    HALL = "hall"
    UNDERGROUND_CAR_PARK = "underground_car_park"


class Candidate(Placed):
    """A place that could serve as a shelter; every figure is an estimate until somebody has been there.

    ``civdef import promote`` makes it a shelter.
    """

    KIND: ClassVar[str] = "candidate"
    kind: CandidateKind
    community: CommunityRef | None = None
    area_m2: float = Field(gt=0, description="area as drawn, or floor area indoors [m²]")
    usable_m2: float = Field(ge=0, description="estimated area that people can use [m²]")
    places: dict[ShelterClass, int] = Field(
        min_length=1, description="estimated places, were it a shelter of the class [persons]"
    )
    hazards: tuple[str, ...] = Field(min_length=1, description="kinds of hazard it could be used for")
    indoor: bool = False
    source: str | None = None

    @property
    def shelter(self) -> str:
        """Return the id of the shelter that it becomes."""
        return f"shelter/{self.id.partition('/')[2]}"


class Footprint(Placed):
    """An area that a hazard makes unsafe, with its strength and when it gets there."""

    KIND: ClassVar[str] = "hazard"
    hazard: str = Field(description="kind of hazard, e.g. flood")
    depth_m: float | None = Field(default=None, ge=0, description="water depth [m]")
    intensity: float | None = Field(default=None, ge=0, description="seismic intensity or the like")
    from_min: float = Field(default=0, ge=0, description="when it reaches the area, after the start [min]")
    source: str | None = None


class ShelterStandard(Noun):
    """What a class of shelter must offer."""

    area_m2_per_person: float = Field(gt=0)
    refuge_distance_m: float = Field(gt=0, description="longest walk on the street network [m]")
    source: str
