"""Routes in words: streets, turns and metres by hand, and nothing lost on the way."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.directions import SHORT_M, legs
from civdef.evacuate.orders import orders, road_names
from civdef.evacuate.question import Question
from civdef.evacuate.solve import report, solve
from civdef.graph.roads import CONNECTOR, build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name
from civdef.model.town import RoadKind
from civdef.render.evacuation import words
from tests import toy_town
from tests.evacuate import towns


def test_the_toy_town_in_words(tmp_path: Path) -> None:
    ws = load_workspace(toy_town.write(tmp_path))
    solution = solve(ws, build_street_network(ws), Question("toy"))
    told = {o.building: o for o in orders(ws, solution, report(ws, solution))}
    h1 = told["building/h1"]
    assert [(leg.road, round(leg.metres), leg.turn, leg.compass) for leg in h1.legs] == [
        ("road/main", 20, "start", "w"),
        ("road/west", 100, "left", "s"),
        ("road/lane", 50, "left", "e"),
    ]
    said = words.way(ws, h1.legs, h1.entrance)
    assert said.zh == "沿大街向西走 20 米，左转入西路走 100 米，左转入后巷走 50 米，到南门"
    assert said.en == "along 大街, west, 20 m; left into 西路, 100 m; left into 后巷, 50 m; to 南门"
    assert (h1.adults, h1.children, h1.elderly, h1.assisted, h1.persons) == (2, 2, 0, 0, 4)
    assert words.way(ws, (), "entrance/none").zh == "出门即到入口"


def test_crossings_are_not_told_and_streets_of_one_name_are_one() -> None:
    ws = towns.town(
        towns.plan(),
        towns.road("a1", (0, 0), (100, 0)), towns.road("x", (100, 0), (100 + SHORT_M / 2, 0)),
        towns.road("a2", (100 + SHORT_M / 2, 0), (200, 0)), towns.road("b", (200, 0), (200, 100)),
        towns.road("c", (200, 100), (300, 160)),
        towns.house("h", 5, 10), towns.household("1", "h", 3),
        towns.shelter("s", 300, 170, 10), towns.entrance("s", "s", 300, 160),
    )  # fmt: skip
    net = build_street_network(ws)
    solution = solve(ws, net, Question("plan/p"))
    arcs = solution.plan.routes.arcs[0]
    names = ["street" if r in ("road/a1", "road/a2") else r for r in net.road_ids]
    found = legs(net, names, arcs)
    assert [(leg.road, leg.turn) for leg in found] == [
        ("road/a1", "start"),
        ("road/b", "left"),
        ("road/c", "right"),
    ]
    assert found[0].metres == pytest.approx(195, abs=0.1)


def test_streets_without_a_name_are_told_by_their_kind_and_joined_where_they_go_straight_on() -> None:
    path = {"kind": RoadKind.FOOTWAY}
    ws = towns.town(
        towns.plan(),
        towns.road("w1", (0, 0), (100, 0), **path), towns.road("w2", (100, 0), (200, 10), **path),
        towns.road("w3", (200, 10), (200, 100), **path), towns.road("w4", (200, 100), (300, 100)),
        towns.house("h", 5, 5), towns.household("1", "h", 3),
        towns.shelter("s", 300, 110, 10), towns.entrance("s", "s", 300, 100),
    )  # fmt: skip
    names = {"w1": "Street w1", "w2": "Street w2", "w3": "Street w3", "w4": "Bulevardi"}
    roads = {k: r.model_copy(update={"name": Name(en=names[k[5:]])}) for k, r in ws.roads.items()}
    doors = {k: e.model_copy(update={"name": Name(zh="Park 1号口")}) for k, e in ws.entrances.items()}
    ws = dataclasses.replace(ws, roads=roads, entrances=doors)
    solution = solve(ws, build_street_network(ws), Question("plan/p"))
    (order,) = orders(ws, solution, report(ws, solution))
    assert [leg.road for leg in order.legs] == ["road/w1", "road/w3", "road/w4"]
    said = words.way(ws, order.legs, order.entrance)
    assert (
        said.zh
        == "沿步行小路向东走 200 米，左转入步行小路走 90 米，右转入 Bulevardi 走 100 米，到 Park 1号口"
    )
    assert said.en.startswith(
        "along the footpath, east, 200 m; left into the footpath, 90 m; right into Bulevardi"
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_no_metre_is_lost(seed: int) -> None:
    ws = towns.grid(seed, tightness=2.0)
    net = build_street_network(ws)
    solution = solve(ws, net, Question("plan/p"))
    names = road_names(ws)
    for arcs in solution.plan.routes.arcs:
        found = legs(net, names, arcs)
        streets = arcs[net.road[arcs] != CONNECTOR] if len(arcs) else arcs
        total = float(net.length_m[streets].sum()) if len(streets) else 0.0
        assert sum(leg.metres for leg in found) == pytest.approx(total)
        assert all(leg.turn != "start" for leg in found[1:])
        assert not found or found[0].turn == "start"
        assert np.isfinite([leg.metres for leg in found]).all()
