"""Departure waves: who would only stand in a queue leaves later, where that shortens nobody's time but the queues'.

The plan is carried out once with everybody leaving at once. A building whose people are held up may leave so much later,
in whole waves; whoever would then be late leaves earlier again, until the plan is done no later than before. Buildings
with a deadline that leaves little time always leave at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Network, Ways, ways_of
from civdef.evacuate.problem import Problem
from civdef.evacuate.routes import Routes
from civdef.evacuate.stepped import UNITS, Stepped

Ints = NDArray[np.int64]

WORTH = 0.1
"""Share of the standing in queues that waves must save to be worth the trouble (a planning choice)."""

TIME_TO_SPARE = 2.0
"""A building may wait only if it must be empty no sooner than this times the whole plan takes (a planning choice)."""

_TRIES = 40


@dataclass(frozen=True, eq=False)
class Waves:
    """When each building leaves.

    Attributes
    ----------
    delay_steps
        Steps that each building waits at home, whole waves, shape (B,); zeros where waves are not worth it.
    done
        Steps until the last person of each building is inside, shape (B,).
    standing_person_s, at_once_person_s
        Person-seconds stood in queues with these departures, and with everybody leaving at once.
    at_once_done
        `done` with everybody leaving at once, shape (B,).
    """

    delay_steps: Ints
    done: Ints
    standing_person_s: float
    at_once_person_s: float
    at_once_done: Ints

    def given_up(self) -> Waves:
        """Return the same with everybody leaving at once."""
        delay = np.zeros_like(self.delay_steps)
        return Waves(
            delay, self.at_once_done, self.at_once_person_s, self.at_once_person_s, self.at_once_done
        )

    @property
    def staged(self) -> bool:
        """Whether anybody leaves later than at once."""
        return bool(self.delay_steps.any())


def stage(
    problem: Problem, stepped: Stepped, routes: Routes, wave_s: int, together: Ints | None = None
) -> Waves:
    """Return departures in waves of `wave_s` seconds, or everybody at once where waves do not help.

    Waves help when the whole plan is done no later and at least `WORTH` of the standing in queues is saved.

    Parameters
    ----------
    problem, stepped, routes
        The plan.
    wave_s
        Time from one wave to the next; 0: everybody at once [s].
    together
        Rows with the same number leave in the same wave, shape (B,); None: the parts of a building may differ.
    """
    ways, network = ways_of(problem, stepped, routes), Network(stepped)
    done, waited, _ = network.carry(ways)
    at_once = float(waited.sum()) / UNITS * stepped.step_s
    none = Waves(np.zeros(len(done), dtype=np.int64), done, at_once, at_once, done)
    wave = -(-wave_s // stepped.step_s)
    if wave <= 0 or at_once == 0:
        return none
    last = int(done.max(initial=0))
    held = np.maximum(done - alone(stepped, ways), 0)
    may = problem.deadline_s >= TIME_TO_SPARE * last * stepped.step_s
    delay = np.where(may, held // wave * wave, 0)
    for _ in range(_TRIES):
        delay = _least(delay, together)
        if not delay.any():
            return none
        then, waited, _ = network.carry(ways, delay)
        late = then > np.where(may, last, np.maximum(done, 0))
        if not late.any():
            standing = float(waited.sum()) / UNITS * stepped.step_s
            return Waves(delay, then, standing, at_once, done) if standing <= at_once * (1 - WORTH) else none
        mine = late & (delay > 0)
        if mine.any():
            delay = np.where(mine, delay - wave, delay)
        else:  # those who leave later hold up others: everybody a wave earlier
            delay = np.maximum(delay - wave, 0)
    return none


def alone(stepped: Stepped, ways: Ways) -> Ints:
    """Return when each building would be done if nobody else walked, shape (B,); 0 for those that send nobody."""
    found = np.zeros(len(ways.units), dtype=np.int64)
    for b in np.flatnonzero(ways.units).tolist():
        chains = ways.chains[ways.begin[b] : ways.end[b]]
        walk = int(ways.step[b] + stepped.chain_steps[chains].sum() + stepped.door_steps[ways.door[b]])
        narrow = int(stepped.door_units[ways.door[b]])
        if ways.place[b] < stepped.chains:
            narrow = min(narrow, int(stepped.chain_units[ways.place[b]]))
        narrow = min(narrow, int(stepped.chain_units[chains].min(initial=narrow)))
        found[b] = walk + -(-int(ways.units[b]) // narrow)
    return found


def _least(delay: Ints, together: Ints | None) -> Ints:
    """Return delays made equal, to the least, within each group."""
    if together is None:
        return delay
    _, member = np.unique(together, return_inverse=True)
    least = np.full(int(member.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, member.reshape(-1), delay)
    return least[member.reshape(-1)]
