"""The best rounds there are, for a handful of people: CP-SAT on circuits of stops."""

from __future__ import annotations

from typing import Any

from civdef.evacuate.assist.rounds import FAR_S, Cost, Rounds, Route, last_bound_s, timed
from civdef.evacuate.cp_sat import solved, steady

MOST = 6
"""So many people at most are routed exactly."""

WORK = 30.0
"""Deterministic time allowed for each of the four searches; enough for `MOST` people and twenty vehicles."""


def exact(rounds: Rounds, start: list[Route]) -> tuple[list[Route], bool]:
    """Return the best routes found and whether they are proven best.

    Minimises the people late, the worst lateness, the last arrival, then the driving time, one after the other.

    Parameters
    ----------
    rounds
        At most `MOST` jobs, each in `start`.
    start
        Sound routes, kept where nothing better is found.
    """
    found, proven = [list(r) for r in start], True
    limits: list[int] = []
    floor = (0, 0, last_bound_s(rounds), 0)
    for level in range(4):
        before = timed(rounds, found)
        assert before is not None
        if before.cost[level] <= floor[level]:
            limits.append(before.cost[level])
            continue
        routes, value, optimal = _solve(rounds, limits, before.cost)
        if routes is not None:
            after = timed(rounds, routes)
            assert after is not None
            if after.cost < before.cost:
                found = routes
        best = timed(rounds, found)
        assert best is not None
        proven = proven and optimal
        limits.append(value if optimal else best.cost[level])
    return found, proven


def _latest(rounds: Rounds) -> int:
    """Return a time by which everything is over in some best answer: one thing after the other, the longest way between."""
    legs = rounds.drive_s[rounds.drive_s < FAR_S]
    farthest = int(legs.max(initial=0))
    waits = sum(max((w for _, w in j.after), default=0) for j in rounds.jobs)
    work = sum(j.load_s + j.unload_s + 2 * farthest for j in rounds.jobs)
    start = max((c.from_s for c in rounds.cars), default=0) + max((j.ready_s for j in rounds.jobs), default=0)
    return start + waits + work + 1


def _solve(rounds: Rounds, limits: list[int], known: Cost) -> tuple[list[Route] | None, int, bool]:
    from ortools.sat.python import cp_model

    jobs, cars, drive = rounds.jobs, rounds.cars, rounds.drive_s
    n = len(jobs)
    horizon = _latest(rounds)
    model = cp_model.CpModel()
    begin = [model.new_int_var(0, horizon, "") for _ in range(2 * n)]
    service = [*(j.load_s for j in jobs), *(j.unload_s for j in jobs)]
    point = [*(j.pick_up for j in jobs), *(j.drop for j in jobs)]
    done_by: list[list[Any]] = [[] for _ in range(n)]
    legs: list[tuple[Any, int]] = []
    taken: list[dict[tuple[int, int], Any]] = []
    for car in cars:
        mine = [j for j in range(n) if car.places[jobs[j].kind] > 0]
        stops = [*mine, *(n + j for j in mine)]
        arcs: list[tuple[int, int, Any]] = []
        where: dict[tuple[int, int], Any] = {}

        def arc(a: int, b: int, arcs: list[tuple[int, int, Any]] = arcs) -> Any:
            literal = model.new_bool_var("")
            arcs.append((a, b, literal))
            return literal

        depot = 2 * n
        serves = {j: model.new_bool_var("") for j in mine}
        for j in mine:
            done_by[j].append(serves[j])
            for stop in (j, n + j):
                arcs.append((stop, stop, serves[j].negated()))
        arc(depot, depot)
        for a in stops:
            away = int(drive[car.start, point[a]])
            if a < n and away < FAR_S:
                literal = where[depot, a] = arc(depot, a)
                model.add(begin[a] >= car.from_s + away).only_enforce_if(literal)
                legs.append((literal, away))
            if a >= n:
                arc(a, depot)
            for b in stops:
                leg = int(drive[point[a], point[b]])
                if a != b and b + n != a and leg < FAR_S:
                    literal = where[a, b] = arc(a, b)
                    model.add(begin[b] >= begin[a] + service[a] + leg).only_enforce_if(literal)
                    legs.append((literal, leg))
        if stops:
            model.add_circuit(arcs)
        for kind in range(3):
            aboard = []
            for j in mine:
                if jobs[j].kind == kind:
                    size = model.new_int_var(0, horizon + service[n + j], "")
                    end = model.new_int_var(0, horizon + service[n + j], "")
                    model.add(end == begin[n + j] + service[n + j])
                    aboard.append(model.new_optional_interval_var(begin[j], size, end, serves[j], ""))
            if aboard:
                model.add_cumulative(aboard, [1] * len(aboard), car.places[kind])
        taken.append(where)
    late: list[Any] = []
    last, worst = model.new_int_var(0, horizon, ""), model.new_int_var(0, horizon, "")
    for j, job in enumerate(jobs):
        model.add_exactly_one(done_by[j])
        model.add(begin[n + j] >= begin[j] + job.load_s)
        model.add(begin[j] >= job.ready_s)
        for k, wait in job.after:
            model.add(begin[j] >= begin[k] + jobs[k].load_s + wait)
        model.add(last >= begin[n + j] + job.unload_s)
        if job.due_s >= 0:
            model.add(worst >= begin[n + j] + job.unload_s - job.due_s)
            missed = model.new_bool_var("")
            model.add(begin[n + j] + job.unload_s <= job.due_s).only_enforce_if(missed.negated())
            late.append(missed)
    total = sum(literal * leg for literal, leg in legs)
    model.add(last >= last_bound_s(rounds))
    goals = [sum(late), worst, last, total]
    for goal, limit in zip(goals, limits, strict=False):
        model.add(goal <= limit)
    level = len(limits)
    model.add(goals[level] <= known[level])
    model.minimize(goals[level])
    solver = steady(WORK)
    status = solved(solver, model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, known[level], status == cp_model.INFEASIBLE
    routes: list[Route] = []
    for where in taken:
        follow = {a: b for (a, b), literal in where.items() if solver.boolean_value(literal)}
        at, route = follow.get(2 * n), []
        while at is not None:
            route.append(at if at < n else ~(at - n))
            at = follow.get(at)
        routes.append(route)
    return routes, round(solver.objective_value), status == cp_model.OPTIMAL
