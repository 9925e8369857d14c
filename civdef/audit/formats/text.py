"""For people: findings by file, how to mend each, and what was not looked at. No character that GBK lacks."""

from __future__ import annotations

from civdef.audit.result import Audit, Finding
from civdef.audit.rule import Severity
from civdef.text import Lang, Text, listing

WORDS: dict[Severity, Text] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "info": Text("提示", "note"),
}


def render(audit: Audit, lang: Lang) -> str:
    """Return the report; it ends with the count, so that the last line on the screen says how things stand."""
    lines: list[str] = []
    file = None
    for finding in audit.findings:
        if finding.place.file != file:
            lines += ["", finding.place.file] if lines else [finding.place.file]
            file = finding.place.file
        lines += _finding(finding, lang)
    if lines:
        lines.append("")
    lines += [text.in_(lang) for text in _summary(audit)]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, lang: Lang) -> list[str]:
    place = finding.place
    spot = ":".join(str(n) for n in (place.line, place.column) if n is not None) or "-"
    word = WORDS[finding.severity].in_(lang)
    detail = place.detail.in_(lang)
    where = (f"（{detail}）" if lang == "zh" else f" ({detail})") if detail and place.column is None else ""
    fix, basis = ("改法：", "依据：") if lang == "zh" else ("fix: ", "basis: ")
    separator = "；" if lang == "zh" else "; "
    return [
        f"  {spot:<8} {word} {finding.code} {finding.message.in_(lang)}{where}",
        f"           {fix}{finding.fix.in_(lang)}",
        f"           {basis}{separator.join(s.text.in_(lang) for s in finding.sources)}",
    ]


def _summary(audit: Audit) -> list[Text]:
    found: list[Text] = []
    switched = [c for c, r in audit.off.items() if r == "settings"]
    higher = [c for c, r in audit.off.items() if r == "profile"]
    others = [c for c, r in audit.off.items() if r == "only"]
    if audit.outside:
        found.append(
            Text(
                "另有 {n} 个问题与所选预案无关，未列出。",
                "{n} findings that do not concern the plans asked for are left out.",
            ).format(n=audit.outside)
        )
    if switched:
        found.append(
            Text("设置中停用的检查项：{c}。", "Switched off by the settings: {c}.").format(
                c=listing(switched, 12)
            )
        )
    if higher:
        found.append(
            Text(
                "{p} 档不含的检查项：{c}（用 --profile full 全部运行）。",
                "Not in profile {p}: {c} (--profile full runs all).",
            ).format(p=audit.profile, c=listing(higher, 12))
        )
    if others:
        found.append(
            Text("按 --only 只运行了 {n} 项检查。", "Because of --only, {n} rules ran.").format(
                n=len(audit.run)
            )
        )
    counts = audit.counts
    if audit.findings:
        found.append(
            Text(
                "运行 {r} 项检查，发现 {e} 个错误、{w} 个警告、{i} 个提示。civdef explain 编号 可看原因和改法。",
                "{r} rules ran: errors {e}, warnings {w}, notes {i}. civdef explain CODE says why and how to mend.",
            ).format(r=len(audit.run), e=counts["error"], w=counts["warning"], i=counts["info"])
        )
    else:
        found.append(
            Text("运行 {r} 项检查，没有发现问题。", "{r} rules ran and found nothing.").format(
                r=len(audit.run)
            )
        )
    return found
