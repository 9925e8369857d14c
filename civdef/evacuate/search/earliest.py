"""The earliest ways of every building to its shelters if nobody else were in the streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.search.alone import ways_alone
from civdef.evacuate.search.arrays import Arrays

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Earliest:
    """Up to W ways of each of B rows, each to a shelter of its own, the earliest first.

    Attributes
    ----------
    option
        Ways onto the streets, an index of the options of the rows, -1: no further way, shape (B, W).
    door
        Doors, shape (B, W).
    length, way
        Chains to enter, ``way[b, w, :length[b, w]]``, shapes (B, W) and (B, W, most chains).
    """

    option: Ints
    door: Ints
    length: Ints
    way: Ints


def earliest_alone(arrays: Arrays, places: Ints, steps: int, most: int, start: int | None = None) -> Earliest:
    """Return the earliest ways in empty streets that keep to the limits of their rows.

    Parameters
    ----------
    arrays
        Network and rows.
    places
        Units of each shelter, shape (S,).
    steps
        Steps within which the last person of a row is inside; later ways are left out.
    most
        Ways of each row, W.
    start
        Which of its ways onto the streets a row takes, counted from 0; None: whichever is earliest.
    """
    rows, width = arrays.rows, arrays.plan.way.shape[1]
    chosen = np.arange(len(rows.opt_place))
    if start is not None:
        able = start < np.diff(rows.opt_ptr)
        chosen = rows.opt_ptr[:-1][able] + start
        rows = rows._replace(
            people=np.where(able, rows.people, 0),
            opt_ptr=np.concatenate([[0], np.cumsum(able)]).astype(np.int64),
            opt_place=rows.opt_place[chosen],
            opt_step=rows.opt_step[chosen],
            opt_m=rows.opt_m[chosen],
            opt_turns=rows.opt_turns[chosen],
            opt_end=rows.opt_end[chosen],
        )
    shape = (len(rows.people), most)
    option, door, length = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    way = np.zeros((*shape, width), dtype=np.int64)
    ways_alone(arrays.town, rows, places, steps, option, door, length, way)
    if len(chosen):
        option = np.where(option >= 0, chosen[option], -1)
    return Earliest(option, door, length, way)
