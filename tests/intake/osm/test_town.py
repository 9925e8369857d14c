"""A drawn town whose every answer is known: compounds and gates, communities, uses, candidates, people."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.intake.osm.buildings import building_name, floors, use_of
from civdef.intake.osm.candidates import kind_of
from civdef.intake.osm.communities import WHOLE
from civdef.intake.osm.people import estimate
from civdef.intake.osm.town import Town, extent, middle, town
from civdef.intake.repair.apply import Mending
from civdef.model.estimates import PeopleEstimate
from civdef.model.settings import Settings, StreetRepair
from civdef.model.shelter import CandidateKind, ShelterClass
from civdef.model.town import BuildingUse
from tests.intake.osm.drawing import CRS, METRIC, Drawing

SETTINGS = Settings.model_validate({"name": {"zh": "某街道"}, "as_of": "2026-01-01"})
FRAME = (-50.0, -50.0, 650.0, 650.0)


def made(drawing: Drawing, **more: object) -> Town:
    return town(drawing.extract(FRAME), CRS, SETTINGS, **more)  # type: ignore[arg-type]


def by_id(found: Town, layer: str) -> dict[str, dict[str, object]]:
    return {str(p["id"]): p for p, _ in found.layers[layer].features}


def streets(drawing: Drawing) -> None:
    """Draw a ring of streets, 600 m a side, that everything is tied to."""
    ring = [(0.0, 0.0), (600.0, 0.0), (600.0, 600.0), (0.0, 600.0), (0.0, 0.0)]
    drawing.way(ring, highway="residential", name="环路")


def test_compounds_and_their_gates() -> None:
    drawing = Drawing()
    streets(drawing)
    campus = drawing.square(100, 100, 400, amenity="university", name="某大学")
    estate = drawing.square(150, 150, 100, landuse="residential", name="教师住宅区")
    house = drawing.square(160, 160, 20, building="apartments")
    hall = drawing.square(400, 400, 30, building="yes")
    drawing.square(520, 520, 20, building="yes")
    drawing.node((100.0, 300.0), barrier="gate", name="西门")
    drawing.node((300.0, 105.0), barrier="gate", access="no", maxwidth="3.5")
    drawing.node((560.0, 560.0), barrier="gate")
    found = made(drawing)
    gates = by_id(found, "gates")
    assert {str(g.get("name_zh")): (g["compound"], g["locked"], g["width_m"]) for g in gates.values()} == {
        "西门": (f"compound/w{campus}", False, 4.0),
        next(str(g["name_zh"]) for g in gates.values() if g["locked"]): (f"compound/w{campus}", True, 3.5),
    }
    assert found.layers["gates"].dropped == 1
    homes = by_id(found, "buildings")
    assert set(by_id(found, "compounds")) == {f"compound/w{campus}", f"compound/w{estate}"}
    assert homes[f"building/w{house}"]["compound"] == f"compound/w{campus}", (
        "the estate has no gate of its own"
    )
    assert homes[f"building/w{hall}"]["compound"] == f"compound/w{campus}"
    assert sum("compound" in h for h in homes.values()) == 2
    assert homes[f"building/w{hall}"]["use"] == "school", "what stands on a campus and says nothing else"
    assert homes[f"building/w{house}"]["use"] == "residential"


@pytest.mark.parametrize(
    ("tags", "wall", "kept"),
    [
        ({"landuse": "residential"}, False, False),
        ({"landuse": "residential", "name": "幸福小区"}, False, True),
        ({"landuse": "residential"}, True, True),
        ({"landuse": "industrial", "access": "private"}, False, True),
        ({"amenity": "hospital"}, False, True),
        ({"barrier": "wall"}, False, True),
        ({"amenity": "parking"}, False, False),
    ],
)
def test_open_ground_is_no_compound(tags: dict[str, str], wall: bool, kept: bool) -> None:
    drawing = Drawing()
    streets(drawing)
    drawing.square(100, 100, 200, **tags)
    drawing.square(150, 150, 20, building="yes")
    if wall:
        drawing.way([(98, 98), (302, 98), (302, 302), (98, 302)], barrier="wall")
    assert bool(made(drawing).layers["compounds"].features) is kept


def test_boundaries_become_communities_and_nobody_is_lost() -> None:
    drawing = Drawing()
    streets(drawing)
    west = drawing.way([(0, 0), (300, 0), (300, 600), (0, 600), (0, 0)])
    drawing.relation(
        [(west, "outer")], boundary="administrative", admin_level="10", name="望海社区", ref="210202003001"
    )
    drawing.relation(
        [(west, "outer"), (999, "outer")], boundary="administrative", admin_level="10", name="断开社区"
    )
    drawing.relation([(west, "outer")], boundary="administrative", admin_level="8", name="某街道")
    inside = drawing.square(100, 100, 20, building="yes")
    outside = drawing.square(400, 100, 20, building="yes")
    found = made(drawing)
    assert [(p["id"], p.get("name_zh"), p.get("code")) for p, _ in found.layers["communities"].features] == [
        ("community/r1", "望海社区", "210202003001"),
        (WHOLE, "其余范围（社区未划定）", None),
    ]
    assert found.layers["communities"].dropped == 2
    homes = by_id(found, "buildings")
    assert homes[f"building/w{inside}"]["community"] == "community/r1"
    assert homes[f"building/w{outside}"]["community"] == WHOLE


def test_known_communities_are_used_and_what_lies_in_none_is_left_out() -> None:
    drawing = Drawing()
    streets(drawing)
    inside = drawing.square(100, 100, 20, building="yes")
    drawing.square(500, 500, 20, building="yes")
    area = METRIC.back([shapely.box(500_000, 3_154_000, 500_200, 3_154_200)])[0]
    found = made(drawing, known={"community/a": area})
    assert "communities" not in found.layers
    assert list(by_id(found, "buildings")) == [f"building/w{inside}"]
    assert found.layers["buildings"].dropped == 1


def test_room_of_candidates_is_what_the_recipe_says() -> None:
    drawing = Drawing()
    streets(drawing)
    drawing.square(100, 100, 100, amenity="school", name="第二小学")
    drawing.square(110, 110, 20, building="school", building__levels="4")
    drawing.square(150, 150, 40, leisure="pitch")
    drawing.square(300, 100, 100, leisure="park")
    drawing.square(320, 120, 20, natural="water")
    drawing.square(300, 300, 10, leisure="pitch")
    drawing.square(400, 300, 60, leisure="park", access="private")
    drawing.node((500, 500), amenity="school", name="只是点")
    drawing.square(500, 300, 40, amenity="parking", parking="underground", capacity="200")
    drawing.square(500, 400, 40, building="sports_hall", name="体育馆")
    found = made(drawing)
    rooms = {p["kind"]: p for p, _ in found.layers["candidates"].features}
    assert set(rooms) == {"school", "school_building", "park", "underground_car_park", "hall"}
    debris = 4 * 3.0 * 0.5  # floors × storey × share
    built = shapely.box(0, 0, 20, 20).buffer(debris).area
    assert rooms["school"]["usable_m2"] == pytest.approx((10_000 - built) * 0.5, rel=0.01)
    assert rooms["school"]["places"] == {
        "emergency": int(rooms["school"]["usable_m2"]), "short_term": int(rooms["school"]["usable_m2"] / 2),
    }  # fmt: skip
    assert rooms["school_building"]["usable_m2"] == pytest.approx(400 * 4 * 0.3, rel=0.01)
    assert rooms["park"]["usable_m2"] == pytest.approx((10_000 - 400) * 0.4, rel=0.01)
    assert rooms["park"]["name_zh"] == "环路旁公园绿地"
    assert rooms["underground_car_park"]["places"] == {"air_raid": 200 * 30 // 2}
    assert rooms["hall"]["usable_m2"] == pytest.approx(1600 * 0.5, rel=0.01)
    assert rooms["hall"]["indoor"] is True
    reasons = [c.reason.zh for c in found.layers["candidates"].changes]
    assert len(reasons) == 4
    assert sum("太小" in r for r in reasons) == 1
    assert sum("已含" in r for r in reasons) == 1
    json.dumps([p for p, _ in found.layers["candidates"].features], allow_nan=False)


@given(
    areas=st.lists(st.floats(1, 5000), max_size=30),
    data=st.data(),
)
def test_estimated_people_add_up(areas: list[float], data: st.DataObject) -> None:
    n = len(areas)
    uses = data.draw(st.lists(st.sampled_from(BuildingUse), min_size=n, max_size=n))
    counts = data.draw(st.lists(st.none() | st.integers(1, 40), min_size=n, max_size=n))
    dorm = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    settings = PeopleEstimate()
    found = estimate(areas, counts, uses, dorm, settings)
    wanted = [
        a
        * (c or 3)
        / (10.0 if d else 36.5)
        * (1 if d or u is BuildingUse.RESIDENTIAL else 0.5 if u is BuildingUse.OTHER else 0)
        for a, c, u, d in zip(areas, counts, uses, dorm, strict=True)
    ]
    assert sum(found) == pytest.approx(sum(wanted), abs=0.5 + 1e-6)
    assert all(abs(f - w) < 1 + 1e-9 for f, w in zip(found, wanted, strict=True))


def test_people_live_in_homes_only() -> None:
    drawing = Drawing()
    streets(drawing)
    home = drawing.square(100, 100, 20, building="apartments", building__levels="6")
    drawing.square(200, 100, 20, building="office", building__levels="6")
    found = made(drawing, people=True)
    assert found.persons == round(400 * 6 / 36.5)
    homes = by_id(found, "buildings")
    figure = homes[f"building/w{home}"]["persons_declared"]
    assert isinstance(figure, dict)
    assert "估算" in str(figure["source"])
    assert sum("persons_declared" in p for p in homes.values()) == 1


def test_islands_and_what_the_edge_tore_off() -> None:
    drawing = Drawing()
    streets(drawing)
    drawing.square(300, 300, 30, highway="footway")
    long = drawing.way([(100, 100), (500, 100)], highway="footway")
    drawing.way([(100, 500), (400, 500), (500, 500)], missing=[2], highway="footway")
    almost = drawing.way([(250, 1.5), (250, 60)], highway="footway")
    named = drawing.square(50, 300, 30, highway="footway")
    drawing.way([(300, 450), (590, 450), (700, 450)], missing=[2], highway="motorway")
    fast = drawing.way([(0, 0), (0, -40)], highway="motorway")
    keep = {f"road/w{named}"}
    found = made(drawing, mending=Mending(StreetRepair(), keep=keep))
    roads = by_id(found, "roads")
    assert list(roads) == [f"road/w{n}" for n in (1, long, almost, named, fast)], (
        "what repair joins is no island"
    )
    reasons = {c.ref: c.reason.en for c in found.layers["roads"].changes if c.action == "dropped"}
    assert set(reasons) == {"way/2", "way/4", "way/7"}
    assert "edge of the extract" in reasons["way/7"]
    assert "joined to no other" in reasons["way/2"]
    assert "edge of the extract" in reasons["way/4"]
    connected = found.layers["roads"].connected
    assert connected is not None
    assert [c.components for c in connected] == [6, 3]
    assert len(made(drawing).layers["roads"].features) == 8, "streets stay as drawn where they are not mended"


def test_what_is_far_outside_is_left_out() -> None:
    drawing = Drawing()
    streets(drawing)
    drawing.square(3000, 100, 20, building="yes")
    drawing.square(100, 100, 20, building="yes")
    drawing.square(500, 0, 5000, natural="wood")
    found = made(drawing)
    assert len(found.layers["buildings"].features) == 1
    (wood,) = [s for _, s in found.layers["landmarks"].features]
    assert METRIC.of([wood])[0].area < 600 * 1000


def test_bounds_that_hold_nothing_are_not_believed() -> None:
    drawing = Drawing()
    streets(drawing)
    assert extent(drawing.extract((50_000, 50_000, 51_000, 51_000))) is None
    lon, lat = middle(drawing.extract(), None)
    assert (lon, lat) == (pytest.approx(123.0, abs=0.01), pytest.approx(28.5, abs=0.01))


@pytest.mark.parametrize(
    ("tags", "locked"),
    [
        ({"barrier": "gate"}, False), ({"barrier": "gate", "access": "private"}, False), ({"barrier": "gate", "access": "no"}, True),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, False), ({"barrier": "gate", "foot": "no"}, True),
        ({"barrier": "lift_gate", "access": "no"}, False), ({"barrier": "lift_gate", "locked": "yes"}, True),
        ({"barrier": "lift_gate", "access": "no", "foot": "no"}, True), ({"barrier": "gate", "locked": "no", "access": "emergency"}, True),
    ],
)  # fmt: skip
def test_gates_that_people_on_foot_cannot_pass(tags: dict[str, str], locked: bool) -> None:
    drawing = Drawing()
    streets(drawing)
    drawing.square(100, 100, 200, landuse="residential", name="小区")
    drawing.square(150, 150, 20, building="apartments")
    drawing.node((100.0, 200.0), **tags)
    ((gate, _),) = made(drawing).layers["gates"].features
    assert gate["locked"] is locked


@pytest.mark.parametrize(
    ("tags", "use"),
    [
        ({"building": "yes"}, "other"), ({"building": "dormitory"}, "residential"), ({"building": "yes", "shop": "mall"}, "shop"),
        ({"building": "yes", "amenity": "kindergarten"}, "kindergarten"), ({"building": "yes", "office": "government"}, "government"),
        ({"building": "commercial", "leisure": "sports_centre"}, "sport"), ({"building": "warehouse"}, "store"),
    ],
)  # fmt: skip
def test_uses(tags: dict[str, str], use: str) -> None:
    assert use_of(tags).value == use


def test_floors_from_levels_else_height() -> None:
    assert floors({"building:levels": "6", "height": "99"}, 3.0) == (6, None)
    told, remark = floors({"height": "18 m"}, 3.0)
    assert told == 6
    assert remark is not None
    assert floors({"height": "high"}, 3.0) == (None, None)


def test_buildings_are_called_by_name_address_or_number() -> None:
    assert building_name({"name": "方正大厦", "addr:street": "成府路", "addr:housenumber": "298"}, "w1") == {
        "name_zh": "方正大厦"
    }
    assert building_name({"addr:street": "成府路", "addr:housenumber": "298"}, "w1") == {
        "name_zh": "成府路298号"
    }
    assert building_name({}, "w1") == {"name_zh": "房屋 w1", "name_en": "Building w1"}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"leisure": "pitch"}, CandidateKind.SPORTS_GROUND), ({"leisure": "swimming_pool"}, None),
        ({"leisure": "pitch", "sport": "shooting"}, None), ({"amenity": "university"}, None),
        ({"highway": "pedestrian", "name": "广场"}, CandidateKind.SQUARE), ({"highway": "pedestrian"}, None),
        ({"place": "square", "level": "-2"}, None), ({"place": "square", "tunnel": "yes"}, None),
        ({"amenity": "parking", "parking": "underground", "layer": "-1"}, CandidateKind.UNDERGROUND_CAR_PARK),
        ({"amenity": "parking", "parking": "multi-storey"}, None), ({"leisure": "garden"}, None),
        ({"leisure": "stadium", "building": "yes"}, CandidateKind.HALL), ({"amenity": "school", "building": "yes"}, None),
    ],
)  # fmt: skip
def test_kinds_of_candidates(tags: dict[str, str], kind: CandidateKind | None) -> None:
    assert kind_of(tags)[0] is kind


def test_a_pedestrian_street_is_no_square() -> None:
    drawing = Drawing()
    streets(drawing)
    tags = {"highway": "pedestrian", "area": "yes"}
    drawing.way([(100, 100), (300, 100), (300, 115), (100, 115), (100, 100)], **tags, name="步行街")
    square = drawing.square(300, 300, 60, **tags, name="人民广场")
    strip = drawing.way(
        [(100, 200), (300, 200), (300, 215), (100, 215), (100, 200)], place="square", name="长条广场"
    )
    found = made(drawing)
    assert set(by_id(found, "candidates")) == {f"candidate/w{square}", f"candidate/w{strip}"}


places = st.lists(
    st.tuples(
        st.integers(0, 50), st.integers(0, 50), st.integers(2, 12),
        st.sampled_from([("leisure", "park"), ("leisure", "pitch"), ("amenity", "parking"), ("building", "yes")]),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(places)
def test_no_ground_counts_twice_and_none_under_a_building(
    drawn: list[tuple[int, int, int, tuple[str, str]]],
) -> None:
    """Whatever overlaps: the open ground of all candidates is at most the ground of all places without the buildings."""
    drawing = Drawing()
    streets(drawing)
    ground, built = [], []
    for x, y, size, (key, value) in drawn:
        drawing.square(x * 10.0, y * 10.0, size * 10.0, **{key: value})
        (built if key == "building" else ground).append(
            shapely.box(x * 10, y * 10, (x + size) * 10, (y + size) * 10)
        )
    shares = SETTINGS.candidates.usable_share
    found = made(drawing).layers["candidates"].features
    open_m2 = sum(float(p["usable_m2"]) / shares[CandidateKind(p["kind"])] for p, _ in found)
    free = shapely.union_all(ground).difference(shapely.union_all(built)) if ground else shapely.Polygon()
    assert open_m2 <= free.area * 1.001 + 1
    for p, _ in found:
        for name, number in p["places"].items():
            standard = SETTINGS.shelter_standards[ShelterClass(name)]
            assert 0 < number * standard.area_m2_per_person <= float(p["usable_m2"]) + 0.1
