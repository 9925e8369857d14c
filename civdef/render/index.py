"""``out/index.html``: a briefing page in both languages that sums up every result and links every file.

Nothing runs on the page: the language is switched by two radio buttons and a style rule, so the content security policy
forbids scripts altogether.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from civdef import files, registry
from civdef.render.headline import date
from civdef.render.html import Html, Piece, document, join, tag, tongue
from civdef.render.summary import Card, DemoSummary, OutFile
from civdef.text import LANGS, Lang, Text

_NAMES = {
    "map.html": Text("疏散地图", "Evacuation map"),
    "map-public.html": Text("疏散地图（公众版，无个人信息）", "Evacuation map (public, no personal data)"),
    "check.json": Text("核对", "check"),
    "audit.json": Text("审查", "audit"),
    "coverage.json": Text("覆盖", "coverage"),
    "evacuation.json": Text("疏散方案", "evacuation plan"),
}
"""File name → what it is, for files that nobody labelled."""


def write_index(out_dir: Path, summary: DemoSummary, lang: Lang) -> Path:
    """Write ``index.html`` into `out_dir`; files found there that the summary does not name are linked too.

    Parameters
    ----------
    out_dir
        The folder ``out/``.
    summary
        Results and labelled files.
    lang
        Language shown first.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    known = {f.path for f in summary.files}
    found = [OutFile(p, label) for p, label in _found(out_dir) if p not in known]
    listed = tuple(f for f in summary.files if (out_dir / f.path).is_file()) + tuple(found)
    whole = DemoSummary(
        summary.workspace,
        summary.check,
        summary.audit,
        summary.coverage,
        summary.evacuation,
        summary.drills,
        listed,
    )
    path = out_dir / "index.html"
    files.write_text(path, index_page(whole, lang))
    return path


def _found(out_dir: Path) -> list[tuple[str, Text]]:
    """Return the files below a folder; of another workspace in it only the maps, under its name."""
    if not out_dir.is_dir():
        return []
    paths = sorted(p.relative_to(out_dir) for p in out_dir.rglob("*") if p.is_file())
    inner = {p.parent for p in paths if p.name == "civdef.toml"} - {Path()}
    rows = []
    for path in paths:
        if any(part.startswith(".") for part in path.parts) or path.name == "index.html":
            continue
        label = _NAMES.get(path.name) or Text(path.name, path.name)
        root = next((p for p in path.parents if p in inner), None)
        if root is not None:
            if path.name != "map.html":
                continue
            label = Text(f"{root.name}：{label.zh}", f"{root.name}: {label.en}")
        rows.append((path.as_posix(), label))
    return rows


def index_page(summary: DemoSummary, lang: Lang) -> str:
    """Return the page; the same summary gives the same text."""
    title = Text("应急准备情况简报", "Emergency preparedness briefing")
    street = summary.workspace.settings.name
    sections = sorted(registry.modules("civdef.render.sections"), key=lambda m: (m.ORDER, m.KEY))
    switches = join(
        tag(
            "input",
            type="radio",
            name="lang",
            id=f"show-{one}",
            class_="switch",
            checked="" if one == lang else None,
        )
        for one in LANGS
    )
    bar = tag(
        "nav",
        tag("label", "中文", for_="show-zh"),
        tag("label", "English", for_="show-en"),
        aria_label="语言 · Language",
    )
    articles = join(_article(summary, sections, one) for one in LANGS)
    return document(
        f"{street.in_(lang)} · {title.in_(lang)}", lang, join([switches, "\n", bar, "\n", articles])
    )


def _article(summary: DemoSummary, sections: list[ModuleType], lang: Lang) -> Html:
    settings = summary.workspace.settings
    title = Text("应急准备情况简报", "Emergency preparedness briefing")
    under = [settings.district.in_(lang)] if settings.district else []
    under.append(
        Text("数据截至 {d}", "data as of {d}").in_(lang).format(d=date(settings.as_of.isoformat(), lang))
    )
    head: list[Piece] = [
        tag("h1", f"{settings.name.in_(lang)}{'' if lang == 'zh' else ' · '}{title.in_(lang)}"),
        tag("p", " · ".join(under)),
    ]
    if settings.fictional:
        head.append(tag("strong", Text("虚构样例", "FICTIONAL SAMPLE").in_(lang), class_="mark"))
    cards = [c for m in sections if (c := m.card(summary, lang)) is not None]
    body: list[Piece] = [tag("header", *head)]
    if cards:
        body.append(tag("div", *(_card(c, lang) for c in cards), class_="cards"))
    for module in sections:
        content = module.build(summary, lang)
        if content:
            body.append(
                tag("section", tag("h2", module.TITLE.in_(lang)), content, class_=f"part {module.KEY}")
            )
    return tag("article", *body, class_=lang, lang=tongue(lang))


def _card(card: Card, lang: Lang) -> Html:
    return tag(
        "div",
        tag("span", card.label.in_(lang), class_="label"),
        tag("span", card.value.in_(lang), class_="value"),
        tag("span", card.remark.in_(lang), class_="remark"),
        class_=f"card {card.tone}",
    )
