"""Helper pairs against exhaustive search and against a maximum matching in another graph."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.assist.pairs import NAMED, RESERVE, Pairs, match, spread
from civdef.evacuate.assist.people import URGENCY, Needy
from civdef.model.resident import AssistedPerson, Mobility
from tests.evacuate.towns import name

KINDS = list(Mobility)


def needy(k: int, mobility: Mobility) -> Needy:
    entry = AssistedPerson(id=f"assisted/{k}", name=name(str(k)), household="household/1", mobility=mobility)
    return Needy(entry, "building/h", 0, 0, 0, np.inf, trapped=False)


def case(seed: int, most: int = 5) -> tuple[list[Needy], np.ndarray]:
    rng = np.random.default_rng(seed)
    n, q = int(rng.integers(1, most)), int(rng.integers(1, most + 1))
    cost = rng.choice([NAMED, RESERVE, 20.0, 25.0], (n, q))
    cost[rng.random((n, q)) < 0.35] = np.inf
    return [needy(k, KINDS[int(rng.integers(3))]) for k in range(n)], cost


def exhaustive(
    people: list[Needy], cost: np.ndarray, turns: int, reach: np.ndarray | None = None, places: list[int] | None = None
) -> tuple[int, int, float]:  # fmt: skip
    """Return (people served, their urgency, least cost), best first, by trying everything."""
    n, q = cost.shape
    choices: list[list[tuple[int, ...]]] = []
    for i in range(n):
        pairs = [p for p in itertools.combinations(range(q), 2) if np.isfinite(cost[i, list(p)]).all()]
        choices.append([(), *pairs])
    best = (0, 0, 0.0)
    for chosen in itertools.product(*choices):
        load = np.bincount([h for c in chosen for h in c], minlength=q)
        if (load > turns).any():
            continue
        served = [i for i, c in enumerate(chosen) if c]
        if reach is not None and not seated(served, reach, places or []):
            continue
        urgency = sum(2 - URGENCY[people[i].mobility] for i in served)
        value = (len(served), urgency, -sum(float(cost[i, list(chosen[i])].sum()) for i in served))
        best = max(best, value)
    return best


def seated(served: list[int], reach: np.ndarray, places: list[int]) -> bool:
    graph = nx.Graph()
    graph.add_nodes_from(("p", i) for i in served)
    for i in served:
        graph.add_edges_from(
            (("p", i), ("s", h, k)) for h in np.flatnonzero(reach[i]) for k in range(places[h])
        )
    found = nx.bipartite.maximum_matching(graph, [("p", i) for i in served])
    return sum(k[0] == "p" for k in found) == len(served)


def served_by(found: Pairs) -> dict[str, tuple[int, int]]:
    assert found.proven
    return dict(found.of)


def check(people: list[Needy], cost: np.ndarray, turns: int, found: dict[str, tuple[int, int]]) -> None:
    load = np.bincount([h for pair in found.values() for h in pair], minlength=cost.shape[1])
    assert (load <= turns).all()
    for i, p in enumerate(people):
        if p.id in found:
            a, b = found[p.id]
            assert a != b
            assert np.isfinite(cost[i, [a, b]]).all()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2))
def test_most_people_then_the_most_helpless_then_the_least_cost(seed: int, turns: int) -> None:
    people, cost = case(seed)
    found = served_by(match(people, cost, turns, {p.id for p in people}))
    check(people, cost, turns, found)
    served = [i for i, p in enumerate(people) if p.id in found]
    total = sum(float(cost[i, list(found[people[i].id])].sum()) for i in served)
    wanted = exhaustive(people, cost, turns)
    assert (len(served), sum(2 - URGENCY[people[i].mobility] for i in served)) == wanted[:2]
    alike = [people[i] for i in served]
    assert np.isclose(total, -exhaustive(alike, cost[served], turns)[2])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2))
def test_pairs_are_not_spent_on_those_without_a_place(seed: int, turns: int) -> None:
    people, cost = case(seed, 4)
    rng = np.random.default_rng(seed + 1)
    reach = rng.random((len(people), 2)) < 0.6
    places = rng.integers(0, 3, 2).tolist()
    found = served_by(match(people, cost, turns, {p.id for p in people}, (reach, places)))
    check(people, cost, turns, found)
    served = [i for i, p in enumerate(people) if p.id in found]
    assert seated(served, reach, places)
    assert len(served) == exhaustive(people, cost, turns, reach, places)[0]


def blossom(cost: np.ndarray, turns: int) -> int:
    """Return how many people can have a pair at most, by Edmonds' blossom algorithm.

    Each person is two vertices joined by an edge, each helper `turns` vertices; each possible help is an edge with two
    vertices in its middle, so that it is used once. A maximum matching covers every help's edge once, every person once,
    and every person once more for whom both vertices find a helper.
    """
    graph = nx.Graph()
    helps = np.argwhere(np.isfinite(cost)).tolist()
    for i in range(len(cost)):
        graph.add_edge(("p", i, 0), ("p", i, 1))
    for i, q in helps:
        graph.add_edge(("e", i, q, 0), ("e", i, q, 1))
        graph.add_edges_from((("p", i, k), ("e", i, q, 0)) for k in range(2))
        graph.add_edges_from((("h", q, k), ("e", i, q, 1)) for k in range(turns))
    size = sum(
        len(nx.max_weight_matching(graph.subgraph(part), maxcardinality=True))
        for part in nx.connected_components(graph)
    )
    return size - len(helps) - len(cost)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_as_many_as_the_blossom_algorithm(seed: int, turns: int) -> None:
    people, cost = case(seed, 9)
    found = served_by(match(people, cost, turns, {p.id for p in people}))
    check(people, cost, turns, found)
    assert len(found) == blossom(cost, turns)


def test_only_the_wanted_are_paired() -> None:
    people = [needy(0, Mobility.WHEELCHAIR), needy(1, Mobility.STRETCHER)]
    cost = np.zeros((2, 2))
    assert served_by(match(people, cost, 1, {"assisted/0"})) == {"assisted/0": (0, 1)}
    assert not match(people, cost, 1, set()).of
    assert set(match(people, cost, 1, {"assisted/0", "assisted/1"}).of) == {"assisted/1"}


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_spreading_takes_the_fewest_second_turns(seed: int, turns: int) -> None:
    people, cost = case(seed)
    served = match(people, cost, turns, {p.id for p in people}).of
    found = dict(spread(people, cost, turns, served.keys()))
    assert set(found) == set(served)
    check(people, cost, turns, found)
    rows = [i for i, p in enumerate(people) if p.id in served]
    q = cost.shape[1]

    def value(pairs: list[tuple[int, ...]]) -> tuple[int, float]:
        load = np.bincount([h for pair in pairs for h in pair], minlength=q)
        total = sum(float(cost[i, list(pair)].sum()) for i, pair in zip(rows, pairs, strict=True))
        return (int(np.maximum(load - 1, 0).sum()), total) if (load <= turns).all() else (99, 0.0)

    options = [
        [p for p in itertools.combinations(range(q), 2) if np.isfinite(cost[i, list(p)]).all()] for i in rows
    ]
    wanted = min(value(list(c)) for c in itertools.product(*options))
    assert value([found[people[i].id] for i in rows]) == wanted
