"""Who is in which building at which time of day, in whole persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.intake.people.apportion import even_order
from civdef.model.resident import PersonKind
from civdef.model.settings import Presence
from civdef.model.town import DayPart, Unit, UnitKind
from civdef.model.workspace import Workspace

Ints = NDArray[np.int64]

KINDS: tuple[PersonKind, ...] = (
    PersonKind.ADULT,
    PersonKind.CHILD,
    PersonKind.ELDERLY,
    PersonKind.ASSISTED,
)
"""Order of the columns of every count by kind."""


@dataclass(frozen=True)
class Demand:
    """Persons by building and kind, B buildings in id order.

    Attributes
    ----------
    building_ids
        All buildings, shape (B,).
    residents
        Residents at home, shape (B, 4) [persons].
    visitors
        Persons of units: staff, pupils, guests, shape (B, 4) [persons].
    household_building, household_persons
        The same residents by household, so that families stay together: building index, shape (H,), and persons by
        kind, shape (H, 4). Households with nobody at home are left out.
    household_ids, household_stairwell
        Their ids, and the stairwells they use, shape (H,).
    moved_units
        Units that name no building and were counted in the nearest one.
    lost_persons
        Persons of units where the workspace has no building at all.
    """

    building_ids: tuple[str, ...]
    residents: Ints
    visitors: Ints
    household_ids: tuple[str, ...]
    household_stairwell: NDArray[np.int64]
    household_building: NDArray[np.int32]
    household_persons: Ints
    moved_units: tuple[str, ...]
    lost_persons: int

    @property
    def by_kind(self) -> Ints:
        """Everybody, shape (B, 4) [persons]."""
        return self.residents + self.visitors

    @property
    def persons(self) -> Ints:
        """Everybody, shape (B,) [persons]."""
        total: Ints = self.by_kind.sum(axis=1)
        return total


def demand_at(workspace: Workspace, time: DayPart) -> Demand:
    """Count everybody by building and kind at a time of day.

    Residents at home are the register's households times the settings' presence, rounded so that the street's total of
    each kind is the nearest whole number and every building gets its largest-remainder share. People on the assistance
    register, and those whom a household counts as assisted without a name, stand in their household for an elderly member
    where there is one, else an adult, else a child. Buildings
    without households use their declared residents, taken as adults. Units add their persons of that time.

    Parameters
    ----------
    workspace
        The town.
    time
        Night, working day or holiday.
    """
    ids = tuple(workspace.buildings)
    index = {b: i for i, b in enumerate(ids)}
    households = sorted(workspace.households.values(), key=lambda h: (index[h.building], h.id))
    helped: dict[str, int] = {}
    for person in workspace.assisted.values():
        helped[person.household] = helped.get(person.household, 0) + 1
    rows = np.zeros((len(households), 4), dtype=np.int64)
    for i, household in enumerate(households):
        adults = household.residents - household.children - household.elderly
        counts = [adults, household.children, household.elderly, 0]
        for kind in (2, 0, 1):
            moved = min(counts[kind], helped.get(household.id, 0) + household.assisted - counts[3])
            counts[kind] -= moved
            counts[3] += moved
        rows[i] = counts
    building_of = np.array([index[h.building] for h in households], dtype=np.int32)
    registered = np.zeros((len(ids), 4), dtype=np.int64)
    np.add.at(registered, building_of, rows)
    for i, building in enumerate(workspace.buildings.values()):
        if building.persons_declared is not None and building.id not in workspace.households_of:
            registered[i, 0] += building.persons_declared.whole
    presence = getattr(workspace.settings.presence, time.value)
    residents = np.column_stack([share_of(registered[:, k], p) for k, p in enumerate(_shares(presence))])
    residents = residents.reshape(len(ids), 4)
    present = np.column_stack(
        [_spread(rows[:, k], building_of, registered[:, k], residents[:, k]) for k in range(4)]
    ).reshape(-1, 4)
    somebody = np.flatnonzero(present.sum(axis=1) > 0)
    visitors, moved_units, lost = _visitors(workspace, time, index)
    return Demand(
        ids,
        residents,
        visitors,
        tuple(households[i].id for i in somebody),
        np.array([households[i].stairwell for i in somebody], dtype=np.int64),
        building_of[somebody],
        present[somebody],
        moved_units,
        lost,
    )


def share_of(counts: Ints, share: float) -> Ints:
    """Return `share` of each count in whole numbers whose sum is the nearest whole number to the share of the total.

    Every entry is its exact share rounded down or up; those with the largest remainder are rounded up, equal remainders
    evenly over the list, so that no part of town is favoured.

    Parameters
    ----------
    counts
        Not negative, shape (n,).
    share
        Between 0 and 1.
    """
    parts = round(share * 1_000_000)
    scaled = counts * parts
    floor = scaled // 1_000_000
    rest = scaled - floor * 1_000_000
    total = (int(counts.sum()) * parts + 500_000) // 1_000_000
    missing = total - int(floor.sum())
    if missing > 0:
        order = np.lexsort((even_order(len(counts)), -rest))
        floor[order[:missing]] += 1
    return floor


def _spread(counts: Ints, building: NDArray[np.int32], total: Ints, wanted: Ints) -> Ints:
    """Split each building's `wanted` persons over its households in proportion to `counts`, evenly and exactly."""
    if len(counts) == 0:
        return counts
    running = np.cumsum(counts)
    start = np.searchsorted(building, building, side="left")
    before = np.where(start > 0, running[start - 1], 0)
    whole = np.maximum(total[building], 1)
    upto: Ints = (2 * (running - before) * wanted[building] + whole) // (2 * whole)
    last: Ints = (2 * (running - before - counts) * wanted[building] + whole) // (2 * whole)
    return upto - last


def _shares(presence: Presence) -> tuple[float, float, float, float]:
    return presence.adult, presence.child, presence.elderly, presence.assisted


def _visitors(
    workspace: Workspace, time: DayPart, index: dict[str, int]
) -> tuple[Ints, tuple[str, ...], int]:
    """Count the persons of units; care homes' persons count as elderly, pupils as children."""
    found = np.zeros((len(index), 4), dtype=np.int64)
    moved: list[str] = []
    lost = 0
    tree: shapely.STRtree | None = None
    shapes = [b.shape_m for b in workspace.buildings.values()]
    for unit in workspace.units.values():
        persons = _persons(unit, time)
        if persons == 0:
            continue
        if unit.building is not None:
            row = index[unit.building]
        elif shapes:
            tree = tree or shapely.STRtree(shapes)
            row = int(min(tree.query_nearest(unit.shape_m)))
            moved.append(unit.id)
        else:
            lost += persons
            continue
        pupils = min(unit.children, persons) if time is DayPart.WORKDAY else 0
        found[row, 1] += pupils
        found[row, 2 if unit.kind is UnitKind.CARE_HOME else 0] += persons - pupils
    return found, tuple(moved), lost


def _persons(unit: Unit, time: DayPart) -> int:
    if time is DayPart.NIGHT:
        return unit.night_persons
    return unit.workday_persons if time is DayPart.WORKDAY else unit.holiday_persons
