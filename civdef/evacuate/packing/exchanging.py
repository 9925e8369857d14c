"""Exchanging single buildings, each try carried out: see :mod:`civdef.evacuate.packing.exchange`. Kernels, compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from civdef.evacuate.carrying import NEVER, carry
from civdef.evacuate.search.reach import draw
from civdef.evacuate.stepped import UNITS
from civdef.movement.compiled import digest, kernel, shared

Ints = NDArray[np.int64]

_SOURCES = [
    "../evacuate/packing/exchanging.py",
    *(f"../evacuate/search/{name}.py" for name in ("reach", "records", "slack")),
    "../evacuate/carrying.py",
    "../evacuate/stepped.py",
    "../evacuate/routes.py",
    "compiled.py",
]

_TIME = 1e-7
"""Price of a unit-step until inside, in persons late by a step: it only decides between equals."""

_HARM = 3.0
"""Most harm that a try counts for, in shares by which the plan is worse after it."""

_NEW = 0.3
"""Weight of the last try in what is known of a way's harm."""


class Offer(NamedTuple):
    """The ways that rows may take, W of them.

    Attributes
    ----------
    place, start, door, shelter
        Of each way: where and when it joins the streets, its door and its shelter, shape (W,).
    pointer, chains
        Chains to enter after that, ``chains[pointer[w]:pointer[w + 1]]``.
    of_row, way
        The ways of row b are ``way[of_row[b]:of_row[b + 1]]``.
    """

    place: Ints
    start: Ints
    door: Ints
    shelter: Ints
    pointer: Ints
    chains: Ints
    of_row: Ints
    way: Ints


class Taken(NamedTuple):
    """The ways that rows take, as :func:`civdef.evacuate.carrying.carry` wants them, shape (B,) each."""

    place: Ints
    start: Ints
    begin: Ints
    end: Ints
    door: Ints


@shared
def _take(b, w, offer, taken):
    """Let a row take a way."""
    taken.place[b], taken.start[b], taken.door[b] = offer.place[w], offer.start[w], offer.door[w]
    taken.begin[b], taken.end[b] = offer.pointer[w], offer.pointer[w + 1]


@shared
def _target(here, done, latest, state):
    """Return a row: in half of all cases one of the last ones inside."""
    pick = here[draw(state, here.size)]
    if draw(state, 2) == 0:
        floor, seen = latest - 2 - draw(state, 3), 0
        for b in here:
            if done[b] > floor:
                seen += 1
                if draw(state, seen) == 0:
                    pick = b
    return pick


@shared
def _better(way, other, score):
    """Return the one of two ways that did less harm when it was tried; the first if there is no other."""
    return way if other < 0 or score[way] < score[other] else other


@shared
def _any(b, offer, score, rivals, state):
    """Return the best of some of a row's ways, drawn by chance."""
    pick = -1
    for _ in range(1 if rivals == 1 else 1 + draw(state, rivals)):
        way = offer.way[offer.of_row[b] + draw(state, offer.of_row[b + 1] - offer.of_row[b])]
        pick = _better(way, pick, score)
    return pick


@shared
def _to(shelter, b, offer, score, rivals, state):
    """Return the best of some of a row's ways to a shelter, drawn by chance, -1 if it has none."""
    pick = -1
    for _ in range(1 if rivals == 1 else 1 + draw(state, rivals)):
        way, seen = -1, 0
        for k in range(offer.of_row[b], offer.of_row[b + 1]):
            if offer.shelter[offer.way[k]] == shelter:
                seen += 1
                if draw(state, seen) == 0:
                    way = offer.way[k]
        if way < 0:
            return -1
        pick = _better(way, pick, score)
    return pick


@shared
def _partner(b, source, target, here, people, room, tied, picks, offer, score, state):
    """Return a row that would make room in a shelter for another by changing places with it, -1 if there is none."""
    pick, seen = -1, 0
    for r in here:
        if (
            r != b
            and not tied[r]
            and offer.shelter[picks[r]] == target
            and room[target] + people[r] >= people[b]
            and room[source] + people[b] >= people[r]
            and _to(source, r, offer, score, 1, state) >= 0
        ):
            seen += 1
            if draw(state, seen) == 0:
                pick = r
    return pick


