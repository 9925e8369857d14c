"""What there is to say of one rule: what it finds, why, on what it rests, an example, how to mend, how to switch off."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from civdef.audit.catalogue import Catalogue, Entry
from civdef.audit.formats.text import WORDS
from civdef.audit.rule import FAMILIES, Profile, Severity
from civdef.audit.runner import ALWAYS, disabled, severity
from civdef.model.settings import AuditSettings
from civdef.result import Record, Result
from civdef.text import Lang, Text


class RuleRecord(Record):
    """A rule as data; sentences are in the language of the run."""

    code: str
    name: str
    family: str
    severity: Severity = Field(description="as it counts here, after the settings")
    default_severity: Severity
    profile: Profile = Field(description="first profile that holds it")
    enabled: bool = Field(description="whether the settings let it run")
    title: str
    why: str
    fix: str
    wrong: str = Field(description="short example of the fault")
    right: str = Field(description="the same, mended")
    sources: list[str]
    settings: list[str] = Field(description="keys of civdef.toml that it obeys")


class ExplainResult(Result):
    """What ``civdef explain`` says."""

    SCHEMA: ClassVar[str] = "civdef.explain/1"

    lang: Lang
    rules: list[RuleRecord]


def explain(rules: Catalogue, settings: AuditSettings, entries: list[Entry], lang: Lang) -> ExplainResult:
    """Return the rules of `entries` as data."""
    off = disabled(rules, settings)
    return ExplainResult(
        lang=lang,
        rules=[
            RuleRecord(
                code=e.rule.code,
                name=e.rule.name,
                family=FAMILIES[e.rule.family].in_(lang),
                severity=severity(e.rule, settings),
                default_severity=e.rule.severity,
                profile=e.rule.profile,
                enabled=e.rule.code in ALWAYS
                or (e.rule.code not in off and e.rule.in_profile(settings.profile)),
                title=e.rule.title.in_(lang),
                why=e.rule.why.in_(lang),
                fix=e.rule.fix.in_(lang),
                wrong=e.rule.wrong,
                right=e.rule.right,
                sources=[s.text.in_(lang) for s in e.rule.sources],
                settings=list(e.rule.settings),
            )
            for e in entries
        ],
    )


def page(rule: RuleRecord, lang: Lang) -> str:
    """Return one rule as a page for the terminal."""
    zh = lang == "zh"
    labels = ("为什么：", "依据：", "错误写法：", "正确写法：", "怎么改：", "相关设置：", "怎么停用：")
    if not zh:
        labels = ("Why:", "Basis:", "Wrong:", "Right:", "How to mend:", "Settings:", "How to switch off:")
    word = WORDS[rule.severity].in_(lang)
    facts = (
        f"{rule.family}；{word}；{rule.profile} 档起检查"
        if zh
        else f"{rule.family}; {word}; from profile {rule.profile}"
    )
    if not rule.enabled:
        facts += "；在本工作区不运行" if zh else "; does not run in this workspace"
    off = (
        Text(
            "不能停用：没有查完的，不能当作没有问题。",
            "It cannot be: what was not judged is not the same as good.",
        ).in_(lang)
        if rule.code in ALWAYS
        else f'[audit]\ndisable = ["{rule.code}"]'
    )
    parts = [
        f"{rule.code}  {rule.name}",
        rule.title,
        facts,
        *_section(labels[0], rule.why),
        *_section(labels[1], "\n".join(rule.sources)),
        *_section(labels[2], rule.wrong),
        *(_section(labels[3], rule.right) if rule.right else ()),
        *_section(labels[4], rule.fix),
        *(_section(labels[5], "\n".join(rule.settings)) if rule.settings else ()),
        *_section(labels[6], off),
    ]
    return "\n".join(parts)


def _section(label: str, body: str) -> list[str]:
    return ["", label, *(f"    {line}" for line in body.splitlines())]


def rules_page(rules: Catalogue, lang: Lang) -> str:
    """Return the index of all rules in Markdown, for ``docs/rules.md``: one table for each family."""
    zh = lang == "zh"
    head = (
        "| 编号 | 名称 | 级别 | 档 | 发现什么 | 依据 |"
        if zh
        else "| code | name | severity | profile | what it finds | basis |"
    )
    lines: list[str] = []
    for family, title in FAMILIES.items():
        entries = [e for e in rules if e.rule.family == family]
        if not entries:
            continue
        lines += [f"### {family} {title.in_(lang)}", "", head, "|---|---|---|---|---|---|"]
        for entry in entries:
            rule = entry.rule
            cells = (
                rule.code,
                f"`{rule.name}`",
                WORDS[rule.severity].in_(lang),
                rule.profile,
                rule.title.in_(lang),
                "<br>".join(s.text.in_(lang) for s in rule.sources),
            )
            lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
        lines.append("")
    return "\n".join(lines)
