"""Importing again: the same feature keeps its id, edits stay, and everything that differs is told."""

from __future__ import annotations

from typing import Any

import shapely
from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.reimport.items import Item
from civdef.intake.reimport.match import match
from civdef.intake.reimport.merge import Difference, Imported, Merged, merge

LON, LAT = 116.3, 39.9


def box(n: float, size: float = 0.0002) -> shapely.Polygon:
    return shapely.box(LON + n * 0.001, LAT, LON + n * 0.001 + size, LAT + size)


def item(name: str, n: float, **fields: Any) -> Item:
    return Item(f"building/{name}", {"id": f"building/{name}", **fields}, box(n))


def lock(items: list[Item], source: str = "a.shp") -> dict[str, Imported]:
    return {i.id: Imported(source, i.marks()) for i in items}


def told(merged: Merged) -> list[tuple[str, str]]:
    return [(d.kind, d.id.partition("/")[2]) for d in merged.differences]


def test_the_same_file_again_changes_nothing() -> None:
    items = [item("a", 0, floors=6), item("b", 1, name_zh="三号楼")]
    merged = merge(items, lock(items), items, source="a.shp")
    assert merged.items == items
    assert merged.differences == []


def test_added_removed_moved_changed() -> None:
    old = [item("a", 0, floors=6), item("b", 1), item("c", 2)]
    new = [item("a", 0, floors=7), item("b", 1.05), item("d", 5)]
    merged = merge(old, lock(old), new, source="a.shp")
    assert told(merged) == [("changed", "a"), ("moved", "b"), ("removed", "c"), ("added", "d")]
    assert merged.differences[0].fields == ("floors",)
    moved = merged.differences[1].moved_m
    assert moved is not None
    assert abs(moved - 4.27) < 0.05  # 0.05 thousandths of a degree of longitude at 39.9 N
    assert set(merged.imported) == {"building/a", "building/b", "building/d"}


def test_an_edit_of_the_user_stays_and_the_rest_of_the_feature_follows_the_file() -> None:
    was = [item("a", 0, floors=6, use="other")]
    edited = [item("a", 0, floors=8, use="other", compound="compound/x")]
    new = [item("a", 0, floors=7, use="residential")]
    merged = merge(edited, lock(was), new, source="a.shp")
    assert dict(merged.items[0].properties) == {
        "id": "building/a", "floors": 8, "use": "residential", "compound": "compound/x",
    }  # fmt: skip
    assert merged.differences == [
        Difference("building/a", "changed", ("use",)),
        Difference("building/a", "kept", ("floors",)),
    ]
    again = merge(merged.items, merged.imported, new, source="a.shp")
    assert again.differences == []  # the file said nothing new since
    assert merge(edited, lock(was), new, source="a.shp", force=True).items[0].properties["floors"] == 7


def test_what_the_user_drew_deleted_or_edited_survives_unless_forced() -> None:
    was = [item("a", 0), item("b", 1), item("c", 2)]
    now = [item("b", 1, floors=3), item("c", 2), item("mine", 9)]
    new = [item("a", 0)]
    merged = merge(now, lock(was), new, source="a.shp")
    assert [i.id for i in merged.items] == ["building/b", "building/mine"]
    assert told(merged) == [("kept", "a"), ("kept", "b"), ("removed", "c")]
    again = merge(merged.items, merged.imported, new, source="a.shp")
    assert [i.id for i in again.items] == ["building/b", "building/mine"]
    forced = merge(now, lock(was), new, source="a.shp", force=True)
    assert [i.id for i in forced.items] == ["building/a"]


def test_another_file_adds_and_an_update_supersedes() -> None:
    clinics = [item("a", 0), item("b", 1)]
    police = [item("p", 5)]
    merged = merge(clinics, lock(clinics, "clinics.csv"), police, source="police.csv")
    assert [i.id for i in merged.items] == ["building/a", "building/b", "building/p"]
    assert merged.stale == {"clinics.csv": 2}
    newer = merge(merged.items, merged.imported, [item("a", 0)], source="all.csv", supersede=True)
    assert [i.id for i in newer.items] == ["building/a"]
    added = merge(clinics, lock(clinics), police, source="a.shp", add=True)
    assert len(added.items) == 3
    assert added.stale == {}


