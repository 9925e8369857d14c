"""Who rides in which march: by hand, and on random households: every march full, everybody once, households whole where they can be."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from civdef.evacuate.wartime.boarding import Group, Ride, board


def groups(**buildings: tuple[int, ...]) -> list[Group]:
    return [Group(b, f"{b}{k}", n) for b, sizes in buildings.items() for k, n in enumerate(sizes)]


def said(rides: tuple[Ride, ...]) -> list[tuple[int | None, str, int]]:
    return [(r.march, r.group.household, r.persons) for r in rides]


def test_whole_buildings_then_households_that_fill_the_rest() -> None:
    """Eight seats: a (5) rides whole; of b, 3 + 4 + 1, it is the household of three that fills them exactly."""
    assert said(board(groups(a=(2, 3), b=(3, 4, 1)), [8, 5])) == [
        (0, "a0", 2), (0, "a1", 3), (0, "b0", 3), (1, "b1", 4), (1, "b2", 1),
    ]  # fmt: skip


def test_a_household_is_split_only_where_none_fits() -> None:
    """Three seats beside households of four: one of four is split, and only its first part counts as the household."""
    rides = board(groups(a=(4, 4)), [7, 1])
    assert said(rides) == [(0, "a0", 4), (0, "a1", 3), (1, "a1", 1)]
    assert [r.first for r in rides] == [True, True, False]
    # the household of three in the next building fits whole: nobody is split
    assert said(board(groups(a=(4, 4), b=(3,)), [7, 4])) == [(0, "a0", 4), (0, "b0", 3), (1, "a1", 4)]


def test_those_without_a_march_are_named() -> None:
    assert said(board(groups(a=(2, 2)), [2])) == [(0, "a0", 2), (None, "a1", 2)]
    assert said(board(groups(a=(2,)), [])) == [(None, "a0", 2)]
    assert board([], [5]) == ()


@given(
    st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=8), max_size=8),
    st.lists(st.integers(0, 30), max_size=6),
)
def test_everybody_rides_once_and_every_march_is_full(sizes: list[list[int]], rooms: list[int]) -> None:
    given_ = [Group(f"b{b}", f"b{b}-{k}", n) for b, row in enumerate(sizes) for k, n in enumerate(row)]
    rides = board(given_, rooms)
    by_household: Counter[str] = Counter()
    filled: Counter[int | None] = Counter()
    for r in rides:
        by_household[r.group.household] += r.persons
        filled[r.march] += r.persons
    assert by_household == {g.household: g.persons for g in given_}
    waiting = sum(g.persons for g in given_)
    for k, room in enumerate(rooms):
        assert filled[k] == min(room, waiting)
        waiting -= filled[k]
    assert sum(r.first for r in rides) == len(given_)
    parts = Counter(r.group.household for r in rides)
    assert sum(n - 1 for n in parts.values()) <= len(rooms)  # at most one household is split for each march
    if all(g.persons == 1 for g in given_):
        assert set(parts.values()) <= {1}
