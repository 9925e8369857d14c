"""How fast people walk alone, by kind of person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Kind(IntEnum):
    """Kind of person, as the demand tables count them."""

    ADULT = 0
    CHILD = 1
    ELDERLY = 2
    ASSISTED = 3


@dataclass(frozen=True, slots=True)
class Speeds:
    """Free walking speeds [m/s]; every one is a setting, because they differ by town, season and hour.

    Attributes
    ----------
    adult_mps
        1.2: free speed in corridors, IMO MSC.1/Circ.1533 (Weidmann's mean is 1.34: the default is on the safe side).
    child_mps
        0.96: a child with an adult walks 0.8 × as fast (a tsunami-evacuation model's choice).
    elderly_mps
        0.85: middle of the 0.75–0.95 used in planning; the age regression in IMO gives 0.75 (women) at 70.
    assisted_mps
        0.70: pushed wheelchair or led by a helper, planning 0.6–0.8 (fit helpers in a short trial reached 1.37).
    source
        Where changed values come from; printed beside results.
    """

    adult_mps: float = 1.2
    child_mps: float = 0.96
    elderly_mps: float = 0.85
    assisted_mps: float = 0.70
    source: str = (
        "IMO MSC.1/Circ.1533; tsunami-evacuation practice (child, elderly); planning value (assisted)"
    )

    def __post_init__(self) -> None:
        """Refuse speeds nobody walks.

        Raises
        ------
        ValueError
            If a speed is not in (0, 5] m/s.
        """
        if not all(0.0 < v <= 5.0 for v in self._values()):
            raise ValueError("walking speeds must be above 0 and at most 5 m/s")

    def _values(self) -> tuple[float, float, float, float]:
        return (self.adult_mps, self.child_mps, self.elderly_mps, self.assisted_mps)

    def of(self, kinds: ArrayLike) -> NDArray[np.float64]:
        """Return the speed [m/s] of each kind.

        Parameters
        ----------
        kinds
            :class:`Kind` values, any shape.

        Returns
        -------
        numpy.ndarray
            Same shape.

        Raises
        ------
        ValueError
            For a number that is no kind.
        """
        index = np.asarray(kinds, dtype=np.int64)
        if index.size and (index.min() < 0 or index.max() >= len(Kind)):
            raise ValueError("unknown kind of person")
        return np.array(self._values(), dtype=np.float64)[index]

    def slowest(self, kinds: Iterable[Kind]) -> Kind:
        """Return the kind whose speed a group of these kinds keeps: a family walks with its slowest member.

        Parameters
        ----------
        kinds
            Kinds in the group, at least one.

        Raises
        ------
        ValueError
            If the group is empty.
        """
        found = sorted(set(kinds), key=lambda k: (self._values()[k], -k))
        if not found:
            raise ValueError("a group has at least one member")
        return Kind(found[0])
