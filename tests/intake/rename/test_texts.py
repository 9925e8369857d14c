"""References are rewritten, and nothing else of a file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.rename.texts import ids_of, rewrite

YAML = """\
# community/a is looked after by the whole street   (community/a.)
teams:
  - id: team/a            # no reference: team/community-a, xcommunity/a
    community: community/a
    covers: [community/a, community/b, "community/c"]
    where:
      - community/a  # first
      - community/ab
      - community/b
      - community/c
    code: "210202003008"  # not 2102020030081, nor 1210202003008
"""


def test_ids_and_codes_whole_and_comments_too() -> None:
    text, places = rewrite(
        YAML, {"community/a": "community/x.1"}, {"210202003008": "210202008013"}, {}, change_names=False
    )
    assert text == (
        YAML.replace("community/a ", "community/x.1 ").replace("community/a.)", "community/x.1.)")
        .replace("community: community/a\n", "community: community/x.1\n").replace("[community/a,", "[community/x.1,")
        .replace('"210202003008"', '"210202008013"')
    )  # fmt: skip
    assert [(p.line, p.what) for p in places] == [
        (1, "id"),
        (1, "id"),
        (4, "id"),
        (5, "id"),
        (7, "id"),
        (11, "code"),
    ]


def test_ids_that_change_places_do_so_at_once() -> None:
    swapped, _ = rewrite("community/a community/b", {"community/a": "community/b", "community/b": "community/a"}, {}, {}, change_names=False)  # fmt: skip
    assert swapped == "community/b community/a"


def test_lists_name_a_joined_community_once() -> None:
    ids = {"community/a": "community/c", "community/b": "community/c"}
    text, _ = rewrite(YAML, ids, {}, {}, change_names=False, joined=frozenset({"community/c"}))
    assert "covers: [community/c]" in text
    assert text.count("- community/c") == 1
    assert "- community/ab" in text
    cells, _ = rewrite("x;community/a;community/b,community/d\n", ids, {}, {}, change_names=False, joined=frozenset({"community/c"}))  # fmt: skip
    assert cells == "x;community/c,community/d\n"


def test_names_are_told_or_rewritten_the_longest_first() -> None:
    names = {"东港": "人民路", "东港新": "葵英"}
    left, places = rewrite("东港新社区、东港社区", {}, {}, names, change_names=False)
    assert left == "东港新社区、东港社区"
    assert [(p.what, p.before) for p in places] == [("mention", "东港新"), ("mention", "东港")]
    assert rewrite("东港新社区、东港社区", {}, {}, names, change_names=True)[0] == "葵英社区、人民路社区"


IDS = st.sampled_from([f"community/{n}" for n in ("a", "b", "ab", "a-b", "a.b", "c")])


@given(
    st.lists(st.one_of(IDS, st.text(alphabet=" ,;:[]\"'#\n-xa/社区1.", max_size=5)), max_size=30),
    st.dictionaries(IDS, IDS),
)
def test_what_is_not_renamed_stays_and_nothing_old_is_left(parts: list[str], ids: dict[str, str]) -> None:
    text = " ".join(parts)
    new, places = rewrite(text, ids, {}, {}, change_names=False)
    assert ids_of(new) == {ids.get(i, i) for i in ids_of(text)}
    assert all(text.split("\n")[p.line - 1].count(p.before) for p in places)
    assert rewrite(text, {}, {}, {}, change_names=True) == (text, [])
