"""With `p` more sites, the least walking: the capacitated p-median, by branch and bound.

Sites are substitutes: what one more site saves never grows when others are opened besides (Shapley 1962). So with some
sites open, no choice of `k` more saves more than the `k` largest single savings added up, which bounds a branch. Every
saving is a transport problem, solved exactly.

Sources
-------
Hakimi, "Optimum locations of switching centers …", Operations Research 12 (1964) 450–459; with capacities, Mulvey and Beck,
European Journal of Operational Research 18 (1984) 339–348; substitutes, Shapley, "Complements and substitutes in the
optimal assignment problem", Naval Research Logistics Quarterly 9 (1962) 45–48; the bound, Nemhauser, Wolsey and Fisher,
Mathematical Programming 14 (1978) 265–294.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from civdef.evacuate.siting.instance import Instance, Siting
from civdef.evacuate.siting.transport import siting, transport


def p_median(instance: Instance, p: int) -> Siting:
    """Open at most `p` more sites: fewest people without a place first, then least person-metres.

    Raises
    ------
    ValueError
        For a negative `p`.
    """
    if p < 0:
        raise ValueError("the number of new sites is not negative")
    search = _Search(instance)
    new = [s for s in np.flatnonzero(~instance.open).tolist() if np.isfinite(instance.distance[:, s]).any()]
    search.branch((), new, p)
    return siting(instance, search.best)


@dataclass
class _Search:
    """The best sites so far, and the price of every choice looked at."""

    instance: Instance
    best: tuple[int, ...] = ()
    known: dict[tuple[int, ...], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        finite = self.instance.distance[np.isfinite(self.instance.distance)]
        # one person more left over weighs more than everybody walking farthest
        self.stay_m = float(self.instance.persons.sum()) * float(finite.max(initial=1.0)) + 1.0

    def price(self, sites: tuple[int, ...]) -> float:
        """Return person-metres, each person left over counting for more than all walking together."""
        sites = tuple(sorted(sites))
        if sites not in self.known:
            sent = transport(self.instance, sites)
            self.known[sites] = sent.left_persons * self.stay_m + sent.person_m
        return self.known[sites]

    def branch(self, chosen: tuple[int, ...], new: list[int], k: int) -> None:
        """Look at every choice of at most `k` of the new sites besides those chosen that may be the best."""
        here = self.price(chosen)
        if here < self.price(self.best):
            self.best = chosen
        if k == 0:
            return
        saved = sorted(((here - self.price((*chosen, s)), s) for s in new), key=lambda t: (-t[0], t[1]))
        saved = [(gain, s) for gain, s in saved if gain > 0]
        if saved and here - saved[0][0] < self.price(self.best):
            self.best = (*chosen, saved[0][1])
        for i, (_, s) in enumerate(saved):
            at_most = sum(gain for gain, _ in saved[i : i + k])
            if here - at_most >= self.price(self.best) - 1e-6:
                break
            if k > 1:
                self.branch((*chosen, s), [t for _, t in saved[i + 1 :]], k - 1)
