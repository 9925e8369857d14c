"""The peer: the same rounds by the vehicle routing solver of OR-tools, guided local search from the same sound start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from civdef.evacuate.assist.rounds import Rounds, Route, timed

HORIZON_S = 200_000
LATE = 1_000
"""Cost of a second of lateness, beside `LAST` for a second of the last arrival and 1 for a second of driving."""
LAST = 100


def improve(rounds: Rounds, start: Sequence[Route], seconds: float) -> list[Route]:
    """Return the best routes found in a time, never worse than those given.

    Pick-ups and deliveries with three kinds of places; a pick-up waits for the helpers' earlier one (precedence in the
    time dimension).
    """
    before = timed(rounds, start)
    assert before is not None
    found = _search(rounds, start, seconds)
    if found is None:
        return [list(r) for r in start]
    after = timed(rounds, found)
    return found if after is not None and after.cost < before.cost else [list(r) for r in start]


def _search(rounds: Rounds, start: Sequence[Route], seconds: float) -> list[Route] | None:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    jobs, cars = rounds.jobs, rounds.cars
    n, m = len(jobs), len(cars)
    nodes = 2 * n + m + 1
    home = [2 * n + v for v in range(m)]
    nowhere = 2 * n + m
    manager = pywrapcp.RoutingIndexManager(nodes, m, home, [nowhere] * m)
    routing = pywrapcp.RoutingModel(manager)
    point = np.array([*(j.pick_up for j in jobs), *(j.drop for j in jobs), *(c.start for c in cars)])
    leg = np.zeros((nodes, nodes), dtype=np.int64)
    leg[:nowhere, :nowhere] = np.minimum(rounds.drive_s[np.ix_(point, point)], HORIZON_S)
    service = np.array([*(j.load_s for j in jobs), *(j.unload_s for j in jobs), *([0] * (m + 1))])
    driving = routing.RegisterTransitMatrix(leg.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(driving)
    passing = routing.RegisterTransitMatrix((leg + service[:, None]).tolist())
    routing.AddDimension(passing, HORIZON_S, HORIZON_S, False, "time")
    time: Any = routing.GetDimensionOrDie("time")
    for kind in range(3):
        step = [0] * nodes
        for j, job in enumerate(jobs):
            if job.kind == kind:
                step[j], step[n + j] = 1, -1
        load = routing.RegisterUnaryTransitVector(step)
        routing.AddDimensionWithVehicleCapacity(
            load, 0, [c.places[kind] for c in cars], True, f"places{kind}"
        )
    time.SetGlobalSpanCostCoefficient(LAST)
    solver = routing.solver()
    earliest = min(c.from_s for c in cars)
    for v, car in enumerate(cars):
        time.CumulVar(routing.Start(v)).SetRange(car.from_s, car.from_s)
    for j, job in enumerate(jobs):
        a, b = manager.NodeToIndex(j), manager.NodeToIndex(n + j)
        routing.AddPickupAndDelivery(a, b)
        solver.Add(routing.VehicleVar(a) == routing.VehicleVar(b))
        solver.Add(time.CumulVar(a) <= time.CumulVar(b))
        time.CumulVar(a).SetMin(max(job.ready_s, earliest))
        for k, wait in job.after:
            time.AddNodePrecedence(manager.NodeToIndex(k), a, jobs[k].load_s + wait)
        if job.due_s >= 0:
            time.SetCumulVarSoftUpperBound(b, max(job.due_s - job.unload_s, 0), LATE)
    for v in range(m):
        routing.AddVariableMinimizedByFinalizer(time.CumulVar(routing.End(v)))
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(1000 * seconds))
    routing.CloseModelWithParameters(parameters)
    indices = [[manager.NodeToIndex(s if s >= 0 else n + ~s) for s in route] for route in start]
    first = routing.ReadAssignmentFromRoutes(indices, True)
    if first is None:
        return None
    found = routing.SolveFromAssignmentWithParameters(first, parameters)
    if found is None:
        return None
    routes: list[Route] = []
    for v in range(m):
        at = found.Value(routing.NextVar(routing.Start(v)))
        route: Route = []
        while not routing.IsEnd(at):
            node = manager.IndexToNode(at)
            route.append(node if node < n else ~(node - n))
            at = found.Value(routing.NextVar(at))
        routes.append(route)
    return routes
