"""HTML built from pieces: what is not a piece is text, and is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from civdef.text import Lang


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


POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Of pages on which nothing runs."""


def document(title: str, lang: Lang, body: Html, styles: Sequence[str] = ("index.css",)) -> str:
    """Return a whole page on which no script runs and nothing is fetched.

    Parameters
    ----------
    title, lang
        Of the page.
    body
        What it shows.
    styles
        Style sheets of ``render/viewer``.
    """
    from importlib.resources import files

    folder = files("civdef.render").joinpath("viewer")
    style = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in styles)
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"{tag('title', title)}\n<style>\n{style}</style>"
    )
    return f'<!DOCTYPE html>\n<html lang="{tongue(lang)}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def tongue(lang: Lang) -> str:
    """Return a language as HTML names it."""
    return "zh-CN" if lang == "zh" else "en"


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
