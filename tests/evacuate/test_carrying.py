"""Carrying a plan out: the compiled kernel against queues of single persons, written down as the rules say."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from civdef.evacuate.carrying import NEVER, carry

Plan = dict[str, Any]


def drawn(seed: int) -> Plan:
    """Return a random plan: some chains and doors, and buildings that walk along chains one after another."""
    rng = np.random.default_rng(seed)
    chains, doors, buildings = int(rng.integers(1, 6)), int(rng.integers(1, 3)), int(rng.integers(1, 6))
    lengths = rng.integers(0, 4, buildings)
    end = np.cumsum(lengths).astype(np.int64)
    return {
        "order": rng.permutation(2 * chains + doors).astype(np.int64),
        "chain_steps": rng.integers(0, 4, chains).astype(np.int64),
        "units": rng.integers(1, 5, 2 * chains + doors).astype(np.int64),
        "door_steps": rng.integers(0, 3, doors).astype(np.int64),
        "start_place": rng.integers(0, chains + 1, buildings).astype(np.int64),
        "start_step": rng.integers(0, 5, buildings).astype(np.int64),
        "people": rng.integers(0, 40, buildings).astype(np.int64),
        "begin": (end - lengths).astype(np.int64),
        "end": end,
        "way": rng.integers(0, chains, int(end[-1])).astype(np.int64),
        "door": rng.integers(0, doors, buildings).astype(np.int64),
    }


GOAL = 6


def ahead(plan: Plan, b: int) -> int:
    """Return the steps a building has ahead of it in empty streets, its people passing the narrowest place on the way."""
    chains = len(plan["chain_steps"])
    way = plan["way"][plan["begin"][b] : plan["end"][b]].tolist()
    queues = [2 * chains + int(plan["door"][b]), *way, *(chains + c for c in way)]
    if plan["start_place"][b] < chains:
        queues.append(chains + int(plan["start_place"][b]))
    walk = sum(int(plan["chain_steps"][c]) for c in way) + int(plan["door_steps"][plan["door"][b]])
    return walk + math.ceil(int(plan["people"][b]) / min(int(plan["units"][q]) for q in queues))


def by_hand(
    plan: Plan,
) -> tuple[list[int], list[int], list[int], int, dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Return done, waited, served, lateness, what stood in each queue and who left when, by moving persons one at a time."""
    chains = len(plan["chain_steps"])
    visits: list[list[tuple[int, int]]] = []  # queue, steps to it
    for b in range(len(plan["people"])):
        place = int(plan["start_place"][b])
        mine = [(chains + place, 0)] if place < chains else []
        for c in plan["way"][plan["begin"][b] : plan["end"][b]].tolist():
            mine += [(c, 0), (chains + c, int(plan["chain_steps"][c]))]
        door = int(plan["door"][b])
        visits.append([*mine, (2 * chains + door, int(plan["door_steps"][door]))])
    lines: dict[int, deque[tuple[int, int]]] = defaultdict(deque)
    coming: dict[int, list[tuple[int, int]]] = defaultdict(list)  # step: building and visit
    queues = len(plan["order"])
    done, waited, served = [0] * len(visits), [0] * queues, [0] * queues
    content: dict[tuple[int, int], int] = {}
    gone: dict[tuple[int, int], int] = {}
    late = 0
    left = [int(n) for n in plan["people"]]
    step = 0

    def onward(building: int, visit: int) -> None:
        queue, steps = visits[building][visit]
        if steps == 0:
            lines[queue].append((building, visit))
        else:
            coming[step + steps].append((building, visit))

    while any(left):
        for building, visit in coming.pop(step, []):
            lines[visits[building][visit][0]].append((building, visit))
        for b in sorted(range(len(left)), key=lambda b: -ahead(plan, b)):
            if plan["start_step"][b] == step:
                for _ in range(left[b]):
                    onward(b, 0)
        for queue in plan["order"].tolist():
            if lines[queue]:
                content[queue, step] = len(lines[queue])
            for _ in range(min(len(lines[queue]), int(plan["units"][queue]))):
                building, visit = lines[queue].popleft()
                served[queue] += 1
                # a building that joins at a junction has no far end to leave first
                gone[building, visit + int(plan["start_place"][building] == chains)] = step
                if visit + 1 < len(visits[building]):
                    onward(building, visit + 1)
                else:
                    left[building] -= 1
                    done[building] = step + 1
                    late += max(0, step + 1 - GOAL) ** 2
            waited[queue] += len(lines[queue])
        step += 1
    return done, waited, served, late, content, gone


