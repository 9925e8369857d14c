"""What each hazard closes, empties and rules out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from civdef.graph.roads import build_street_network
from civdef.hazards import kinds
from civdef.hazards.effects import Effects, arc_effects, effects_of, hazard, merge
from civdef.model.shelter import ShelterClass
from civdef.model.town import Building
from civdef.model.workspace import Workspace
from civdef.text import Text
from tests.evacuate import towns

NAMED = {
    "air_raid", "drought", "earthquake", "epidemic", "flood", "food_water", "forest_fire", "hazmat_gas", "landslide",
    "mass_incident", "production_accident", "snow_ice", "traffic_crowd", "typhoon", "urban_fire",
}  # fmt: skip
WITHOUT_SPACE = {"drought", "epidemic", "food_water"}


def ladder(*more: object) -> Workspace:
    """Two streets 100 m apart joined at both ends; houses a (0, 10) and b (200, 10); shelters in and outdoors."""
    return towns.town(
        towns.road("south", (0, 0), (100, 0), (200, 0)),
        towns.road("north", (0, 100), (200, 100)),
        towns.road("west", (0, 0), (0, 100), width_m=3),
        towns.road("east", (200, 0), (200, 100), width_m=12),
        towns.house("a", 0, -10, floors=6),
        towns.house("b", 200, 110),
        towns.shelter("hall", 100, 10, 50, indoor=True, hazards=tuple(kinds())),
        towns.shelter("park", 100, 110, 50, hazards=tuple(kinds())),
        towns.shelter(
            "cover", 50, 110, 50, indoor=True, shelter_class=ShelterClass.AIR_RAID, hazards=("air_raid",)
        ),
        *more,
    )


def test_every_file_is_a_kind_and_says_what_it_rests_on() -> None:
    files = {p.stem for p in Path(hazard("flood").__file__ or "").parent.glob("*.py")}  # type: ignore[attr-defined]
    assert set(kinds()) == NAMED == files - {"__init__", "effects"}
    fields = set(towns.footprint("f", "flood", (0, 0, 1, 1)).model_dump())
    for kind in kinds():
        module = hazard(kind)
        for text in (module.NAME, module.VALIDITY):
            assert isinstance(text, Text)
            assert text.zh.strip()
            assert text.en.strip()
        assert module.SOURCES
        assert set(module.NEEDS) <= fields


def test_names_come_without_importing_the_modules() -> None:
    code = "import sys; from civdef.hazards import kinds; kinds(); print([m for m in sys.modules if m in ('numpy', 'shapely', 'civdef.hazards.flood')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_kinds_without_effect_are_honest_even_with_an_area() -> None:
    ws = ladder(*(towns.footprint(k.replace("_", "-"), k, (-20, -20, 20, 20)) for k in WITHOUT_SPACE))
    for kind in WITHOUT_SPACE:
        area = ws.footprints[f"hazard/{kind.replace('_', '-')}"]
        assert hazard(kind).effects(ws, [area]).empty


@pytest.mark.parametrize("kind", sorted(NAMED - WITHOUT_SPACE - {"earthquake", "mass_incident"}))
def test_ground_is_left_and_not_entered(kind: str) -> None:
    ws = ladder(towns.footprint("f", kind, (-20, -20, 20, 20), from_min=7))
    found = effects_of(ws, ws.footprints.values())
    assert dict(found.unsafe_buildings) == {"building/a": 7}
    net = build_street_network(ws)
    arcs = arc_effects(found, ws, net)
    inside = (np.abs(net.x_m - towns.EAST) < 20) & (np.abs(net.y_m - towns.NORTH) < 20)
    entering = ~inside[net.tail] & inside[net.head]
    leaving = inside[net.tail] & ~inside[net.head]
    assert entering.any()
    assert leaving.any()
    assert (arcs.forbidden_min[entering] == 7).all()
    assert np.isinf(arcs.forbidden_min[leaving]).all()
    assert np.isinf(arcs.forbidden_min[inside[net.tail] & inside[net.head]]).all()
    assert np.isinf(arcs.impassable_min).all()


def test_a_street_that_only_crosses_the_area_is_forbidden_both_ways() -> None:
    ws = ladder(towns.footprint("f", "urban_fire", (60, 90, 80, 110)))
    net = build_street_network(ws)
    arcs = arc_effects(effects_of(ws, ws.footprints.values()), ws, net)
    struck = {
        net.road_ids[net.road[a]] for a in np.flatnonzero(np.isfinite(arcs.forbidden_min)) if net.road[a] >= 0
    }
    assert struck == {"road/north"}
    closed = np.isfinite(arcs.forbidden_min)
    assert (closed == closed[net.reverse]).all()


def test_flood_depth_decides_what_can_be_walked() -> None:
    for depth, walkable in ((None, True), (0.3, True), (0.31, False)):
        ws = ladder(towns.footprint("f", "flood", (-20, -20, 20, 20), depth_m=depth, from_min=3))
        found = effects_of(ws, ws.footprints.values())
        net = build_street_network(ws)
        arcs = arc_effects(found, ws, net)
        assert np.isinf(arcs.impassable_min).all() == walkable
        assert dict(found.trapped_buildings) == ({} if walkable else {"building/a": 3})


def test_the_walking_limit_is_a_setting() -> None:
    from civdef.model.settings import HazardSettings

    area = towns.footprint("f", "flood", (-20, -20, 20, 20), depth_m=0.45)
    ws = ladder(area)
    generous = ws.settings.model_copy(update={"hazards": HazardSettings(flood_walk_depth_m=0.5)})
    import dataclasses

    assert effects_of(ws, [area]).trapped_buildings
    assert not effects_of(dataclasses.replace(ws, settings=generous), [area]).trapped_buildings


def test_shelters_inside_are_not_used() -> None:
    ws = ladder(towns.footprint("f", "landslide", (90, -10, 110, 30)))
    assert set(effects_of(ws, ws.footprints.values()).unsafe_shelters) == {"shelter/hall"}


def test_wind_and_cold_rule_out_the_open_air_everywhere() -> None:
    ws = ladder()
    for kind in ("typhoon", "snow_ice"):
        assert set(effects_of(ws, (), also=(kind,)).unsafe_shelters) == {"shelter/park"}
    assert set(effects_of(ws, (), also=("air_raid",)).unsafe_shelters) == {"shelter/hall", "shelter/park"}
    assert effects_of(ws, (), also=("flood",)).empty


def test_a_police_cordon_is_gone_round_but_nobody_is_moved() -> None:
    ws = ladder(towns.footprint("f", "mass_incident", (-20, -20, 20, 20)))
    found = effects_of(ws, ws.footprints.values())
    assert found.zones
    assert not found.unsafe_buildings
    assert not found.unsafe_shelters


def test_earthquake_debris_blocks_only_narrow_lanes_where_it_shook_hard() -> None:
    for intensity, blocked in ((None, set()), (7.5, set()), (8.0, {"road/west"})):
        ws = ladder(towns.footprint("f", "earthquake", (-40, -40, 40, 40), intensity=intensity))
        found = effects_of(ws, ws.footprints.values())
        assert dict(found.unsafe_buildings) == {"building/a": 0}
        net = build_street_network(ws)
        arcs = arc_effects(found, ws, net)
        hit = {
            net.road_ids[net.road[a]]
            for a in np.flatnonzero(np.isfinite(arcs.impassable_min))
            if net.road[a] >= 0
        }
        # the house is 18 m high, so debris reaches 9 m from its wall at y = -6: the south street (4 m wide) too
        assert hit == (blocked | {"road/south"} if blocked else set())
        assert np.isinf(arcs.impassable_min[net.road < 0]).all()
        assert np.isinf(arcs.forbidden_min).all()


def test_earthquake_rules_out_indoor_shelters_inside_only() -> None:
    ws = ladder(towns.footprint("f", "earthquake", (90, -10, 110, 130)))
    assert set(effects_of(ws, ws.footprints.values()).unsafe_shelters) == {"shelter/hall"}


def test_touching_along_an_edge_is_not_inside() -> None:
    ws = ladder(towns.footprint("f", "urban_fire", (4, -14, 30, -6)))
    assert isinstance(ws.buildings["building/a"], Building)  # its east wall is the line x = 4
    assert not effects_of(ws, ws.footprints.values()).unsafe_buildings


def test_the_earliest_time_and_the_first_reason_stand() -> None:
    late, early = Effects(unsafe_buildings={"building/a": 9}), Effects(unsafe_buildings={"building/a": 2})
    assert merge([late, early]).unsafe_buildings == {"building/a": 2}
    assert merge([]).empty


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(KeyError):
        hazard("effects")
    with pytest.raises(KeyError):
        effects_of(ladder(), (), also=("meteor",))


def test_no_streets_and_no_buildings() -> None:
    ws = towns.town(towns.footprint("f", "flood", (0, 0, 10, 10)))
    found = effects_of(ws, ws.footprints.values())
    assert found.zones
    assert arc_effects(found, ws, build_street_network(ws)).forbidden_min.size == 0
