"""Next-arc tables against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.movement import WalkNetwork
from civdef.movement.routing import next_arcs


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.booleans())
def test_distances_and_arcs_equal_networkx(seed: int, nodes: int, zeros: bool) -> None:
    rng = np.random.default_rng(seed)
    arcs = rng.integers(0, 5 * nodes)
    low = 0 if zeros else 1
    network = WalkNetwork.from_arrays(
        rng.integers(0, nodes, arcs),
        rng.integers(0, nodes, arcs),
        rng.integers(low, 5, arcs).astype(float),
        1.0,
        nodes,
        speed_factor=rng.choice([1.0, 0.5], arcs),
    )
    closed = rng.random(arcs) < 0.2
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    for a in np.flatnonzero(~closed):
        graph.add_edge(int(network.head[a]), int(network.tail[a]), weight=network.cost_m[a])
    destinations = [rng.integers(0, nodes, rng.integers(0, 4)) for _ in range(3)]
    indptr = np.cumsum([0, *(d.size for d in destinations)])
    table, distance = next_arcs(network, indptr, np.concatenate(destinations), closed)
    for row, nodes_to in enumerate(destinations):
        want = nx.multi_source_dijkstra_path_length(graph, set(nodes_to.tolist())) if nodes_to.size else {}
        for x in range(nodes):
            assert distance[row, x] == want.get(x, np.inf)
            steps, at = 0, x
            while table[row, at] >= 0:
                arc = table[row, at]
                assert network.tail[arc] == at
                assert not closed[arc]
                assert distance[row, at] == distance[row, network.head[arc]] + network.cost_m[arc]
                at = network.head[arc]
                steps += 1
                assert steps <= nodes, "a table must not lead in circles"
            assert (table[row, at] == -2) == (x in want)


def test_ties_go_to_the_smaller_arc() -> None:
    network = WalkNetwork.from_arrays([0, 0, 1, 2], [1, 2, 3, 3], 1.0, 1.0, 4)
    table, _ = next_arcs(network, [0, 1], [3])
    assert table.tolist() == [[0, 2, 3, -2]]


def test_refusals() -> None:
    network = WalkNetwork.from_arrays([0], [1], 1.0, 1.0, 2)
    with pytest.raises(ValueError, match="not a node"):
        next_arcs(network, [0, 1], [2])
    with pytest.raises(ValueError, match="indptr"):
        next_arcs(network, [0, 2], [1])
