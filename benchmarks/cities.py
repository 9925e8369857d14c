"""Synthetic cities of three sizes by a published recipe with a seed: streets, people, shelters, and their step networks.

A jittered grid 100 m apart; 8 % of the streets missing except on arterials (every eighth row and column), the largest
connected part kept; people by a bell around the centre times a gamma draw per node; shelters at random nodes of arterials
with uneven places that add up to 1.2 × the people (*tight*) or without limit (*slack*). Walking: 1.2 m/s, 2 and 4 persons per
second and direction; driving: 8.3 and 13.9 m/s, 0.5 and 1 vehicle of one unit per second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow import StepNetwork
from civdef.evacuate.flow.clocks import steps_up

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mode = Literal["drive", "walk"]
Rounding = Literal["up", "down"]

SEED = 7
SIZES = {"S": (55, 48_000, 12), "M": (140, 200_000, 50), "L": (316, 1_000_000, 250)}
"""Name → nodes along a side before any is dropped, people, shelters."""

SCALE = 10
"""Parts of a person in which units are counted, so that half a person per second is a whole number in steps of 1 s."""


@dataclass(frozen=True, eq=False)
class City:
    """N nodes, M directed arcs in order of tail and head, S shelters.

    Attributes
    ----------
    tail, head, length_m, arterial
        The arcs, shape (M,).
    persons
        People at each node, shape (N,).
    shelter_node, places
        Node and tight places of each shelter, shape (S,).
    """

    nodes: int
    tail: Ints
    head: Ints
    length_m: Floats
    arterial: NDArray[np.bool_]
    persons: Ints
    shelter_node: Ints
    places: Ints


@cache
def city(name: str) -> City:
    """Return S (3,023 nodes, 48,000 people), M (19,597; 200,000) or L (99,849; 1,000,000)."""
    side, people, shelters = SIZES[name]
    rng = np.random.default_rng(SEED)
    node = np.arange(side * side).reshape(side, side)
    x = (np.arange(side) * 100.0)[None, :] + rng.uniform(-25, 25, (side, side))
    y = (np.arange(side) * 100.0)[:, None] + rng.uniform(-25, 25, (side, side))
    x, y = x.ravel(), y.ravel()
    across = np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], axis=1)
    along = np.stack([node[:-1].ravel(), node[1:].ravel()], axis=1)
    streets = np.concatenate([across, along])
    arterial = np.concatenate([(across[:, 0] // side) % 8 == 4, (along[:, 0] % side) % 8 == 4])
    keep = (rng.random(len(streets)) > 0.08) | arterial
    return _people(x, y, streets[keep], arterial[keep], people, shelters, rng)


def _people(
    x: Floats, y: Floats, streets: Ints, arterial: NDArray[np.bool_],
    people: int, shelters: int, rng: np.random.Generator,
) -> City:  # fmt: skip
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(x)
    matrix = coo_array((np.ones(len(streets)), (streets[:, 0], streets[:, 1])), shape=(n, n))
    _, part = connected_components(matrix, directed=False)
    largest = part == np.bincount(part).argmax()
    number = np.cumsum(largest) - 1
    inside = largest[streets[:, 0]]
    streets, arterial = number[streets[inside]], arterial[inside]
    x, y = x[largest], y[largest]
    n = len(x)
    length = np.maximum(
        np.hypot(x[streets[:, 0]] - x[streets[:, 1]], y[streets[:, 0]] - y[streets[:, 1]]), 5.0
    )
    tail = np.concatenate([streets[:, 0], streets[:, 1]])
    head = np.concatenate([streets[:, 1], streets[:, 0]])
    order = np.lexsort((head, tail))
    tail, head = tail[order], head[order]
    length, arterial = np.tile(length, 2)[order], np.tile(arterial, 2)[order]
    radius = max(np.ptp(x), np.ptp(y)) / 2
    weight = np.exp(-((x - x.mean()) ** 2 + (y - y.mean()) ** 2) / (0.6 * radius) ** 2) * rng.gamma(
        1.0, 1.0, n
    )
    persons = rng.multinomial(people, weight / weight.sum())
    at = rng.choice(np.unique(tail[arterial]), shelters, replace=False)
    share = rng.uniform(0.5, 1.5, shelters)
    places = np.ceil(1.2 * people * share / share.sum()).astype(np.int64)
    persons[at] = 0
    moved = people - int(persons.sum())
    np.add.at(persons, rng.choice(np.setdiff1d(np.arange(n), at), moved), 1)
    return City(n, tail, head, length, arterial, persons.astype(np.int64), at.astype(np.int64), places)


def speeds(town: City, mode: Mode) -> tuple[Floats, Floats]:
    """Return seconds along each arc and persons per second into it."""
    if mode == "drive":
        return town.length_m / np.where(town.arterial, 13.9, 8.3), np.where(town.arterial, 1.0, 0.5)
    return town.length_m / 1.2, np.where(town.arterial, 4.0, 2.0)


def on_steps(
    town: City,
    mode: Mode,
    step_s: int,
    *,
    tight: bool = True,
    rounding: Rounding = "up",
    shifted: bool = False,
    leads: Floats | None = None,
) -> StepNetwork:
    """Return a city on steps: one source a node with people, one door of unlimited width a shelter.

    Parameters
    ----------
    town, mode, step_s
        The streets, how people move on them, and the length of a step [s].
    tight
        Whether places are limited.
    rounding
        Of travel times: up gives the optimum of the step, down a bound.
    shifted
        Whether each node's clock is put forward by its distance to the nearest shelter, so that the way there loses nothing
        to rounding.
    leads
        By what it is put forward otherwise [s], shape (N,); only to round up.
    """
    seconds, rate = speeds(town, mode)
    ahead = to_shelter_s(town, seconds) if shifted else np.zeros(town.nodes) if leads is None else leads
    arc = seconds - ahead[town.tail] + ahead[town.head]
    sources = np.flatnonzero(town.persons > 0)
    release = ahead[sources] / step_s
    whole = np.ceil if rounding == "up" else np.floor
    nudge = -1e-9 if rounding == "up" else 1e-9
    steps = np.maximum(whole(arc / step_s + nudge), 0 if shifted or rounding == "down" else 1)
    if leads is not None:
        steps = steps_up(seconds, town.tail, town.head, leads, step_s)
    everybody = int(town.persons.sum()) * SCALE
    doors = np.arange(len(town.shelter_node))
    return StepNetwork(
        nodes=town.nodes,
        tail=town.tail,
        head=town.head,
        steps=steps.astype(np.int64),
        units=np.round(rate * step_s * SCALE).astype(np.int64),
        supply=town.persons[sources] * SCALE,
        release_source=np.arange(len(sources)),
        release_node=sources,
        release_step=np.maximum(whole(release + nudge), 0).astype(np.int64),
        door_node=town.shelter_node,
        door_steps=np.zeros(len(doors), dtype=np.int64),
        door_units=np.full(len(doors), everybody),
        door_shelter=doors,
        places=town.places * SCALE if tight else np.full(len(doors), everybody),
    )


def to_shelter_s(town: City, seconds: Floats) -> Floats:
    """Return how far the nearest shelter is from each node, in free flow [s]."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    back = csr_array((seconds, (town.head, town.tail)), shape=(town.nodes, town.nodes))
    found: Floats = dijkstra(back, indices=town.shelter_node, min_only=True)
    return found
