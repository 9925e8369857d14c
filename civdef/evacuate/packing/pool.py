"""The ways from which the programme chooses one for each building."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.execution import Ways
from civdef.evacuate.search.arrays import Arrays
from civdef.evacuate.search.reach import bends
from civdef.evacuate.search.records import STRAIGHT, Draft

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(eq=False)
class Pool:
    """Ways, each of one row to one door, every one once.

    Attributes
    ----------
    arrays
        Network and rows as the search knows them; `rows.reach_m` and `rows.turns_allowed` say which ways are allowed.
    row, option, door
        Row of each way, its way onto the streets (an index of the options), its door.
    chains
        Chains to enter after that.
    """

    arrays: Arrays
    row: list[int] = field(default_factory=list)
    option: list[int] = field(default_factory=list)
    door: list[int] = field(default_factory=list)
    chains: list[tuple[int, ...]] = field(default_factory=list)
    _known: dict[tuple[int, int, tuple[int, ...], int], int] = field(default_factory=dict)

    def add(self, row: int, option: int, chains: tuple[int, ...], door: int) -> int:
        """Take a way in; return its number."""
        key = (row, option, chains, door)
        if key not in self._known:
            self._known[key] = len(self.row)
            self.row.append(row)
            self.option.append(option)
            self.door.append(door)
            self.chains.append(chains)
        return self._known[key]

    def add_plan(self, ways: Ways) -> list[int]:
        """Take in the ways of a plan; return their numbers."""
        rows, chains = self.arrays.rows, len(self.arrays.town.chain_steps)
        found = []
        for b in np.flatnonzero(ways.units).tolist():
            for o in range(rows.opt_ptr[b], rows.opt_ptr[b + 1]):
                if min(rows.opt_place[o], chains) == ways.place[b] and rows.opt_step[o] == ways.step[b]:
                    way = tuple(ways.chains[ways.begin[b] : ways.end[b]].tolist())
                    found.append(self.add(b, o, way, int(ways.door[b])))
                    break
        return found

    def allowed(self, row: int, option: int, chains: tuple[int, ...], door: int) -> bool:
        """Return whether a way keeps to the limits of its row: metres, turns, no crossing passed twice."""
        town, rows = self.arrays.town, self.arrays.rows
        metres, turns = float(rows.opt_m[option]), int(rows.opt_turns[option])
        bearing = float(rows.opt_end[option])
        for c in chains:
            metres += float(town.chain_m[c])
            turns += int(town.chain_turns[c])
            if bearing < STRAIGHT:
                turns += int(bends(bearing, float(town.begins[c])))
            bearing = float(town.ends[c])
        metres += float(town.door_m[door])
        nodes = [int(town.chain_tail[c]) for c in chains] + [int(town.chain_head[c]) for c in chains[-1:]]
        return (
            metres <= rows.reach_m[row, town.door_shelter[door]] + 1e-6
            and turns <= rows.turns_allowed[row]
            and len(set(nodes)) == len(nodes)
        )

    def visits(self) -> Visits:
        """Return what the ways do to every queue."""
        town, rows = self.arrays.town, self.arrays.rows
        c = len(town.chain_steps)
        queue: list[int] = []
        head: list[int] = []
        way: list[int] = []
        free = np.zeros(len(self.row), dtype=np.int64)
        for i, (option, chains, door) in enumerate(zip(self.option, self.chains, self.door, strict=True)):
            at, first = int(rows.opt_step[option]), len(queue)
            if rows.opt_place[option] < c:
                queue.append(c + int(rows.opt_place[option]))
                head.append(at)
            for chain in chains:
                queue += [chain, c + chain]
                head += [at, at + int(town.chain_steps[chain])]
                at = head[-1]
            at += int(town.door_steps[door])
            queue.append(2 * c + door)
            head.append(at)
            free[i] = at
            way += [i] * (len(queue) - first)
        of = np.array(way, dtype=np.int64)
        queues, heads = np.array(queue, dtype=np.int64), np.array(head, dtype=np.int64)
        row = np.array(self.row, dtype=np.int64)
        passing = -(-rows.people[row[of]] // town.units[queues])
        longest = np.zeros(len(self.row), dtype=np.int64)
        np.maximum.at(longest, of, passing)
        order = np.argsort(queues, kind="stable")
        return Visits(
            row,
            town.door_shelter[np.array(self.door, dtype=np.int64)],
            rows.people[row].astype(np.int64),
            free + longest,
            queues[order],
            of[order],
            heads[order],
            free[of[order]] - heads[order],
            town.units,
        )

    def draft(self, picks: Ints) -> Draft:
        """Return the plan of the arrays with these ways in it."""
        town, rows, draft = self.arrays.town, self.arrays.rows, self.arrays.plan
        made = Draft._make(a.copy() for a in draft)
        missing = max((len(self.chains[i]) for i in picks.tolist()), default=0) - made.way.shape[1]
        if missing > 0:
            made = made._replace(way=np.pad(made.way, ((0, 0), (0, missing))))
        for i in picks.tolist():
            b, o, chains = self.row[i], self.option[i], self.chains[i]
            made.option[b], made.start[b], made.door[b] = o, rows.opt_step[o], self.door[i]
            made.place[b] = min(rows.opt_place[o], len(town.chain_steps))
            made.length[b] = len(chains)
            made.way[b, : len(chains)] = chains
        return made

    def ways(self, picks: Ints) -> Ways:
        """Return the ways picked as the execution wants them: rows without one send nobody."""
        draft = self.draft(picks)
        going = np.zeros(len(draft.place), dtype=np.bool_)
        going[[self.row[i] for i in picks.tolist()]] = True
        length = np.where(going, draft.length, 0)
        end = np.cumsum(length)
        chains = np.array(
            [c for b in np.flatnonzero(going).tolist() for c in draft.way[b, : length[b]]], dtype=np.int64
        )
        units = np.where(going, self.arrays.rows.people, 0)
        return Ways(draft.place, draft.start, end - length, end, chains, draft.door, units)


@dataclass(frozen=True, eq=False)
class Visits:
    """What W ways do to the queues, in V visits sorted by queue.

    Attributes
    ----------
    row, shelter, people, alone
        Of each way: row, shelter, units, and the steps until its last person is inside if nobody else walks, shape (W,).
    queue, way, head, tail
        Of each visit: the queue, the way, steps from the start to it and from it to the end, walking freely, shape (V,).
    units
        Units per step of every queue.
    """

    row: Ints
    shelter: Ints
    people: Ints
    alone: Ints
    queue: Ints
    way: Ints
    head: Ints
    tail: Ints
    units: Ints
