"""Practical plans on real streets beside the optimum, and beside what simpler rules would give: ``python -m benchmarks.bench_plans [--write]``.

The sample street by its own plans, and the instances of ``benchmarks/places.py``, which need the public test data (``../shared/data``
or ``CIVDEF_DATA``) and are left out without it. ``--write`` puts the table into ``docs/evacuation-gaps.md``.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.__main__ import machine
from benchmarks.ccrp import ccrp
from benchmarks.places import PLACES, Supply, instance
from civdef.evacuate.bounds import bracket
from civdef.evacuate.execution import Network, execute, ways_of
from civdef.evacuate.flow import step_network
from civdef.evacuate.problem import NOWHERE, Problem
from civdef.evacuate.question import Question
from civdef.evacuate.routes import Routes, route
from civdef.evacuate.solve import Solution, solve
from civdef.evacuate.stepped import UNITS, Stepped, contract
from civdef.evacuate.streams import opposed
from civdef.evacuate.waves import alone
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.town import DayPart
from civdef.model.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "evacuation-gaps.md"
FINE_S = 2

_HEAD = (
    "instance", "people (left over)", "plan, s", "optimum, s", "**gap**", "least walking, s", "nearest, s (over places)",
    "nearest with room, s (left over)", "route planner, s", "bound, s", "bracket 10 s", "bracket 2 s", "CPU, s",
)  # fmt: skip
_MINUTES = ("instance", "plan", "least walking", "nearest", "nearest with room", "route planner")
_OPPOSED = (
    "instance", "plan, m", "same shelters by the shortest ways, m", "plan, person-m",
    "same shelters by the shortest ways, person-m",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print the tables; write them into the page when asked."""
    rows, minutes, met = [], [], []
    for name, solution, seconds in _solutions():
        row, spent = _row(name, solution, seconds)
        print("| " + " | ".join(row) + " |", flush=True)
        rows.append(row)
        minutes.append(spent)
        met.append((row[0], *_opposed(solution)))
    text = f"Measured on: {machine()}.\n\n{_table(_HEAD, rows)}\n\nPerson-minutes until inside:\n\n{_table(_MINUTES, minutes)}"
    text += f"\n\nStreets walked in both directions, and metres that the smaller streams walk there:\n\n{_table(_OPPOSED, met)}"
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        new = re.sub(
            r"(<!-- measured -->\n).*?(<!-- end -->)",
            lambda m: m[1] + "\n" + text + "\n\n" + m[2],
            page,
            flags=re.S,
        )
        PAGE.write_text(new, encoding="utf-8", newline="\n")
    else:
        print("\n" + text)
    return 0


def _solutions() -> Iterator[tuple[str, Solution, float]]:
    workspace = load_workspace(ROOT)
    network = build_street_network(workspace)
    for plan in ("earthquake", "flood"):
        for part in DayPart:
            yield (f"sample, {plan}, {part.value}", *_timed(workspace, network, Question(plan, part)))
    data = Path(os.environ.get("CIVDEF_DATA", ROOT.parent / "shared" / "data"))
    if not (data / "networks").is_dir():
        print(f"no {data / 'networks'}: real streets left out", file=sys.stderr)
        return
    supplies: tuple[Supply, ...] = ("tight", "slack")
    for place in PLACES:
        for supply in supplies:
            asked = instance(place, supply, data)
            yield (f"{place}, {supply}", *_timed(asked.workspace, asked.network, asked.question))


def _timed(workspace: Workspace, network: StreetNetwork, question: Question) -> tuple[Solution, float]:
    before = time.process_time()
    found = solve(workspace, network, question)
    return found, time.process_time() - before


