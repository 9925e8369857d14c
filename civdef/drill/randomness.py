"""Random numbers by name: each thing that can vary has a stream of its own.

A stream depends on the seed and its name only. So nothing changes elsewhere when one more call is made, two runs that differ
in one road share all other chances (the stress test rests on this), and replicates do not depend on how many workers ran.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from civdef.model.base import _Estimate

PERT_SHAPE = 4.0
"""Weight of the likely value in a PERT (scaled beta) distribution: 4, its usual definition (mean = (a + 4m + b) / 6)."""


class Streams:
    """Named streams of random numbers.

    Parameters
    ----------
    seed
        Seed of the drill, 0 or more.
    replicate
        Number of the replicate in an ensemble; 0 for a single drill.
    """

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed = seed
        self.replicate = replicate
        self._made: dict[str, np.random.Generator] = {}

    def of(self, name: str) -> np.random.Generator:
        """Return the generator called `name`; asked again, it goes on where it stood."""
        made = self._made.get(name)
        if made is None:
            digest = hashlib.sha256(name.encode("utf-8")).digest()
            words = [int.from_bytes(digest[i : i + 4], "big") for i in (0, 4, 8, 12)]
            sequence = np.random.SeedSequence(self.seed, spawn_key=(self.replicate, *words))
            made = self._made[name] = np.random.Generator(np.random.PCG64(sequence))
        return made

    def chance(self, name: str, share: float) -> bool:
        """Return whether something that happens in `share` of cases happens now."""
        return bool(self.of(name).random() < share)

    def pert(self, name: str, estimate: _Estimate) -> float:
        """Return one draw from a three-point estimate, in its unit; no draw where all three are equal."""
        if estimate.low == estimate.high:
            return estimate.likely
        return float(pert(self.of(name), estimate, 1)[0])


def pert(generator: np.random.Generator, estimate: _Estimate, count: int) -> NDArray[np.float64]:
    """Return `count` draws from the PERT distribution of a three-point estimate, in its unit, shape ``(count,)``."""
    low, likely, high = estimate.low, estimate.likely, estimate.high
    if high == low:
        return np.full(count, likely)
    a = 1.0 + PERT_SHAPE * (likely - low) / (high - low)
    b = 1.0 + PERT_SHAPE * (high - likely) / (high - low)
    return np.asarray(low + (high - low) * generator.beta(a, b, count), dtype=np.float64)


def lognormal(generator: np.random.Generator, median: float, sigma: float, count: int) -> NDArray[np.float64]:
    """Return `count` log-normal draws with the given median, in its unit; `sigma` is that of the logarithm."""
    return np.asarray(generator.lognormal(math.log(median), sigma, count), dtype=np.float64)
