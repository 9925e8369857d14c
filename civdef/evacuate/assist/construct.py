"""A sound first set of rounds: whichever vehicle is free first fetches whoever can be loaded soonest, and those near them."""

from __future__ import annotations

import heapq

from civdef.evacuate.assist.rounds import FAR_S, Job, Rounds, Route

NEIGHBOURS = 16
"""So many people nearest to the first of a trip are tried as its companions."""


def construct(rounds: Rounds) -> tuple[list[Route], tuple[int, ...]]:
    """Return routes, and the jobs that no vehicle can do.

    Vehicles are taken in the order in which they become free. A trip starts with the person who can be loaded soonest, those
    who are due first before others, and takes on others while that is quicker than fetching them alone and there is room;
    then it unloads, nearest shelter first.
    """
    drive = rounds.drive_s
    routes: list[Route] = [[] for _ in rounds.cars]
    loaded: dict[int, int] = {}
    waiting = {
        j for j, job in enumerate(rounds.jobs) if any(_able(rounds, v, job) for v in range(len(rounds.cars)))
    }
    queue = [(car.from_s, v, car.start) for v, car in enumerate(rounds.cars)]
    heapq.heapify(queue)
    parked: list[tuple[int, int, int]] = []
    while queue and waiting:
        clock, v, point = heapq.heappop(queue)
        open_ = [
            j
            for j in sorted(waiting)
            if _able(rounds, v, rounds.jobs[j]) and all(k in loaded for k, _ in rounds.jobs[j].after)
        ]
        if not open_:
            parked.append((clock, v, point))
            continue
        ready = {j: _ready(rounds, j, loaded) for j in open_}
        soonest = {j: max(clock + int(drive[point, rounds.jobs[j].pick_up]), ready[j]) for j in open_}
        first = min(open_, key=lambda j: (_due(rounds.jobs[j]), soonest[j], j))
        picks = _companions(rounds, v, clock, point, first, open_, ready)
        stops, done, times = _trip(rounds, clock, point, picks, ready)
        routes[v].extend(stops)
        loaded.update(times)
        waiting.difference_update(picks)
        heapq.heappush(queue, (done, v, rounds.jobs[~stops[-1]].drop))
        for one in parked:
            heapq.heappush(queue, (max(one[0], clock), one[1], one[2]))
        parked = []
    done_jobs = {s for r in routes for s in r if s >= 0}
    return routes, tuple(j for j in range(len(rounds.jobs)) if j not in done_jobs)


def _able(rounds: Rounds, v: int, job: Job) -> bool:
    car = rounds.cars[v]
    return (
        car.places[job.kind] > 0
        and rounds.drive_s[car.start, job.pick_up] < FAR_S
        and rounds.drive_s[job.pick_up, car.start] < FAR_S
    )


def _ready(rounds: Rounds, j: int, loaded: dict[int, int]) -> int:
    job = rounds.jobs[j]
    return max([job.ready_s, *(loaded[k] + wait for k, wait in job.after)])


def _due(job: Job) -> int:
    return job.due_s if job.due_s >= 0 else FAR_S


def _companions(
    rounds: Rounds, v: int, clock: int, point: int, first: int, open_: list[int], ready: dict[int, int]
) -> list[int]:
    """Return the pick-ups of a trip in order, as long as each is quicker with the others than alone."""
    drive, jobs = rounds.drive_s, rounds.jobs
    room = list(rounds.cars[v].places)
    room[jobs[first].kind] -= 1
    picks = [first]
    near = sorted(
        (j for j in open_ if j != first), key=lambda j: (int(drive[jobs[first].pick_up, jobs[j].pick_up]), j)
    )[:NEIGHBOURS]
    end = _trip(rounds, clock, point, picks, ready)[1]
    while True:
        best: tuple[int, int, list[int], int] | None = None
        for j in near:
            if j in picks or room[jobs[j].kind] == 0:
                continue
            job = jobs[j]
            alone = (
                int(drive[job.drop, job.pick_up] + drive[job.pick_up, job.drop]) + job.load_s + job.unload_s
            )
            for k in range(1, len(picks) + 1):
                tried = [*picks[:k], j, *picks[k:]]
                longer = _trip(rounds, clock, point, tried, ready)[1]
                gain = longer - end - alone
                if gain < 0 and (best is None or (gain, j) < best[:2]):
                    best = (gain, j, tried, longer)
        if best is None:
            return picks
        _, j, picks, end = best
        room[jobs[j].kind] -= 1


def _trip(
    rounds: Rounds, clock: int, point: int, picks: list[int], ready: dict[int, int]
) -> tuple[Route, int, dict[int, int]]:
    """Return the stops of a trip, when it is over, and when each person is loaded."""
    drive, jobs = rounds.drive_s, rounds.jobs
    times: dict[int, int] = {}
    for j in picks:
        job = jobs[j]
        clock = max(clock + int(drive[point, job.pick_up]), ready[j]) + job.load_s
        times[j] = clock
        point = job.pick_up
    stops: Route = list(picks)
    left = list(picks)
    while left:
        j = min(left, key=lambda j: (int(drive[point, jobs[j].drop]), picks.index(j)))
        clock += int(drive[point, jobs[j].drop]) + jobs[j].unload_s
        point = jobs[j].drop
        stops.append(~j)
        left.remove(j)
    return stops, clock, times
