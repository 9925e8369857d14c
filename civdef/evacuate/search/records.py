"""The records that the compiled search works on, as tuples of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]

STRAIGHT = 9.0
"""Bearing of a way's beginning or end that no turn is counted at [radians]."""


class Town(NamedTuple):
    """The network: K junctions, C chains, E' doors; queues are numbered as in :mod:`civdef.evacuate.carrying`.

    Attributes
    ----------
    order
        Queues from far to near, shape (2C + E',).
    chain_tail, chain_head, chain_steps
        Junctions and steps of each chain, shape (C,).
    chain_m, chain_turns
        Metres of level walking and turns along it, shape (C,).
    begins, ends
        Bearings of its beginning and end, `STRAIGHT` where unknown, shape (C,) [radians].
    reverse
        The chain that runs against it, -1 for none, shape (C,).
    units
        Units per step of every queue, shape (2C + E',).
    out_ptr, out_chain
        Chains that leave each junction, by pointer, shapes (K + 2,) and (C,).
    door_node
        Junction of each door, K for none, shape (E',).
    door_ptr, door_at
        Doors at each junction, by pointer, shapes (K + 2,) and (E',).
    door_steps, door_m, door_shelter
        Steps and metres from the junction to the door, and its shelter, shape (E',).
    """

    order: Ints
    chain_tail: Ints
    chain_head: Ints
    chain_steps: Ints
    chain_m: Floats
    chain_turns: Ints
    begins: Floats
    ends: Floats
    reverse: Ints
    units: Ints
    out_ptr: Ints
    out_chain: Ints
    door_node: Ints
    door_ptr: Ints
    door_at: Ints
    door_steps: Ints
    door_m: Floats
    door_shelter: Ints


class Rows(NamedTuple):
    """The buildings, or parts of them.

    Attributes
    ----------
    people
        Units, 0 for those that stay, shape (B,).
    opt_ptr
        Ways onto the streets of each, by pointer, shape (B + 1,).
    opt_place, opt_step, opt_m, opt_turns, opt_end
        Of each way: the chain whose far end it reaches or ``C + junction``, the step, metres, turns, last bearing.
    reach_m, walk_m
        Longest route allowed to each shelter, -1 for none; shortest one, shape (B, S) [m of level walking].
    turns_allowed
        Most turns, shape (B,).
    group
        Rows with the same number go to the same shelter, shape (B,).
    due
        No row takes a way on which its last person would be inside later than this if nobody else walked, shape (B,).
    pinned
        Rows that keep the way they have, shape (B,).
    """

    people: Ints
    opt_ptr: Ints
    opt_place: Ints
    opt_step: Ints
    opt_m: Floats
    opt_turns: Ints
    opt_end: Floats
    reach_m: Floats
    walk_m: Floats
    turns_allowed: Ints
    group: Ints
    due: Ints
    pinned: Bools


class Draft(NamedTuple):
    """The plan that is changed in place.

    Attributes
    ----------
    place, start
        Where each row joins the streets, a chain or ``C`` for a junction, and when, shape (B,).
    option
        Which of its ways onto the streets, -1: as in the plan the search began with, shape (B,).
    way, length
        Chains still to enter, ``way[b, :length[b]]``, shapes (B, most) and (B,).
    door, way_m
        Door and length of the route, shape (B,).
    room
        Places left in each shelter, shape (S,) [units].
    """

    place: Ints
    start: Ints
    option: Ints
    way: Ints
    length: Ints
    door: Ints
    way_m: Floats
    room: Ints


class Trail(NamedTuple):
    """Ways that rows took in the course of a search, up to N of them.

    Attributes
    ----------
    row, option, door, length
        Of each: see :class:`Draft`, shape (N,).
    way
        Chains entered, ``way[n, :length[n]]``, shape (N, most).
    filled
        How many there are, shape (1,).
    """

    row: Ints
    option: Ints
    door: Ints
    length: Ints
    way: Ints32
    filled: Ints


class Slack(NamedTuple):
    """How much later those may be who stand in the queues of a plan, so that none of them is late.

    Attributes
    ----------
    last
        Last step in which anybody reaches each queue, -1 for none, shape (Q,).
    due
        By how many steps whoever reaches a queue in a step may be later, `NEVER` where nobody does, shape (Q, steps).
    spare
        Units that may come in between in a step or before it, and nobody is late, at most `MANY`, shape (Q, steps).
    """

    last: Ints
    due: Ints32
    spare: Ints32


class Look(NamedTuple):
    """Scratch of one look round from a building, by junction, shape (K,) each, a heap, and `harm` by door, shape (E',).

    `step_at` counts the queues, `free_at` does not.
    """

    step_at: Ints
    m_at: Floats
    price_at: Floats
    narrow_at: Ints
    turns_at: Ints
    end_at: Floats
    from_chain: Ints
    from_option: Ints
    free_at: Ints
    settled: Bools
    heap: Ints
    keys: Floats
    harm_at: Floats
    harm: Floats
