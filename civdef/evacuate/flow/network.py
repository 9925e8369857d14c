"""The plain input of the quickest flow: nodes, arcs, sources, doors and places, all in whole steps and whole units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LARGEST = 2**30
"""Largest count of units and of steps: flows are kept in 32 bits."""


@dataclass(frozen=True, eq=False)
class StepNetwork:
    """N nodes, A arcs, I sources with R releases, D doors, S shelters; time in steps 0, 1, 2, …

    A source's units enter the network at the node of any of its releases, from the step of that release on. An arc that is
    entered in step t is left in step t + its travel steps. A door that is reached at its node in step t is passed in step
    t + its steps; everybody is inside within K steps if all pass in steps 0 … K-1. Waiting is free everywhere.

    Attributes
    ----------
    nodes
        Number of nodes N.
    tail, head
        Nodes at the ends of each arc, shape (A,).
    steps
        Travel steps of each arc, at least 0, shape (A,).
    units
        Units that may enter each arc per step, at least 0, shape (A,).
    supply
        Units of each source, at least 0, shape (I,).
    release_source, release_node, release_step
        Each way of a source into the network, shape (R,).
    door_node, door_steps, door_units, door_shelter
        Node of each door, steps from there through it, units per step, and its shelter, shape (D,).
    places
        Units that each shelter takes in all, shape (S,).
    """

    nodes: int
    tail: Ints
    head: Ints
    steps: Ints
    units: Ints
    supply: Ints
    release_source: Ints
    release_node: Ints
    release_step: Ints
    door_node: Ints
    door_steps: Ints
    door_units: Ints
    door_shelter: Ints
    places: Ints

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together.

        Raises
        ------
        ValueError
            For arrays of unequal length, numbers that are negative or too large, and indices that point nowhere.
        """
        arcs, releases, doors = len(self.tail), len(self.release_source), len(self.door_node)
        lengths = {
            arcs: ("head", "steps", "units"),
            releases: ("release_node", "release_step"),
            doors: ("door_steps", "door_units", "door_shelter"),
        }
        for length, names in ((arcs, lengths[arcs]), (releases, ("release_node", "release_step")),
                              (doors, ("door_steps", "door_units", "door_shelter"))):  # fmt: skip
            for name in names:
                if getattr(self, name).shape != (length,):
                    raise ValueError(f"{name} must have {length} entries, not {getattr(self, name).shape}")
        for name in ("steps", "units", "supply", "release_step", "door_steps", "door_units", "places"):
            column = getattr(self, name)
            if len(column) and (column.min() < 0 or column.max() > LARGEST):
                raise ValueError(f"{name} must lie between 0 and {LARGEST}")
        if int(self.supply.sum()) > LARGEST:
            raise ValueError(f"more than {LARGEST} units in all: count in coarser units")
        for name, size in (
            ("tail", self.nodes),
            ("head", self.nodes),
            ("release_source", len(self.supply)),
            ("release_node", self.nodes),
            ("door_node", self.nodes),
            ("door_shelter", len(self.places)),
        ):
            column = getattr(self, name)
            if len(column) and (column.min() < 0 or column.max() >= size):
                raise ValueError(f"{name} points to something that is not there")

    @property
    def arcs(self) -> int:
        """Number of arcs A."""
        return len(self.tail)

    @property
    def doors(self) -> int:
        """Number of doors D."""
        return len(self.door_node)

    @property
    def total(self) -> int:
        """Units of all sources together."""
        return int(self.supply.sum())
