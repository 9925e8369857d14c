"""What each building is told: where to, by which door, along which way, when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civdef.evacuate.directions import NAMELESS, Leg, legs
from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.result import AssignmentRow, EvacuationResult
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
    why
        Why it is longer, or has more turns, than a way that is easily explained; None: it is neither.
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
    why: Text | None
    length_m: float
    walk_s: float
    departure_s: float
    arrival_last_s: float | None
    deadline_s: float | None

    @property
    def persons(self) -> int:
        """Persons of all kinds."""
        return self.adults + self.children + self.elderly + self.assisted

    @property
    def late(self) -> bool:
        """Whether the last of them is inside only after their deadline."""
        return (
            self.arrival_last_s is not None
            and self.deadline_s is not None
            and self.arrival_last_s > self.deadline_s
        )


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
                why=why_so(row),
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


def door_name(workspace: Workspace, entrance: str) -> Text:
    """Return an entrance's name; one that is not drawn is the shelter's entrance."""
    noun = workspace.entrances.get(entrance)
    return noun.name.text if noun is not None else Text("入口", "the entrance")


def why_so(row: AssignmentRow) -> Text | None:
    """Return why a route is longer, or has more turns, than a marshal's route should; None: it is neither."""
    said = {
        "longer_because_the_short_way_is_full": Text(
            "近路已满，绕行路程为最短路的 {t} 倍", "a detour, {t} times the shortest way, which is full"
        ),
        "more_turns_because_no_plainer_way_exists": Text(
            "转弯 {n} 次：最短路 1.5 倍以内的走法至少也要转 {k} 次",
            "{n} turns: no way of up to 1.5 times the shortest has fewer than {k}",
        ),
        "more_turns_because_plainer_ways_are_later": Text(
            "转弯 {n} 次：改走较直的路要晚 {s} 秒", "{n} turns: a plainer way would end {s} s later"
        ),
        "more_turns_because_not_every_plainer_way_was_tried": Text(
            "转弯 {n} 次：另有较直的路，尚未逐一试排",
            "{n} turns: there is a plainer way; not every one was tried",
        ),
    }
    parts = [
        said[e].format(
            n=row.turns,
            k=row.fewest_turns,
            t=f"{row.times_shortest:.1f}",
            s=f"{row.plainer_later_s or 0:.0f}",
        )
        for e in row.exceptions
    ]
    if not parts:
        return None
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def exceptions_said(result: EvacuationResult) -> Text:
    """Return how many routes are longer, or have more turns, than a marshal's route should, and why."""
    kinds = [e for a in result.assignments for e in a.exceptions]
    longer = [
        a.times_shortest for a in result.assignments if "longer_because_the_short_way_is_full" in a.exceptions
    ]
    bent = kinds.count("more_turns_because_no_plainer_way_exists")
    untried = kinds.count("more_turns_because_not_every_plainer_way_was_tried")
    later = [a.plainer_later_s for a in result.assignments if a.plainer_later_s is not None]
    said = []
    if longer:
        said.append(
            Text(
                f"绕行 {len(longer)} 条（近路已满，最远为最短路的 {max(longer):.1f} 倍）",
                f"{len(longer)} with a detour (the short way is full; at most {max(longer):.1f} times the shortest)",
            )
        )
    if bent:
        said.append(
            Text(
                f"转弯超过 12 次 {bent} 条（附近没有较直的路）",
                f"{bent} with more than 12 turns (there is no plainer way)",
            )
        )
    if later:
        zh, en = f"{min(later):.0f}", f"{min(later):.0f}"
        if f"{max(later):.0f}" != zh:
            zh, en = f"{zh} 至 {max(later):.0f}", f"{en} to {max(later):.0f}"
        said.append(
            Text(
                f"转弯超过 12 次 {len(later)} 条（改走较直的路要晚 {zh} 秒）",
                f"{len(later)} with more than 12 turns (a plainer way would end {en} s later)",
            )
        )
    if untried:
        said.append(
            Text(
                f"转弯超过 12 次 {untried} 条（另有较直的路，尚未逐一试排）",
                f"{untried} with more than 12 turns (there are plainer ways; not every one was tried)",
            )
        )
    return listing(said)


def road_names(workspace: Workspace) -> list[str]:
    """Return what makes roads one street: their name; those without one of their own, their kind."""
    return [
        f"{r.name.zh or ''}|{r.name.en or ''}" if r.named else f"{NAMELESS}{r.kind.value}"
        for r in workspace.roads.values()
    ]
