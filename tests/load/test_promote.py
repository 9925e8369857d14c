"""``civdef import promote``: candidates become shelters, once, with ways in where people can really get in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from shapely import affinity

from civdef.errors import UsageError
from civdef.intake.promote import ON_EDGE_M, OPEN_EDGE_M
from civdef.load import load_workspace
from civdef.load.init import make_blank
from civdef.load.osm import OsmRequest, import_osm
from civdef.load.promote import SCHOOLS, run_promote
from civdef.load.write_layer import write_layer
from civdef.model.shelter import ShelterClass
from tests.intake.osm.drawing import METRIC

EAST, NORTH = 500_000.0, 3_154_000.0


def place(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape drawn in metres from the corner, in WGS84."""
    return METRIC.back([affinity.translate(shape, EAST, NORTH)])[0]


def candidate(
    name: str, kind: str, shape: shapely.Geometry, **more: object
) -> tuple[dict[str, object], shapely.Geometry]:
    properties = {
        "id": f"candidate/{name}", "name_zh": name, "kind": kind, "area_m2": 5000, "usable_m2": 2500,
        "places": {"emergency": 2500, "short_term": 1250}, "hazards": ["earthquake"], "source": "OpenStreetMap way/1",
    }  # fmt: skip
    return properties | more, place(shape)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a town with a street along y = 0, one that crosses the park, and four candidates."""
    make_blank(tmp_path / "ws")
    root = tmp_path / "ws"
    maps = root / "maps"
    box = shapely.box
    community = {"id": "community/a", "name_zh": "甲"}
    write_layer(maps / "communities.geojson", [(community, place(box(-100, -300, 900, 300)))])
    road = {"kind": "residential", "width_m": 6}
    write_layer(
        maps / "roads.geojson",
        [
            ({"id": "road/main", "name_zh": "大街", **road}, place(shapely.LineString([(0, 0), (800, 0)]))),
            (
                {"id": "road/path", "name_zh": "小路", **road},
                place(shapely.LineString([(450, 0), (450, 300)])),
            ),
            (
                {"id": "road/bridge", "name_zh": "桥", **road, "bridge": True, "layer": 1},
                place(shapely.LineString([(0, 60), (800, 60)])),
            ),
        ],
    )
    compound = {"id": "compound/school", "name_zh": "学校", "community": "community/a"}
    write_layer(maps / "compounds.geojson", [(compound, place(box(100, 10, 200, 110)))])
    gates = [
        ({"id": f"gate/{n}", "name_zh": n, "compound": "compound/school", "width_m": 5, "locked": locked}, place(spot))
        for n, spot, locked in [
            ("front", shapely.Point(150, 8), False), ("back", shapely.Point(150, 112), True),
        ]
    ]  # fmt: skip
    write_layer(maps / "gates.geojson", gates)
    write_layer(
        maps / "candidates.geojson",
        [
            candidate("school", "school", box(100, 10, 200, 110), community="community/a"),
            candidate("school-indoor", "school_building", box(120, 50, 140, 70), indoor=True),
            candidate("park", "park", box(400, 20, 500, 120)),
            candidate("square", "square", box(600, 5, 700, 60)),
            candidate("pitch", "sports_ground", box(250, 40, 300, 90)),
            candidate(
                "cellar",
                "underground_car_park",
                box(720, 20, 760, 60),
                places={"air_raid": 900},
                hazards=["air_raid"],
            ),
        ],
    )
    return root


def ways(root: Path, shelter: str) -> list[tuple[float, float, float]]:
    """Return the ways into a shelter: x, y [m], width [m]."""
    workspace = load_workspace(root)
    found = [e for e in workspace.entrances.values() if e.shelter == shelter]
    return sorted((round(e.shape_m.x - EAST, 1), round(e.shape_m.y - NORTH, 1), e.width_m) for e in found)


def test_ways_in_are_where_people_get_in(root: Path) -> None:
    result = run_promote(root, (), "zh", everything=True)
    assert ways(root, "shelter/school") == [(150, 8, 5)], "the gate that is not locked"
    assert ways(root, "shelter/park") == [(450, 20, 6), (450, 120, 6)], "where the path crosses the edge"
    square = ways(root, "shelter/square")
    assert 2 <= len(square) <= 4
    assert all(y <= OPEN_EDGE_M for _, y, _ in square), "along the street, not under the bridge"
    assert ways(root, "shelter/pitch") == [(250, 40, 6)], "nearest to the street"
    assert ON_EDGE_M < 40
    via = {p.shelter: set(p.access) for p in result.promoted}
    assert via["shelter/school"] == {"gate"}
    assert via["shelter/square"] == {"edge"}
    assert via["shelter/school-indoor"] == {"nearest"}


def test_a_park_with_a_gate_has_its_paths_as_well_but_not_at_a_locked_gate(root: Path) -> None:
    file = root / "maps/gates.geojson"
    data = json.loads(file.read_text(encoding="utf-8"))
    for name, spot, locked in (
        ("park-west", shapely.Point(400, 70), False),
        ("park-north", shapely.Point(452, 121), True),
    ):
        gate = {
            "id": f"gate/{name}",
            "name_zh": name,
            "compound": "compound/school",
            "width_m": 3,
            "locked": locked,
        }
        data["features"].append(
            {"type": "Feature", "properties": gate, "geometry": shapely.geometry.mapping(place(spot))}
        )
    file.write_text(json.dumps(data), encoding="utf-8")
    run_promote(root, ("park",), "zh")
    assert ways(root, "shelter/park") == [(400, 70, 3), (450, 20, 6)]


def test_what_becomes_of_a_candidate(root: Path) -> None:
    run_promote(root, ("park",), "zh")
    shelter = load_workspace(root).shelters["shelter/park"]
    assert shelter.places.whole == 2500
    assert "估算" in (shelter.places.source or "")
    assert shelter.estimated
    assert shelter.shelter_class is ShelterClass.EMERGENCY
    assert shelter.hazards == ("earthquake",)
    assert shelter.area_m2 == 2500
    assert all(e.estimated for e in load_workspace(root).entrances.values())


def test_a_second_promotion_changes_nothing_and_edits_stay(root: Path) -> None:
    run_promote(root, ("candidate/park",), "zh")
    file = root / "maps/shelters.geojson"
    data = json.loads(file.read_text(encoding="utf-8"))
    data["features"][0]["properties"]["places"] = 77
    data["remark"] = "核实过"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    before = file.read_bytes()
    again = run_promote(root, ("park",), "zh")
    assert (again.promoted, again.already) == ([], ["candidate/park"])
    assert file.read_bytes() == before
    run_promote(root, ("square",), "zh")
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["remark"] == "核实过"
    assert load_workspace(root).shelters["shelter/park"].places.whole == 77


def test_all_schools_are_grounds_and_buildings(root: Path) -> None:
    result = run_promote(root, (), "en", kinds=SCHOOLS)
    assert [p.shelter for p in result.promoted] == ["shelter/school", "shelter/school-indoor"]
    assert result.places == 5000


def test_classes(root: Path) -> None:
    result = run_promote(root, ("park", "cellar"), "en", shelter_class=ShelterClass.SHORT_TERM)
    assert [(p.shelter, p.places) for p in result.promoted] == [("shelter/park", 1250)]
    (left,) = result.unsuited
    assert left.candidate == "candidate/cellar"
    assert "air_raid" in left.reason
    assert [p.shelter_class for p in run_promote(root, ("cellar",), "en").promoted] == [ShelterClass.AIR_RAID]


def test_names_that_are_not_there(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no shelter candidate called parc") as caught:
        run_promote(root, ("parc",), "en")
    assert caught.value.hint is not None
    assert "park" in caught.value.hint.en
    make_blank(tmp_path / "empty")
    with pytest.raises(UsageError, match="has no shelter candidates"):
        run_promote(tmp_path / "empty", (), "en", everything=True)


def test_the_same_promotion_gives_the_same_bytes(root: Path) -> None:
    run_promote(root, (), "zh", everything=True)
    first = [(root / f"maps/{n}.geojson").read_bytes() for n in ("shelters", "entrances")]
    for name in ("shelters", "entrances"):
        (root / f"maps/{name}.geojson").write_text(
            '{"type":"FeatureCollection","features":[]}', encoding="utf-8"
        )
    run_promote(root, (), "en", everything=True)
    assert [(root / f"maps/{n}.geojson").read_bytes() for n in ("shelters", "entrances")] == first


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "persons"), [("beijing_tsinghua_full.osm", 31_201), ("helsinki_center.osm.pbf", 10_189)]
)
def test_from_extract_to_evacuation_by_commands_alone(
    real_data: Path, tmp_path: Path, file: str, persons: int
) -> None:
    from civdef.evacuate.question import Question
    from civdef.evacuate.search.improve import Effort
    from civdef.evacuate.solve import evacuate
    from civdef.graph.roads import build_street_network

    make_blank(tmp_path / "ws")
    import_osm(tmp_path / "ws", OsmRequest(real_data / "networks" / file, people=True), "zh")
    run_promote(tmp_path / "ws", (), "zh", everything=True)
    workspace = load_workspace(tmp_path / "ws")
    assert workspace.residents == pytest.approx(persons, rel=0.05)
    network = build_street_network(workspace)
    result = evacuate(workspace, network, Question("plan/earthquake"), effort=Effort.none())
    assert result.placed_persons == result.demand_persons == workspace.residents
    note = workspace.settings.note
    assert note is not None
    assert "估算" in note.in_("zh")
