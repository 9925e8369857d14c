"""Blocks: what data holds stays text in both writings, and both say the same."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.render.blocks import (
    Block,
    Code,
    HandOut,
    Heading,
    Item,
    Items,
    Paragraph,
    Quote,
    Rated,
    Strong,
    Table,
    html,
    markdown,
)
from tests.render.conftest import HOSTILE

LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=40)


class Reader(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


def everywhere(text: str) -> list[Block]:
    return [
        Heading(2, text), Paragraph((Strong(text), Code(text))), Quote((text,)), Items([text, Item(text, (text,))], numbered=True),
        Table(("a", "b"), [(text, Rated("P", text))]), HandOut([Paragraph(text)], [Paragraph(text)]),
    ]  # fmt: skip


@given(LINES)
def test_data_are_never_markup(text: str) -> None:
    reader = Reader()
    reader.feed(html(everywhere(text)))
    reader.close()
    assert reader.tags == [
        "h2", "p", "strong", "code", "blockquote", "p", "ol", "li", "li", "ul", "li", "table", "thead", "tr", "th", "th",
        "tbody", "tr", "td", "td", "span", "span", "table", "thead", "tr", "td", "p", "tbody", "tr", "td", "p",
    ]  # fmt: skip
    assert reader.said.count(text) >= 11 if text else True


@pytest.mark.parametrize("text", [*HOSTILE, "a | b", "# no", "two\nlines"])
def test_a_table_row_is_one_line_of_markdown(text: str) -> None:
    import re

    table = markdown([Table(("a", "b"), [(text, "x")])]).strip().splitlines()
    assert len(table) == 3
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {3}


def test_both_writings() -> None:
    blocks = [
        Heading(1, "T"),
        Items(["a", Item("b", ("c",))], numbered=True),
        Quote((Strong("s"), "t")),
        Table(("h",), [("c",)]),
    ]
    assert markdown(blocks) == "# T\n\n1. a\n2. b\n   - c\n\n> **s**\n>\n> t\n\n| h |\n| --- |\n| c |\n"
    assert html(blocks[:2]) == "<h1>T</h1><ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>"
