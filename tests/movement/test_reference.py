"""The compiled engine against the plain-Python reference on tiny random trees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.movement import FREE, People, Shelters, WalkNetwork
from tests.movement.nets import run
from tests.movement.reference import simulate


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_arrivals_equal_the_reference(seed: int) -> None:
    """A random tree that leads to node 0; odd lengths, widths and times, so that ties do not happen by chance."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(2, 8))
    parent = [int(rng.integers(0, x)) for x in range(1, nodes)]
    length = rng.uniform(0.5, 30.0, nodes - 1)
    width = rng.uniform(0.2, 2.0, nodes - 1)
    network = WalkNetwork.from_arrays(np.arange(1, nodes), parent, length, width, nodes)
    arc_from = {int(t): a for a, t in enumerate(network.tail)}
    count = int(rng.integers(1, 60))
    origin = rng.integers(0, nodes, count)
    departure = rng.uniform(0.0, 40.0, count)
    persons = rng.integers(1, 5, count)
    flow = float(rng.uniform(0.2, 3.0))
    routes = []
    for x in origin:
        route = []
        while x != 0:
            route.append(arc_from[int(x)])
            x = int(network.head[route[-1]])
        routes.append(route)
    arcs = [
        (
            int(network.tail[a]),
            int(network.head[a]),
            float(network.length_m[a]),
            float(network.width_m[a] * FREE.max_flow_p_m_s),
            float(network.length_m[a] * network.width_m[a] * FREE.jam_p_m2),
        )
        for a in range(network.arc_count)
    ]
    walkers = list(zip(routes, departure.tolist(), persons.tolist(), strict=True))
    expected = simulate(arcs, flow, walkers, 1.3)
    people = People.from_arrays(
        origin, persons=persons, departure_s=departure, shelter=0, speed_mps=1.3, routes=routes
    )
    engine = run(network, Shelters.from_arrays([0], [0], flow, [10**6]), people)
    assert engine.arrival_s == pytest.approx(expected, rel=1e-9)
