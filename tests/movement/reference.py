"""An independent, slow queue model: the same rules in plain Python, no heap, no records, one speed class.

At every moment at which anything can happen, every street and door is looked at until nothing moves any more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass
class Street:
    length: float
    flow: float
    storage: float
    queue: list[tuple[float, int]] = field(default_factory=list)  # (ready, walker)
    origin: list[tuple[float, int]] = field(default_factory=list)
    free_in: float = 0.0
    free_out: float = 0.0
    virtual: float = 0.0
    finish_out: tuple[int, float] = (-1, 0.0)
    finish_origin: float = 0.0
    waiting: dict[tuple[str, int], float] = field(default_factory=dict)  # ("street" | "origin", which) → tag


def simulate(
    arcs: list[tuple[int, int, float, float, float]],
    door_flow: float,
    walkers: list[tuple[list[int], float, int]],
    speed: float,
) -> list[float]:
    """Return arrivals. `arcs`: tail, head, length, flow, storage. `walkers`: route, departure, persons. One door."""
    door = len(arcs)
    streets = [Street(a[2], a[3], a[4]) for a in arcs] + [Street(0.0, door_flow, math.inf)]
    routes = [[*route, door] for route, _, _ in walkers]
    at = [0] * len(walkers)  # position in the route of the street the walker is on or waits for
    persons = [w[2] for w in walkers]
    present = [0] * len(streets)
    arrival = [math.inf] * len(walkers)
    to_depart = sorted(range(len(walkers)), key=lambda i: (walkers[i][1], i))
    now = 0.0

    def wait(target: int, who: tuple[str, int]) -> None:
        t = streets[target]
        if who in t.waiting:
            return
        tag = t.virtual
        if who[0] == "origin":
            tag = max(tag, t.finish_origin)
        elif streets[who[1]].finish_out[0] == target:
            tag = max(tag, streets[who[1]].finish_out[1])
        t.waiting[who] = tag

    def line_of(who: tuple[str, int], target: int) -> list[tuple[float, int]]:
        return streets[target].origin if who[0] == "origin" else streets[who[1]].queue

    def step() -> bool:
        while to_depart and walkers[to_depart[0]][1] <= now:
            i = to_depart.pop(0)
            streets[routes[i][0]].origin.append((now, i))
        moved = False
        d = streets[door]
        while d.queue and d.free_out <= now:
            _, i = d.queue.pop(0)
            present[door] -= persons[i]
            arrival[i] = now + (persons[i] - 1) / door_flow
            d.free_out = now + persons[i] / door_flow
            moved = True
        for k, street in enumerate(streets):
            if street.origin:
                wait(k, ("origin", k))
            if k != door and street.queue and street.queue[0][0] <= now and street.free_out <= now:
                i = street.queue[0][1]
                wait(routes[i][at[i] + 1], ("street", k))
        for k, street in enumerate(streets):
            if not street.waiting or street.free_in > now:
                continue
            who = min(street.waiting, key=lambda x: (street.waiting[x], line_of(x, k)[0][0], x))
            if who[0] == "street" and streets[who[1]].free_out > now:
                continue
            i = line_of(who, k)[0][1]
            if present[k] and present[k] + persons[i] > street.storage:
                continue
            line_of(who, k).pop(0)
            tag = street.waiting.pop(who)
            street.virtual = max(street.virtual, tag)
            if k != door:
                street.free_in = now + persons[i] / street.flow
            if who[0] == "origin":
                if k != door:
                    street.finish_origin = tag + persons[i] / street.flow
            else:
                before = streets[who[1]]
                gap = persons[i] / before.flow
                before.free_out = now + gap
                before.finish_out = (k, tag + gap)
                present[who[1]] -= persons[i]
                at[i] += 1
            ready = now + street.length / speed
            if street.queue:
                ready = max(ready, street.queue[-1][0])
            street.queue.append((ready, i))
            present[k] += persons[i]
            return True
        return moved

    while True:
        while step():
            pass
        later = [walkers[i][1] for i in to_depart[:1]]
        for street in streets:
            later += [street.free_in, street.free_out, *(ready for ready, _ in street.queue[:1])]
        later = [t for t in later if t > now]
        if not later:
            return arrival
        now = min(later)
