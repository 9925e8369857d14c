"""Ids stay, edits stay, every difference is told."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.merge import Memory, fingerprint, match, merge
from civdef.intake.registers.columns import by

KEYS = (by("name", "phone"), by("name", alone=True))


def rows(*cells: str) -> list[dict[str, str]]:
    """Return rows from ``id name phone``; ``-`` is empty."""
    found = [c.split() for c in cells]
    return [
        {k: "" if v == "-" else v for k, v in zip(("id", "name", "phone"), c, strict=True)} for c in found
    ]


def merged(
    incoming: list[dict[str, str]], present: list[dict[str, str]], memory: dict[str, Memory], **more: Any
) -> Any:
    return merge(incoming, present, memory, source="s.xlsx", fields={"id", "name", "phone"}, **more)


def imported(*cells: str, source: str = "s.xlsx") -> dict[str, Memory]:
    return {r["id"]: Memory(fingerprint(r), source) for r in rows(*cells)}


def test_rows_are_known_again_by_id_then_by_name_and_telephone_then_by_a_name_that_is_alone() -> None:
    present = rows("p/1 王伟 1", "p/2 王伟 2", "p/3 李丽 3", "p/4 赵云 4")
    incoming = rows("- 王伟 2", "- 李丽 9", "- 王伟 7", "- 赵云 4", "p/4 赵云 8")
    assert match(incoming, present, KEYS) == [1, 2, 0, None, 3]


def test_two_new_namesakes_are_not_taken_for_one_that_is_there() -> None:
    assert match(rows("- 王伟 8", "- 王伟 9"), rows("p/1 王伟 1"), KEYS) == [None, None]


def test_a_row_nobody_edited_follows_its_source() -> None:
    out = merged(rows("p/1 甲 2"), rows("p/1 甲 1"), imported("p/1 甲 1"))
    assert out.rows == rows("p/1 甲 2")
    assert [(d.action, dict(d.fields)) for d in out.differences] == [("changed", {"phone": ("1", "2")})]


def test_an_edit_by_hand_stays_and_is_told_and_force_overrides_it() -> None:
    present, memory = rows("p/1 甲 9"), imported("p/1 甲 1")
    out = merged(rows("p/1 甲 2"), present, memory)
    assert out.rows == present
    assert [(d.action, dict(d.fields)) for d in out.differences] == [("kept", {"phone": ("9", "2")})]
    again = merged(rows("p/1 甲 2"), out.rows, out.memory)
    assert again.rows == present, "the edit is still known as one at the next import"
    assert merged(rows("p/1 甲 2"), present, memory, force=True).rows == rows("p/1 甲 2")


def test_an_empty_cell_is_filled_even_in_an_edited_row() -> None:
    assert merged(rows("p/1 甲 2"), rows("p/1 甲 -"), {}).rows == rows("p/1 甲 2")


def test_a_row_that_left_the_source_goes_only_if_the_same_source_brought_it_and_nobody_edited_it() -> None:
    present = rows("p/1 甲 1", "p/2 乙 2", "p/3 丙 3", "p/4 丁 4", "p/5 戊 5")
    memory = {
        **imported("p/1 甲 1", "p/2 乙 0", "p/5 戊 5"),
        **imported("p/3 丙 3", source="other.xlsx"),
    }
    out = merged([], present, memory, needed={"p/5"})
    assert [r["id"] for r in out.rows] == ["p/2", "p/3", "p/4", "p/5"]
    assert [(d.id, d.action) for d in out.differences] == [("p/1", "removed"), ("p/5", "needed")]
    assert [r["id"] for r in merged([], present, memory, needed={"p/5"}, complete=True).rows] == ["p/5"]


def test_the_order_is_the_sources_if_it_has_all_and_else_the_old_one() -> None:
    present = rows("p/1 甲 1", "p/2 乙 2")
    assert [r["id"] for r in merged(rows("p/2 乙 2", "p/1 甲 1"), present, {}).rows] == ["p/2", "p/1"]
    assert [r["id"] for r in merged(rows("p/3 丙 3", "p/2 乙 2"), present, {}).rows] == ["p/1", "p/2", "p/3"]


CELLS = st.lists(
    st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from(["", "1", "2", "3"])),
    max_size=8,
    unique_by=lambda c: c[0],
)


def table(cells: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": f"p/{ord(n)}", "name": n, "phone": p} for n, p in cells]


@given(CELLS, CELLS)
def test_importing_twice_changes_nothing_the_second_time(first: list[Any], second: list[Any]) -> None:
    one = merged(table(first), [], {})
    two = merged(table(second), one.rows, one.memory)
    three = merged(table(second), two.rows, two.memory)
    assert three.rows == two.rows
    assert three.differences == []
    assert three.memory == two.memory


@given(CELLS, CELLS)
def test_unedited_rows_end_as_their_source_has_them(first: list[Any], second: list[Any]) -> None:
    one = merged(table(first), [], {})
    two = merged(table(second), one.rows, one.memory)
    filled = [{k: v for k, v in r.items() if v} for r in two.rows]
    assert filled == [{k: v for k, v in r.items() if v} for r in table(second)]


@given(CELLS, CELLS, st.data())
def test_what_was_edited_is_there_afterwards(
    first: list[Any], second: list[Any], data: st.DataObject
) -> None:
    one = merged(table(first), [], {})
    if not one.rows:
        return
    at = data.draw(st.integers(0, len(one.rows) - 1))
    edited = [{**r, "phone": "9"} if i == at else r for i, r in enumerate(one.rows)]
    two = merged(table(second), edited, one.memory)
    assert {"id": edited[at]["id"], "name": edited[at]["name"], "phone": "9"} in two.rows
