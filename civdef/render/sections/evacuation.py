"""The evacuation plan: placed, left over, clearance beside its bound, how full shelters get."""

from __future__ import annotations

from civdef.evacuate.binding import binding_line, bound_said
from civdef.evacuate.result import EvacuationResult
from civdef.render.headline import TIME
from civdef.render.html import Html, join, table, tag
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text, percent

KEY = "evacuation"
TITLE = Text("疏散方案", "Evacuation plan")
ORDER = 40

MOST = 8
"""Rows of a long table told on the page."""


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """Return clearance beside bound, or who is left over."""
    result = summary.evacuation
    if result is None:
        return None
    if result.left_over_persons:
        return Card(
            Text("疏散后无处可去", "Left over in the evacuation"),
            Text(f"{result.left_over_persons:,} 人", f"{result.left_over_persons:,}"),
            Text(f"已安置 {result.placed_persons:,} 人", f"{result.placed_persons:,} placed"),
            "bad",
        )
    return Card(
        Text("全部疏散到位", "Everybody inside"),
        _minutes(result.simulated_clearance_s or result.clearance_s),
        Text(f"理论下界 {_minutes(result.bound_s).zh}", f"proven lower bound {_minutes(result.bound_s).en}"),
        "good",
    )


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return the plan's figures, its shelters and who is left over."""
    result = summary.evacuation
    if result is None:
        return None
    ws = summary.workspace
    ways, leaving = _ways(result), _leaving(result)
    said = Text(
        f"{ws.name(result.plan).in_('zh')}，{TIME[result.time].zh}：需疏散 {result.demand_persons:,} 人，安置 {result.placed_persons:,} 人，"
        f"未能安置 {result.left_over_persons:,} 人。{ways.zh}{leaving.zh}",
        f"{ws.name(result.plan).in_('en')}, {TIME[result.time].en}: of {result.demand_persons:,} persons {result.placed_persons:,} are"
        f" placed and {result.left_over_persons:,} left over. {ways.en}{leaving.en}",
    )
    pieces: list[Html] = [tag("p", said.in_(lang)), table([], figures(result, lang), numbers=(1,))]
    pieces += [tag("p", binding_line(ws, b).in_(lang), class_="bad") for b in result.binding]
    used = sorted(
        (s for s in result.shelters if s.assigned_persons), key=lambda s: (-s.assigned_persons, s.shelter)
    )
    rows = []
    for row in used[:MOST]:
        part = 100.0 * row.assigned_persons / max(row.places, 1)
        bar = tag(
            "span", tag("span", "", style=f"width:{min(part, 100):.1f}%"), class_="bar", aria_hidden="true"
        )
        rows.append(
            (ws.name(row.shelter).in_(lang), f"{row.places:,}", f"{row.assigned_persons:,}", str(row.buildings), join([bar, percent(part)]))
        )  # fmt: skip
    if rows:
        head = (
            Text("避难场所", "Shelter"), Text("名额", "Places"), Text("安排", "Assigned"), Text("楼栋", "Buildings"),
            Text("使用率", "Filled"),
        )  # fmt: skip
        pieces.append(table([h.in_(lang) for h in head], rows, numbers=(1, 2, 3)))
        if len(used) > MOST:
            pieces.append(
                tag("p", Text(f"共使用 {len(used)} 处，列出人数最多的 {MOST} 处。", f"{len(used)} shelters are used; the {MOST} largest are listed.").in_(lang), class_="quiet")
            )  # fmt: skip
    return join(pieces)


def _ways(result: EvacuationResult) -> Text:
    """Say that a building, or each part of a split one, has one shelter and one route."""
    if not result.split:
        return Text(
            "每栋建筑只去一处避难场所，走一条路线。", "Every building goes to one shelter by one route."
        )
    parts = sum(s.parts for s in result.split)
    return Text(
        f"每栋建筑只去一处避难场所，走一条路线；其中 {len(result.split)} 栋大楼分出口撤离，共分 {parts} 路，各去一处。",
        f"Every building goes to one shelter by one route; {len(result.split)} large ones are split by their exits into {parts} parts,"
        " each with a shelter and a route of its own.",
    )


def _leaving(result: EvacuationResult) -> Text:
    """Say in how many waves people leave; nothing where all leave at once."""
    if len(result.waves) < 2:
        return Text("", "")
    last = f"{result.waves[-1].departure_s / 60:.0f}"
    return Text(
        f"分 {len(result.waves)} 批出发，末批在开始后 {last} 分钟出发。",
        f" People leave in {len(result.waves)} waves, the last {last} min after the start.",
    )


def figures(result: EvacuationResult, lang: Lang) -> list[tuple[str, str]]:
    """Return the plan's figures: what, and how much."""
    rows: list[tuple[Text, Text]] = [
        (Text("全部进入（模拟各家步行，含拥挤和排队）", "All inside (simulated by household, crowding and doors)"), _minutes(result.simulated_clearance_s)),
        (Text("　其中 95% 的人", "\u200395% of them"), _minutes(result.simulated_p95_s)),
        (Text(f"全部进入（时间展开网络，平均步速，步长 {result.step_s} 秒）", f"All inside (time-expanded network, mean pace, step {result.step_s} s)"), _minutes(result.clearance_s)),
    ]  # fmt: skip
    if result.optimum_s is not None:
        gap = percent(100 * (result.gap or 0))
        rows.append((Text("　比同一网络的最优方案晚", "\u2003later than the best flow of that network"), Text(f"{gap}（最优 {_minutes(result.optimum_s).zh}，楼内的人可分头走）", f"{gap} (best: {_minutes(result.optimum_s).en}, people of a building going different ways)")))  # fmt: skip
    rows.append(
        (
            Text(
                "理论下界（同样按平均步速，任何方案都不会更快）",
                "Proven lower bound (at the same mean pace; no plan is faster)",
            ),
            _minutes(result.bound_s),
        )
    )
    said = bound_said(result)
    if said is not None:
        rows.append((Text(f"　{said[0].zh}", f"\u2003{said[0].en}"), Text(said[1], said[1])))
    if result.mean_walk_m is not None and result.longest_walk_m is not None:
        rows.append((Text("步行距离：平均、最远", "Walk: mean, longest"), Text(f"{result.mean_walk_m:,.0f} 米、{result.longest_walk_m:,.0f} 米", f"{result.mean_walk_m:,.0f} m, {result.longest_walk_m:,.0f} m")))  # fmt: skip
    if result.late_persons:
        rows.append((Text("晚于期限到达", "Later than their deadline"), Text(f"{result.late_persons:,} 人", f"{result.late_persons:,}")))  # fmt: skip
    return [(label.in_(lang), value.in_(lang)) for label, value in rows]


def _minutes(seconds: float | None) -> Text:
    if seconds is None:
        return Text("–", "–")
    return Text(f"{seconds / 60:.1f} 分钟", f"{seconds / 60:.1f} min")
