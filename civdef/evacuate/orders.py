"""What each building is told: where to, by which door, along which way, when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civdef.evacuate.directions import Leg, legs
from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.solve import Solution
from civdef.model.workspace import Workspace
from civdef.text import Text, listing


@dataclass(frozen=True)
class Order:
    """The order of one building, or of one entrance of a split building; times count from the start of the evacuation.

    Attributes
    ----------
    building, part, community, compound
        Who; `part` is the entrance of a building that is split, from 1, else 0.
    adults, children, elderly, assisted
        Persons by kind.
    shelter, entrance
        Where to.
    legs
        The way.
    length_m, walk_s
        Its length [m]; time at the mean pace [s].
    departure_s
        When they leave [s].
    arrival_last_s
        When its last person is inside by the movement engine [s]; None: not known.
    deadline_s
        When the building must have been left [s]; None: never.
    """

    building: str
    part: int
    community: str
    compound: str | None
    adults: int
    children: int
    elderly: int
    assisted: int
    shelter: str
    entrance: str
    legs: tuple[Leg, ...]
    length_m: float
    walk_s: float
    departure_s: float
    arrival_last_s: float | None
    deadline_s: float | None

    @property
    def persons(self) -> int:
        """Persons of all kinds."""
        return self.adults + self.children + self.elderly + self.assisted


def orders(workspace: Workspace, solution: Solution, result: EvacuationResult) -> tuple[Order, ...]:
    """Return an order for every building that has a place, in the order of ``result.assignments``.

    Raises
    ------
    ValueError
        If the result is not that of the solution.
    """
    problem, plan = solution.asked.problem, solution.plan
    placed = np.flatnonzero(plan.assignment.shelter != NOWHERE).tolist()
    rows = result.assignments
    if [(problem.buildings[i], int(problem.part[i])) for i in placed] != [(r.building, r.part) for r in rows]:
        raise ValueError("the result is not that of the solution")
    names = road_names(workspace)
    found = []
    for i, row in zip(placed, rows, strict=True):
        building = workspace.buildings[row.building]
        adults, children, elderly, assisted = problem.by_kind[i].tolist()
        found.append(
            Order(
                building=row.building,
                part=row.part,
                community=building.community,
                compound=building.compound,
                adults=adults,
                children=children,
                elderly=elderly,
                assisted=assisted,
                shelter=row.shelter,
                entrance=row.entrance,
                legs=legs(problem.network, names, plan.routes.arcs[i]),
                length_m=row.walk_m,
                walk_s=row.walk_s,
                departure_s=row.departure_s,
                arrival_last_s=row.arrival_last_s,
                deadline_s=row.deadline_s,
            )
        )
    return tuple(found)


def place_name(workspace: Workspace, building: str, part: int) -> Text:
    """Return the name of a building, with the entrance where it is split."""
    name = workspace.name(building)
    if not part:
        return Text(name.in_("zh"), name.in_("en"))
    return Text("{b}（{k}号口）", "{b} (exit {k})").format(b=name, k=part)


def exceptions_said(result: EvacuationResult) -> Text:
    """Return how many routes are longer, or have more turns, than a marshal's route should, and why."""
    kinds = [e for a in result.assignments for e in a.exceptions]
    longer = kinds.count("longer_because_the_short_way_is_full")
    bent = len(kinds) - longer
    said = (
        [Text(f"绕行 {longer} 条（近路已满）", f"{longer} with a detour (the short way is full)")]
        if longer
        else []
    )
    if bent:
        said.append(
            Text(f"转弯多 {bent} 条（未找到更直的路）", f"{bent} with many turns (no plainer way was found)")
        )
    return listing(said)


def road_names(workspace: Workspace) -> list[str]:
    """Return what makes roads one street: their name; roads named by their id alone are all different."""
    return [f"{r.name.zh or ''}|{r.name.en or ''}" for r in workspace.roads.values()]
