"""What is in the workspace, counted and compared with what was declared."""

from __future__ import annotations

from civdef.render.html import Html, join, table, tag
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text

KEY = "totals"
TITLE = Text("工作区核对", "The workspace, checked")
ORDER = 10

_TOTALS = {
    "communities": Text("社区（个）", "Communities"),
    "households": Text("户数（户）", "Households"),
    "residents": Text("居民（人）", "Residents"),
    "units": Text("企事业单位（家）", "Enterprises and institutions"),
    "plans": Text("预案（件）", "Plans"),
    "area_km2": Text("面积（平方千米）", "Area [km²]"),
}


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """Return the residents counted."""
    check = summary.check
    if check is None or check.totals is None:
        return None
    households = check.totals.households
    return Card(
        Text("居民", "Residents"),
        Text(f"{check.totals.residents:,} 人", f"{check.totals.residents:,}"),
        Text(f"{households:,} 户，核对通过", f"{households:,} households, check passed")
        if check.ok
        else Text("核对未通过", "check not passed"),
        "good" if check.ok else "bad",
    )


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return the totals."""
    check = summary.check
    if check is None:
        return None
    pieces: list[Html] = []
    if check.totals is not None:
        declared = {d.total: d.declared for d in check.differences}
        rows = []
        for key, label in _TOTALS.items():
            counted = getattr(check.totals, key)
            verdict = (
                Text("相符", "as declared")
                if key not in declared
                else Text(f"申报 {declared[key]:,g}", f"declared {declared[key]:,g}")
            )
            rows.append(
                (
                    label.in_(lang),
                    f"{counted:,}" if isinstance(counted, int) else f"{counted:,.2f}",
                    verdict.in_(lang),
                )
            )
        head = [
            Text("项目", "Item"),
            Text("实际清点", "Counted"),
            Text("与申报数比对", "Against the declared"),
        ]
        pieces.append(table([h.in_(lang) for h in head], rows, numbers=(1,)))
    if check.faults:
        pieces.append(
            tag("p", Text(f"数据文件有 {len(check.faults)} 处错误，见 civdef check。", f"{len(check.faults)} faults in the files: see civdef check.").in_(lang), class_="bad")
        )  # fmt: skip
    return join(pieces)
