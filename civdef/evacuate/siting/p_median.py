"""With `p` more sites, the least walking: the capacitated p-median, as a MIP with a constraint for each group and site.

Two questions one after the other: how many people can have a place at all, and with how little walking so many can. A
constraint for each pair (nobody walks to a site that is not open) makes the relaxation tight: on streets it is nearly always
whole by itself. What is returned is computed from the sites alone, by a transport problem in whole persons and millimetres.

Sources
-------
Hakimi, "Optimum locations of switching centers …", Operations Research 12 (1964) 450–459; the strong constraints, ReVelle and
Swain, Geographical Analysis 2 (1970) 30–42; with capacities, Mulvey and Beck, European Journal of Operational Research 18
(1984) 339–348.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.math_opt.python import mathopt

from civdef.evacuate.siting.instance import Instance, Siting
from civdef.evacuate.siting.mclp import mclp
from civdef.evacuate.siting.transport import siting


def p_median(instance: Instance, p: int) -> Siting:
    """Open at most `p` more sites: fewest people without a place first, then least person-metres.

    Raises
    ------
    ValueError
        For a negative `p`.
    RuntimeError
        If the solver gives up.
    """
    if p < 0:
        raise ValueError("the number of new sites is not negative")
    finite = instance.distance[np.isfinite(instance.distance)]
    if not len(finite):
        return siting(instance, ())
    served = mclp(instance, p, float(finite.max())).served_persons
    if p == 0 or served == 0:
        return siting(instance, ())
    model = mathopt.Model()
    opened = {s: model.add_binary_variable() for s in np.flatnonzero(~instance.open).tolist()}
    model.add_linear_constraint(mathopt.fast_sum(opened.values()) <= p)
    load: dict[int, list[Any]] = {}
    walking: list[Any] = []
    rows, group = np.unique(instance.distance, axis=0, return_inverse=True)
    persons = np.bincount(group.ravel(), weights=instance.persons, minlength=len(rows))
    for row, n in zip(rows, persons.tolist(), strict=True):
        mine = []
        for s in np.flatnonzero(np.isfinite(row)).tolist() if n > 0 else ():
            x = model.add_variable(lb=0.0, ub=1.0)
            if s in opened:
                model.add_linear_constraint(x <= opened[s])
            mine.append(x)
            load.setdefault(s, []).append(x * n)
            walking.append(x * (n * float(row[s]) / float(finite.max(initial=1.0) or 1.0)))
        model.add_linear_constraint(mathopt.fast_sum(mine) <= 1.0)
    if instance.places is not None:
        for s, terms in sorted(load.items()):
            room = float(instance.places[s])
            model.add_linear_constraint(
                mathopt.fast_sum(terms) <= (room * opened[s] if s in opened else room)
            )
    model.add_linear_constraint(mathopt.fast_sum(x for s in sorted(load) for x in load[s]) >= float(served))
    model.minimize(mathopt.fast_sum(walking))
    parameters = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0)
    found = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if found.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"the p-median was not solved: {found.termination.reason}")
    values = found.variable_values()
    return siting(instance, tuple(s for s, y in opened.items() if values[y] > 0.5))
