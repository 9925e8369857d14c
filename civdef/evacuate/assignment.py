"""Every building to exactly one shelter with room, walking as little as possible in all.

1. *Relaxation*: a minimum-cost flow that may split buildings (integers, exact). Its cost is a proven lower bound on the
   person-metres of every assignment that places as many people, and its dummy arcs say how many must stay.
2. *Rounding*: buildings the flow split are put back whole, largest first; when nothing has room, others make way
   (ejection: one moves on, or two change places).
3. *Search*: moves and exchanges while any shortens the walking.
4. *Tight cases*: if people are left who fit by the relaxation, or everybody fits and the walking is more than
   `WORTH_A_SEARCH` above it, CP-SAT looks for fewer left over and shorter walks, starting from what was found.

All steps are deterministic: integers, fixed order, deterministic limits instead of clocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.tight import FAR, fewest_left

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Choice = NDArray[np.int32]

WORTH_A_SEARCH = 0.05
"""Share above the relaxed person-metres from which CP-SAT is asked (a choice between time and metres): on the sample street,
by night, working day and holiday, asking from 1% on changed no plan and took 1.3 s."""

SMALL = 200
"""Buildings times shelters up to which CP-SAT is asked even where places are short for all: there it costs nothing."""

_DECIMETRES = 10


@dataclass(frozen=True)
class Assignment:
    """Which shelter each building goes to.

    Attributes
    ----------
    shelter
        Shelter index of each building, `NOWHERE` for those left over, shape (B,).
    person_m
        Persons times metres of level walking, over those placed.
    relaxed_person_m
        The same for the best assignment that may split buildings: a lower bound if as many are placed.
    relaxed_left_persons
        Persons left over even if buildings may be split: a lower bound on those left over.
    """

    shelter: Choice
    person_m: float
    relaxed_person_m: float
    relaxed_left_persons: int


def assign(persons: Ints, places: Ints, cost_m: Floats, *, polish: bool = True) -> Assignment:
    """Assign buildings to shelters: fewest persons left over first, then fewest person-metres.

    Parameters
    ----------
    persons
        In each building, at least 1, shape (B,).
    places
        Of each shelter, shape (S,).
    cost_m
        Walk from building to shelter; infinite where not allowed or unreachable, shape (B, S) [m].
    polish
        Whether chains of moves and step 4 may be used for shorter walks alone; step 4 is always taken for people left over.

    Raises
    ------
    ValueError
        For shapes that do not fit, negative persons or places, or a negative or NaN cost.
    """
    persons, places = np.asarray(persons, dtype=np.int64), np.asarray(places, dtype=np.int64)
    cost_m = np.asarray(cost_m, dtype=np.float64)
    if cost_m.shape != (len(persons), len(places)):
        raise ValueError("cost_m must have one row per building and one column per shelter")
    if (persons < 0).any() or (places < 0).any() or not (cost_m >= 0).all():
        raise ValueError("persons, places and costs cannot be negative or NaN")
    cost = np.full(cost_m.shape, FAR, dtype=np.int64)
    able = np.isfinite(cost_m)
    cost[able] = np.rint(cost_m[able] * _DECIMETRES).astype(np.int64)
    flow, relaxed_cost, relaxed_left = relax(persons, places, cost)
    search = _Search(persons, places, cost, flow)
    search.improve(chains=polish)
    comparable = relaxed_left == 0 or cost.size <= SMALL
    far = polish and comparable and search.total > relaxed_cost * (1 + WORTH_A_SEARCH)
    if search.left_persons > relaxed_left or far:
        before = (search.left_persons, search.total)
        found = fewest_left(persons, places, cost, search.shelter)
        if objective(persons, cost, found) < before:
            search.take(found)
            search.improve()
    shelter = search.shelter.astype(np.int32)
    placed = np.flatnonzero(shelter >= 0)
    total = float((persons[placed] * cost_m[placed, shelter[placed]]).sum())
    return Assignment(shelter, total, relaxed_cost / _DECIMETRES, relaxed_left)


def relax(persons: Ints, places: Ints, cost: Ints) -> tuple[Ints, int, int]:
    """Solve the assignment that may split buildings.

    Parameters
    ----------
    persons, places
        As in :func:`assign`.
    cost
        Decimetres, `FAR` where not allowed, shape (B, S).

    Returns
    -------
    flow : numpy.ndarray
        Persons from building to shelter, shape (B, S).
    cost : int
        Person-decimetres of those placed.
    left : int
        Persons left over.
    """
    from ortools.graph.python import min_cost_flow

    b, s = cost.shape
    flow = np.zeros((b, s), dtype=np.int64)
    total = int(persons.sum())
    if total == 0:
        return flow, 0, 0
    rows, columns = np.nonzero(cost < FAR)
    stay_cost = (int(cost[rows, columns].max()) if len(rows) else 0) * 2 + 1
    # Leaving one person more behind must never pay: an augmenting cycle passes each shelter at most once.
    stay_cost *= s + 1
    sink, stay = b + s, b + s + 1
    solver = min_cost_flow.SimpleMinCostFlow()
    ways = solver.add_arcs_with_capacity_and_unit_cost(rows, b + columns, persons[rows], cost[rows, columns])
    every, doors = np.arange(b), b + np.arange(s)
    solver.add_arcs_with_capacity_and_unit_cost(
        every, np.full(b, stay), persons, np.full(b, stay_cost, dtype=np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(doors, np.full(s, sink), places, np.zeros(s, dtype=np.int64))
    solver.add_arc_with_capacity_and_unit_cost(stay, sink, total, 0)
    solver.set_nodes_supplies(np.concatenate([every, [sink]]), np.concatenate([persons, [-total]]))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("the minimum-cost flow found no optimum")
    if len(ways):
        flow[rows, columns] = solver.flows(ways)
    left = total - int(flow.sum())
    return flow, int((flow[rows, columns] * cost[rows, columns]).sum()), left


def objective(persons: Ints, cost: Ints, shelter: Ints) -> tuple[int, int]:
    """Return (persons left over, person-decimetres of those placed)."""
    placed = np.flatnonzero(shelter >= 0)
    return int(persons[shelter < 0].sum()), int((persons[placed] * cost[placed, shelter[placed]]).sum())


class _Search:
    """An assignment without splits, and moves that improve it."""

    def __init__(self, persons: Ints, places: Ints, cost: Ints, flow: Ints) -> None:
        self.persons, self.cost = persons, cost
        self.room = places.copy()
        b, s = cost.shape
        self.shelter = np.full(b, NOWHERE, dtype=np.int64)
        if s == 0:
            return
        best = flow.argmax(axis=1)
        whole = (flow[np.arange(b), best] == persons) & (persons > 0)
        self.shelter[whole] = best[whole]
        np.subtract.at(self.room, best[whole], persons[whole])
        self.fill()

    @property
    def left(self) -> Ints:
        """Indices of buildings left over, largest first."""
        found = np.flatnonzero((self.shelter < 0) & (self.persons > 0))
        return found[np.argsort(-self.persons[found], kind="stable")]

    @property
    def left_persons(self) -> int:
        """Persons left over."""
        return int(self.persons[self.shelter < 0].sum())

    def take(self, shelter: Ints) -> None:
        """Start again from another assignment."""
        for building in range(len(self.persons)):
            self.put(building, NOWHERE)
        for building in range(len(self.persons)):
            self.put(building, int(shelter[building]))

    def put(self, building: int, shelter: int) -> None:
        """Move a building; its old place becomes free."""
        old = int(self.shelter[building])
        if old >= 0:
            self.room[old] += self.persons[building]
        if shelter >= 0:
            self.room[shelter] -= self.persons[building]
        self.shelter[building] = shelter

    def fill(self) -> None:
        """Place buildings left over, largest first; let others make way where nothing has room."""
        for building in self.left:
            fits = np.where(self.room >= self.persons[building], self.cost[building], FAR)
            best = int(fits.argmin())
            if fits[best] < FAR:
                self.put(int(building), best)
            else:
                self._eject(int(building))

    def _eject(self, building: int) -> bool:
        """Place a building where the one building that makes way costs least; return whether it worked."""
        n = self.persons[building]
        found: tuple[int, int, int, int] | None = None
        for shelter in np.flatnonzero(self.cost[building] < FAR):
            short = n - self.room[shelter]
            inside = np.flatnonzero((self.shelter == shelter) & (self.persons >= short))
            if len(inside) == 0:
                continue
            other = np.where(
                (self.room[None, :] >= self.persons[inside, None]) & (np.arange(len(self.room)) != shelter),
                self.cost[inside],
                FAR,
            )
            there = other.argmin(axis=1)
            onward = other[np.arange(len(inside)), there]
            price = np.where(
                onward < FAR, (onward - self.cost[inside, shelter]) * self.persons[inside], FAR * n
            )
            k = int(price.argmin())
            if onward[k] < FAR:
                whole = int(price[k] + self.cost[building, shelter] * n)
                if found is None or whole < found[0]:
                    found = (whole, int(inside[k]), int(there[k]), int(shelter))
        if found is None:
            return self._replace(building)
        _, moved, there_, here = found
        self.put(moved, there_)
        self.put(building, here)
        return True

    def _replace(self, building: int) -> bool:
        """Take the place of one smaller building that then stays; return whether fewer persons are left over."""
        n = self.persons[building]
        found: tuple[int, int, int] | None = None
        for shelter in np.flatnonzero(self.cost[building] < FAR):
            short = n - self.room[shelter]
            inside = np.flatnonzero((self.shelter == shelter) & (self.persons >= short) & (self.persons < n))
            if len(inside):
                k = int(inside[self.persons[inside].argmin()])
                if found is None or self.persons[k] < found[0]:
                    found = (int(self.persons[k]), k, int(shelter))
        if found is None:
            return False
        self.put(found[1], NOWHERE)
        self.put(building, found[2])
        return True

    def improve(self, rounds: int = 50, *, chains: bool = True) -> None:
        """Move and exchange buildings while that shortens the walking, and place whoever fits after each round."""
        if self.cost.shape[1] == 0:
            return
        for _ in range(rounds):
            before = (self.left_persons, self.total)
            self.fill()
            self._moves()
            self._exchanges()
            if chains:
                self._chains()
            if (self.left_persons, self.total) >= before:
                return

    @property
    def total(self) -> int:
        """Person-decimetres of those placed."""
        return objective(self.persons, self.cost, self.shelter)[1]

    def _regret(self) -> Ints:
        """Return placed buildings that have a nearer shelter, those with most person-metres to gain first."""
        placed = np.flatnonzero(self.shelter >= 0)
        gain = (self.cost[placed, self.shelter[placed]] - self.cost[placed].min(axis=1)) * self.persons[
            placed
        ]
        order = np.argsort(-gain, kind="stable")
        found: Ints = placed[order[gain[order] > 0]]
        return found

    def _moves(self) -> None:
        for building in self._regret():
            fits = np.where(self.room >= self.persons[building], self.cost[building], FAR)
            best = int(fits.argmin())
            if fits[best] < self.cost[building, self.shelter[building]]:
                self.put(int(building), best)

    def _exchanges(self) -> None:
        everyone = np.arange(len(self.persons))
        for building in self._regret():
            here, n = self.shelter[building], self.persons[building]
            there = self.shelter
            safe = np.where(there >= 0, there, 0)
            possible = (
                (there >= 0)
                & (there != here)
                & (self.room[safe] + self.persons >= n)
                & (self.room[here] + n >= self.persons)
                & (self.cost[building, safe] < FAR)
                & (self.cost[:, here] < FAR)
            )
            change = n * (self.cost[building, safe] - self.cost[building, here]) + self.persons * (
                self.cost[:, here] - self.cost[everyone, safe]
            )
            change[~possible] = 0
            other = int(change.argmin())
            if change[other] < 0:
                target = int(there[other])
                self.put(other, int(here))
                self.put(int(building), target)

    def _chains(self) -> None:
        """Move a building to a nearer shelter where another makes way for a third shelter, if that pays in all."""
        for building in self._regret():
            here, n = int(self.shelter[building]), self.persons[building]
            now = self.cost[building, here]
            best: tuple[int, int, int, int] | None = None
            for shelter in np.flatnonzero(self.cost[building] < now):
                if shelter == here:
                    continue
                inside = np.flatnonzero((self.shelter == shelter) & (self.persons >= n - self.room[shelter]))
                if len(inside) == 0:
                    continue
                room = self.room.copy()
                room[here] += n
                fits = room[None, :] >= self.persons[inside, None]
                onward = np.where(fits, self.cost[inside], FAR)
                onward[:, shelter] = FAR
                there = onward.argmin(axis=1)
                price = onward[np.arange(len(inside)), there]
                change = np.where(
                    price < FAR,
                    (price - self.cost[inside, shelter]) * self.persons[inside]
                    + (self.cost[building, shelter] - now) * n,
                    0,
                )
                k = int(change.argmin())
                if change[k] < 0 and (best is None or change[k] < best[0]):
                    best = (int(change[k]), int(inside[k]), int(there[k]), int(shelter))
            if best is not None:
                self.put(best[1], best[2])
                self.put(int(building), best[3])
