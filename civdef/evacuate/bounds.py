"""Lower bounds on the clearance of those placed, and the optimum of the time-expanded network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import Problem
from civdef.evacuate.stepped import UNITS, Stepped

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def quick_bound_s(problem: Problem, placed: Bools) -> float:
    """Return a time before which those placed cannot all be inside, whatever the assignment and the routes [s].

    Proof: whoever is inside through a door by time T has walked there at the mean pace, so started within reach of the
    door, and no door lets more through by T than its flow times (T less the shortest walk of anybody to it), and no
    shelter takes more than its places. If the largest flow from buildings over doors within reach to shelters is smaller
    than the persons placed, T is too early. The largest such whole second is returned; streets are taken as unlimited,
    buildings as divisible, so the bound holds for every plan that places the same people.

    Parameters
    ----------
    problem
        The question.
    placed
        Buildings that count, shape (B,); each must have a way to an allowed shelter.
    """
    rows = np.flatnonzero(placed)
    if len(rows) == 0:
        return 0.0
    time_s = problem.entrance_cost_m[rows] / problem.speed_mps
    of = problem.network.entrance_shelter[problem.entrances]
    time_s[~problem.allowed[rows][:, of]] = np.inf
    low = float(time_s.min(axis=1).max())
    flow = problem.network.entrance_width_m[problem.entrances] * problem.door_flow_p_m_s
    low = max(low, _doors_alone(time_s, flow, of, problem.places, int(problem.persons[rows].sum())))
    least, most = int(np.floor(low)), max(int(np.ceil(low)) * 2, 60)
    while not _fits(problem, rows, time_s, flow, of, most):
        least, most = most, most * 2
        if most > 10**8:
            return low
    while most - least > 1:
        middle = (least + most) // 2
        if _fits(problem, rows, time_s, flow, of, middle):
            most = middle
        else:
            least = middle
    return max(low, float(least)) if not _fits(problem, rows, time_s, flow, of, least) else low


def _doors_alone(
    time_s: NDArray[np.float64],
    flow: NDArray[np.float64],
    of: NDArray[np.int32],
    places: Ints,
    persons: int,
) -> float:
    """Return the first time by which all doors together could have let everybody in, or 0 if places are too few."""
    first = time_s.min(axis=0)

    def inside(t: float) -> float:
        through = np.where(np.isfinite(first), flow * np.maximum(0.0, t - first), 0.0)
        total = np.bincount(of, weights=through, minlength=len(places))
        return float(np.minimum(total, places).sum())

    low, high = 0.0, 1.0
    while inside(high) < persons:
        low, high = high, high * 2
        if high > 1e8:
            return 0.0
    while high - low > 0.01:
        middle = (low + high) / 2
        if inside(middle) < persons:
            low = middle
        else:
            high = middle
    return low


def _fits(
    problem: Problem,
    rows: NDArray[np.intp],
    time_s: NDArray[np.float64],
    flow: NDArray[np.float64],
    of: NDArray[np.int32],
    t: float,
) -> bool:
    """Return whether everybody could be inside by `t` if streets were unlimited and buildings divisible."""
    from ortools.graph.python import max_flow

    persons = problem.persons[rows] * UNITS
    b, e, s = len(rows), len(flow), len(problem.places)
    first = time_s.min(axis=0)
    spare = np.where(np.isfinite(first), np.maximum(0.0, t - first), 0.0)
    through = np.ceil(flow * spare * UNITS).astype(np.int64)
    who, door = np.nonzero(time_s <= t)
    source, sink = b + e + s, b + e + s + 1
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(np.full(b, source), np.arange(b), persons)
    solver.add_arcs_with_capacity(who, b + door, persons[who])
    solver.add_arcs_with_capacity(b + np.arange(e), b + e + of, through)
    solver.add_arcs_with_capacity(b + e + np.arange(s), np.full(s, sink), problem.places * UNITS)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise RuntimeError("the maximum flow found no optimum")
    return int(solver.optimal_flow()) >= int(persons.sum())


def optimum_steps(problem: Problem, stepped: Stepped, placed: Bools, low: int, high: int) -> int:
    """Return the fewest steps in which those placed can all be inside: the quickest flow, buildings divisible.

    Parameters
    ----------
    problem, stepped
        The question and its time-expanded network.
    placed
        Buildings that count, shape (B,).
    low, high
        Fewer steps than `low` are known to be too few; `high` are known to do (a plan carried out in them).
    """
    while low < high:
        middle = (low + high) // 2
        if flows_within(problem, stepped, placed, middle):
            high = middle
        else:
            low = middle + 1
    return high


def flows_within(problem: Problem, stepped: Stepped, placed: Bools, steps: int) -> bool:
    """Return whether everybody placed can be inside within `steps`, by maximum flow in the time-expanded network."""
    from ortools.graph.python import max_flow

    earliest, latest = _windows(problem, stepped, placed, steps)
    k, c = stepped.junctions, stepped.chains
    size = k + c  # places: chains' far ends first, then junctions
    span = np.maximum(latest - earliest + 1, 0)
    offset = np.concatenate([[0], np.cumsum(span)])
    nodes = int(offset[-1])

    def node(place: Ints, step: Ints) -> Ints:
        return offset[place] + step - earliest[place]

    tails: list[Ints] = []
    heads: list[Ints] = []
    capacities: list[Ints] = []

    def add(tail: Ints, head: Ints, capacity: Ints) -> None:
        tails.append(tail)
        heads.append(head)
        capacities.append(capacity)

    def steps_of(places: Ints) -> tuple[Ints, Ints]:
        """Return (index into places, step) for every step of every place's window."""
        count = span[places]
        index = np.repeat(np.arange(len(places)), count)
        step = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count) + earliest[places][index]
        return index, step

    everything = int(problem.persons[placed].sum()) * UNITS
    every = np.arange(size, dtype=np.int64)
    index, step = steps_of(every)
    stay = step < latest[index]
    add(
        node(index[stay], step[stay]),
        node(index[stay], step[stay] + 1),
        np.full(int(stay.sum()), everything, dtype=np.int64),
    )
    tail = c + stepped.chain_tail.astype(np.int64)
    head = c + stepped.chain_head.astype(np.int64)
    index, step = steps_of(tail)
    then = step + stepped.chain_steps[index]
    good = (then >= earliest[index]) & (then <= latest[index])
    add(node(tail[index[good]], step[good]), node(index[good], then[good]), stepped.chain_units[index[good]])
    index, step = steps_of(np.arange(c, dtype=np.int64))
    good = (step >= earliest[head[index]]) & (step <= latest[head[index]])
    add(
        node(index[good], step[good]),
        node(head[index[good]], step[good]),
        stepped.chain_units[index[good]],
    )
    usable = np.flatnonzero(stepped.door_junction >= 0)
    shelter = problem.network.entrance_shelter[problem.entrances].astype(np.int64)
    at = c + stepped.door_junction[usable].astype(np.int64)
    index, step = steps_of(at)
    good = step + stepped.door_steps[usable[index]] <= steps - 1
    add(
        node(at[index[good]], step[good]),
        nodes + shelter[usable[index[good]]],
        stepped.door_units[usable[index[good]]],
    )
    s = len(problem.places)
    rows = np.flatnonzero(placed)
    source, sink = nodes + s + len(rows), nodes + s + len(rows) + 1
    add(nodes + np.arange(s), np.full(s, sink), problem.places * UNITS)
    units = problem.persons[rows] * UNITS
    add(np.full(len(rows), source), nodes + s + np.arange(len(rows)), units)
    starts = [
        (i, place, at_step) for i, row in enumerate(rows.tolist()) for place, at_step in stepped.start[row]
    ]
    if starts:
        who, where, when = (np.array(x, dtype=np.int64) for x in zip(*starts, strict=True))
        good = (when <= latest[where]) & (when >= earliest[where])
        add(nodes + s + who[good], node(where[good], when[good]), units[who[good]])
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(np.concatenate(tails), np.concatenate(heads), np.concatenate(capacities))
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise RuntimeError("the maximum flow found no optimum")
    return int(solver.optimal_flow()) >= everything


