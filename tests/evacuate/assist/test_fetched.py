"""Whoever is fetched is not counted again among those who walk, and keeps the place."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.assist.report import assist, brought
from civdef.evacuate.demand import demand_at
from civdef.evacuate.fetched import Fetched, taken_out
from civdef.evacuate.question import Question, ask
from civdef.evacuate.solve import evacuate
from civdef.graph.roads import build_street_network
from civdef.model.town import DayPart
from tests.evacuate.assist.test_assist import random_street
from tests.evacuate.assist.town import assisted, haven, person, street, vehicle
from tests.evacuate.test_evacuate import conserved
from tests.evacuate.towns import house, household

TOWN: tuple[Any, ...] = (
    house("h1", 100, 10), house("h2", 300, 10), household("1", "h1", 2, elderly=1), household("2", "h2", 3),
    household("3", "h1", 1), assisted("w", "1", "wheelchair", "a", "b"), assisted("x", "3", "stretcher", "a", "b"),
    person("a", "h1"), person("b", "h2"), person("d", travel_night_min=5), vehicle("van", "yard", "d", wheelchair_places=1),
    *haven("s", 500, 2, places=6),
)  # fmt: skip


def test_by_hand() -> None:
    """Six people, six places; the wheelchair is fetched, the stretcher has no vehicle and stays among the others."""
    ws = street(*TOWN)
    net = build_street_network(ws)
    fetched = brought(assist(ws, net, Question("p")))
    assert fetched == Fetched((("household/1", 1),), (("shelter/s", 1),))
    before = evacuate(ws, net, Question("p"))
    after = evacuate(ws, net, Question("p", fetched=fetched))
    assert (
        before.demand_persons,
        before.assisted_persons,
        before.fetched_persons,
        before.places_persons,
    ) == (6, 2, 0, 6)
    assert (after.demand_persons, after.assisted_persons, after.fetched_persons, after.places_persons) == (
        5,
        1,
        1,
        5,
    )
    assert after.feasible
    conserved(after)


def test_a_place_kept_is_not_given_to_another() -> None:
    ws = street(*TOWN, household("4", "h2", 1))
    net = build_street_network(ws)
    fetched = brought(assist(ws, net, Question("p")))
    after = evacuate(ws, net, Question("p", fetched=fetched))
    assert after.demand_persons == 6
    assert after.left_over_persons > 0


def test_a_household_of_one_who_is_fetched_is_gone() -> None:
    ws = street(*TOWN)
    demand = taken_out(demand_at(ws, DayPart.NIGHT), Fetched((("household/3", 1),)))
    assert "household/3" not in demand.household_ids
    assert int(demand.residents.sum()) == 5
    assert int(demand.household_persons.sum()) == 5


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(DayPart)))
def test_nobody_is_counted_twice_and_nobody_vanishes(seed: int, time: DayPart) -> None:
    ws = random_street(seed)
    net = build_street_network(ws)
    question = Question("p", time, scope="street")
    result = assist(ws, net, question)
    fetched = brought(result)
    before, after = ask(ws, net, question), ask(ws, net, dataclasses.replace(question, fetched=fetched))
    gone = int(before.problem.persons.sum() - after.problem.persons.sum())
    assert 0 <= gone <= result.helped_persons
    if time is DayPart.NIGHT:
        assert gone == result.helped_persons
    assert int(after.demand.household_persons.sum()) == int(before.demand.household_persons.sum()) - gone
    kept = np.array([dict(fetched.places).get(s, 0) for s in ws.shelters], dtype=np.int64)
    assert (after.problem.places == np.maximum(before.problem.places - kept, 0)).all()
