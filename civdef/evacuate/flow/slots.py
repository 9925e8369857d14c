"""Which steps an arc has units left in, which it is used in, and in which people wait at a node: one bit each.

A search asks little else, and bits are a thirtieth of the numbers they tell of: they stay in the processor's cache where the numbers of
a city do not, and a run of full steps is passed a word at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.flow.state import Flow, Graph
from civdef.movement.compiled import shared

Words = NDArray[np.uint32]

_WORD = 32

_SPREAD = 0x077CB531
"""A De Bruijn sequence: the five bits on top of its product with a power of two tell which power it is."""

_PLACE = np.zeros(_WORD, dtype=np.int64)
_PLACE[[((_SPREAD << k) & 0xFFFFFFFF) >> 27 for k in range(_WORD)]] = np.arange(_WORD)


class Slots(NamedTuple):
    """Bits of steps, from the lowest bit of the first word on.

    ``free[a]``: arc a has units left; ``used[a]``: somebody enters it; ``held[v]``: somebody waits at node v into the next step.
    """

    free: Words
    used: Words
    held: Words


def slots_for(graph: Graph, steps: int) -> Slots:
    """Return room for the bits of so many steps."""
    arcs, nodes, words = graph.tail.size, graph.in_first.size - 1, (steps + _WORD - 1) // _WORD

    def room(rows: int) -> Words:
        return np.zeros((rows, words), dtype=np.uint32)

    return Slots(room(arcs), room(arcs), room(nodes))


@shared
def place(bit: np.int64) -> int:
    """Return which power of two it is."""
    return int(_PLACE[((bit * _SPREAD) & 0xFFFFFFFF) >> 27])


@shared
def highest(word: np.int64) -> int:
    """Return the place of the highest bit that is set; one must be."""
    word |= word >> 1
    word |= word >> 2
    word |= word >> 4
    word |= word >> 8
    word |= word >> 16
    return place(word - (word >> 1))


@shared
def mark(words: Words, row: int, t: int, there: bool) -> None:
    """Set or clear the bit of step t."""
    word, bit = np.int64(words[row, t // _WORD]), np.int64(1) << (t % _WORD)
    words[row, t // _WORD] = word | bit if there else word & ~bit


@shared
def following(words: Words, row: int, t: int, end: int) -> int:
    """Return the first step from t on, before `end`, whose bit is set; `end`: none."""
    if t >= end:
        return end
    k = t // _WORD
    word = (np.int64(words[row, k]) >> (t % _WORD)) << (t % _WORD)
    last = (end - 1) // _WORD
    while word == 0 and k < last:
        k += 1
        word = np.int64(words[row, k])
    if word == 0:
        return end
    return min(end, k * _WORD + place(word & -word))


@shared
def preceding(words: Words, row: int, t: int, start: int) -> int:
    """Return the last step until t, not before `start`, whose bit is set; `start` - 1: none."""
    if t < start:
        return start - 1
    k = t // _WORD
    word = np.int64(words[row, k]) & ((np.int64(2) << (t % _WORD)) - 1)
    first = start // _WORD
    while word == 0 and k > first:
        k -= 1
        word = np.int64(words[row, k])
    if word == 0:
        return start - 1
    return max(start - 1, k * _WORD + highest(word))


@shared
def held_from(words: Words, row: int, t: int) -> int:
    """Return the first step since which somebody waits at a node, without a break, until step t."""
    k = (t - 1) // _WORD
    while t > 0:
        shift = t - k * _WORD
        gaps = ~np.int64(words[row, k]) & ((np.int64(1) << shift) - 1)
        if gaps != 0:
            return k * _WORD + highest(gaps) + 1
        t = k * _WORD
        k -= 1
    return 0


@shared
def held_until(words: Words, row: int, t: int, last: int) -> int:
    """Return the step until which somebody waits at a node, without a break, from step t on; at most `last`."""
    k = t // _WORD
    shift = t % _WORD
    while k * _WORD < last:
        gaps = ((~np.int64(words[row, k]) & 0xFFFFFFFF) >> shift) << shift
        if gaps != 0:
            return min(last, k * _WORD + place(gaps & -gaps))
        k += 1
        shift = 0
    return last


@shared
def take_stock(g: Graph, f: Flow, s: Slots, steps: int) -> None:
    """Set all bits by a flow."""
    for a in range(g.tail.size):
        for k in range(s.free.shape[1]):
            free, used = np.int64(0), np.int64(0)
            for t in range(k * _WORD, min(steps, (k + 1) * _WORD)):
                free |= np.int64(f.arc[a, t] < g.units[a]) << (t - k * _WORD)
                used |= np.int64(f.arc[a, t] > 0) << (t - k * _WORD)
            s.free[a, k], s.used[a, k] = free, used
    for v in range(s.held.shape[0]):
        for k in range(s.held.shape[1]):
            held = np.int64(0)
            for t in range(k * _WORD, min(steps, (k + 1) * _WORD)):
                held |= np.int64(f.wait[v, t] > 0) << (t - k * _WORD)
            s.held[v, k] = held
