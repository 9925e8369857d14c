"""Bits of steps: each question answered as by looking at every step."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from civdef.evacuate.flow.slots import (
    Slots,
    following,
    held_from,
    held_until,
    mark,
    preceding,
    slots_for,
    take_stock,
)
from civdef.evacuate.flow.state import Flow, Graph, graph_of, no_flow
from civdef.movement.compiled import entry
from tests.evacuate.flow.networks import random_network


@entry
def _ask(which: int, words: NDArray[np.uint32], t: int, end: int) -> int:
    if which == 0:
        return following(words, 0, t, end)
    if which == 1:
        return preceding(words, 0, t, end)
    if which == 2:
        return held_from(words, 0, t)
    return held_until(words, 0, t, end)


@entry
def _mark(words: NDArray[np.uint32], t: int, there: bool) -> None:
    mark(words, 0, t, there)


@entry
def _stock(g: Graph, f: Flow, k: Slots, steps: int) -> None:
    take_stock(g, f, k, steps)


@settings(deadline=None)
@given(
    runs=st.lists(st.tuples(st.booleans(), st.integers(1, 45)), min_size=1, max_size=8),
    at=st.integers(0, 10**6),
    other=st.integers(0, 10**6),
)
def test_answers_are_those_of_looking_at_every_step(
    runs: list[tuple[bool, int]], at: int, other: int
) -> None:
    there = [bit for bit, length in runs for _ in range(length)]
    steps = len(there)
    words = np.full((1, (steps + 31) // 32), 0xFFFFFFFF, dtype=np.uint32)  # what was there before is cleared
    for t, bit in enumerate(there):
        _mark(words, t, bit)
    t, u = at % steps, other % (steps + 1)
    assert _ask(0, words, t, u) == next((x for x in range(t, u) if there[x]), u)
    assert _ask(1, words, t, u) == next((x for x in range(t, u - 1, -1) if there[x]), u - 1)
    assert _ask(2, words, u, 0) == next((x + 1 for x in range(u - 1, -1, -1) if not there[x]), 0)
    last = steps - 1
    assert _ask(3, words, t, last) == next((x for x in range(t, last) if not there[x]), last)


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 70))
def test_stock_is_taken_of_every_step(seed: int, steps: int) -> None:
    network = random_network(seed)
    graph, flow = graph_of(network), no_flow(network, steps)
    rng = np.random.default_rng(seed)
    for rows, most in ((flow.arc, graph.units[:, None]), (flow.wait, np.full((network.nodes, 1), 2))):
        rows[:] = rng.integers(0, most + 1, rows.shape)
    slots = slots_for(graph, steps)
    _stock(graph, flow, slots, steps)

    def bits(words: NDArray[np.uint32]) -> NDArray[np.bool_]:
        row = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        assert not row[:, steps:].any()
        return row[:, :steps].astype(np.bool_)

    assert (bits(slots.free) == (flow.arc < graph.units[:, None])).all()
    assert (bits(slots.used) == (flow.arc > 0)).all()
    assert (bits(slots.held) == (flow.wait > 0)).all()