def _windows(problem: Problem, stepped: Stepped, placed: Bools, steps: int) -> tuple[Ints, Ints]:
    """Return the earliest step at which anybody can be at each place, and the latest from which a door is in reach."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    c, k = stepped.chains, stepped.junctions
    size = c + k
    far = np.int64(steps + 1)
    tail = c + stepped.chain_tail.astype(np.int64)
    head = c + stepped.chain_head.astype(np.int64)
    ends = np.arange(c, dtype=np.int64)
    # Weights are shifted by a small amount because a sparse matrix cannot tell a step count of 0 from no arc.
    tiny = 1.0 / (4.0 * (2 * size + 4))
    starts = [(place, at) for row in np.flatnonzero(placed).tolist() for place, at in stepped.start[row]]
    first: dict[int, int] = {}
    for place, at in starts:
        first[place] = min(at, first.get(place, at))
    source = np.array(sorted(first), dtype=np.int64)
    begin = np.array([first[p] for p in source.tolist()], dtype=np.float64)
    usable = stepped.door_junction >= 0
    door = c + stepped.door_junction[usable].astype(np.int64)

    def reach(t: Ints, h: Ints, w: NDArray[np.float64], roots: Ints, at: NDArray[np.float64]) -> Ints:
        rows = np.concatenate([t, np.full(len(roots), size, dtype=np.int64)])
        columns = np.concatenate([h, roots])
        weight = np.concatenate([w, at]) + tiny
        order = np.lexsort((weight, columns, rows))
        rows, columns, weight = rows[order], columns[order], weight[order]
        fresh = np.ones(len(rows), dtype=np.bool_)
        fresh[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        graph = coo_array((weight[fresh], (rows[fresh], columns[fresh])), shape=(size + 1, size + 1)).tocsr()
        found = dijkstra(graph, indices=size)[:size]
        result: Ints = np.where(np.isfinite(found), np.floor(found), far).astype(np.int64)
        return result

    walk = stepped.chain_steps.astype(np.float64)
    none = np.zeros(c)
    t, h = np.concatenate([tail, ends]), np.concatenate([ends, head])
    w = np.concatenate([walk, none])
    earliest = reach(t, h, w, source, begin)
    left = reach(h, t, w, door, stepped.door_steps[usable].astype(np.float64))
    return earliest, np.where(left < far, steps - 1 - left, -1)
