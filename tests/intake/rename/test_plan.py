"""What becomes of the communities that a workspace has."""

from __future__ import annotations

from civdef.intake.rename.lists import Rename
from civdef.intake.rename.plan import Present, plan

OLD, NEW = "210202003008", "210202008013"


def test_a_new_code_leaves_the_id_unless_it_holds_the_code() -> None:
    rename = Rename(old_code=OLD, old_name="望海社区居委会", new_code=NEW, new_name="望海社区居委会")
    kept = plan([rename], [Present("community/wanghai", OLD, "望海社区")])
    assert (kept.ids, kept.codes, kept.names) == ({}, {OLD: NEW}, {})
    told = plan([rename], [Present(f"community/{OLD}", OLD, "望海社区")])
    assert told.ids == {f"community/{OLD}": f"community/{NEW}"}


def test_a_new_name_takes_the_ending_the_workspace_uses() -> None:
    found = plan(
        [Rename(old_name="甲居委会", new_name="乙社区居委会")], [Present("community/a", "", "甲社区")]
    )
    assert found.names == {"甲社区": "乙社区"}
    assert found.ids == {}


def test_two_that_become_one_are_joined() -> None:
    present = [
        Present("community/a", "", "甲社区"),
        Present("community/b", "", "乙社区"),
        Present("community/c", "", "丙社区"),
    ]
    renames = [Rename(old_name="甲社区", new_name="丙社区"), Rename(old_name="乙社区", new_name="丙社区")]
    found = plan(renames, present)
    assert found.ids == {"community/a": "community/c", "community/b": "community/c"}
    assert all(s.into for s in found.steps)
    fresh = plan(
        [Rename(old_name="甲社区", new_name="新社区"), Rename(old_name="乙社区", new_name="新社区")], present
    )
    assert fresh.ids == {"community/b": "community/a"}
    assert [s.into for s in fresh.steps] == [False, True]
    assert fresh.names == {"甲社区": "新社区", "乙社区": "新社区"}


def test_names_that_change_places_stay_apart() -> None:
    present = [Present("community/a", "", "甲社区"), Present("community/b", "", "乙社区")]
    found = plan(
        [Rename(old_name="甲社区", new_name="乙社区"), Rename(old_name="乙社区", new_name="甲社区")], present
    )
    assert (found.ids, found.problems) == ({}, [])
    assert [s.new.name_zh for s in found.steps] == ["乙社区", "甲社区"]


def test_of_namesakes_in_a_city_only_those_of_the_own_street() -> None:
    """No codes in the workspace: the street is the one that most of its names are of."""
    renames = [
        Rename(
            old_code="210202003001",
            old_name="湖畔社区居委会",
            new_code="210202008008",
            new_name="湖畔社区居委会",
        ),
        Rename(
            old_code="210202003005",
            old_name="解放社区居委会",
            new_code="210202008010",
            new_name="解放社区居委会",
        ),
        Rename(
            old_code="210204002006",
            old_name="解放社区居委会",
            new_code="210204018003",
            new_name="解放社区居委会",
        ),
    ]
    found = plan(renames, [Present("community/a", "", "湖畔社区"), Present("community/b", "", "解放社区")])
    assert not found.problems
    assert {s.old.id: s.new.code for s in found.steps} == {
        "community/a": "210202008008",
        "community/b": "210202008010",
    }
    assert found.elsewhere == 1


def test_contradictions_are_told() -> None:
    present = [
        Present("community/a", "", "甲社区"),
        Present("community/b", "", "甲社区"),
        Present("community/c", "", "丙"),
    ]
    assert "不止一个" in plan([Rename(row=3, old_name="甲社区", new_name="乙")], present).problems[0].zh
    twice = [Rename(old_id="community/c", new_name="乙"), Rename(old_id="community/c", new_name="丁")]
    assert "两种去向" in plan(twice, present).problems[0].zh


def test_a_street_is_renamed_in_texts_only() -> None:
    found = plan(
        [Rename(old_code="210202003", old_name="桂林街道", new_code="210202008", new_name="青泥洼桥街道")], []
    )
    assert found.names == {"桂林街道": "青泥洼桥街道"}
    assert found.codes == {"210202003": "210202008"}
