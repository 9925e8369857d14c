"""Networks, people, shelters and speeds: what is refused, and what is kept in which order."""

from __future__ import annotations

import numpy as np
import pytest

from civdef.movement import Engine, Kind, People, Reroute, Shelters, Speeds, WalkNetwork, door_flow_pps
from tests.movement.nets import crowd, line, wide_open


def test_network_is_sorted_and_leads_back_to_its_rows() -> None:
    network = WalkNetwork.from_arrays([2, 0, 1, 0], [0, 2, 2, 1], [4.0, 2, 3, 1], 1.5, 3)
    assert network.tail.tolist() == [0, 0, 1, 2]
    assert network.head.tolist() == [1, 2, 2, 0]
    assert network.length_m.tolist() == [1, 2, 3, 4]
    assert network.source_row.tolist() == [3, 1, 2, 0]
    assert network.arc_of_row.tolist() == [3, 1, 2, 0]
    assert network.indptr.tolist() == [0, 2, 3, 4]
    assert network.in_indptr.tolist() == [0, 1, 2, 4]
    assert network.in_arcs.tolist() == [3, 0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        network.length_m[0] = 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"head": [3]}, "outside"),
        ({"head": [-1]}, "outside"),
        ({"length_m": [-1.0]}, "length_m of arc 0"),
        ({"length_m": [np.nan]}, "length_m of arc 0"),
        ({"width_m": [0.0]}, "width_m of arc 0"),
        ({"width_m": [1.0, 2.0]}, "one entry per arc"),
        ({"speed_factor": 0.0}, "speed_factor"),
        ({"flow_factor": np.inf}, "flow_factor"),
        ({"head": [1, 2]}, "same length"),
    ],
)
def test_network_refuses(change: dict[str, object], message: str) -> None:
    good = {"tail": [0], "head": [1], "length_m": [1.0], "width_m": [1.0], "node_count": 3}
    with pytest.raises(ValueError, match=message):
        WalkNetwork.from_arrays(**{**good, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"persons": 0}, "at least one person"),
        ({"persons": 1.5}, "whole numbers"),
        ({"kind": 4}, "unknown kind"),
        ({"speed_mps": 0.0}, "speed"),
        ({"speed_mps": 9.0}, "speed"),
        ({"departure_s": -1.0}, "negative"),
        ({"departure_s": np.nan}, "negative or NaN"),
        ({"access_s": np.inf}, "access"),
        ({"persons": [1, 2]}, "one entry per group"),
        ({"routes": [[], []]}, "one entry per group"),
        ({"route_indptr": [0, 2], "route_arcs": [1]}, "route_indptr"),
    ],
)
def test_people_refuse(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        People.from_arrays([0], **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"entrance_shelter": [1]}, "belongs to no shelter"),
        ({"entrance_node": [-1]}, "stands at no node"),
        ({"door_flow_pps": -1.0}, "door flow"),
        ({"door_flow_pps": np.inf}, "door flow"),
        ({"places": [-1]}, "places"),
        ({"places": [1.5]}, "whole persons"),
        ({"forecourt_persons": -1.0}, "forecourt"),
        ({"entrance_node": [1, 2]}, "same length"),
    ],
)
def test_shelters_refuse(change: dict[str, object], message: str) -> None:
    good = {"entrance_node": [1], "entrance_shelter": [0], "door_flow_pps": 1.0, "places": [5]}
    with pytest.raises(ValueError, match=message):
        Shelters.from_arrays(**{**good, **change})


def test_two_doors_at_one_node_are_one_entrance() -> None:
    shelters = Shelters.from_arrays([4, 1, 4], [1, 0, 1], [1.0, 2.0, 3.0], [5, 6])
    assert shelters.entrance_node.tolist() == [1, 4]
    assert shelters.door_flow_pps.tolist() == [2, 4]


def test_door_flow() -> None:
    assert door_flow_pps([1.0, 0.0, -1.0]).tolist() == [1.3, 0, 0]
    assert door_flow_pps(1.0, specific_flow_p_m_s=1.33, boundary_m=0.15) == pytest.approx(0.931)
    with pytest.raises(ValueError, match="positive"):
        door_flow_pps(1.0, specific_flow_p_m_s=0)


def test_speeds() -> None:
    speeds = Speeds()
    assert speeds.of([0, 3]).tolist() == [1.2, 0.70]
    assert speeds.child_mps == pytest.approx(0.8 * speeds.adult_mps)
    assert speeds.slowest([Kind.ADULT, Kind.ELDERLY, Kind.CHILD]) is Kind.ELDERLY
    for wrong in ({"adult_mps": 0.0}, {"elderly_mps": 6.0}, {"child_mps": np.nan}):
        with pytest.raises(ValueError, match="speeds"):
            Speeds(**wrong)
    with pytest.raises(ValueError, match="kind"):
        speeds.of([4])
    with pytest.raises(ValueError, match="at least one"):
        speeds.slowest([])


def test_engine_refuses_what_does_not_fit() -> None:
    network = line([10.0, 10.0])
    with pytest.raises(ValueError, match="entrance stands"):
        Engine(network, wide_open(7), crowd(1))
    with pytest.raises(ValueError, match="starts at a node"):
        Engine(network, wide_open(2), crowd(1, node=5))
    with pytest.raises(ValueError, match="does not exist"):
        Engine(network, wide_open(2), crowd(1, shelter=3))
    with pytest.raises(ValueError, match="not on the network"):
        Engine(network, wide_open(2), crowd(1, routes=[[0, 9]]))
    with pytest.raises(ValueError, match="has a gap"):
        Engine(network, wide_open(2), crowd(1, routes=[[1]]))
    with pytest.raises(ValueError, match="does not end"):
        Engine(network, wide_open(2), crowd(1, routes=[[0]]))
    with pytest.raises(ValueError, match="gridlock"):
        Reroute(gridlock_release_s=0)


def test_engine_refuses_wrong_orders() -> None:
    engine = Engine(line([10.0, 10.0]), wide_open(2), crowd(1))
    engine.advance(5)
    for time in (4.0, np.nan):
        with pytest.raises(ValueError, match="clock"):
            engine.advance(time)
    with pytest.raises(ValueError, match="before the clock"):
        engine.release([0], 3.0)
    for order in (engine.close_arcs, engine.open_arcs):
        with pytest.raises(ValueError, match="no arc 2"):
            order([2])
    for close in (engine.close_shelter, engine.open_shelter):
        with pytest.raises(ValueError, match="no shelter 1"):
            close(1)
    with pytest.raises(ValueError, match="no group"):
        engine.release([1], 9.0)
    with pytest.raises(ValueError, match="whole numbers"):
        engine.close_arcs([0.5])
    with pytest.raises(ValueError, match="does not exist"):
        engine.reassign([0], 4)
    with pytest.raises(ValueError, match="not departed"):
        engine.reassign([0], 0, [[0, 1]])
    other = Engine(line([10.0]), wide_open(1), crowd(1))
    with pytest.raises(ValueError, match="another engine"):
        engine.restore(other.snapshot())
