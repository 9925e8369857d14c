"""The recipe of the benchmark's instances, and the gap of a practical plan on a real city with a flood."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.places import instance, shared_out
from civdef.evacuate.solve import evacuate
from tests.evacuate.test_evacuate import conserved


@given(st.integers(0, 100_000), st.lists(st.floats(0.01, 1e6), min_size=1, max_size=50))
def test_shares_add_up(total: int, weight: list[float]) -> None:
    found = shared_out(total, np.array(weight))
    assert found.sum() == total
    exact = total * np.array(weight) / np.sum(weight)
    assert (np.abs(found - exact) <= 1 + 1e-6).all()


@pytest.mark.real_data
def test_jakarta_with_the_flood_is_near_the_optimum(real_data: Path) -> None:
    asked = instance("jakarta", "tight", real_data)
    assert sum(s.places.value for s in asked.workspace.shelters.values()) == 57_600
    found = evacuate(asked.workspace, asked.network, asked.question)
    conserved(found)
    assert found.demand_persons == 48_000
    assert found.footprints
    assert found.gap is not None
    assert found.gap <= 0.08
    assert found.bracket is not None
    assert found.bracket <= 1.05
