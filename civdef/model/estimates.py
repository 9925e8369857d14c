"""Settings of what is estimated where no register says it: places of shelter candidates, people in buildings."""

from __future__ import annotations

from pydantic import Field

from civdef.model.base import Noun
from civdef.model.shelter import CandidateKind, ShelterClass


def _shares() -> dict[CandidateKind, float]:
    return {
        CandidateKind.SCHOOL: 0.5,
        CandidateKind.SCHOOL_BUILDING: 0.3,
        CandidateKind.PARK: 0.4,
        CandidateKind.SQUARE: 0.7,
        CandidateKind.SPORTS_GROUND: 0.8,
        CandidateKind.CAR_PARK: 0.5,
        CandidateKind.HALL: 0.5,
        CandidateKind.UNDERGROUND_CAR_PARK: 0.5,
    }


def _smallest() -> dict[ShelterClass, float]:
    return {
        ShelterClass.EMERGENCY: 300.0,
        ShelterClass.SHORT_TERM: 2_000.0,
        ShelterClass.MEDIUM_TERM: 10_000.0,
        ShelterClass.LONG_TERM: 50_000.0,
        ShelterClass.AIR_RAID: 300.0,
    }


class CandidateSettings(Noun):
    """How the room of a shelter candidate is estimated from a map."""

    usable_share: dict[CandidateKind, float] = Field(
        default_factory=_shares,
        description="share of the open ground (indoors: of the floor area) that people can use",
    )
    usable_source: str = (
        "planning assumption: the rest is trees, beds, ponds, fixtures and passages; to be measured on site"
    )
    smallest_m2: dict[ShelterClass, float] = Field(
        default_factory=_smallest, description="least usable area for a class [m²]"
    )
    smallest_source: str = (
        "GB 51143-2015: 0.2, 1 and 5 ha for short, medium and long stays, to be confirmed; emergency and air-raid: "
        "planning assumption"
    )
    car_m2: float = Field(default=30.0, gt=0, description="floor area of a car park for each car [m²]")
    entrances: int = Field(
        default=4, ge=1, le=20, description="most ways in that are estimated for one place"
    )


class PeopleEstimate(Noun):
    """How many people live in a building, where no register says it."""

    home_m2_per_person: float = Field(
        default=36.5, gt=1, description="gross floor area for each resident [m²]"
    )
    home_source: str = (
        "China Population Census Yearbook 2020: 36.52 m² of housing a person in city households"
    )
    dormitory_m2_per_person: float = Field(default=10.0, gt=1, description="the same in dormitories [m²]")
    dormitory_source: str = "planning assumption; replace with the school's or employer's count"
    unknown_share: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="share of the floor area taken as homes where the use is not known",
    )
    unknown_source: str = "planning assumption; name the use of the building, or replace with the register"
    unknown_floors: int = Field(default=3, ge=1, le=200, description="floors where they are not known")
