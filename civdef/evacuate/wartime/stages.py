"""Who leaves in which stage: whole households, by need first, then by where no cover is near."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from civdef.errors import UsageError
from civdef.model.resident import Household
from civdef.model.workspace import Workspace
from civdef.text import Text, nearest


class Stage(StrEnum):
    """The three stages of war-time evacuation; in the last one people take cover nearby."""

    EARLY = "early"
    IMMINENT = "imminent"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Leaving:
    """Households that leave the street.

    Attributes
    ----------
    households
        Stage (early, imminent) → ids in id order.
    ordered_persons
        What the share comes to, rounded down.
    near_target
        Buildings near a key target.
    """

    households: Mapping[Stage, tuple[str, ...]]
    ordered_persons: Mapping[Stage, int]
    near_target: frozenset[str]

    def until(self, stage: Stage | None) -> frozenset[str]:
        """Return the households that are gone once a stage is over; None: nobody has left."""
        gone: list[str] = []
        for each in (Stage.EARLY, Stage.IMMINENT):
            if stage is not None and each is not Stage.EMERGENCY:
                gone += self.households[each]
            if each is stage:
                break
        return frozenset(gone)


def leaving(workspace: Workspace, away_m: Mapping[str, float]) -> Leaving:
    """Choose the households of the early and the imminent stage.

    Early: those with somebody on the assistance register, then with children, then with elderly people, then others.
    Imminent: of those who stayed, first who lives near a key target, then those farthest from cover. Each stage takes whole
    households as long as they fit the ordered number, so it is never exceeded, and falls short by less than the smallest
    household left.

    Parameters
    ----------
    workspace
        The town.
    away_m
        Building → way to the nearest cover, infinite without any [m].

    Raises
    ------
    UsageError
        For a key target that does not exist.
    """
    settings = workspace.settings.wartime
    residents = sum(h.residents for h in workspace.households.values())
    helped = {p.household for p in workspace.assisted.values()}
    targets = near_targets(workspace)

    def need(h: Household) -> tuple[int, str]:
        rank = 0 if h.id in helped or h.assisted else 1 if h.children else 2 if h.elderly else 3
        return rank, h.id

    def place(h: Household) -> tuple[bool, float, str]:
        return h.building not in targets, -away_m.get(h.building, np.inf), h.id

    everybody = sorted(workspace.households.values(), key=lambda h: h.id)
    early_persons = int(settings.early_share * residents + 1e-9)
    early = _fill(sorted(everybody, key=need), early_persons)
    imminent_persons = min(int(settings.imminent_share * residents + 1e-9), residents)
    stay = [h for h in everybody if h.id not in early]
    imminent = _fill(sorted(stay, key=place), imminent_persons)
    return Leaving(
        {Stage.EARLY: tuple(sorted(early)), Stage.IMMINENT: tuple(sorted(imminent))},
        {Stage.EARLY: early_persons, Stage.IMMINENT: imminent_persons},
        targets,
    )


def _fill(households: Iterable[Household], persons: int) -> Collection[str]:
    taken: set[str] = set()
    for household in households:
        if household.residents <= persons:
            taken.add(household.id)
            persons -= household.residents
        if persons == 0:
            break
    return taken


def near_targets(workspace: Workspace) -> frozenset[str]:
    """Return the buildings near a key target, in a straight line. Raises ``UsageError`` for an unknown target."""
    settings = workspace.settings.wartime
    shapes = []
    for target in settings.key_targets:
        thing = workspace.objects.get(target)
        if thing is None or not hasattr(thing, "shape_m"):
            close = nearest(target, [i for i, o in workspace.objects.items() if hasattr(o, "shape_m")])
            raise UsageError(
                Text("重要目标 {t} 不在图上", "There is no key target {t} on the map").format(t=target),
                hint=Text(
                    "改正 civdef.toml 的 wartime.key_targets" + (f"，是否想写 {close}？" if close else "。"),
                    "Correct wartime.key_targets in civdef.toml"
                    + (f"; did you mean {close}?" if close else "."),
                ),
            )
        shapes.append(thing.shape_m)
    return frozenset(
        b.id
        for b in workspace.buildings.values()
        if any(b.shape_m.distance(s) <= settings.key_target_m for s in shapes)
    )
