"""A drill's files: journal, result, and the after-action report as a page and as Markdown in each language."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from civdef import files
from civdef.drill.evaluate import GRADES, MEANING
from civdef.drill.journal import json_lines
from civdef.drill.measures import MEASURES
from civdef.drill.report import measured, with_unit
from civdef.drill.result import Both, DrillResult, Improvement, ObjectiveOutcome
from civdef.render.blocks import (
    Block,
    Code,
    Heading,
    Item,
    Items,
    Paragraph,
    Quote,
    Rated,
    Strong,
    Table,
    html,
    markdown,
)
from civdef.render.html import document, tag, tongue
from civdef.text import Lang, Text

STATUS = {
    "done": Text("完成", "done"),
    "partial": Text("部分完成", "partly done"),
    "failed": Text("失败", "failed"),
    "blocked": Text("受阻未启动", "blocked"),
    "running": Text("演练结束时仍在进行", "still running at the end"),
    "waiting": Text("未启动", "not started"),
}
DAY_PARTS = {
    "night": Text("夜间", "night"),
    "workday": Text("工作日", "working day"),
    "holiday": Text("节假日", "holiday"),
}
ELEMENTS = {
    "planning": Text("预案", "planning"),
    "organisation": Text("组织", "organisation"),
    "equipment": Text("装备", "equipment"),
    "training": Text("培训", "training"),
    "exercise": Text("演练", "exercise"),
}
LEVELS = ("一级", "二级", "三级", "四级")


def write_drill(
    result: DrillResult, folder: Path, langs: Iterable[Lang] = ("zh", "en"), journal_lang: Lang = "zh"
) -> list[Path]:
    """Write the report as ``report.zh.html``, ``report.en.html`` and the same as ``.md``, ``journal.jsonl`` and ``result.json``.

    Returns the paths, those that open on any computer first.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    pages, texts = [], []
    for lang in langs:
        blocks = report_blocks(result, lang)
        pages.append(folder / f"report.{lang}.html")
        files.write_text(pages[-1], report_page(result, lang, blocks))
        texts.append(folder / f"report.{lang}.md")
        files.write_text(texts[-1], markdown(blocks))
    journal = folder / "journal.jsonl"
    files.write_text(journal, json_lines(result.journal, journal_lang))
    data = folder / "result.json"
    files.write_text(data, result.to_json())
    return [*pages, *texts, journal, data]


def report_markdown(result: DrillResult, lang: Lang) -> str:
    """Return the after-action report in one language as Markdown."""
    return markdown(report_blocks(result, lang))


def report_page(result: DrillResult, lang: Lang, blocks: list[Block] | None = None) -> str:
    """Return the after-action report in one language as a page of its own; it prints on A4."""
    shown = html(blocks if blocks is not None else report_blocks(result, lang))
    mark = tag("strong", Text("演习", "EXERCISE").in_(lang), class_="exercise")
    title = f"{result.name.in_(lang)} · {Text('演练总结报告', 'after-action report').in_(lang)}"
    article = tag("article", mark, shown, class_="report", lang=tongue(lang))
    return document(title, lang, article, ("index.css", "report.css"))


