"""What a location model is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Instance:
    """B groups of people and S sites, some of them open.

    Attributes
    ----------
    persons
        Shape (B,).
    distance
        From group to site, infinite where there is no way, shape (B, S) [m].
    open
        Sites that exist, shape (S,).
    places
        Places of each site, shape (S,) [persons]; None: without limit.
    """

    persons: Ints
    distance: Floats
    open: Bools
    places: Ints | None = None

    def __post_init__(self) -> None:
        b, s = self.distance.shape
        if self.persons.shape != (b,) or self.open.shape != (s,):
            raise ValueError("persons, distances and sites do not fit together")
        if self.places is not None and self.places.shape != (s,):
            raise ValueError("every site needs a number of places")
        if (self.persons < 0).any() or (self.distance < 0).any():
            raise ValueError("persons and distances are not negative")

    @property
    def size(self) -> tuple[int, int]:
        """Groups and sites."""
        b, s = self.distance.shape
        return b, s


@dataclass(frozen=True)
class Siting:
    """The answer of a model.

    Attributes
    ----------
    sites
        New sites, by index, rising.
    served_persons
        Persons with a place (within reach, where the model has a reach).
    left_persons
        Persons without.
    person_m
        Persons times metres of those served; for models that do not look at it, of their nearest site within reach.
    """

    sites: tuple[int, ...]
    served_persons: int
    left_persons: int
    person_m: float
