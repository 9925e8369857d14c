"""Who is where and when: whole persons, every total kept."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from civdef.evacuate.demand import demand_at, share_of
from civdef.model.resident import AssistedPerson, Mobility
from civdef.model.settings import Presence, PresenceByTime
from civdef.model.town import DayPart
from tests.evacuate import towns


@given(st.lists(st.integers(0, 500), max_size=60), st.floats(0, 1))
def test_shares_round_to_the_nearest_total_and_stay_within_one(counts: list[int], share: float) -> None:
    numbers = np.array(counts, dtype=np.int64)
    found = share_of(numbers, share)
    parts = round(share * 1_000_000)
    assert found.sum() == (numbers.sum() * parts + 500_000) // 1_000_000
    assert (np.abs(found - numbers * parts / 1_000_000) < 1).all()
    assert (found <= numbers).all()
    assert (found >= 0).all()


def test_equal_remainders_are_rounded_up_evenly_over_the_list() -> None:
    found = share_of(np.ones(100, dtype=np.int64), 0.3)
    assert found.sum() == 30
    assert max(found[:50].sum(), found[50:].sum()) <= 17  # not all in the first half


def helped(n: str, of: str) -> AssistedPerson:
    return AssistedPerson(
        id=f"assisted/{n}", name=towns.name(n), household=f"household/{of}", mobility=Mobility.WHEELCHAIR
    )


def test_kinds_by_hand() -> None:
    ws = towns.town(
        towns.house("a", 0, 0),
        towns.house("b", 50, 0),
        towns.household("1", "a", 5, children=1, elderly=1),  # 3 adults
        towns.household("2", "b", 2, elderly=0),  # 2 adults
        helped("x", "1"),
        helped("y", "1"),
        helped("z", "2"),
    )
    found = demand_at(ws, DayPart.NIGHT)
    # household 1: one assisted stands for the elderly member, the second for an adult
    assert found.by_kind.tolist() == [[2, 1, 0, 2], [1, 0, 0, 1]]
    assert found.household_persons.tolist() == [[2, 1, 0, 2], [1, 0, 0, 1]]


def test_people_counted_as_assisted_without_a_name_are_assisted_too() -> None:
    ws = towns.town(
        towns.house("a", 0, 0),
        towns.household("1", "a", 5, children=1, elderly=1, assisted=2),
        helped("x", "1"),
    )
    assert demand_at(ws, DayPart.NIGHT).by_kind.tolist() == [[1, 1, 0, 3]]


def test_more_assisted_than_residents_never_adds_people() -> None:
    ws = towns.town(towns.house("a", 0, 0), towns.household("1", "a", 1), helped("x", "1"), helped("y", "1"))
    assert demand_at(ws, DayPart.NIGHT).by_kind.tolist() == [[0, 0, 0, 1]]


def test_units_bring_their_people_by_time() -> None:
    ws = towns.town(
        towns.house("a", 0, 0),
        towns.house("b", 50, 0),
        towns.unit("school", 0, 0, kind="school", building="building/a", workday_persons=120, children=100, night_persons=1),
        towns.unit("care", 50, 0, kind="care_home", building="building/b", workday_persons=30, night_persons=25, holiday_persons=28),
        towns.unit("loose", 48, 30, workday_persons=4),
    )  # fmt: skip
    work = demand_at(ws, DayPart.WORKDAY)
    assert work.visitors.tolist() == [[20, 100, 0, 0], [4, 0, 30, 0]]
    assert work.moved_units == ("unit/loose",)
    assert demand_at(ws, DayPart.NIGHT).visitors.tolist() == [[1, 0, 0, 0], [0, 0, 25, 0]]
    assert demand_at(ws, DayPart.HOLIDAY).visitors.tolist() == [[0, 0, 0, 0], [0, 0, 28, 0]]


def test_units_without_any_building_are_counted_as_lost() -> None:
    ws = towns.town(towns.unit("u", 0, 0, workday_persons=7))
    assert demand_at(ws, DayPart.WORKDAY).lost_persons == 7


def test_declared_persons_only_where_no_household_is_known() -> None:
    ws = towns.town(
        towns.house("a", 0, 0, persons_declared=90),
        towns.house("b", 50, 0, persons_declared=90),
        towns.household("1", "b", 3),
    )
    assert demand_at(ws, DayPart.NIGHT).persons.tolist() == [90, 3]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 8)), max_size=30), st.floats(0, 1))
def test_households_add_up_to_their_building(rows: list[tuple[int, int]], share: float) -> None:
    same = Presence(adult=share, child=share, elderly=share)
    ws = towns.town(
        *(towns.house(f"h{i}", 50.0 * i, 0) for i in range(4)),
        *(
            towns.household(f"{k:02}", f"h{b}", n, children=n // 3, elderly=n // 4)
            for k, (b, n) in enumerate(rows)
        ),
        presence=PresenceByTime(night=same),
    )
    found = demand_at(ws, DayPart.NIGHT)
    again = np.zeros_like(found.residents)
    np.add.at(again, found.household_building, found.household_persons)
    assert (again == found.residents).all()
    for h, counts in zip(found.household_ids, found.household_persons, strict=True):
        whole = ws.households[h]
        assert counts.sum() >= 1
        assert counts[1] <= whole.children
        assert counts[2] <= whole.elderly
        assert counts[0] <= whole.residents - whole.children - whole.elderly


def test_a_town_without_people_or_buildings() -> None:
    ws = towns.town(towns.road("r", (0, 0), (100, 0)))
    assert demand_at(ws, DayPart.NIGHT).persons.size == 0
    assert shapely.get_num_coordinates(ws.roads["road/r"].shape) == 2
