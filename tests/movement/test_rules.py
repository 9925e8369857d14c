"""Closures, shelters that open, close and fill, told routes, reasons: what people do when the plan breaks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from civdef.movement import FREE, Engine, People, Reroute, Shelters, WalkNetwork
from civdef.movement import state as st
from tests.movement.nets import assert_conserved, both_ways, crowd, line, run, wide_open

# 0 ─10─ 1 ─10─ 3(shelter 0)      0 ─10─ 2 ─40─ 3      1 ─30─ 4(shelter 1)
SQUARE = both_ways([(0, 1, 10.0), (1, 3, 10.0), (0, 2, 10.0), (2, 3, 40.0), (1, 4, 30.0)], 5)


def arc(tail: int, head: int) -> int:
    return int(np.flatnonzero((SQUARE.tail == tail) & (SQUARE.head == head))[0])


def two(places: tuple[int, int] = (100, 100), **more: object) -> Shelters:
    return Shelters.from_arrays([3, 4], [0, 1], 1000.0, list(places), **more)


def start(people: People, shelters: Shelters | None = None, **more: object) -> Engine:
    return Engine(SQUARE, shelters or two(), people, relation=FREE, **more)


def finish(engine: Engine) -> Engine:
    engine.advance(math.inf)
    assert_conserved(engine)
    return engine


def test_told_route_is_walked_though_it_is_longer() -> None:
    engine = finish(start(crowd(1, routes=[[arc(0, 2), arc(2, 3)]])))
    assert engine.arrival_s.tolist() == [50]
    assert engine.walked_m.tolist() == [50]


def test_cut_road_ahead_is_found_at_its_start_and_gone_around() -> None:
    engine = start(crowd(1, routes=[[arc(0, 1), arc(1, 3)]]))
    engine.advance(5)
    engine.close_arcs([arc(1, 3)])
    finish(engine)
    assert engine.arrival_s.tolist() == [10 + 10 + 10 + 40]
    assert engine.reroutes.tolist() == [1]


def test_people_on_a_closed_street_walk_to_its_end() -> None:
    engine = start(crowd(1))
    engine.advance(5)
    engine.close_arcs([arc(0, 1)])
    assert engine.arc.tolist() == [arc(0, 1)]
    finish(engine)
    assert engine.arrival_s.tolist() == [20]


def test_road_that_opens_again_is_used_again() -> None:
    engine = start(crowd(2, departure_s=[0.0, 50.0]))
    engine.close_arcs([arc(0, 1)])
    engine.advance(40)
    engine.open_arcs([arc(0, 1)])
    finish(engine)
    assert engine.arrival_s.tolist() == [50, 70]


def test_without_rerouting_people_wait_at_the_cut() -> None:
    engine = start(crowd(1, routes=[[arc(0, 1), arc(1, 3)]]), reroute=Reroute(around_closures=False))
    engine.close_arcs([arc(1, 3)])
    engine.advance(100)
    assert engine.counts().stranded == 1
    assert engine.reason.tolist() == [st.ROAD_CUT]
    assert engine.node.tolist() == [1]
    engine.open_arcs([arc(1, 3)])
    finish(engine)
    assert engine.arrival_s.tolist() == [110]
    assert engine.reason.tolist() == [st.NO_REASON]


def test_people_queueing_for_a_street_that_closes_choose_again() -> None:
    network = WalkNetwork.from_arrays([0, 1, 0], [1, 2, 2], [10.0, 10.0, 100.0], [9.0, 0.1, 9.0], 3)
    engine = Engine(network, wide_open(2), crowd(20), relation=FREE)
    engine.advance(30)
    waiting = engine.counts().walking
    assert waiting > 10
    engine.close_arcs(np.flatnonzero(network.tail == 1))
    engine.advance(500)
    assert_conserved(engine)
    assert engine.counts().stranded > 10
    engine.open_arcs(np.flatnonzero(network.tail == 1))
    finish(engine)
    assert engine.counts().arrived == 20


def test_people_stepping_on_from_buildings_choose_again_when_the_street_closes() -> None:
    network = WalkNetwork.from_arrays([0, 0], [1, 1], [10.0, 30.0], [0.1, 9.0], 2)
    engine = Engine(network, wide_open(1), crowd(20), relation=FREE)
    engine.advance(1)
    engine.close_arcs([0])
    finish(engine)
    assert engine.counts().arrived == 20
    assert engine.clearance_s < 40


def test_everything_closed_strands_all_with_the_reason() -> None:
    engine = start(crowd(3))
    engine.close_arcs(np.arange(SQUARE.arc_count))
    finish(engine)
    assert engine.counts().stranded == 3
    assert set(engine.reason) == {st.NO_ROUTE}
    assert (engine.node == 0).all()


def test_full_shelter_sends_whole_groups_to_the_next_with_room() -> None:
    engine = finish(start(crowd(3, persons=[4, 4, 4], departure_s=[0.0, 1, 2]), two((9, 100))))
    assert engine.arrived_shelter.tolist() == [0, 0, 1]
    assert engine.arrival_s[2] > engine.arrival_s[1]
    assert engine.redirects.tolist() == [0, 0, 1]
    assert engine.shelter_persons.tolist() == [8, 4]


def test_smaller_group_behind_one_that_does_not_fit_gets_in() -> None:
    engine = finish(start(crowd(3, persons=[4, 4, 1], departure_s=[0.0, 1, 2]), two((5, 100))))
    assert engine.arrived_shelter.tolist() == [0, 1, 0]


def test_nobody_is_sent_to_places_promised_to_others() -> None:
    people = People.from_arrays(
        [0, 0, 4], persons=[5, 5, 5], departure_s=[0.0, 1.0, 500.0], shelter=[0, 0, 1], speed_mps=1.0
    )
    engine = finish(start(people, two((5, 5))))
    assert engine.arrived_shelter.tolist() == [0, -1, 1]
    assert engine.reason[1] == st.NO_ROOM


def test_no_room_anywhere_is_said() -> None:
    engine = finish(start(crowd(2, persons=[6, 6]), two((10, 5))))
    assert engine.counts().arrived == 6
    assert engine.counts().stranded == 6
    assert set(engine.reason.tolist()) == {st.NO_REASON, st.NO_ROOM}


def test_group_larger_than_any_shelter_is_stranded() -> None:
    engine = finish(start(crowd(1, persons=50), two((10, 20))))
    assert engine.reason.tolist() == [st.NO_ROOM]
    assert engine.node.tolist() == [3]


def test_shelter_not_open_yet_is_waited_for() -> None:
    engine = start(crowd(3), two(open=[False, True]))
    engine.advance(600)
    assert engine.counts().at_doors == 3
    assert engine.door_queue.tolist() == [3, 0]
    engine.open_shelter(0)
    finish(engine)
    assert engine.arrival_s.min() == 600
    assert engine.arrived_shelter.tolist() == [0, 0, 0]


def test_waiting_for_ever_at_a_shut_door_ends_the_run() -> None:
    shelters = Shelters.from_arrays([2], [0], 1.0, [100], open=False, forecourt_persons=1)
    engine = run(line([1.0, 1.0]), shelters, crowd(50))
    assert engine.counts().at_doors == 1
    assert engine.counts().walking == 49
    assert engine.squeezed_persons == 0
    assert engine.next_event_s == math.inf


def test_closed_shelter_sends_on_at_its_door() -> None:
    engine = start(crowd(1))
    engine.advance(15)
    engine.close_shelter(0)
    finish(engine)
    assert engine.arrived_shelter.tolist() == [1]
    assert engine.arrival_s.tolist() == [20 + 10 + 30]


def test_word_of_a_closed_shelter_may_reach_everybody_at_once() -> None:
    engine = start(crowd(1, departure_s=[0.0]), reroute=Reroute(tell_at_once=True))
    engine.advance(5)
    engine.close_shelter(0)
    finish(engine)
    assert engine.arrival_s.tolist() == [10 + 30]


def test_people_at_a_door_that_closes_go_on_or_wait() -> None:
    for wait, expected in ((False, 1), (True, 0)):
        engine = start(crowd(2), two(open=[False, True]))
        engine.advance(100)
        engine.close_shelter(0, wait=wait)
        engine.advance(1000)
        engine.open_shelter(0)
        finish(engine)
        assert engine.arrived_shelter.tolist() == [expected, expected]


def test_no_redirect_strands_at_the_closed_door_until_it_opens() -> None:
    engine = start(crowd(1), reroute=Reroute(to_other_shelters=False))
    engine.close_shelter(0)
    engine.advance(100)
    assert engine.reason.tolist() == [st.NO_SHELTER]
    assert engine.node.tolist() == [3]
    engine.open_shelter(0)
    finish(engine)
    assert engine.arrival_s.tolist() == [100]


def test_unreachable_shelter_is_replaced_by_a_reachable_one() -> None:
    engine = start(crowd(1))
    engine.close_arcs([arc(1, 3), arc(2, 3)])
    finish(engine)
    assert engine.arrived_shelter.tolist() == [1]


def test_door_of_no_width_is_not_used() -> None:
    network = line([10.0, 10.0])
    both = Shelters.from_arrays([1, 2], [0, 0], [0.0, 5.0], [10])
    assert run(network, both, crowd(1)).arrival_s.tolist() == [20]
    none = Shelters.from_arrays([1], [0], [0.0], [10])
    engine = run(network, none, crowd(1))
    assert engine.reason.tolist() == [st.NO_ROUTE]


def test_people_without_a_shelter_go_to_the_nearest_with_room() -> None:
    engine = finish(start(crowd(3, persons=2, shelter=-1, departure_s=[0.0, 1, 2]), two((2, 100))))
    assert engine.arrived_shelter.tolist() == [0, 1, 1]
    assert engine.redirects.tolist() == [0, 0, 0]


def test_disconnected_network_strands_only_those_cut_off() -> None:
    network = WalkNetwork.from_arrays([0], [1], [10.0], [1.0], 4)
    engine = run(
        network, wide_open(1), People.from_arrays([0, 2, 3], departure_s=0.0, shelter=0, speed_mps=1.0)
    )
    assert engine.status.tolist() == [st.ARRIVED, st.STRANDED, st.STRANDED]


def test_zero_people_zero_shelters_zero_streets() -> None:
    empty = WalkNetwork.from_arrays([], [], [], [], 0)
    nothing = Shelters.from_arrays([], [], [], np.zeros(0, int))
    nobody = People.from_arrays(np.zeros(0, int))
    engine = run(empty, nothing, nobody)
    assert engine.counts().total == 0
    engine.close_arcs([])
    engine.release([], 5.0)
    assert run(SQUARE, two(), nobody).clearance_s == 0
    engine = run(SQUARE, nothing, crowd(3, shelter=-1))
    assert set(engine.reason.tolist()) == {st.NO_SHELTER}
    assert engine.counts().stranded == 3


def test_release_starts_people_and_the_earlier_warning_holds() -> None:
    engine = start(crowd(3, departure_s=np.inf))
    engine.advance(100)
    assert engine.counts().waiting == 3
    engine.release([0, 1], [200.0, 300.0])
    engine.release([0, 1], [250.0, 150.0])
    finish(engine)
    assert engine.arrival_s.tolist() == [220, 170, np.inf]
    assert engine.departure_s.tolist() == [200, 150, np.inf]
    assert engine.counts().waiting == 1
    engine.release([0], 900.0)
    assert engine.departure_s[0] == 200, "a second warning changes nothing for those who have left"


def test_reassign_before_on_the_way_at_the_door_and_stranded() -> None:
    engine = start(crowd(1, departure_s=50.0))
    engine.reassign([0], 1)
    assert finish(engine).arrived_shelter.tolist() == [1]

    engine = start(crowd(1))
    engine.advance(5)
    engine.reassign([0], 1)
    finish(engine)
    assert engine.arrival_s.tolist() == [40]

    engine = start(crowd(3), two(open=[False, True]))
    engine.advance(100)
    engine.reassign([1], 1)
    engine.advance(200)
    assert_conserved(engine)
    assert engine.arrived_shelter.tolist() == [-1, 1, -1]
    assert engine.door_queue.tolist() == [2, 0]
    engine.open_shelter(0)
    finish(engine)
    assert engine.counts().arrived == 3

    engine = start(crowd(1), reroute=Reroute(to_other_shelters=False))
    engine.close_shelter(0)
    engine.advance(100)
    engine.reassign([0], 1)
    finish(engine)
    assert engine.arrival_s.tolist() == [100 + 40]

    engine.reassign([0], 0)
    assert engine.arrived_shelter.tolist() == [1], "who has arrived stays"


def test_reassign_with_a_new_route() -> None:
    engine = start(crowd(2, departure_s=[50.0, 60.0]))
    engine.reassign([1], 0, [[arc(0, 2), arc(2, 3)]])
    finish(engine)
    assert engine.arrival_s.tolist() == [70, 110]


def test_reassign_those_waiting_to_step_onto_a_street() -> None:
    network = WalkNetwork.from_arrays([0, 0], [1, 2], [10.0, 10.0], [0.1, 5.0], 3)
    shelters = Shelters.from_arrays([1, 2], [0, 1], 100.0, [100, 100])
    engine = Engine(network, shelters, crowd(10), relation=FREE)
    engine.advance(1)
    engine.reassign(np.arange(10), 1)
    finish(engine)
    assert sorted(engine.arrived_shelter.tolist()) == [0] + [1] * 9, "one was on the dead-end street already"
    assert engine.shelter_promised.tolist() == [1, 9]


@pytest.mark.parametrize("wait", [True, False])
def test_closing_and_opening_twice_changes_nothing_more(wait: bool) -> None:
    engine = start(crowd(5, departure_s=10.0))
    for _ in range(2):
        engine.close_shelter(0, wait=wait)
        engine.close_arcs([arc(0, 1), arc(0, 1)])
    for _ in range(2):
        engine.open_shelter(0)
        engine.open_arcs([arc(0, 1)])
    finish(engine)
    assert engine.arrived_shelter.tolist() == [0] * 5
