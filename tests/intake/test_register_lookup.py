"""Names as people write them lead to ids, or it is said why not."""

from __future__ import annotations

import pytest

from civdef.intake.registers.address import split_address
from civdef.intake.registers.draft import Draft
from civdef.intake.registers.lookup import Home, Known, Lookup, building_key, community_key
from civdef.intake.registers.tables.households import TABLE as HOUSEHOLDS


def town() -> Lookup:
    return Lookup(
        {
            "community": [Known("community/wanghai", ("望海社区", "Wanghai Community")), Known("community/hubin", ("湖滨社区",))],
            "compound": [Known("compound/bibo", ("碧波花园",)), Known("compound/yun", ("云溪苑",))],
            "building": [
                Known("building/b1", ("碧波花园1幢",), ("compound/bibo", "community/wanghai")),
                Known("building/b3", ("碧波花园3幢",), ("compound/bibo", "community/wanghai")),
                Known("building/b13", ("碧波花园13幢",), ("compound/bibo", "community/wanghai")),
                Known("building/y3", ("云溪苑3号楼",), ("compound/yun", "community/hubin")),
                Known("building/t1", ("3号楼",), ("community/wanghai",)),
                Known("building/t2", ("3号楼",), ("community/hubin",)),
            ],
            "person": [
                Known("person/1", ("王伟", "Wang Wei"), ("community/wanghai",), ("13800000001",)),
                Known("person/2", ("王伟",), ("community/hubin",), ("138-0000-0002", "0411-88000001")),
                Known("person/3", ("李䶮",)),
            ],
            "fixed-post": [Known("fixed-post/store", ("防汛仓库", "Flood store"))],
        },
        {"building/b1": [Home("household/1", "1", "1", False), Home("household/2", "1", "5", True),
                         Home("household/3", "1", "5", False), Home("household/4", "2", "5", True, ("赵奶奶",))]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kinds", "within", "phones", "want"),
    [
        ("望海", ("community",), (), (), "community/wanghai"),
        ("望海社区居委会", ("community",), (), (), "community/wanghai"),
        ("望海社区居民委员会", ("community",), (), (), "community/wanghai"),
        ("WANGHAI community", ("community",), (), (), "community/wanghai"),
        ("community/hubin", ("community",), (), (), "community/hubin"),
        ("hubin", ("community",), (), (), "community/hubin"),
        ("湖滨社区 [community/hubin]", ("community",), (), (), "community/hubin"),
        ("碧波花园3号楼", ("building",), (), (), "building/b3"),
        ("碧波花园三栋", ("building",), (), (), "building/b3"),
        ("碧波花园 03#", ("building",), (), (), "building/b3"),
        ("3栋", ("building",), ("compound/bibo", "community/wanghai"), (), "building/b3"),
        ("3栋", ("building",), ("community/wanghai",), (), "building/t1"),
        ("13号楼", ("building",), ("compound/bibo",), (), "building/b13"),
        ("1幢", ("building",), ("compound/bibo",), (), "building/b1"),
        ("3号楼", ("building",), ("community/hubin",), (), "building/t2"),
        ("王伟", ("person",), (), ("13800000002",), "person/2"),
        ("王伟13800000001", ("person",), (), (), "person/1"),
        ("王伟（041188000001）", ("person",), (), (), "person/2"),
        ("王伟", ("person",), ("community/hubin",), (), "person/2"),
        ("王　伟", ("person",), ("community/wanghai",), (), "person/1"),
        ("李䶮", ("person",), (), (), "person/3"),
        ("flood store", ("group", "fixed-post"), (), (), "fixed-post/store"),
    ],
)
def test_a_name_is_found(
    written: str, kinds: tuple[str, ...], within: tuple[str, ...], phones: tuple[str, ...], want: str
) -> None:
    found = town().find(written, kinds, within=within, phones=phones)
    assert (found.id, found.told) == (want, None)


def test_namesakes_are_listed() -> None:
    found = town().find("王伟", ("person",))
    assert found.id is None
    assert found.told is not None
    assert "person/1" in found.told.zh
    assert "person/2" in found.told.zh


def test_the_wrong_kind_is_not_found() -> None:
    assert town().find("person/1", ("building",)).id is None


def test_the_nearest_names_are_offered() -> None:
    found = town().find("防汛仓", ("fixed-post",))
    assert found.told is not None
    assert "防汛仓库" in found.told.zh
    other = town().find("虎滩", ("community",))
    assert other.told is not None
    assert "望海社区" in other.told.en


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("碧波花园3幢", "碧波花园三号楼"),
        ("12#楼", "十二栋"),
        ("A座", "a座"),
        ("明泽大道2号（旁）", "明泽大道2号(旁)"),
    ],
)
def test_buildings_alike(one: str, other: str) -> None:
    assert building_key(one) == building_key(other)


@pytest.mark.parametrize(("one", "other"), [("3-1号楼", "31号楼"), ("1幢", "11幢"), ("甲1幢", "乙1幢")])
def test_buildings_unlike(one: str, other: str) -> None:
    assert building_key(one) != building_key(other)


def test_a_community_called_by_its_suffix_only_keeps_a_key() -> None:
    assert community_key("社区")
    assert community_key("Community")


def test_a_household_is_found_by_floor_and_taken_once() -> None:
    lookup = town()
    assert lookup.take_home("building/b1", "1", "5", "甲") == "household/2"
    assert lookup.take_home("building/b1", "1", "5", "乙") == "household/3"
    assert lookup.take_home("building/b1", None, None, "赵奶奶") == "household/4"
    assert lookup.take_home("building/none", "1", "5", "丙") is None


@pytest.mark.parametrize(
    ("address", "want"),
    [
        (
            "碧波花园3号楼2单元501室",
            {"building": "碧波花园3号楼", "stairwell": "2", "floor": "5", "room": "501"},
        ),
        ("3栋二单元1203", {"building": "3栋", "stairwell": "2", "floor": "12", "room": "1203"}),
        ("3-2-501", {"building": "3", "stairwell": "2", "floor": "5", "room": "501"}),
        ("望海路12号", {"building": "望海路12号"}),
        ("碧波花园1幢", {"building": "碧波花园1幢"}),
    ],
)
def test_addresses(address: str, want: dict[str, str]) -> None:
    draft = Draft(HOUSEHOLDS, 1, town(), {"address": address})
    split_address(draft)
    assert draft.values == want
