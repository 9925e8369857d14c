"""Two official lists: what became of each community."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.rename.lists import Entry, Rename, compare

A, B = "210202003", "210202008"


def test_by_hand() -> None:
    old = [
        Entry(A, "桂林街道"), Entry(B, "青泥洼桥街道"),
        Entry(A + "001", "湖畔社区居委会"), Entry(A + "008", "望海社区居委会"), Entry(B + "001", "上海社区居委会"),
        Entry(B + "002", "天津居委会"), Entry(B + "003", "某某社区居委会"),
    ]  # fmt: skip
    new = [
        Entry(B, "青泥洼桥街道"), Entry(B + "001", "上海社区居委会"), Entry(B + "002", "天津社区居委会"),
        Entry(B + "008", "湖畔社区居委会"), Entry(B + "013", "望海社区居委会"),
    ]  # fmt: skip
    found = compare(old, new)
    assert found.renames == (
        Rename(old_code=A, old_name="桂林街道", new_code=B, new_name="青泥洼桥街道"),
        Rename(old_code=A + "001", old_name="湖畔社区居委会", new_code=B + "008", new_name="湖畔社区居委会"),
        Rename(old_code=A + "008", old_name="望海社区居委会", new_code=B + "013", new_name="望海社区居委会"),
        Rename(old_code=B + "002", old_name="天津居委会", new_code=B + "002", new_name="天津社区居委会"),
    )
    assert found.gone == (Entry(B + "003", "某某社区居委会"),)
    assert not found.ambiguous
    assert found.same == 2


def test_of_namesakes_the_one_where_the_neighbours_went() -> None:
    old = [Entry(A + "001", "湖畔社区"), Entry(A + "002", "解放社区"), Entry(A + "003", "枫林社区")]
    new = [
        Entry(B + "008", "湖畔社区"),
        Entry(B + "009", "枫林社区"),
        Entry(B + "010", "解放社区"),
        Entry("210202011077", "解放社区"),
    ]
    assert [r.new_code for r in compare(old, new).renames] == [B + "008", B + "010", B + "009"]


def test_namesakes_that_nothing_tells_apart_are_left_open() -> None:
    old = [Entry(A + "002", "解放社区")]
    new = [Entry(B + "010", "解放社区"), Entry("210202011077", "解放社区")]
    found = compare(old, new)
    assert not found.renames
    assert [(e.code, [c.code for c in many]) for e, many in found.ambiguous] == [
        (A + "002", [B + "010", "210202011077"])
    ]


def test_two_of_one_name_do_not_become_one_unsaid() -> None:
    old = [Entry(A + "002", "解放社区"), Entry("210202009004", "解放社区")]
    found = compare(old, [Entry(B + "010", "解放社区")])
    assert not found.renames
    assert len(found.ambiguous) == 2


def test_a_namesake_in_another_county_is_somebody_else() -> None:
    assert compare([Entry(A + "002", "解放社区")], [Entry("210203001002", "解放社区")]).gone


CODES = st.sampled_from(
    [f"21020200{s}{n:03d}" for s in (3, 8) for n in range(6)] + ["210202003", "210202008"]
)
LISTS = st.dictionaries(CODES, st.sampled_from(["甲社区", "乙社区", "丙社区居委会", "丙社区"])).map(
    lambda d: [Entry(c, n) for c, n in d.items()]
)


@given(LISTS, LISTS)
def test_every_old_entry_is_accounted_for_once(old: list[Entry], new: list[Entry]) -> None:
    found = compare(old, new)
    told = (
        [r.old_code for r in found.renames]
        + [e.code for e in found.gone]
        + [e.code for e, _ in found.ambiguous]
    )
    assert len(told) == len(set(told))
    assert len(told) + found.same == len(old)
    there = {e.code for e in new}
    assert all(r.new_code in there for r in found.renames)
    assert compare(old, old).renames == ()
    assert compare(old, old).same == len(old)
