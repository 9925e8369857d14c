"""What ``civdef evacuate site`` returns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from civdef.model.town import DayPart
from civdef.result import Record, Result

OptionKind = Literal["candidate", "door", "gate"]
ModelName = Literal["p_median", "mclp", "lscp"]


class SitingFigures(Record):
    """A plan, carried out in the time-expanded network."""

    placed_persons: int
    left_over_persons: int
    reached_persons: int = Field(description="placed with a walk no longer than the radius")
    clearance_s: float | None
    mean_walk_m: float | None


class SitingGain(Record):
    """What is gained over the town as it is."""

    placed_persons: int
    reached_persons: int
    clearance_s: float | None = Field(description="how much earlier everybody is inside [s]")
    mean_walk_m: float | None = Field(description="how much shorter the mean walk is [m]")


class RankedOption(Record):
    """Something that could be opened or added, with what a plan gains by it alone."""

    rank: int
    kind: OptionKind
    object: str = Field(description="candidate, shelter that gets a door, or gate")
    change: str = Field(description="as asked with civdef evacuate, e.g. --open candidate/park-3")
    places: int | None = Field(description="places of a candidate; null for doors and gates")
    figures: SitingFigures
    gain: SitingGain


class ModelAnswer(Record):
    """The sites a location model opens; proven optimal for the model."""

    model: ModelName
    sites: tuple[str, ...]
    served_persons: int = Field(
        description="with a place, in reach where the model has one; buildings divisible"
    )
    left_persons: int
    figures: SitingFigures = Field(description="the plan with all of them, buildings whole")
    gain: SitingGain


class SitingResult(Result):
    """Where more shelters, doors or opened gates help most."""

    SCHEMA: ClassVar[str] = "civdef.siting/1"

    plan: str
    time: DayPart
    footprints: tuple[str, ...]
    number: int = Field(description="new sites that the models may open")
    radius_m: float = Field(description="longest walk that counts as within reach [m]")
    door_width_m: float
    step_s: int
    base: SitingFigures = Field(description="the town as it is")
    looked_at: dict[OptionKind, int] = Field(description="options of each kind that could be used at all")
    models: tuple[ModelAnswer, ...] = Field(description="none where there is no candidate")
    options: tuple[RankedOption, ...] = Field(
        description="best first: more placed, then earlier clearance, then more within reach, then shorter walks;"
        " each verified by a plan of its own"
    )
