"""Rounds of the vehicles that fetch people: the construct, annealing, and the routing solver of OR-tools from the same start.

    python -m benchmarks.bench_assist [SECONDS]

On the sample street, by plan: when the last person is inside, how late the latest is, and the time each method takes. OR-tools has
SECONDS (60) for each plan.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks._ortools_rounds import improve
from civdef.evacuate.assist.construct import construct
from civdef.evacuate.assist.plan import plan_assistance
from civdef.evacuate.assist.rounds import Rounds, Route, timed
from civdef.evacuate.assist.vehicles import plan_rounds
from civdef.evacuate.question import Question, ask
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace

PLANS = ("forest-fire", "typhoon", "flood", "earthquake")


def line(name: str, rounds: Rounds, routes: list[Route], seconds: float) -> None:
    """Print one method's outcome."""
    found = timed(rounds, routes)
    assert found is not None
    print(
        f"  {name:12s} last inside {found.last_s / 60:6.1f} min   latest {found.worst_s / 60:6.1f} min late   "
        f"late {len(found.late):3d}   at the wheel {found.drive_s / 60:6.0f} min   {seconds:7.2f} s"
    )


def main(seconds: float) -> int:
    """Run every plan."""
    workspace = load_workspace(Path(__file__).resolve().parent.parent)
    network = build_street_network(workspace)
    moves = workspace.settings.assistance.search_moves
    for name in PLANS:
        plan = plan_assistance(workspace, ask(workspace, network, Question(name)))
        rounds = plan.rounds
        print(f"{name}: {len(rounds.jobs)} people, {len(rounds.cars)} vehicles")
        begun = time.perf_counter()
        first, _ = construct(rounds)
        line("construct", rounds, first, time.perf_counter() - begun)
        plan_rounds(rounds, 1)  # compiled before it is timed
        begun = time.perf_counter()
        better, _ = plan_rounds(rounds, moves)
        line("annealing", rounds, better, time.perf_counter() - begun)
        begun = time.perf_counter()
        line("OR-tools", rounds, improve(rounds, first, seconds), time.perf_counter() - begun)
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
