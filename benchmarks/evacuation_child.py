"""One measurement of one solver on one synthetic city, in a process of its own, printed as JSON.

    python -m benchmarks.evacuation_child SOLVER CITY MODE STEP PLACES CLOCKS

SOLVER is greedy, ccrp, optimum, bound, reference (OR-tools), or near (a bound by so many searches, and a flow of
the given step by clocks set for it, checked in seconds outside of the time); MODE drive or walk; PLACES tight or slack; CLOCKS lead (each place's clock ahead by its way to the nearest
shelter, as the product has it) or plain. Times are of the processor, which other work on the machine does not
lengthen much; memory is the peak beyond what the process had taken up with everything imported, compiled and the city made. Linux only.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks import cities
from benchmarks.ccrp import ccrp
from benchmarks.expanded import quickest_by_bisection
from civdef.evacuate.flow import Cut, StepNetwork, quickest
from civdef.evacuate.flow.check import flow_fault
from civdef.evacuate.flow.clocks import set_clocks
from civdef.evacuate.flow.greedy import greedy
from civdef.evacuate.flow.nearly import brought_in, passing, proved
from civdef.evacuate.flow.reach import first_cut
from civdef.evacuate.flow.state import graph_of, no_flow
from civdef.evacuate.flow.true_time import Seconds, walked_fault


@dataclass(frozen=True)
class Work:
    """How a larger city is worked on, everything counted in searches, so that it comes out the same on every machine.

    Attributes
    ----------
    searches
        Searches that the bound may take.
    bound_step_s
        Step of the bound [s].
    clocks
        Horizon of the flow by which clocks are set, over the bound.
    first
        First horizon of the flow itself, over the bound: too long a one is paid for in the answer, too short a one in time.
    patience
        As for `brought_in`.
    """

    searches: int = 150
    bound_step_s: int = 10
    clocks: float = 1.05
    first: float = 1.0
    patience: int = 60


WORK = {("L", "drive"): Work(1000, 30, 1.08, 1.06), ("L", "walk"): Work(133, 10, 1.08, 1.06)}
"""What differs from that where every search takes long."""

BEFORE = 40
"""Searches of the flow by which clocks are set."""


@dataclass(frozen=True)
class Instance:
    """A city, how people move in it, the step [s], whether places are limited, and whether clocks have leads."""

    name: str
    mode: cities.Mode
    step_s: int
    tight: bool
    leads: bool

    def network(self, rounding: cities.Rounding = "up") -> StepNetwork:
        """Return it on steps."""
        return cities.on_steps(
            cities.city(self.name), self.mode, self.step_s,
            tight=self.tight, rounding=rounding, shifted=self.leads,
        )  # fmt: skip


def greedy_steps(network: StepNetwork) -> tuple[int, int]:
    """Return the steps and the sum of steps of all units of the greedy start."""
    room = 2 * (first_cut(network).steps + 1)
    while True:
        flow = no_flow(network, room)
        done = greedy(graph_of(network), flow, room)
        if done >= 0:
            inside = np.arange(room)[None, :] + network.door_steps[:, None] + 1
            return done, int((flow.door * inside).sum())
        room *= 2


def parts(network: StepNetwork, cut: Cut) -> dict[str, float]:
    """Return what a cut is made of: how many streets, doors and shelters, and the share of its capacity in streets and places."""
    arcs, doors = cut.arc_steps(network), cut.door_steps(network)
    whole = max(cut.capacity(network), 1)
    return {
        "streets": int((arcs > 0).sum()),
        "doors": int((doors > 0).sum()),
        "shelters": int(cut.full.sum()),
        "by_streets": float((arcs * network.units).sum() / whole),
        "by_places": float(network.places[cut.full].sum() / whole),
        "people_share": cut.units(network) / max(network.total, 1),
    }


def _greedy(case: Instance) -> dict[str, Any]:
    steps, total = greedy_steps(case.network())
    return {"steps": steps, "unit_steps": total}


def _ccrp(case: Instance) -> dict[str, Any]:
    found = ccrp(case.network())
    return {"steps": found.steps, "unit_steps": found.unit_steps, "ways": found.ways}


def _optimum(case: Instance) -> dict[str, Any]:
    found = quickest(case.network())
    return {"steps": found.steps, "searches": found.searches}


def _bound(case: Instance) -> dict[str, Any]:
    found = quickest(case.network("down"))
    return {"steps": (found.steps or 1) - 1, "searches": found.searches}


def _reference(case: Instance) -> dict[str, Any]:
    network = case.network()
    steps, solved = quickest_by_bisection(network, greedy_steps(network)[0])
    return {"steps": steps, "solved": solved}


def _near(case: Instance) -> dict[str, Any]:
    town = cities.city(case.name)
    seconds, rate = cities.speeds(town, case.mode)
    work = WORK.get((case.name, case.mode), Work())
    coarse = replace(case, step_s=work.bound_step_s)
    low = coarse.network("down")
    begun = time.process_time()
    proof, searches = proved(low, work.searches)
    proved_s = time.process_time() - begun
    bound_s = proof.steps * coarse.step_s
    ahead, first = (int(part * bound_s / case.step_s) + 1 for part in (work.clocks, work.first))
    fixed = np.isin(np.arange(town.nodes), town.shelter_node)
    used = passing(case.network(), ahead, BEFORE).astype(np.float64)
    leads = set_clocks(
        town.tail, town.head, seconds, cities.to_shelter_s(town, seconds), used, fixed, case.step_s
    )
    network = cities.on_steps(town, case.mode, case.step_s, tight=case.tight, leads=leads)
    steps, flow, made = brought_in(network, first, work.patience, bound_s // case.step_s)
    busy_s, peak = time.process_time(), _mib("VmHWM")  # the checks are not part of it
    true = Seconds(seconds, rate * cities.SCALE, leads, case.step_s)
    fault = (
        proof.fault(low)
        or flow_fault(network, flow, steps)
        or walked_fault(network, flow, true, float(steps * case.step_s))
    )
    if fault:
        raise RuntimeError(fault)
    return {
        "flow_s": steps * case.step_s, "bound_s": bound_s, "searches": [searches, made], "proved_s": proved_s,
        "until_s": busy_s, "until_mib": peak, **parts(low, proof),
    }  # fmt: skip


SOLVERS: dict[str, Callable[[Instance], dict[str, Any]]] = {
    "greedy": _greedy, "ccrp": _ccrp, "optimum": _optimum, "bound": _bound, "reference": _reference, "near": _near,
}  # fmt: skip


def _mib(what: str) -> float:
    """Return the process's memory now (``VmRSS``) or at its highest since the last reset (``VmHWM``) [MiB]."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def main(arguments: list[str]) -> int:
    """Measure and print."""
    solver, name, mode, step, places, clocks = arguments
    case = Instance(name, cast(cities.Mode, mode), int(step), places == "tight", clocks == "lead")
    run = SOLVERS[solver]
    run(Instance("S", case.mode, 300, True, True))  # compiles, imports
    cities.city(name)
    Path("/proc/self/clear_refs").write_text("5")  # the highest begins anew
    before, clock, busy = _mib("VmRSS"), time.perf_counter(), time.process_time()
    found = run(case)
    peak = found.pop("until_mib", _mib("VmHWM"))
    found |= {
        "busy_s": found.pop("until_s", time.process_time()) - busy, "clock_s": time.perf_counter() - clock,
        "net_mib": peak - before, "peak_mib": peak,
    }  # fmt: skip
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
