"""The result of a coverage question."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from civdef.model.shelter import ShelterClass
from civdef.model.town import DayPart
from civdef.result import Record, Result


class ShelterCoverage(Record):
    """How well all shelters in question together cover the people."""

    shelters: int
    places: int
    persons: int
    covered_persons: int = Field(
        description="within the refuge distance of a shelter, by that shelter's class"
    )
    uncovered_persons: int
    too_far_persons: int = Field(description="uncovered: a shelter can be reached, but it is too far")
    cut_off_persons: int = Field(description="uncovered: no shelter can be reached on foot")
    short_of_places: int = Field(description="persons less places, 0 if there are enough")
    median_walk_m: float | None = Field(description="by persons, over those who can reach a shelter [m]")
    p95_walk_m: float | None
    longest_walk_m: float | None


class ClassCoverage(Record):
    """The same for one class of shelter, against its own refuge distance."""

    shelter_class: ShelterClass = Field(alias="class")
    refuge_distance_m: float
    shelters: int
    places: int
    covered_persons: int
    uncovered_persons: int
    cut_off_persons: int
    short_of_places: int = Field(description="persons within the refuge distance less places")
    median_walk_m: float | None
    p95_walk_m: float | None


class CommunityCoverage(Record):
    """The same for the people of one community, who may go to shelters anywhere."""

    community: str
    persons: int
    places: int = Field(description="places of the shelters that lie in the community")
    covered_persons: int
    uncovered_persons: int
    median_walk_m: float | None
    p95_walk_m: float | None


class SiteCoverage(Record):
    """One shelter: who has it as the nearest."""

    shelter: str
    shelter_class: ShelterClass = Field(alias="class")
    places: int
    nearest_persons: int
    places_short: int = Field(description="persons nearest to it less places, 0 if there are enough")


class BuildingCoverage(Record):
    """One building with somebody in it."""

    building: str
    community: str
    persons: int
    shelter: str | None = Field(description="nearest shelter")
    walk_m: float | None
    within: bool = Field(description="within the refuge distance of some shelter")


class CoverageResult(Result):
    """Who is within walking reach of a shelter."""

    SCHEMA: ClassVar[str] = "civdef.coverage/1"

    time: DayPart
    hazard: str | None = Field(description="only shelters suited to this hazard; null: all")
    only_classes: tuple[ShelterClass, ...] = Field(description="only shelters of these classes; empty: all")
    locked_gates: tuple[str, ...] = Field(description="gates counted as closed")
    shelters: ShelterCoverage
    classes: tuple[ClassCoverage, ...]
    communities: tuple[CommunityCoverage, ...]
    sites: tuple[SiteCoverage, ...]
    buildings: tuple[BuildingCoverage, ...]

    def uncovered(self) -> tuple[BuildingCoverage, ...]:
        """Return buildings that are not covered: those cut off first, then the farthest, then by id."""
        rows = [b for b in self.buildings if not b.within]
        return tuple(sorted(rows, key=lambda b: (-(b.walk_m if b.walk_m is not None else 1e12), b.building)))