def _exchange(source_digest: int):
    @kernel
    def exchange(
        order,
        chain_steps,
        units,
        door_steps,
        offer,
        people,
        tied,
        picks,
        room,
        goal,
        tries,
        heat,
        worse,
        rivals,
        by_last,
        seed,
    ):
        """Try other ways until the plan is done by `goal`; `picks` is changed to the best found.

        Parameters
        ----------
        order, chain_steps, units, door_steps
            The network: see :func:`civdef.evacuate.carrying.carry`.
        offer
            The ways.
        people
            Units of each row, shape (B,).
        tied
            Rows that stay in their shelter, shape (B,).
        picks
            The way that each row takes, -1: none, shape (B,).
        room
            Places left in each shelter, shape (S,) [units].
        goal
            Steps within which nobody is late.
        tries, seed
            How often to try; of the random choices.
        heat, worse
            By what share, and by how many persons late, a plan may be worse and yet be gone on from, about, in the beginning.
        rivals
            Of up to so many ways drawn the one is tried that did least harm when it was tried before; 1: any.
        by_last
            Whether the best plan is the one done earliest or the least late.
        """
        if source_digest == 0:
            return
        state = np.array(
            [seed * np.uint64(2685821657736338717) + np.uint64(88172645463325252)], dtype=np.uint64
        )
        here = np.flatnonzero(picks >= 0)
        score = np.zeros(offer.door.size)
        taken = Taken(
            np.zeros_like(people), np.zeros_like(people), np.zeros_like(people), np.zeros_like(people), np.zeros_like(people)
        )  # fmt: skip
        for b in here:
            _take(b, picks[b], offer, taken)
        none, nothing = np.zeros((0, 0), np.int32), np.zeros(0, np.bool_)
        done, latest, now = people.copy(), 0, np.inf
        best, best_latest, kept = np.inf, NEVER, picks.copy()
        aim, fresh = goal, True
        for used in range(tries + 1):
            b, other, w, with_w = -1, -1, -1, -1  # type: ignore[assignment]
            if not fresh:
                b = _target(here, done, latest, state)
                w = _any(b, offer, score, rivals, state)
                source, target = offer.shelter[picks[b]], offer.shelter[w]
                if w == picks[b] or (source != target and tied[b]):
                    continue
                if source != target and room[target] < people[b]:
                    other = _partner(b, source, target, here, people, room, tied, picks, offer, score, state)
                    if other < 0:
                        continue
                    with_w = _to(source, other, offer, score, rivals, state)
                    _take(other, with_w, offer, taken)
                _take(b, w, offer, taken)
            most = np.inf
            if not fresh:
                warm = (1.0 - used / (tries + 1)) * (heat * now + worse)
                most = now - warm * np.log((1 + draw(state, 1 << 20)) / (1 << 20))
            then, _, _, late = carry(
                order, chain_steps, units, door_steps, taken.place, taken.start, people, taken.begin, taken.end, offer.chains,
                taken.door, NEVER, aim, none, nothing, none, most * UNITS,
            )  # fmt: skip
            value, last = late / UNITS, 0
            for r in here:
                value += _TIME * people[r] * then[r]
                last = max(last, then[r])
            if not fresh:
                harm = min(max(value - now, 0.0) / (now + 1.0), _HARM)
                score[w] += _NEW * (harm - score[w])
                if other >= 0:
                    score[with_w] += _NEW * (harm - score[with_w])
            if fresh or value < most:
                now, latest, fresh = value, last, False
                done[:] = then
                if b >= 0:
                    room[offer.shelter[picks[b]]] += people[b]
                    room[offer.shelter[w]] -= people[b]
                    picks[b] = w
                if other >= 0:
                    room[offer.shelter[picks[other]]] += people[other]
                    room[offer.shelter[with_w]] -= people[other]
                    picks[other] = with_w
                if now < best if not by_last or latest == best_latest else latest < best_latest:
                    best, best_latest = now, latest
                    kept[:] = picks
                if latest <= goal:
                    break
                if by_last and (
                    latest <= aim or used == 0
                ):  # from now on only what is done a step earlier still is on time
                    aim, fresh, best = max(goal, latest - 1), True, np.inf
            else:
                _take(b, picks[b], offer, taken)
                if other >= 0:
                    _take(other, picks[other], offer, taken)
        picks[:] = kept

    return exchange


exchange = _exchange(digest(_SOURCES))
