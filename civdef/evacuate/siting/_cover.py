"""The common frame of the covering models: people who reach the same sites count as one group; solved as a MIP."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from civdef.evacuate.siting.instance import Bools, Instance


class Cover:
    """Variables and constraints that the covering models share.

    Attributes
    ----------
    number
        New sites opened.
    served
        Persons with a place within reach.
    """

    def __init__(self, instance: Instance, reach: Bools) -> None:
        self.model = mathopt.Model()
        groups: dict[tuple[int, ...], int] = {}
        for b in np.flatnonzero(instance.persons > 0).tolist():
            pattern = tuple(np.flatnonzero(reach[b]).tolist())
            if pattern:
                groups[pattern] = groups.get(pattern, 0) + int(instance.persons[b])
        reached = sorted({s for pattern in groups for s in pattern})
        self.opened: dict[int, Any] = {
            s: self.model.add_binary_variable(name=f"open{s}") for s in reached if not instance.open[s]
        }
        sent: list[Any] = []
        load: dict[int, list[Any]] = {}
        for pattern, persons in sorted(groups.items()):
            mine = []
            for s in pattern:
                x = self.model.add_variable(lb=0.0, ub=float(persons))
                if s in self.opened:
                    self.model.add_linear_constraint(x <= float(persons) * self.opened[s])
                mine.append(x)
                load.setdefault(s, []).append(x)
            self.model.add_linear_constraint(mathopt.fast_sum(mine) <= float(persons))
            sent += mine
        if instance.places is not None:
            for s, terms in sorted(load.items()):
                room = float(instance.places[s])
                self.model.add_linear_constraint(
                    mathopt.fast_sum(terms) <= (room * self.opened[s] if s in self.opened else room)
                )
        self.number = mathopt.fast_sum(self.opened.values())
        self.served = mathopt.fast_sum(sent)

    def solve(self, objective: Any, *, maximise: bool = False) -> int:
        """Solve to proven optimality; return the value, a whole number.

        Raises
        ------
        RuntimeError
            If the solver gives up.
        """
        if maximise:
            self.model.maximize(objective)
        else:
            self.model.minimize(objective)
        parameters = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0)
        found = mathopt.solve(self.model, mathopt.SolverType.GSCIP, params=parameters)
        if found.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise RuntimeError(f"the covering model was not solved: {found.termination.reason}")
        values = found.variable_values()
        self.sites = tuple(s for s, y in self.opened.items() if values[y] > 0.5)
        return round(float(found.objective_value()))
