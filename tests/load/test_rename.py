"""Communities are renamed throughout a workspace: every reference follows, nothing else moves, or nothing happens."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from civdef.errors import ImportRefusedError, UsageError
from civdef.load import load_workspace
from civdef.load.init import make_sample
from civdef.load.registers import TableRequest, import_register
from civdef.load.rename import MergeRequest, MergeResult, merge_communities
from tests import toy_town

DALIAN = Path("communities") / "dalian"


def every_file(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def table(path: Path, *rows: tuple[Any, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def merge(root: Path, path: Path | None = None, **more: Any) -> MergeResult:
    return merge_communities(root, MergeRequest(path, **more), "zh")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The toy town with a second community south of the first."""
    root = tmp_path / "town"
    toy_town.write(root)
    path = root / "maps/communities.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    ring = toy_town.square(100, -190, 120)
    data["features"].append(
        toy_town.feature(
            "Polygon", ring, id="community/south", name_zh="南社区", name_en="South", code="210202003002"
        )
    )
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    text = (root / "maps/shelters.geojson").read_text(encoding="utf-8")
    (root / "maps/shelters.geojson").write_text(
        text.replace("community/toy", "community/south", 1), encoding="utf-8"
    )
    load_workspace(root)
    return root


def test_two_become_one(town: Path, tmp_path: Path) -> None:
    before = load_workspace(town)
    path = table(tmp_path / "m.csv", ("原名称", "新名称"), ("南社区居委会", "玩具社区"))
    result = merge(town, path, as_of="2026")
    after = load_workspace(town)
    assert set(after.communities) == {"community/toy"}
    assert after.communities["community/toy"].name == before.communities["community/toy"].name
    assert after.communities["community/toy"].as_of == "2026"
    assert {s.community for s in after.shelters.values()} == {"community/toy"}
    assert b"community/south" not in b"".join(
        d for f, d in every_file(town).items() if not f.startswith("out/")
    )
    joined = [
        shape(f["geometry"]) for f in json.loads((town / "maps/communities.geojson").read_text())["features"]
    ]
    area = sum(c.shape_m.area for c in before.communities.values())
    assert after.communities["community/toy"].shape_m.area == pytest.approx(area, rel=1e-6)
    assert len(joined) == 1
    assert [(c.action, c.old_id, c.new_id) for c in result.changes] == [
        ("joined", "community/south", "community/toy")
    ]
    report = (town / "out/import-merge.csv").read_text(encoding="utf-8-sig")
    assert "maps/shelters.geojson" in report


def test_a_dry_run_tells_the_same_and_writes_nothing(town: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "m.csv", ("原名称", "新名称"), ("南社区", "北社区"))
    before = every_file(town)
    told = merge(town, path, dry_run=True)
    assert every_file(town) == before
    assert not told.written
    done = merge(town, path)
    assert done.written
    assert (done.places, done.changes) == (told.places, told.changes)
    assert load_workspace(town).communities["community/south"].name.zh == "北社区"


def test_comments_and_layout_stay(town: Path, tmp_path: Path) -> None:
    path = town / "plans/organisation.yaml"
    text = path.read_text(encoding="utf-8") + "\n# 南社区 community/south  \n"
    path.write_text(text, encoding="utf-8")
    source = table(
        tmp_path / "m.csv", ("old id", "new id", "new name"), ("community/south", "community/lake", "湖社区")
    )
    result = merge(town, source)
    assert path.read_text(encoding="utf-8") == text.replace("community/south", "community/lake")
    assert result.mentions == 1
    assert any("--texts" in n for n in result.notes)
    merge(town, table(tmp_path / "n.csv", ("旧名称", "新名称"), ("湖社区", "海社区")), texts=True)
    assert "# 南社区 community/lake" in path.read_text(encoding="utf-8"), "only the name that changes now"


def test_what_was_imported_does_not_pass_for_an_edit(town: Path, tmp_path: Path) -> None:
    roster = table(
        tmp_path / "r.csv",
        ("姓名", "手机", "社区"),
        ("甲", "13800000001", "南社区"),
        ("乙", "13800000002", "玩具社区"),
    )
    import_register(town, TableRequest("roster", roster), "zh")
    merge(town, table(tmp_path / "m.csv", ("old id", "new id"), ("community/south", "community/lake")))
    roster = table(
        tmp_path / "r.csv",
        ("姓名", "手机", "社区"),
        ("甲", "13900000001", "南社区"),
        ("乙", "13800000002", "玩具社区"),
    )
    result = import_register(town, TableRequest("roster", roster), "zh")
    assert (result.kept, result.changed, result.unchanged) == (0, 1, 1)


def test_a_rename_that_would_break_the_workspace_is_refused(town: Path, tmp_path: Path) -> None:
    """A name with a quotation mark would cut a JSON text in two."""
    path = town / "maps/shelters.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("北避难点", "南社区避难点"), encoding="utf-8")
    source = table(tmp_path / "m.csv", ("原名称", "新名称"), ("南社区", '湖"社区'))
    before = every_file(town)
    with pytest.raises(ImportRefusedError, match="new faults"):
        merge(town, source, texts=True)
    assert every_file(town) == before


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([("原名称", "新名称"), ("", "乙")], "没有写原来的"),
        ([("原名称", "新名称"), ("甲", "")], "没有写现在的"),
        ([("原代码", "新代码"), ("12", "210202003002")], "不是 12 位"),
        ([("old id", "new id"), ("community/south", "shelter/x")], "不是社区编号"),
        ([("原名称", "新名称"), ("南社区", "乙"), ("南社区", "丙")], "两种去向"),
        ([("old id", "new id"), ("community/south", "community/toy"), ("community/toy", "community/x")], ""),
    ],
)
def test_maps_that_cannot_be(town: Path, tmp_path: Path, rows: list[tuple[str, ...]], word: str) -> None:
    before = every_file(town)
    path = table(tmp_path / "m.csv", *rows)
    if not word:
        # south takes the id that toy gives up: each keeps its own shape.
        merge(town, path)
        assert set(load_workspace(town).communities) == {"community/toy", "community/x"}
        assert load_workspace(town).communities["community/toy"].name.zh == "南社区"
        return
    with pytest.raises(ImportRefusedError) as caught:
        merge(town, path)
    assert word in "\n".join(caught.value.lines("zh"))
    assert every_file(town) == before


