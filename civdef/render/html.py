"""HTML built from pieces: what is not a piece is text, and is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Markup made by this module."""

    __slots__ = ()


Piece = Html | str | int | None


def text(value: Piece) -> Html:
    """Return markup as it is, everything else escaped."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else escape(str(value)))


def tag(element: str, /, *children: Piece, **attributes: str | None) -> Html:
    """Return an element; ``class_`` stands for ``class``, an attribute that is None is left out.

    Links may only point beside or below the page, or into it.

    Raises
    ------
    ValueError
        For a link to somewhere else.
    """
    written = ""
    for key, value in attributes.items():
        if value is None:
            continue
        key = key.rstrip("_").replace("_", "-")
        if key in ("href", "src") and not is_local(value):
            raise ValueError(f"not a local link: {value!r}")
        written += f' {key}="{escape(value, quote=True)}"'
    if element in ("br", "meta", "input"):
        return Html(f"<{element}{written}>")
    return Html(f"<{element}{written}>{''.join(text(c) for c in children)}</{element}>")


def is_local(link: str) -> bool:
    """Return whether a link stays below the page's folder or inside the page."""
    if link.startswith("#"):
        return True
    return not (
        link.startswith(("/", "\\")) or ".." in link.split("/") or ":" in link.split("/", maxsplit=1)[0]
    )


def join(pieces: Iterable[Piece]) -> Html:
    """Return pieces one after another."""
    return Html("".join(text(p) for p in pieces))


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Piece]],
    *,
    numbers: Sequence[int] = (),
    class_: str | None = None,
) -> Html:
    """Return a table.

    Parameters
    ----------
    head
        Column titles; empty: no head.
    rows
        Cells.
    numbers
        Columns that are right-aligned.
    class_
        CSS class.
    """

    def side(column: int) -> str | None:
        return "n" if column in numbers else None

    body = [tag("tr", *(tag("td", cell, class_=side(i)) for i, cell in enumerate(row))) for row in rows]
    top = (
        tag("thead", tag("tr", *(tag("th", h, scope="col", class_=side(i)) for i, h in enumerate(head))))
        if head
        else ""
    )
    return tag("table", top, tag("tbody", *body), class_=class_)
