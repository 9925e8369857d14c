"""Evacuation plans side by side: the first is what the others are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from civdef.evacuate.objectives import Objective
from civdef.evacuate.result import EvacuationResult, OneWay
from civdef.model.town import DayPart
from civdef.result import Record, Result


class CommunityFigures(Record):
    """One community in one plan."""

    community: str
    persons: int
    left_over_persons: int
    late_persons: int
    simulated_clearance_s: float | None
    mean_walk_m: float | None


class PlanFigures(Record):
    """One plan in figures."""

    name: str
    plan: str
    time: DayPart
    objective: Objective
    footprints: tuple[str, ...]
    closed_roads: tuple[str, ...]
    without_shelters: tuple[str, ...]
    one_way: tuple[OneWay, ...]
    changes: tuple[str, ...]
    demand_persons: int
    left_over_persons: int
    late_persons: int
    simulated_clearance_s: float | None
    clearance_s: float | None
    optimum_s: float | None
    bound_s: float | None
    gap: float | None
    step_s: int
    walking_person_km: float = Field(description="persons times kilometres of level walking")
    mean_walk_m: float | None
    longest_walk_m: float | None
    simulated_gain_s: float | None = Field(
        description="how much earlier everybody is inside than in the first plan, movement engine [s]"
    )
    clearance_gain_s: float | None = Field(description="the same in the time-expanded network [s]")
    placed_gain_persons: int = Field(description="how many more are placed than in the first plan")
    communities: tuple[CommunityFigures, ...]
    spread_of_clearance_s: float | None = Field(
        description="between the communities that are inside last and first, movement engine [s]"
    )
    spread_of_mean_walk_m: float | None = Field(
        description="between the communities that walk farthest and least on average [m]"
    )


class ComparisonResult(Result):
    """Several plans beside the first of them."""

    SCHEMA: ClassVar[str] = "civdef.evacuation-comparison/1"

    plans: tuple[PlanFigures, ...]
    same_inputs: bool = Field(description="whether all were made from the same workspace files")
    same_people: bool = Field(description="whether all move the same number of people")


def compare(named: Sequence[tuple[str, EvacuationResult]]) -> ComparisonResult:
    """Compare plans with the first.

    Raises
    ------
    ValueError
        Without any plan.
    """
    if not named:
        raise ValueError("nothing to compare")
    first = named[0][1]
    return ComparisonResult(
        inputs=dict(first.inputs),
        plans=tuple(_figures(name, result, first) for name, result in named),
        same_inputs=all(r.inputs == first.inputs for _, r in named),
        same_people=all(r.demand_persons == first.demand_persons for _, r in named),
    )


def _figures(name: str, result: EvacuationResult, first: EvacuationResult) -> PlanFigures:
    shared = {
        key: getattr(result, key)
        for key in PlanFigures.model_fields
        if key in EvacuationResult.model_fields and key != "communities"
    }
    return PlanFigures(
        **shared,
        name=name,
        walking_person_km=round(result.person_m / 1000, 1),
        simulated_gain_s=_less(first.simulated_clearance_s, result.simulated_clearance_s),
        clearance_gain_s=_less(first.clearance_s, result.clearance_s),
        placed_gain_persons=result.placed_persons - first.placed_persons,
        communities=tuple(
            CommunityFigures(**{k: getattr(c, k) for k in CommunityFigures.model_fields})
            for c in result.communities
        ),
        spread_of_clearance_s=_spread([c.simulated_clearance_s for c in result.communities]),
        spread_of_mean_walk_m=_spread([c.mean_walk_m for c in result.communities]),
    )


def _less(before: float | None, now: float | None) -> float | None:
    return None if before is None or now is None else round(before - now, 1)


def _spread(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return round(max(known) - min(known), 1) if known else None
