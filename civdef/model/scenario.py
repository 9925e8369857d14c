"""Drill scenarios: plan, hazard, start, absences, injects, objectives, seed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from civdef.model.base import (
    BodyRef,
    Date,
    DateTime,
    HazardRef,
    Identified,
    Name,
    Noun,
    PersonRef,
    PlanRef,
    PostRef,
    RefTo,
)
from civdef.model.plan import CLAUSE, LOCAL_ID, ResponseLevel
from civdef.model.town import DayPart


class Behaviour(Noun):
    """How residents react to a warning. Departure delay after the warning is log-normal."""

    departure_median_min: float = Field(
        default=5, gt=0, description="median delay between warning and leaving [min]"
    )
    departure_sigma: float = Field(default=0.5, ge=0, le=3, description="standard deviation of the logarithm")
    comply_share: float = Field(
        default=1.0, ge=0, le=1, description="share of households that leave when told"
    )
    source: str | None = None


class Inject(Noun):
    """Something that happens at a set time of the drill. `kind` names a file of ``civdef/drill/injects``."""

    id: str = Field(pattern=LOCAL_ID)
    at_min: float = Field(ge=0, description="after the start of the drill [min]")
    kind: str = Field(pattern=r"^[a-z_]+$")
    target: Annotated[
        str | None,
        RefTo("road", "person", "post", "shelter", "channel", "gate", "team", "vehicle", "equipment"),
    ] = None
    until_min: float | None = Field(default=None, gt=0, description="when it is over again [min]")
    message: Name | None = None
    expected_action: Name | None = None
    objective: str | None = Field(default=None, pattern=LOCAL_ID)

    @model_validator(mode="after")
    def _ends_later(self) -> Inject:
        if self.until_min is not None and self.until_min <= self.at_min:
            raise ValueError("until_min must be later than at_min")
        return self


class Objective(Noun):
    """What the drill must show. `measure` names a measure of the drill."""

    id: str = Field(pattern=LOCAL_ID)
    name: Name
    measure: str = Field(pattern=r"^[a-z0-9_]+$")
    of: Annotated[
        str | None,
        RefTo("group", "team", "shelter", "community", "post", "external", "headquarters", "person"),
    ] = Field(default=None, description="the object measured, where the measure needs one")
    task: str | None = Field(default=None, pattern=LOCAL_ID, description="the task measured")
    better: Literal["less", "more"] = "less"
    target: float = Field(description="met up to here")
    limit: float = Field(description="beyond this the objective has failed")
    clause: str | None = Field(default=None, pattern=CLAUSE)

    @model_validator(mode="after")
    def _ordered(self) -> Objective:
        if (self.better == "less" and self.limit < self.target) or (
            self.better == "more" and self.limit > self.target
        ):
            raise ValueError("limit must not be stricter than target")
        return self


class SirenSignal(Noun):
    """One sounding of the sirens."""

    signal: Literal["pre_alert", "air_raid", "all_clear", "disaster"]
    at_min: float = Field(ge=0)


class Drill(Identified):
    """A drill scenario."""

    KIND: ClassVar[str] = "drill"
    plan: PlanRef
    level: ResponseLevel
    start: DateTime
    day_part: DayPart
    footprint: tuple[HazardRef, ...] = ()
    absent: tuple[PersonRef | PostRef, ...] = ()
    behaviour: Behaviour = Behaviour()
    sirens: tuple[SirenSignal, ...] = ()
    notice_date: Date | None = Field(
        default=None, description="public notice of a siren test, at least 5 days before"
    )
    injects: tuple[Inject, ...] = ()
    objectives: tuple[Objective, ...] = Field(min_length=1)
    seed: int = Field(ge=0, lt=2**63)
    stop_min: float = Field(default=240, gt=0, le=2880, description="the drill ends here at the latest [min]")
    evaluators: tuple[PersonRef, ...] = ()
    players: tuple[BodyRef, ...] = ()
    type_form: Literal["tabletop", "live"] = "live"
    type_content: Literal["comprehensive", "single"] = "comprehensive"
    type_purpose: Literal["test", "demonstration", "research"] = "test"
