"""Schedules, random streams, siren signals, ratings: each against a second answer."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.drill.evaluate import grade_of, rate
from civdef.drill.randomness import Streams, lognormal, pert
from civdef.drill.schedule import schedule
from civdef.drill.sirens import PATTERNS, audible_range_m, notice_days, sounding
from civdef.errors import WorkspaceError
from civdef.model.base import Name, estimate
from civdef.model.plan import Action, HazardClass, Plan, Task
from civdef.model.scenario import Objective
from civdef.model.settings import Settings
from civdef.model.workspace import Workspace


def _plan(after: dict[str, list[str]], levels: dict[str, tuple[int, ...]] | None = None) -> Plan:
    tasks = [
        Task.model_validate(
            {
                "id": t,
                "name": {"en": t},
                "action": Action.CHECK,
                "who": "post/a",
                "after": waits,
                "duration_min": 1,
                "levels": (levels or {}).get(t, (1, 2, 3, 4)),
            }
        )
        for t, waits in after.items()
    ]
    return Plan(
        id="plan/p", name=Name(en="P"), kind="contingency", version="1", issued=dt.date(2026, 1, 1),
        approved_by="post/a", text={"en": "p.md"}, hazards=("fire",), hazard_class=HazardClass.ACCIDENT,
        lead="group/g", tasks=tuple(tasks),
    )  # fmt: skip


WORKSPACE = Workspace(Settings(name=Name(en="W"), as_of=dt.date(2026, 1, 1)), "EPSG:4550")


@st.composite
def _graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    n = draw(st.integers(1, 8))
    names = [f"t{i}" for i in range(n)]
    return {t: draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) for t in names}


@given(_graphs())
def test_a_plan_that_waits_for_itself_is_refused_and_no_other(after: dict[str, list[str]]) -> None:
    graph = nx.DiGraph([(a, t) for t, waits in after.items() for a in waits])
    graph.add_nodes_from(after)
    if nx.is_directed_acyclic_graph(graph):
        found = schedule(WORKSPACE, _plan(after), 1)
        for t in after:
            assert found.ancestors[t] == nx.ancestors(graph, t)
    else:
        with pytest.raises(WorkspaceError) as error:
            schedule(WORKSPACE, _plan(after), 1)
        assert error.value.exit_code == 2
        for fault in error.value.faults:
            assert fault.code == "circular-wait"
            circle = fault.message.en.partition(": ")[2].split(" waits for ")
            assert circle[0] == circle[-1]
            for one, other in pairwise(circle):
                assert other in after[one]


def test_a_task_of_another_level_is_waited_through() -> None:
    found = schedule(WORKSPACE, _plan({"a": [], "b": ["a"], "c": ["b"]}, {"b": (1,)}), 3)
    assert [t.id for t in found.tasks] == ["a", "c"]
    assert found.before["c"] == ("a",)
    assert found.feeders(["c"]) == {"a", "c"}


def test_a_task_that_waits_for_nothing_known_is_named() -> None:
    with pytest.raises(WorkspaceError) as error:
        schedule(WORKSPACE, _plan({"a": ["b"]}), 1)
    assert error.value.faults[0].value == "b"


def test_streams_depend_on_seed_replicate_and_name_only() -> None:
    first = Streams(3).of("call/x").random(4)
    other = Streams(3)
    other.of("something else").random(1000)
    assert np.array_equal(first, other.of("call/x").random(4))
    assert not np.array_equal(first, Streams(4).of("call/x").random(4))
    assert not np.array_equal(first, Streams(3, replicate=1).of("call/x").random(4))
    assert not np.array_equal(first, Streams(3).of("call/y").random(4))
    # pinned: the bytes behind a name never change between versions or machines
    assert Streams(7).of("pinned").integers(0, 1_000_000) == 741340


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 50), st.integers(0, 2**32))
def test_estimates_are_drawn_between_their_ends(a: float, b: float, c: float, seed: int) -> None:
    low, likely, high = sorted((a, b, c))
    drawn = pert(np.random.default_rng(seed), estimate(low, likely, high), 20)
    assert drawn.min() >= low - 1e-9
    assert drawn.max() <= high + 1e-9


def test_distributions_have_the_mean_and_median_of_their_definition() -> None:
    drawn = pert(np.random.default_rng(1), estimate(2, 5, 20), 200_000)
    assert drawn.mean() == pytest.approx((2 + 4 * 5 + 20) / 6, abs=0.03)
    delays = lognormal(np.random.default_rng(2), 8.0, 0.6, 200_000)
    assert np.median(delays) == pytest.approx(8.0, abs=0.05)
    assert np.log(delays).std() == pytest.approx(0.6, abs=0.005)


@pytest.mark.parametrize(
    ("signal", "on_s", "off_s", "blasts"),
    [("pre_alert", 36, 24, 3), ("air_raid", 6, 6, 15), ("all_clear", 180, 0, 1)],
)
def test_every_lawful_signal_lasts_three_minutes(signal: str, on_s: float, off_s: float, blasts: int) -> None:
    made = sounding(signal, 100.0)
    assert PATTERNS[signal].length_s == 180
    assert (made.start_s, made.end_s) == (100, 280)
    assert len(made.on_s) == blasts
    for k, (on, off) in enumerate(made.on_s):
        assert off - on == on_s
        assert on == 100 + k * (on_s + off_s)


def test_notice_and_reach_of_sirens() -> None:
    start = dt.datetime(2026, 11, 28, 10, 0)
    assert notice_days(start, dt.date(2026, 11, 23)) == 5
    assert notice_days(start, None) is None
    # 120 dB(C) at 30.5 m and 10 dB per doubling: 70 dB(C) after five doublings
    assert audible_range_m(120, 70, 10) == pytest.approx(30.5 * 32)


def _objective(better: str, target: float, limit: float) -> Objective:
    return Objective.model_validate(
        {"id": "o", "name": {"en": "o"}, "measure": "m", "better": better, "target": target, "limit": limit}
    )


@pytest.mark.parametrize(
    ("value", "deviations", "breaches", "rating"),
    [
        (10.0, 0, 0, "P"), (10.0, 1, 0, "S"), (10.0, 1, 1, "M"), (10.1, 0, 0, "M"), (20.0, 0, 0, "M"),
        (20.1, 0, 0, "U"), (None, 0, 0, "U"), (30.0, 1, 1, "U"),
    ],
)  # fmt: skip
def test_ratings(value: float | None, deviations: int, breaches: int, rating: str) -> None:
    assert rate(value, _objective("less", 10, 20), deviations, breaches) == rating
    mirrored = None if value is None else -value
    assert rate(mirrored, _objective("more", -10, -20), deviations, breaches) == rating


@pytest.mark.parametrize(
    ("ratings", "failures", "deviations", "grade"),
    [
        (["P", "P"], 0, 0, "excellent"), (["P", "P"], 0, 1, "good"), (["P"], 1, 0, "good"),
        (["P", "S"], 0, 0, "good"), (["P", "M", "S"], 0, 0, "medium"), (["P", "M", "U"], 0, 0, "poor"),
    ],
)  # fmt: skip
def test_grades(ratings: list, failures: int, deviations: int, grade: str) -> None:  # type: ignore[type-arg]
    assert grade_of(ratings, failures, deviations) == grade
