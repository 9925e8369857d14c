"""Drills that were run: grade, objectives with ratings, the first clause that failed."""

from __future__ import annotations

from civdef.drill.evaluate import GRADES
from civdef.drill.report import measured, with_unit
from civdef.drill.result import DrillResult
from civdef.render.html import Html, join, table, tag
from civdef.render.links import drill_of, link, named
from civdef.render.summary import Card, DemoSummary
from civdef.text import LANGS, Lang, Text

KEY = "drills"
TITLE = Text("演练", "Drills")
ORDER = 50


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """Return objectives met."""
    if not summary.drills:
        return None
    objectives = [o for d in summary.drills for o in d.objectives]
    met = sum(o.rating in ("P", "S") for o in objectives)
    count = len(summary.drills)
    return Card(
        Text("演练目标达成", "Drill objectives met"),
        Text(f"{met} / {len(objectives)}", f"{met} / {len(objectives)}"),
        Text(f"演练 {count} 场", "1 drill" if count == 1 else f"{count} drills"),
        "good" if met == len(objectives) else "fair" if 2 * met >= len(objectives) else "bad",
    )


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return one block for each drill."""
    if not summary.drills:
        return None
    legend = Text(
        "评定：P 顺利完成；S 基本完成；M 勉强完成；U 未能完成。",
        "Ratings: P performed; S with some challenges; M with major challenges; U unable to be performed.",
    )
    return join(
        [*(_drill(summary, d, lang) for d in summary.drills), tag("p", legend.in_(lang), class_="quiet")]
    )


def _report(summary: DemoSummary, drill: DrillResult, lang: Lang) -> list[Html]:
    """Return links to the report of a drill, the page's own language first."""
    mine = [f for f in summary.files if drill_of(summary, f.path.rpartition("/")[0]) is drill]
    have = named(mine)
    label = {"zh": Text("总结报告", "Report (Chinese)"), "en": Text("总结报告（英文）", "Report")}
    found = [
        tag("a", label[one].in_(lang), href=link(have[name].path))
        for one in sorted(LANGS, key=lambda x: x != lang)
        if (name := f"report.{one}.html") in have
    ]
    return [tag("p", *found, class_="reports")] if found else []


def _drill(summary: DemoSummary, drill: DrillResult, lang: Lang) -> Html:
    head = (
        Text("目标", "Objective"), Text("条款", "Clause"), Text("目标值", "Target"), Text("实测", "Measured"),
        Text("评定", "Rating"),
    )  # fmt: skip
    rows = [
        (
            o.name.in_(lang), o.clause or "–", with_unit(o.target, o.unit).in_(lang), measured(o).in_(lang),
            tag("span", o.rating, class_=f"rating {o.rating}"),
        )
        for o in drill.objectives
    ]  # fmt: skip
    when = drill.start[:16].replace("T", " ")
    pieces = [
        tag("h3", drill.name.in_(lang), tag("small", f"{drill.plan_name.in_(lang)} · {when} · {GRADES[drill.grade].in_(lang)}")),
        *_report(summary, drill, lang),
        table([h.in_(lang) for h in head], rows, numbers=(2, 3)),
    ]  # fmt: skip
    first = drill.first_failure
    if first is not None:
        clause = (
            Text(f"第 {first.clause} 条", f"clause {first.clause}")
            if first.clause
            else Text(first.name.zh, first.name.en)
        )
        said = Text(
            f"最先落空的条款：{clause.zh}（开始后 {first.t_s / 60:.0f} 分钟）：{first.message.zh}",
            f"The first clause that failed: {clause.en}, {first.t_s / 60:.0f} min after the start: {first.message.en}",
        )
        pieces.append(tag("p", said.in_(lang), class_="bad"))
    return tag("div", *pieces, class_="drill")
