"""What the audit found: by severity, and the gravest in full."""

from __future__ import annotations

from civdef.audit.result import Finding
from civdef.audit.rule import SEVERITIES, Severity
from civdef.render.html import Html, join, tag
from civdef.render.summary import Card, DemoSummary
from civdef.text import Lang, Text

KEY = "findings"
TITLE = Text("预案审查", "Audit of the plans")
ORDER = 20

MOST = 8
"""Findings told in full on the page."""

SEVERITY: dict[Severity, Text] = {
    "error": Text("错误", "errors"),
    "warning": Text("警告", "warnings"),
    "info": Text("提示", "remarks"),
}


def card(summary: DemoSummary, lang: Lang) -> Card | None:
    """Return the number of errors and warnings."""
    if summary.audit is None:
        return None
    counts = summary.audit.counts
    return Card(
        Text("审查发现", "Audit findings"),
        Text(f"{len(summary.audit.findings)} 条", f"{len(summary.audit.findings)}"),
        Text(f"错误 {counts['error']}，警告 {counts['warning']}", f"{counts['error']} errors, {counts['warning']} warnings"),
        "bad" if counts["error"] else "fair" if counts["warning"] else "good",
    )  # fmt: skip


def build(summary: DemoSummary, lang: Lang) -> Html | None:
    """Return counts and the gravest findings with place and fix."""
    audit = summary.audit
    if audit is None:
        return None
    said = Text(
        f"运行检查项 {len(audit.run)} 条："
        + "，".join(f"{SEVERITY[s].zh} {n} 条" for s, n in audit.counts.items())
        + "。",
        f"{len(audit.run)} rules ran: "
        + ", ".join(f"{n} {SEVERITY[s].en}" for s, n in audit.counts.items())
        + ".",
    )
    worst = sorted(audit.findings, key=lambda f: (SEVERITIES.index(f.severity), f.order))
    pieces = [tag("p", said.in_(lang))]
    if worst:
        pieces.append(tag("ol", *(_finding(f, lang) for f in worst[:MOST]), class_="findings"))
    if len(worst) > MOST:
        more = len(worst) - MOST
        pieces.append(
            tag(
                "p",
                Text(
                    f"另有 {more} 条：运行 civdef audit 查看全部。",
                    f"{more} more: civdef audit lists them all.",
                ).in_(lang),
                class_="quiet",
            )
        )
    return join(pieces)


def _finding(finding: Finding, lang: Lang) -> Html:
    return tag(
        "li",
        tag("span", finding.code, class_=f"code {finding.severity}"),
        tag("span", finding.message.in_(lang), class_="what"),
        tag("span", str(finding.place), class_="where"),
        tag("span", Text("整改：", "Fix: ").in_(lang) + finding.fix.in_(lang), class_="fix"),
    )
