"""Rows divided over a shelter's doors: against every division there is, and by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from civdef.evacuate.wartime.divide import beyond, divided

Ints = NDArray[np.int64]


def whole(*numbers: int) -> Ints:
    return np.array(numbers, dtype=np.int64)


def test_by_hand() -> None:
    """300 may pass each door and all three stand at the first: 200 + 100 fit it, and fewer walk farther than with 250 alone."""
    persons, limit, start = whole(200, 100, 250), whole(300, 300), whole(0, 0, 0)
    cost_dm = np.array([[100, 700], [200, 700], [300, 900]])
    may = np.ones((3, 2), dtype=np.bool_)
    assert beyond(persons, start, limit) == 250
    assert divided(persons, cost_dm, may, limit, start).tolist() == [0, 0, 1]
    # 350 at one door are 50 too many, 400 would be 100: so a 200 by itself, at the second door, the one who walks 50 m more
    assert divided(whole(200, 200, 150), cost_dm, may, limit, start).tolist() == [0, 1, 0]
    # the 250 may not: 300 at the other door leave nobody too many either
    may[2, 1] = False
    assert divided(persons, cost_dm, may, limit, start).tolist() == [1, 1, 0]
    # the other door is to be avoided by all of them: its limit comes first, then as few by it as can be
    avoid = np.array([[False, True], [False, True], [False, True]])
    assert divided(persons, cost_dm, np.ones_like(may), limit, start, avoid).tolist() == [0, 0, 1]
    avoid[:2] = False
    assert divided(persons, cost_dm, np.ones_like(may), limit, start, avoid).tolist() == [1, 1, 0]


def test_nobody_and_no_choice() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert (
        len(divided(none, np.zeros((0, 2), dtype=np.int64), np.zeros((0, 2), np.bool_), whole(5, 5), none))
        == 0
    )
    one = divided(whole(9), np.array([[7, 7]]), np.zeros((1, 2), dtype=np.bool_), whole(5, 9), whole(0))
    assert one.tolist() == [0]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_equal_to_the_best_of_all_divisions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, doors = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    persons = rng.integers(0, 60, rows)
    cost_dm = rng.integers(0, 3000, (rows, doors))
    limit = rng.integers(0, 150, doors)
    start = rng.integers(0, doors, rows)
    may, avoid = rng.random((rows, doors)) < 0.7, rng.random((rows, doors)) < 0.3
    may[np.arange(rows), start] = True

    def worth(door: Ints) -> tuple[int, int, int]:
        load = [sum(int(n) for n, at in zip(persons, door, strict=True) if at == d) for d in range(doors)]
        return (
            sum(max(0, n - int(most)) for n, most in zip(load, limit, strict=True)),
            sum(int(persons[i]) for i, d in enumerate(door) if avoid[i, d]),
            sum(int(persons[i]) * int(cost_dm[i, d]) for i, d in enumerate(door)),
        )

    options = [np.flatnonzero(may[i]).tolist() for i in range(rows)]
    best = min(worth(np.array(door)) for door in product(*options))
    found = divided(persons, cost_dm, may, limit, start, avoid)
    assert all(may[i, d] for i, d in enumerate(found))
    assert worth(found) == best <= worth(start)
    assert found.tolist() == divided(persons, cost_dm, may, limit, start, avoid).tolist()