def report_blocks(result: DrillResult, lang: Lang) -> list[Block]:
    """Return the after-action report in one language."""

    def t(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    out: list[Block] = [
        Heading(1, result.name.in_(lang)),
        Paragraph(Strong(t("【演习】演练总结报告（初稿）", "EXERCISE – first after-action report (draft)"))),
        _facts(result, lang),
        Heading(2, t("一、概况", "1 Overview")),
        Items([line.in_(lang) for line in result.report.overview]),
        *_first_failure(result, lang),
        Heading(2, t("二、目标达成情况", "2 Objectives")),
        _objectives(result, lang),
        Heading(2, t("三、关键时刻", "3 Key moments")),
        Table(
            (t("时间", "time"), t("历时", "after"), t("事件", "event")),
            [(m.time[11:16], clock(m.t_s), m.message.in_(lang)) for m in result.report.moments],
        ),
        Heading(2, t("四、逐项评估", "4 Review by objective")),
        *_reviews(result, lang),
        Heading(2, t("五、改进计划", "5 Improvement plan")),
        _improvements(result.report.improvements, lang),
        Heading(2, t("六、任务执行情况", "6 Tasks")),
        *_tasks(result, lang),
    ]
    if result.people is not None:
        out += [Heading(2, t("七、人员疏散情况", "7 People")), *_people(result, lang)]
    out += [
        Heading(2, t("附：本次演练的前提", "Annex: what this run rests on")),
        Items(
            [
                t(
                    f"随机种子 {result.seed}；同一方案、同一种子，结果逐字节相同。换一个种子，时间会在合理范围内变化。",
                    f"Random seed {result.seed}: the same scenario and seed give the same result byte for byte; another seed"
                    " moves the times within their spread.",
                ),
                *([] if result.people is None else [_followed(result, lang)]),
                t(
                    "人员行走由模型推演；呼叫接通率、准备时间等为设置中的规划假设，应以实际演练测得的数值更新。",
                    "People are moved by a model; the share of calls answered, the time to get ready and the like are planning"
                    " assumptions of the settings, to be replaced by what real drills measure.",
                ),
                t(
                    "评定等级：P 顺利完成；S 基本完成（目标达到，过程有偏差）；M 勉强完成（目标未达但未超限度，或有违规、危及人员）；U 未能完成。",
                    "Ratings: P performed without challenges; S target met with deviations on the way; M target missed within the"
                    " limit, or met against law or safety; U unable to be performed.",
                ),
            ]
        ),
    ]
    return out


def _followed(result: DrillResult, lang: Lang) -> str:
    """Say whose plan told people where to go."""
    if result.evacuation_file is not None:
        said = Text(
            "居民按事先编制的疏散方案 {f}（校验码 {h}）行走；编制以来工作区数据没有改动。",
            "People follow the evacuation plan {f} (hash {h}); no file it rests on has changed since it was made.",
        )
        return said.format(f=result.evacuation_file, h=result.evacuation_hash).in_(lang)
    return Text(
        "居民的去向和路线由演练自行编排，名额紧张时可能与 civdef evacuate 发给各社区的清单不同；要按清单演练，请加 --evacuation。",
        "Where people go was worked out by the drill itself; where places are tight it may differ from the lists of civdef evacuate. To"
        " drill those, give --evacuation.",
    ).in_(lang)


def clock(t_s: float) -> str:
    """Return seconds after the start as ``h:mm``."""
    minutes = int(t_s // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _facts(result: DrillResult, lang: Lang) -> Table:
    zh = lang == "zh"
    rows = [
        ("单位" if zh else "street", result.street.in_(lang)),
        ("检验预案" if zh else "plan tested", f"{result.plan_name.in_(lang)}（{result.plan_version}）" if zh else f"{result.plan_name.in_(lang)} ({result.plan_version})"),
        ("响应级别" if zh else "response level", LEVELS[result.level - 1] if zh else str(result.level)),
        ("开始时间" if zh else "start", f"{result.start[:16].replace('T', ' ')}（{DAY_PARTS[result.day_part].zh}）" if zh else f"{result.start[:16].replace('T', ' ')} ({DAY_PARTS[result.day_part].en})"),
        ("历时" if zh else "length", f"{result.stopped_s / 60:.0f} 分钟" if zh else f"{result.stopped_s / 60:.0f} min"),
        ("总体评定" if zh else "overall grade", GRADES[result.grade].in_(lang)),
    ]  # fmt: skip
    return Table(("项目", "内容") if zh else ("item", "details"), rows)


def _first_failure(result: DrillResult, lang: Lang) -> list[Block]:
    first = result.first_failure
    if first is None:
        return []
    where = ", ".join(
        x
        for x in (
            f"{first.file}:{first.line}" if first.file and first.line else first.file or "",
            first.text or "",
        )
        if x
    )
    if lang == "zh":
        clause = f"第 {first.clause} 条" if first.clause else first.name.zh
        return [
            Quote(
                (
                    Strong(f"最先落空的条款：{clause}"),
                    f"{first.message.zh}（开始后 {first.t_s / 60:.0f} 分钟）。",
                    ("出处：", Code(where)),
                )
            )
        ]
    clause = f"clause {first.clause}" if first.clause else first.name.en
    return [
        Quote(
            (
                Strong(f"The first clause that failed: {clause}"),
                f"{first.message.en} ({first.t_s / 60:.0f} min after the start).",
                ("Written in ", Code(where)),
            )
        )
    ]


def _objectives(result: DrillResult, lang: Lang) -> Table:
    zh = lang == "zh"
    head = (
        ("目标", "条款", "指标", "目标值", "限度", "实测", "评定", "说明")
        if zh
        else ("objective", "clause", "measure", "target", "limit", "measured", "rating", "why")
    )
    rows = [
        (
            o.name.in_(lang),
            o.clause or "–",
            MEASURES[o.measure].label.in_(lang),
            bound(o, o.target).in_(lang),
            bound(o, o.limit).in_(lang),
            measured(o).in_(lang),
            Rated(o.rating, MEANING[o.rating].in_(lang)),
            o.why.in_(lang),
        )
        for o in result.objectives
    ]
    return Table(head, rows, numbers=(3, 4, 5))


def bound(outcome: ObjectiveOutcome, value: float) -> Text:
    """Say a target or limit with its direction."""
    sign = "≤" if outcome.better == "less" else "≥"
    return Text("{s} {v}", "{s} {v}").format(s=sign, v=with_unit(value, outcome.unit))


def _reviews(result: DrillResult, lang: Lang) -> list[Block]:
    zh = lang == "zh"
    names = {o.id: o for o in result.objectives}
    out: list[Block] = []
    for review in result.report.reviews:
        outcome = names[review.objective]
        out.append(Heading(3, f"{outcome.name.in_(lang)}（{outcome.rating}）" if zh else f"{outcome.name.in_(lang)} ({outcome.rating})"))  # fmt: skip
        if review.strengths:
            out.append(Paragraph(Strong("做得好的地方" if zh else "Strengths")))
            out.append(Items([s.in_(lang) for s in review.strengths]))
        if review.improvements:
            out.append(Paragraph(Strong("需要改进的地方" if zh else "Areas for improvement")))
            items = []
            for finding in review.improvements:
                clause = f"第 {finding.reference} 条" if zh else f"clause {finding.reference}"
                below = (
                    *((("依据：" if zh else "reference: ") + clause,) if finding.reference else ()),
                    ("原因：" if zh else "analysis: ") + finding.analysis.in_(lang),
                )
                items.append(Item(finding.observation.in_(lang), below))
            out.append(Items(items, numbered=True))
    return out


def _improvements(rows: list[Improvement], lang: Lang) -> Block:
    if not rows:
        return Paragraph("没有需要改进的事项。" if lang == "zh" else "Nothing to improve.")
    head = (
        ("序号", "问题", "整改措施", "要素", "责任", "完成期限", "条款")
        if lang == "zh"
        else ("no.", "issue", "corrective action", "element", "owner", "due", "clause")
    )
    return Table(
        head,
        [
            (
                str(k),
                r.issue.in_(lang),
                r.action.in_(lang),
                ELEMENTS[r.element].in_(lang),
                r.owner_name.in_(lang),
                r.due,
                r.clause or "–",
            )
            for k, r in enumerate(rows, start=1)
        ],
    )


def _tasks(result: DrillResult, lang: Lang) -> list[Block]:
    zh = lang == "zh"
    head = (
        ("任务", "条款", "开始", "完成", "时限", "结果")
        if zh
        else ("task", "clause", "started", "done", "due", "outcome")
    )
    rows = []
    for task in result.tasks:
        said = STATUS[task.status].in_(lang)
        if task.late_min is not None:
            said += f"，迟 {task.late_min:.0f} 分钟" if zh else f", {task.late_min:.0f} min late"
        if task.note is not None:
            said += ("：" if zh else ": ") + task.note.in_(lang)
        rows.append(
            (
                task.name.in_(lang),
                task.clause or "–",
                _number(task.started_min),
                _number(task.done_min),
                _number(task.due_min),
                said,
            )
        )
    note = (
        "时间为开始后的分钟数；时限自预案启动时起算。"
        if zh
        else "Minutes after the start; times due count from activation."
    )
    return [Paragraph(note), Table(head, rows, numbers=(2, 3, 4))]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _people(result: DrillResult, lang: Lang) -> list[Block]:
    zh = lang == "zh"
    people = result.people
    assert people is not None
    out: list[Block] = [Table(
        ("社区", "应疏散（人）", "通知到（人）", "已到达（人）", "95%到达（分钟）")
        if zh
        else ("community", "to be moved", "told", "in shelters", "95% arrived [min]"),
        [
            (
                c.name.in_(lang),
                f"{c.persons:,}",
                f"{c.warned_persons:,}",
                f"{c.arrived_persons:,}",
                _number(c.p95_arrival_min),
            )
            for c in result.communities
        ],
        numbers=(1, 2, 3, 4),
    ), Table(
        ("避难场所", "容量（人）", "收容（人）", "开放（分钟）", "首批到达（分钟）", "门外等候（人）")
        if zh
        else ("shelter", "places", "people", "open [min]", "first arrival [min]", "waited outside"),
        [
            (
                s.name.in_(lang),
                f"{s.places:,}",
                f"{s.persons:,}",
                ("未开放" if zh else "never") if s.opened_min is None else f"{s.opened_min:.0f}",
                _number(s.first_arrival_min),
                f"{s.waited_persons:,}",
            )
            for s in result.shelters
        ],
        numbers=(1, 2, 3, 4, 5),
    )]  # fmt: skip
    if people.left_over:
        total: dict[str, tuple[Both, int]] = {}
        for row in people.left_over:
            total[row.reason] = (row.message, total.get(row.reason, (row.message, 0))[1] + row.persons)
        out.append(
            Paragraph("未到达避难场所的人员：" if zh else "People who were not in a shelter at the end:")
        )
        out.append(
            Table(
                ("原因", "人数") if zh else ("reason", "people"),
                [(message.in_(lang), f"{n:,}") for message, n in total.values()],
                numbers=(1,),
            )
        )
    return out
