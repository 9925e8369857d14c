"""Cases whose answer is worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from civdef.movement import IMO, WEIDMANN, Engine, People, Shelters, WalkNetwork
from civdef.movement.density_flow import weidmann_mps
from tests.movement.nets import FLOW, crowd, line, run, wide_open


def test_one_walker() -> None:
    engine = run(line([40.0]), wide_open(1), crowd(1))
    assert engine.arrival_s.tolist() == [40.0]
    assert engine.walked_m.tolist() == [40.0]
    assert engine.reached_door_s.tolist() == [40.0]


def test_speed_factor_slows() -> None:
    network = WalkNetwork.from_arrays([0], [1], [40.0], [1.0], 2, speed_factor=0.5)
    assert run(network, wide_open(1), crowd(1)).clearance_s == 80


def test_access_walk_and_departure_add_up() -> None:
    engine = run(line([40.0]), wide_open(1), crowd(1, departure_s=100.0, access_s=7.0))
    assert engine.clearance_s == 147


def test_street_lets_through_width_times_specific_flow() -> None:
    engine = run(line([100.0], 2.0), wide_open(1), crowd(101))
    assert engine.clearance_s == pytest.approx(100 + 100 / (2 * FLOW))


def test_bottleneck_sets_the_flow_wherever_it_is() -> None:
    for widths in ([0.5, 2.0, 2.0], [2.0, 0.5, 2.0], [2.0, 2.0, 0.5]):
        engine = run(line([50.0, 50.0, 50.0], widths), wide_open(3), crowd(61))
        assert engine.clearance_s == pytest.approx(150 + 60 / (0.5 * FLOW))


def test_door_limits() -> None:
    engine = run(line([10.0], 5.0), Shelters.from_arrays([1], [0], 0.5, [200]), crowd(101))
    assert engine.clearance_s == pytest.approx(10 + 100 / 0.5)


def test_group_is_in_when_its_last_member_is() -> None:
    engine = run(line([10.0], 5.0), Shelters.from_arrays([1], [0], 0.5, [200]), crowd(2, persons=5))
    assert engine.arrival_s.tolist() == [10 + 4 / 0.5, 10 + 9 / 0.5]


def test_density_slows_those_who_enter_later() -> None:
    departure = np.arange(60) * 1.0
    engine = run(line([100.0]), wide_open(1), crowd(60, departure_s=departure), relation=WEIDMANN)
    late = engine.arrival_s - (departure + 100)
    assert late[0] == 0
    assert (np.diff(late) >= 0).all()
    assert engine.arrival_s[59] == pytest.approx(
        59 + 100 / (weidmann_mps(0.59) / weidmann_mps(0.0)), rel=1e-4
    )


def test_delay_behind_a_bottleneck_is_not_counted_twice() -> None:
    """At saturation the last one is out at (N - 1) / C after the first, whatever the relation."""
    for relation in (WEIDMANN, IMO):
        flow = 0.5 * relation.max_flow_p_m_s
        engine = run(line([50.0, 50.0], [4.0, 0.5]), wide_open(2), crowd(400), relation=relation)
        assert 399 / flow <= engine.clearance_s <= 399 / flow + 100 * 1.4 / 0.5


def test_spill_back_fills_street_after_street() -> None:
    """A street of 10 m² holds 54; behind a very slow door with a forecourt for 6, the queue stands in the streets."""
    shelters = Shelters.from_arrays([2], [0], 0.001, [1000], forecourt_persons=6)
    engine = Engine(line([10.0, 10.0]), shelters, crowd(200), relation=WEIDMANN)
    engine.advance(900)
    assert engine.door_queue.tolist() == [6]
    assert engine.arc_persons.tolist() == [54, 54]
    assert engine.counts().arrived == 1
    assert engine.counts().walking == 199 - 6
    assert engine.squeezed_persons == 0, "a slow door is no gridlock"
    assert engine.arc_peak.tolist() == [54, 54]


def test_spill_back_blocks_through_traffic_upstream() -> None:
    """People for B, behind a full queue for A in the same lane, are held up by it."""
    network = WalkNetwork.from_arrays([0, 1, 1], [1, 2, 3], [10.0, 1.0, 10.0], 1.0, 4)
    shelters = Shelters.from_arrays([2, 3], [0, 1], [0.1, 10.0], [1000, 1000], forecourt_persons=1)
    people = People.from_arrays(
        np.zeros(40, int), departure_s=np.arange(40.0), shelter=[0] * 39 + [1], speed_mps=1.0
    )
    engine = run(network, shelters, people)
    assert engine.arrival_s[39] > 200
    alone = run(network, shelters, People.from_arrays([0], departure_s=39.0, shelter=1, speed_mps=1.0))
    assert alone.clearance_s == 39 + 20


def merge(width_a: float, width_b: float, count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    network = WalkNetwork.from_arrays([0, 1, 2], [2, 2, 3], [10.0, 10.0, 10.0], [width_a, width_b, 0.5], 4)
    people = People.from_arrays(np.repeat([0, 1], count), departure_s=0.0, shelter=0, speed_mps=1.0)
    engine = run(network, wide_open(3), people)
    return np.sort(engine.arrival_s[:count]), np.sort(engine.arrival_s[count:])


def test_equal_streets_merge_one_to_one() -> None:
    a, b = merge(2.0, 2.0)
    assert np.abs(a - b).max() <= 1 / (0.5 * FLOW) + 1e-9
    assert max(a[-1], b[-1]) == pytest.approx(20 + 799 / (0.5 * FLOW))


def test_streets_merge_by_capacity() -> None:
    a, b = merge(3.0, 1.0)
    when = a[299]
    assert (b <= when).sum() == pytest.approx(100, abs=3)


def test_people_from_buildings_and_street_share_the_next_street() -> None:
    network = line([10.0, 10.0], [1.0, 1.0])
    people = People.from_arrays(
        np.repeat([0, 1], 200), departure_s=np.repeat([0.0, 10.0], 200), shelter=0, speed_mps=1.0
    )
    engine = run(network, wide_open(2), people)
    half = engine.arrival_s[:200] <= np.median(engine.arrival_s)
    assert half.sum() == pytest.approx(100, abs=3)


def test_fast_people_overtake() -> None:
    people = People.from_arrays([0, 0], departure_s=[0.0, 1.0], kind=[3, 0], shelter=0)
    engine = run(line([84.0]), wide_open(1), people)
    assert engine.arrival_s.tolist() == pytest.approx([120, 71])


def test_nobody_overtakes_in_their_own_lane() -> None:
    people = People.from_arrays([0, 0], departure_s=[0.0, 1.0], speed_mps=[1.2, 1.3], shelter=0)
    engine = run(line([120.0], 4.0), wide_open(1), people)
    assert engine.arrival_s[1] >= engine.arrival_s[0] == 100


def test_zero_length_connectors_take_no_time() -> None:
    engine = run(line([0.0, 40.0, 0.0]), wide_open(3), crowd(10))
    assert engine.clearance_s == pytest.approx(40 + 9 / FLOW)


def test_group_larger_than_a_short_street_still_passes() -> None:
    engine = run(line([0.1, 0.1, 0.1], 0.5), wide_open(3), crowd(3, persons=50))
    assert math.isfinite(engine.clearance_s)
    assert engine.squeezed_persons == 0


def test_origin_is_the_entrance() -> None:
    engine = run(line([10.0]), Shelters.from_arrays([0], [0], 1.0, [5]), crowd(3, departure_s=2.0))
    assert np.sort(engine.arrival_s).tolist() == [2, 3, 4]
    assert engine.walked_m.tolist() == [0, 0, 0]
