"""Doors: what one group more or less does to a queue, against counting the queue person by person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.evacuate.routes import _balance, _Queue

group = st.tuples(st.integers(0, 600).map(float), st.integers(1, 60))


def through(groups: list[tuple[float, int]], flow: float) -> float:
    """Return when the last person is through, one after the other in order of arrival [s]."""
    clock = 0.0
    for arrival, persons in sorted(groups):
        clock = max(clock, arrival)
        for _ in range(persons):
            clock += 1 / flow
    return clock


@given(
    st.lists(group, min_size=1, max_size=8),
    st.lists(group, min_size=1, max_size=5),
    st.sampled_from([0.5, 1.0, 2.6]),
)
def test_a_change_to_a_queue_equals_counting_it_anew(
    here: list[tuple[float, int]], others: list[tuple[float, int]], flow: float
) -> None:
    arrival, persons = np.array([a for a, _ in here]), np.array([n for _, n in here])
    queue = _Queue(np.arange(len(here)), arrival, persons, flow)
    assert queue.finish == pytest.approx(through(here, flow))
    for row, left in zip(queue.rows, queue.without(), strict=True):
        assert left == pytest.approx(through([g for i, g in enumerate(here) if i != row], flow))
    more = queue.joined(np.array([a for a, _ in others]), np.array([n for _, n in others]))
    for one, grown in zip(others, more, strict=True):
        assert grown == pytest.approx(through([*here, one], flow))


def test_balancing_two_equal_doors_halves_the_queue() -> None:
    pick = np.zeros(10, dtype=np.intp)
    _balance(pick, np.ones((10, 2), dtype=bool), np.zeros((10, 2)), np.full(10, 20), np.array([1.0, 1.0]))
    assert sorted(np.bincount(pick)) == [5, 5]


def test_nobody_is_sent_to_a_door_that_is_too_far() -> None:
    pick = np.zeros(10, dtype=np.intp)
    able = np.column_stack([np.ones(10, dtype=bool), np.arange(10) < 2])
    _balance(pick, able, np.zeros((10, 2)), np.full(10, 20), np.array([1.0, 1.0]))
    assert set(np.flatnonzero(pick == 1)) == {0, 1}
