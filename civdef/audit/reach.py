"""Coverage and evacuation questions that rules ask of a plan, each answered once in a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from civdef.coverage.result import CoverageResult
from civdef.coverage.shelters import coverage
from civdef.evacuate.demand import demand_at
from civdef.evacuate.question import refused_shelters
from civdef.graph.roads import StreetNetwork
from civdef.hazards.effects import Effects, effects_of
from civdef.model.plan import Plan
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace


class Coverage:
    """Who is within reach of a shelter, at night, when most people are at home."""

    def __init__(self, workspace: Workspace, network: StreetNetwork) -> None:
        self._workspace = workspace
        self._network = network
        self._plans: dict[str, CoverageResult] = {}

    @cached_property
    def anywhere(self) -> CoverageResult:
        """Coverage by shelters of any class for any hazard."""
        return coverage(self._workspace, self._network)

    def of(self, plan: Plan) -> CoverageResult:
        """Return coverage by the shelters that `plan` allows for its first hazard; the plan has an evacuation policy."""
        assert plan.evacuation is not None
        if plan.id not in self._plans:
            self._plans[plan.id] = coverage(
                self._workspace,
                self._network,
                hazard=plan.hazards[0],
                classes=plan.evacuation.shelter_classes,
            )
        return self._plans[plan.id]


@dataclass(frozen=True, slots=True)
class Balance:
    """People whom a plan moves at a time of day, and places in the shelters that it allows."""

    persons: int
    places: int


class Evacuation:
    """How many people a plan moves and how many places it has; no streets are needed for that."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._effects: dict[str, Effects] = {}
        self._persons: dict[DayPart, NDArray[np.int64]] = {}

    def balance(self, plan: Plan, time: DayPart) -> Balance | None:
        """Return people and places; None where only a scenario's footprint could say who must leave.

        The same people and shelters as in the question that ``civdef evacuate`` asks by default (a test compares them).
        """
        policy = plan.evacuation
        assert policy is not None
        if policy.scope == "footprint" and not policy.footprint:
            return None
        ws = self._workspace
        areas = [ws.footprints[f] for f in policy.footprint]
        hazards = tuple(sorted({a.hazard for a in areas})) or plan.hazards[:1]
        if plan.id not in self._effects:
            self._effects[plan.id] = effects_of(ws, areas, also=hazards)
        effects = self._effects[plan.id]
        if time not in self._persons:
            self._persons[time] = demand_at(ws, time).persons
        moved = [
            (not policy.communities or b.community in policy.communities)
            and (policy.scope == "street" or b.id in effects.unsafe_buildings)
            for b in ws.buildings.values()
        ]
        refused = refused_shelters(ws, policy, hazards, (), effects)
        return Balance(
            int(self._persons[time][np.array(moved, dtype=np.bool_)].sum()),
            sum(max(s.places.whole, 0) for s in ws.shelters.values() if s.id not in refused),
        )
