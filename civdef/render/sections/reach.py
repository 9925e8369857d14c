"""Coverage: who is within walking distance of a shelter."""

from __future__ import annotations

from civdef.render.html import Html, join, table, tag
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text, percent

KEY = "reach"
TITLE = Text("避难场所覆盖", "Coverage by shelters")
ORDER = 30


def share(part: int, whole: int) -> float:
    """Return a share in percent; an empty whole is fully covered."""
    return 100.0 * part / whole if whole else 100.0


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """Return the share of people covered."""
    result = summary.coverage
    if result is None:
        return None
    s = result.shelters
    return Card(
        Text("步行可达避难场所", "Within reach of a shelter"),
        Text(percent(share(s.covered_persons, s.persons)), percent(share(s.covered_persons, s.persons))),
        Text(f"{s.uncovered_persons:,} 人在距离以外", f"{s.uncovered_persons:,} persons beyond it"),
        "good" if not s.uncovered_persons else "fair" if share(s.covered_persons, s.persons) >= 90 else "bad",
    )


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return figures in all and by community."""
    result = summary.coverage
    if result is None:
        return None
    s = result.shelters
    said = Text(
        f"避难场所 {s.shelters} 处，可容纳 {s.places:,} 人；在街道内 {s.persons:,} 人，其中 {s.covered_persons:,} 人沿街巷步行可达。"
        f"{_walks(s.median_walk_m, s.p95_walk_m).zh}",
        f"{s.shelters} shelters with {s.places:,} places; of {s.persons:,} persons {s.covered_persons:,} are within walking"
        f" distance along the streets. {_walks(s.median_walk_m, s.p95_walk_m).en}",
    )
    rows = []
    for row in result.communities:
        part = share(row.covered_persons, row.persons)
        bar = tag("span", tag("span", "", style=f"width:{part:.1f}%"), class_="bar", aria_hidden="true")
        rows.append(
            (
                summary.workspace.name(row.community).in_(lang), f"{row.persons:,}", f"{row.places:,}",
                f"{row.uncovered_persons:,}", "–" if row.median_walk_m is None else f"{row.median_walk_m:,.0f}",
                join([bar, percent(part)]),
            )
        )  # fmt: skip
    head = (
        Text("社区", "Community"), Text("人数", "Persons"), Text("本社区名额", "Places there"),
        Text("距离以外", "Beyond reach"), Text("步行中位数（米）", "Median walk [m]"), Text("覆盖", "Covered"),
    )  # fmt: skip
    return join(
        [
            tag("p", said.in_(lang)),
            table([h.in_(lang) for h in head], rows, numbers=(1, 2, 3, 4)) if rows else "",
        ]
    )


def _walks(median_m: float | None, p95_m: float | None) -> Text:
    if median_m is None or p95_m is None:
        return Text("", "")
    return Text(
        f"步行距离中位数 {median_m:,.0f} 米，95% 的人不超过 {p95_m:,.0f} 米。",
        f"Median walk {median_m:,.0f} m, 95% walk no more than {p95_m:,.0f} m.",
    )
