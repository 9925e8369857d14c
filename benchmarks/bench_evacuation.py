"""The lower bound, the optimum, the greedy start and their peers on synthetic cities; prints the tables of docs/evacuation-benchmarks.md.

    python -m benchmarks.bench_evacuation              the street scale, S, against OR-tools and the route planner
    python -m benchmarks.bench_evacuation M L          larger cities
    python -m benchmarks.bench_evacuation M:walk:slack one instance of a larger city
    python -m benchmarks.bench_evacuation --write      S, M and L, into docs/evacuation-benchmarks.md; with names, only those

Rows of larger cities are written as soon as they are measured, and rows not asked for stay as they are.

Every figure comes from a process of its own (`evacuation_child`). Ends with an error if an optimum differs from OR-tools', if
a bound, an optimum and a plan do not stand in order, or if the greedy start is later than the route planner.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.__main__ import machine
from benchmarks.cities import SIZES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evacuation-benchmarks.md"
MODES = ("drive", "walk")
LARGE = {("M", "drive"): 10, ("M", "walk"): 30, ("L", "drive"): 10, ("L", "walk"): 30}
"""Step of the greedy start and of the flow of the larger cities [s]; at 10 s the walking city has 1,600 steps."""

Found = dict[str, Any]


def measure(solver: str, city: str, mode: str, step_s: int, places: str, clocks: str) -> Found:
    """Run one solver in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.evacuation_child", solver, city, mode, str(step_s), places, clocks]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    print(f"  {' '.join(command[3:])}: {done.stdout.strip()}", file=sys.stderr, flush=True)
    found: Found = json.loads(done.stdout)
    return found


def row(*cells: object) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(str(c) for c in cells)} |"


def head(*cells: str) -> list[str]:
    """Return the head of a table."""
    return ["", row(*cells), row(*(["---"] * len(cells)))]


def street_scale(faults: list[str]) -> list[str]:
    """Return the tables of S."""
    plans = head(
        "instance", "bound, s", "optimum, s", "bracket", "greedy, s", "planner, s", "planner / optimum",
        "person-minutes: greedy, planner",
    )  # fmt: skip
    costs = head(
        "instance", "bound, s CPU", "optimum, s CPU", "OR-tools, s CPU", "ratio", "optimum, MiB", "OR-tools, MiB",
        "ratio", "greedy, s CPU", "planner, s CPU", "ratio",
    )  # fmt: skip
    for mode, places, step_s in product(MODES, ("tight", "slack"), (60, 30, 10)):
        run: Callable[[str], Found] = partial(
            measure, city="S", mode=mode, step_s=step_s, places=places, clocks="lead"
        )
        low, best, reference = run("bound"), run("optimum"), run("reference")
        quick, peer = run("greedy"), run("ccrp")
        name = f"{mode}, {places}, {step_s} s"
        if best["steps"] != reference["steps"]:
            faults.append(f"{name}: the optimum is {best['steps']} steps, OR-tools says {reference['steps']}")
        if not low["steps"] <= best["steps"] <= quick["steps"] <= peer["steps"]:
            faults.append(f"{name}: bound, optimum, greedy and planner do not stand in order")
        bound_s, best_s = low["steps"] * step_s, best["steps"] * step_s
        plans.append(row(
            name, f"{bound_s:,}", f"{best_s:,}", f"{best_s / bound_s:.3f}", f"{quick['steps'] * step_s:,}",
            f"{peer['steps'] * step_s:,}", f"{peer['steps'] / best['steps']:.2f}",
            f"{quick['unit_steps'] * step_s / 600:,.0f}, {peer['unit_steps'] * step_s / 600:,.0f}",
        ))  # fmt: skip
        costs.append(row(
            name, f"{low['busy_s']:.2f}", f"{best['busy_s']:.2f}", f"{reference['busy_s']:.2f}",
            f"{reference['busy_s'] / best['busy_s']:.1f} ×", f"{best['net_mib']:.0f}", f"{reference['net_mib']:.0f}",
            f"{reference['net_mib'] / best['net_mib']:.0f} ×", f"{quick['busy_s']:.3f}", f"{peer['busy_s']:.2f}",
            f"{peer['busy_s'] / quick['busy_s']:.0f} ×",
        ))  # fmt: skip
    return ["", "### Times", *plans, "", "### Work", *costs]


