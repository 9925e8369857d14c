"""Ctrl-C ends a search by CP-SAT at once, and is not taken for its end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ortools.sat.python import cp_model

from civdef.evacuate.cp_sat import solved

HARD = """
import random
import signal
from ortools.sat.python import cp_model
from civdef.evacuate.cp_sat import solved
draw = random.Random(1)
model = cp_model.CpModel()
bins = [[model.new_bool_var("") for _ in range(12)] for _ in range(60)]
sizes = [draw.randint(10**5, 10**6) for _ in bins]
for row in bins:
    model.add_exactly_one(row)
most = model.new_int_var(0, 10**9, "")
for j in range(12):
    model.add(sum(s * row[j] for s, row in zip(sizes, bins)) <= most)
model.minimize(most)
solver = cp_model.CpSolver()
solver.parameters.num_workers = 1
solver.parameters.max_deterministic_time = 10_000
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
print("searching", flush=True)
try:
    solved(solver, model)
except KeyboardInterrupt:
    raise SystemExit(130)
"""


def test_a_search_ends_with_its_answer() -> None:
    model = cp_model.CpModel()
    x = model.new_int_var(0, 9, "x")
    model.maximize(x)
    solver = cp_model.CpSolver()
    assert solved(solver, model) == cp_model.OPTIMAL
    assert solver.value(x) == 9


def test_a_fault_of_the_search_comes_through() -> None:
    with pytest.raises(AttributeError, match="proto"):
        solved(cp_model.CpSolver(), None)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="no signal can be sent to another process there")
def test_ctrl_c_ends_it() -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.Popen([sys.executable, "-c", HARD], cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        assert run.stdout.readline() == "searching\n"
        time.sleep(1.0)
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=60) == 130
    finally:
        run.kill()
        run.stdout.close()
        run.wait()
