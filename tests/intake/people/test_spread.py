"""Totals of a community over its buildings: exact, whole, possible — for any register."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.intake.people.apportion import apportion
from civdef.intake.people.spread import LARGEST_HOUSEHOLD, Homes, Totals, impossible, spread
from civdef.model.resident import Household

AREAS = st.one_of(st.floats(0, 50_000), st.integers(0, 5).map(float), st.just(0.0))
HOMES = st.lists(
    st.builds(Homes, st.just("building/x"), AREAS, st.integers(1, 40), st.integers(1, 8)),
    min_size=1,
    max_size=30,
).map(lambda found: [Homes(f"building/{i}", h.area_m2, h.floors, h.stairwells) for i, h in enumerate(found)])


@st.composite
def registers(draw: st.DrawFn) -> Totals:
    households = draw(st.integers(0, 400))
    residents = draw(
        st.integers(households, households * draw(st.sampled_from([1, 3, 5, LARGEST_HOUSEHOLD])))
    )
    elderly = draw(st.integers(0, residents))
    children = draw(st.integers(0, residents - elderly))
    return Totals(
        households,
        residents,
        children,
        elderly,
        draw(st.integers(0, residents)),
        draw(st.integers(0, residents)),
    )


def summed(rows: list[object]) -> Totals:
    keys = ("residents", "children", "elderly", "assisted", "floating")
    return Totals(len(rows), *(sum(getattr(r, k) for r in rows) for k in keys))


@settings(max_examples=150, deadline=None)
@given(registers(), HOMES)
def test_every_total_is_met_and_every_household_is_possible(totals: Totals, homes: list[Homes]) -> None:
    why = impossible(totals, homes)
    if why:
        assert totals.households
        assert not any(h.area_m2 > 0 for h in homes)
        with pytest.raises(ValueError, match="impossible"):
            spread(totals, homes)
        return
    rows = spread(totals, homes)
    assert summed(list(rows)) == totals
    by_id = {h.building: h for h in homes}
    for row in rows:
        home = by_id[row.building]
        assert home.area_m2 > 0, "only homes have residents"
        assert 1 <= row.stairwell <= home.stairwells
        assert 1 <= row.floor <= home.floors
        # The model of a household is the judge: it refuses what does not add up.
        Household(
            id="household/x", building=row.building, stairwell=row.stairwell, floor=row.floor, residents=row.residents,
            children=row.children, elderly=row.elderly, floating=row.floating, assisted=row.assisted,
        )  # fmt: skip
    assert len({(r.building, r.number) for r in rows}) == len(rows)
    if totals.children <= totals.residents - max(totals.households, totals.elderly):
        assert all(r.children < r.residents for r in rows), "no household of children only"
    if totals.assisted <= totals.elderly:
        assert all(r.assisted <= r.elderly for r in rows), "the elderly need assistance before others"


@settings(max_examples=60, deadline=None)
@given(registers(), HOMES)
def test_households_follow_floor_area_within_one(totals: Totals, homes: list[Homes]) -> None:
    """Every building has its exact share of households rounded down or up."""
    whole = sum((Fraction(h.area_m2) for h in homes), Fraction(0))
    if not whole or not totals.households:
        return
    rows = spread(totals, homes)
    for home in homes:
        exact = totals.households * Fraction(home.area_m2) / whole
        assert abs(sum(r.building == home.building for r in rows) - exact) < 1 + Fraction(1, 10**6)


def test_by_hand() -> None:
    """Three buildings of 100, 200 and 100 m²; 8 households, 20 residents → 2, 4, 2 households; 5, 10, 5 residents."""
    homes = [Homes("building/a", 100, 2), Homes("building/b", 200, 2, 2), Homes("building/c", 100, 1)]
    rows = spread(Totals(8, 20, 4, 4, 2, 4), homes)
    of = {b: [r for r in rows if r.building == b] for b in ("building/a", "building/b", "building/c")}
    assert [len(v) for v in of.values()] == [2, 4, 2]
    assert [sum(r.residents for r in v) for v in of.values()] == [5, 10, 5]
    assert [sum(r.elderly for r in v) for v in of.values()] == [1, 2, 1]
    assert [sum(r.children for r in v) for v in of.values()] == [1, 2, 1]
    assert sorted(r.residents for r in rows) == [2, 2, 2, 2, 3, 3, 3, 3]
    assert [(r.stairwell, r.floor) for r in of["building/b"]] == [(1, 1), (2, 1), (1, 2), (2, 2)]
    assert [(r.stairwell, r.floor) for r in of["building/a"]] == [(1, 1), (1, 2)]
    assert all(r.assisted <= r.elderly for r in rows)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_apportion_keeps_sum_and_limits(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 20))
    low = data.draw(st.lists(st.integers(0, 10), min_size=n, max_size=n))
    high = [a + data.draw(st.integers(0, 30)) for a in low]
    weights = data.draw(st.lists(AREAS, min_size=n, max_size=n))
    total = data.draw(st.integers(sum(low), sum(high)))
    got = apportion(total, weights, low, high).tolist()
    assert sum(got) == total
    assert all(a <= g <= b for a, g, b in zip(low, got, high, strict=True))


def test_apportion_refuses_what_its_limits_do_not_allow() -> None:
    with pytest.raises(ValueError, match="not within"):
        apportion(5, [1.0, 1.0], 0, [2, 2])


@pytest.mark.parametrize(
    ("totals", "homes", "word"),
    [
        (Totals(5, 4), [Homes("building/a", 10)], "少于户数"),
        (Totals(1, 61), [Homes("building/a", 10)], "超过 60 人"),
        (Totals(3, 9, 5, 5), [Homes("building/a", 10)], "之和超过"),
        (Totals(3, 9, assisted=10), [Homes("building/a", 10)], "需协助人员 10 人"),
        (Totals(3, 9, floating=10), [Homes("building/a", 10)], "流动人口 10 人"),
        (Totals(3, 9), [Homes("building/a", 0.0)], "没有可以住人的房屋"),
        (Totals(3, 9), [], "没有可以住人的房屋"),
        (Totals(3, 9) - Totals(4, 9), [Homes("building/a", 10)], "已登记的户数比总数多 1"),
        (Totals(0, 3), [Homes("building/a", 10)], "0 户住 3 人"),
    ],
)
def test_impossible_totals_are_named(totals: Totals, homes: list[Homes], word: str) -> None:
    assert any(word in why.zh for why in impossible(totals, homes)), [w.zh for w in impossible(totals, homes)]


def test_nobody_is_spread_to_nobody() -> None:
    assert spread(Totals(), [Homes("building/a", 10)]) == []
