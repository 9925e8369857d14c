"""Residents: households, and people who need help to get out."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field, model_validator

from civdef.model.base import BuildingRef, HouseholdRef, Identified, Noun, PersonRef


class PersonKind(StrEnum):
    """How a person moves in an evacuation."""

    ADULT = "adult"
    CHILD = "child"
    ELDERLY = "elderly"
    ASSISTED = "assisted"


class Household(Noun):
    """A household: who lives where."""

    KIND: ClassVar[str] = "household"
    id: str = Field(pattern=r"^household/[a-z0-9][a-z0-9.-]*$")
    building: BuildingRef
    stairwell: int = Field(default=1, ge=1)
    floor: int = Field(default=1, ge=-3, le=200)
    residents: int = Field(ge=1, le=60)
    children: int = Field(default=0, ge=0, description="under 14")
    elderly: int = Field(default=0, ge=0, description="65 and older")
    floating: int = Field(default=0, ge=0, description="of the residents, floating population")
    assisted: int = Field(
        default=0, ge=0, description="of the residents, those who need help and are not named on the register"
    )
    estimated: bool = Field(default=False, description="spread from a community's totals, not registered")

    @model_validator(mode="after")
    def _adds_up(self) -> Household:
        if self.children + self.elderly > self.residents:
            raise ValueError("children + elderly exceed residents")
        if max(self.floating, self.assisted) > self.residents:
            raise ValueError("floating or assisted exceed residents")
        return self


class Mobility(StrEnum):
    """What a person needs to get to a shelter."""

    WALKS_WITH_HELP = "walks_with_help"
    WHEELCHAIR = "wheelchair"
    STRETCHER = "stretcher"


class AssistedPerson(Identified):
    """Someone on the assistance register."""

    KIND: ClassVar[str] = "assisted"
    household: HouseholdRef
    mobility: Mobility
    reason: str | None = Field(default=None, description="frail, sight, hearing, dementia, bedridden, …")
    helper_1: PersonRef | None = None
    helper_2: PersonRef | None = None
    reserve_helper: PersonRef | None = None
