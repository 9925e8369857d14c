"""A document as blocks, written as Markdown or as HTML.

What stands in a block is text, never markup; each writer escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from civdef.render.html import Html, join, tag
from civdef.render.html import table as html_table

_MARKUP = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|~"})


@dataclass(frozen=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True)
class Code:
    """A file and line, as it is."""

    text: str


@dataclass(frozen=True)
class Rated:
    """A rating and its meaning."""

    rating: str
    meaning: str


Inline = str | Strong | Code | Rated
Line = Inline | tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title. What is handed out by itself begins on a sheet of its own when printed."""

    level: int
    text: str
    new_sheet: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True)
class Item:
    """An item of a list with items below it."""

    line: Line
    below: Sequence[Line]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: Sequence[Line | Item]
    numbered: bool = False


@dataclass(frozen=True)
class Quote:
    """Paragraphs set apart: what matters most."""

    lines: Sequence[Line]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    head, rows
        Column titles and cells.
    numbers
        Columns set to the right.
    fill
        Whether the last column is left open to write in.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Line]]
    numbers: Sequence[int] = ()
    fill: bool = False


@dataclass(frozen=True)
class HandOut:
    """What is handed out by itself: printed, it begins on a sheet of its own, and its head stands on every page of it.

    Attributes
    ----------
    head
        Title and what the reader must know of it wherever it is opened.
    body
        The rest.
    """

    head: Sequence[Block]
    body: Sequence[Block]


Block = Heading | Paragraph | Items | Quote | Table | HandOut


def plain(text: str) -> str:
    """Return text so that Markdown shows it as it is, on one line."""
    return " ".join(text.split()).translate(_MARKUP)


def _pieces(line: Line) -> tuple[Inline, ...]:
    return line if isinstance(line, tuple) else (line,)


def markdown(blocks: Sequence[Block]) -> str:
    """Return the document as Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {plain(block.text)}"
    if isinstance(block, Paragraph):
        return _said(block.line)
    if isinstance(block, Quote):
        return "\n>\n".join(f"> {_said(line)}" for line in block.lines)
    if isinstance(block, Table):
        rows = ["| " + " | ".join(block.head) + " |", "|" + " --- |" * len(block.head)]
        rows += ["| " + " | ".join(_said(cell) for cell in row) + " |" for row in block.rows]
        return "\n".join(rows)
    if isinstance(block, HandOut):
        return "\n\n".join(_markdown(one) for one in (*block.head, *block.body))
    out = []
    for k, item in enumerate(block.items, start=1):
        mark = f"{k}." if block.numbered else "-"
        line, below = (item.line, item.below) if isinstance(item, Item) else (item, ())
        out.append(f"{mark} {_said(line)}")
        out += [f"   - {_said(one)}" for one in below]
    return "\n".join(out)


def _said(line: Line) -> str:
    out = ""
    for piece in _pieces(line):
        if isinstance(piece, str):
            lead = " " if piece[:1] == " " and out else ""
            trail = " " if piece[-1:] == " " else ""
            out += lead + plain(piece) + trail
        elif isinstance(piece, Strong):
            out += f"**{plain(piece.text)}**"
        elif isinstance(piece, Code):
            out += "`" + piece.text.replace("`", "'") + "`"
        else:
            out += f"**{piece.rating}** {plain(piece.meaning)}"
    return out


def html(blocks: Sequence[Block]) -> Html:
    """Return the document as HTML, without its frame."""
    return join(_html(block) for block in blocks)


def _html(block: Block) -> Html:
    if isinstance(block, Heading):
        return tag(f"h{block.level}", block.text, **({"class_": "new-sheet"} if block.new_sheet else {}))
    if isinstance(block, Paragraph):
        return tag("p", _shown(block.line))
    if isinstance(block, Quote):
        return tag("blockquote", *(tag("p", _shown(line)) for line in block.lines))
    if isinstance(block, Table):
        rows = [[_shown(c) for c in row] for row in block.rows]
        return html_table(block.head, rows, numbers=block.numbers, class_="fill" if block.fill else None)
    if isinstance(block, HandOut):  # browsers repeat nothing on paper but the head of a table
        head, body = (tag("tr", tag("td", html(part))) for part in (block.head, block.body))
        return tag("table", tag("thead", head), tag("tbody", body), class_="hand-out", role="presentation")
    return tag("ol" if block.numbered else "ul", *(_item(item) for item in block.items))


def _item(item: Line | Item) -> Html:
    if not isinstance(item, Item):
        return tag("li", _shown(item))
    return tag("li", _shown(item.line), tag("ul", *(tag("li", _shown(one)) for one in item.below)))


def _shown(line: Line) -> Html:
    return join(_WRITE[type(piece)](piece) for piece in _pieces(line))


_WRITE: dict[type, Callable[..., Html | str]] = {
    str: lambda s: s,
    Strong: lambda p: tag("strong", p.text),
    Code: lambda p: tag("code", p.text),
    Rated: lambda p: tag(
        "span", tag("span", p.rating, class_=f"rating {p.rating}"), f" {p.meaning}", class_="rated"
    ),
}
