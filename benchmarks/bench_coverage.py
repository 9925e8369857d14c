"""Coverage and evacuation: distances against networkx in the same run, as a ratio; the whole question on the sample.

The limits are the project's own: distances at least 20 times as fast as networkx's multi-source Dijkstra on the same graph
(ready-made on both sides), and one evacuation question on the sample street within 10 s after the compile cache is warm.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

RATIO = 20.0
EVACUATE_S = 10.0
COVERAGE_S = 2.0
ROUNDS = 7


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of some rounds after one that warms up."""
    work()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def main() -> int:
    """Measure on the sample street."""
    import networkx as nx
    import numpy as np

    from civdef.coverage.distance import Walks
    from civdef.coverage.shelters import coverage
    from civdef.evacuate.question import Question
    from civdef.evacuate.solve import evacuate
    from civdef.graph.roads import build_street_network
    from civdef.load import load_workspace

    workspace = load_workspace(Path(__file__).resolve().parent.parent)
    network = build_street_network(workspace)
    print(
        f"sample street: {network.nodes} nodes, {network.arcs} arcs, {len(network.entrance_ids)} entrances,"
        f" {len(network.building_ids)} buildings"
    )
    walks = Walks.of(network)
    graph = network.to_networkx(mode="walk").reverse()
    sources = network.entrance_node
    ours = seconds(lambda: walks.nearest(sources), ROUNDS * 5)
    theirs = seconds(
        lambda: nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()), weight="length_m"), ROUNDS
    )
    distance, _ = walks.nearest(sources)
    peer = nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()), weight="length_m")
    worst = max(abs(distance[n] - d) for n, d in peer.items())
    same = worst < 1e-6 and int(np.isfinite(distance).sum()) == len(peer)
    ratio = theirs / ours
    print(
        f"nearest entrance for every node: {ours * 1000:.2f} ms, networkx {theirs * 1000:.1f} ms: {ratio:.0f} ×"
        f" (aim {RATIO:.0f}); distances {'equal' if same else 'DIFFER'}, largest difference {worst:.1e} m"
    )
    whole = seconds(lambda: coverage(workspace, network), 3)
    print(f"coverage of the whole street: {whole * 1000:.0f} ms (limit {COVERAGE_S:.0f} s)")
    slowest = 0.0
    for plan in ("earthquake", "civil-protection"):
        taken = seconds(lambda plan=plan: evacuate(workspace, network, Question(plan)), 1)  # type: ignore[misc]
        result = evacuate(workspace, network, Question(plan))
        slowest = max(slowest, taken)
        print(
            f"evacuate --plan {plan}: {taken:.2f} s for {result.demand_persons} persons in {result.buildings} buildings,"
            f" left over {result.left_over_persons}; clearance {result.clearance_s} s"
            f" (least walking {result.nearest_clearance_s} s), bound {result.bound_s} s,"
            f" simulated {result.simulated_clearance_s} s (limit {EVACUATE_S:.0f} s)"
        )
    return int(not same or ratio < RATIO or whole > COVERAGE_S or slowest > EVACUATE_S)


if __name__ == "__main__":
    sys.exit(main())
