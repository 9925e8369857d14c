"""One layer in every format and encoding that offices use: the same features, with their Chinese names, out of each."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

import civdef.files
from civdef.errors import CivdefError, ImportRefusedError
from civdef.load import load_workspace
from civdef.load.imports import Request, run_import
from civdef.load.init import make_blank
from tests.load.test_imports import features

AREA = shapely.box(123.0, 28.5, 123.01, 28.51)
HOUSES = {
    "望海花园一号楼": (shapely.box(123.001, 28.501, 123.0014, 28.5012), 6),
    "湖滨路小学教学楼": (shapely.box(123.003, 28.503, 123.0036, 28.5033), 4),
    "䶮路𠮷巷三号": (shapely.box(123.005, 28.505, 123.0052, 28.5052), 18),
}
POSTS = {
    "湖滨派出所": (123.0021, 28.5021),
    "望海社区卫生服务站": (123.0045, 28.5044),
    "微型消防站": (123.0061, 28.5066),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_blank(tmp_path / "ws")
    area = tmp_path / "area.geojson"
    frame([{"社区名称": "望海社区"}], [AREA]).to_file(area)
    run_import(tmp_path / "ws", request("communities", area), "zh")
    return tmp_path / "ws"


def request(target: str, path: Path, **more: Any) -> Request:
    return Request(target, path, more.pop("layer", None), more.pop("mapping", {}), {}, **more)


def frame(rows: list[dict[str, Any]], shapes: list[Any]) -> Any:
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def houses() -> Any:
    rows = [{"楼名": n, "层数": f} for n, (_, f) in HOUSES.items()]
    return frame(rows, [s for s, _ in HOUSES.values()])


def geojson(folder: Path) -> Path:
    houses().to_file(folder / "房屋.geojson")
    return folder / "房屋.geojson"


def geopackage(folder: Path) -> Path:
    houses().to_file(folder / "房屋.gpkg", layer="房屋")
    return folder / "房屋.gpkg"


def shapefile(folder: Path, encoding: str = "gb18030", *, cpg: str | None = None) -> Path:
    """Write a Shapefile as a desktop program in China does: text in its own encoding, no .cpg unless asked."""
    houses().to_file(folder / "fw.shp", encoding="UTF-8")
    (folder / "fw.cpg").unlink()
    data = bytearray((folder / "fw.dbf").read_bytes())
    head = int.from_bytes(data[8:10], "little")
    fields = [(32 + 32 * i, data[32 + 32 * i + 16]) for i in range((head - 33) // 32)]
    width = sum(w for _, w in fields) + 1
    for at, _ in fields:
        name = bytes(data[at : at + 11]).rstrip(b"\x00").decode("utf-8", "ignore").encode(encoding)[:10]
        data[at : at + 11] = name.ljust(11, b"\x00")
    for row in range(len(HOUSES)):
        start = head + row * width + 1
        for _, w in fields:
            text = bytes(data[start : start + w]).rstrip().decode("utf-8").encode(encoding, "replace")
            data[start : start + w] = text.ljust(w)[:w]
            start += w
    data[29] = 0
    (folder / "fw.dbf").write_bytes(bytes(data))
    if cpg is not None:
        (folder / "fw.cpg").write_text(cpg, encoding="ascii")
    return folder / "fw.shp"


def zipped(folder: Path, source: Path, *, names: str = "utf-8") -> Path:
    """Zip a file and what belongs to it; in GBK names as Windows Explorer in China writes them."""
    target = folder / "规划局提供.zip"
    members = sorted(source.rglob("*")) if source.is_dir() else sorted(source.parent.glob(source.stem + ".*"))
    with zipfile.ZipFile(target, "w") as archive:
        for member in members:
            inside = f"图层/{member.relative_to(source.parent)}"
            if names == "gbk":
                inside = inside.encode("gb18030").decode("cp437")
            info = zipfile.ZipInfo(inside)
            if names == "gbk":
                info.flag_bits = 0
            archive.writestr(info, member.read_bytes())
    return target


def kml(folder: Path) -> Path:
    marks = []
    for name, (shape, floors) in HOUSES.items():
        ring = " ".join(f"{x},{y},0" for x, y in shape.exterior.coords)
        marks.append(
            f"<Placemark><name>{name}</name><ExtendedData><Data name='层数'><value>{floors}</value></Data></ExtendedData>"
            f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    text = f"<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>{''.join(marks)}</Document></kml>"
    (folder / "fw.kml").write_text(text, encoding="utf-8")
    return folder / "fw.kml"


def kmz(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "fw.kmz", "w") as archive:
        archive.write(kml(folder), "doc.kml")
    return folder / "fw.kmz"


def geodatabase(folder: Path) -> Path:
    if "w" not in pyogrio.list_drivers().get("OpenFileGDB", ""):
        pytest.skip("this GDAL does not write file geodatabases")
    houses().astype({"层数": "int32"}).to_file(folder / "fw.gdb", driver="OpenFileGDB", layer="fw")
    return folder / "fw.gdb"


FORMATS: dict[str, Callable[[Path], Path]] = {
    "geojson": geojson,
    "geopackage": geopackage,
    "shapefile in GB18030 without .cpg": shapefile,
    "shapefile in UTF-8 with .cpg": lambda f: shapefile(f, "utf-8", cpg="UTF-8"),
    "shapefile in GB18030 with .cpg": lambda f: shapefile(f, cpg="GB18030"),
    "shapefile whose .cpg is wrong": lambda f: shapefile(f, cpg="UTF-8"),
    "shapefile in a zip": lambda f: zipped(f, shapefile(f)),
    "shapefile in a zip with GBK names": lambda f: zipped(f, shapefile(f), names="gbk"),
    "geopackage in a zip": lambda f: zipped(f, geopackage(f)),
    "kml": kml,
    "kmz": kmz,
    "file geodatabase": geodatabase,
    "file geodatabase in a zip": lambda f: zipped(f, geodatabase(f)),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_buildings(kind: str, root: Path, tmp_path: Path) -> None:
    path = FORMATS[kind](tmp_path)
    result = run_import(root, request("buildings", path), "zh")
    assert (result.read, result.written, result.dropped) == (3, 3, 0)
    got = {f["properties"]["name_zh"]: f for f in features(root, "maps/buildings.geojson")}
    assert set(got) == set(HOUSES), result.notes
    for name, (shape, floors) in HOUSES.items():
        assert got[name]["properties"]["floors"] == floors
        assert shapely.geometry.shape(got[name]["geometry"]).symmetric_difference(shape).area < 1e-11
    told = any("GB18030" in n for n in result.notes)  # wherever the file did not say so itself
    assert told == ("shapefile" in kind and ("zip" in kind or "without" in kind or "wrong" in kind)), (
        result.notes
    )


def test_a_field_name_cut_in_the_middle_of_a_character_is_read_and_told(root: Path, tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    data = bytearray((tmp_path / "fw.dbf").read_bytes())
    data[32:43] = "1所在楼栋名称".encode("gb18030")[:10].ljust(11, b"\x00")
    (tmp_path / "fw.dbf").write_bytes(bytes(data))
    result = run_import(root, request("buildings", path, mapping={"name": "1所在楼栋"}), "zh")
    assert any("截断" in n and "1所在楼栋" in n for n in result.notes)
    assert {f["properties"]["name_zh"] for f in features(root, "maps/buildings.geojson")} == set(HOUSES)


def posts_table() -> list[list[str]]:
    head = ["名称", "类型", "电话", "经度", "纬度"]
    kinds = ("派出所", "卫生站", "消防")
    return [
        head,
        *(
            [n, k, "0411-0012345", str(x), str(y)]
            for (n, (x, y)), k in zip(POSTS.items(), kinds, strict=True)
        ),
    ]


def table_csv(encoding: str, delimiter: str = ",") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(posts_table())
        (folder / "点位.csv").write_bytes(out.getvalue().encode(encoding))
        return folder / "点位.csv"

    return write


def table_xlsx(folder: Path) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(folder / "点位.xlsx") as book:
        sheet = book.add_worksheet("点位")
        sheet.merge_range(0, 0, 0, 4, "固定点位一览表（2026年）")
        for row, values in enumerate(posts_table(), start=1):
            for column, value in enumerate(values):
                number = row > 1 and column > 2
                sheet.write(row, column, float(value) if number else value)
    return folder / "点位.xlsx"


TABLES: dict[str, Callable[[Path], Path]] = {
    "utf-8": table_csv("utf-8"),
    "utf-8 with BOM": table_csv("utf-8-sig"),
    "utf-16": table_csv("utf-16"),
    "gb18030": table_csv("gb18030"),
    "tabs": table_csv("gb18030", "\t"),
    "semicolons": table_csv("utf-8", ";"),
    "xlsx below a title": table_xlsx,
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_gives_the_same_posts(kind: str, root: Path, tmp_path: Path) -> None:
    path = TABLES[kind](tmp_path)
    run_import(root, request("posts", path, crs="wgs84"), "zh")
    got = {f["properties"]["name_zh"]: f for f in features(root, "maps/posts.geojson")}
    assert {n: tuple(f["geometry"]["coordinates"]) for n, f in got.items()} == POSTS
    assert {f["properties"]["kind"] for f in got.values()} == {"police", "medical", "fire"}
    assert {f["properties"]["phone"] for f in got.values()} == {"0411-0012345"}
    assert len(load_workspace(root).fixed_posts) == 3


def test_points_taken_from_a_web_map_come_back_to_where_they_are(root: Path, tmp_path: Path) -> None:
    import numpy as np

    from civdef.intake.datum import offsets

    rows = posts_table()
    for row in rows[1:]:
        x, y = offsets.bd09_from_wgs84(np.array([float(row[3])]), np.array([float(row[4])]))
        row[3], row[4] = repr(float(x[0])), repr(float(y[0]))
    text = "\n".join(",".join(r) for r in rows)
    (tmp_path / "百度.csv").write_text(text, encoding="utf-8")
    result = run_import(root, request("posts", tmp_path / "百度.csv", crs="百度"), "zh")
    assert result.crs == "bd09"
    got = {
        f["properties"]["name_zh"]: tuple(f["geometry"]["coordinates"])
        for f in features(root, "maps/posts.geojson")
    }
    assert got == POSTS


def test_what_was_mapped_is_remembered_and_used_again(root: Path, tmp_path: Path) -> None:
    def write(phone: str) -> Path:
        path = tmp_path / "dian.csv"
        rows = [["甲", "乙", "丙", "丁"], *([n, phone, str(x), str(y)] for n, (x, y) in POSTS.items())]
        path.write_text("\n".join(",".join(r) for r in rows), encoding="gb18030")
        return path

    mapping = {"name": "甲", "phone": "乙", "lon": "丙", "lat": "丁"}
    comment = (root / "civdef.toml").read_text("utf-8").count("#")
    run_import(root, Request("posts", write("1"), None, mapping, {"kind": "police"}, crs="gcj02"), "zh")
    before = features(root, "maps/posts.geojson")
    again = run_import(root, request("posts", write("2")), "zh")
    assert again.crs == "gcj02"
    (part,) = again.parts
    assert (part.added, part.removed, part.moved, part.changed) == (0, 0, 0, 3)
    assert [f["geometry"] for f in features(root, "maps/posts.geojson")] == [f["geometry"] for f in before]
    assert (root / "civdef.toml").read_text("utf-8").count("#") == comment


def test_an_edit_by_hand_survives_the_next_import_and_force_takes_it_back(root: Path, tmp_path: Path) -> None:
    path = geojson(tmp_path)
    run_import(root, request("buildings", path), "zh")
    file = root / "maps/buildings.geojson"
    data = json.loads(file.read_text("utf-8"))
    data["features"][0]["properties"]["floors"] = 7
    kept = data["features"][0]["properties"]["id"]
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    table = houses()
    table["层数"] = [11, 12, 13]
    table.to_file(path)
    (part,) = run_import(root, request("buildings", path), "zh").parts
    told = {(d.id, d.kind) for d in part.differences}
    assert (kept, "kept") in told
    assert sum(k == "changed" for _, k in told) == 2
    floors = {
        f["properties"]["id"]: f["properties"]["floors"] for f in features(root, "maps/buildings.geojson")
    }
    assert floors[kept] == 7
    assert sorted(v for i, v in floors.items() if i != kept) in ([11, 12], [11, 13], [12, 13])
    with (root / "out/import-buildings.csv").open(encoding="utf-8-sig") as stream:
        actions = {(r["对象 object"], r["处理 action"].split()[1]) for r in csv.DictReader(stream)}
    assert told <= actions
    run_import(root, request("buildings", path, force=True), "zh")
    assert sorted(f["properties"]["floors"] for f in features(root, "maps/buildings.geojson")) == [11, 12, 13]


def test_an_import_that_cannot_finish_leaves_every_file_as_it_was(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = geojson(tmp_path)
    before = {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    replace = civdef.files.os.replace
    done = []

    def fail_at_the_third(source: str, target: Path) -> None:
        done.append(target)
        if len(done) == 3:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(civdef.files.os, "replace", fail_at_the_third)
    with pytest.raises(CivdefError):
        run_import(root, request("buildings", path), "zh")
    monkeypatch.undo()
    assert {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_archives_that_mean_harm_are_refused(root: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(6):
            archive.writestr(f"{i}.geojson", b"0" * 100_000_000)
    out = tmp_path / "out.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.write(geojson(tmp_path), "../../escaped.geojson")
    nested = tmp_path / "nested.zip"
    with zipfile.ZipFile(nested, "w") as archive:
        archive.write(zipped(tmp_path, tmp_path / "房屋.geojson"), "inner.zip")
    xml = tmp_path / "xxe.kml"
    xml.write_text('<!DOCTYPE kml [<!ENTITY x SYSTEM "/etc/passwd">]><kml>&x;</kml>', encoding="utf-8")
    for path in (bomb, out, nested, xml):
        with pytest.raises(ImportRefusedError) as refused:
            run_import(root, request("buildings", path), "zh")
        assert path.name in "".join(refused.value.lines("zh"))
    assert not list(tmp_path.rglob("escaped.geojson"))
    shutil.rmtree(root)


@pytest.mark.real_data
def test_tokyos_links_in_cp932_become_streets(root: Path, real_data: Path) -> None:
    folder = real_data / "networks/uxsim"
    more = {"crs": "wgs84", "nodes": folder / "tokyo_arterial_nodes.csv", "repair": False}
    result = run_import(root, request("roads", folder / "tokyo_arterial_links.csv", **more), "zh")
    assert (result.read, result.written) == (522, 522)
    names = {f["properties"].get("name_zh", "") for f in features(root, "maps/roads.geojson")}
    assert any("新大橋通り" in n for n in names)
    assert any("cp932" in n for n in result.notes)
