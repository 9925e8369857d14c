"""Links to everything that was written: maps first, then by folder."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from civdef.render.html import Html, join, table, tag
from civdef.render.summary import Card, DemoSummary, OutFile
from civdef.text import Lang, Text

KEY = "outputs"
TITLE = Text("成果文件", "Files")
ORDER = 5


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """No figure of its own."""
    return None


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return the pages as large links, then a row for each folder."""
    if not summary.files:
        return None
    pages = [f for f in summary.files if f.path.endswith(".html")]
    rest = [f for f in summary.files if not f.path.endswith(".html")]
    pieces = []
    if pages:
        pieces.append(
            tag("p", *(tag("a", f.label.in_(lang), href=link(f.path)) for f in pages), class_="doors")
        )
    folders = dict.fromkeys(f.path.rpartition("/")[0] for f in rest)
    rows = [
        (
            _title(summary, folder, lang),
            _links([f for f in rest if f.path.rpartition("/")[0] == folder], lang),
        )
        for folder in folders
    ]
    if rows:
        pieces.append(table([], rows, class_="files"))
    return join(pieces)


def link(path: str) -> str:
    """Return a relative path as a link, whatever signs it holds."""
    return "./" + quote(path, safe="/")


def _title(summary: DemoSummary, folder: str, lang: Lang) -> str:
    if not folder:
        return Text("结果数据", "Results").in_(lang)
    name = folder.rpartition("/")[2]
    for drill in summary.drills:
        if drill.drill.partition("/")[2] == name:
            return drill.name.in_(lang)
    return folder


def _links(files: Sequence[OutFile], lang: Lang) -> Html:
    return join(tag("a", f.label.in_(lang), href=link(f.path), title=f.path) for f in files)