def test_nothing_to_go_by(town: Path) -> None:
    with pytest.raises(UsageError):
        merge(town)
    with pytest.raises(UsageError):
        merge(town, old=(Path("a.csv"),))


@pytest.mark.real_data
def test_dalian_leaves_no_dangling_reference(real_data: Path, tmp_path: Path) -> None:
    """桂林街道 of 2020 is gone in 2023; its six communities are under 青泥洼桥街道, with other codes."""
    root = tmp_path / "town"
    make_sample(root)
    with (real_data / DALIAN / "communities_2020.csv").open(encoding="utf-8-sig") as file:
        guilin = [r for r in csv.DictReader(file) if r["streetCode"] == "210202003"]
    with (real_data / DALIAN / "communities_2023.csv").open(encoding="utf-8-sig") as file:
        now = {r["name"]: r["code"] for r in csv.DictReader(file) if r["streetCode"] == "210202008"}
    assert len(guilin) == 6
    ids = dict(zip(sorted(load_workspace(root).communities), guilin, strict=True))
    for path in root.rglob("*"):
        if path.suffix in (".yaml", ".csv", ".geojson", ".toml"):
            text = path.read_text(encoding="utf-8")
            for object_id, row in ids.items():
                text = text.replace(f'{object_id}"', f'community/{row["code"]}"')
                text = text.replace(f"{object_id},", f"community/{row['code']},").replace(
                    f"{object_id}]", f"community/{row['code']}]"
                )
                text = text.replace(f"{object_id}\n", f"community/{row['code']}\n")
            path.write_text(text, encoding="utf-8")
    layer = root / "maps/communities.geojson"
    data = json.loads(layer.read_text(encoding="utf-8"))
    by_code = {f"community/{r['code']}": r for r in guilin}
    for feature in data["features"]:
        row = by_code[feature["properties"]["id"]]
        feature["properties"] |= {"code": row["code"], "name_zh": row["name"]}
    layer.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    settings = root / "civdef.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n# 桂林街道 210202003\n", encoding="utf-8")
    before = load_workspace(root)
    old = (real_data / DALIAN / "communities_2020.csv", real_data / DALIAN / "streets_2020.csv")
    new = (real_data / DALIAN / "communities_2023.csv", real_data / DALIAN / "streets_2023.csv")
    result = merge(root, old=old, new=new, as_of="2023", texts=True)
    after = load_workspace(root)
    assert {c.name.zh: (i, c.code, c.as_of) for i, c in after.communities.items()} == {
        r["name"]: (f"community/{now[r['name']]}", now[r["name"]], "2023") for r in guilin
    }
    assert result.remaining == []
    assert result.undecided == []
    everything = b"".join(d for f, d in every_file(root).items() if not f.startswith("out/"))
    assert b"210202003" not in everything
    assert "桂林街道".encode() not in everything
    assert everything.count("青泥洼桥街道 210202008".encode()) == 1
    moved = {f"community/{r['code']}": f"community/{now[r['name']]}" for r in guilin}
    for kind, objects in before.collections():
        for object_id, noun in objects.items():
            was = getattr(noun, "community", None)
            if was is not None:
                assert after.objects[object_id].community == moved[was], kind
    assert after.residents == before.residents
    again = merge(root, old=old, new=new, as_of="2023", texts=True)
    assert (again.changes, again.replaced) == ([], 0), "once done, nothing is left to do"


@pytest.mark.real_data
def test_the_whole_of_dalian_is_accounted_for(real_data: Path) -> None:
    from civdef.intake.rename.lists import Entry, compare

    lists = []
    for year in (2020, 2023):
        with (real_data / DALIAN / f"communities_{year}.csv").open(encoding="utf-8-sig") as file:
            lists.append([Entry(r["code"], r["name"]) for r in csv.DictReader(file)])
    found = compare(*lists)
    assert found.same + len(found.renames) + len(found.gone) + len(found.ambiguous) == len(lists[0]) == 1719
    # By the names as written, in the same county and under one new code only: each such pair must be among those found.
    old, new = ({e.code: e.name for e in entries} for entries in lists)
    fresh = [(c[:6], n) for c, n in new.items() if c not in old]
    left = [(c[:6], n) for c, n in old.items() if c not in new]
    pairs = {
        (c, d) for c, n in old.items() if c not in new and left.count((c[:6], n)) == 1 and fresh.count((c[:6], n)) == 1
        for d, m in new.items() if d not in old and (d[:6], m) == (c[:6], n)
    }  # fmt: skip
    moved = {(r.old_code, r.new_code) for r in found.renames if r.old_code != r.new_code}
    assert len(pairs) == 117
    assert pairs <= moved
    assert len(moved - pairs) == 5, "five more where a village committee became a community's"
    assert sum(r.old_code == r.new_code for r in found.renames) == 23
