"""Rings of full streets: found, released, counted; and nothing else is taken for one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from civdef.movement import FREE, Engine, People, Reroute, Shelters, WalkNetwork
from tests.movement.nets import assert_conserved, run


def ring(streets: int, people_each: int) -> tuple[WalkNetwork, Shelters, People]:
    """A one-way ring; from each node people want to go almost all the way round, to an exit behind them."""
    nodes = np.arange(streets)
    tail = np.concatenate([nodes, nodes])
    head = np.concatenate([(nodes + 1) % streets, streets + nodes])
    length = np.concatenate([np.full(streets, 5.0), np.full(streets, 1.0)])
    network = WalkNetwork.from_arrays(tail, head, length, 1.0, 2 * streets)
    shelters = Shelters.from_arrays(streets + nodes, nodes, 1.0, np.full(streets, 10**6))
    people = People.from_arrays(
        np.repeat(nodes, people_each),
        departure_s=0.0,
        shelter=np.repeat((nodes - 1) % streets, people_each),
        speed_mps=1.0,
    )
    return network, shelters, people


@pytest.mark.parametrize("streets", [5, 8])
def test_a_full_ring_is_released_and_everybody_arrives(streets: int) -> None:
    network, shelters, people = ring(streets, 150)
    engine = run(network, shelters, people)
    assert engine.counts().arrived == 150 * streets
    assert engine.squeezed_persons > 0


def test_release_time_is_a_setting() -> None:
    slow, fast = (run(*ring(5, 150), reroute=Reroute(gridlock_release_s=s)).clearance_s for s in (60.0, 5.0))
    assert fast < slow


def test_a_ring_with_room_is_no_gridlock() -> None:
    assert run(*ring(4, 10)).squeezed_persons == 0


def test_two_streams_that_want_each_others_street() -> None:
    """A two-way street between two squares, full in both directions, everybody wants to turn back."""
    network = WalkNetwork.from_arrays([0, 1], [1, 0], 4.0, 1.0, 2)
    shelters = Shelters.from_arrays(
        [0, 1], [0, 1], 5.0, [1000, 1000], open=[False, False], forecourt_persons=1
    )
    people = People.from_arrays(
        np.repeat([0, 1], 60), departure_s=0.0, shelter=np.repeat([1, 0], 60), speed_mps=1.0
    )
    engine = Engine(network, shelters, people, relation=FREE)
    engine.advance(500)
    assert_conserved(engine)
    engine.reassign(np.arange(120), np.repeat([0, 1], 60))
    engine.open_shelter(0)
    engine.open_shelter(1)
    engine.advance(math.inf)
    assert_conserved(engine)
    assert engine.counts().arrived == 120
