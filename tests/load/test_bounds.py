"""``civdef import bounds``: the sample's communities and Beijing's blocks rebuilt from the names of their streets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake.osm.metric import Metric
from civdef.load.bounds import BoundsRequest, import_bounds
from civdef.load.imported import ImportResult

SAMPLE = Path(__file__).parents[2]
EMPTY = '{"type":"FeatureCollection","features":[]}\n'
ROWS = {
    "鼓楼社区": "东至人民路中心线，南至明泽大道，西至清溪河，北至明泽湖",
    "湖滨社区": "东至清溪河，南至明泽大道中线，西至西环路，北至明泽湖",
    "明泉社区": "东至望海路、登山路；南至环山路中心线；西至清溪河；北至明泽大道中心线",
    "新桥社区": "东:清溪河 南:环山路 西:西环路 北:明泽大街".replace(" ", "，"),
    "南山社区": "north: middle of Mingze Avenue; west: 望海路, 登山路; south to 环山路; east to 东环路",
    "望海社区": "东侧至东环路，南侧至明泽大道，西侧至人民路，北侧至明泽湖岸线",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The sample without its communities."""
    (tmp_path / "maps").mkdir()
    shutil.copy(SAMPLE / "civdef.toml", tmp_path)
    for name in ("roads", "landmarks"):
        shutil.copy(SAMPLE / "maps" / f"{name}.geojson", tmp_path / "maps")
    (tmp_path / "maps/communities.geojson").write_text(EMPTY)
    return tmp_path


def run(root: Path, rows: dict[str, str], suffix: str = "csv") -> ImportResult:
    path = root / f"四至.{suffix}"
    if suffix == "csv":
        lines = ["社区名称,四至", *(f'{n},"{t}"' for n, t in rows.items())]
        path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    else:
        path.write_text("".join(f'{n}: "{t}"\n' for n, t in rows.items()), encoding="utf-8")
    return import_bounds(root, BoundsRequest(path, None, {}), "zh")


def areas(path: Path) -> dict[str, BaseGeometry]:
    found = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["name_zh"]: shape(f["geometry"]) for f in found}


def overlap(a: BaseGeometry, b: BaseGeometry) -> float:
    return float(a.intersection(b).area / a.union(b).area)


@pytest.mark.parametrize("suffix", ["csv", "yaml"])
def test_the_sample_is_rebuilt(root: Path, suffix: str) -> None:
    result = run(root, ROWS, suffix)
    assert result.dropped == 0
    known, made = areas(SAMPLE / "maps/communities.geojson"), areas(root / "maps/communities.geojson")
    assert set(known) == set(made)
    assert min(overlap(known[n], made[n]) for n in known) > 0.995


def test_wrong_names_and_open_rings_are_named(root: Path) -> None:
    result = run(
        root,
        {
            "错名社区": "东至东还路，南至明泽大道，西至人民路，北至明泽湖",
            "缺边社区": "东至东环路，南至明泽大道，西至人民路",
            "开口社区": "东至人民路，南至明泽大道，西至明泽湖，北至明泽湖",
            "望海社区": ROWS["望海社区"],
        },
    )
    assert set(areas(root / "maps/communities.geojson")) == {"望海社区"}
    told = {c.row: c.reason for c in result.changes if c.action == "dropped"}
    assert set(told) == {2, 3, 4}
    assert "东还路" in told[2]
    assert "东环路" in told[2]
    assert "北至" in told[3]
    assert "明泽湖" in told[4]
    assert "475 米" in told[4]


def test_nothing_closes_then_nothing_changes(root: Path) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        run(root, {"错名社区": "东至东还路，南至明泽大道，西至人民路，北至明泽湖"})
    assert "东还路" in refused.value.message.zh
    assert (root / "maps/communities.geojson").read_text() == EMPTY


@pytest.mark.parametrize(
    "text", ["[1, 2]", "a: [1]\n  b: :", "甲: 1", "- {name: 甲, east: {x: 1}}", "", "communities:"]
)
def test_odd_files_are_refused(root: Path, text: str) -> None:
    path = root / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefusedError):
        import_bounds(root, BoundsRequest(path, None, {}), "zh")


def blocks(roads: Path, metric: Metric) -> Iterator[tuple[list[str], BaseGeometry]]:
    """Blocks with four streets round them, found without civdef: the faces of all named streets."""
    by: dict[str, list[BaseGeometry]] = {}
    for f in json.loads(roads.read_text(encoding="utf-8"))["features"]:
        name = f["properties"].get("name_zh")
        if name and not name.startswith("道路 w"):
            by.setdefault(name, []).extend(metric.of([shape(f["geometry"])]))
    lines = {n: shapely.union_all(s) for n, s in by.items()}
    for face in shapely.polygonize(list(shapely.get_parts(shapely.union_all(list(lines.values()))))).geoms:
        if 2 * face.area / face.length < 40:
            continue
        sides = {n: face.boundary.intersection(line.buffer(0.2)) for n, line in lines.items()}
        long = {n: s for n, s in sides.items() if s.length > 30}
        if len(long) != 4 or sum(s.length for s in long.values()) < 0.98 * face.length:
            continue
        ring = face.exterior
        order = sorted(long, key=lambda n: ring.project(long[n].centroid))
        yield order, face


@pytest.mark.real_data
def test_blocks_of_beijing_are_rebuilt(tmp_path: Path, real_data: Path) -> None:
    from civdef.cli.main import main

    root = tmp_path / "ws"
    for arguments in (
        ["init", str(root), "--blank"],
        ["import", "osm", str(real_data / "networks/beijing_tsinghua_full.osm"), "-C", str(root)],
    ):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code in (0, None)
    metric = Metric("EPSG:4549")
    known = list(blocks(root / "maps/roads.geojson", metric))
    assert len(known) >= 3
    (root / "maps/communities.geojson").write_text(EMPTY)
    lines = ["name,east,south,west,north"]
    lines += [",".join([f"街区{i}", *order]) for i, (order, _) in enumerate(known)]
    path = root / "blocks.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_bounds(root, BoundsRequest(path, None, {}, force=True), "zh")
    made = areas(root / "maps/communities.geojson")
    found = [
        overlap(metric.of([made[n]])[0], face) if (n := f"街区{i}") in made else 0.0
        for i, (_, face) in enumerate(known)
    ]
    print([(order, round(o, 3)) for (order, _), o in zip(known, found, strict=True)])
    assert min(found) > 0.95
