"""Runs CP-SAT so that it gives the same answer every time, and Ctrl-C ends the program.

Left alone the solver takes the signal for itself: it stops early and returns what it has, and planning goes on with an answer that
depends on when the key was pressed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, CpSolverStatus

_LOOK_S = 0.2
"""How often the waiting thread wakes: on Windows Ctrl-C is seen only between waits."""


def steady(work: float) -> CpSolver:
    """Return a solver that gives the same answer on a slow and on a fast machine.

    Parameters
    ----------
    work
        Limit of the search in CP-SAT's deterministic seconds.
    """
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    return solver


def solved(solver: CpSolver, model: CpModel) -> CpSolverStatus:
    """Solve a model and return the status; Ctrl-C stops the search and raises ``KeyboardInterrupt``."""
    solver.parameters.catch_sigint_signal = False
    with ThreadPoolExecutor(1) as threads:
        work = threads.submit(solver.solve, model)
        try:
            while True:
                try:
                    return work.result(_LOOK_S)
                except NotYet:
                    if work.done():
                        raise
        except KeyboardInterrupt:
            solver.stop_search()
            raise
