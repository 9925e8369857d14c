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