def leads() -> list[str]:
    """Return the table of what leads are good for."""
    lines = head("instance", "plain: bound, optimum, bracket", "with leads: bound, optimum, bracket")
    for mode, step_s in product(MODES, (60, 30, 10)):
        cells = []
        for clocks in ("plain", "lead"):
            low, best = (measure(s, "S", mode, step_s, "tight", clocks) for s in ("bound", "optimum"))
            bound_s, best_s = low["steps"] * step_s, best["steps"] * step_s
            cells.append(f"{bound_s:,} s, {best_s:,} s, {best_s / bound_s:.3f}")
        lines.append(row(f"{mode}, tight, {step_s} s", *cells))
    return lines


def large(city: str, mode: str, places: str, faults: list[str]) -> str:
    """Return the row of an instance of a larger city."""
    step_s = LARGE[city, mode]
    quick = measure("greedy", city, mode, step_s, places, "lead")
    found = measure("near", city, mode, step_s, places, "lead")
    bound_s, flow_s, greedy_s = found["bound_s"], found["flow_s"], quick["steps"] * step_s
    best = min(flow_s, greedy_s)
    if bound_s > best:
        faults.append(f"{city} {mode} {places}: the bound is above a plan")
    return row(
        f"{city}, {mode}, {places}, {step_s} s", f"{greedy_s:,}", f"{quick['busy_s']:.0f}", f"{quick['peak_mib'] / 1024:.2f}",
        f"{bound_s:,}", f"{flow_s:,}", f"{found['proved_s']:.0f}", f"{found['busy_s']:.0f}", f"{found['peak_mib'] / 1024:.2f}",
        f"{greedy_s / bound_s - 1:.1%}", f"{best / bound_s - 1:.1%}", _binding(found),
    )  # fmt: skip


def _binding(found: Found) -> str:
    """Return what a cut is made of."""
    if not found["streets"] + found["doors"] + found["shelters"]:
        return "the farthest household's way"
    return f"{found['streets']:,} streets ({found['by_streets']:.0%}), {found['shelters']} full shelters ({found['by_places']:.0%})"


LARGE_HEAD = head(
    "instance", "greedy, s", "s CPU", "GiB", "bound, s", "flow, s", "bound, s CPU", "bound and flow, s CPU", "GiB",
    "gap of greedy", "gap of the better", "the bound's cut",
)  # fmt: skip


def street_section(faults: list[str]) -> str:
    """Return everything measured on S, the machine first."""
    lines = [f"Measured on: {machine()}.", *street_scale(faults)]
    return "\n".join([*lines, "", "### What the leads of clocks are good for", *leads()])


def with_row(section: str, line: str, order: list[str]) -> str:
    """Return the section of a larger city with one row put in, in order; the others stay as they are."""
    rows = {
        old.partition(" | ")[0]: old for old in section.splitlines() if old.startswith(f"| {order[0][0]}, ")
    }
    rows[line.partition(" | ")[0]] = line
    known = [r for name in order for key, r in rows.items() if key.startswith(f"| {name}, ")]
    return "\n".join([f"Measured on: {machine()}.", *LARGE_HEAD, *known])


def kept(city: str, change: Callable[[str], str]) -> None:
    """Change a section of the page, between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    first, last = f"<!-- measured: {city} -->", f"<!-- end: {city} -->"
    before, rest = page.split(first)
    old, after = rest.split(last)
    PAGE.write_text(f"{before}{first}\n\n{change(old)}\n\n{last}{after}", encoding="utf-8")


def instances(wanted: str) -> list[tuple[str, str, str]]:
    """Return the instances of a larger city that a name asks for: ``L``, ``L:walk`` or ``L:walk:slack``; none: no such name."""
    parts = wanted.split(":")
    every = product([c for c in SIZES if c != "S"], MODES, ("tight", "slack"))
    return [i for i in every if list(i[: len(parts)]) == parts]


def main(arguments: list[str]) -> int:
    """Measure and print or write; 1 if something does not hold."""
    write = "--write" in arguments
    wanted = [a for a in arguments if a != "--write"] or (list(SIZES) if write else ["S"])
    unknown = [w for w in wanted if w != "S" and not instances(w)]
    if unknown:
        print(f"no such city: {', '.join(unknown)}; there are: {', '.join(SIZES)}", file=sys.stderr)
        return 2
    faults: list[str] = []
    if "S" in wanted:
        text = street_section(faults)
        if write:
            kept("S", lambda _: text)
        else:
            print(f"S\n\n{text}\n")
    asked = [i for w in wanted for i in instances(w)]
    if asked and not write:
        print("\n".join(LARGE_HEAD))
    for city, mode, places in asked:
        line = large(city, mode, places, faults)
        if write:
            order = [", ".join(i) for i in instances(city)]
            kept(city, partial(with_row, line=line, order=order))
        else:
            print(line, flush=True)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