def test_rows_in_another_order_keep_their_ids() -> None:
    old = [item("b00001", 0, name_zh="甲"), item("b00002", 1, name_zh="乙"), item("b00003", 2, name_zh="丙")]
    new = [item("b00001", 2, name_zh="丙"), item("b00002", 7, name_zh="丁"), item("b00003", 0, name_zh="甲")]
    made = {i.id for i in new}
    merged = merge(old, lock(old), new, source="a.shp", made=made)
    assert told(merged) == [("removed", "b00002"), ("added", "b00002-2")]
    assert merged.renamed == {"building/b00001": "building/b00003", "building/b00002": "building/b00002-2", "building/b00003": "building/b00001"}  # fmt: skip


def test_features_without_names_are_known_by_their_place_and_keep_the_name_they_were_given() -> None:
    old = [item("b1", 0, name_zh="房屋1"), item("b2", 1, name_zh="房屋2")]
    shifted = Item("building/b1", {"id": "building/b1", "name_zh": "房屋1"}, box(1.02))
    merged = merge(old, lock(old), [shifted], source="a.shp", made={"building/b1"}, unnamed={"building/b1"})
    assert told(merged) == [("removed", "b1"), ("moved", "b2")]
    assert merged.items[0].properties["name_zh"] == "房屋2"


def test_other_programs_write_the_same_thing_otherwise() -> None:
    was = item("a", 0, floors=6, hazards=["flood"])
    ring = shapely.MultiPolygon([shapely.Polygon(list(was.shape.exterior.coords)[1:])])  # type: ignore[union-attr]
    qgis = Item(was.id, {**was.properties, "floors": 6.0, "hazards": ("flood",), "compound": None}, ring)
    assert qgis.marks() == was.marks()
    line = shapely.LineString([(0, 0), (1, 1)])
    assert Item("r", {}, line).marks() != Item("r", {}, line.reverse()).marks()


@given(st.permutations(list(range(12))), st.integers(0, 11))
def test_matching_finds_every_feature_whatever_the_order(order: list[int], gone: int) -> None:
    old = [item(f"o{n}", n, name_zh=f"{n % 3}号楼") for n in range(12)]
    new = [item(f"n{k}", n, name_zh=f"{n % 3}号楼") for k, n in enumerate(order) if n != gone]
    found = match(old, new)
    assert found == {f"building/n{k}": f"building/o{n}" for k, n in enumerate(order) if n != gone}


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 9)), unique_by=lambda t: t[0]),
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 9)), unique_by=lambda t: t[0]),
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 9)), unique_by=lambda t: t[0]),
)
def test_no_edit_is_ever_lost_and_nothing_unedited_lags_behind(
    first: list[tuple[int, int]], edits: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    was = [item(str(n), n, floors=f) for n, f in first]
    there = {i.id: i for i in was}
    for n, f in edits:
        there[f"building/{n}"] = item(str(n), n, floors=f * 10)
    new = {f"building/{n}": f for n, f in second}
    merged = merge(
        list(there.values()), lock(was), [item(str(n), n, floors=f) for n, f in second], source="a.shp"
    )
    after = {i.id: i.properties["floors"] for i in merged.items}
    for i in there:
        edited = there[i].properties["floors"] % 10 == 0
        if edited:
            assert after[i] == there[i].properties["floors"]
        else:
            assert after.get(i) == new.get(i)
    for i, floors in new.items():
        if i not in there:
            assert after[i] == floors
    assert merge(merged.items, merged.imported, [item(str(n), n, floors=f) for n, f in second], source="a.shp").items == merged.items  # fmt: skip
