"""Coverage by shelters: from every building to the nearest entrance, along streets that are open today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.coverage.distance import Walks, quantile
from civdef.coverage.result import (
    BuildingCoverage,
    ClassCoverage,
    CommunityCoverage,
    CoverageResult,
    ShelterCoverage,
    SiteCoverage,
)
from civdef.evacuate.demand import demand_at
from civdef.graph.roads import StreetNetwork
from civdef.hazards.effects import effects_of
from civdef.model.shelter import Shelter, ShelterClass
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def coverage(
    workspace: Workspace,
    network: StreetNetwork,
    *,
    time: DayPart = DayPart.NIGHT,
    hazard: str | None = None,
    classes: Sequence[ShelterClass] = (),
) -> CoverageResult:
    """Say who is within walking reach of a shelter.

    A building is covered if some shelter in question lies within the refuge distance of that shelter's class
    (``shelter_standards`` of the settings). Places are compared with people but do not decide who is covered: that is
    the evacuation plan's business.

    Parameters
    ----------
    workspace, network
        The town and its streets.
    time
        Night, working day or holiday.
    hazard
        Only shelters suited to it (and usable in it: none in the open air in a typhoon); None: all.
    classes
        Only shelters of these classes; empty: all.

    Raises
    ------
    KeyError
        For an unknown kind of hazard.
    """
    chosen = _chosen(workspace, hazard, classes)
    reach = _reach(workspace, network, chosen)
    rows = demand_at(workspace, time).persons
    buildings = list(workspace.buildings.values())
    within_any, best, best_site = _together(reach, len(buildings))
    sites = [s for group in reach for s in group.shelters]
    people = rows > 0
    homes = np.array([b.community for b in buildings], dtype=object)
    nearest_load = np.bincount(best_site[best_site >= 0], weights=rows[best_site >= 0], minlength=len(sites))
    return CoverageResult(
        inputs=dict(workspace.inputs),
        time=time,
        hazard=hazard,
        only_classes=tuple(dict.fromkeys(classes)),
        locked_gates=tuple(g.id for g in workspace.gates.values() if g.locked),
        shelters=_summary(chosen, rows, best, within_any),
        classes=tuple(_class_row(group, rows) for group in reach),
        communities=tuple(
            _community_row(c, chosen, rows * (homes == c), best, within_any) for c in workspace.communities
        ),
        sites=tuple(
            SiteCoverage(
                shelter=s.id,
                shelter_class=s.shelter_class,
                places=s.places.whole,
                nearest_persons=int(load),
                places_short=max(0, int(load) - s.places.whole),
            )
            for s, load in sorted(zip(sites, nearest_load, strict=True), key=lambda x: x[0].id)
        ),
        buildings=tuple(
            BuildingCoverage(
                building=buildings[i].id,
                community=buildings[i].community,
                persons=int(rows[i]),
                shelter=sites[best_site[i]].id if best_site[i] >= 0 else None,
                walk_m=_metre(best[i]),
                within=bool(within_any[i]),
            )
            for i in np.flatnonzero(people)
        ),
    )


@dataclass(frozen=True)
class _Reach:
    """One class of shelter: distance and nearest shelter of every building."""

    shelter_class: ShelterClass
    refuge_distance_m: float
    shelters: tuple[Shelter, ...]
    distance_m: Floats
    nearest: NDArray[np.int32]

    @property
    def within(self) -> Bools:
        return np.asarray(self.distance_m <= self.refuge_distance_m)


def _chosen(workspace: Workspace, hazard: str | None, classes: Sequence[ShelterClass]) -> list[Shelter]:
    unsafe = effects_of(workspace, (), also=(hazard,)).unsafe_shelters if hazard else {}
    return [
        s
        for s in workspace.shelters.values()
        if (hazard is None or (hazard in s.hazards and s.id not in unsafe))
        and (not classes or s.shelter_class in classes)
        and s.places.whole > 0
    ]


def _reach(workspace: Workspace, network: StreetNetwork, chosen: list[Shelter]) -> list[_Reach]:
    walks = Walks.of(network)
    found = []
    for kind in ShelterClass:
        mine = tuple(s for s in chosen if s.shelter_class is kind)
        if not mine:
            continue
        number = {network.shelter_index[s.id]: k for k, s in enumerate(mine)}
        entrances = [e for e, s in enumerate(network.entrance_shelter.tolist()) if s in number]
        distance, root = walks.nearest(network.entrance_node[entrances])
        of = np.array([number[int(network.entrance_shelter[e])] for e in entrances], dtype=np.int32)
        at = network.building_node
        shelter = np.where(root[at] >= 0, of[root[at]], -1) if len(of) else np.full(len(at), -1)
        standard = workspace.settings.shelter_standards[kind].refuge_distance_m
        found.append(_Reach(kind, standard, mine, distance[at], shelter.astype(np.int32)))
    return found


def _together(reach: list[_Reach], buildings: int) -> tuple[Bools, Floats, NDArray[np.int32]]:
    """Return whether each building is covered, its distance to the nearest shelter, and that shelter's index."""
    within = np.zeros(buildings, dtype=np.bool_)
    best = np.full(buildings, np.inf)
    site = np.full(buildings, -1, dtype=np.int32)
    before = 0
    for group in reach:
        within |= group.within
        nearer = group.distance_m < best
        best = np.where(nearer, group.distance_m, best)
        site = np.where(nearer, group.nearest + before, site).astype(np.int32)
        before += len(group.shelters)
    return within, best, site