@given(st.integers(0, 2**32 - 1))
@example(4201)
@settings(max_examples=200, deadline=None)
def test_the_kernel_moves_people_as_the_rules_say(seed: int) -> None:
    plan = drawn(seed)
    done, waited, served, late, stood, left = by_hand(plan)
    content = np.ones((len(plan["order"]), max(done) + 1), dtype=np.int32)
    dirty = np.ones(len(plan["order"]), dtype=np.bool_)
    gone = np.full(
        (len(plan["people"]), 2 * int((plan["end"] - plan["begin"]).max()) + 2), -1, dtype=np.int32
    )
    *found, lateness = carry(*plan.values(), NEVER, GOAL, content, dirty, gone)
    assert [x.tolist() for x in found] == [done, waited, served]
    assert lateness == late
    assert {(b, k): int(gone[b, k]) for b, k in np.argwhere(gone >= 0).tolist()} == left
    assert {(q, t): int(content[q, t]) for q, t in np.argwhere(content).tolist()} == stood
    assert dirty.tolist() == content.any(axis=1).tolist()
    again = carry(*plan.values(), NEVER, NEVER, content[:0, :0], dirty[:0], gone[:0, :0])
    assert [x.tolist() for x in again[:3]] == [done, waited, served]
    assert again[3] == 0
    *same, exactly = carry(*plan.values(), NEVER, GOAL, content[:0, :0], dirty[:0], gone[:0, :0], float(late))
    assert [x.tolist() for x in same] == [done, waited, served]
    assert exactly == late
    if late:  # given up as soon as it is too much: whoever is inside by then is, the others are never
        early, _, _, much = carry(
            *plan.values(), NEVER, GOAL, content[:0, :0], dirty[:0], gone[:0, :0], late - 0.5
        )
        assert late - 0.5 < much <= late
        assert all(a in (b, NEVER) for a, b in zip(early.tolist(), done, strict=True))
        none, _, _, little = carry(*plan.values(), NEVER, GOAL, content[:0, :0], dirty[:0], gone[:0, :0], 0.0)
        assert 0 < little <= late
        assert all(b > GOAL for a, b in zip(none.tolist(), done, strict=True) if a == NEVER)


def test_more_parcels_than_expected_change_nothing() -> None:
    """Hundreds of streams of one unit meet before a narrow door: each becomes a parcel by itself."""
    n, last = 40, 1000
    plan = {
        "order": np.array([0, 1, 2], dtype=np.int64),
        "chain_steps": np.array([last], dtype=np.int64),
        "units": np.array([1, 1, 1], dtype=np.int64),
        "door_steps": np.array([0], dtype=np.int64),
        "start_place": np.ones(n, dtype=np.int64),
        "start_step": np.zeros(n, dtype=np.int64),
        "people": np.full(n, 30, dtype=np.int64),
        "begin": np.arange(n, dtype=np.int64),
        "end": np.arange(n, dtype=np.int64) + 1,
        "way": np.zeros(n, dtype=np.int64),
        "door": np.zeros(n, dtype=np.int64),
    }
    none = np.zeros((0, 0), np.int32)
    done, _, served, _ = carry(*plan.values(), NEVER, NEVER, none, np.zeros(0, np.bool_), none)
    assert done.tolist() == [last + 30 * (b + 1) for b in range(n)]
    assert served.tolist() == [30 * n] * 3


def test_whoever_is_not_inside_by_the_horizon_is_never_done() -> None:
    plan = drawn(3)
    none = np.zeros((0, 0), np.int32)
    found = carry(*plan.values(), 1, NEVER, none, np.zeros(0, np.bool_), none)[0]
    assert set(found[plan["people"] > 0].tolist()) <= {1, NEVER}


def test_of_two_who_set_out_together_the_one_with_farther_to_go_goes_first() -> None:
    """Two buildings of five at one corner, one person a step: the near door and the far one, in either order of rows."""
    for far in (0, 1):
        door = np.array([1, 1], dtype=np.int64)
        door[far] = 0
        plan = {
            "order": np.array([0, 1, 2, 3], dtype=np.int64),
            "chain_steps": np.array([2], dtype=np.int64),
            "units": np.array([1, 1, 9, 9], dtype=np.int64),
            "door_steps": np.array([7, 0], dtype=np.int64),
            "start_place": np.ones(2, dtype=np.int64),
            "start_step": np.zeros(2, dtype=np.int64),
            "people": np.full(2, 5, dtype=np.int64),
            "begin": np.arange(2, dtype=np.int64),
            "end": np.arange(2, dtype=np.int64) + 1,
            "way": np.zeros(2, dtype=np.int64),
            "door": door,
        }
        none = np.zeros((0, 0), np.int32)
        done = carry(*plan.values(), NEVER, NEVER, none, np.zeros(0, np.bool_), none)[0]
        assert (done[far], done[1 - far]) == (4 + 2 + 7 + 1, 9 + 2 + 1)
