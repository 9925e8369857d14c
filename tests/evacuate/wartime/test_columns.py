"""Vehicle columns: by hand, and an independent look at every timetable."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.wartime.columns import (
    Party,
    columns_of,
    finished,
    length_m,
    marches,
    more_needed,
    passing_min,
    send,
)
from civdef.model.wartime import WartimeSettings

PLAIN = WartimeSettings()


def test_length_and_passing_by_hand() -> None:
    assert length_m(1, PLAIN) == 12
    assert length_m(10, PLAIN) == 10 * 12 + 9 * 50
    assert passing_min(10, PLAIN) == 2  # 570 m at 500 m a minute
    assert passing_min(1, PLAIN) == 1


def test_two_marches_by_hand() -> None:
    """One coach of 40, 60 people, 30 km: 20 min of loading, 1 min to pass, 60 min on the road, 20 min of unloading."""
    fleet = columns_of([("a", 40)], PLAIN)
    first, second = marches([Party("p", 0, 60)], fleet, [30.0], PLAIN)
    assert (first.persons, first.load_from, first.leave, first.clear, first.arrive, first.done) == (
        40,
        0,
        20,
        21,
        81,
        101,
    )
    assert first.back == 101 + 30 + 60
    assert (second.number, second.persons, second.load_from, second.leave) == (2, 20, 191, 211)
    assert finished([first, second]) == 211 + 1 + 60 + 20


def test_columns_follow_one_another_and_only_by_day() -> None:
    setting = WartimeSettings(column_vehicles=2, bays=1, march_h=1)
    fleet = columns_of([(n, 10) for n in "abcd"], setting)
    assert sorted(len(c.vehicles) for c in fleet) == [2, 2]
    first, second = marches([Party("p", 0, 20), Party("q", 0, 20)], fleet, [10.0], setting)
    # one bay: 2 x 20 min; 74 m pass in a minute; ten minutes of headway
    assert (first.leave, first.clear) == (40, 41)
    assert (second.load_from, second.leave) == (0, 51)
    late = marches([Party("p", 0, 20), Party("p", 0, 20)], fleet, [10.0], setting)
    # the same point: the second loads from minute 40, is ready at 80, after the hour of march: next day
    assert (late[1].load_from, late[1].leave) == (40, 1440)


def test_no_more_vehicles_than_needed_travel() -> None:
    fleet = columns_of([("a", 45), ("b", 45), ("c", 12)], PLAIN)
    [one] = marches([Party("p", 0, 50)], fleet, [10.0], PLAIN)
    assert (one.vehicles, one.length_m) == (2, 74)
    assert marches([Party("p", 0, 50)], (), [10.0], PLAIN) == ()
    assert marches([], fleet, [10.0], PLAIN) == ()


def test_communities_stay_together_where_one_place_has_room() -> None:
    sent, without = send({"a": 100, "b": 60, "c": 50}, [120, 90], [80.0, 20.0])
    assert sent == {("a", 0): 100, ("b", 1): 60, ("c", 0): 20, ("c", 1): 30}
    assert not without
    assert send({"a": 10}, [], []) == ({}, {"a": 10})
    assert send({"a": 10, "b": 5}, [8], [1.0]) == ({("a", 0): 8}, {"a": 2, "b": 5})


def test_more_vehicles_are_as_few_as_do() -> None:
    parties = [Party(f"p{k}", 0, 90) for k in range(3)]
    more = more_needed(parties, [("a", 45)], [30.0], PLAIN, 600, 45)
    assert more is not None
    for count, good in ((more, True), (more - 1, False)):
        fleet = columns_of([("a", 45), *((f"+{n}", 45) for n in range(count))], PLAIN)
        assert (finished(marches(parties, fleet, [30.0], PLAIN)) <= 600) is good
    assert more_needed(parties, [], [30.0], PLAIN, 60, 45) is None


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_timetable_holds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    setting = WartimeSettings(
        column_vehicles=int(rng.integers(1, 6)), bays=int(rng.integers(1, 4)), march_h=float(rng.choice([2, 12, 24])),
        headway_min=float(rng.choice([0, 7.5, 10])), load_min=float(rng.integers(0, 40)),
    )  # fmt: skip
    vehicles = [(f"v{k}", int(rng.integers(0, 60))) for k in range(int(rng.integers(1, 14)))]
    distance = rng.uniform(1, 90, int(rng.integers(1, 4))).tolist()
    parties = [
        Party(f"p{rng.integers(4)}", int(rng.integers(len(distance))), int(rng.integers(1, 400)))
        for _ in range(int(rng.integers(1, 7)))
    ]
    fleet = columns_of(vehicles, setting)
    assert Counter(n for c in fleet for n in c.vehicles) == Counter(n for n, _ in vehicles)
    assert all(len(c.vehicles) <= setting.column_vehicles for c in fleet)
    found = marches(parties, fleet, distance, setting)
    wanted: Counter[tuple[str, int]] = Counter()
    for p in parties:
        wanted[p.point, p.destination] += p.persons
    carried: Counter[tuple[str, int]] = Counter()
    for m in found:
        carried[m.point, m.destination] += m.persons
    assert carried == (wanted if any(s for _, s in vehicles) else Counter())
    last_clear = -math.inf
    busy: dict[int, int] = {}
    loading: list[tuple[str, int, int]] = []
    for m in found:
        seats = fleet[m.column].seats[: m.vehicles]
        assert m.persons <= sum(seats)
        assert m.load_from >= busy.get(m.column, 0)
        assert m.leave >= m.load_from + -(-m.vehicles // setting.bays) * setting.load_min - 1e-9
        assert m.leave % 1440 < setting.march_h * 60
        assert m.leave >= last_clear + setting.headway_min - 1e-9
        speed = setting.column_kmh * 1000 / 60
        assert m.clear >= m.leave + length_m(m.vehicles, setting) / speed - 1e-9
        assert m.arrive >= m.clear + distance[m.destination] * 1000 / speed - 1e-6
        assert m.back >= m.done + distance[m.destination] * 1000 / speed - 1e-6
        assert all(m.leave <= a or b <= m.load_from for p, a, b in loading if p == m.point)
        loading.append((m.point, m.load_from, m.leave))
        last_clear, busy[m.column] = m.clear, m.back