def _summary(chosen: list[Shelter], persons: Ints, best: Floats, within: Bools) -> ShelterCoverage:
    total, places = int(persons.sum()), sum(s.places.whole for s in chosen)
    reached = np.isfinite(best)
    cut_off = int(persons[~reached].sum())
    uncovered = int(persons[~within].sum())
    return ShelterCoverage(
        shelters=len(chosen),
        places=places,
        persons=total,
        covered_persons=total - uncovered,
        uncovered_persons=uncovered,
        too_far_persons=uncovered - cut_off,
        cut_off_persons=cut_off,
        short_of_places=max(0, total - places),
        median_walk_m=_metre(quantile(best[reached], persons[reached], 0.5)),
        p95_walk_m=_metre(quantile(best[reached], persons[reached], 0.95)),
        longest_walk_m=_metre(best[reached & (persons > 0)].max(initial=-1.0)),
    )


def _class_row(group: _Reach, persons: Ints) -> ClassCoverage:
    reached = np.isfinite(group.distance_m)
    covered = int(persons[group.within].sum())
    places = sum(s.places.whole for s in group.shelters)
    return ClassCoverage(
        shelter_class=group.shelter_class,
        refuge_distance_m=group.refuge_distance_m,
        shelters=len(group.shelters),
        places=places,
        covered_persons=covered,
        uncovered_persons=int(persons.sum()) - covered,
        cut_off_persons=int(persons[~reached].sum()),
        short_of_places=max(0, covered - places),
        median_walk_m=_metre(quantile(group.distance_m[reached], persons[reached], 0.5)),
        p95_walk_m=_metre(quantile(group.distance_m[reached], persons[reached], 0.95)),
    )


def _community_row(
    community: str, chosen: list[Shelter], persons: Ints, best: Floats, within: Bools
) -> CommunityCoverage:
    reached = np.isfinite(best)
    covered = int(persons[within].sum())
    return CommunityCoverage(
        community=community,
        persons=int(persons.sum()),
        places=sum(s.places.whole for s in chosen if s.community == community),
        covered_persons=covered,
        uncovered_persons=int(persons.sum()) - covered,
        median_walk_m=_metre(quantile(best[reached], persons[reached], 0.5)),
        p95_walk_m=_metre(quantile(best[reached], persons[reached], 0.95)),
    )


def _metre(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) or value < 0 else round(float(value), 1)
