"""The street network: junctions, bridges, ties, walls and gates, all on towns small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.graph.roads import CONNECTOR, StreetNetwork, build_street_network
from civdef.load import load_workspace
from tests import toy_town

STREET = {"kind": "residential", "width_m": 4.0, "drive": "both"}


def network(tmp_path: Path, **layers: list[dict[str, Any]]) -> StreetNetwork:
    """Return the network of the toy town with whole layers replaced."""
    changed: dict[str, str | None] = {f"maps/{k}.geojson": toy_town.collection(v) for k, v in layers.items()}
    if not layers.get("buildings", True):
        changed["plans/households.csv"] = None
    return build_street_network(load_workspace(toy_town.write(tmp_path, changed)))


def walk_m(net: StreetNetwork, building: str, entrance: str) -> float:
    """Return the walking distance by networkx [m]."""
    graph = net.to_networkx()
    source = int(net.building_node[net.building_index[building]])
    target = int(net.entrance_node[net.entrance_ids.index(entrance)])
    return float(nx.shortest_path_length(graph, source, target, weight="length_m"))


def test_distances_of_the_toy_town_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    net = network(tmp_path)
    expected = {
        ("building/h1", "entrance/north"): 10 + 130,
        ("building/h1", "entrance/south"): 10 + 20 + 100 + 50,
        ("building/h2", "entrance/north"): 10 + 30,
        ("building/h3", "entrance/south"): 10 + 130,
        ("building/h3", "entrance/north"): 10 + 20 + 100 + 50,
        ("building/h4", "entrance/south"): 10 + 30,
    }
    for (building, entrance), metres in expected.items():
        assert walk_m(net, building, entrance) == pytest.approx(metres, abs=0.001)


def test_arcs_are_sorted_paired_and_as_long_as_drawn(tmp_path: Path) -> None:
    net = network(tmp_path)
    key = list(zip(net.tail.tolist(), net.head.tolist(), strict=True))
    assert key == sorted(key)
    assert np.array_equal(net.reverse[net.reverse], np.arange(net.arcs))
    assert np.array_equal(net.tail[net.reverse], net.head)
    assert np.array_equal(net.length_m[net.reverse], net.length_m)
    drawn = net.length_m[net.road != CONNECTOR].sum() / 2
    assert drawn == pytest.approx(200 + 200 + 3 * 100, abs=0.01)
    for a in range(net.arcs):
        shape = net.arc_lonlat(a)
        assert shape[0] == pytest.approx([net.lon[net.tail[a]], net.lat[net.tail[a]]], abs=1e-9)
        assert shape[-1] == pytest.approx([net.lon[net.head[a]], net.lat[net.head[a]]], abs=1e-9)


def test_a_bridge_does_not_join_what_it_crosses_but_its_ends_do(tmp_path: Path) -> None:
    roads = [
        toy_town.feature("LineString", [(0, 0), (100, 0), (200, 0)], id="road/lane", name_zh="巷", **STREET),
        toy_town.feature("LineString", [(100, 100), (100, 60)], id="road/ramp-n", name_zh="坡", **STREET),
        toy_town.feature(
            "LineString", [(100, 60), (100, 0), (100, -60)], id="road/bridge", name_zh="桥", layer=1, bridge=True, **STREET
        ),
        toy_town.feature("LineString", [(100, -60), (0, -60), (0, 0)], id="road/ramp-s", name_zh="坡", **STREET),
    ]  # fmt: skip
    empty: list[dict[str, Any]] = []
    graph = network(tmp_path, roads=roads, buildings=empty, shelters=empty, entrances=empty).to_networkx()
    by_spot = {
        (round(d["x"] - toy_town.EAST), round(d["y"] - toy_town.NORTH)): n for n, d in graph.nodes(data=True)
    }
    assert (100, 0) not in by_spot, "the bridge was joined to the lane it crosses"
    way = nx.shortest_path_length(graph, by_spot[(100, 100)], by_spot[(200, 0)], weight="length_m")
    assert way == pytest.approx(40 + 120 + 100 + 60 + 200, abs=0.01)


@pytest.mark.parametrize(("locked", "metres"), [(False, 20 + 20 + 30), (True, None)])
def test_people_leave_a_walled_compound_by_its_gate_only(
    tmp_path: Path, locked: bool, metres: float | None
) -> None:
    path = [(120, 140), (120, 120), (120, 100)]
    roads = [*toy_town.maps()["maps/roads.geojson"]]
    roads[0] = toy_town.feature(
        "LineString", [(0, 100), (100, 100), (120, 100), (200, 100)], id="road/main", name_zh="大街", **STREET
    )
    roads.append(
        toy_town.feature(
            "LineString",
            path,
            id="road/yard",
            name_zh="院内路",
            compound="compound/yard",
            kind="service",
            width_m=3.0,
        )
    )
    compounds = [
        toy_town.feature("Polygon", toy_town.square(120, 130, 20), id="compound/yard", name_zh="院", community="community/toy")
    ]  # fmt: skip
    gate = toy_town.feature(
        "Point",
        (120, 110),
        id="gate/yard",
        name_zh="门",
        compound="compound/yard",
        width_m=1.5,
        locked=locked,
    )
    house = toy_town.feature(
        "Polygon", toy_town.square(130, 140, 5), id="building/h2", name_zh="h2", community="community/toy",
        compound="compound/yard", use="residential",
    )  # fmt: skip
    buildings = [
        b for b in toy_town.maps()["maps/buildings.geojson"] if b["properties"]["id"] != "building/h2"
    ]
    net = network(tmp_path, roads=roads, compounds=compounds, gates=[gate], buildings=[*buildings, house])
    if metres is None:
        with pytest.raises(nx.NetworkXNoPath):
            walk_m(net, "building/h2", "entrance/north")
    else:
        assert walk_m(net, "building/h2", "entrance/north") == pytest.approx(10 + 40 + 30, abs=0.01)
        assert net.width_m[net.gate_arcs[0]].max() == 1.5


def test_a_yard_inside_a_walled_campus_keeps_its_own_streets(tmp_path: Path) -> None:
    """The campus comes first by its id, and its road runs nearer to the house, but the wall of the yard stands between."""
    main = [(0, 100), (100, 100), (120, 100), (142, 100), (200, 100)]
    roads = [
        toy_town.feature("LineString", main, id="road/main", name_zh="大街", **STREET),
        *toy_town.maps()["maps/roads.geojson"][1:],
        toy_town.feature("LineString", [(120, 100), (120, 140)], id="road/yard", name_zh="院内路", kind="service", width_m=3.0),
        toy_town.feature("LineString", [(142, 100), (142, 160)], id="road/campus", name_zh="校内路", kind="service", width_m=3.0),
    ]  # fmt: skip
    compounds = [
        toy_town.feature("Polygon", toy_town.square(130, 150, 45), id="compound/a-campus", name_zh="校园", community="community/toy"),
        toy_town.feature("Polygon", toy_town.square(125, 125, 15), id="compound/yard", name_zh="院", community="community/toy"),
    ]  # fmt: skip
    gates = [
        toy_town.feature(
            "Point", (120, 110), id="gate/yard", name_zh="门", compound="compound/yard", width_m=1.5
        ),
        toy_town.feature(
            "Point", (142, 106), id="gate/campus", name_zh="校门", compound="compound/a-campus", width_m=3
        ),
    ]
    house = toy_town.feature(
        "Polygon", toy_town.square(136, 130, 2), id="building/h2", name_zh="h2", community="community/toy",
        compound="compound/yard", use="residential",
    )  # fmt: skip
    buildings = [
        b for b in toy_town.maps()["maps/buildings.geojson"] if b["properties"]["id"] != "building/h2"
    ]
    net = network(tmp_path, roads=roads, compounds=compounds, gates=gates, buildings=[*buildings, house])
    assert walk_m(net, "building/h2", "entrance/north") == pytest.approx(16 + 30 + 30, abs=0.01)


def test_a_town_without_streets_gives_a_network_without_ways(tmp_path: Path) -> None:
    net = network(tmp_path, roads=[])
    assert net.arcs == 0
    assert len(net.building_node) == 4
    assert net.component.max() == net.nodes - 1


coordinate = st.integers(0, 4).map(lambda n: n * 50.0)
spot = st.tuples(coordinate, coordinate)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(spot, spot).filter(lambda p: p[0] != p[1]), min_size=1, max_size=12, unique=True))
def test_distances_equal_networkx_on_random_line_work(
    lines: list[tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    """An independent graph: nodes are coordinates, edges the drawn lines, which join only where they end."""
    import tempfile

    roads = [
        toy_town.feature("LineString", [a, b], id=f"road/r{i}", name_zh="路", **STREET)
        for i, (a, b) in enumerate(lines)
    ]
    empty: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        net = network(Path(folder), roads=roads, buildings=empty, shelters=empty, entrances=empty)
    oracle: nx.Graph[tuple[float, float]] = nx.Graph()
    for a, b in lines:
        oracle.add_edge(a, b, w=float(np.hypot(a[0] - b[0], a[1] - b[1])))
    graph = net.to_networkx()
    at = {
        (round(d["x"] - toy_town.EAST), round(d["y"] - toy_town.NORTH)): n for n, d in graph.nodes(data=True)
    }
    assert set(at) == {(round(x), round(y)) for x, y in oracle}
    for a, reach in nx.all_pairs_dijkstra_path_length(oracle, weight="w"):
        found = nx.single_source_dijkstra_path_length(
            graph, at[(round(a[0]), round(a[1]))], weight="length_m"
        )
        assert len(found) == len(reach)
        for b, metres in reach.items():
            assert found[at[(round(b[0]), round(b[1]))]] == pytest.approx(metres, abs=0.01)
