"""The sample town: same bytes every time, totals to the person, and a town that hangs together."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape
from shapely.ops import unary_union

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

Feature = tuple[dict[str, Any], Any, Any]


@cache
def generated() -> dict[str, bytes]:
    from tools.make_sample.workspace import files

    return files()


@cache
def layer(name: str) -> list[Feature]:
    """Properties, raw geometry and shape in metres of every feature."""
    metric = Transformer.from_crs("EPSG:4326", "EPSG:4550", always_xy=True)

    def move(xy: Any) -> Any:
        return np.column_stack(metric.transform(xy[:, 0], xy[:, 1]))

    data = json.loads(generated()[f"maps/{name}.geojson"])
    return [
        (f["properties"], f["geometry"], shapely.transform(shape(f["geometry"]), move))
        for f in data["features"]
    ]


@cache
def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(generated()[f"plans/{name}.csv"].decode("utf-8-sig"))))


def by_id(name: str) -> dict[str, Any]:
    return {p["id"]: g for p, _, g in layer(name)}


LAYERS = (
    "communities", "compounds", "gates", "buildings", "units", "roads", "shelters", "entrances", "sirens", "posts", "landmarks",
)  # fmt: skip


def hazards() -> list[str]:
    return sorted(n[5:-8] for n in generated() if n.startswith("maps/hazards/"))


def test_committed_files_are_what_the_generator_writes() -> None:
    for name, data in generated().items():
        path = ROOT / name
        assert path.exists(), f"{name} is missing: run python -m tools.make_sample"
        assert path.read_bytes() == data, f"{name} differs: run python -m tools.make_sample"


@pytest.mark.parametrize("seed", ["4242"])
def test_same_bytes_under_any_hash_seed(tmp_path: Path, seed: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tools.make_sample", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        timeout=300,
    )
    for name, data in generated().items():
        assert (tmp_path / name).read_bytes() == data, name


def test_totals_to_the_person() -> None:
    households = rows("households")
    assert len(households) == 15_073
    assert sum(int(h["residents"]) for h in households) == 48_102
    assert len(layer("units")) == 1_285
    assert len(layer("communities")) == 6
    assert {p["id"] for p, _, _ in layer("communities")} >= {"community/wanghai"}
    assert all(int(h["children"]) + int(h["elderly"]) <= int(h["residents"]) for h in households)
    assert sum(len(d) for d in generated().values()) < 6_000_000


def test_area_and_tiling() -> None:
    shapes = [g for _, _, g in layer("communities")]
    street = unary_union(shapes)
    assert street.geom_type == "Polygon"
    assert not street.interiors
    assert math.isclose(street.area, 3_180_000, rel_tol=0.001)
    assert math.isclose(sum(g.area for g in shapes), street.area, abs_tol=0.5)


def test_files_are_well_formed() -> None:
    seen: Counter[str] = Counter()
    for name in (*LAYERS, *hazards()):
        text = generated()[f"maps/{name}.geojson"].decode("utf-8")
        features = json.loads(text)["features"]
        assert len(text.splitlines()) == len(features) + 2, f"{name}: one feature to a line"
        ids = [f["properties"]["id"] for f in features]
        assert ids == sorted(ids)
        seen.update(ids)
        for _, raw, g in layer(name):
            assert g.is_valid, name
            assert not g.is_empty, name
            flat = shapely.get_coordinates(shape(raw))
            assert np.array_equal(flat, np.round(flat, 7))
            if raw["type"] == "Polygon":
                assert shapely.is_ccw(shapely.LinearRing(raw["coordinates"][0])), (
                    "outer rings run anticlockwise"
                )
    for name in ("households", "assistance", "roster", "equipment", "vehicles"):
        data = generated()[f"plans/{name}.csv"]
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
        seen.update(r["id"] for r in rows(name))
    assert [k for k, n in seen.items() if n > 1] == []


def test_no_english_name_says_a_word_twice() -> None:
    names = {p["name_en"] for name in LAYERS for p, _, _ in layer(name) if p.get("name_en")}
    assert len(names) > 1000
    assert [n for n in sorted(names) if re.search(r"\b(\w+) \1\b", n, re.IGNORECASE)] == []


def test_nothing_stands_on_anything_else() -> None:
    buildings = layer("buildings")
    shapes = [g for _, _, g in buildings]
    tree = shapely.STRtree(shapes)
    a, b = tree.query(shapes, predicate="intersects")
    for i, j in zip(a, b, strict=True):
        if i < j:
            assert shapes[i].intersection(shapes[j]).area < 0.1, (
                buildings[i][0]["id"],
                buildings[j][0]["id"],
            )
    for p, _, line in layer("roads"):
        if p.get("tunnel"):
            continue
        band = line.buffer(p["width_m"] / 2, cap_style="flat")
        for k in tree.query(band, predicate="intersects"):
            assert band.intersection(shapes[k]).area < 0.1, (p["id"], buildings[k][0]["id"])
    for p, _, water in layer("landmarks"):
        if p["kind"] in ("lake", "river", "pond"):
            assert all(water.intersection(shapes[k]).area < 0.1 for k in tree.query(water)), p["id"]


def test_buildings_stand_in_their_compound_and_community() -> None:
    compounds, communities = by_id("compounds"), by_id("communities")
    for p, _, g in layer("buildings"):
        assert communities[p["community"]].buffer(0.05).contains(g), p["id"]
        for key, wall in compounds.items():
            if key == p.get("compound"):
                assert wall.buffer(0.05).contains(g), p["id"]
            else:
                assert wall.intersection(g).area < 0.5, (p["id"], key)


@cache
def network() -> nx.Graph:
    """Ends of lines join whatever their layer; other vertices only on the same layer."""
    graph = nx.Graph()
    for p, raw, _ in layer("roads"):
        coords = [tuple(c) for c in raw["coordinates"]]
        last = len(coords) - 1
        nodes = [(c, 0 if k in (0, last) else p.get("layer", 0)) for k, c in enumerate(coords)]
        nx.add_path(graph, nodes)
    return graph


def test_walking_network_is_one_piece() -> None:
    graph = network()
    assert nx.is_connected(graph)
    junctions = sum(1 for n in graph if graph.degree(n) != 2)
    assert 1_200 <= junctions <= 2_600


def test_every_building_is_beside_a_way_on_its_side_of_the_wall() -> None:
    ways: dict[str | None, list[Any]] = defaultdict(list)
    for p, _, g in layer("roads"):
        ways[p.get("compound")].append(g)
    for p, _, g in layer("buildings"):
        assert min(w.distance(g) for w in ways[p.get("compound")]) < 25.0, p["id"]


def test_ways_pass_walls_only_at_gates() -> None:
    vertices = {tuple(c) for _, raw, _ in layer("roads") for c in raw["coordinates"]}
    walls = {p["id"]: {tuple(c) for c in raw["coordinates"][0]} for p, raw, _ in layer("compounds")}
    gates: dict[str, list[Any]] = defaultdict(list)
    for p, raw, g in layer("gates"):
        assert tuple(raw["coordinates"]) in vertices, p["id"]
        assert tuple(raw["coordinates"]) in walls[p["compound"]], p["id"]
        assert p["locked"] == ("key_holder" in p), p["id"]
        gates[p["compound"]].append((p, g))
    for p, _, wall in layer("compounds"):
        assert any(not g["locked"] for g, _ in gates[p["id"]]), f"{p['id']} has no open gate"
        for road, _, line in layer("roads"):
            hit = line.intersection(wall.exterior)
            for point in getattr(hit, "geoms", [hit]):
                if not point.is_empty:
                    assert min(point.distance(g) for _, g in gates[p["id"]]) < 0.1, (road["id"], p["id"])


def test_bridges_do_not_join_what_they_cross() -> None:
    bridges = [(p, raw, g) for p, raw, g in layer("roads") if p.get("bridge")]
    assert len(bridges) >= 4
    walk = {
        tuple(c)
        for p, raw, _ in layer("roads")
        if p["id"].startswith("road/waterside-")
        for c in raw["coordinates"]
    }
    under = unary_union(
        [g for p, _, g in layer("roads") if p["id"] in ("road/waterside-west", "road/waterside-east")]
    )
    crossed = 0
    for _, raw, g in bridges:
        crossed += g.crosses(under)
        assert not walk & {tuple(c) for c in raw["coordinates"][1:-1]}
    assert crossed >= 3
    assert any(p.get("tunnel") and p["layer"] == -1 for p, _, _ in layer("roads"))


def test_every_reference_resolves() -> None:
    from tools.make_sample.cast import OFFICES

    known = set(OFFICES)
    for name in (*LAYERS, *hazards()):
        known |= {p["id"] for p, _, _ in layer(name)}
    for name in ("households", "assistance", "roster", "equipment", "vehicles"):
        known |= {r["id"] for r in rows(name)}
    bodies = ("team/", "group/")
    for name in LAYERS:
        for p, _, _ in layer(name):
            for key in ("community", "compound", "building", "shelter", "contact", "operator", "key_holder"):
                assert p.get(key) is None or p[key] in known, (p["id"], key)
    for name in ("households", "assistance", "roster", "equipment", "vehicles", "duty"):
        for r in rows(name):
            for key, value in r.items():
                if "/" in value and not value.startswith(bodies):
                    assert value in known, (name, key, value)


def shelters(kind: str) -> list[Feature]:
    def right(p: dict[str, Any]) -> bool:
        if kind == "air_raid":
            return bool(p["class"] == "air_raid")
        return p["class"] != "air_raid" and p["indoor"] == (kind == "hall")

    return [f for f in layer("shelters") if right(f[0])]


def test_shelters_have_room_and_doors() -> None:
    from tools.make_sample.shelters import AREA_PER_PERSON_M2

    ways = [g for _, _, g in layer("roads")]
    tree = shapely.STRtree(ways)
    doors: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for p, _, g in layer("entrances"):
        doors[p["shelter"]].append(p)
        assert tree.query(g, predicate="dwithin", distance=25.0).size, p["id"]
    for p, _, g in layer("shelters"):
        assert p["places"] * AREA_PER_PERSON_M2[p["class"]] <= p["area_m2"] + 0.5, p["id"]
        assert len(doors[p["id"]]) >= 2, p["id"]
        if not p["indoor"]:
            assert p["area_m2"] <= g.area, p["id"]
    assert sum(p["places"] for p, _, _ in shelters("open")) >= 1.15 * 48_102
    assert sum(p["places"] for p, _, _ in shelters("air_raid")) >= 1.02 * 48_102
    for p, _, _ in shelters("air_raid"):
        own = doors[p["id"]]
        assert 2 <= len(own) <= 4
        assert sum(d["width_m"] for d in own) >= 0.003 * p["places"] - 1e-9
        assert p["places"] <= 700 * len(own)


def residents() -> Counter[str]:
    out: Counter[str] = Counter()
    for h in rows("households"):
        out[h["building"]] += int(h["residents"])
    return out


def test_some_live_too_far_from_an_air_raid_shelter() -> None:
    basements = [g for _, _, g in shelters("air_raid")]
    count = residents()
    far = sum(count[p["id"]] for p, _, g in layer("buildings") if min(g.distance(b) for b in basements) > 200)
    assert 2_000 < far < 15_000


def test_halls_hold_those_who_are_flooded() -> None:
    water = unary_union([g for _, _, g in layer("hazards/flood-lake")])
    count = residents()
    flooded = sum(count[p["id"]] for p, _, g in layer("buildings") if g.intersects(water))
    dry = sum(
        p["places"] for p, _, g in shelters("hall") if "flood" in p["hazards"] and not g.intersects(water)
    )
    assert 3_000 < flooded < dry


def test_homes_fit_their_buildings() -> None:
    buildings = {p["id"]: p for p, _, _ in layer("buildings")}
    for h in rows("households"):
        b = buildings[h["building"]]
        assert 1 <= int(h["floor"]) <= b["floors"], h["id"]
        assert 1 <= int(h["stairwell"]) <= b.get("stairwells", 1), h["id"]


def test_helpers_come_in_pairs_and_are_not_overburdened() -> None:
    home = {h["id"]: h["building"] for h in rows("households")}
    where = {p["id"]: p["community"] for p, _, _ in layer("buildings")}
    lives = {p["id"]: p["community"] for p in rows("roster")}
    load: Counter[str] = Counter()
    register = rows("assistance")
    assert math.isclose(len(register), 0.012 * 48_102, rel_tol=0.02)
    for a in register:
        helpers = [a["helper_1"], a["helper_2"], a["reserve_helper"]]
        assert len(set(helpers)) == 3, a["id"]
        assert all(lives[h] == where[home[a["household"]]] for h in helpers), a["id"]
        load.update(helpers[:2])
    assert max(load.values()) <= 2


def test_the_cast_holds_one_role_each() -> None:
    from tools.make_sample.cast import COMMUNITIES, GROUPS, appoint

    cast = appoint()
    held = Counter(
        [
            *cast.one.values(),
            *(p for role, who in cast.many.items() if not role.startswith("team.") for p in who),
        ]
    )
    held.update(
        p
        for role, who in cast.many.items()
        if role.startswith("team.")
        for p in who
        if p not in cast.one.values()
    )
    assert max(held.values()) == 1
    assert [len(cast.many[f"team.{t}.members"]) for t in ("rescue", "security", "medical")] == [13, 26, 14]
    assert all({f"group.{g}.head", f"group.{g}.deputy"} <= set(cast.one) for g in GROUPS)
    assert all(f"community.{c}.secretary" in cast.one for c in COMMUNITIES)
    roster = {r["id"] for r in rows("roster")}
    assert set(held) <= roster


def test_rota_covers_every_shift() -> None:
    shifts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for r in rows("duty"):
        shifts[(r["date"], r["shift"])].append(r["role"])
    assert len(shifts) == 61 * 2
    assert all(sorted(v) == ["driver", "duty_leader", "duty_officer", "signals"] for v in shifts.values())
    drivers = [v["driver"] for v in rows("vehicles")]
    assert len(set(drivers)) == len(drivers)