def _row(name: str, solution: Solution, seconds: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    problem, stepped, plan = solution.asked.problem, solution.stepped, solution.plan
    step_s, placed = stepped.step_s, plan.assignment.shelter >= 0
    left = int(problem.persons[~placed].sum())
    both = bracket(problem, stepped, placed)
    fine = bracket(problem, contract(problem, FINE_S), placed)
    near = np.where(placed, problem.shelter_cost_m.argmin(axis=1), NOWHERE).astype(np.int32)
    load = np.bincount(near[placed], problem.persons[placed], len(problem.places))
    over = int(np.maximum(load - problem.places, 0).sum())
    roomy = _nearest_with_room(problem, placed)
    from civdef.evacuate.spread import spread

    least = spread(problem, stepped, rounds=0).routes
    ways = {
        "plan": plan.routes,
        "least": least,
        "nearest": route(problem, near),
        "roomy": route(problem, roomy),
    }
    steps = {k: execute(problem, stepped, r).steps for k, r in ways.items()}
    spent = {k: _person_minutes(problem, stepped, r) for k, r in ways.items()}
    peer = ccrp(step_network(problem, stepped, placed).network)
    kept = int(problem.persons[placed & (roomy < 0)].sum())
    gap = steps["plan"] / (both.optimum.steps or 1) - 1
    wide = both.optimum_s / both.bound_s if both.bound_s else float("nan")
    narrow = fine.optimum_s / fine.bound_s if fine.bound_s else float("nan")
    parts = int((problem.part > 0).sum())
    title = (
        name
        if not parts
        else f"{name} ({len({b for b, p in zip(problem.buildings, problem.part, strict=True) if p})} split)"
    )
    row = (
        title,
        f"{int(problem.persons.sum()):,}" + (f" ({left:,})" if left else ""),
        f"{steps['plan'] * step_s:,}",
        f"{both.optimum_s:,.0f}",
        f"**{gap:.2%}**",
        f"{steps['least'] * step_s:,}",
        f"{steps['nearest'] * step_s:,}" + (f" ({over:,})" if over else ""),
        f"{steps['roomy'] * step_s:,}" + (f" ({kept:,})" if kept else ""),
        "–" if peer.steps is None else f"{peer.steps * step_s:,}",
        f"{fine.bound_s:,.0f}",
        f"{wide:.3f}",
        f"{narrow:.3f}",
        f"{seconds:.1f}",
    )
    planner = peer.unit_steps * step_s / UNITS / 60
    figures = (*(f"{spent[k]:,.0f}" for k in ("plan", "least", "nearest", "roomy")), f"{planner:,.0f}")
    return row, (title, *figures)


def _opposed(solution: Solution) -> tuple[str, ...]:
    problem, plan = solution.asked.problem, solution.plan
    both = [opposed(problem, r) for r in (plan.routes, route(problem, plan.assignment.shelter))]
    return tuple(f"{m:,.0f}" for m in (*(b.length_m for b in both), *(b.person_m for b in both)))


def _nearest_with_room(problem: Problem, placed: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the nearest shelter with room for the whole row, those with the shortest walk choosing first."""
    room = problem.places.copy()
    found = np.full(len(placed), NOWHERE, dtype=np.int32)
    cost = problem.shelter_cost_m
    for i in np.argsort(cost.min(axis=1), kind="stable").tolist():
        for s in np.argsort(cost[i], kind="stable").tolist():
            if placed[i] and np.isfinite(cost[i, s]) and room[s] >= problem.persons[i]:
                found[i] = s
                room[s] -= problem.persons[i]
                break
    return found


def _person_minutes(problem: Problem, stepped: Stepped, routes: Routes) -> float:
    """Return the minutes until inside, summed over persons: walking, passing one step, and waiting."""
    ways = ways_of(problem, stepped, routes)
    _, waited, _ = Network(stepped).carry(ways)
    going = np.flatnonzero(ways.units)
    walk = 0.0
    for b in going.tolist():
        chains = ways.chains[ways.begin[b] : ways.end[b]]
        steps = ways.step[b] + stepped.chain_steps[chains].sum() + stepped.door_steps[ways.door[b]] + 1
        walk += float(steps) * float(ways.units[b])
    assert (alone(stepped, ways)[going] > 0).all()
    return (walk + float(waited.sum())) / UNITS * stepped.step_s / 60


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(r) + " |" for r in rows)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
