"""AUD001: the settings name a rule that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.source import Path
from civdef.text import Text

RULE = Rule(
    code="AUD001",
    name="audit.unknown-rule-in-settings",
    severity="warning",
    profile="basic",
    title=Text("设置中写了不存在的检查项", "The settings name a rule that does not exist"),
    why=Text(
        "写错的编号不起作用：以为停用了的仍在检查，以为调整了的没有调整。",
        "A mistyped code does nothing: what was to be switched off still runs, what was to be graver is not.",
    ),
    fix=Text(
        "运行 civdef explain 查看全部编号和名称，改正或删去这一项。",
        "Run civdef explain for all codes and names; correct the entry or delete it.",
    ),
    wrong='[audit]\ndisable = ["ORG999"]',
    right='[audit]\ndisable = ["ORG004"]',
    sources=(CIVDEF.whole,),
    needs=("run",),
    settings=("audit.disable", "audit.severity"),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every name in ``audit.disable`` and ``audit.severity`` that no rule has."""
    settings = audit.workspace.settings.audit
    named: list[tuple[Path, str]] = [
        *((("audit", "disable", i), name) for i, name in enumerate(settings.disable)),
        *((("audit", "severity", name), name) for name in sorted(settings.severity)),
    ]
    rules = audit.run.rules
    for path, name in named:
        if rules.code(name) is not None:
            continue
        near = rules.nearest(name)
        fix = Text(f"是否想写 {near}？", f"Did you mean {near}?") if near else RULE.fix
        yield Hit(
            "settings",
            path,
            Text("没有名为 {n} 的检查项", "There is no rule named {n}").format(n=name),
            fix,
        )
