"""What sets the time: the certificate of the optimum, told in streets, doors and places.

The certificate of the quickest flow is a cut: a group of people, and everything by which they could get away in time. It
proves that nobody can do better, whatever is widened elsewhere. There may be several such cuts for the same time; then
something must be done about each. They are found one after the other: the parts of the first cut are supposed to let everybody
through, the optimum is computed anew, and if it has not fallen there is another cut, with its own certificate.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.directions import compass
from civdef.evacuate.flow import Adapted, Cut, Quickest, StepNetwork, quickest
from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import UNITS, Stepped
from civdef.evacuate.why.result import BindingCut, CutPart

MOST_AFTER = 2
"""Cuts told beyond those that set the time: what would bind next (a choice for reading)."""

MOST_TOGETHER = 12
"""Cuts told that set the time together (a choice for reading; on real streets there are one or two)."""

_SAME_WIDTH_M = 0.05


@dataclass(frozen=True, eq=False)
class Lifted:
    """A cut, and the optimum once its parts and those of all cuts before it let everybody through."""

    cut: Cut
    network: StepNetwork
    after: Quickest


def lifted(network: StepNetwork, cut: Cut) -> StepNetwork:
    """Return the network in which the parts of a cut let everybody through."""
    all_of_them = max(network.total, 1)

    def freed(units: NDArray[np.int64], part: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.where(part, np.maximum(units, all_of_them), units)

    return dataclasses.replace(
        network,
        units=freed(network.units, cut.arc_steps(network) > 0),
        door_units=freed(network.door_units, cut.door_steps(network) > 0),
        places=freed(network.places, cut.full & (network.places > 0)),
    )


def empty(network: StepNetwork, cut: Cut) -> bool:
    """Return whether a cut has no part: its people are too far from any place, and nothing can be widened."""
    return not (
        (cut.arc_steps(network) > 0).any()
        or (cut.door_steps(network) > 0).any()
        or (cut.full & (network.places > 0)).any()
    )


def peel(network: StepNetwork, optimum: Quickest) -> list[Lifted]:
    """Return the cuts that set the time together, and those that would bind next.

    Each round ends a cut for good, because its parts then let everybody through; so this ends.
    """
    found: list[Lifted] = []
    now, best, after = network, optimum, 0
    while best.certificate is not None and after <= MOST_AFTER and len(found) < MOST_TOGETHER:
        cut = best.certificate
        free = lifted(now, cut)
        then = best if empty(now, cut) else quickest(free)
        found.append(Lifted(cut, now, then))
        if empty(now, cut):
            break
        after += then.steps != optimum.steps
        now, best = free, then
    return found


def told(problem: Problem, stepped: Stepped, adapted: Adapted, found: list[Lifted]) -> tuple[BindingCut, ...]:
    """Return cuts in the words of the problem."""
    cuts = []
    first = found[0].cut.steps if found else 0
    for one in found:
        cut, network = one.cut, one.network
        rows = adapted.source_building[cut.sources & (network.supply > 0)]
        parts = [
            *_streets(problem, stepped, adapted, network, cut),
            *_doors(problem, stepped, adapted, network, cut),
            *_places(problem, network, cut),
        ]
        cuts.append(
            BindingCut(
                sets_time=cut.steps == first,
                too_early_s=float(cut.steps * stepped.step_s),
                buildings=tuple(sorted({problem.buildings[i] for i in rows.tolist()})),
                persons=int(problem.persons[rows].sum()),
                room_persons=cut.capacity(network) // UNITS,
                parts=tuple(sorted(parts, key=lambda p: (-p.persons, p.kind, p.object))),
                optimum_without_s=float((one.after.steps or 0) * stepped.step_s),
            )
        )
    return tuple(cuts)


def _streets(
    problem: Problem, stepped: Stepped, adapted: Adapted, network: StepNetwork, cut: Cut
) -> list[CutPart]:
    net = problem.network
    steps = cut.arc_steps(network)
    by_chain: dict[int, tuple[int, int]] = {}
    for a in np.flatnonzero(steps > 0).tolist():
        chain = int(adapted.arc_chain[a])
        units, longest = by_chain.get(chain, (0, 0))
        by_chain[chain] = units + int(steps[a] * network.units[a]), max(longest, int(steps[a]))
    found = []
    for chain, (units, longest) in by_chain.items():
        arcs = stepped.chain_arcs[chain]
        width = problem.usable_width_m[arcs]
        narrow = arcs[width <= width.min() + _SAME_WIDTH_M]
        first = int(narrow[0])
        found.append(
            CutPart(
                kind="street",
                object=net.road_ids[net.road[first]],
                roads=tuple(dict.fromkeys(net.road_ids[r] for r in net.road[narrow].tolist())),
                direction="forward" if net.forward[first] else "backward",
                compass=compass(net, first),
                shelter=None,
                width_m=round(float(width.min()), 2),
                persons=units // UNITS,
                open_s=float(longest * stepped.step_s),
            )
        )
    return found


def _doors(
    problem: Problem, stepped: Stepped, adapted: Adapted, network: StepNetwork, cut: Cut
) -> list[CutPart]:
    net = problem.network
    steps = cut.door_steps(network)
    found = []
    for d in np.flatnonzero(steps > 0).tolist():
        entrance = int(problem.entrances[adapted.door_entrance[d]])
        found.append(
            CutPart(
                kind="door",
                object=net.entrance_ids[entrance],
                roads=(),
                direction=None,
                compass=None,
                shelter=problem.shelters[net.entrance_shelter[entrance]],
                width_m=round(float(net.entrance_width_m[entrance]), 2),
                persons=int(steps[d] * network.door_units[d]) // UNITS,
                open_s=float(steps[d] * stepped.step_s),
            )
        )
    return found


def _places(problem: Problem, network: StepNetwork, cut: Cut) -> list[CutPart]:
    return [
        CutPart(
            kind="places",
            object=problem.shelters[s],
            roads=(),
            direction=None,
            compass=None,
            shelter=problem.shelters[s],
            width_m=None,
            persons=int(network.places[s]) // UNITS,
            open_s=None,
        )
        for s in np.flatnonzero(cut.full & (network.places > 0)).tolist()
    ]
