"""What ``civdef evacuate why`` returns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from civdef.evacuate.directions import Compass
from civdef.evacuate.objectives import Objective
from civdef.evacuate.result import Binding, LeftReason
from civdef.model.town import DayPart
from civdef.result import Record, Result

PartKind = Literal["street", "door", "places"]
Reason = Literal["nearest", "nearer_shelters_full", "better_for_all", "left_over"]
Verdict = Literal["no_way", "refused", "full", "later", "longer", "more_late", "same", "better"]


class CutPart(Record):
    """A street, a door or the places of a shelter that a cut is made of."""

    kind: PartKind
    object: str = Field(description="road where it is narrowest, entrance, or shelter")
    roads: tuple[str, ...] = Field(description="street: all roads that are as narrow on this stretch")
    direction: Literal["forward", "backward"] | None = Field(
        description="street: along the drawn line or against it"
    )
    compass: Compass | None = Field(description="street: where that leads to")
    shelter: str | None = Field(description="door, places: of which shelter")
    width_m: float | None = Field(description="width that can be used in this direction, or of the door [m]")
    persons: int = Field(description="most persons that can pass, or find a place, before it is too late")
    open_s: float | None = Field(
        description="for how long passing there is still in time [s]; null for places"
    )


class BindingCut(Record):
    """Why not one step earlier: more people are on one side than can get to the other in time."""

    sets_time: bool = Field(
        description="whether it binds in the town as it is; false: it binds once all cuts before it are gone"
    )
    too_early_s: float = Field(description="the time that it proves too short for everybody to be inside [s]")
    buildings: tuple[str, ...] = Field(description="whose people are on its side")
    persons: int = Field(description="of these buildings")
    room_persons: int = Field(description="most of them that can pass or find a place in time")
    parts: tuple[CutPart, ...] = Field(
        description="most passable first; none: these people are simply too far from any place they could have"
    )
    optimum_without_s: float = Field(
        description="optimum if the parts of this cut, and of those before it, let everybody through [s]"
    )


class Relief(Record):
    """A change that might help, tried."""

    rank: int
    change: str = Field(description="as asked with civdef evacuate, e.g. --door shelter/x=2")
    kind: PartKind
    objects: tuple[str, ...]
    in_cut: bool = Field(description="whether it widens a part of a cut that sets the time")
    optimum_s: float | None = Field(description="null: not everybody has a way any more [s]")
    optimum_gain_s: float | None = Field(description="exact: what the optimum gains [s]")
    clearance_s: float | None = Field(description="of a plan of its own; null: not planned anew [s]")
    clearance_gain_s: float | None


class Alternative(Record):
    """Another shelter that a building could have had."""

    shelter: str
    walk_m: float | None = Field(description="shortest way there [m of level walking]; null: none")
    free_places: int = Field(description="left over in the plan")
    verdict: Verdict
    refused_zh: str | None
    refused_en: str | None
    clearance_change_s: float | None = Field(
        description="of the whole plan, if only this building went there [s]"
    )
    inside_change_s: float | None = Field(description="of this building's last person [s]")
    late_change_persons: int | None
    exchange_building: str | None = Field(
        description="full: the building there that it could change places with at least cost"
    )
    exchange_person_m: float | None = Field(description="what that would add to all walking [person-metres]")


class BuildingWhy(Record):
    """Why a building goes where it goes."""

    building: str
    part: int = Field(description="entrance of a building that is split, from 1; 0: the whole building")
    persons: int
    shelter: str | None
    walk_m: float | None = Field(description="its own route [m of level walking]")
    shortest_m: float | None = Field(
        description="shortest way to its shelter; shorter than its route where it was given another door or way [m]"
    )
    inside_s: float | None = Field(description="its last person inside, time-expanded network [s]")
    reason: Reason
    left_reason: LeftReason | None
    alternatives: tuple[Alternative, ...] = Field(
        description="every shelter nearer than its own and the next one farther away, nearest first"
    )


class WhyResult(Result):
    """Why a plan is as it is."""

    SCHEMA: ClassVar[str] = "civdef.evacuation-why/1"

    plan: str
    time: DayPart
    footprints: tuple[str, ...]
    changes: tuple[str, ...]
    objective: Objective
    step_s: int
    demand_persons: int
    placed_persons: int
    left_over_persons: int
    clearance_s: float | None
    optimum_s: float | None
    bound_s: float | None
    binding: tuple[Binding, ...] = Field(description="why people are left over")
    cuts: tuple[BindingCut, ...] = Field(
        description="what sets the time of those placed, in the order of their proofs"
    )
    reliefs: tuple[Relief, ...] = Field(
        description="best first: optimum, then clearance of a plan of its own"
    )
    buildings: tuple[BuildingWhy, ...]
