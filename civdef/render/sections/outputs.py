"""Links to everything that was written besides maps: one row a drill, data last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civdef.render.html import Html, Piece, join, table, tag
from civdef.render.links import drill_of, link, named
from civdef.render.summary import Card, DemoSummary, OutFile
from civdef.text import Lang, Text

KEY = "outputs"
TITLE = Text("成果文件", "Files")
ORDER = 80

_COLUMNS: Mapping[Text, Mapping[str, Text]] = {
    Text("总结报告", "After-action report"): {
        "report.zh.html": Text("中文", "Chinese"),
        "report.en.html": Text("英文", "English"),
    },
    Text("文本格式", "As plain text"): {
        "report.zh.md": Text("中文", "Chinese"),
        "report.en.md": Text("英文", "English"),
    },
    Text("演练记录", "Journal"): {"journal.jsonl": Text("逐条记录", "every event")},
    Text("数据", "Data"): {"result.json": Text("结果", "result")},
}


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """No figure of its own."""
    return None


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return a table of the drills' files, then the data by folder."""
    rest = [f for f in summary.files if not f.is_map]
    if not rest:
        return None
    folders: dict[str, list[OutFile]] = {}
    for file in rest:
        folders.setdefault(file.path.rpartition("/")[0], []).append(file)
    drills = {d: files for d, files in folders.items() if d and "journal.jsonl" in named(files)}
    pieces = []
    if drills:
        head = [Text("演练", "Drill").in_(lang), *(c.in_(lang) for c in _COLUMNS)]
        pieces.append(table(head, [_drill(summary, d, f, lang) for d, f in drills.items()], class_="files"))
    rows: list[list[Piece]] = [
        [
            folder or Text("数据（JSON，供程序读取）", "Data (JSON, for programs)").in_(lang),
            _links(files, lang),
        ]
        for folder, files in folders.items()
        if folder not in drills
    ]
    if rows:
        pieces.append(table([], rows, class_="files"))
    return join(pieces)


def _drill(summary: DemoSummary, folder: str, files: Sequence[OutFile], lang: Lang) -> list[Piece]:
    drill = drill_of(summary, folder)
    have = named(files)
    row: list[Piece] = [drill.name.in_(lang) if drill is not None else folder.rpartition("/")[2]]
    known: set[str] = set()
    for names in _COLUMNS.values():
        known |= set(names)
        row.append(
            join(
                tag("a", label.in_(lang), href=link(have[n].path)) for n, label in names.items() if n in have
            )
        )
    others = [f for n, f in have.items() if n not in known]
    if others:
        row[-1] = join([row[-1], _links(others, lang)])
    return row


def _links(files: Sequence[OutFile], lang: Lang) -> Html:
    return join(tag("a", f.label.in_(lang), href=link(f.path), title=f.path) for f in files)
