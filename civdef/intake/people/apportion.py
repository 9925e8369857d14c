"""Whole numbers in proportion to weights, each within its limits, with an exact sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEGLIGIBLE = 1e-9
"""A weight less than this times the largest counts as none."""


def apportion(total: int, weights: Sequence[float], low: Sequence[int] | int, high: Sequence[int]) -> Ints:
    """Return whole numbers that sum to `total`, as near to proportion with `weights` as their limits allow.

    The exact shares are ``clip(scale × weight, low, high)`` with the one scale that makes their sum `total`; each is
    rounded down or up, the largest remainders up, equal remainders evenly over the list. Entries without weight stay at
    `low` unless the others are full.

    Parameters
    ----------
    total
        Between the sums of `low` and `high`.
    weights
        Not negative, shape (n,).
    low, high
        Limits, 0 ≤ low ≤ high, shape (n,).

    Raises
    ------
    ValueError
        If the limits do not allow the total.
    """
    n = len(weights)
    least = np.broadcast_to(np.asarray(low, dtype=np.int64), (n,))
    most = np.asarray(high, dtype=np.int64)
    if not int(least.sum()) <= total <= int(most.sum()):
        raise ValueError(f"{total} is not within {int(least.sum())} and {int(most.sum())}")
    w = np.asarray(weights, dtype=np.float64)
    if n and w.max() > 0:
        w = np.where(w < NEGLIGIBLE * w.max(), 0.0, w / w.max())
    shares = _shares(total, w, least, most)
    whole = np.clip(np.floor(shares + 1e-9).astype(np.int64), least, most)
    order = np.lexsort((even_order(n), -(shares - whole)))
    missing = total - int(whole.sum())
    while missing:
        step = 1 if missing > 0 else -1
        room = most[order] > whole[order] if step > 0 else least[order] < whole[order]
        # Who has a weight goes before who has none.
        open_ = order[room]
        open_ = np.concatenate([open_[w[open_] > 0], open_[w[open_] <= 0]])
        if step < 0:
            open_ = open_[::-1]
        take = open_[: abs(missing)]
        whole[take] += step
        missing -= step * len(take)
    return whole


def _shares(total: int, w: NDArray[np.float64], low: Ints, high: Ints) -> NDArray[np.float64]:
    """Return the exact shares: the scale is found by halving, and what the limits leave over is told by the caller's rounding."""
    low_f, high_f = low.astype(np.float64), high.astype(np.float64)
    if not w.any():
        return low_f
    below, above = 0.0, float(high_f.max()) / NEGLIGIBLE
    for _ in range(100):
        middle = (below + above) / 2
        if np.clip(middle * w, low_f, high_f).sum() < total:
            below = middle
        else:
            above = middle
    shares: NDArray[np.float64] = np.clip(above * w, low_f, high_f)
    return shares


def even_order(n: int) -> Ints:
    """Return ranks of a list so that any first k ranks lie evenly over it (golden-ratio sequence)."""
    spots = (np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    ranks = np.empty(n, dtype=np.int64)
    ranks[np.argsort(spots, kind="stable")] = np.arange(n)
    return ranks
