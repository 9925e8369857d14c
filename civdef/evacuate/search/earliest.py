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
    end
        Steps until the last person of the row is inside, shape (B, W).
    length, way
        Chains to enter, ``way[b, w, :length[b, w]]``, shapes (B, W) and (B, W, most chains).
    """

    option: Ints
    door: Ints
    end: Ints
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
    starts = range(int(np.diff(arrays.rows.opt_ptr).max(initial=1))) if start is None else (start,)
    parts = [_from(arrays, places, steps, most, k) for k in starts]
    if len(parts) == 1:
        return parts[0]
    return _merged(arrays.town.door_shelter, parts, most)


def _from(arrays: Arrays, places: Ints, steps: int, most: int, start: int) -> Earliest:
    """Return the ways of the rows by one of their ways onto the streets."""
    rows, width = arrays.rows, arrays.plan.way.shape[1]
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
    option, door, end, length = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    way = np.zeros((*shape, width), dtype=np.int64)
    ways_alone(arrays.town, rows, places, steps, option, door, end, length, way)
    if len(chosen):
        option = np.where(option >= 0, chosen[option], -1)
    return Earliest(option, door, end, length, way)


def _merged(shelter: Ints, parts: list[Earliest], most: int) -> Earliest:
    """Return the earliest of several ways to each shelter, the earliest shelters first.

    The search keeps one way to each junction. Looking from all ways onto the streets at once it would keep the first to get
    there, though only another one may go on from there within the limits or lead through no narrow street.
    """
    option, door, end, length, way = (
        np.concatenate([getattr(one, name) for one in parts], axis=1)
        for name in ("option", "door", "end", "length", "way")
    )
    taken = np.full((len(end), most), -1, dtype=np.int64)
    for b in np.flatnonzero((option >= 0).any(axis=1)).tolist():
        order = np.lexsort((np.arange(end.shape[1]), end[b]))
        order = order[option[b, order] >= 0]
        _, first = np.unique(shelter[door[b, order]], return_index=True)
        best = order[np.sort(first)][:most]
        taken[b, : len(best)] = best
    at = np.maximum(taken, 0)
    picked = [np.take_along_axis(a, at, axis=1) for a in (option, door, end, length)]
    return Earliest(
        np.where(taken >= 0, picked[0], -1),
        picked[1],
        picked[2],
        picked[3],
        np.take_along_axis(way, at[:, :, None], axis=1),
    )
